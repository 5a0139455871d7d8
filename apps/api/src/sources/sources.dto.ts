import { z } from 'zod';
import { SOURCE_TYPES } from '#libs/core';
import type { SourceRecord } from '#libs/persistence';
import { CLUSTER_ROLES } from '../clusters/clusters.dto.js';
import { listQuery, pageOf } from '../http/page.js';
import { anyOf, DateTime, Labels, Name, named, text, type View } from '../http/schema.js';
import { LabelSelectorText } from '../shared/label-selector.schema.js';

const Type = z
  .enum(SOURCE_TYPES)
  .describe(
    'Who knows of clusters: `fluxKubeConfig` (`spec.kubeConfig` of Flux), `clusterApi`, `argocd`, `sveltos` or `clusterProfile` (cluster inventory).',
  );
const Policy = z.enum(['propose', 'autoRegister']);

const Mapping = z
  .strictObject({
    namePrefix: z
      .string()
      .regex(/^[a-z0-9](?:[-a-z0-9]{0,30})$/, 'Use up to 31 lower-case letters, digits and dashes.')
      .optional()
      .describe('Before the name of each cluster.'),
    role: z.enum(CLUSTER_ROLES).optional().describe('Absent: `tenant`.'),
    tenancy: z.enum(['dedicated', 'shared']).optional(),
    delivery: z
      .enum(['remoteApply', 'inCluster', 'other'])
      .optional()
      .describe('Absent: `remoteApply` where Flux applies to it, else not stated.'),
    labels: Labels.optional().describe(
      'Labels of every cluster, beside those of the source, which stand under `source/`.',
    ),
    tenantFromNamespace: z
      .boolean()
      .optional()
      .describe('The tenant that has the name of the namespace, where there is one, gets the cluster.'),
  })
  .describe('What clusters of the source are registered as.');

const settings = {
  namespaces: z
    .array(Name)
    .max(100)
    .default([])
    .describe('Where to look on the management cluster. Empty: everywhere; for `argocd`: the namespace `argocd`.'),
  labelSelector: LabelSelectorText.default('').describe('Only what has these labels. Required by `autoRegister`.'),
  mapping: Mapping.default({}),
  policy: Policy.default('propose').describe('`autoRegister`: what the label selector takes is registered at once.'),
  pruneAfter: z.int().min(1).max(365).default(30).describe('Days after which what is gone is forgotten.'),
  intervalSeconds: z.int().min(60).max(86_400).default(900).describe('How often to look; moved a little each time.'),
  enabled: z.boolean().default(true).describe('`false`: only on demand.'),
};

const NO_SELECTOR =
  'A source that registers by itself needs a label selector: only what carries those labels is registered.';

function requireSelector(
  { policy, labelSelector }: { readonly policy: string; readonly labelSelector: string },
  context: z.RefinementCtx,
): void {
  if (policy !== 'autoRegister' || labelSelector.trim() !== '') return;
  context.addIssue({ code: 'custom', path: ['labelSelector'], message: NO_SELECTOR, params: { code: 'required' } });
}

export const SourceSettings = z.strictObject(settings).superRefine(requireSelector);
export type SourceSettings = z.infer<typeof SourceSettings>;

const EXAMPLE = {
  name: 'mgmt-eu',
  type: 'fluxKubeConfig',
  hubCluster: 'mgmt-eu-1',
  namespaces: [],
  labelSelector: 'env=prod',
  mapping: { tenancy: 'dedicated', tenantFromNamespace: true },
  policy: 'propose',
  pruneAfter: 30,
  intervalSeconds: 900,
  enabled: true,
} as const;

export const SourceInput = named(
  'SourceInput',
  z
    .strictObject({
      name: Name,
      type: Type,
      hubCluster: text(63).min(1).describe('Name or id of the registered management cluster. Stays as it is.'),
      ...settings,
    })
    .superRefine(requireSelector),
  'A source of clusters to make.',
  EXAMPLE,
);
export type SourceInput = z.infer<typeof SourceInput>;

export const SourcePatch = named(
  'SourcePatch',
  z.record(z.string(), z.unknown()),
  'Merge patch of the members of SourceInput other than `name`, `type` and `hubCluster`.',
  { policy: 'propose', intervalSeconds: 3600 },
);

export type SourcePatch = z.infer<typeof SourcePatch>;

const Counts = z
  .object({
    proposed: z.int(),
    blocked: z.int(),
    registered: z.int(),
    conflict: z.int(),
    orphaned: z.int(),
  })
  .describe('Candidates by state.');

export const Source = named(
  'Source',
  z.object({
    id: z.string(),
    name: z.string(),
    type: Type,
    hubCluster: z.object({ id: z.string(), name: z.string() }),
    namespaces: z.array(z.string()),
    labelSelector: z.string(),
    mapping: Mapping,
    policy: Policy,
    pruneAfter: z.int(),
    intervalSeconds: z.int(),
    enabled: z.boolean(),
    sync: z.object({
      state: z.enum(['idle', 'queued', 'running']),
      requestedAt: DateTime.nullable(),
      nextSyncAt: DateTime.nullable().describe('Null: only on demand.'),
      lastSyncAt: DateTime.nullable(),
      result: z
        .enum(['ok', 'partial', 'failed'])
        .nullable()
        .describe('`partial`: something could not be read, so nothing was taken for gone. Null: never synchronised.'),
      message: z.string().nullable(),
      counts: Counts.nullable(),
    }),
    createdAt: DateTime,
    updatedAt: DateTime,
  }),
  'Where clusters are found.',
  {
    id: 'src_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    ...EXAMPLE,
    hubCluster: { id: 'cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7', name: 'mgmt-eu-1' },
    sync: {
      state: 'idle',
      requestedAt: '2026-11-24T02:00:00.000Z',
      nextSyncAt: '2026-11-24T02:15:31.000Z',
      lastSyncAt: '2026-11-24T02:00:04.000Z',
      result: 'ok',
      message: '214 clusters were found.',
      counts: { proposed: 3, blocked: 1, registered: 210, conflict: 0, orphaned: 2 },
    },
    createdAt: '2026-11-24T01:00:00.000Z',
    updatedAt: '2026-11-24T01:00:00.000Z',
  },
);
export type Source = View<typeof Source>;

export const SourcePage = pageOf('SourcePage', Source);

export const SourceQuery = listQuery(['name', 'createdAt', 'lastSyncAt'], 'name', {
  q: text(100).optional().describe('Part of the name.'),
  type: anyOf(z.enum(SOURCE_TYPES)),
  policy: anyOf(Policy),
  hubCluster: anyOf(text(63)).describe('Name or id of a management cluster.'),
  result: anyOf(z.enum(['ok', 'partial', 'failed'])).describe('Of the last synchronisation.'),
});
export type SourceQuery = z.infer<typeof SourceQuery>;

/** The settings of a stored source, as a request states them. */
export function settingsOf(source: SourceRecord): View<typeof SourceSettings> {
  const { namespaces, labelSelector, mapping, policy, pruneAfter, intervalSeconds, enabled } = source;
  return { namespaces, labelSelector, mapping, policy, pruneAfter, intervalSeconds, enabled };
}

export function toSource(source: SourceRecord): Source {
  const { id, name, type, hubCluster, createdAt, updatedAt } = source;
  return {
    id,
    name,
    type,
    hubCluster: { id: hubCluster.id, name: hubCluster.name },
    ...settingsOf(source),
    sync: {
      state: source.syncState,
      requestedAt: source.syncRequestedAt,
      nextSyncAt: source.enabled ? source.nextSyncAt : null,
      lastSyncAt: source.lastSyncAt,
      result: source.lastResult,
      message: source.lastMessage,
      counts: source.lastCounts,
    },
    createdAt,
    updatedAt,
  };
}
