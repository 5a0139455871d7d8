import { describe, expect, it } from 'vitest';
import type { PodGroup } from '#libs/core';
import { podObject, SECRET, type Json } from '../../test/objects.js';
import { ClusterError } from '../cluster-error.js';
import { Fields } from './fields.js';
import { placedPod, PodGroupBuilder, projectRecordedPodGroup } from './pod-groups.js';

/** A pod of the ReplicaSet of `app`, with parts of its spec, status and metadata replaced. */
function pod(parts: { spec?: Json; status?: Json; metadata?: Json } = {}): Json {
  const object = podObject([{ image: 'nginx' }], { namespace: 'team-a', owner: 'app' });
  return {
    metadata: { ...(object['metadata'] as Json), ...parts.metadata },
    spec: { ...(object['spec'] as Json), nodeName: 'node-1', ...parts.spec },
    status: { phase: 'Running', startTime: '2026-10-02T00:00:00Z', ...parts.status },
  };
}

function groupsOf(...items: readonly Json[]): readonly PodGroup[] {
  const builder = new PodGroupBuilder();
  for (const item of items) {
    const placed = placedPod(Fields.of(item));
    if (placed) builder.add(placed);
  }
  return builder.build();
}

const groupOf = (parts: Parameters<typeof pod>[0]) => groupsOf(pod(parts))[0];
const owner = (reference: Json, labels: Json = {}) => ({ metadata: { ownerReferences: [reference], labels } });

describe('pods in groups', () => {
  it('are counted by node, each with its oldest start', () => {
    const at = (nodeName: string | undefined, startTime?: string) => pod({ spec: { nodeName }, status: { startTime } });
    const groups = groupsOf(
      at('node-1', '2026-10-02T00:00:00Z'),
      at('node-2', '2026-10-03T00:00:00Z'),
      at('node-1', '2026-10-01T00:00:00Z'),
      at('node-1'),
      at(undefined),
    );
    expect(groups).toEqual([
      {
        namespace: 'team-a',
        owner: { kind: 'Deployment', name: 'app' },
        serviceAccountName: 'default',
        risks: [],
        mirror: false,
        nodes: {
          'node-1': { count: 3, oldestStart: '2026-10-01T00:00:00Z' },
          'node-2': { count: 1, oldestStart: '2026-10-03T00:00:00Z' },
          '': { count: 1 },
        },
      },
    ]);
  });

  it.each<[string, Parameters<typeof pod>[0]]>([
    ['the namespace', { metadata: { namespace: 'team-b' } }],
    ['the owner', owner({ apiVersion: 'batch/v1', kind: 'Job', name: 'app', uid: 'j' })],
    ['the account', { spec: { serviceAccountName: 'other' } }],
    ['the runtime class', { spec: { runtimeClassName: 'gvisor' } }],
    ['the priority', { spec: { priorityClassName: 'high' } }],
    ['the tolerations', { spec: { tolerations: [{ operator: 'Exists' }] } }],
    ['the node selector', { spec: { nodeSelector: { pool: 'a' } } }],
    ['a risk', { spec: { hostNetwork: true } }],
    ['being a mirror', { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } }],
  ])('are kept apart by %s', (_title, parts) => {
    expect(groupsOf(pod(), pod(parts))).toHaveLength(2);
  });

  it.each<[string, Parameters<typeof pod>[0]]>([
    ['the name', { metadata: { name: 'other' } }],
    ['labels', { metadata: { labels: { 'pod-template-hash': 'abc12', a: 'b' } } }],
    ['other annotations', { metadata: { annotations: { a: SECRET } } }],
    ['the address', { status: { podIP: '10.0.0.1' } }],
  ])('are not kept apart by %s', (_title, parts) => {
    const groups = groupsOf(pod(), pod(parts));
    expect(groups).toHaveLength(1);
    expect(JSON.stringify(groups)).not.toContain(SECRET);
  });

  it('are not kept apart by how long they tolerate', () => {
    const tolerating = (tolerationSeconds: number) =>
      pod({ spec: { tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds }] } });
    expect(groupsOf(tolerating(300), tolerating(5))).toHaveLength(1);
  });

  it.each(['Succeeded', 'Failed'])('leave out what is finished: %s', (phase) => {
    expect(groupsOf(pod({ status: { phase } }))).toEqual([]);
  });

  it.each(['Pending', 'Running', 'Unknown', undefined])('hold what is %s', (phase) => {
    expect(groupsOf(pod({ status: { phase } }))).toHaveLength(1);
  });

  it('come in an order that pod names do not change', () => {
    const other = owner({ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: 'd' });
    expect(groupsOf(pod(), pod(other))).toEqual(groupsOf(pod(other), pod()));
  });

  it('cost little more for 10,000 pods than for one', () => {
    const builder = new PodGroupBuilder();
    const placed = placedPod(Fields.of(pod()));
    if (!placed) throw new Error('it is not finished');
    const first = builder.add(placed);
    let more = 0;
    for (let i = 0; i < 10_000; i += 1) more += builder.add(placed);
    expect(first).toBeGreaterThan(100);
    expect(more).toBe(0);
    expect(builder.build()[0]?.nodes['node-1']?.count).toBe(10_001);
  });
});

describe('the owner of a pod', () => {
  const reference = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'app-abc12', uid: 'r' };
  it.each<[string, Parameters<typeof pod>[0], PodGroup['owner']]>([
    ['of a Deployment', {}, { kind: 'Deployment', name: 'app' }],
    ['of a ReplicaSet alone', owner(reference), { kind: 'ReplicaSet', name: 'app-abc12' }],
    [
      'of a ReplicaSet with another hash',
      owner(reference, { 'pod-template-hash': 'zzz' }),
      { kind: 'ReplicaSet', name: 'app-abc12' },
    ],
    [
      'of a static pod',
      owner({ apiVersion: 'v1', kind: 'Node', name: 'node-1', uid: 'n' }),
      { kind: 'Node', name: 'node-1' },
    ],
    ['of nobody', { metadata: { ownerReferences: undefined } }, { kind: 'Pod', name: 'pod' }],
    [
      'of several, of which one controls it',
      {
        metadata: {
          ownerReferences: [
            { apiVersion: 'v1', kind: 'Thing', name: 'other', uid: 'o' },
            { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', uid: 's', controller: true },
          ],
        },
      },
      { kind: 'StatefulSet', name: 'db' },
    ],
  ])('%s', (_title, parts, expected) => {
    expect(groupOf(parts)?.owner).toEqual(expected);
  });
});

describe('the risks of a pod', () => {
  const privileged = { name: 'x', image: 'x', securityContext: { privileged: true } };
  it.each<[string, Json, readonly string[]]>([
    ['none', {}, []],
    ['a privileged container', { containers: [privileged] }, ['privileged']],
    ['a privileged init container', { initContainers: [privileged] }, ['privileged']],
    ['a privileged ephemeral container', { ephemeralContainers: [privileged] }, ['privileged']],
    [
      'a container that says it is not',
      { containers: [{ ...privileged, securityContext: { privileged: false } }] },
      [],
    ],
    ['a host process of Windows', { securityContext: { windowsOptions: { hostProcess: true } } }, ['privileged']],
    [
      'a path of the node',
      {
        volumes: [
          { name: 'a', emptyDir: {} },
          { name: 'b', hostPath: { path: '/' } },
        ],
      },
      ['hostPath'],
    ],
    [
      'all of them',
      {
        containers: [privileged],
        volumes: [{ name: 'b', hostPath: {} }],
        hostPID: true,
        hostIPC: true,
        hostNetwork: true,
      },
      ['privileged', 'hostPath', 'hostPID', 'hostIPC', 'hostNetwork'],
    ],
    ['none where the fields are false', { hostPID: false, hostIPC: false, hostNetwork: false }, []],
  ])('%s', (_title, spec, expected) => {
    expect(groupOf({ spec })?.risks).toEqual(expected);
  });

  it.each<[string, Json]>([
    ['a flag that is a text', { hostPID: 'true' }],
    [
      'a privilege that is a text',
      { containers: [{ name: 'x', image: 'x', securityContext: { privileged: 'true' } }] },
    ],
    ['volumes that are no list', { volumes: { hostPath: {} } }],
  ])('are not passed over for %s', (_title, spec) => {
    expect(() => groupOf({ spec })).toThrow(ClusterError);
  });
});

describe('a recorded group', () => {
  it('is read as it was', () => {
    const groups = groupsOf(
      pod(),
      pod({
        spec: {
          runtimeClassName: 'gvisor',
          priorityClassName: 'high',
          tolerations: [{ key: 'a', operator: 'Equal', value: 'b', effect: 'NoSchedule', tolerationSeconds: 5 }],
          nodeSelector: { pool: 'a' },
          hostPID: true,
        },
      }),
    );
    const recorded = JSON.parse(JSON.stringify(groups)) as readonly unknown[];
    expect(recorded.map((group) => projectRecordedPodGroup(group))).toEqual(groups);
  });

  it('loses what it cannot have', () => {
    const [group] = groupsOf(pod());
    const changed = { ...group, risks: ['everything'], env: SECRET };
    expect(projectRecordedPodGroup(changed)).toEqual(group);
  });
});
