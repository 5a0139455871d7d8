import type { DaemonSet, ProgramContainer } from '#libs/core';
import { defined, Fields } from './fields.js';
import { namespacedMetadata } from './metadata.js';
import { programContainer, recordedProgramContainer, repositoryName, type KeptSettings } from './program-containers.js';

/**
 * Programs whose flags or variables decide whether network policies are enforced, by container name or image: the node
 * agent of the Amazon VPC CNI, kube-router, and the policy controller of Weave Net.
 */
const JUDGED: Readonly<Record<string, KeptSettings>> = {
  'aws-eks-nodeagent': { arguments: true, environment: /^NETWORK_POLICY_ENFORCING_MODE$/ },
  'aws-network-policy-agent': { arguments: true, environment: /^NETWORK_POLICY_ENFORCING_MODE$/ },
  'aws-node': { arguments: false, environment: /^NETWORK_POLICY_ENFORCING_MODE$/ },
  'amazon-k8s-cni': { arguments: false, environment: /^NETWORK_POLICY_ENFORCING_MODE$/ },
  'kube-router': { arguments: true },
  'weave-npc': { arguments: false, environment: /^EXPECT_NPC$/ },
  weave: { arguments: false, environment: /^EXPECT_NPC$/ },
  'weave-kube': { arguments: false, environment: /^EXPECT_NPC$/ },
};
const NOTHING: KeptSettings = { arguments: false };

/** A DaemonSet: which network plugin runs, how it is set, and on how many of its nodes it is ready. */
export function projectDaemonSet(item: unknown): DaemonSet {
  const object = Fields.of(item);
  const pod = object.needChild('spec').needChild('template').needChild('spec');
  const status = object.child('status');
  return daemonSet(object, {
    containers: (pod.children('containers') ?? []).map((fields) => programContainer(fields, settingsOf(fields))),
    nodeSelector: pod.textMap('nodeSelector'),
    desired: status?.count('desiredNumberScheduled') ?? 0,
    ready: status?.count('numberReady') ?? 0,
  });
}

/** One of a recorded snapshot. */
export function projectRecordedDaemonSet(item: unknown): DaemonSet {
  const object = Fields.of(item);
  const status = object.needChild('status');
  return daemonSet(object, {
    containers: (object.children('containers') ?? []).map((fields) =>
      recordedProgramContainer(fields, settingsOf(fields)),
    ),
    nodeSelector: object.textMap('nodeSelector'),
    desired: status.count('desired') ?? 0,
    ready: status.count('ready') ?? 0,
  });
}

interface DaemonSetParts {
  readonly containers: readonly ProgramContainer[];
  readonly nodeSelector: Readonly<Record<string, string>> | undefined;
  readonly desired: number;
  readonly ready: number;
}

function daemonSet(object: Fields, { containers, nodeSelector, desired, ready }: DaemonSetParts): DaemonSet {
  return defined<DaemonSet>({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: namespacedMetadata(object),
    containers,
    ...(nodeSelector && { nodeSelector }),
    status: { desired, ready },
  });
}

function settingsOf(container: Fields): KeptSettings {
  for (const name of [container.text('name') ?? '', repositoryName(container.text('image') ?? '')]) {
    const settings = Object.hasOwn(JUDGED, name) ? JUDGED[name] : undefined;
    if (settings) return settings;
  }
  return NOTHING;
}
