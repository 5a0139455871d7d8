import { z } from 'zod';
import type { WaiverRecord } from '#libs/persistence';
import { listQuery, pageOf } from '../http/page.js';
import { anyOf, DateTime, Flag, Labels, named, text, type View } from '../http/schema.js';

const STATES = ['requested', 'approved', 'revoked'] as const;

const scope = z
  .strictObject({
    fingerprint: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'This is not a fingerprint: 64 hexadecimal digits.')
      .optional(),
    cluster: text(63).min(1).optional().describe('Name or id.'),
    labels: Labels.optional().describe('Labels that the cluster must have.'),
    subject: z
      .strictObject({ kind: text(63).optional(), namespace: text(63).optional(), name: text(253).optional() })
      .optional(),
  })
  .describe('Every stated part must match; an empty scope matches the whole fleet.');

export const WaiverInput = named(
  'WaiverInput',
  z.strictObject({
    controlId: text(64).min(1),
    scope,
    reason: text(2000).min(3).describe('Why the exception is acceptable.'),
    ticketUrl: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .optional(),
    expiresAt: DateTime.describe('At most 365 days from now. From then on it has no effect.'),
  }),
  'An exception to ask for.',
  {
    controlId: 'FLUX-HC-01',
    scope: { cluster: 'edge-001' },
    reason: 'The exec plugin is needed until the identity provider moves in March.',
    ticketUrl: 'https://tickets.example.com/SEC-42',
    expiresAt: '2027-03-31T00:00:00Z',
  },
);
export type WaiverInput = z.infer<typeof WaiverInput>;

const Actor = z.object({ id: z.string(), name: z.string() });

export const Waiver = named(
  'Waiver',
  z.object({
    id: z.string(),
    controlId: z.string(),
    scope,
    reason: z.string(),
    ticketUrl: z.string().nullable(),
    state: z.enum(STATES),
    expired: z.boolean(),
    matches: z.int().describe('Open findings that it covers now.'),
    requestedBy: Actor.describe('The token that asked.'),
    approver: Actor.nullable().describe('The token that approved.'),
    expiresAt: DateTime,
    createdAt: DateTime,
  }),
  'An accepted, or requested, exception. What it covers is shown as waived, never as passing.',
  {
    id: 'wvr_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    controlId: 'FLUX-HC-01',
    scope: { cluster: 'edge-001' },
    reason: 'The exec plugin is needed until the identity provider moves in March.',
    ticketUrl: 'https://tickets.example.com/SEC-42',
    state: 'approved',
    expired: false,
    matches: 1,
    requestedBy: { id: 'tok_01JD9YZ3M6Q8R5T7V9X1Z3B5D7', name: 'ada' },
    approver: { id: 'tok_01JD9YZ3M6Q8R5T7V9X1Z3B5D8', name: 'grace' },
    expiresAt: '2027-03-31T00:00:00Z',
    createdAt: '2026-11-24T01:00:00.000Z',
  },
);
export type Waiver = View<typeof Waiver>;

export const WaiverPage = pageOf('WaiverPage', Waiver);
export const WaiverQuery = listQuery(['createdAt', 'expiresAt'], '-createdAt', {
  state: anyOf(z.enum(STATES)),
  control: anyOf(text(64)),
  expired: Flag.describe('Approved, but over.'),
  'expiresAt[lt]': DateTime.optional(),
});
export type WaiverQuery = z.infer<typeof WaiverQuery>;

/**
 * @param nameOf name of a token
 * @param now milliseconds since the epoch
 */
export function toWaiver(waiver: WaiverRecord, nameOf: (tokenId: string) => string, now: number): Waiver {
  const { requestedBy, approver, ...shown } = waiver;
  const actor = (id: string) => ({ id, name: nameOf(id) });
  return {
    ...shown,
    expired: Date.parse(waiver.expiresAt) <= now,
    requestedBy: actor(requestedBy),
    approver: approver === null ? null : actor(approver),
  };
}
