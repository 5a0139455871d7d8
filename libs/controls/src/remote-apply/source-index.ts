import {
  type Artifacts,
  type Collected,
  type CrossNamespaceReference,
  SOURCE_KINDS,
  type Source,
  type SourceKind,
} from '#libs/core';
import type { RemoteApplyObject } from './remote-apply-object.js';

type Unavailable = Extract<Collected<unknown>, { state: 'unavailable' }>;

/** A source that an object refers to, and where. */
export interface SourceReference {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** JSON pointer into the object that refers to it. */
  readonly pointer: string;
}

type SourceLookup =
  | { readonly state: 'found'; readonly source: Source }
  | { readonly state: 'missing' }
  /** Objects of this kind could not be read. */
  | { readonly state: 'unreadable'; readonly artifact: Unavailable }
  /** A kind that is not collected at all. */
  | { readonly state: 'unknownKind' };

export interface SourceIndex {
  find(reference: SourceReference): SourceLookup;
}

function isSourceKind(kind: string): kind is SourceKind {
  return (SOURCE_KINDS as readonly string[]).includes(kind);
}

/** All sources by kind, namespace and name, built once. */
export function indexSources(sources: Collected<Artifacts['sources']>): SourceIndex {
  const found = new Map<string, Source>();
  for (const kind of SOURCE_KINDS) {
    const list = sources.state === 'collected' ? sources.value[kind] : sources;
    if (list.state === 'unavailable') continue;
    for (const source of list.value) found.set(`${kind}/${source.metadata.namespace}/${source.metadata.name}`, source);
  }
  return {
    find({ kind, namespace, name }) {
      if (!isSourceKind(kind)) return { state: 'unknownKind' };
      const list = sources.state === 'collected' ? sources.value[kind] : sources;
      if (list.state === 'unavailable') return { state: 'unreadable', artifact: list };
      const source = found.get(`${kind}/${namespace}/${name}`);
      return source ? { state: 'found', source } : { state: 'missing' };
    },
  };
}

function refer(reference: CrossNamespaceReference, namespace: string, pointer: string): SourceReference {
  return { kind: reference.kind, namespace: reference.namespace ?? namespace, name: reference.name, pointer };
}

/** `status.helmChart` is `namespace/name` of the HelmChart that helm-controller made for `spec.chart`. */
function madeChart(helmChart: string | undefined): SourceReference | undefined {
  const [namespace, name] = helmChart?.split('/') ?? [];
  if (namespace === undefined || name === undefined) return undefined;
  return { kind: 'HelmChart', namespace, name, pointer: '/status/helmChart' };
}

export interface ReferencedSources {
  /** Where the object takes its artifact from. */
  readonly direct: SourceReference | undefined;
  /** Where a HelmChart takes its own from. */
  readonly upstream: SourceReference | undefined;
}

/** The sources behind an object: one for a Kustomization, up to two for a HelmRelease (chart and repository). */
export function referencedSources(object: RemoteApplyObject, index: SourceIndex): ReferencedSources {
  const { namespace = '' } = object.metadata;
  if (object.kind === 'Kustomization') {
    const { sourceRef } = object.spec;
    return { direct: sourceRef && refer(sourceRef, namespace, '/spec/sourceRef'), upstream: undefined };
  }
  const { chart, chartRef } = object.spec;
  if (!chartRef) {
    return {
      direct: madeChart(object.status?.helmChart),
      upstream: chart && refer(chart.spec.sourceRef, namespace, '/spec/chart/spec/sourceRef'),
    };
  }
  const direct = refer(chartRef, namespace, '/spec/chartRef');
  const lookup = index.find(direct);
  const behind = lookup.state === 'found' ? lookup.source.spec.sourceRef : undefined;
  const isChart = direct.kind === 'HelmChart' && behind !== undefined;
  return { direct, upstream: isChart ? refer(behind, direct.namespace, '/spec/chartRef') : undefined };
}
