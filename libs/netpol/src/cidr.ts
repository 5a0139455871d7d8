interface Block {
  readonly bits: 32 | 128;
  readonly base: bigint;
  readonly prefix: number;
}

/**
 * Whether an address lies in a block such as `10.0.0.0/8` or `fd00::/8`, as Go's `net.ParseCIDR` reads them: host bits
 * of the block do not count, IPv4 inside IPv6 (`::ffff:10.0.0.1`) is IPv4, and numbers with leading zeros are refused.
 * What cannot be read contains nothing and lies nowhere.
 */
export function blockContains(cidr: string, address: string): boolean {
  const block = parseBlock(cidr);
  const found = parseAddress(address);
  if (block === undefined || found === undefined || block.bits !== found.bits) return false;
  const hostBits = BigInt(block.bits - block.prefix);
  return block.base >> hostBits === found.value >> hostBits;
}

function parseBlock(cidr: string): Block | undefined {
  const [text = '', length = '', ...more] = cidr.split('/');
  const address = parseText(text);
  if (address === undefined || more.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const prefix = Number(length);
  if (prefix > address.bits) return undefined;
  const v4 = address.bits === 128 ? unwrapped(address.value) : undefined;
  if (v4 !== undefined) return prefix < 96 ? undefined : { bits: 32, base: v4, prefix: prefix - 96 };
  return { bits: address.bits, base: address.value, prefix };
}

interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

function parseAddress(text: string): Address | undefined {
  const address = parseText(text);
  const v4 = address?.bits === 128 ? unwrapped(address.value) : undefined;
  return v4 === undefined ? address : { bits: 32, value: v4 };
}

function parseText(text: string): Address | undefined {
  const bits = text.includes(':') ? 128 : 32;
  const value = bits === 128 ? parseV6(text) : parseV4(text);
  return value === undefined ? undefined : { bits, value };
}

/** The IPv4 address inside `::ffff:0:0/96`. */
function unwrapped(value: bigint): bigint | undefined {
  return value >> 32n === 0xffffn ? value & 0xffffffffn : undefined;
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

/** RFC 4291, 2.2. */
function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const tail = groups.at(-1);
  const last = tail?.at(-1);
  if (tail !== undefined && last?.includes('.') === true) {
    const v4 = parseV4(last);
    if (v4 === undefined) return undefined;
    tail.splice(-1, 1, (v4 >> 16n).toString(16), (v4 & 0xffffn).toString(16));
  }
  const [head = [], rest] = groups;
  const missing = 8 - head.length - (rest?.length ?? 0);
  if (rest === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = rest === undefined ? head : [...head, ...Array.from({ length: missing }, () => '0'), ...rest];
  if (!all.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return all.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}
