import { z } from 'zod';
import { CANDIDATE_STATES, type CandidateRecord } from '#libs/persistence';
import { listQuery, pageOf } from '../http/page.js';
import { anyOf, DateTime, Labels, Name, named, text, type View } from '../http/schema.js';
import { ProblemSchema } from '../openapi/problem-schema.js';
import { LabelSelectorText } from '../shared/label-selector.schema.js';

const State = z
  .enum(CANDIDATE_STATES)
  .describe(
    '`proposed`: can be accepted. `blocked`: cannot, see `reasons`. `registered`: it is `cluster`. `conflict`: registering it was refused. `orphaned`: the source does not tell of it any more.',
  );
const Place = z.object({ kind: z.string(), namespace: z.string(), name: z.string() });

export const Candidate = named(
  'Candidate',
  z.object({
    id: z.string(),
    name: z.string().describe('Before the prefix of the mapping.'),
    state: State,
    object: Place.describe('The object that tells of it.'),
    labels: Labels.describe('As on the management cluster.'),
    tenantNamespace: z.string().nullable(),
    server: z.string().nullable().describe('Address of its API server.'),
    caData: z.string().nullable().describe('Its CA certificates, PEM: what a registration by hand needs.'),
    caSpkiSha256: z.string().nullable().describe('SHA-256 of the public key of its CA.'),
    credentialFrom: Place.extend({
      key: z.string().nullable().describe('In the data of the Secret; null: the usual ones.'),
    })
      .nullable()
      .describe('Where its credential is kept on the management cluster. Null: nothing there could be used.'),
    reasons: z
      .array(z.object({ code: z.string(), message: z.string(), fix: z.string() }))
      .describe('Why it cannot be registered as it is. Empty: it can.'),
    cluster: z.object({ id: z.string(), name: z.string() }).nullable().describe('The registered cluster that it is.'),
    conflict: z
      .object({ code: z.enum(['clusterDuplicate', 'nameTaken']), clusterId: z.string() })
      .nullable()
      .describe('Why registering it was refused, and the cluster in the way.'),
    firstSeenAt: DateTime,
    lastSeenAt: DateTime,
    orphanedAt: DateTime.nullable(),
  }),
  'A cluster that a source tells of. No member holds a secret.',
  {
    id: 'cnd_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    name: 'pay-eu-3',
    state: 'proposed',
    object: { kind: 'Kustomization', namespace: 'payments', name: 'apps' },
    labels: { env: 'prod' },
    tenantNamespace: 'payments',
    server: 'https://pay-eu-3.example.com:6443',
    caData: null,
    caSpkiSha256: null,
    credentialFrom: { kind: 'Secret', namespace: 'payments', name: 'pay-eu-3-kubeconfig', key: null },
    reasons: [],
    cluster: null,
    conflict: null,
    firstSeenAt: '2026-11-24T02:00:04.000Z',
    lastSeenAt: '2026-11-24T02:00:04.000Z',
    orphanedAt: null,
  },
);
export type Candidate = View<typeof Candidate>;

export const CandidatePage = pageOf('CandidatePage', Candidate);

export const CandidateQuery = listQuery(['name', 'lastSeenAt', 'firstSeenAt'], 'name', {
  q: text(100).optional().describe('Part of the name or of the address.'),
  state: anyOf(z.enum(CANDIDATE_STATES)),
  reason: anyOf(text(60)).describe('Code of a reason why it is blocked.'),
  tenantNamespace: anyOf(text(253)),
  labelSelector: LabelSelectorText.optional(),
});
export type CandidateQuery = z.infer<typeof CandidateQuery>;

export const CandidateAcceptance = named(
  'CandidateAcceptance',
  z.strictObject({
    candidates: z.array(text(63).min(1)).min(1).max(100).describe('Ids or names of candidates of the source.'),
    tenants: z
      .array(text(63).min(1))
      .max(200)
      .optional()
      .describe('Names or ids of the tenants of these clusters. Absent: as the mapping of the source says.'),
    names: z
      .record(text(63), Name)
      .optional()
      .describe('Names to register under, by id or name of the candidate. Absent: as found, with the prefix.'),
  }),
  'Candidates to register. The credential of each is read from the management cluster now.',
  { candidates: ['pay-eu-3'], tenants: ['team-a'] },
);
export type CandidateAcceptance = z.infer<typeof CandidateAcceptance>;

export const AcceptanceResult = named(
  'AcceptanceResult',
  z.object({
    accepted: z.int(),
    failed: z.int(),
    items: z.array(
      z.object({
        candidate: z.string().describe('As in the request.'),
        status: z.int().describe('201 (200 with `dryRun=true`), or the status of the problem.'),
        clusterId: z.string().optional(),
        name: z.string().optional().describe('Of the registered cluster.'),
        problem: ProblemSchema.optional(),
      }),
    ),
  }),
  'What became of each candidate.',
  {
    accepted: 1,
    failed: 0,
    items: [{ candidate: 'pay-eu-3', status: 201, clusterId: 'cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7', name: 'pay-eu-3' }],
  },
);
export type AcceptanceResult = View<typeof AcceptanceResult>;

export function toCandidate(candidate: CandidateRecord): Candidate {
  const { id, name, state, object, labels, tenantNamespace, connection, caSpkiSha256, credential } = candidate;
  const { reasons, cluster, conflict, firstSeenAt, lastSeenAt, orphanedAt } = candidate;
  return {
    id,
    name,
    state,
    object,
    labels,
    tenantNamespace,
    server: connection?.server ?? null,
    caData: connection?.caData ?? null,
    caSpkiSha256,
    credentialFrom: credential && {
      kind: 'Secret',
      namespace: credential.namespace,
      name: credential.name,
      key: credential.key ?? null,
    },
    reasons,
    cluster,
    conflict,
    firstSeenAt,
    lastSeenAt,
    orphanedAt,
  };
}
