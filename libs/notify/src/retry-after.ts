/** A receiver may ask for a pause, not for silence: longer ones are cut, so that a wrong header cannot mute a channel. */
const LONGEST_MS = 6 * 3_600_000;
const SHORTEST_MS = 1_000;

/**
 * `Retry-After` (RFC 9110, 10.2.3): seconds or an HTTP date.
 *
 * @param now milliseconds since the epoch
 * @returns milliseconds from now between one second and six hours, null where the header is absent or unreadable
 */
export function parseRetryAfter(header: string | undefined, now: number): number | null {
  const value = header?.trim() ?? '';
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : /[a-z]/i.test(value) ? Date.parse(value) - now : Number.NaN;
  return Number.isNaN(wait) ? null : Math.min(LONGEST_MS, Math.max(SHORTEST_MS, wait));
}
