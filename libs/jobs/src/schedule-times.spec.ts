import { describe, expect, it } from 'vitest';
import { nextFire, scheduleProblem, type ScheduleRule } from './schedule-times.js';

const rule = (cron: string, timeZone = 'UTC', jitterSeconds = 0): ScheduleRule => ({
  scheduleId: 'sch_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
  cron,
  timeZone,
  jitterSeconds,
});

describe('nextFire', () => {
  it.each([
    ['later today', '30 6 * * *', 'UTC', '2026-03-10T05:00:00Z', '2026-03-10T06:30:00Z'],
    ['tomorrow', '30 6 * * *', 'UTC', '2026-03-10T06:30:00Z', '2026-03-11T06:30:00Z'],
    ['after the exact time, never at it', '* * * * *', 'UTC', '2026-03-10T06:30:00Z', '2026-03-10T06:31:00Z'],
    ['in another time zone, winter', '0 6 * * *', 'Europe/Berlin', '2026-01-10T00:00:00Z', '2026-01-10T05:00:00Z'],
    ['in another time zone, summer', '0 6 * * *', 'Europe/Berlin', '2026-07-10T00:00:00Z', '2026-07-10T04:00:00Z'],
    ['weekdays only', '0 6 * * 1-5', 'UTC', '2026-03-13T07:00:00Z', '2026-03-16T06:00:00Z'],
    ['a local time that is skipped', '30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-29T01:30:00Z'],
    ['a local time that happens twice', '30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-25T00:30:00Z'],
    ['once only on that day', '30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
    ['a leap day', '0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00Z'],
  ])('%s', (_, cron, timeZone, after, expected) => {
    expect(nextFire(rule(cron, timeZone), new Date(after)).toISOString()).toBe(new Date(expected).toISOString());
  });

  it('skips what was missed', () => {
    expect(nextFire(rule('0 * * * *'), new Date('2026-03-10T17:45:00Z'))).toEqual(new Date('2026-03-10T18:00:00Z'));
  });

  it('shifts by less than the jitter, the same everywhere, and differently for other times and schedules', () => {
    const after = new Date('2026-03-10T00:00:00Z');
    const shifted = rule('0 6 * * *', 'UTC', 600);
    const planned = new Date('2026-03-10T06:00:00Z').getTime();
    const shift = nextFire(shifted, after).getTime() - planned;
    expect(shift).toBeGreaterThanOrEqual(0);
    expect(shift).toBeLessThan(600_000);
    expect(nextFire(shifted, after).getTime() - planned).toBe(shift);
    const nextDay = nextFire(shifted, new Date(planned + shift)).getTime() - planned - 86_400_000;
    const other = nextFire({ ...shifted, scheduleId: 'sch_01JD9YZ3M6Q8R5T7V9X1Z3B5D8' }, after).getTime() - planned;
    expect(new Set([shift, nextDay, other]).size).toBe(3);
  });
});

describe('scheduleProblem', () => {
  it.each([
    ['0 6 * * *', 'UTC'],
    ['*/15 8-18 * * 1-5', 'America/New_York'],
    ['0 0 1 1 *', 'Asia/Kolkata'],
    ['0 0 29 2 *', 'UTC'],
  ])('accepts %s in %s', (cron, timeZone) => {
    expect(scheduleProblem({ cron, timeZone })).toBeUndefined();
  });

  it.each([
    ['0 6 * * *', 'Berlin', 'time zone'],
    ['0 6 * * *', '', 'time zone'],
    ['', 'UTC', 'five fields'],
    ['* * * * * *', 'UTC', 'five fields'],
    ['@daily', 'UTC', 'five fields'],
    ['61 * * * *', 'UTC', 'not valid'],
    ['0 0 31 2 *', 'UTC', 'not valid'],
    ['a b c d e', 'UTC', 'not valid'],
  ])('explains what is wrong with "%s" in "%s"', (cron, timeZone, part) => {
    expect(scheduleProblem({ cron, timeZone })).toContain(part);
  });
});
