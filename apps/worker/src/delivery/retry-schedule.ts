/** Waits between the attempts of one delivery, in milliseconds: 5 s, 30 s, 2 m, 10 m, 1 h, 6 h, 24 h. */
const WAITS_MS = [5_000, 30_000, 120_000, 600_000, 3_600_000, 21_600_000, 86_400_000];

/** A wait is made longer by up to this share, so that deliveries that failed together do not come back together. */
const JITTER_SHARE = 0.2;

/**
 * When to try again after an attempt that failed for now.
 *
 * @param attempts attempts that count so far, the last one included; 1 or more
 * @param random a number from 0 to below 1
 * @returns milliseconds to wait, or null where the delivery is given up
 */
export function retryWaitMs(attempts: number, random: number): number | null {
  const wait = WAITS_MS[Math.max(attempts, 1) - 1];
  return wait === undefined ? null : Math.round(wait * (1 + JITTER_SHARE * random));
}
