import { nextFire, scheduleProblem } from '#libs/jobs';
import { Problem } from '../http/problem.js';

interface Timing {
  readonly cron: string;
  readonly timeZone: string;
  readonly jitterSeconds: number;
  readonly pauseUntil: string | null;
}

/** @throws {Problem} `bad-cron` */
export function checkTiming({ cron, timeZone }: Pick<Timing, 'cron' | 'timeZone'>): void {
  const detail = scheduleProblem({ cron, timeZone });
  if (detail === undefined) return;
  const pointer = detail.includes('time zone') ? '/timeZone' : '/cron';
  throw new Problem('bad-cron', detail, { errors: [{ pointer, code: 'bad-cron', detail }] });
}

/** The next times at which a schedule starts, after now and after its pause. RFC 3339. */
export function nextTimes(scheduleId: string, timing: Timing, now: number, count: number): string[] {
  const { cron, timeZone, jitterSeconds, pauseUntil } = timing;
  const times: string[] = [];
  let after = new Date(Math.max(now, pauseUntil === null ? 0 : Date.parse(pauseUntil)));
  while (times.length < count) {
    const next = nextFire({ scheduleId, cron, timeZone, jitterSeconds }, after);
    times.push(next.toISOString());
    after = next;
  }
  return times;
}
