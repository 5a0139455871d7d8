import { z } from 'zod';
import type { ClusterRecord } from '#libs/persistence';
import { Connection, CredentialInput } from '../credentials/credentials.dto.js';
import { pageOf } from '../http/page.js';
import { DateTime, exampleOf, Labels, Name, named, text, type View } from '../http/schema.js';
import { ConditionSchema, CoverageRatio, OutcomeCountsSchema, SeverityCountsSchema } from '../shared/audit.dto.js';
import { PlatformSettings } from './platform-settings.dto.js';

export const CLUSTER_ROLES = ['management', 'tenant', 'standalone'] as const;

const settings = {
  role: z
    .enum(CLUSTER_ROLES)
    .nullable()
    .default(null)
    .describe(
      '`management`: its Flux applies to other clusters. Null: not stated; derived from the cluster, never taken for standalone.',
    ),
  tenancy: z.enum(['dedicated', 'shared']).nullable().default(null),
  delivery: z
    .enum(['remoteApply', 'inCluster', 'other'])
    .nullable()
    .default(null)
    .describe('How platform configuration reaches it.'),
  labels: Labels.default({}),
  tenants: z.array(text(63).min(1)).max(200).default([]).describe('Names or ids of its tenants.'),
  platform: PlatformSettings.default({}),
};

const access = {
  connection: Connection.optional().describe('Required unless the credential is a kubeconfig.'),
  credential: CredentialInput,
};

const SETTINGS_EXAMPLE = {
  role: 'tenant',
  tenancy: 'dedicated',
  delivery: 'remoteApply',
  labels: { env: 'prod', site: 'lyon' },
  tenants: ['team-a'],
  platform: { fluxNamespaces: ['flux-system'] },
} as const;
const ACCESS_EXAMPLE = {
  connection: { server: 'https://edge-001.example.com:6443', caData: 'LS0tLS1CRUdJTi…' },
  credential: { kind: 'token', token: 'eyJhbGciOiJSUzI1NiJ9.example.signature' },
} as const;

export const ClusterRegistration = named(
  'ClusterRegistration',
  z.strictObject({ name: Name, ...settings, ...access }),
  'A cluster to register.',
  { name: 'edge-001', ...SETTINGS_EXAMPLE, ...ACCESS_EXAMPLE },
);
export type ClusterRegistration = z.infer<typeof ClusterRegistration>;

export const ClusterUpsert = named(
  'ClusterUpsert',
  z.strictObject({
    ...settings,
    ...access,
    credential: CredentialInput.optional().describe('Required for a new cluster and to change the connection.'),
  }),
  'The whole registration of the cluster named in the path.',
  { ...SETTINGS_EXAMPLE, ...ACCESS_EXAMPLE },
);
export type ClusterUpsert = z.infer<typeof ClusterUpsert>;

/** What a merge patch may result in. */
export const ClusterSettings = z.strictObject(settings);
export type ClusterSettings = z.infer<typeof ClusterSettings>;

export const ClusterPatch = named(
  'ClusterPatch',
  z.record(z.string(), z.unknown()),
  'Merge patch of `role`, `tenancy`, `delivery`, `labels`, `tenants` and `platform`. The connection changes together with its credential only: `POST …/credentials`.',
  { labels: { env: 'prod', site: null } },
);

export type ClusterPatch = z.infer<typeof ClusterPatch>;

export const ClusterBatch = named(
  'ClusterBatch',
  z.strictObject({ items: z.array(z.unknown()).min(1).max(1000) }),
  'Up to 1,000 items of the form ClusterRegistration. Each is checked and answered on its own.',
  { items: [{ name: 'edge-001', ...ACCESS_EXAMPLE }] },
);
export type ClusterBatch = z.infer<typeof ClusterBatch>;

export const Cluster = named(
  'Cluster',
  z.object({
    id: z.string(),
    name: z.string(),
    role: z.enum(CLUSTER_ROLES).nullable(),
    tenancy: settings.tenancy,
    delivery: settings.delivery,
    labels: Labels,
    tenants: z.array(z.object({ id: z.string(), name: z.string() })),
    platform: PlatformSettings,
    connection: Connection,
    identity: z
      .object({ uid: z.string().describe('UID of the namespace kube-system, pinned at the first contact.') })
      .nullable(),
    kubernetesVersion: z.string().nullable(),
    fluxVersion: z.string().nullable(),
    conditions: z.array(ConditionSchema).describe('Empty until the cluster is contacted.'),
    stale: z.boolean().describe('The last audit could not judge it: what is shown is from before.'),
    lastAuditedAt: DateTime.nullable().describe('When it was judged last.'),
    lastAttemptAt: DateTime.nullable(),
    unreachableSince: DateTime.nullable(),
    lastRunId: z.string().nullable(),
    summary: z
      .object({
        outcomes: OutcomeCountsSchema,
        coverage: CoverageRatio,
        compliant: z.boolean().describe('Nothing failed and everything that applies was judged.'),
        openFindings: SeverityCountsSchema,
        staleFindings: z.int().describe('Open findings that the last run could not look at.'),
      })
      .nullable()
      .describe('Null: never audited.'),
    createdAt: DateTime,
    updatedAt: DateTime,
  }),
  'A cluster under audit. No member holds a secret.',
  {
    id: 'cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    name: 'edge-001',
    ...SETTINGS_EXAMPLE,
    tenants: [{ id: 'tnt_01JD9YZ3M6Q8R5T7V9X1Z3B5D7', name: 'team-a' }],
    connection: ACCESS_EXAMPLE.connection,
    identity: { uid: '5d1f6a1e-5b8f-4a0e-9a53-0d0c3f4a8f10' },
    kubernetesVersion: 'v1.36.3',
    fluxVersion: 'v2.8.0',
    conditions: [exampleOf(ConditionSchema)],
    stale: false,
    lastAuditedAt: '2026-11-24T02:00:06.000Z',
    lastAttemptAt: '2026-11-24T02:00:06.000Z',
    unreachableSince: null,
    lastRunId: 'run_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    summary: {
      outcomes: exampleOf(OutcomeCountsSchema),
      coverage: 1,
      compliant: false,
      openFindings: exampleOf(SeverityCountsSchema),
      staleFindings: 0,
    },
    createdAt: '2026-11-24T01:00:00.000Z',
    updatedAt: '2026-11-24T02:00:06.000Z',
  },
);
export type Cluster = View<typeof Cluster>;

export const ClusterPage = pageOf('ClusterPage', Cluster);

/** The settings of a stored cluster, as a request states them. */
export function settingsOf(cluster: ClusterRecord): View<typeof ClusterSettings> {
  const { role, tenancy, delivery, labels, tenants, platform } = cluster;
  return { role, tenancy, delivery, labels, tenants: tenants.map(({ name }) => name), platform };
}

export function toCluster(cluster: ClusterRecord): Cluster {
  const { id, name, role, tenancy, delivery, labels, tenants, platform, connection, clusterUid, summary } = cluster;
  const { kubernetesVersion, fluxVersion, conditions, unreachableSince, lastRunId } = cluster;
  const { lastAuditedAt, lastAttemptAt, createdAt, updatedAt } = cluster;
  const { server, caData, tlsServerName } = connection;
  return {
    id,
    name,
    role,
    tenancy,
    delivery,
    labels,
    tenants,
    platform,
    connection: {
      server,
      ...(caData !== undefined && { caData }),
      ...(tlsServerName !== undefined && { tlsServerName }),
    },
    identity: clusterUid === null ? null : { uid: clusterUid },
    kubernetesVersion,
    fluxVersion,
    conditions,
    stale: lastAttemptAt !== null && lastAttemptAt !== lastAuditedAt,
    lastAuditedAt,
    lastAttemptAt,
    unreachableSince,
    lastRunId,
    summary: summary && {
      outcomes: summary.counts,
      coverage: summary.coverage.ratio,
      compliant: summary.compliant,
      openFindings: summary.open,
      staleFindings: summary.stale,
    },
    createdAt,
    updatedAt,
  };
}
