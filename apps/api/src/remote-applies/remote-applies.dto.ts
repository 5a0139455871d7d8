import { z } from 'zod';
import { REMOTE_APPLY_KINDS, REMOTE_AUTH_METHODS, REMOTE_TARGET_STATES } from '#libs/core';
import type { RemoteApplyFilter, RemoteApplyRecord } from '#libs/persistence';
import { listQuery, pageOf } from '../http/page.js';
import { anyOf, DateTime, exampleOf, Flag, named, text, type View } from '../http/schema.js';
import { ClusterLink } from '../shared/audit.dto.js';

const ObjectName = z.object({ namespace: z.string(), name: z.string() });

export const RemoteApplySummary = named(
  'RemoteApplySummary',
  z.object({
    id: z.string(),
    cluster: ClusterLink.describe('The management cluster.'),
    object: ObjectName.extend({ apiVersion: z.string(), kind: z.enum(REMOTE_APPLY_KINDS), uid: z.string().optional() }),
    target: z.object({
      state: z
        .enum(REMOTE_TARGET_STATES)
        .describe('`registered`: one cluster of the registry. `broken`: the kubeconfig leads nowhere.'),
      cluster: ClusterLink.nullable(),
      address: z.string().nullable().describe('`https://host:port`, or the id of the cluster in its cloud.'),
      matchedBy: z.enum(['cloudId', 'caAndAddress', 'address', 'ca']).nullable(),
      confidence: z.enum(['proven', 'derived', 'heuristic']).nullable().describe('How sure the match is.'),
      why: z.string().nullable().describe('Why it leads to no known cluster.'),
    }),
    tenants: z
      .array(z.object({ id: z.string().nullable(), name: z.string() }))
      .describe('Of the target cluster, and of the namespace of the object.'),
    authMethod: z.enum(REMOTE_AUTH_METHODS),
    ready: z.boolean().nullable().describe('Its Ready condition; null where that is Unknown or absent.'),
    suspended: z.boolean(),
    overdue: z.boolean().describe('It says it is ready, and was not reconciled when it should have been.'),
    cause: z
      .object({ code: z.string(), message: z.string() })
      .nullable()
      .describe('What it fails of; null where it does not fail.'),
    failingSince: DateTime.nullable(),
    alertCovered: z
      .boolean()
      .nullable()
      .describe('People hear of it when the target cluster is lost. Null: that could not be told.'),
    silent: z.boolean().nullable().describe('It fails now and nobody is told. Null: that could not be told.'),
    stale: z.boolean().describe('The last audit of the management cluster could not look at it.'),
    firstSeenAt: DateTime,
    lastSeenAt: DateTime,
  }),
  'A Flux object and the cluster that it is applied to.',
  {
    id: 'rap_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    cluster: { id: 'cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D6', name: 'mgmt-eu-1' },
    object: {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      namespace: 'payments',
      name: 'infra',
    },
    target: {
      state: 'registered',
      cluster: { id: 'cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7', name: 'pay-eu-3' },
      address: 'https://pay-eu-3.example.com:6443',
      matchedBy: 'caAndAddress',
      confidence: 'proven',
      why: null,
    },
    tenants: [{ id: 'tnt_01JD9YZ3M6Q8R5T7V9X1Z3B5D7', name: 'payments' }],
    authMethod: 'serviceAccountToken',
    ready: false,
    suspended: false,
    overdue: false,
    cause: {
      code: 'ACCESS_REVOKED',
      message: 'the identity of the kubeconfig lacks a permission on the target cluster',
    },
    failingSince: '2026-11-24T02:00:06.000Z',
    alertCovered: false,
    silent: true,
    stale: false,
    firstSeenAt: '2026-11-01T02:00:06.000Z',
    lastSeenAt: '2026-11-24T05:00:06.000Z',
  },
);
export type RemoteApplySummary = View<typeof RemoteApplySummary>;

const health = z
  .enum(['delivers', 'silent', 'doubtful', 'unknown'])
  .describe('`silent`: nothing is sent. `doubtful`: in part, or to nobody who is called.');

export const RemoteApply = named(
  'RemoteApply',
  RemoteApplySummary.extend({
    auth: z
      .object({
        method: z.enum(REMOTE_AUTH_METHODS),
        source: ObjectName.extend({ kind: z.enum(['Secret', 'ConfigMap']), key: z.string().optional() })
          .nullable()
          .describe('Where the credential is kept. The credential itself is never shown.'),
        provider: z.string().nullable(),
        expiresAt: z.string().nullable(),
      })
      .describe('How the controller proves who it is.'),
    identity: z
      .object({
        kind: z.enum(['certificate', 'serviceAccount', 'user', 'cloud', 'unknown']),
        name: z.string().nullable(),
        groups: z.array(z.string()),
        impersonates: z
          .object({ known: z.boolean(), account: z.string().nullable() })
          .describe('Service account whose rights limit it on the target cluster.'),
      })
      .describe('Who acts on the target cluster, as far as it can be told.'),
    alerts: z.array(
      ObjectName.extend({
        names: z.enum(['object', 'source']).describe('`source`: it names only the source of the object.'),
        provider: ObjectName.extend({ type: z.string() }).nullable(),
        health,
        code: z.string().nullable(),
        why: z.string().nullable(),
      }),
    ),
    watched: z.boolean().describe('The registry declares a watcher that was tested lately.'),
    uncovered: z
      .array(
        z.object({
          mode: z.string(),
          when: z.string().describe('Continues “when”.'),
          essential: z.boolean().describe('The platform has then lost its hold on the target cluster.'),
          state: z.enum(['uncovered', 'partial', 'unknown']),
          code: z.string(),
          why: z.string(),
        }),
      )
      .describe('Ways of failing of which nobody would hear, and why nothing would fire.'),
    lastRunId: z.string(),
  }),
  'A remote apply with its credential, its identity and who hears of its failures.',
  {
    ...exampleOf(RemoteApplySummary),
    auth: {
      method: 'serviceAccountToken',
      source: { kind: 'Secret', namespace: 'payments', name: 'pay-eu-3-kubeconfig' },
      provider: null,
      expiresAt: '2026-11-30T02:00:06Z',
    },
    identity: {
      kind: 'serviceAccount',
      name: 'flux/flux-applier',
      groups: [],
      impersonates: { known: true, account: null },
    },
    alerts: [],
    watched: false,
    uncovered: [
      {
        mode: 'APPLY_DENIED',
        when: 'the target cluster refuses the apply or cannot be reached',
        essential: true,
        state: 'uncovered',
        code: 'NO_ALERT',
        why: 'no Alert has an entry for Kustomization of namespace payments in spec.eventSources',
      },
    ],
    lastRunId: 'run_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
  },
);
export type RemoteApply = View<typeof RemoteApply>;

export const RemoteApplyPage = pageOf('RemoteApplyPage', RemoteApplySummary);

const Known = z.enum(['true', 'false', 'unknown']);
export const RemoteApplyQuery = listQuery(
  ['urgency', 'failingSince', 'cluster', 'target', 'name', 'firstSeenAt', 'lastSeenAt'],
  '-urgency',
  {
    q: text(100)
      .optional()
      .describe('Part of namespace and name of the object, or of the name or address of the target.'),
    cluster: anyOf(text(63)).describe('Name or id of the management cluster.'),
    target: anyOf(text(300)).describe('Name or id of the target cluster, or its address.'),
    tenant: anyOf(text(63)).describe('Of the target cluster, or of the namespace of the object.'),
    kind: anyOf(z.enum(REMOTE_APPLY_KINDS)),
    targetState: anyOf(z.enum(REMOTE_TARGET_STATES)),
    authMethod: anyOf(z.enum(REMOTE_AUTH_METHODS)),
    ready: anyOf(Known),
    failing: Flag.describe('It fails, whatever its Ready condition says.'),
    suspended: Flag,
    alertCovered: anyOf(Known).describe('Whether people hear of it when the target cluster is lost.'),
    silent: anyOf(Known).describe('Whether it fails now without anybody being told.'),
    stale: Flag,
  },
);
export type RemoteApplyQuery = z.infer<typeof RemoteApplyQuery>;

const CONDITION = { true: 'True', false: 'False', unknown: 'Unknown' } as const;
const READY = { True: true, False: false, Unknown: null } as const;

export function filterOf(query: RemoteApplyQuery): RemoteApplyFilter {
  const { limit: _limit, cursor: _cursor, sort: _sort, ready, ...filter } = query;
  return { ...filter, ready: ready?.map((value) => CONDITION[value]) };
}

export function toSummary(record: RemoteApplyRecord): RemoteApplySummary {
  const { edge, targetClusterId, targetClusterName, targetTenants, tenant } = record;
  const { state, matchedBy, confidence, why } = edge.target;
  const own = tenant === null || targetTenants.some(({ name }) => name === tenant) ? [] : [{ id: null, name: tenant }];
  return {
    id: record.id,
    cluster: { id: record.clusterId, name: record.clusterName },
    object: edge.object,
    target: {
      state,
      cluster:
        targetClusterId === null || targetClusterName === null
          ? null
          : { id: targetClusterId, name: targetClusterName },
      address: record.targetAddress,
      matchedBy: matchedBy ?? null,
      confidence: confidence ?? null,
      why: why ?? null,
    },
    tenants: [...targetTenants, ...own],
    authMethod: record.authMethod,
    ready: READY[record.ready],
    suspended: record.suspended,
    overdue: record.overdue,
    cause: edge.cause ?? null,
    failingSince: record.failingSince,
    alertCovered: record.alertCovered,
    silent: record.silent,
    stale: record.stale,
    firstSeenAt: record.firstSeenAt,
    lastSeenAt: record.lastSeenAt,
  };
}

export function toRemoteApply(record: RemoteApplyRecord): RemoteApply {
  const { auth, identity, alerts, watched, uncovered } = record.edge;
  const { impersonates } = identity;
  return {
    ...toSummary(record),
    auth: {
      method: auth.method,
      source: auth.source ?? null,
      provider: auth.provider ?? null,
      expiresAt: auth.expiresAt ?? null,
    },
    identity: {
      kind: identity.kind,
      name: identity.name ?? null,
      groups: identity.groups ?? [],
      impersonates: { known: impersonates !== undefined, account: impersonates ?? null },
    },
    alerts: alerts.map(({ provider, code, why, ...alert }) => ({
      ...alert,
      provider: provider ?? null,
      code: code ?? null,
      why: why ?? null,
    })),
    watched,
    uncovered,
    lastRunId: record.lastRunId,
  };
}
