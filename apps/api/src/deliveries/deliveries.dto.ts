import { z } from 'zod';
import type { DeliveryAttemptRecord, DeliveryRecord } from '#libs/persistence';
import { listQuery, pageOf } from '../http/page.js';
import { anyOf, DateTime, exampleOf, named, text, type View } from '../http/schema.js';

const STATES = ['pending', 'sending', 'sent', 'retrying', 'dead', 'skipped'] as const;

export const Delivery = named(
  'Delivery',
  z.object({
    id: z.string(),
    channel: z.object({ id: z.string(), name: z.string() }),
    event: z.string().describe('What is told, as a channel asks for it.'),
    runId: z.string().nullable().describe('Of `run.completed`.'),
    eventId: z.string().nullable().describe('Of all others; the same for the message that it is over.'),
    isEnd: z.boolean().describe('It tells that the event is over.'),
    state: z.enum(STATES),
    attempts: z.int(),
    nextAttemptAt: DateTime.nullable(),
    lastCode: z.string().nullable().describe('Stable class of the last outcome.'),
    lastHint: z.string().nullable().describe('What to do about it.'),
    createdAt: DateTime,
    sentAt: DateTime.nullable(),
  }),
  'One message for one channel, and what became of it.',
  {
    id: 'dlv_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    channel: { id: 'chn_01JD9YZ3M6Q8R5T7V9X1Z3B5D7', name: 'platform-slack' },
    event: 'run.completed',
    runId: 'run_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    eventId: null,
    isEnd: false,
    state: 'sent',
    attempts: 1,
    nextAttemptAt: null,
    lastCode: 'ok',
    lastHint: 'The message was accepted.',
    createdAt: '2026-11-24T02:01:12.000Z',
    sentAt: '2026-11-24T02:01:13.000Z',
  },
);
export type Delivery = View<typeof Delivery>;

export const DeliveryDetail = named(
  'DeliveryDetail',
  Delivery.extend({
    history: z
      .array(
        z.object({
          at: DateTime,
          outcome: z.enum(['sent', 'retry', 'rejected']),
          code: z.string(),
          httpStatus: z.int().nullable(),
          durationMs: z.int(),
        }),
      )
      .describe('Every attempt, oldest first.'),
  }),
  'A delivery with its attempts.',
  {
    ...exampleOf(Delivery),
    history: [{ at: '2026-11-24T02:01:13.000Z', outcome: 'sent', code: 'ok', httpStatus: 200, durationMs: 182 }],
  },
);
export type DeliveryDetail = View<typeof DeliveryDetail>;

export const DeliveryPage = pageOf('DeliveryPage', Delivery);
export const DeliveryQuery = listQuery(['createdAt', 'nextAttemptAt'], '-createdAt', {
  state: anyOf(z.enum(STATES)),
  channel: anyOf(text(63)).describe('Name or id.'),
  run: anyOf(text(63)),
  event: anyOf(text(63)),
});
export type DeliveryQuery = z.infer<typeof DeliveryQuery>;

export function toDelivery(delivery: DeliveryRecord): Delivery {
  const { id, channelId, channelName, event, runId, eventId, isEnd, state, attempts, nextAttemptAt } = delivery;
  const { lastCode, lastHint, createdAt, sentAt } = delivery;
  const channel = { id: channelId, name: channelName };
  return {
    id,
    channel,
    event,
    runId,
    eventId,
    isEnd,
    state,
    attempts,
    nextAttemptAt,
    lastCode,
    lastHint,
    createdAt,
    sentAt,
  };
}

export function toDetail(delivery: DeliveryRecord, attempts: readonly DeliveryAttemptRecord[]): DeliveryDetail {
  const history = attempts.map(({ at, outcome, code, httpStatus, durationMs }) => ({
    at,
    outcome,
    code,
    httpStatus,
    durationMs,
  }));
  return { ...toDelivery(delivery), history };
}
