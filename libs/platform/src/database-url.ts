import { readFileSync } from 'node:fs';

/**
 * The database URL with the password that a file holds, as container platforms hand secrets over. A password that is
 * already in the URL is replaced.
 * @throws {Error} one sentence, naming the setting, where the file cannot be used
 */
export function databaseUrlWith(url: string, passwordFile: string): string {
  let password: string;
  try {
    password = readFileSync(passwordFile, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`PLIMSOLL_DATABASE_PASSWORD_FILE cannot be read (${code ?? 'unknown error'}).`, { cause: error });
  }
  if (password === '') throw new Error('PLIMSOLL_DATABASE_PASSWORD_FILE is empty.');
  const parsed = new URL(url);
  parsed.password = encodeURIComponent(password);
  return parsed.href;
}
