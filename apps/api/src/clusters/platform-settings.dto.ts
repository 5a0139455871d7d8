import { z } from 'zod';
import { type ActiveVerification, CREDENTIAL_SHAPES, type BreakGlassEntry, credentialShapeOf } from '#libs/core';
import type { ClusterPlatform } from '#libs/persistence';
import { DateTime, Name, named, text } from '../http/schema.js';
import { PrincipalsSchema } from '../tenants/tenants.dto.js';

const days = z.int().min(1).max(3650);
const httpsUrl = z.url({ protocol: /^https$/, error: 'This must be an https URL.' }).max(2000);

/** A text that says where something is kept, and must not be the thing itself. */
function reference(max: number): z.ZodString {
  return text(max)
    .min(1)
    .superRefine((value, context) => {
      const shape = credentialShapeOf(value);
      if (shape === undefined) return;
      context.addIssue({
        code: 'custom',
        message: `${CREDENTIAL_SHAPES[shape]} Say where the credential is kept, such as a path in a vault; Plimsoll must not hold it. Treat what was sent as disclosed and rotate it.`,
      });
    });
}

const Network = z.strictObject({
  via: z.enum(['direct', 'vpn', 'bastion', 'managementCluster', 'tenantNetwork']),
  sharedWithPrimary: z.boolean().optional().describe('The usual way in goes the same way.'),
});

const Drill = z.strictObject({
  at: DateTime,
  by: text(200).min(1).optional().describe('Who did it.'),
  result: z.enum(['passed', 'failed']),
  failedStep: text(300).min(1).optional().describe('The step that failed.'),
  evidence: reference(500).optional().describe('Where the record of the drill is.'),
});

const BreakGlassSchema = named(
  'BreakGlassEntry',
  z.strictObject({
    name: text(200).min(1),
    principals: PrincipalsSchema.optional().describe('Who the credential is, as the API server sees it.'),
    authMethod: z.enum(['clientCertificate', 'serviceAccountToken', 'oidc', 'cloudProvider', 'other']).optional(),
    apiServer: httpsUrl.optional().describe('The address that is used in an emergency.'),
    network: Network.optional(),
    identityProvider: text(200)
      .min(1)
      .optional()
      .describe('Identity provider that signs people in. Absent: none is needed.'),
    identityProviderShared: z.boolean().optional().describe('The usual way in uses the same identity provider.'),
    credentialRef: reference(500)
      .optional()
      .describe('Where to find the credential, such as a path in a vault. What looks like a credential is refused.'),
    credentialStores: z
      .array(z.enum(['vault', 'offline', 'managementCluster', 'git', 'cloudProvider', 'other']))
      .max(6)
      .optional()
      .describe('Every place that holds it.'),
    owner: text(200).min(1).optional(),
    approvers: z.array(text(200).min(1)).max(50).optional().describe('Two or more.'),
    mfaAttestedAt: DateTime.optional().describe(
      'When somebody last attested that a second factor is needed. Counts for 180 days.',
    ),
    rotationDays: days.optional().describe('After how many days the credential is due for rotation.'),
    drillDays: days.optional().describe('How often the way in is drilled.'),
    rotatedAt: DateTime.optional(),
    expiresAt: DateTime.optional(),
    runbookUrl: httpsUrl.optional(),
    runbookReachableAt: DateTime.optional().describe('When the runbook was last fetched with success.'),
    alertOnUse: z
      .strictObject({
        rule: text(300).min(1).describe('Id of the rule in the audit or SIEM system.'),
        testedAt: DateTime.optional(),
      })
      .optional(),
    auditFeed: z
      .boolean()
      .optional()
      .describe('An audit log of the cluster reaches somebody who would see the credential being used.'),
    lastDrill: Drill.optional(),
  }) satisfies z.ZodType<BreakGlassEntry>,
  'How people get into a cluster when every usual way is gone. Holds no credential.',
  {
    name: 'edge-001',
    principals: { users: ['break-glass:edge-001'], groups: ['system:masters'] },
    authMethod: 'clientCertificate',
    apiServer: 'https://edge-001.example.com:6443',
    network: { via: 'bastion', sharedWithPrimary: false },
    credentialRef: 'vault:platform/break-glass/edge-001',
    credentialStores: ['vault', 'offline'],
    owner: 'Platform on-call',
    approvers: ['ada', 'grace'],
    mfaAttestedAt: '2026-10-01T00:00:00Z',
    rotationDays: 180,
    drillDays: 90,
    rotatedAt: '2026-09-01T00:00:00Z',
    expiresAt: '2027-09-01T00:00:00Z',
    runbookUrl: 'https://runbooks.example.com/break-glass',
    alertOnUse: { rule: 'k8s-break-glass-use', testedAt: '2026-11-04T09:00:00Z' },
    auditFeed: true,
    lastDrill: { at: '2026-11-04T09:00:00Z', by: 'ada, grace', result: 'passed' },
  },
);

const ActiveVerificationSchema = z.strictObject({
  enabled: z
    .boolean()
    .describe(
      'Audits send server-side dry-runs in the name of tenants, which change nothing. They need a wider manifest.',
    ),
  networkProbe: z.boolean().optional().describe('Reserved for a probe of the network; has no effect yet.'),
  alertCanary: z.boolean().optional().describe('Reserved for a probe of Alerts; has no effect yet.'),
  pauseImage: text(300)
    .regex(/^[a-z0-9][\w.:/@-]*$/i, { error: 'This must be the name of an image.' })
    .optional()
    .describe('Image of the pods of the network probe.'),
}) satisfies z.ZodType<ActiveVerification>;

export const PlatformSettings = named(
  'PlatformSettings',
  z.strictObject({
    fluxNamespaces: z.array(Name).max(50).optional().describe('Absent: found in the cluster.'),
    platformNamespaces: z.array(Name).max(200).optional(),
    tenantLabels: z
      .array(text(317).min(1))
      .max(20)
      .optional()
      .describe('Namespace labels whose value names a tenant, most trusted first.'),
    platformPrincipals: PrincipalsSchema.optional(),
    breakGlass: z
      .array(BreakGlassSchema)
      .max(50)
      .refine((entries) => new Set(entries.map(({ name }) => name)).size === entries.length, {
        error: 'Two entries have the same name.',
      })
      .optional(),
    suspendGraceHours: z
      .int()
      .min(0)
      .max(8760)
      .optional()
      .describe('How long a remote-apply object may stay suspended. Absent: 24.'),
    sandboxHandlers: z
      .array(text(63).min(1))
      .max(50)
      .optional()
      .describe('Handlers of runtime classes that sandbox pods, besides the known ones.'),
    trustedRegistries: z
      .array(text(300).min(1))
      .max(50)
      .optional()
      .describe('Registries, with or without a path, that controller images may come from besides Flux’s own.'),
    recoveryRecipients: z
      .array(reference(300))
      .max(50)
      .optional()
      .describe('SOPS recipients (public keys) whose private half is kept for recovery only.'),
    rotationDays: days
      .optional()
      .describe('After how many days keys and credentials are due for rotation. Absent: 365.'),
    watcher: z
      .strictObject({ testedAt: DateTime.optional().describe('When that was last tested.') })
      .optional()
      .describe('This service itself is declared to tell people about failing remote applies.'),
    activeVerification: ActiveVerificationSchema.optional().describe('Absent: off.'),
  }) satisfies z.ZodType<ClusterPlatform>,
  'What the platform team declares about a cluster; the rest is read from the cluster.',
  { fluxNamespaces: ['flux-system'], platformNamespaces: ['kube-system', 'flux-system'] },
);
