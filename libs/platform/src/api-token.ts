import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** `pat`: a person's token. `sat`: a service account's. */
export type ApiTokenKind = 'pat' | 'sat';

export interface NewApiToken {
  /** Shown once, never stored. */
  readonly token: string;
  /** Found in the token and in the row; not secret. */
  readonly publicId: string;
  readonly hash: string;
}

export interface ParsedApiToken {
  readonly kind: ApiTokenKind;
  readonly publicId: string;
  /** To be compared with the stored one by `sameHash`. */
  readonly hash: string;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PUBLIC_ID_LENGTH = 12;
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const TOKEN = /^plm_(pat|sat)_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

function base62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n) text = BASE62.charAt(Number(rest % 62n)) + text;
  return text;
}

/** 256 random bits fit 43 base-62 digits: no `-` or `_`, so a double click selects the whole secret. */
function randomBase62(bytes: number, length: number): string {
  return base62(BigInt(`0x${randomBytes(bytes).toString('hex')}`), length);
}

const checksum = (text: string) => base62(BigInt(crc32(text)), CHECKSUM_LENGTH);

/**
 * SHA-256, in hex. Enough for tokens, since they carry 256 random bits: there is nothing to guess that a slow hash
 * would slow down.
 */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Compares two hashes in constant time; false where their lengths differ. */
export function sameHash(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** A new token `plm_<kind>_<publicId>_<secret><checksum>`; secret scanners recognise it by prefix and checksum. */
export function newApiToken(kind: ApiTokenKind): NewApiToken {
  const publicId = randomBase62(8, PUBLIC_ID_LENGTH);
  const body = `plm_${kind}_${publicId}_${randomBase62(32, SECRET_LENGTH)}`;
  const token = body + checksum(body);
  return { token, publicId, hash: hashToken(token) };
}

/** Reads a token; null where its form or checksum is wrong, so that typing errors never reach the database. */
export function parseApiToken(token: string): ParsedApiToken | null {
  const match = TOKEN.exec(token);
  if (!match) return null;
  const body = token.slice(0, -CHECKSUM_LENGTH);
  if (checksum(body) !== token.slice(-CHECKSUM_LENGTH)) return null;
  return { kind: match[1] === 'sat' ? 'sat' : 'pat', publicId: match[2] ?? '', hash: hashToken(token) };
}

/** For sessions and one-time links: 256 random bits and the hash to store. */
export function newSecret(): { readonly secret: string; readonly hash: string } {
  const secret = randomBase62(32, SECRET_LENGTH);
  return { secret, hash: hashToken(secret) };
}
