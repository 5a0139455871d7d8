import { z } from 'zod';
import { type BreakGlassEntry, CREDENTIAL_SHAPES, credentialShapeOf } from '#libs/core';

export const Names = z.array(z.string().min(1)).readonly();
export const Days = z.int().positive();
/** YAML has no times of its own here: `2026-11-01T00:00:00Z` is a text, and so is `2026-11-01`, which is midnight UTC. */
export const Time = z.union([z.iso.datetime({ offset: true }), z.iso.date().transform((date) => `${date}T00:00:00Z`)], {
  error: 'This must be a time such as 2026-11-01T00:00:00Z.',
});

/** `namespace/name`, or the user name that the API server knows it by. */
const ACCOUNT = /^(?:[a-z0-9-]+\/|system:serviceaccount:[a-z0-9-]+:)[a-z0-9][a-z0-9.-]*$/;

export const PrincipalsSchema = z.strictObject({
  users: Names.optional(),
  groups: Names.optional(),
  serviceAccounts: z
    .array(z.string().regex(ACCOUNT, { error: 'Write a service account as namespace/name' }))
    .readonly()
    .optional(),
});

/** Says where something is kept, and must not be the thing itself. */
const Reference = z
  .string()
  .min(1)
  .superRefine((value, context) => {
    const shape = credentialShapeOf(value);
    if (shape === undefined) return;
    context.addIssue({
      code: 'custom',
      message: `${CREDENTIAL_SHAPES[shape]} Say where the credential is kept instead, and rotate what stood here`,
    });
  });

export const BreakGlass = z.strictObject({
  name: z.string().min(1),
  principals: PrincipalsSchema.optional(),
  authMethod: z.enum(['clientCertificate', 'serviceAccountToken', 'oidc', 'cloudProvider', 'other']).optional(),
  apiServer: z.string().min(1).optional(),
  network: z
    .strictObject({
      via: z.enum(['direct', 'vpn', 'bastion', 'managementCluster', 'tenantNetwork']),
      sharedWithPrimary: z.boolean().optional(),
    })
    .optional(),
  identityProvider: z.string().min(1).optional(),
  identityProviderShared: z.boolean().optional(),
  credentialRef: Reference.optional(),
  credentialStores: z
    .array(z.enum(['vault', 'offline', 'managementCluster', 'git', 'cloudProvider', 'other']))
    .optional(),
  owner: z.string().min(1).optional(),
  approvers: Names.optional(),
  mfaAttestedAt: Time.optional(),
  rotationDays: Days.optional(),
  drillDays: Days.optional(),
  rotatedAt: Time.optional(),
  expiresAt: Time.optional(),
  runbookUrl: z.string().min(1).optional(),
  runbookReachableAt: Time.optional(),
  alertOnUse: z.strictObject({ rule: z.string().min(1), testedAt: Time.optional() }).optional(),
  auditFeed: z.boolean().optional(),
  lastDrill: z
    .strictObject({
      at: Time,
      by: z.string().optional(),
      result: z.enum(['passed', 'failed']),
      failedStep: z.string().optional(),
      evidence: Reference.optional(),
    })
    .optional(),
}) satisfies z.ZodType<BreakGlassEntry>;
