import type { ConfigMap, DaemonSet, Evidence, JsonValue, ProgramContainer } from '#libs/core';
import { objectReference } from '#libs/core';

/** Whether a network plugin enforces NetworkPolicies as it is set. */
export interface PluginState {
  readonly state: 'enabled' | 'disabled' | 'unsupported' | 'unknown';
  /** Continues the name of the plugin, without a full stop. */
  readonly why: string;
  readonly evidence?: readonly Evidence[];
  /** Works, but is worth a word. */
  readonly doubt?: string;
}

/** `null` = it does not exist; undefined = it could not be read. */
export type ConfigMapReader = (namespace: string, name: string) => ConfigMap | null | undefined;

/** How to know a network plugin by its DaemonSet, and what switches its policies on and off. */
export interface PluginSignature {
  readonly plugin: string;
  /** Names of the DaemonSet. */
  readonly names: RegExp;
  /** Its images, where distributions rename it. */
  readonly images?: RegExp;
  readonly namespaces?: RegExp;
  test(daemonSet: DaemonSet, read: ConfigMapReader): PluginState;
}

const ENABLED: PluginState = { state: 'enabled', why: 'enforces network policies' };

function at(daemonSet: DaemonSet, pointer: string, observed: JsonValue, expected: string): readonly Evidence[] {
  return [{ object: objectReference(daemonSet), pointer, observed, expected }];
}

function containerOf(daemonSet: DaemonSet, names: readonly string[]): readonly [ProgramContainer, string] | undefined {
  const index = daemonSet.containers.findIndex(
    ({ name, image }) => names.includes(name) || names.includes(imageName(image)),
  );
  const found = daemonSet.containers[index];
  return found && [found, `/containers/${index}`];
}

/** `quay.io/calico/node:v3.29.0@sha256:…` → `node`. */
function imageName(image: string): string {
  const path = image.split('@', 1)[0] ?? '';
  return path.slice(path.lastIndexOf('/') + 1).split(':', 1)[0] ?? '';
}

function imageTag(image: string): string {
  return /:([^:/@]+)(?:@|$)/.exec(image)?.[1] ?? '';
}

/** The value of a boolean flag, the last occurrence; undefined where it is not given. */
function booleanFlag(
  args: readonly string[],
  flag: string,
): { readonly value: boolean; readonly index: number } | undefined {
  const index = args.findLastIndex((argument) => argument === flag || argument.startsWith(`${flag}=`));
  if (index < 0) return undefined;
  return { value: !/=(?:false|f|0)$/i.test(args[index] ?? ''), index };
}

/** https://docs.cilium.io/en/stable/security/policy/intro/ */
function cilium(daemonSet: DaemonSet, read: ConfigMapReader): PluginState {
  const namespace = daemonSet.metadata.namespace ?? 'kube-system';
  const config = read(namespace, 'cilium-config');
  if (config === undefined) {
    return {
      state: 'unknown',
      why: `has its settings in the ConfigMap ${namespace}/cilium-config, which could not be read`,
    };
  }
  const data = config?.data ?? {};
  const off = (['enable-policy', 'policy-audit-mode', 'enable-k8s-networkpolicy'] as const).find((key) => {
    const value = data[key]?.toLowerCase();
    return key === 'enable-policy' ? value === 'never' : value === (key === 'policy-audit-mode' ? 'true' : 'false');
  });
  if (!config || off === undefined) return ENABLED;
  const expected = {
    'enable-policy': 'default or always',
    'policy-audit-mode': 'false',
    'enable-k8s-networkpolicy': 'true',
  };
  return {
    state: 'disabled',
    why: `runs with ${off}: ${data[off] ?? ''}, and so enforces no policies`,
    evidence: [
      {
        object: objectReference(config),
        pointer: `/data/${off}`,
        observed: data[off] ?? null,
        expected: expected[off],
      },
    ],
  };
}

const AWS_AGENT = ['aws-eks-nodeagent', 'aws-network-policy-agent'];
const AWS_FLAG = '--enable-network-policy';

/** https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html */
function awsNode(daemonSet: DaemonSet): PluginState {
  const agent = containerOf(daemonSet, AWS_AGENT);
  if (!agent) {
    const why = 'has no agent for policies (aws-eks-nodeagent), which came with version 1.14';
    return {
      state: 'disabled',
      why,
      evidence: at(
        daemonSet,
        '/containers',
        daemonSet.containers.map(({ name }) => name),
        'a container aws-eks-nodeagent',
      ),
    };
  }
  const [container, pointer] = agent;
  const flag = booleanFlag(container.args ?? [], AWS_FLAG);
  if (flag?.value === true) {
    const mode = container.env?.['NETWORK_POLICY_ENFORCING_MODE'] ?? 'standard';
    return mode === 'strict'
      ? ENABLED
      : { ...ENABLED, doubt: 'In its standard mode a new pod is open until its policies are in place.' };
  }
  return {
    state: 'disabled',
    why: `runs without ${AWS_FLAG}=true, and so enforces no policies`,
    evidence: at(
      daemonSet,
      flag ? `${pointer}/args/${flag.index}` : `${pointer}/name`,
      flag ? (container.args?.[flag.index] ?? null) : container.name,
      `${AWS_FLAG}=true`,
    ),
  };
}

/** kindnet enforces policies since kind v0.24.0. https://github.com/kubernetes-sigs/kind/releases/tag/v0.24.0 */
const KINDNET_WITH_POLICIES = '20240813';

function kindnet(daemonSet: DaemonSet): PluginState {
  const [container, pointer] = containerOf(daemonSet, ['kindnet-cni', 'kindnetd']) ?? [
    daemonSet.containers[0],
    '/containers/0',
  ];
  const date = /^v?(\d{8})\b/.exec(imageTag(container?.image ?? ''))?.[1];
  if (date === undefined) return { state: 'unknown', why: 'has an image whose age cannot be told' };
  if (date >= KINDNET_WITH_POLICIES) return ENABLED;
  return {
    state: 'unsupported',
    why: 'is older than kind v0.24.0, and enforces no policies',
    evidence: at(
      daemonSet,
      `${pointer}/image`,
      container?.image ?? null,
      `a tag of v${KINDNET_WITH_POLICIES} or later`,
    ),
  };
}

function weave(daemonSet: DaemonSet): PluginState {
  const controller = containerOf(daemonSet, ['weave-npc']);
  const doubt = 'Its project is archived.';
  if (!controller) {
    const why = 'runs without weave-npc, and so enforces no policies';
    return {
      state: 'disabled',
      why,
      doubt,
      evidence: at(
        daemonSet,
        '/containers',
        daemonSet.containers.map(({ name }) => name),
        'a container weave-npc',
      ),
    };
  }
  const index = daemonSet.containers.findIndex(({ env }) => env?.['EXPECT_NPC'] === '0');
  if (index < 0) return { ...ENABLED, doubt };
  const why = 'runs with EXPECT_NPC=0, and so enforces no policies';
  return {
    state: 'disabled',
    why,
    doubt,
    evidence: at(daemonSet, `/containers/${index}/env/EXPECT_NPC`, '0', '1, or absent'),
  };
}

/** https://www.kube-router.io/docs/user-guide/ */
function kubeRouter(daemonSet: DaemonSet): PluginState {
  const [container, pointer] = containerOf(daemonSet, ['kube-router']) ?? [daemonSet.containers[0], '/containers/0'];
  const flag = booleanFlag(container?.args ?? [], '--run-firewall');
  if (!container || flag?.value !== false) return ENABLED;
  const why = 'runs with --run-firewall=false, and so enforces no policies';
  return {
    state: 'disabled',
    why,
    evidence: at(
      daemonSet,
      `${pointer}/args/${flag.index}`,
      container.args?.[flag.index] ?? null,
      '--run-firewall=true, or absent',
    ),
  };
}

const always = (): PluginState => ENABLED;

/** The DaemonSets of network plugins, and of what enforces policies beside one. */
export const PLUGIN_SIGNATURES: readonly PluginSignature[] = [
  {
    plugin: 'Calico',
    names: /^calico-node(-windows)?$/,
    images: /(^|\/)(mirrored-)?calico[/-]node([:@]|$)/,
    test: always,
  },
  { plugin: 'Canal', names: /^(rke2-)?canal$/, test: always },
  { plugin: 'Cilium', names: /^cilium$/, images: /(^|\/)(mirrored-)?cilium[/-]cilium([:@]|$)/, test: cilium },
  { plugin: 'GKE Dataplane V2', names: /^anetd$/, namespaces: /^kube-system$/, test: always },
  { plugin: 'Antrea', names: /^antrea-agent$/, test: always },
  { plugin: 'Weave Net', names: /^weave-net$/, test: weave },
  { plugin: 'kube-router', names: /^kube-router$/, test: kubeRouter },
  { plugin: 'OVN-Kubernetes', names: /^ovnkube-node$/, test: always },
  { plugin: 'OpenShift SDN', names: /^sdn$/, namespaces: /^openshift-sdn$/, test: always },
  { plugin: 'Amazon VPC CNI', names: /^aws-node$/, namespaces: /^kube-system$/, test: awsNode },
  {
    plugin: 'Azure Network Policy Manager',
    names: /^azure-npm$/,
    test: () => ({ ...ENABLED, doubt: 'Azure recommends Cilium in its place.' }),
  },
  { plugin: 'kindnet', names: /^kindnet$/, test: kindnet },
  { plugin: 'kube-network-policies', names: /^kube-network-policies$/, test: always },
  {
    plugin: 'Flannel',
    names: /^kube-flannel(-ds.*)?$/,
    test: (daemonSet) => ({
      state: 'unsupported',
      why: 'enforces no policies',
      evidence: at(
        daemonSet,
        '/metadata/name',
        daemonSet.metadata.name,
        'a plugin that enforces network policies, or one beside it',
      ),
    }),
  },
];

export function signatureOf({ metadata, containers }: DaemonSet): PluginSignature | undefined {
  return PLUGIN_SIGNATURES.find(
    ({ names, images, namespaces }) =>
      (names.test(metadata.name) && (namespaces?.test(metadata.namespace ?? '') ?? true)) ||
      (images !== undefined && containers.some(({ image }) => images.test(image))),
  );
}
