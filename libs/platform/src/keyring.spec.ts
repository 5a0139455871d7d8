import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from './config.js';
import { channelAad, credentialAad, Keyring, KeyringError, type Sealed } from './keyring.js';
import { loadKeyring } from './load-keyring.js';

const key = (byte: number) => Buffer.alloc(32, byte);
const ring = new Keyring(new Map([['k1', key(1)]]), 'k1');
const aad = credentialAad('crd_1', 'cls_1');

function errorOf(work: () => unknown): KeyringError | null {
  try {
    work();
  } catch (error) {
    if (error instanceof KeyringError) return error;
    throw error;
  }
  return null;
}
const codeOf = (work: () => unknown) => errorOf(work)?.code;

/** The same text with one bit of its bytes flipped. */
function flipped(base64: string, at: number): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes[at < 0 ? bytes.length + at : at] = (bytes.at(at) ?? 0) ^ 1;
  return bytes.toString('base64');
}

describe('Keyring', () => {
  it.each(['', 'token', 'ü😀', 'x'.repeat(100_000)])('opens what it sealed', (text) => {
    const sealed = ring.seal(text, aad);
    expect(JSON.stringify(sealed)).not.toContain(text === '' ? 'never' : text);
    expect(ring.open(JSON.parse(JSON.stringify(sealed)) as Sealed, aad).toString()).toBe(text);
  });

  it('never seals twice alike', () => {
    const [a, b] = [ring.seal('same', aad), ring.seal('same', aad)];
    expect([a.ct === b.ct, a.iv === b.iv, a.wrapped === b.wrapped]).toEqual([false, false, false]);
  });

  it.each<[string, (sealed: Sealed) => Sealed]>([
    ['the text', (sealed) => ({ ...sealed, ct: flipped(sealed.ct, 0) })],
    ['its tag', (sealed) => ({ ...sealed, ct: flipped(sealed.ct, -1) })],
    ['the nonce', (sealed) => ({ ...sealed, iv: flipped(sealed.iv, 0) })],
    ['the wrapped key', (sealed) => ({ ...sealed, wrapped: flipped(sealed.wrapped, 20) })],
    ['the nonce of the key', (sealed) => ({ ...sealed, wrapped: flipped(sealed.wrapped, 0) })],
    ['everything', (sealed) => ({ ...sealed, ct: '', iv: '', wrapped: '' })],
    ['half of it for that of another', (sealed) => ({ ...sealed, ct: ring.seal('other', aad).ct })],
  ])('does not open it after %s was exchanged', (_what, change) => {
    expect(codeOf(() => ring.open(change(ring.seal('secret', aad)), aad))).toBe('notAuthentic');
  });

  it('does not open it in another row', () => {
    const sealed = ring.seal('secret', aad);
    for (const other of [credentialAad('crd_1', 'cls_2'), credentialAad('crd_2', 'cls_1'), channelAad('crd_1'), '']) {
      expect(codeOf(() => ring.open(sealed, other))).toBe('notAuthentic');
    }
  });

  it('opens with older keys while the active one seals', () => {
    const old = ring.seal('secret', aad);
    const rotated = new Keyring(
      new Map([
        ['k1', key(1)],
        ['k2', key(2)],
      ]),
      'k2',
    );
    expect(rotated.open(old, aad).toString()).toBe('secret');
    expect(rotated.seal('x', aad).kid).toBe('k2');
    expect(codeOf(() => ring.open(rotated.seal('x', aad), aad))).toBe('unknownKey');
    const impostor = new Keyring(new Map([['k1', key(9)]]), 'k1');
    expect(codeOf(() => impostor.open(old, aad))).toBe('notAuthentic');
  });

  it('refuses keys that are none', () => {
    expect(codeOf(() => new Keyring(new Map([['k1', Buffer.alloc(31)]]), 'k1'))).toBe('wrongLength');
    expect(codeOf(() => new Keyring(new Map([['k1', key(1)]]), 'k2'))).toBe('noActiveKey');
    expect(codeOf(() => ring.open({ ...ring.seal('x', aad), v: 2 as 1 }, aad))).toBe('unsupportedVersion');
  });

  it('derives one key for each purpose', () => {
    expect(ring.derive('cursor')).toEqual(new Keyring(new Map([['k1', key(1)]]), 'k1').derive('cursor'));
    expect(ring.derive('cursor')).toHaveLength(32);
    expect(ring.derive('cursor')).not.toEqual(ring.derive('csrf'));
    expect(ring.derive('cursor')).not.toEqual(key(1));
  });

  it('tells nothing in its errors', () => {
    const sealed = ring.seal('canary-secret', aad);
    const refused = errorOf(() => ring.open(sealed, 'other'));
    expect(String(refused)).not.toContain('canary');
    expect(String(refused)).not.toContain(sealed.ct);
    expect(refused?.code).toBe('notAuthentic');
  });
});

describe('loadKeyring', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'plimsoll-keys-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const base = { masterKeyId: 'k1', dataDir: dir };
  const external = { ...base, databaseUrl: 'postgres://db' };
  const opens = (keyring: Keyring, other: Keyring) => keyring.open(other.seal('x', aad), aad).toString() === 'x';

  it('takes the key from the environment or from a file', () => {
    const text = key(3).toString('base64');
    const file = path.join(dir, 'given.key');
    writeFileSync(file, `${text}\n`);
    expect(
      opens(loadKeyring({ ...external, masterKey: text }), loadKeyring({ ...external, masterKeyFile: file })),
    ).toBe(true);
  });

  it('makes its own where the database is its own too, once', () => {
    const dataDir = path.join(dir, 'fresh', 'deep');
    const first = loadKeyring({ ...base, dataDir });
    expect(opens(first, loadKeyring({ ...base, dataDir }))).toBe(true);
    const file = path.join(dataDir, 'master.key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(Buffer.from(readFileSync(file, 'utf8'), 'base64')).toHaveLength(32);
  });

  it.each([
    [external, /PLIMSOLL_MASTER_KEY or PLIMSOLL_MASTER_KEY_FILE must be set/],
    [{ ...external, masterKeyFile: path.join(dir, 'none') }, /PLIMSOLL_MASTER_KEY_FILE cannot be read \(ENOENT\)/],
    [{ ...external, masterKey: 'c2hvcnQ=' }, /exactly 32 bytes/],
  ])('refuses %#', (settings, message) => {
    expect(() => loadKeyring(settings)).toThrow(ConfigError);
    expect(() => loadKeyring(settings)).toThrow(message);
  });
});
