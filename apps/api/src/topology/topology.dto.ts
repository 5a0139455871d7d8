import { z } from 'zod';
import { named, text, type View } from '../http/schema.js';
import { ClusterLink } from '../shared/audit.dto.js';

export const TopologyQuery = z.strictObject({
  root: text(63).min(1).describe('Name or id of a management cluster.'),
  depth: z
    .enum(['1', '2'])
    .default('1')
    .describe('`2`: also what the target clusters apply to others, and the objects that access to them rests on.'),
  collapse: z
    .string()
    .max(330)
    .regex(/^(?:namespace|label:.+)$/, 'Write `namespace` or `label:<key>`.')
    .optional()
    .describe('What stands for several: `namespace` of the objects, or `label:<key>` of the target clusters.'),
});
export type TopologyQuery = z.infer<typeof TopologyQuery>;

const count = z.int().min(0);
const StandingSchema = named(
  'TopologyStanding',
  z.object({
    total: count,
    failing: count,
    silent: count.describe('Fails, and nobody is told.'),
    suspended: count,
    notAlerted: count.describe('Nobody would hear of a failure.'),
    stale: count.describe('The last audit could not look at it.'),
  }),
  'Remote applies behind a node or an edge of the graph, by how they stand.',
  { total: 38, failing: 1, silent: 1, suspended: 0, notAlerted: 1, stale: 0 },
);

const STANDING = { total: 1, failing: 1, silent: 1, suspended: 0, notAlerted: 1, stale: 0 };
const EXAMPLE_CLUSTER = { id: 'cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D6', name: 'mgmt-eu-1' };

export const Topology = named(
  'Topology',
  z.object({
    root: ClusterLink,
    depth: z.int().min(1).max(2),
    collapse: z.string().nullable(),
    nodes: z.array(
      z.object({
        id: z.string().describe('Stable for as long as what it stands for; opaque.'),
        kind: z.enum(['managementCluster', 'object', 'credential', 'identity', 'targetCluster', 'accessObject']),
        label: z.string(),
        cluster: ClusterLink.nullable(),
        remoteApplyId: z.string().nullable().describe('Of an object that stands for one remote apply.'),
        findingId: z.string().nullable().describe('Of an access object: a finding that names it.'),
        members: z.int().min(1).describe('Things that it stands for.'),
        standing: StandingSchema,
      }),
    ),
    edges: z.array(
      z.object({
        from: z.string(),
        to: z.string(),
        relation: z.enum(['holds', 'uses', 'provesToBe', 'actsOn', 'restsOn']),
        standing: StandingSchema,
      }),
    ),
  }),
  'What a management cluster applies to others: objects, credentials, identities, target clusters.',
  {
    root: EXAMPLE_CLUSTER,
    depth: 1,
    collapse: null,
    nodes: [
      {
        id: `cluster/${EXAMPLE_CLUSTER.id}`,
        kind: 'managementCluster',
        label: 'mgmt-eu-1',
        cluster: EXAMPLE_CLUSTER,
        remoteApplyId: null,
        findingId: null,
        members: 1,
        standing: STANDING,
      },
      {
        id: 'object/rap_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
        kind: 'object',
        label: 'Kustomization payments/infra',
        cluster: null,
        remoteApplyId: 'rap_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
        findingId: null,
        members: 1,
        standing: STANDING,
      },
    ],
    edges: [
      {
        from: `cluster/${EXAMPLE_CLUSTER.id}`,
        to: 'object/rap_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
        relation: 'holds',
        standing: STANDING,
      },
    ],
  },
);
export type Topology = View<typeof Topology>;
