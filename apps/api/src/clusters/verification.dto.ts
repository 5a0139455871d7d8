import { z } from 'zod';
import { accessRuleKey, ARTIFACT_READS, type Control } from '#libs/core';
import type { Preflight } from '#libs/kubernetes';
import type { ClusterRecord } from '#libs/persistence';
import { DateTime, exampleOf, named, type View } from '../http/schema.js';
import { AccessRuleSchema, CoverageRatio } from '../shared/audit.dto.js';

const CoverageSchema = z.object({ evaluated: z.int(), applicable: z.int(), ratio: CoverageRatio });

export const Verification = named(
  'Verification',
  z.object({
    identity: z.object({ uid: z.string() }),
    kubernetesVersion: z.string(),
    latencyMs: z.int(),
    tls: z
      .object({
        protocol: z.string(),
        notAfter: DateTime.optional().describe('End of the server certificate.'),
        fingerprint: z.string().optional().describe('SHA-256 of the server certificate.'),
      })
      .nullable(),
    user: z
      .object({ name: z.string(), groups: z.array(z.string()) })
      .nullable()
      .describe('Who we are there.'),
    capabilities: z.array(
      z.object({
        rule: AccessRuleSchema,
        allowed: z.boolean().nullable().describe('Null: the API server did not say.'),
        usedBy: z.array(z.string()).describe('Controls that use it.'),
      }),
    ),
    predictedCoverage: CoverageSchema.describe('Controls that these permissions are enough for.'),
    overprivileged: z.array(AccessRuleSchema).describe('Permissions that an auditor should not have.'),
  }),
  'What a cluster said when it was contacted just now.',
  {
    identity: { uid: '5d1f6a1e-5b8f-4a0e-9a53-0d0c3f4a8f10' },
    kubernetesVersion: 'v1.36.3',
    latencyMs: 41,
    tls: { protocol: 'TLSv1.3', notAfter: '2027-11-24T00:00:00.000Z' },
    user: { name: 'system:serviceaccount:plimsoll:plimsoll-reader', groups: ['system:authenticated'] },
    capabilities: [{ rule: exampleOf(AccessRuleSchema), allowed: true, usedBy: ['FLUX-KC-01'] }],
    predictedCoverage: { evaluated: 16, applicable: 16, ratio: 1 },
    overprivileged: [],
  },
);
export type Verification = View<typeof Verification>;

export const Capabilities = named(
  'Capabilities',
  z.object({
    checkedAt: DateTime.nullable().describe('When the permissions were found to be so; null: not known yet.'),
    predictedCoverage: CoverageSchema.nullable(),
    missing: z.array(AccessRuleSchema).describe('Permissions to add to the auditor’s ClusterRole.'),
    controls: z.array(
      z.object({
        controlId: z.string(),
        title: z.string(),
        reads: z.array(AccessRuleSchema),
        missing: z.array(AccessRuleSchema).describe('Required ones that are missing: it will answer notEvaluated.'),
      }),
    ),
  }),
  'What the credential may read, as far as the last contact showed.',
  {
    checkedAt: '2026-11-24T02:00:06.000Z',
    predictedCoverage: { evaluated: 15, applicable: 16, ratio: 0.9375 },
    missing: [exampleOf(AccessRuleSchema)],
    controls: [
      {
        controlId: 'FLUX-KC-01',
        title: 'kustomize-controller does not run kubeconfig exec plugins',
        reads: [exampleOf(AccessRuleSchema)],
        missing: [exampleOf(AccessRuleSchema)],
      },
    ],
  },
);
export type Capabilities = View<typeof Capabilities>;

export const ManifestQuery = z.strictObject({
  mode: z.enum(['serviceAccount', 'readOnly']).default('readOnly').describe('A read-only service account.'),
});

export const ClusterManifestQuery = z.strictObject({
  mode: z
    .enum(['serviceAccount', 'readOnly', 'active'])
    .default('readOnly')
    .describe(
      'A read-only service account; with `active` also what active verification needs: the policy that stops whatever is no dry-run, and the right to act as the declared principals of this cluster’s tenants.',
    ),
});
export type ClusterManifestQuery = z.infer<typeof ClusterManifestQuery>;

export function toVerification(preflight: Preflight): Verification {
  const { uid, serverVersion, latencyMs, tls, user, capabilities, predictedCoverage, overprivileged } = preflight;
  return {
    identity: { uid },
    kubernetesVersion: serverVersion,
    latencyMs,
    tls: tls ?? null,
    user: user ?? null,
    capabilities,
    predictedCoverage,
    overprivileged,
  };
}

/** What the stored conditions of a cluster say about each control. */
export function toCapabilities(cluster: ClusterRecord, controls: readonly Control[]): Capabilities {
  const condition = cluster.conditions.find(({ type }) => type === 'PermissionsSufficient');
  const known = condition !== undefined && condition.status !== 'Unknown';
  const missing = condition?.missing ?? [];
  const missingKeys = new Set(missing.map(accessRuleKey));
  const judged = controls.map((control) => ({
    controlId: control.id,
    title: control.title,
    reads: control.reads,
    missing: control.requires
      .flatMap((artifact) => ARTIFACT_READS[artifact])
      .filter((rule) => missingKeys.has(accessRuleKey(rule))),
  }));
  const evaluated = judged.filter((control) => control.missing.length === 0).length;
  const ratio = controls.length === 0 ? 1 : evaluated / controls.length;
  return {
    checkedAt: known ? condition.lastTransitionTime : null,
    predictedCoverage: known ? { evaluated, applicable: controls.length, ratio } : null,
    missing,
    controls: judged,
  };
}
