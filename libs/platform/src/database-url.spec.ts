import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from './config.js';

const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-password-'));
const file = (text: string) => {
  const name = path.join(folder, 'password');
  writeFileSync(name, text);
  return name;
};
afterAll(() => rmSync(folder, { recursive: true }));

describe('PLIMSOLL_DATABASE_PASSWORD_FILE', () => {
  it.each([
    ['s3cret\n', 's3cret'],
    ['s3cret', 's3cret'],
    ['p@ss/w:rd %41', 'p@ss/w:rd %41'],
    [' spaces kept \r\n', ' spaces kept '],
  ])('puts %j into the URL', (text, password) => {
    const { databaseUrl = '' } = loadConfig({
      DATABASE_URL: 'postgres://plimsoll@db:5432/plimsoll?sslmode=require',
      PLIMSOLL_DATABASE_PASSWORD_FILE: file(text),
    });
    const url = new URL(databaseUrl);
    expect(decodeURIComponent(url.password)).toBe(password);
    expect([url.username, url.host, url.pathname, url.search]).toEqual([
      'plimsoll',
      'db:5432',
      '/plimsoll',
      '?sslmode=require',
    ]);
  });

  it('refuses an empty file', () => {
    const env = { DATABASE_URL: 'postgres://a@b/c', PLIMSOLL_DATABASE_PASSWORD_FILE: file('') };
    expect(() => loadConfig(env)).toThrow(/PLIMSOLL_DATABASE_PASSWORD_FILE is empty/);
  });

  it('refuses a missing file', () => {
    const env = { DATABASE_URL: 'postgres://a@b/c', PLIMSOLL_DATABASE_PASSWORD_FILE: path.join(folder, 'none') };
    expect(() => loadConfig(env)).toThrow(ConfigError);
    expect(() => loadConfig(env)).toThrow(/cannot be read \(ENOENT\)/);
  });

  it('refuses a password without a database', () => {
    expect(() => loadConfig({ PLIMSOLL_DATABASE_PASSWORD_FILE: file('x') })).toThrow(/needs DATABASE_URL/);
  });
});
