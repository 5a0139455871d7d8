import type { PolicyPeer } from '#libs/core';

type Block = NonNullable<PolicyPeer['ipBlock']>;
/** First and last address. */
type Range = readonly [bigint, bigint];

/**
 * Whether blocks together hold every address of IPv4 or of IPv6. Exceptions do not count, unless nothing is left of
 * their block: pods and nodes that no exception names are let through all the same.
 * https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
 */
export function holdEveryAddress(blocks: readonly Block[]): boolean {
  return [32, 128].some((bits) =>
    coversAll(
      blocks.flatMap((block) => {
        const range = rangeOf(block.cidr, bits);
        if (!range) return [];
        const excepted = (block.except ?? []).flatMap((cidr) => {
          const found = rangeOf(cidr, bits);
          return found ? [found] : [];
        });
        return covers(excepted, range) ? [] : [range];
      }),
      bits,
    ),
  );
}

function coversAll(ranges: readonly Range[], bits: number): boolean {
  return covers(ranges, [0n, (1n << BigInt(bits)) - 1n]);
}

/** Whether ranges together hold all of another one. */
export function covers(ranges: readonly Range[], [first, last]: Range): boolean {
  let next = first;
  for (const [start, end] of ranges.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
    if (next > last || start > next) break;
    if (end >= next) next = end + 1n;
  }
  return next > last;
}

function rangeOf(cidr: string, bits: number): Range | undefined {
  const [text = '', length = ''] = cidr.split('/');
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (text.includes(':') !== (bits === 128) || !(prefix <= bits)) return undefined;
  const address = bits === 128 ? valueOfV6(text) : valueOfV4(text);
  if (address === undefined) return undefined;
  const host = BigInt(bits - prefix);
  const first = (address >> host) << host;
  return [first, first + (1n << host) - 1n];
}

function valueOfV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

/** RFC 4291, 2.2; without those that end in an IPv4 address, which cannot be large blocks. */
function valueOfV6(text: string): bigint | undefined {
  const [head = '', tail, ...more] = text.split('::');
  const groups = (half: string): readonly string[] => (half === '' ? [] : half.split(':'));
  const [left, right] = [groups(head), groups(tail ?? '')];
  const missing = 8 - left.length - right.length;
  if (more.length > 0 || (tail === undefined ? missing !== 0 : missing < 1)) return undefined;
  const all = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  if (!all.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return all.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}
