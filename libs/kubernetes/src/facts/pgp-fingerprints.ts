import { createHash } from 'node:crypto';

const BEGIN = '-----BEGIN PGP PRIVATE KEY BLOCK-----';
const END = '-----END PGP PRIVATE KEY BLOCK-----';
const SECRET_KEY = 5;
const SECRET_SUBKEY = 7;
const MAX_KEYS = 100;

/** Something is not as RFC 9580 writes it. */
class Broken extends Error {}

/**
 * Fingerprints, in upper-case hex, of the private keys and subkeys (version 4) in an armoured OpenPGP file. They are made of
 * the public part of each key alone (RFC 9580, 5.5.4.2), which stands before the private one. What cannot be read is passed
 * over.
 */
export function pgpFingerprints(text: string): readonly string[] {
  const blocks = text
    .split(BEGIN, MAX_KEYS + 1)
    .slice(1)
    .filter((block) => block.includes(END));
  const found = blocks.flatMap((block) => {
    const bytes = bytesOf(block.slice(0, block.indexOf(END)));
    try {
      return [...keyPackets(bytes)].slice(0, MAX_KEYS).flatMap((body) => fingerprintOf(body) ?? []);
    } catch (error) {
      if (error instanceof Broken) return [];
      throw error;
    }
  });
  return [...new Set(found)].toSorted();
}

/** What stands between the headers, which end with an empty line, and the checksum. */
function bytesOf(block: string): Buffer {
  // The first line is what is left of the line that begins the armour.
  const lines = block.split(/\r?\n/).slice(1);
  const data = lines.slice(lines.findIndex((line) => line.trim() === '') + 1).filter((line) => !line.startsWith('='));
  return Buffer.from(data.join(''), 'base64');
}

/** Bodies of the packets that hold private keys (RFC 9580, 4.2). */
function* keyPackets(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length;) {
    const first = byteAt(bytes, at);
    if ((first & 0x80) === 0) throw new Broken();
    const isNew = (first & 0x40) !== 0;
    const tag = isNew ? first & 0x3f : (first >> 2) & 0x0f;
    const { length, start } = isNew ? newLength(bytes, at + 1) : oldLength(bytes, at + 1, first & 3);
    if (start + length > bytes.length) throw new Broken();
    if (tag === SECRET_KEY || tag === SECRET_SUBKEY) yield bytes.subarray(start, start + length);
    at = start + length;
  }
}

function newLength(bytes: Buffer, at: number): { length: number; start: number } {
  const first = byteAt(bytes, at);
  if (first < 192) return { length: first, start: at + 1 };
  if (first < 224) return { length: ((first - 192) << 8) + byteAt(bytes, at + 1) + 192, start: at + 2 };
  // Keys are never sent in parts.
  if (first < 255) throw new Broken();
  return { length: numberAt(bytes, at + 1, 4), start: at + 5 };
}

function oldLength(bytes: Buffer, at: number, type: number): { length: number; start: number } {
  if (type === 3) throw new Broken();
  const size = 2 ** type;
  return { length: numberAt(bytes, at, size), start: at + size };
}

function fingerprintOf(body: Buffer): string | undefined {
  if (byteAt(body, 0) !== 4) return undefined;
  const end = publicEnd(body);
  if (end === undefined) return undefined;
  if (end > body.length) throw new Broken();
  const head = Buffer.from([0x99, end >> 8, end & 0xff]);
  return createHash('sha1').update(head).update(body.subarray(0, end)).digest('hex').toUpperCase();
}

/** Where the public part of a key ends, by its algorithm (RFC 9580, 9.1). Undefined for an unknown one. */
function publicEnd(body: Buffer): number | undefined {
  const start = 6;
  switch (byteAt(body, 5)) {
    case 1:
    case 2:
    case 3:
      return afterIntegers(body, start, 2);
    case 16:
      return afterIntegers(body, start, 3);
    case 17:
      return afterIntegers(body, start, 4);
    case 18:
      return afterField(body, afterIntegers(body, afterField(body, start), 1));
    case 19:
    case 22:
      return afterIntegers(body, afterField(body, start), 1);
    case 25:
    case 27:
      return start + 32;
    case 26:
      return start + 56;
    case 28:
      return start + 57;
    default:
      return undefined;
  }
}

/** Multiprecision integers begin with their length in bits. */
function afterIntegers(body: Buffer, at: number, count: number): number {
  let end = at;
  for (let i = 0; i < count; i += 1) end += 2 + Math.ceil(numberAt(body, end, 2) / 8);
  return end;
}

function afterField(body: Buffer, at: number): number {
  return at + 1 + byteAt(body, at);
}

function byteAt(bytes: Buffer, at: number): number {
  return numberAt(bytes, at, 1);
}

function numberAt(bytes: Buffer, at: number, size: number): number {
  if (at + size > bytes.length) throw new Broken();
  return bytes.readUIntBE(at, size);
}
