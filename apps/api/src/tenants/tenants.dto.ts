import { z } from 'zod';
import type { TenantRecord } from '#libs/persistence';
import { anyOf, DateTime, Labels, Name, named, text, type View } from '../http/schema.js';
import { listQuery, pageOf } from '../http/page.js';
import { LabelSelectorText } from '../shared/label-selector.schema.js';
import { CoverageRatio, OutcomeCountsSchema, SeverityCountsSchema } from '../shared/audit.dto.js';

const names = z.array(text(253).min(1)).max(200);
/** `namespace/name`, or the user name that the API server knows it by. */
const ACCOUNT = /^(?:[a-z0-9-]+\/|system:serviceaccount:[a-z0-9-]+:)[a-z0-9][a-z0-9.-]*$/;

export const PrincipalsSchema = z.strictObject({
  users: names.optional(),
  groups: names.optional(),
  serviceAccounts: z
    .array(text(320).regex(ACCOUNT, 'Write a service account as namespace/name.'))
    .max(200)
    .optional()
    .describe('As `namespace/name`.'),
});

const EXAMPLE = {
  displayName: 'Team A',
  isolation: 'high',
  criticality: 'normal',
  owners: [{ name: 'Team A', email: 'team-a@example.com', slack: '#team-a' }],
  namespaces: { names: ['team-a'], matchLabels: { 'toolkit.fluxcd.io/tenant': 'team-a' } },
  principals: { groups: ['team-a'] },
  gitPaths: [{ repo: 'https://git.example.com/fleet', paths: ['tenants/team-a'] }],
  labels: { unit: 'payments' },
} as const;

const settings = {
  displayName: text(200).nullable().default(null).describe('Null: the name.'),
  isolation: z
    .enum(['high', 'low'])
    .nullable()
    .default(null)
    .describe('How much the tenant must be kept apart. Null: not stated, treated as high.'),
  criticality: z.enum(['normal', 'critical']).nullable().default(null).describe('Null: not stated.'),
  owners: z
    .array(z.strictObject({ name: text(200).min(1), email: z.email().max(254).optional(), slack: text(80).optional() }))
    .max(50)
    .default([])
    .describe('Who to ask.'),
  namespaces: z
    .strictObject({ names: z.array(Name).max(500).optional(), matchLabels: Labels.optional() })
    .default({})
    .describe('Which namespaces are the tenant’s. All labels must match.'),
  principals: PrincipalsSchema.default({}),
  gitPaths: z
    .array(
      z.strictObject({
        repo: text(500).min(1),
        ref: text(200).optional(),
        paths: z.array(text(500)).max(100),
      }),
    )
    .max(100)
    .default([]),
  labels: Labels.default({}),
};

export const TenantInput = named('TenantInput', z.strictObject({ name: Name, ...settings }), 'A tenant to make.', {
  name: 'team-a',
  ...EXAMPLE,
});
export type TenantInput = z.infer<typeof TenantInput>;

export const TenantSettings = named(
  'TenantSettings',
  z.strictObject(settings),
  'What is declared about a tenant.',
  EXAMPLE,
);
export type TenantSettings = z.infer<typeof TenantSettings>;

export const TenantPatch = named(
  'TenantPatch',
  z.record(z.string(), z.unknown()),
  'Merge patch of the members of TenantInput other than `name`; null resets a member.',
  { criticality: 'critical' },
);
export type TenantPatch = z.infer<typeof TenantPatch>;

export const Tenant = named(
  'Tenant',
  z.object({
    id: z.string(),
    name: z.string(),
    ...settings,
    displayName: z.string(),
    clusters: z.int().describe('How many clusters it has.'),
    createdAt: DateTime,
    updatedAt: DateTime,
  }),
  'A team that shares the fleet.',
  {
    id: 'tnt_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    name: 'team-a',
    ...EXAMPLE,
    clusters: 14,
    createdAt: '2026-11-24T01:00:00.000Z',
    updatedAt: '2026-11-24T01:00:00.000Z',
  },
);
export type Tenant = View<typeof Tenant>;

export const TenantPage = pageOf('TenantPage', Tenant);

export const TenantQuery = listQuery(['name', 'createdAt'], 'name', {
  q: text(100).optional().describe('Part of the name or display name.'),
  labelSelector: LabelSelectorText.optional(),
  isolation: anyOf(z.enum(['high', 'low'])),
});
export type TenantQuery = z.infer<typeof TenantQuery>;

export const TenantSummary = named(
  'TenantSummary',
  z.object({
    clusters: z.int().describe('Clusters that the tenant is on.'),
    outcomes: OutcomeCountsSchema,
    coverage: CoverageRatio.nullable().describe('Null while none of its clusters was audited.'),
    openFindings: SeverityCountsSchema,
  }),
  'How a tenant’s clusters stand.',
  {
    clusters: 14,
    outcomes: { pass: 150, warn: 3, fail: 6, notApplicable: 9, notEvaluated: 0, manual: 0 },
    coverage: 1,
    openFindings: { critical: 0, high: 5, medium: 4, low: 0, info: 0 },
  },
);

/** The settings of a stored tenant, as a request states them. */
export function settingsOf(tenant: TenantRecord): View<typeof TenantSettings> {
  const { displayName, isolation, criticality, owners, namespaces, principals, gitPaths, labels } = tenant;
  return { displayName, isolation, criticality, owners, namespaces, principals, gitPaths, labels };
}

export function toTenant(tenant: TenantRecord): Tenant {
  const { id, name, displayName, clusters, createdAt, updatedAt } = tenant;
  return { id, name, ...settingsOf(tenant), displayName, clusters, createdAt, updatedAt };
}
