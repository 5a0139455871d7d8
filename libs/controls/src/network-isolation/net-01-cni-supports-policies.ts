import {
  CLUSTER_SUBJECT,
  type Artifacts,
  type Observation,
  defineControl,
  fail,
  nameList,
  notEvaluated,
  objectReference,
  pass,
} from '#libs/core';
import { type FoundPlugin, networkPlugins } from './network-plugins.js';
import { WHY, coverage, notes, title } from './plugin-coverage.js';

const MAX_EVIDENCE = 5;

function refused(found: readonly FoundPlugin[]): Observation {
  const worst = found.find(({ state }) => state === 'disabled') ?? found[0];
  const [first, ...more] = found.flatMap((each) => each.evidence ?? []).slice(0, MAX_EVIDENCE);
  if (!first) throw new Error('A plugin that enforces no policies comes with evidence.');
  const off = worst?.state === 'disabled';
  return fail(
    CLUSTER_SUBJECT,
    off ? 'POLICIES_DISABLED' : 'POLICIES_UNSUPPORTED',
    `${found.map((each) => `${title(each)} ${each.why}`).join('; ')}. ${WHY} ` +
      (off
        ? 'Switch the policies of the plugin on.'
        : 'Use a network plugin that enforces policies, or run kube-network-policies or Calico in policy-only mode beside it.'),
    { evidence: [first, ...more], confidence: 'derived' },
  );
}

export const cniSupportsPolicies = defineControl({
  id: 'FLUX-NET-01',
  title: 'The network plugin enforces network policies',
  family: 'Network isolation',
  severity: 'high',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'The API server takes NetworkPolicies whether or not anything enforces them. ' +
    'Flux ships policies that keep the artifacts of tenants apart, and recommends a network plugin that enforces them.',
  audit:
    'Network plugins are known by their DaemonSets and images: Calico, Canal, Cilium, GKE Dataplane V2, Antrea, Weave Net, kube-router, OVN-Kubernetes, OpenShift SDN, the Amazon VPC CNI, Azure NPM, kindnet, Flannel and kube-network-policies; the controller of k3s by its nodes. ' +
    'Of several one that enforces policies is enough. Their switches are read: `cilium-config`, the arguments of `aws-eks-nodeagent` and kube-router, `EXPECT_NPC` of Weave Net, and `--disable-network-policy` of k3s. ' +
    'The plugin must have ready pods and must not leave out nodes on which Flux or workloads run. ' +
    'What is not known is not judged. That policies are enforced in fact is not proven here.',
  remediation:
    'Use a network plugin that enforces NetworkPolicies, and switch them on: `--enable-network-policy=true` of the Amazon VPC CNI, `enable-policy: default` of Cilium, no `--disable-network-policy` of k3s. ' +
    'Beside a plugin that has none, run kube-network-policies or Calico in policy-only mode.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#network-isolation',
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites',
  ],
  requires: ['daemonSets', 'nodes', 'platformConfigMaps', 'pods'],
  optional: ['podGroups'],
  examples: {
    passing: [
      {
        title: 'Flannel with Calico for policies',
        yaml: `
          apiVersion: apps/v1
          kind: DaemonSet
          metadata: { name: canal, namespace: kube-system }
          containers:
            - { name: calico-node, image: 'docker.io/calico/node:v3.30.0' }
            - { name: kube-flannel, image: 'docker.io/flannel/flannel:v0.26.0' }
          status: { desired: 3, ready: 3 }`,
      },
    ],
    failing: [
      {
        title: 'Flannel alone',
        yaml: `
          apiVersion: apps/v1
          kind: DaemonSet
          metadata: { name: kube-flannel-ds, namespace: kube-flannel }
          containers: [{ name: kube-flannel, image: 'docker.io/flannel/flannel:v0.26.0' }]
          status: { desired: 3, ready: 3 }`,
      },
    ],
  },
  evaluate: (artifacts) => {
    const found = networkPlugins(artifacts);
    const enabled = found.filter(({ state }) => state === 'enabled');
    if (enabled.length > 0) {
      const names = nameList(enabled.map(title));
      const doubts = enabled.flatMap(({ plugin, doubt }) =>
        doubt === undefined || plugin === 'Weave Net' ? [] : [` ${doubt}`],
      );
      return [
        pass(
          CLUSTER_SUBJECT,
          'POLICIES_ENFORCED',
          `${names} enforces network policies, as far as its settings tell.${doubts.join('')}`,
          {
            confidence: 'derived',
            evidence: enabled.flatMap(({ daemonSet }) =>
              daemonSet
                ? [
                    {
                      object: objectReference(daemonSet),
                      pointer: '/status/ready',
                      observed: daemonSet.status.ready,
                      expected: String(daemonSet.status.desired),
                    },
                  ]
                : [],
            ),
          },
        ),
        ...coverage(enabled, artifacts, artifacts.podGroups),
        ...notes(enabled),
      ];
    }
    const unknown = found.find(({ state }) => state === 'unknown');
    if (unknown || found.length === 0) {
      const what = unknown
        ? `${title(unknown)} ${unknown.why}, so it cannot be told whether network policies are enforced.`
        : 'No network plugin that Plimsoll knows was found, so it cannot be told whether network policies are enforced.';
      return [
        notEvaluated(
          CLUSTER_SUBJECT,
          'undecidable',
          unknown ? 'CNI_UNDECIDED' : 'CNI_UNKNOWN',
          `${what} Test it with a pod that a policy refuses.`,
          {
            evidence: unknown?.evidence ?? [],
            missing: unknown ? missingOf(unknown, artifacts) : [],
          },
        ),
      ];
    }
    return [refused(found)];
  },
});

/** What would have to be readable to decide. */
function missingOf({ daemonSet }: FoundPlugin, { platformConfigMaps }: Pick<Artifacts, 'platformConfigMaps'>) {
  const config = platformConfigMaps[`${daemonSet?.metadata.namespace ?? 'kube-system'}/cilium-config`];
  return daemonSet && config?.state === 'unavailable' ? config.missing : [];
}
