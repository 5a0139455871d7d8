import {
  type Collected,
  type Evidence,
  type ImageRepository,
  type Namespace,
  type Observation,
  type SelectorObject,
  derived,
  matchesSelectorObject,
  objectReference,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import type { TenantModel } from '../tenants/tenant-model.js';

/** Whether an ImageRepository lets a namespace use it; `unread` where that cannot be told. */
export type ImageAccess =
  | { readonly state: 'granted'; readonly evidence: Evidence }
  | { readonly state: 'denied' }
  | { readonly state: 'unread'; readonly artifact: Extract<Collected<unknown>, { state: 'unavailable' }> };

const pathOf = ({ metadata }: ImageRepository): string => `${metadata.namespace}/${metadata.name}`;

const byName = derived(
  (repositories: readonly ImageRepository[]) => new Map(repositories.map((each) => [pathOf(each), each] as const)),
);

const labelsByName = derived(
  (namespaces: readonly Namespace[]) =>
    new Map(namespaces.map(({ metadata }) => [metadata.name, metadata.labels ?? {}] as const)),
);

/**
 * `spec.accessFrom` of the repository decides, besides the flag: without it only its own namespace may use it.
 * https://fluxcd.io/flux/components/image/imagerepositories/#access-from
 */
export function imageAccess(
  path: string,
  from: string,
  repositories: Collected<readonly ImageRepository[]>,
  namespaces: Collected<readonly Namespace[]>,
): ImageAccess {
  if (repositories.state === 'unavailable') return { state: 'unread', artifact: repositories };
  const repository = byName(repositories.value).get(path);
  const selectors = repository?.spec.accessFrom?.namespaceSelectors ?? [];
  if (!repository || selectors.length === 0) return { state: 'denied' };
  const labels = namespaces.state === 'collected' ? labelsByName(namespaces.value).get(from) : undefined;
  const place = selectors.findIndex(
    (selector) =>
      isEmpty(selector) ||
      (labels && matchesSelectorObject(selector, { ...labels, 'kubernetes.io/metadata.name': from })),
  );
  if (place >= 0) return { state: 'granted', evidence: accessEvidence(repository, place) };
  return namespaces.state === 'unavailable' ? { state: 'unread', artifact: namespaces } : { state: 'denied' };
}

function isEmpty({ matchLabels = {}, matchExpressions = [] }: SelectorObject): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

function accessEvidence(repository: ImageRepository, place: number): Evidence {
  const selector = repository.spec.accessFrom?.namespaceSelectors?.[place];
  return {
    object: objectReference(repository),
    pointer: `/spec/accessFrom/namespaceSelectors/${place}`,
    observed: Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => excerpt(`${key}=${value}`)),
    expected: 'labels of the namespaces of its own tenant',
  };
}

/** ImageRepositories that every namespace may use. */
export function openToAll(repositories: readonly ImageRepository[], model: TenantModel): readonly Observation[] {
  return repositories.flatMap((repository) => {
    const place = (repository.spec.accessFrom?.namespaceSelectors ?? []).findIndex(isEmpty);
    if (place === -1) return [];
    const { namespace, name } = repository.metadata;
    const owner = model.tenantOf(namespace);
    return [
      warn(
        subjectOf(repository, { field: 'spec.accessFrom' }),
        'OPEN_TO_ALL',
        `ImageRepository ${namespace}/${excerpt(name)}${owner ? ` of ${excerpt(owner.name)}` : ''} has an empty selector in spec.accessFrom, which selects every namespace. ` +
          'ImagePolicies of every tenant can so read its tags, where the flag does not forbid references to other namespaces. Select the namespaces that need it by a label that tenants cannot set.',
        {
          severity: 'medium',
          confidence: model.confidence,
          evidence: [accessEvidence(repository, place)],
        },
      ),
    ];
  });
}
