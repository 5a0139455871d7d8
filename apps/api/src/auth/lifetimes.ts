import { Problem } from '../http/problem.js';

export const DEFAULT_TOKEN_DAYS = 90;
export const MAX_TOKEN_DAYS = 365;
export const MAX_WAIVER_DAYS = 365;
export const LOGIN_LINK_MINUTES = 10;

const DAY_MS = 24 * 60 * 60_000;

export function inDays(now: number, days: number): string {
  return new Date(now + days * DAY_MS).toISOString();
}

/** @throws {Problem} `expiry-too-long` where the time is in the past or more than so many days away */
export function checkExpiry(expiresAt: string, now: number, maxDays: number): void {
  const time = Date.parse(expiresAt);
  if (time > now && time <= now + maxDays * DAY_MS) return;
  const detail = time > now ? `It may be at most ${maxDays} days away.` : 'It is in the past.';
  throw new Problem('expiry-too-long', detail, { errors: [{ pointer: '/expiresAt', code: 'out-of-bounds', detail }] });
}
