import {
  CLUSTER_SUBJECT,
  type Artifacts,
  type Collected,
  type Node,
  type Observation,
  type PodGroup,
  fail,
  notEvaluatedBecause,
  objectReference,
  subjectOf,
  warn,
} from '#libs/core';
import type { FoundPlugin } from './network-plugins.js';

const FARGATE = 'eks.amazonaws.com/compute-type';
export const WHY =
  'Policies that nobody enforces are accepted and have no effect, so Flux and the tenants are not separated by them.';

export function title({ plugin, daemonSet }: FoundPlugin): string {
  return daemonSet ? `${plugin} (DaemonSet ${daemonSet.metadata.namespace ?? ''}/${daemonSet.metadata.name})` : plugin;
}

/** Nodes that a DaemonSet's own selector leaves out. */
function leavesOut({ daemonSet }: FoundPlugin, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  return Object.entries(daemonSet?.nodeSelector ?? {}).some(([key, value]) => labels[key] !== value);
}

/** Nodes that run Flux or workloads, and on which nothing enforces policies. */
export function coverage(
  enabled: readonly FoundPlugin[],
  { nodes, pods }: Pick<Artifacts, 'nodes' | 'pods'>,
  podGroups: Collected<readonly PodGroup[]>,
): readonly Observation[] {
  const withFlux = new Set(pods.flatMap(({ spec }) => spec.nodeName ?? []));
  const fargate = nodes.filter(
    ({ metadata }) => metadata.labels?.[FARGATE] === 'fargate' && withFlux.has(metadata.name),
  );
  const onFargate = fargate.map((node) =>
    fail(
      subjectOf(node),
      'FLUX_ON_FARGATE',
      `Flux runs on the Fargate node ${node.metadata.name}, where the Amazon VPC CNI enforces no policies. ${WHY} Run Flux on other nodes.`,
      {
        evidence: [
          {
            object: objectReference(node),
            pointer: '/metadata/labels/eks.amazonaws.com~1compute-type',
            observed: 'fargate',
            expected: 'nodes on which the network plugin runs',
          },
        ],
        confidence: 'derived',
      },
    ),
  );
  const open = nodes.filter((node) => !fargate.includes(node) && enabled.every((plugin) => leavesOut(plugin, node)));
  if (open.length === 0) return onFargate;
  if (podGroups.state === 'unavailable')
    return [...onFargate, notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: 'nodes' }, podGroups)];
  const system = enabled.flatMap(({ daemonSet }) => daemonSet?.metadata.namespace ?? []);
  const used = new Set([
    ...withFlux,
    ...podGroups.value
      .filter(({ owner, namespace, mirror }) => !mirror && owner.kind !== 'DaemonSet' && !system.includes(namespace))
      .flatMap((group) => Object.keys(group.nodes)),
  ]);
  return [
    ...onFargate,
    ...open
      .filter(({ metadata }) => used.has(metadata.name))
      .map((node) =>
        fail(
          subjectOf(node),
          'NODE_WITHOUT_PLUGIN',
          `Node ${node.metadata.name} runs ${withFlux.has(node.metadata.name) ? 'Flux' : 'workloads'}, but the node selector of ${enabled.map(title).join(' and ')} leaves it out. ${WHY} Let the plugin run on every node.`,
          {
            evidence: [
              {
                object: objectReference(node),
                pointer: '/metadata/labels',
                observed: node.metadata.labels ?? null,
                expected: enabled.map(({ daemonSet }) => JSON.stringify(daemonSet?.nodeSelector ?? {})).join(' or '),
              },
            ],
            confidence: 'derived',
          },
        ),
      ),
  ];
}

/** What is doubtful about plugins that enforce policies. */
export function notes(enabled: readonly FoundPlugin[]): readonly Observation[] {
  return enabled.flatMap((plugin) => {
    const { daemonSet, doubt } = plugin;
    const subject = daemonSet ? subjectOf(daemonSet) : CLUSTER_SUBJECT;
    const { ready = 0, desired = 0 } = daemonSet?.status ?? {};
    return [
      ...(daemonSet && ready < desired
        ? [
            warn(
              subject,
              'PLUGIN_NOT_READY',
              `${title(plugin)} is ready on ${ready} of ${desired} nodes. On the others no policy is enforced for new pods. See why its pods do not start.`,
              {
                severity: 'medium',
                confidence: 'derived',
                evidence: [
                  {
                    object: objectReference(daemonSet),
                    pointer: '/status/ready',
                    observed: ready,
                    expected: String(desired),
                  },
                ],
              },
            ),
          ]
        : []),
      ...(plugin.plugin === 'Weave Net' && doubt !== undefined
        ? [
            warn(
              subject,
              'PLUGIN_ARCHIVED',
              `${title(plugin)} enforces policies. ${doubt} Move to a plugin that is maintained.`,
              { severity: 'low', confidence: 'derived' },
            ),
          ]
        : []),
    ];
  });
}
