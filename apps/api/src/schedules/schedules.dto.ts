import { z } from 'zod';
import type { ScheduleRecord } from '#libs/persistence';
import { listQuery, pageOf } from '../http/page.js';
import { DateTime, Flag, Name, named, text, whole, type View } from '../http/schema.js';
import { LabelSelectorText } from '../shared/label-selector.schema.js';

const settings = {
  cron: text(200).min(1).describe('Five fields: minute, hour, day of month, month, day of week.'),
  timeZone: text(100).default('UTC').describe('IANA name, such as `Europe/Paris`.'),
  jitterSeconds: z.int().min(0).max(3600).default(0).describe('Each start is moved by up to so much.'),
  target: z
    .strictObject({ labelSelector: LabelSelectorText.default('') })
    .default({ labelSelector: '' })
    .describe('An empty selector means every cluster.'),
  profile: text(200).optional().describe('Absent: the default profile.'),
  budgetSeconds: z.int().min(5).max(3600).optional().describe('Time for each cluster. Absent: the service’s own.'),
  enabled: z.boolean().default(true),
  pauseUntil: DateTime.nullable().default(null).describe('No start before this time.'),
};

export const ScheduleSettings = z.strictObject(settings);
export type ScheduleSettings = z.infer<typeof ScheduleSettings>;

export const ScheduleInput = named(
  'ScheduleInput',
  z.strictObject({ name: Name, ...settings }),
  'A schedule to make.',
  {
    name: 'nightly',
    cron: '0 2 * * *',
    timeZone: 'Europe/Paris',
    jitterSeconds: 300,
    target: { labelSelector: 'env=prod' },
  },
);
export type ScheduleInput = z.infer<typeof ScheduleInput>;

export const SchedulePatch = named(
  'SchedulePatch',
  z.record(z.string(), z.unknown()),
  'Merge patch of the members of ScheduleInput other than `name`.',
  { pauseUntil: '2026-12-01T00:00:00Z' },
);

export const Schedule = named(
  'Schedule',
  z.object({
    id: z.string(),
    name: z.string(),
    cron: z.string(),
    timeZone: z.string(),
    jitterSeconds: z.int(),
    target: z.object({ labelSelector: z.string() }),
    profile: z.string(),
    budgetSeconds: z.int().nullable(),
    enabled: z.boolean(),
    pauseUntil: DateTime.nullable(),
    nextRunAt: DateTime.nullable().describe('Null: it is switched off.'),
    lastFiredAt: DateTime.nullable(),
    createdAt: DateTime,
    updatedAt: DateTime,
  }),
  'A run that starts by the clock.',
  {
    id: 'sch_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    name: 'nightly',
    cron: '0 2 * * *',
    timeZone: 'Europe/Paris',
    jitterSeconds: 300,
    target: { labelSelector: 'env=prod' },
    profile: 'flux-security-best-practices@2026.11',
    budgetSeconds: null,
    enabled: true,
    pauseUntil: null,
    nextRunAt: '2026-11-25T01:02:11.000Z',
    lastFiredAt: '2026-11-24T01:01:40.000Z',
    createdAt: '2026-11-20T10:00:00.000Z',
    updatedAt: '2026-11-20T10:00:00.000Z',
  },
);
export type Schedule = View<typeof Schedule>;

export type SchedulePatch = z.infer<typeof SchedulePatch>;

export const SchedulePage = pageOf('SchedulePage', Schedule);
export const ScheduleQuery = listQuery(['name', 'createdAt', 'nextRunAt'], 'name', {
  q: text(100).optional().describe('Part of the name.'),
  enabled: Flag,
});
export type ScheduleQuery = z.infer<typeof ScheduleQuery>;

export const NextQuery = z.strictObject({ count: whole(1, 100, 5).describe('How many.') });

export type NextQuery = z.infer<typeof NextQuery>;

export const NextTimes = named(
  'NextTimes',
  z.object({ items: z.array(DateTime) }),
  'When a schedule starts next, jitter included.',
  { items: ['2026-11-25T01:02:11.000Z', '2026-11-26T01:00:37.000Z'] },
);

/** The settings of a stored schedule, as a request states them. */
export function settingsOf(schedule: ScheduleRecord): View<typeof ScheduleSettings> {
  const { cron, timeZone, jitterSeconds, labelSelector, profile, budgetSeconds, enabled, pauseUntil } = schedule;
  return {
    cron,
    timeZone,
    jitterSeconds,
    target: { labelSelector },
    profile,
    ...(budgetSeconds !== null && { budgetSeconds }),
    enabled,
    pauseUntil,
  };
}

export function toSchedule(schedule: ScheduleRecord): Schedule {
  const { labelSelector, version: _, lastRunId: _lastRunId, ...shown } = schedule;
  return { ...shown, target: { labelSelector } };
}
