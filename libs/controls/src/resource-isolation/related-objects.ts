import {
  type Artifacts,
  type Collected,
  type HelmRelease,
  type ImagePolicy,
  type KubernetesObject,
  type Kustomization,
  type Source,
} from '#libs/core';
import { indexSources } from '../remote-apply/source-index.js';

type Unavailable = Extract<Collected<unknown>, { state: 'unavailable' }>;

/** An object that another one needs, where both can be found. */
export interface Relation<T extends KubernetesObject> {
  readonly object: T;
  readonly needs: Source | KubernetesObject;
  /** JSON pointer of the reference in `object`. */
  readonly pointer: string;
}

/** What refers to what, as far as it could be read. References to objects that are not there are left out. */
export interface Relations {
  /** HelmCharts and the repositories that they come from. */
  readonly charts: readonly Relation<Source>[];
  /** HelmReleases that make a HelmChart, and the repositories that it will come from. */
  readonly releases: readonly Relation<HelmRelease>[];
  /** Kustomizations and HelmReleases, and the sources that they take as they are. */
  readonly consumers: readonly Relation<Kustomization | HelmRelease>[];
  readonly policies: readonly Relation<ImagePolicy>[];
  readonly unreadable: readonly Unavailable[];
}

export type RelatedArtifacts = {
  readonly [N in 'kustomizations' | 'helmReleases' | 'sources' | 'imageRepositories' | 'imagePolicies']: Collected<
    Artifacts[N]
  >;
};

interface Reference {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export function relationsOf(artifacts: RelatedArtifacts): Relations {
  const unreadable = new Set<Unavailable>();
  const read = <T>(list: Collected<readonly T[]>): readonly T[] => {
    if (list.state === 'collected') return list.value;
    unreadable.add(list);
    return [];
  };
  const index = indexSources(artifacts.sources);
  const related = <T extends KubernetesObject>(
    object: T,
    reference: Reference | undefined,
    pointer: string,
  ): Relation<T>[] => {
    if (!reference) return [];
    const namespace = reference.namespace ?? object.metadata.namespace ?? 'default';
    const found = index.find({ kind: reference.kind, name: reference.name, namespace, pointer });
    if (found.state === 'unreadable') unreadable.add(found.artifact);
    return found.state === 'found' ? [{ object, needs: found.source, pointer }] : [];
  };
  const helmReleases = read(artifacts.helmReleases);
  const charts: readonly Source[] =
    artifacts.sources.state === 'collected' ? read(artifacts.sources.value.HelmChart) : read<Source>(artifacts.sources);
  return {
    charts: charts.flatMap((chart) => related(chart, chart.spec.sourceRef, '/spec/sourceRef')),
    releases: helmReleases.flatMap((release) =>
      related(release, release.spec.chart?.spec.sourceRef, '/spec/chart/spec/sourceRef'),
    ),
    consumers: [
      ...read(artifacts.kustomizations).flatMap((each) => related(each, each.spec.sourceRef, '/spec/sourceRef')),
      ...helmReleases.flatMap((release) => related(release, release.spec.chartRef, '/spec/chartRef')),
    ],
    policies: policiesOf(read(artifacts.imagePolicies), read(artifacts.imageRepositories)),
    unreadable: [...unreadable],
  };
}

function policiesOf(
  policies: readonly ImagePolicy[],
  repositories: Artifacts['imageRepositories'],
): readonly Relation<ImagePolicy>[] {
  const byName = new Map(repositories.map((each) => [`${each.metadata.namespace}/${each.metadata.name}`, each]));
  return policies.flatMap((object) => {
    const reference = object.spec.imageRepositoryRef;
    const needs = reference && byName.get(`${reference.namespace ?? object.metadata.namespace}/${reference.name}`);
    return needs ? [{ object, needs, pointer: '/spec/imageRepositoryRef' }] : [];
  });
}
