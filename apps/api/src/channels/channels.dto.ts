import { z } from 'zod';
import { CHANNEL_EVENTS, type ChannelEvent } from '#libs/core';
import type { ChannelRecord } from '#libs/persistence';
import { CHANNEL_KINDS, CHANNEL_SECRETS, CHANNEL_SETTINGS } from '#libs/notify';
import { listQuery, pageOf } from '../http/page.js';
import { anyOf, DateTime, exampleOf, Flag, Name, named, type View } from '../http/schema.js';
import { SeveritySchema } from '../shared/audit.dto.js';

const routing = {
  events: z
    .array(z.enum(CHANNEL_EVENTS))
    .min(1)
    .default(['run.completed'])
    .describe(
      'What it is told. Who is told of an event is also told when it is over; `drill.recovered` is the end of `drill.failed`.',
    ),
  minSeverity: SeveritySchema.default('low').describe('Findings and events below it are left out.'),
  enabled: z.boolean().default(true),
};

const webhookSecret = CHANNEL_SECRETS.webhook.extend({
  signingSecrets: CHANNEL_SECRETS.webhook.shape.signingSecrets.optional().meta({
    description: 'Standard Webhooks secrets, newest first. Absent: one is made, and shown once in the answer.',
  }),
});

export const ChannelInput = named(
  'ChannelInput',
  z.discriminatedUnion('kind', [
    z.strictObject({ name: Name, kind: z.literal('slackWebhook'), secret: CHANNEL_SECRETS.slackWebhook, ...routing }),
    z.strictObject({
      name: Name,
      kind: z.literal('slackBot'),
      settings: CHANNEL_SETTINGS.slackBot,
      secret: CHANNEL_SECRETS.slackBot,
      ...routing,
    }),
    z.strictObject({ name: Name, kind: z.literal('webhook'), secret: webhookSecret, ...routing }),
  ]),
  'A channel to make. Everything under `secret` is sealed at once and never returned.',
  {
    name: 'platform-slack',
    kind: 'slackWebhook',
    secret: { url: 'https://hooks.slack.com/services/T000/B000/XXXX' },
    events: ['run.completed'],
    minSeverity: 'high',
  },
);
export type ChannelInput = z.infer<typeof ChannelInput>;

export const ChannelRouting = z.strictObject(routing);

/** `secret` and `settings` are checked by the kind of the channel, which does not change. */
export const ChannelPatch = named(
  'ChannelPatch',
  z.record(z.string(), z.unknown()),
  'Merge patch of `events`, `minSeverity`, `enabled` and `settings`; `secret`, where given, replaces the stored one as a whole.',
  { minSeverity: 'critical' },
);

export type ChannelPatch = z.infer<typeof ChannelPatch>;

export const Channel = named(
  'Channel',
  z.object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(CHANNEL_KINDS),
    settings: z.object({
      host: z.string().optional().describe('Host of the address; the rest of it is secret.'),
      channelId: z.string().optional(),
    }),
    events: z.array(z.enum(CHANNEL_EVENTS)),
    minSeverity: SeveritySchema,
    enabled: z.boolean(),
    disabledReason: z.string().nullable().describe('Why the service itself switched it off.'),
    createdAt: DateTime,
  }),
  'Where changes are announced. No member holds a secret.',
  {
    id: 'chn_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    name: 'platform-slack',
    kind: 'slackWebhook',
    settings: { host: 'hooks.slack.com' },
    events: ['run.completed'],
    minSeverity: 'high',
    enabled: true,
    disabledReason: null,
    createdAt: '2026-11-24T01:00:00.000Z',
  },
);
export type Channel = View<typeof Channel>;

export const CreatedChannel = named(
  'CreatedChannel',
  Channel.extend({
    signingSecret: z
      .string()
      .optional()
      .describe('Only for a webhook without signing secrets of its own, and only in this answer.'),
  }),
  'A channel that was just made.',
  exampleOf(Channel),
);

export const ChannelPage = pageOf('ChannelPage', Channel);
export const ChannelQuery = listQuery(['name', 'createdAt'], 'name', {
  kind: anyOf(z.enum(CHANNEL_KINDS)),
  enabled: Flag,
});
export type ChannelQuery = z.infer<typeof ChannelQuery>;

export const ChannelTestResult = named(
  'ChannelTestResult',
  z.object({
    delivered: z.boolean(),
    code: z.string().describe('Stable class of the outcome, such as `ok` or `invalidAuth`.'),
    hint: z.string().describe('What to do about it.'),
    httpStatus: z.int().nullable(),
    durationMs: z.int(),
  }),
  'What became of a test message. Never holds what the receiver said.',
  { delivered: true, code: 'ok', hint: 'The message was accepted.', httpStatus: 200, durationMs: 182 },
);

export function routingOf({ events, minSeverity, enabled }: ChannelRecord): View<typeof ChannelRouting> {
  return { events: knownEvents(events), minSeverity, enabled };
}

function knownEvents(events: readonly string[]): ChannelEvent[] {
  return CHANNEL_EVENTS.filter((event) => events.includes(event));
}

export function toChannel(channel: ChannelRecord): Channel {
  const { id, name, kind, settings, events, minSeverity, enabled, disabledReason, createdAt } = channel;
  const { host, channelId } = settings;
  return {
    id,
    name,
    kind,
    settings: {
      ...(typeof host === 'string' && { host }),
      ...(typeof channelId === 'string' && { channelId }),
    },
    events: knownEvents(events),
    minSeverity,
    enabled,
    disabledReason,
    createdAt,
  };
}
