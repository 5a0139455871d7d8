import {
  type Artifacts,
  type Collected,
  type GitTree,
  type Kustomization,
  type NotEvaluatedCause,
  type Observation,
  CLUSTER_SUBJECT,
  causeOfUnavailable,
  count,
  derived,
  notEvaluated,
  notEvaluatedBecause,
  subjectKey,
} from '#libs/core';
import { type BuildClosure, buildClosure } from './build-closure.js';
import { type UnreadSource, isUnread, treesOf } from './source-tree.js';
import { type TreeIndex, treeIndex } from './tree-index.js';

/** What one Kustomization applies, from the files of its source. */
export interface Build {
  readonly kustomization: Kustomization;
  readonly tree: TreeIndex;
  readonly closure: BuildClosure;
}

export interface ReconciledBuilds {
  readonly builds: readonly Build[];
  readonly unread: readonly { readonly kustomization: Kustomization; readonly source: UnreadSource }[];
  /** Every tree that was read, also those that no Kustomization uses. */
  readonly trees: readonly TreeIndex[];
}

/** The optional artifacts that tell what is in the sources. */
export const GIT_ARTIFACTS = ['sources', 'gitTrees'] as const;

/** The build of every Kustomization whose source was read, and why the others were not. */
export const reconciledBuilds = derived(
  (
    kustomizations: readonly Kustomization[],
    sources: Collected<Artifacts['sources']>,
    gitTrees: Collected<Artifacts['gitTrees']>,
  ): ReconciledBuilds => {
    const treeOf = treesOf(sources, gitTrees);
    const builds: Build[] = [];
    const unread: ReconciledBuilds['unread'][number][] = [];
    for (const kustomization of kustomizations) {
      const tree = treeOf(kustomization);
      if (isUnread(tree)) unread.push({ kustomization, source: tree });
      else builds.push({ kustomization, tree, closure: closureAt(tree, kustomization.spec.path ?? './') });
    }
    const trees = gitTrees.state === 'collected' ? collectedTrees(gitTrees.value) : [];
    return { builds, unread, trees };
  },
);

const closures = new WeakMap<TreeIndex, Map<string, BuildClosure>>();

/** Many Kustomizations apply one path. */
function closureAt(tree: TreeIndex, path: string): BuildClosure {
  const known = closures.get(tree) ?? new Map<string, BuildClosure>();
  closures.set(tree, known);
  const found = known.get(path) ?? buildClosure(tree, path);
  known.set(path, found);
  return found;
}

function collectedTrees(trees: Artifacts['gitTrees']): readonly TreeIndex[] {
  return Object.values(trees).flatMap((entry: Collected<GitTree>) =>
    entry.state === 'collected' ? [treeIndex(entry.value)] : [],
  );
}

/**
 * The answers for what could not be read of the sources: one for the cluster where no source was read, else one for each
 * source. `what` continues "…, so ", such as "whether they refer to other places is not known".
 */
export function unreadSources({ unread }: ReconciledBuilds, what: string): readonly Observation[] {
  const bySource = new Map<string, { readonly source: UnreadSource; uses: number }>();
  for (const { source } of unread) {
    const key = source.scope === 'source' ? subjectKey(source.subject) : `${source.scope} ${source.why.message}`;
    const entry = bySource.get(key);
    if (entry) entry.uses += 1;
    else bySource.set(key, { source, uses: 1 });
  }
  return [...bySource.values()].map(({ source: { subject, why, scope }, uses }, index) => {
    if (scope === 'objects') return notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: `sources ${index + 1}` }, why);
    const said = scope === 'trees' ? 'The Git sources of this cluster were not read' : why.message.replace(/\.$/, '');
    return notEvaluated(
      scope === 'trees' ? CLUSTER_SUBJECT : subject,
      causeOfUnavailable(why.reason),
      'SOURCE_UNREADABLE',
      `${said}: ${count(uses, 'Kustomization')} ${uses === 1 ? 'applies' : 'apply'} files from there, so ${what}. ` +
        'Give Plimsoll access to the repository, or look at it by hand.',
      { missing: why.missing },
    );
  });
}

/** Why not everything that Kustomizations build is known; the first reason of possibly many. */
export interface UnknownFiles {
  readonly cause: NotEvaluatedCause;
  readonly reason: 'SOURCE_UNREADABLE' | 'PATH_NOT_FOUND' | 'BUILD_INCOMPLETE';
  /** Without a full stop. */
  readonly why: string;
}

/** Undefined where every file that any Kustomization builds was read. */
export function unknownFiles({ builds, unread }: ReconciledBuilds): UnknownFiles | undefined {
  const [first] = unread;
  if (first) {
    const { why } = first.source;
    return { cause: causeOfUnavailable(why.reason), reason: 'SOURCE_UNREADABLE', why: why.message.replace(/\.$/, '') };
  }
  for (const { kustomization, closure } of builds) {
    const title = `the Kustomization ${kustomization.metadata.namespace}/${kustomization.metadata.name}`;
    if (closure.noSuchPath) {
      return { cause: 'undecidable', reason: 'PATH_NOT_FOUND', why: `the path of ${title} is not in its source` };
    }
    if (closure.remote.length + closure.missing.length > 0) {
      return { cause: 'undecidable', reason: 'BUILD_INCOMPLETE', why: `${title} builds what is not in its source` };
    }
  }
  return undefined;
}
