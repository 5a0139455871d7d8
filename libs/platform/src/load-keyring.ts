import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigError, type Config } from './config.js';
import { Keyring } from './keyring.js';

type KeySettings = Pick<Config, 'masterKey' | 'masterKeyFile' | 'masterKeyId' | 'databaseUrl' | 'dataDir'>;

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError([`PLIMSOLL_MASTER_KEY_FILE cannot be read (${code ?? 'unknown error'}).`]);
  }
}

/** The key of an embedded installation, made on its first start. Losing this file loses all stored credentials. */
function ownKey(dataDir: string): string {
  const file = path.join(dataDir, 'master.key');
  mkdirSync(dataDir, { recursive: true });
  try {
    // `wx` makes one of several processes that start at once the author; the others read what it wrote.
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}

/**
 * The keyring that a process seals and opens secrets with: from the environment, from a file, or, where the database
 * is embedded too, from `master.key` in the data folder.
 * @throws {ConfigError} where no key is given although the database is an external one
 */
export function loadKeyring(config: KeySettings): Keyring {
  let text = config.masterKey;
  if (text === undefined && config.masterKeyFile !== undefined) text = readKeyFile(config.masterKeyFile);
  if (text === undefined && config.databaseUrl === undefined) text = ownKey(config.dataDir);
  if (text === undefined) {
    throw new ConfigError([
      'PLIMSOLL_MASTER_KEY or PLIMSOLL_MASTER_KEY_FILE must be set where DATABASE_URL is; make a key with: openssl rand -base64 32.',
    ]);
  }
  const key = Buffer.from(text, 'base64');
  if (key.length !== 32) throw new ConfigError(['The master key must be exactly 32 bytes in base64.']);
  return new Keyring(new Map([[config.masterKeyId, key]]), config.masterKeyId);
}
