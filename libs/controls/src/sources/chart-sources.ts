import { type Artifacts, type Collected, type HelmRelease, type Source, derived } from '#libs/core';

/** Where a chart comes from, as far as it matters for its signature and its version. */
export type ChartOrigin =
  /** A HelmRepository of type `oci`; `missing`: no such object, so nothing is fetched. */
  | { readonly kind: 'oci' | 'http' | 'missing'; readonly repository?: Source }
  /** The chart lies in a GitRepository or Bucket. */
  | { readonly kind: 'files'; readonly of: string }
  | { readonly kind: 'unread'; readonly artifact: Extract<Collected<unknown>, { state: 'unavailable' }> };

/** Sources of one kind by `namespace/name`. */
export const sourcesByName = derived(
  (sources: readonly Source[]): ReadonlyMap<string, Source> =>
    new Map(sources.map((source) => [`${source.metadata.namespace}/${source.metadata.name}`, source] as const)),
);

/** The origin of the chart that a HelmRelease or HelmChart names in `chart` and `sourceRef`. */
export function chartOriginOf(
  reference: { readonly kind: string; readonly name: string; readonly namespace?: string } | undefined,
  namespace: string,
  sources: Artifacts['sources'],
): ChartOrigin {
  if (!reference || reference.kind !== 'HelmRepository') return { kind: 'files', of: reference?.kind ?? 'no source' };
  const { HelmRepository: repositories } = sources;
  if (repositories.state === 'unavailable') return { kind: 'unread', artifact: repositories };
  const repository = sourcesByName(repositories.value).get(`${reference.namespace ?? namespace}/${reference.name}`);
  if (!repository) return { kind: 'missing' };
  return { kind: repository.spec.type === 'oci' ? 'oci' : 'http', repository };
}

/** `namespace/name` of the HelmCharts that helm-controller made for HelmReleases, which are judged in their place. */
export function generatedCharts(releases: readonly HelmRelease[]): ReadonlySet<string> {
  return new Set(releases.flatMap(({ status }) => status?.helmChart ?? []));
}
