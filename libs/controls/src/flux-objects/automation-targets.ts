import {
  type Artifacts,
  type Collected,
  type ImageUpdateAutomation,
  type KubernetesObject,
  type Source,
  derived,
} from '#libs/core';
import { repositoryKey } from '../tenants/ownership.js';

/** Where an automation writes. */
export type PushTarget =
  | {
      readonly state: 'known';
      readonly repository: Source;
      /** Names of branches; an absent one is the default branch of the repository. */
      readonly branches: readonly (string | undefined)[];
      /** JSON pointer of what decides in the automation; absent = the reference of the repository. */
      readonly pointer?: string;
    }
  | { readonly state: 'missing' }
  | { readonly state: 'unread'; readonly artifact: Extract<Collected<unknown>, { state: 'unavailable' }> };

/** Branch of a reference: `refs/heads/main` → `main`; undefined where it is the default branch. */
function branchOf(ref: Source['spec']['ref'] = {}): string | undefined {
  const { name, branch } = ref;
  return name ? name.replace(/^refs\/heads\//, '') : branch || undefined;
}

/** The target of a refspec such as `refs/heads/main:refs/heads/auto`; without a colon both sides are the same. */
function branchOfRefspec(refspec: string): string {
  const target = refspec.replace(/^\+/, '').split(':').at(-1) ?? '';
  return target.replace(/^refs\/heads\//, '');
}

const byName = derived(
  (repositories: readonly Source[]): ReadonlyMap<string, Source> =>
    new Map(repositories.map((source) => [`${source.metadata.namespace}/${source.metadata.name}`, source] as const)),
);

/** https://fluxcd.io/flux/components/image/imageupdateautomations/#push: `push.branch`, else what was checked out. */
export function pushTargetOf(
  { metadata, spec }: ImageUpdateAutomation,
  repositories: Collected<readonly Source[]>,
): PushTarget {
  if (repositories.state === 'unavailable') return { state: 'unread', artifact: repositories };
  const { sourceRef, git = {} } = spec;
  const namespace = sourceRef?.namespace ?? metadata.namespace;
  const repository = byName(repositories.value).get(`${namespace}/${sourceRef?.name ?? ''}`);
  if (!repository) return { state: 'missing' };
  const checkedOut = git.checkoutBranch || branchOf(repository.spec.ref);
  const refspec = git.pushRefspec ? [branchOfRefspec(git.pushRefspec)] : [];
  // With a refspec alone nothing is pushed to the branch that was checked out.
  const branches = git.pushBranch ? [git.pushBranch, ...refspec] : refspec.length > 0 ? refspec : [checkedOut];
  const pointer = git.pushBranch
    ? '/spec/git/pushBranch'
    : git.pushRefspec
      ? '/spec/git/pushRefspec'
      : git.checkoutBranch
        ? '/spec/git/checkoutBranch'
        : undefined;
  return { state: 'known', repository, branches, ...(pointer !== undefined && { pointer }) };
}

/** GitRepositories by the repository that they lead to, however its URL is written. */
export const followersByRepository = derived(
  (repositories: readonly Source[]): ReadonlyMap<string, readonly Source[]> => {
    const found = new Map<string, Source[]>();
    for (const source of repositories) {
      const key = repositoryKey(source.spec.url ?? '');
      const list = found.get(key);
      if (list) list.push(source);
      else found.set(key, [source]);
    }
    return found;
  },
);

/** Whether a GitRepository follows the branch; one that names a commit, tag or range follows none. */
export function follows({ spec }: Source, branch: string | undefined): boolean {
  const { ref = {} } = spec;
  if (ref['commit'] || ref['name']?.startsWith('refs/tags/')) return false;
  if (!ref['name'] && (ref['semver'] || ref['tag'])) return false;
  const followed = branchOf(ref);
  if (followed === branch) return true;
  return (followed === undefined && isDefault(branch)) || (branch === undefined && isDefault(followed));
}

/** An unnamed branch is taken for the one that most repositories have. */
function isDefault(branch: string | undefined): boolean {
  return branch === 'main' || branch === 'master';
}

/** `namespace/name` of the GitRepositories that something is applied from. */
export function appliedRepositories({
  kustomizations,
  helmReleases,
}: Pick<Artifacts, 'kustomizations' | 'helmReleases'>): ReadonlyMap<string, KubernetesObject> {
  const found = new Map<string, KubernetesObject>();
  for (const object of [...kustomizations, ...helmReleases]) {
    const reference = object.kind === 'Kustomization' ? object.spec.sourceRef : object.spec.chart?.spec.sourceRef;
    if (reference?.kind !== 'GitRepository') continue;
    const key = `${reference.namespace ?? object.metadata.namespace}/${reference.name}`;
    if (!found.has(key)) found.set(key, object);
  }
  return found;
}
