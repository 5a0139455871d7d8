import { createHash } from 'node:crypto';
import { CronExpressionParser } from 'cron-parser';

export interface ScheduleRule {
  readonly scheduleId: string;
  /** Five fields, as in crontab(5): minute, hour, day of month, month, day of week. */
  readonly cron: string;
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string;
  /** A fire is moved by up to so many seconds, so that schedules of one minute do not start together. */
  readonly jitterSeconds: number;
}

/** What is wrong with a cron expression or a time zone, in one sentence; undefined = nothing. */
export function scheduleProblem(rule: Pick<ScheduleRule, 'cron' | 'timeZone'>): string | undefined {
  const { cron, timeZone } = rule;
  if (!isTimeZone(timeZone)) return `The time zone must be an IANA name such as Europe/Berlin or UTC.`;
  if (cron.trim().split(/\s+/).length !== 5) {
    return 'The cron expression must have five fields: minute, hour, day of month, month, day of week.';
  }
  try {
    CronExpressionParser.parse(cron, { tz: timeZone }).next();
    return undefined;
  } catch {
    return 'The cron expression is not valid, or no date ever matches it. An example for every day at 6:30: 30 6 * * *';
  }
}

/**
 * The first time after `after` at which the schedule fires. The shift depends only on the schedule and the planned
 * time, so that every worker computes the same. Fires that were missed in between are skipped.
 *
 * A local time that a clock change skips fires an hour later by the clock; one that happens twice fires once.
 */
export function nextFire(rule: ScheduleRule, after: Date): Date {
  const planned = CronExpressionParser.parse(rule.cron, { tz: rule.timeZone, currentDate: after }).next().toDate();
  return new Date(planned.getTime() + jitterMs(rule, planned));
}

function jitterMs({ scheduleId, jitterSeconds }: ScheduleRule, planned: Date): number {
  if (jitterSeconds <= 0) return 0;
  const hash = createHash('sha256').update(`${scheduleId}\n${planned.toISOString()}`).digest();
  return hash.readUInt32BE(0) % (jitterSeconds * 1_000);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
