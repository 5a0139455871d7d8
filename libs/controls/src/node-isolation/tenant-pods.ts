import { type Node, type PodGroup, type RuntimeClass, derived } from '#libs/core';
import { excerpt } from '#libs/flux';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';

/** Pods of one owner of a tenant on one node. */
export interface TenantPods {
  readonly tenant: Tenant;
  readonly group: PodGroup;
  readonly count: number;
  /** Milliseconds since the epoch; undefined where the pods tell no start. */
  readonly since: number | undefined;
}

/** What runs on a node besides the platform's own. */
export interface NodeUse {
  readonly node: Node;
  /** A Flux controller runs here. */
  readonly flux: boolean;
  /** One pod per machine: a virtual node is shared by nobody. */
  readonly virtual: boolean;
  /** Most dangerous first. */
  readonly pods: readonly TenantPods[];
}

/**
 * Static pods, and DaemonSets of the platform, are the node's own. Pods that no node runs yet are not counted.
 */
function isTenants(group: PodGroup, model: TenantModel): boolean {
  return !group.mirror && !(group.owner.kind === 'DaemonSet' && model.isPlatform(group.namespace));
}

/**
 * Fargate of EKS runs each pod on a machine of its own, and so do virtual kubelets.
 * https://docs.aws.amazon.com/eks/latest/userguide/fargate.html, https://virtual-kubelet.io
 */
export function isVirtual({ metadata: { labels = {} }, spec }: Node): boolean {
  return (
    labels['eks.amazonaws.com/compute-type'] === 'fargate' ||
    labels['type'] === 'virtual-kubelet' ||
    (spec.taints ?? []).some(({ key }) => key === 'virtual-kubelet.io/provider')
  );
}

/** Names of the nodes on which Flux controllers run; undefined where it is not known where they run. */
export function fluxNodesOf({ instances }: TenantModel): ReadonlySet<string> | undefined {
  if (instances.state === 'unavailable') return undefined;
  const names = instances.value.flatMap(({ pods }) =>
    pods.flatMap(({ object }) => (object.kind === 'Pod' && object.spec.nodeName ? [object.spec.nodeName] : [])),
  );
  return new Set(names);
}

/** Every node with what tenants run on it. */
export const nodeUses = derived(
  (nodes: readonly Node[], groups: readonly PodGroup[], model: TenantModel): readonly NodeUse[] => {
    const flux = fluxNodesOf(model) ?? new Set<string>();
    const byNode = new Map<string, TenantPods[]>();
    for (const group of groups) {
      const tenant = model.tenantOf(group.namespace);
      if (!tenant || !isTenants(group, model)) continue;
      for (const [name, { count, oldestStart }] of Object.entries(group.nodes)) {
        const since = oldestStart === undefined ? Number.NaN : Date.parse(oldestStart);
        const pods = byNode.get(name) ?? [];
        byNode.set(name, pods);
        pods.push({ tenant, group, count, since: Number.isNaN(since) ? undefined : since });
      }
    }
    return nodes.map((node) => ({
      node,
      flux: flux.has(node.metadata.name),
      virtual: isVirtual(node),
      pods: (byNode.get(node.metadata.name) ?? []).toSorted((a, b) => b.group.risks.length - a.group.risks.length),
    }));
  },
);

/** Whether any pod of a tenant exists, on whatever node. */
export function hasTenantPods(groups: readonly PodGroup[], model: TenantModel): boolean {
  return groups.some((group) => model.tenantOf(group.namespace) !== undefined && isTenants(group, model));
}

/** Handlers of runtimes that put a wall around each pod: gVisor, Kata Containers, Firecracker. */
const SANDBOXES: readonly string[] = [
  'runsc',
  'gvisor',
  'kata',
  'kata-qemu',
  'kata-clh',
  'kata-fc',
  'kata-cc',
  'kata-mshv-vm-isolation',
  'firecracker',
];

/** `further`: handlers that the registry calls sandboxes. */
export function isSandbox(handler: string, further: readonly string[]): boolean {
  return SANDBOXES.includes(handler) || further.includes(handler);
}

/** `unread`: they name a RuntimeClass, and the RuntimeClasses could not be read. */
export type Sandboxing = 'sandboxed' | 'unknownHandler' | 'none' | 'unread';

/**
 * How pods are kept apart from the kernel of their node, by the handler of their RuntimeClass or, on GKE, by the node.
 * https://kubernetes.io/docs/concepts/containers/runtime-class/
 */
export function sandboxingOf(
  { runtimeClassName }: PodGroup,
  node: Node,
  runtimeClasses: ReadonlyMap<string, RuntimeClass> | undefined,
  further: readonly string[] = [],
): Sandboxing {
  if (node.metadata.labels?.['sandbox.gke.io/runtime'] === 'gvisor') return 'sandboxed';
  if (runtimeClassName === undefined || runtimeClassName === '') return 'none';
  if (!runtimeClasses) return 'unread';
  const handler = runtimeClasses.get(runtimeClassName)?.handler;
  if (handler === undefined) return 'none';
  return isSandbox(handler, further) ? 'sandboxed' : 'unknownHandler';
}

/** `Deployment team-a/web (privileged, hostPath)`, for people. */
export function describePods({ group: { namespace, owner, risks } }: TenantPods): string {
  const name = excerpt(`${owner.kind} ${namespace}/${owner.name}`, 120);
  return risks.length > 0 ? `${name} (${risks.join(', ')})` : name;
}

const SHOWN = 10;

/** The first names, each once, and how many more. */
export function shown(names: readonly string[], limit = SHOWN): string {
  const distinct = [...new Set(names)];
  const more = distinct.length > limit ? ` and ${distinct.length - limit} more` : '';
  return `${distinct
    .slice(0, limit)
    .map((name) => excerpt(name, 120))
    .join(', ')}${more}`;
}
