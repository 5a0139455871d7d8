import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ranges that Linux (32768) and macOS (49152) take outgoing ports from: a port found free here is not
 * handed to some connection before the program that it is meant for has bound it.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** Ports of 127.0.0.1 that are free now, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let tries = 0; found.size < count; tries += 1) {
    if (tries > 1_000) throw new Error(`No ${count} free ports found between ${LOWEST} and ${HIGHEST} on 127.0.0.1.`);
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
