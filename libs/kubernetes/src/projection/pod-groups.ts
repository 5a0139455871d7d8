import type { PodGroup, PodRisk, Toleration } from '#libs/core';
import { defined, Fields } from './fields.js';

/** A pod as one of its group: what the group is, and where and since when this one runs. */
export interface PlacedPod {
  /** Equal for pods of one group. */
  readonly key: string;
  readonly group: Omit<PodGroup, 'nodes'>;
  /** Empty where it is not placed yet. */
  readonly node: string;
  readonly startedAt?: string;
}

const FINISHED: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);
const MIRROR = 'kubernetes.io/config.mirror';

/** Any pod; undefined for one that is finished, which shares its node with nobody any more. */
export function placedPod(object: Fields): PlacedPod | undefined {
  const status = object.child('status');
  if (FINISHED.has(status?.text('phase') ?? '')) return undefined;
  const metadata = object.needChild('metadata');
  const spec = object.needChild('spec');
  const group = defined<PlacedPod['group']>({
    namespace: metadata.needText('namespace'),
    owner: ownerOf(metadata),
    serviceAccountName: spec.text('serviceAccountName') || 'default',
    runtimeClassName: spec.text('runtimeClassName') || undefined,
    priorityClassName: spec.text('priorityClassName') || undefined,
    tolerations: tolerationsOf(spec),
    nodeSelector: spec.textMap('nodeSelector'),
    risks: risksOf(spec),
    mirror: metadata.textMap('annotations', (key) => key === MIRROR) !== undefined,
  });
  return defined({
    // Its fields are always put together in the same order.
    key: JSON.stringify(group),
    group,
    node: spec.text('nodeName') ?? '',
    startedAt: status?.text('startTime'),
  });
}

/** What keeps a pod alive: its controller, and for the ReplicaSet of a Deployment the Deployment; else the pod itself. */
export function ownerOf(metadata: Fields): PodGroup['owner'] {
  const owners = metadata.children('ownerReferences') ?? [];
  const owner = owners.find((reference) => reference.flag('controller') === true) ?? owners[0];
  if (!owner) return { kind: 'Pod', name: metadata.needText('name') };
  const kind = owner.needText('kind');
  const name = owner.needText('name');
  const hash = metadata.textMap('labels', (key) => key === 'pod-template-hash')?.['pod-template-hash'];
  return kind === 'ReplicaSet' && hash && name.endsWith(`-${hash}`)
    ? { kind: 'Deployment', name: name.slice(0, -hash.length - 1) }
    : { kind, name };
}

function tolerationsOf(spec: Fields): readonly Toleration[] | undefined {
  return spec.children('tolerations')?.map((toleration) =>
    defined({
      key: toleration.text('key'),
      operator: toleration.text('operator'),
      value: toleration.text('value'),
      effect: toleration.text('effect'),
    }),
  );
}

/** https://kubernetes.io/docs/concepts/security/pod-security-standards/ names these first. */
function risksOf(spec: Fields): readonly PodRisk[] {
  const containers = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((key) => spec.children(key) ?? []);
  const isPrivileged = [spec, ...containers].some((part) => {
    const context = part.child('securityContext');
    return context?.flag('privileged') === true || context?.child('windowsOptions')?.flag('hostProcess') === true;
  });
  const risks: readonly (readonly [PodRisk, boolean])[] = [
    ['privileged', isPrivileged],
    ['hostPath', (spec.children('volumes') ?? []).some((volume) => volume.has('hostPath'))],
    ['hostPID', spec.flag('hostPID') === true],
    ['hostIPC', spec.flag('hostIPC') === true],
    ['hostNetwork', spec.flag('hostNetwork') === true],
  ];
  return risks.flatMap(([risk, holds]) => (holds ? [risk] : []));
}

interface Place {
  count: number;
  oldestStart?: string;
}

/** Puts pods together while they stream by: of a pod that is like others in its group only a count stays. */
export class PodGroupBuilder {
  private readonly groups = new Map<
    string,
    { readonly group: PlacedPod['group']; readonly nodes: Map<string, Place> }
  >();
  /** One copy of each text and list that many groups have. */
  private readonly shared = new Map<string, unknown>();

  /** Returns how many bytes more are kept, roughly. */
  add({ key, group, node, startedAt }: PlacedPod): number {
    let bytes = 0;
    let entry = this.groups.get(key);
    if (!entry) {
      entry = { group: this.withSharedParts(group), nodes: new Map() };
      this.groups.set(key, entry);
      bytes += 2 * key.length;
    }
    const place = entry.nodes.get(node);
    if (!place) {
      entry.nodes.set(this.share(node), defined({ count: 1, oldestStart: startedAt }));
      return bytes + 100;
    }
    place.count += 1;
    if (startedAt !== undefined && isEarlier(startedAt, place.oldestStart)) place.oldestStart = startedAt;
    return bytes;
  }

  /** In an order that does not depend on the names of pods. */
  build(): readonly PodGroup[] {
    const keys = [...this.groups.keys()].sort();
    return keys.flatMap((key) => {
      const entry = this.groups.get(key);
      return entry ? [{ ...entry.group, nodes: Object.fromEntries(entry.nodes) }] : [];
    });
  }

  private withSharedParts(group: PlacedPod['group']): PlacedPod['group'] {
    const { namespace, serviceAccountName, tolerations, nodeSelector, risks } = group;
    return {
      ...group,
      namespace: this.share(namespace),
      serviceAccountName: this.share(serviceAccountName),
      risks: this.share(risks),
      ...(tolerations && { tolerations: this.share(tolerations) }),
      ...(nodeSelector && { nodeSelector: this.share(nodeSelector) }),
    };
  }

  private share<T>(value: T): T {
    const key = JSON.stringify(value);
    const known = this.shared.get(key) as T | undefined;
    if (known !== undefined) return known;
    this.shared.set(key, value);
    return value;
  }
}

/** RFC 3339 in whole seconds and UTC, as Kubernetes writes times, sorts like the times themselves. */
function isEarlier(time: string, other: string | undefined): boolean {
  return other === undefined || time < other;
}

const RISKS: readonly PodRisk[] = ['privileged', 'hostPath', 'hostPID', 'hostIPC', 'hostNetwork'];

/** A group of a recorded snapshot. */
export function projectRecordedPodGroup(item: unknown): PodGroup {
  const group = Fields.of(item);
  const owner = group.needChild('owner');
  const nodes = group.needChild('nodes');
  return defined({
    namespace: group.needText('namespace'),
    owner: { kind: owner.needText('kind'), name: owner.needText('name') },
    serviceAccountName: group.needText('serviceAccountName'),
    runtimeClassName: group.text('runtimeClassName'),
    priorityClassName: group.text('priorityClassName'),
    tolerations: tolerationsOf(group),
    nodeSelector: group.textMap('nodeSelector'),
    risks: RISKS.filter((risk) => group.texts('risks')?.includes(risk)),
    mirror: group.flag('mirror') ?? false,
    nodes: Object.fromEntries(
      nodes.keys().map((node) => {
        const place = nodes.needChild(node);
        return [node, defined({ count: place.count('count') ?? 0, oldestStart: place.text('oldestStart') })];
      }),
    ),
  });
}
