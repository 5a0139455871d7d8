const NANOSECONDS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n, // U+00B5 micro sign
  μs: 1_000n, // U+03BC Greek mu
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const PART = /^(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/;
const LIMIT = 1n << 63n;

/**
 * A duration as Go's `time.ParseDuration` reads it (https://pkg.go.dev/time#ParseDuration), in nanoseconds: an optional
 * sign, then numbers with units, such as `1h30m` or `1.5h`; `0` needs no unit. Undefined where Go refuses it.
 */
export function parseGoDuration(text: string): bigint | undefined {
  const negative = text.startsWith('-');
  let rest = negative || text.startsWith('+') ? text.slice(1) : text;
  if (rest === '0') return 0n;
  if (rest === '') return undefined;
  let total = 0n;
  while (rest !== '') {
    const [part, whole = '', fraction = '', unit = ''] = PART.exec(rest) ?? [];
    if (part === undefined || (whole === '' && fraction === '')) return undefined;
    const scale = NANOSECONDS[unit] ?? 1n;
    const digits = whole.replace(/^0+/, '');
    if (digits.length > 19) return undefined; // out of range, and very many digits would take long
    total += BigInt(digits) * scale + fractionOf(fraction, scale);
    if (total > LIMIT) return undefined;
    rest = rest.slice(part.length);
  }
  if (negative) return -total;
  return total === LIMIT ? undefined : total;
}

/** Go multiplies the digits after the point in floating point and cuts what is left of a nanosecond. */
function fractionOf(digits: string, scale: bigint): bigint {
  if (digits === '') return 0n;
  let value = 0n;
  let divisor = 1;
  for (const digit of digits) {
    const next = value * 10n + BigInt(digit);
    if (next >= LIMIT) break; // Go ignores digits that do not fit
    value = next;
    divisor *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(scale) / divisor)));
}

/**
 * A duration field of a Flux object, such as `spec.interval: 10m0s`, in milliseconds. Undefined where it is absent,
 * malformed or negative (the Flux CRDs accept `^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$` only).
 */
export function parseFluxDuration(text: string | undefined): number | undefined {
  const nanoseconds = text === undefined ? undefined : parseGoDuration(text);
  return nanoseconds === undefined || nanoseconds < 0n ? undefined : Number(nanoseconds) / 1e6;
}
