import { count, type FleetEvent } from '#libs/core';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `12 min`, `5 h 12 min`, `3 d 4 h`; rounded down. */
export function lasting(ms: number): string {
  const whole = Math.max(0, Number.isFinite(ms) ? ms : 0);
  const [days, hours, minutes] = [
    Math.floor(whole / DAY),
    Math.floor((whole % DAY) / HOUR),
    Math.floor((whole % HOUR) / MINUTE),
  ];
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  return `${minutes} min`;
}

/** How long an event lasted that is over. */
export function lasted({ since, closedAt }: FleetEvent): string {
  return lasting(Date.parse(closedAt ?? since) - Date.parse(since));
}

/** `in 6 days`, `in 5 h`, `3 days ago`: from when the event was raised. */
export function untilThen(at: string, from: string): string {
  const left = Date.parse(at) - Date.parse(from);
  const words = Math.abs(left) >= 2 * DAY ? count(Math.floor(Math.abs(left) / DAY), 'day') : lasting(Math.abs(left));
  return left > 0 ? `in ${words}` : `${words} ago`;
}
