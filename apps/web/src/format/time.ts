const STEPS = [
  [365 * 86_400, 'y'],
  [30 * 86_400, 'mo'],
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
] as const;

/** `2 h ago`, `in 3 d`, `just now`; the largest unit only. */
export function relativeTime(rfc3339: string, now: number): string {
  const seconds = Math.round((now - Date.parse(rfc3339)) / 1000);
  if (Number.isNaN(seconds)) return 'unknown';
  const step = STEPS.find(([length]) => Math.abs(seconds) >= length);
  if (!step) return seconds < -5 ? 'in a moment' : 'just now';
  const [length, unit] = step;
  const words = `${Math.floor(Math.abs(seconds) / length)} ${unit}`;
  return seconds > 0 ? `${words} ago` : `in ${words}`;
}

/** `24 Nov 2026, 02:00 UTC`. */
export function absoluteTime(rfc3339: string, timeZone?: string): string {
  const time = new Date(rfc3339);
  if (Number.isNaN(time.getTime())) return 'unknown';
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone,
  }).format(time);
}

/** `72 ms`, `8.2 s`, `1 min 12 s`, `2 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 10) return `${(ms / 1_000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** Time between two moments; up to `now` where it still goes on; null where it has not begun. */
export function elapsed(from: string | null, to: string | null, now: number): string | null {
  if (from === null) return null;
  return duration(Math.max(0, (to === null ? now : Date.parse(to)) - Date.parse(from)));
}
