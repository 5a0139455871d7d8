import { collected, unavailable, type ArtifactName, type Collected, type Source } from '#libs/core';
import { secretReferences } from '#libs/flux';
import type { ClusterClient } from '../client/cluster-client.js';
import type { FoundArtifacts } from './found-artifacts.js';
import { collectKubeConfigMaps } from './kube-config-maps.js';
import { collectSecretFacts } from './secrets.js';

const REFERRING = [
  'kustomizations',
  'helmReleases',
  'sources',
  'providers',
  'receivers',
  'imageRepositories',
  'imageUpdateAutomations',
  'resourceSets',
] as const satisfies readonly ArtifactName[];

/**
 * What Flux objects name, and nothing else: Secrets, as facts, and ConfigMaps of remote clusters. Only of the kinds that
 * this run reads: who needs the Secrets of Receivers needs the Receivers too.
 */
export async function collectNamed(
  client: ClusterClient,
  wanted: ReadonlySet<ArtifactName>,
  found: FoundArtifacts,
): Promise<FoundArtifacts> {
  return {
    ...(wanted.has('secretFacts') && {
      secretFacts:
        unknownReferences(found, REFERRING, 'Secrets') ??
        collected(await collectSecretFacts(client, secretReferences(referringObjects(found)))),
    }),
    ...(wanted.has('kubeConfigMaps') && {
      kubeConfigMaps:
        unknownReferences(found, ['kustomizations', 'helmReleases'], 'ConfigMaps of remote clusters') ??
        collected(
          await collectKubeConfigMaps(client, [...valueOf(found.kustomizations), ...valueOf(found.helmReleases)]),
        ),
    }),
  };
}

/** Why nothing can be looked for: not one of the kinds that refer to it could be read. */
function unknownReferences(
  found: FoundArtifacts,
  names: readonly ArtifactName[],
  what: string,
): Collected<never> | undefined {
  const lists = names.flatMap((name) => found[name] ?? []);
  if (lists.some(({ state }) => state === 'collected')) return undefined;
  const [gap] = lists.flatMap((list) => (list.state === 'unavailable' ? [list] : []));
  const message = `Which ${what} Flux uses is not known: the objects that name them were not read.`;
  return gap ? unavailable(gap.reason, `${message} ${gap.message}`, gap.missing) : unavailable('notCollected', message);
}

function referringObjects(found: FoundArtifacts) {
  const sources: readonly Collected<readonly Source[]>[] =
    found.sources?.state === 'collected' ? Object.values(found.sources.value) : [];
  return {
    kustomizations: valueOf(found.kustomizations),
    helmReleases: valueOf(found.helmReleases),
    sources: sources.flatMap(valueOf),
    providers: valueOf(found.providers),
    receivers: valueOf(found.receivers),
    imageRepositories: valueOf(found.imageRepositories),
    imageUpdateAutomations: valueOf(found.imageUpdateAutomations),
    resourceSets: valueOf(found.resourceSets),
  };
}

function valueOf<T>(list: Collected<readonly T[]> | undefined): readonly T[] {
  return list?.state === 'collected' ? list.value : [];
}
