import {
  type Alert,
  type ArtifactGenerator,
  type Collected,
  type CrossNamespaceReference,
  derived,
  type HelmRelease,
  type ImagePolicy,
  type ImageUpdateAutomation,
  type KubernetesObject,
  type Kustomization,
  type Receiver,
} from '#libs/core';
import { excerpt } from '#libs/flux';

/** Objects with fields that may name another namespace. */
export type Referring =
  | Kustomization
  | HelmRelease
  | ImagePolicy
  | ImageUpdateAutomation
  | Alert
  | Receiver
  | ArtifactGenerator;

/**
 * What a reference is for. `dependency` is not governed by `--no-cross-namespace-refs`, `rbac` by the rights of the
 * account that applies; all others are refused by the flag. `chart` is a chart that Flux makes a HelmChart of.
 */
export type ReferenceUse = 'source' | 'chart' | 'image' | 'events' | 'webhook' | 'dependency' | 'rbac';

/** A field of an object that names a namespace which is not the object's own. */
export interface ForeignReference {
  readonly object: Referring;
  readonly use: ReferenceUse;
  /** JSON pointer of the name of the namespace. */
  readonly pointer: string;
  /** For people: `spec.sourceRef`. */
  readonly field: string;
  readonly namespace: string;
  /** Of what it refers to; absent where the field names a namespace only. */
  readonly kind?: string;
  readonly name?: string;
  /** Of a dependency: a CEL expression that reads the object. */
  readonly readyExpr?: string;
}

/** Whether the flag stops it. */
export function isGoverned({ use }: ForeignReference): boolean {
  return use !== 'dependency' && use !== 'rbac';
}

/** Every reference of the object that leads out of its namespace. */
export function foreignReferencesOf(object: Referring): readonly ForeignReference[] {
  const home = object.metadata.namespace;
  return fieldsOf(object).flatMap(({ reference, ...field }): readonly ForeignReference[] => {
    const { namespace, kind, name } = reference ?? {};
    if (namespace === undefined || namespace === '' || namespace === home) return [];
    return [{ object, ...field, namespace, ...(kind !== undefined && { kind }), ...(name !== undefined && { name }) }];
  });
}

interface Field {
  readonly use: ReferenceUse;
  readonly pointer: string;
  readonly field: string;
  readonly reference: Partial<CrossNamespaceReference> | undefined;
  readonly readyExpr?: string;
}

function field(use: ReferenceUse, path: string, reference: Field['reference']): Field {
  return { use, pointer: `/${path.replaceAll('.', '/')}/namespace`, field: path, reference };
}

/** A field that holds the name of a namespace and nothing else. */
function bare(path: string, namespace: string | undefined): Field {
  return {
    use: 'rbac',
    pointer: `/${path.replaceAll('.', '/')}`,
    field: path,
    reference: namespace === undefined ? undefined : { namespace },
  };
}

function listed(
  use: ReferenceUse,
  path: string,
  references: readonly (Partial<CrossNamespaceReference> & { readonly readyExpr?: string })[] = [],
): readonly Field[] {
  return references.map((reference, index) => ({
    ...field(use, `${path}.${index}`, reference),
    // Named, so that a finding stays the same where the list is put in another order.
    field: `${path}[${excerpt([reference.kind, `${reference.namespace}/${reference.name}`].filter(Boolean).join(' '))}]`,
    ...(reference.readyExpr !== undefined && { readyExpr: reference.readyExpr }),
  }));
}

function fieldsOf(object: Referring): readonly Field[] {
  switch (object.kind) {
    case 'Kustomization': {
      const { sourceRef, dependsOn, targetNamespace, healthChecks } = object.spec;
      const kind = 'Kustomization';
      return [
        field('source', 'spec.sourceRef', sourceRef),
        ...listed(
          'dependency',
          'spec.dependsOn',
          dependsOn?.map((each) => ({ kind, ...each })),
        ),
        bare('spec.targetNamespace', targetNamespace),
        ...listed('rbac', 'spec.healthChecks', healthChecks),
      ];
    }
    case 'HelmRelease': {
      const { chart, chartRef, dependsOn, targetNamespace, storageNamespace } = object.spec;
      const kind = 'HelmRelease';
      return [
        field('chart', 'spec.chart.spec.sourceRef', chart?.spec.sourceRef),
        field('source', 'spec.chartRef', chartRef),
        ...(chart && !chart.spec.sourceRef.namespace ? [createdChart(object.status?.helmChart)] : []),
        ...listed(
          'dependency',
          'spec.dependsOn',
          dependsOn?.map((each) => ({ kind, ...each })),
        ),
        bare('spec.targetNamespace', targetNamespace),
        bare('spec.storageNamespace', storageNamespace),
      ];
    }
    case 'ImagePolicy': {
      const reference = object.spec.imageRepositoryRef;
      return [field('image', 'spec.imageRepositoryRef', reference && { kind: 'ImageRepository', ...reference })];
    }
    case 'ImageUpdateAutomation':
      return [field('source', 'spec.sourceRef', object.spec.sourceRef)];
    case 'Alert':
      return listed('events', 'spec.eventSources', object.spec.eventSources);
    case 'Receiver':
      return listed('webhook', 'spec.resources', object.spec.resources);
    default:
      return listed('source', 'spec.sources', object.spec.sources);
  }
}

/** `namespace/name` of the HelmChart that was made for a release before. */
function createdChart(helmChart: string | undefined): Field {
  const [namespace, name] = (helmChart ?? '').split('/');
  const reference = namespace && name ? { kind: 'HelmChart', namespace, name } : undefined;
  return { use: 'chart', pointer: '/status/helmChart', field: 'status.helmChart', reference };
}

const SHOWN = 10;

/** `Kustomization team-a/apps`, for people. */
export function labelOf({ kind, metadata: { namespace, name } }: KubernetesObject): string {
  return `${kind} ${namespace ?? 'default'}/${name}`;
}

/** Lists that may refer elsewhere, as far as they were read. */
export type ReferringLists = readonly Collected<readonly Referring[]>[];

/** What `--no-cross-namespace-refs` will stop, as a sentence or two; undefined where nobody could look. */
export function impactOfClosing(lists: ReferringLists): string | undefined {
  const read = lists.flatMap((list) => (list.state === 'collected' ? [list.value] : []));
  if (read.length < lists.length) return undefined;
  const stopped = read.map((objects) => stoppedIn(objects));
  const sources = stopped.flatMap((each) => each.sources).sort();
  const others = stopped.flatMap((each) => each.others).sort();
  if (sources.length + others.length === 0)
    return 'No object refers to another namespace now in a way that the flag governs.';
  return [
    ...(sources.length > 0 ? [`It will stop what takes its source from another namespace: ${shown(sources)}.`] : []),
    ...(others.length > 0 ? [`It will refuse what these refer to in another namespace: ${shown(others)}.`] : []),
  ].join(' ');
}

function shown(names: readonly string[]): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return `${names.slice(0, SHOWN).join(', ')}${more}`;
}

const stoppedIn = derived((objects: readonly Referring[]) => {
  const sources: string[] = [];
  const others: string[] = [];
  for (const object of objects) {
    const governed = foreignReferencesOf(object).filter(isGoverned);
    if (governed.length === 0) continue;
    (governed.some(({ use }) => use === 'source' || use === 'chart') ? sources : others).push(labelOf(object));
  }
  return { sources, others };
});
