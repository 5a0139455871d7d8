import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { TokenRepository } from '#libs/persistence';
import { newApiToken } from '#libs/platform';
import { DEFAULT_TOKEN_DAYS, inDays } from './lifetimes.js';

/** Name of the file in the data folder that holds the first token. */
export const ADMIN_TOKEN_FILE = 'admin-token';

/**
 * Makes the first admin token where no active one exists. The token is handed to `announce` and, where a folder is
 * given, written to `admin-token` there, readable by its owner only. Nobody can read it again later.
 * @returns whether a token was made
 */
export async function ensureFirstAdmin(
  tokens: TokenRepository,
  options: { readonly now: number; readonly folder?: string; readonly announce: (token: string) => void },
): Promise<boolean> {
  const { token, publicId, hash } = newApiToken('pat');
  const expiresAt = inDays(options.now, DEFAULT_TOKEN_DAYS);
  const made = await tokens.createFirstAdmin(
    { name: 'first admin', publicId, hash, expiresAt, createdBy: 'system' },
    async () => {
      if (options.folder === undefined) return;
      await mkdir(options.folder, { recursive: true });
      await writeFile(path.join(options.folder, ADMIN_TOKEN_FILE), `${token}\n`, { mode: 0o600 });
    },
  );
  if (made) options.announce(token);
  return made !== null;
}
