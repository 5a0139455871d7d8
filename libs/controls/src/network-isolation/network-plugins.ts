import { type Artifacts, type DaemonSet, type Node, objectReference } from '#libs/core';
import { type ConfigMapReader, type PluginState, signatureOf } from './cni-signatures.js';

/** A network plugin that was found, and whether it enforces policies. */
export interface FoundPlugin extends PluginState {
  readonly plugin: string;
  /** Absent where the plugin is no DaemonSet: built into k3s, or run by EKS itself. */
  readonly daemonSet?: DaemonSet;
}

type PluginArtifacts = Pick<Artifacts, 'daemonSets' | 'nodes' | 'platformConfigMaps'>;

/** Every network plugin of the cluster, and what enforces policies beside them. */
export function networkPlugins({ daemonSets, nodes, platformConfigMaps }: PluginArtifacts): readonly FoundPlugin[] {
  const read: ConfigMapReader = (namespace, name) => {
    const found = platformConfigMaps[`${namespace}/${name}`];
    return found?.state === 'collected' ? found.value : undefined;
  };
  const found = daemonSets.flatMap((daemonSet): FoundPlugin[] => {
    const signature = signatureOf(daemonSet);
    return signature
      ? [{ plugin: signature.plugin, daemonSet, ...running(daemonSet, signature.test(daemonSet, read)) }]
      : [];
  });
  if (found.some(({ state }) => state !== 'unsupported')) return found;
  return [...found, ...autoMode(read), ...k3s(nodes)];
}

/** A plugin without a ready pod enforces nothing, whatever its settings. */
function running({ metadata, status }: DaemonSet, state: PluginState): PluginState {
  if (state.state !== 'enabled' || status.ready > 0) return state;
  const object = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    name: metadata.name,
    ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
  };
  return {
    state: 'disabled',
    why: `has no ready pod (${status.desired} wanted), and so enforces no policies`,
    evidence: [{ object, pointer: '/status/ready', observed: status.ready, expected: 'a ready pod on every node' }],
  };
}

/** EKS Auto Mode runs the VPC CNI outside the cluster; only its ConfigMap is there. */
function autoMode(read: ConfigMapReader): readonly FoundPlugin[] {
  const config = read('kube-system', 'amazon-vpc-cni');
  const value = config?.data?.['enable-network-policy-controller'];
  if (!config || value === undefined) return [];
  const plugin = 'Amazon VPC CNI of EKS Auto Mode';
  if (value.toLowerCase() === 'true') return [{ plugin, state: 'enabled', why: 'enforces network policies' }];
  return [
    {
      plugin,
      state: 'disabled',
      why: 'has its controller for policies switched off',
      evidence: [
        {
          object: objectReference(config),
          pointer: '/data/enable-network-policy-controller',
          observed: value,
          expected: 'true',
        },
      ],
    },
  ];
}

const K3S_ARGUMENTS = 'k3s.io/node-args';
const SERVER_LABELS = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];

/** https://docs.k3s.io/networking/networking-services#network-policy-controller */
function k3s(nodes: readonly Node[]): readonly FoundPlugin[] {
  if (!nodes.some(({ status }) => status?.nodeInfo?.kubeletVersion?.includes('+k3s'))) return [];
  const plugin = 'The network policy controller of k3s';
  const isServer = ({ metadata }: Node): boolean =>
    SERVER_LABELS.some((label) => metadata.labels?.[label] !== undefined);
  const servers = nodes.some(isServer) ? nodes.filter(isServer) : nodes;
  const off = nodes.find((node) => flagOf(node, 'disable-network-policy') === 'true');
  if (off) {
    return [
      {
        plugin,
        state: 'disabled',
        why: `is switched off on node ${off.metadata.name} (--disable-network-policy)`,
        evidence: [
          {
            object: objectReference(off),
            pointer: '/metadata/annotations/k3s.io~1node-args',
            observed: off.metadata.annotations?.[K3S_ARGUMENTS] ?? null,
            expected: 'no --disable-network-policy',
          },
        ],
      },
    ];
  }
  if (nodes.some((node) => flagOf(node, 'flannel-backend') === 'none')) {
    return [
      { plugin, state: 'unknown', why: 'runs beside a network plugin that is not known (--flannel-backend=none)' },
    ];
  }
  const unread = servers.find((node) => argumentsOf(node) === undefined);
  if (unread) {
    return [
      {
        plugin,
        state: 'unknown',
        why: `may be switched off: node ${unread.metadata.name} does not tell its arguments`,
      },
    ];
  }
  return [{ plugin, state: 'enabled', why: 'enforces network policies' }];
}

/** The arguments that k3s notes on its nodes; undefined where they are not told. */
function argumentsOf({ metadata }: Node): readonly string[] | undefined {
  const text = metadata.annotations?.[K3S_ARGUMENTS];
  if (text === undefined) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter((word): word is string => typeof word === 'string') : undefined;
  } catch {
    return undefined;
  }
}

/** The value of a flag; `true` where it has none, undefined where it is not given. */
function flagOf(node: Node, flag: string): string | undefined {
  const words = argumentsOf(node) ?? [];
  const index = words.findLastIndex((word) => word.replace(/^-+/, '').split('=', 1)[0] === flag);
  if (index < 0) return undefined;
  const [, value] = (words[index] ?? '').split('=', 2);
  const next = words[index + 1];
  return value ?? (next !== undefined && !next.startsWith('-') ? next : 'true');
}
