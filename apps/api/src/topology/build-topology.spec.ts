import { describe, expect, it } from 'vitest';
import type { AccessObjectRow, TopologyRow } from '#libs/persistence';
import { buildTopology, suggestedCollapse } from './build-topology.js';
import { collapseOf } from './collapse.js';

const ROOT = { id: 'cls_hub', name: 'hub' };
let ids = 0;

function row(changes: Partial<TopologyRow> = {}): TopologyRow {
  ids += 1;
  return {
    id: `rap_${ids}`,
    clusterId: ROOT.id,
    clusterName: ROOT.name,
    kind: 'Kustomization',
    namespace: 'payments',
    name: `app-${ids}`,
    targetState: 'registered',
    targetClusterId: 'cls_a',
    targetClusterName: 'a',
    targetAddress: 'https://a:443',
    targetLabels: { site: 'lyon' },
    auth: { method: 'serviceAccountToken', source: { kind: 'Secret', namespace: 'payments', name: 'kubeconfig' } },
    identity: { kind: 'serviceAccount', name: 'flux/remote' },
    suspended: false,
    cause: null,
    alertCovered: true,
    silent: false,
    stale: false,
    ...changes,
  };
}
const graph = (rows: readonly TopologyRow[], collapse?: string, access: readonly AccessObjectRow[] = []) =>
  buildTopology(ROOT, rows, access, collapseOf(collapse));
const shown = (rows: readonly TopologyRow[], collapse?: string) =>
  graph(rows, collapse).nodes.map(({ kind, label, members }) => `${kind} ${label} ${members}`);

describe('the graph', () => {
  it('goes from the management cluster by object, credential and identity to the target', () => {
    const one = row({ name: 'infra' });
    const { nodes, edges } = graph([one]);
    expect(nodes.map(({ kind, label }) => [kind, label])).toEqual([
      ['managementCluster', 'hub'],
      ['object', 'Kustomization payments/infra'],
      ['targetCluster', 'a'],
      ['identity', 'flux/remote'],
      ['credential', 'Secret payments/kubeconfig'],
    ]);
    expect(edges.map(({ relation }) => relation)).toEqual(['holds', 'uses', 'provesToBe', 'actsOn']);
    const labels = new Set(nodes.map(({ id }) => id));
    for (const { from, to } of edges) expect([labels.has(from), labels.has(to)]).toEqual([true, true]);
    expect(nodes.find(({ kind }) => kind === 'object')?.remoteApplyId).toBe(one.id);
    expect(nodes.find(({ kind }) => kind === 'targetCluster')?.cluster).toEqual({ id: 'cls_a', name: 'a' });
  });

  it('has a root even where nothing is applied', () => {
    expect(shown([])).toEqual(['managementCluster hub 1']);
  });

  it('has one node for what objects share, and counts how they stand', () => {
    const { nodes } = graph([
      row({ cause: 'NETWORK', silent: true, alertCovered: false }),
      row({ suspended: true, stale: true }),
    ]);
    expect(nodes.filter(({ kind }) => kind === 'credential')).toHaveLength(1);
    const target = nodes.find(({ kind }) => kind === 'targetCluster');
    expect(target?.standing).toEqual({ total: 2, failing: 1, silent: 1, suspended: 1, notAlerted: 1, stale: 1 });
  });

  it('keeps equal names on different targets apart', () => {
    const other = row({ targetClusterId: 'cls_b', targetClusterName: 'b' });
    expect(graph([row(), other]).nodes.filter(({ kind }) => kind === 'identity')).toHaveLength(2);
  });

  it('leads objects without a credential to their target all the same', () => {
    const broken = row({ auth: { method: 'none' }, targetState: 'broken', targetClusterId: null, targetAddress: null });
    const { nodes, edges } = graph([broken]);
    expect(nodes.map(({ kind }) => kind)).not.toContain('credential');
    expect(edges.map(({ relation }) => relation)).toEqual(['holds', 'provesToBe', 'actsOn']);
  });

  it('shows a target that applies to others as one node', () => {
    const next = row({ clusterId: 'cls_a', clusterName: 'a', targetClusterId: 'cls_c', targetClusterName: 'c' });
    const { nodes } = graph([row(), next]);
    expect(nodes.filter(({ id }) => id === 'cluster/cls_a')).toHaveLength(1);
  });

  it('hangs access objects on the clusters that it shows', () => {
    const object = { kind: 'ClusterRoleBinding', namespace: null, name: 'flux', findingId: 'fnd_1' };
    const { nodes, edges } = graph([row()], undefined, [
      { ...object, clusterId: 'cls_a' },
      { ...object, clusterId: 'cls_elsewhere' },
    ]);
    expect(nodes.filter(({ kind }) => kind === 'accessObject')).toMatchObject([
      { label: 'ClusterRoleBinding flux', findingId: 'fnd_1' },
    ]);
    expect(edges.filter(({ relation }) => relation === 'restsOn')).toMatchObject([{ from: 'cluster/cls_a' }]);
  });
});

describe('collapsed', () => {
  const rows = [
    row(),
    row({ targetClusterId: 'cls_b', targetClusterName: 'b' }),
    row({ namespace: 'retail', targetClusterId: 'cls_c', targetClusterName: 'c', targetLabels: { site: 'paris' } }),
    row({ namespace: 'retail', targetClusterId: 'cls_d', targetClusterName: 'd', targetLabels: {} }),
    row({ targetState: 'unregistered', targetClusterId: null, targetAddress: 'https://x:443', targetLabels: {} }),
  ];

  it('by namespace, objects are one node each namespace', () => {
    const labels = shown(rows, 'namespace').filter((text) => text.startsWith('object'));
    expect(labels).toEqual(['object payments 3', 'object retail 2']);
  });

  it('by label, target clusters are one node each value', () => {
    const labels = shown(rows, 'label:site').filter((text) => text.startsWith('targetCluster'));
    expect(labels).toEqual([
      'targetCluster lyon 2',
      'targetCluster paris 1',
      'targetCluster (no label) 1',
      'targetCluster (unregistered) 1',
    ]);
  });

  it('a value that looks like a group of ours is none', () => {
    const odd = row({ targetLabels: { site: '(no label)' } });
    expect(
      graph([odd, row({ targetLabels: {} })], 'label:site').nodes.filter(({ kind }) => kind === 'targetCluster'),
    ).toHaveLength(2);
  });
});

describe('the suggestion', () => {
  const many = Array.from({ length: 60 }, (_, index) =>
    row({
      namespace: `ns-${index}`,
      auth: { method: 'token', source: { kind: 'Secret', namespace: `ns-${index}`, name: 'kubeconfig' } },
      targetClusterId: `cls_${index}`,
      targetClusterName: `c-${index}`,
      targetLabels: { site: `s-${index % 10}`, env: 'prod' },
    }),
  );
  it('is the one that fits and shows most', () => {
    const current = graph(many).nodes.length;
    const sizes = (['namespace', 'label:site', 'label:env'] as const).map((way) => graph(many, way).nodes.length);
    const limit = Math.max(...sizes.filter((size) => size < current)) - 1;
    const best = suggestedCollapse(ROOT, many, [], limit, current);
    expect(best).toEqual(collapseOf('label:env'));
    expect(suggestedCollapse(ROOT, many, [], 1, current)).toEqual(collapseOf('label:env'));
  });

  it('is missing where nothing helps', () => {
    expect(suggestedCollapse(ROOT, [row()], [], 1, 1)).toBeUndefined();
  });
});
