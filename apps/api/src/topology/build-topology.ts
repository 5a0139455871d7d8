import type { AccessObjectRow, TopologyRow } from '#libs/persistence';
import {
  type Collapse,
  type Naming,
  credentialNaming,
  identityNaming,
  objectNaming,
  targetNaming,
} from './collapse.js';

export type NodeKind = 'managementCluster' | 'object' | 'credential' | 'identity' | 'targetCluster' | 'accessObject';

/** Remote applies behind a node or an edge, by how they stand. */
export interface Standing {
  readonly total: number;
  readonly failing: number;
  readonly silent: number;
  readonly suspended: number;
  /** Nobody would hear of a failure. */
  readonly notAlerted: number;
  readonly stale: number;
}

export interface TopologyNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  readonly cluster: { readonly id: string; readonly name: string } | null;
  /** The remote apply that it is, where it stands for one. */
  readonly remoteApplyId: string | null;
  readonly findingId: string | null;
  /** Things that it stands for. */
  readonly members: number;
  readonly standing: Standing;
}

export interface TopologyEdge {
  readonly from: string;
  readonly to: string;
  readonly relation: 'holds' | 'uses' | 'provesToBe' | 'actsOn' | 'restsOn';
  readonly standing: Standing;
}

export interface Graph {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
}

type Counts = { -readonly [K in keyof Standing]: Standing[K] };
type MutableNode = Omit<TopologyNode, 'members' | 'standing' | 'remoteApplyId'> & {
  remoteApplyId: string | null;
  readonly members: Set<string>;
  readonly standing: Counts;
};

const nothing = (): Counts => ({ total: 0, failing: 0, silent: 0, suspended: 0, notAlerted: 0, stale: 0 });

function count(standing: Counts, row: TopologyRow): void {
  standing.total += 1;
  if (row.cause !== null) standing.failing += 1;
  if (row.silent === true) standing.silent += 1;
  if (row.suspended) standing.suspended += 1;
  if (row.alertCovered === false) standing.notAlerted += 1;
  if (row.stale) standing.stale += 1;
}

/** Collects nodes and edges; what has the same key is one. */
class GraphBuilder {
  private readonly nodes = new Map<string, MutableNode>();
  private readonly edges = new Map<string, TopologyEdge & { readonly standing: Counts }>();

  node(kind: NodeKind, { key, label }: Naming, more: Partial<Pick<MutableNode, 'cluster' | 'findingId'>> = {}) {
    const known = this.nodes.get(key);
    if (known) return known;
    const made: MutableNode = {
      id: key,
      kind,
      label,
      cluster: null,
      findingId: null,
      remoteApplyId: null,
      members: new Set(),
      standing: nothing(),
      ...more,
    };
    this.nodes.set(key, made);
    return made;
  }

  edge(from: string, to: string, relation: TopologyEdge['relation'], row?: TopologyRow): void {
    const key = JSON.stringify([from, to, relation]);
    const edge = this.edges.get(key) ?? { from, to, relation, standing: nothing() };
    this.edges.set(key, edge);
    if (row) count(edge.standing, row);
  }

  get graph(): Graph {
    return {
      nodes: [...this.nodes.values()].map(({ members, ...node }) => ({ ...node, members: Math.max(1, members.size) })),
      edges: [...this.edges.values()],
    };
  }
}

function add(graph: GraphBuilder, row: TopologyRow, collapse: Collapse): void {
  const hub = graph.node(
    'managementCluster',
    { key: `cluster/${row.clusterId}`, label: row.clusterName },
    { cluster: { id: row.clusterId, name: row.clusterName } },
  );
  const object = graph.node('object', objectNaming(row, collapse));
  object.members.add(row.id);
  object.remoteApplyId = object.members.size === 1 ? row.id : null;
  const target = graph.node('targetCluster', targetNaming(row, collapse), {
    cluster:
      collapse.by !== 'label' && row.targetClusterId !== null
        ? { id: row.targetClusterId, name: row.targetClusterName ?? '' }
        : null,
  });
  target.members.add(row.targetClusterId ?? row.targetAddress ?? row.id);
  const identity = graph.node('identity', identityNaming(row, collapse));
  const named = credentialNaming(row, collapse);
  const credential = named && graph.node('credential', named);
  credential?.members.add(JSON.stringify(row.auth.source));
  for (const node of [hub, object, target, identity, credential]) if (node) count(node.standing, row);
  graph.edge(hub.id, object.id, 'holds', row);
  if (credential) {
    graph.edge(object.id, credential.id, 'uses', row);
    graph.edge(credential.id, identity.id, 'provesToBe', row);
  } else graph.edge(object.id, identity.id, 'provesToBe', row);
  graph.edge(identity.id, target.id, 'actsOn', row);
}

/**
 * The graph of remote applies: management cluster, Flux objects, credentials, identities, target clusters, and the
 * objects that access to them rests on. What `collapse` takes together is one node.
 */
export function buildTopology(
  root: { readonly id: string; readonly name: string },
  rows: readonly TopologyRow[],
  accessObjects: readonly AccessObjectRow[],
  collapse: Collapse,
): Graph {
  const graph = new GraphBuilder();
  graph.node('managementCluster', { key: `cluster/${root.id}`, label: root.name }, { cluster: root });
  for (const row of rows) add(graph, row, collapse);
  const targets = new Map(
    rows.flatMap((row) =>
      row.targetClusterId === null ? [] : [[row.targetClusterId, targetNaming(row, collapse).key]],
    ),
  );
  for (const { clusterId, kind, namespace, name, findingId } of accessObjects) {
    const target = targets.get(clusterId);
    if (target === undefined) continue;
    const label = `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;
    const key = collapse.by === 'label' ? `access/${target}/${kind}` : `access/${clusterId}/${label}`;
    const node = graph.node('accessObject', { key, label: collapse.by === 'label' ? kind : label }, { findingId });
    node.members.add(`${clusterId}/${label}`);
    graph.edge(target, node.id, 'restsOn');
  }
  return graph.graph;
}

/** Label keys beyond so many are not tried. */
const MOST_KEYS = 6;

/**
 * The way of collapsing that shows most and still fits; where none does, the one that leaves the fewest nodes.
 * Undefined where nothing helps.
 */
export function suggestedCollapse(
  root: { readonly id: string; readonly name: string },
  rows: readonly TopologyRow[],
  accessObjects: readonly AccessObjectRow[],
  limit: number,
  current: number,
): Collapse | undefined {
  const keys = [...new Set(rows.flatMap(({ targetLabels }) => Object.keys(targetLabels)))].toSorted();
  const ways: readonly Collapse[] = [
    { by: 'namespace' },
    ...keys.slice(0, MOST_KEYS).map((key): Collapse => ({ by: 'label', key })),
  ];
  const tried = ways
    .map((collapse) => ({ collapse, nodes: buildTopology(root, rows, accessObjects, collapse).nodes.length }))
    .filter(({ nodes }) => nodes < current)
    .toSorted((a, b) => a.nodes - b.nodes);
  return (tried.findLast(({ nodes }) => nodes <= limit) ?? tried[0])?.collapse;
}
