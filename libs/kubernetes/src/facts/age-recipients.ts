import { createPrivateKey, createPublicKey } from 'node:crypto';

const CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const SECRET_KEY = /^AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}$/;
/** PKCS #8 of an X25519 key (RFC 8410), without its 32 bytes. */
const PKCS8_X25519 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const MAX_LINES = 1_000;

/**
 * The recipients (`age1…`) of the identities in an age key file: the public half of each X25519 key
 * (https://age-encryption.org/v1). Identities of other kinds, and lines that are none, are passed over.
 */
export function ageRecipients(text: string): readonly string[] {
  const lines = text.split(/\r?\n/, MAX_LINES).map((line) => line.trim());
  const found = lines.filter((line) => SECRET_KEY.test(line)).flatMap((line) => recipientOf(line) ?? []);
  return [...new Set(found)].toSorted();
}

function recipientOf(identity: string): string | undefined {
  const seed = bech32Decode(identity.toLowerCase(), 'age-secret-key-');
  if (seed?.length !== 32) return undefined;
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_X25519, seed]), format: 'der', type: 'pkcs8' });
  seed.fill(0);
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return x === undefined ? undefined : bech32Encode('age', Buffer.from(x, 'base64url'));
}

// Bech32 as in BIP 173, without its limit of 90 characters, which age does not have.

function bech32Decode(text: string, prefix: string): Buffer | undefined {
  if (!text.startsWith(`${prefix}1`)) return undefined;
  const values = Array.from(text.slice(prefix.length + 1), (character) => CHARSET.indexOf(character));
  if (values.includes(-1) || polymod([...expanded(prefix), ...values]) !== 1) return undefined;
  const bytes = regroup(values.slice(0, -6), 5, 8);
  // What is left over must be less than a group, and zero.
  const rest = (values.length - 6) * 5 - bytes.length * 8;
  const last = values.at(-7) ?? 0;
  return rest < 5 && (last & ((1 << rest) - 1)) === 0 ? Buffer.from(bytes) : undefined;
}

function bech32Encode(prefix: string, bytes: Buffer): string {
  const data = regroup([...bytes, 0], 8, 5).slice(0, Math.ceil((bytes.length * 8) / 5));
  const sum = polymod([...expanded(prefix), ...data, 0, 0, 0, 0, 0, 0]) ^ 1;
  const checksum = [0, 1, 2, 3, 4, 5].map((i) => (sum >> (5 * (5 - i))) & 31);
  return `${prefix}1${[...data, ...checksum].map((value) => CHARSET[value]).join('')}`;
}

function expanded(prefix: string): readonly number[] {
  const codes = [...Buffer.from(prefix, 'ascii')];
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function polymod(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [i, generator] of GENERATOR.entries()) if ((top >> i) & 1) sum ^= generator;
  }
  return sum >>> 0;
}

/** Groups of `from` bits as groups of `to` bits; what does not fill a group is left out. */
function regroup(values: readonly number[], from: number, to: number): readonly number[] {
  const groups: number[] = [];
  let pending = 0;
  let bits = 0;
  for (const value of values) {
    pending = (pending << from) | value;
    bits += from;
    while (bits >= to) {
      bits -= to;
      groups.push((pending >> bits) & ((1 << to) - 1));
    }
    pending &= (1 << bits) - 1;
  }
  return groups;
}
