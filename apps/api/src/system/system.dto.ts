import { z } from 'zod';
import { Flag, named } from '../http/schema.js';
import { CHECKS } from './readiness.js';

/** `?verbose` alone counts as switched on, as in Kubernetes. */
export const ReadyQuery = z.strictObject({
  verbose: z.preprocess((value) => (value === '' ? 'true' : value), Flag).describe('Name each check.'),
});
export type ReadyQuery = z.infer<typeof ReadyQuery>;

export const Health = named('Health', z.object({ status: z.enum(['ok', 'notReady']) }), 'One word.', { status: 'ok' });

export const ReadinessReport = named(
  'ReadinessReport',
  z.object({
    status: z.enum(['ok', 'notReady']),
    checks: z
      .array(
        z.object({
          name: z.enum(CHECKS),
          ok: z.boolean(),
          required: z.boolean().describe('False: the API works without it.'),
          message: z.string(),
        }),
      )
      .optional(),
  }),
  'Whether this process can do its work.',
  { status: 'ok', checks: [{ name: 'database', ok: true, required: true, message: 'The database answers.' }] },
);

export const Info = named(
  'Info',
  z.object({
    version: z.string(),
    ruleSetVersion: z.string(),
    defaultProfile: z.string(),
    controls: z.int(),
    publicUrl: z.string(),
    apiDocument: z.string(),
    limits: z.object({
      requestsPerMinute: z.int(),
      writesPerMinute: z.int(),
      batchItems: z.int(),
      runDeadlineSeconds: z.int(),
    }),
  }),
  'This service and its limits.',
  {
    version: '0.1.0',
    ruleSetVersion: '2026.11.1',
    defaultProfile: 'flux-security-best-practices@2026.11',
    controls: 16,
    publicUrl: 'https://plimsoll.example.com',
    apiDocument: '/api/v1/openapi.json',
    limits: { requestsPerMinute: 600, writesPerMinute: 120, batchItems: 1000, runDeadlineSeconds: 3600 },
  },
);
