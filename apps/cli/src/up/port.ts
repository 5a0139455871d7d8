import { createServer } from 'node:net';
import type { ListenAddress } from '#libs/platform';
import { CliError, ExitCode } from '../exit-codes.js';

/** Finds out before anything is started. */
export async function assertPortFree({ host, port }: ListenAddress): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(
      ExitCode.usage,
      code === 'EADDRINUSE'
        ? `Something listens on ${host}:${port} already.`
        : `This machine cannot listen on ${host}:${port} (${code}).`,
      'Stop it, or choose another address: PLIMSOLL_LISTEN=127.0.0.1:3001 npm start',
    );
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
