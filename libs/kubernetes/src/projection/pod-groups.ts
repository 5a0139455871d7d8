import type { PodGroup, PodRisk, Toleration } from '#libs/core';
import { defined, Fields } from './fields.js';

/** A pod as one of its group: whose it is, how it runs, and where and since when this one does. */
export interface PlacedPod {
  readonly home: Pick<PodGroup, 'namespace' | 'owner'>;
  readonly manner: Omit<PodGroup, 'namespace' | 'owner' | 'nodes'>;
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
  return defined({
    home: { namespace: metadata.needText('namespace'), owner: ownerOf(metadata) },
    manner: defined<PlacedPod['manner']>({
      serviceAccountName: spec.text('serviceAccountName') || 'default',
      runtimeClassName: spec.text('runtimeClassName') || undefined,
      priorityClassName: spec.text('priorityClassName') || undefined,
      tolerations: tolerationsOf(spec),
      nodeSelector: spec.textMap('nodeSelector'),
      risks: risksOf(spec),
      mirror: metadata.textMap('annotations', (key) => key === MIRROR) !== undefined,
    }),
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

/** The few manners in which most pods of a cluster run are held once, by their JSON. */
interface Manner {
  readonly id: number;
  readonly text: string;
  readonly value: PlacedPod['manner'];
}

interface Draft {
  readonly home: PlacedPod['home'];
  readonly manner: Manner;
  readonly nodes: Map<string, Place>;
}

/** Puts pods together while they stream by: of a pod that is like others in its group only a count stays. */
export class PodGroupBuilder {
  private readonly manners = new Map<string, Manner>();
  private readonly drafts = new Map<string, Draft>();
  /** One copy of each name that many groups have. */
  private readonly names = new Map<string, string>();

  /** Returns how many bytes more are kept, roughly. */
  add({ home, manner, node, startedAt }: PlacedPod): number {
    const before = this.manners.size;
    const known = this.mannerOf(manner);
    let bytes = this.manners.size > before ? 2 * known.text.length : 0;
    const key = JSON.stringify([home.namespace, home.owner.kind, home.owner.name, known.id]);
    let draft = this.drafts.get(key);
    if (!draft) {
      const owner = { kind: this.shared(home.owner.kind), name: home.owner.name };
      draft = { home: { namespace: this.shared(home.namespace), owner }, manner: known, nodes: new Map() };
      this.drafts.set(key, draft);
      bytes += 500 + key.length;
    }
    const place = draft.nodes.get(node);
    if (!place) {
      draft.nodes.set(this.shared(node), defined({ count: 1, oldestStart: startedAt }));
      return bytes + 100;
    }
    place.count += 1;
    if (startedAt !== undefined && isEarlier(startedAt, place.oldestStart)) place.oldestStart = startedAt;
    return bytes;
  }

  /** In an order that does not depend on the names of pods. Can be called once: the memory is handed over. */
  build(): readonly PodGroup[] {
    const drafts = [...this.drafts.values()].sort(inOrder);
    this.drafts.clear();
    return drafts.map(({ home, manner, nodes }) => ({ ...home, ...manner.value, nodes: Object.fromEntries(nodes) }));
  }

  private mannerOf(value: PlacedPod['manner']): Manner {
    // Its fields are always put together in the same order.
    const text = JSON.stringify(value);
    let manner = this.manners.get(text);
    if (!manner) {
      manner = { id: this.manners.size, text, value };
      this.manners.set(text, manner);
    }
    return manner;
  }

  private shared(name: string): string {
    const known = this.names.get(name);
    if (known !== undefined) return known;
    this.names.set(name, name);
    return name;
  }
}

function inOrder(a: Draft, b: Draft): number {
  const order =
    compare(a.home.namespace, b.home.namespace) ||
    compare(a.home.owner.kind, b.home.owner.kind) ||
    compare(a.home.owner.name, b.home.owner.name);
  return order || compare(a.manner.text, b.manner.text);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
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
