import {
  type Artifacts,
  type Collected,
  type GitTree,
  type Kustomization,
  type Source,
  type Subject,
  SOURCE_KINDS,
  type SourceKind,
  derived,
  subjectOf,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { type TreeIndex, treeIndex } from './tree-index.js';

type Unavailable = Extract<Collected<unknown>, { state: 'unavailable' }>;

/** Why the files that a Kustomization applies are not known. */
export interface UnreadSource {
  /** The source, where it is known; else the Kustomization. */
  readonly subject: Subject;
  readonly why: Unavailable;
  /** No tree at all could be read, or no source object of this kind, or only this source. */
  readonly scope: 'trees' | 'objects' | 'source';
}

/** Finds the tree of a Kustomization's source. */
export type TreeOf = (kustomization: Kustomization) => TreeIndex | UnreadSource;

export function isUnread(found: TreeIndex | UnreadSource): found is UnreadSource {
  return 'why' in found;
}

/** Where sources were read; `gitTrees` by the URL of the source, with the ref after a `#` where one URL has several. */
export const treesOf = derived(
  (sources: Collected<Artifacts['sources']>, gitTrees: Collected<Artifacts['gitTrees']>): TreeOf => {
    const known = sources.state === 'collected' ? sourcesByName(sources.value) : new Map<string, Source>();
    const byUrl = gitTrees.state === 'collected' ? treesByUrl(gitTrees.value) : new Map<string, Collected<GitTree>[]>();
    return (kustomization) => {
      const { sourceRef } = kustomization.spec;
      const namespace = sourceRef?.namespace ?? kustomization.metadata.namespace ?? '';
      if (gitTrees.state === 'unavailable') return { subject: subjectOf(kustomization), why: gitTrees, scope: 'trees' };
      if (!sourceRef) return unread(subjectOf(kustomization), 'The Kustomization names no source.');
      const list = listOf(sources, sourceRef.kind);
      if (list?.state === 'unavailable') return { subject: subjectOf(kustomization), why: list, scope: 'objects' };
      const source = known.get(`${sourceRef.kind}/${namespace}/${sourceRef.name}`);
      if (!source) {
        const subject = { kind: sourceRef.kind, namespace, name: sourceRef.name };
        return unread(subject, `The ${sourceRef.kind} ${namespace}/${sourceRef.name} does not exist.`);
      }
      return treeOfSource(source, byUrl);
    };
  },
);

function listOf(sources: Collected<Artifacts['sources']>, kind: string): Collected<readonly Source[]> | undefined {
  if (sources.state === 'unavailable') return sources;
  return (SOURCE_KINDS as readonly string[]).includes(kind) ? sources.value[kind as SourceKind] : undefined;
}

function treeOfSource(source: Source, byUrl: ReadonlyMap<string, readonly Collected<GitTree>[]>) {
  const subject = subjectOf(source);
  const title = `${source.kind} ${source.metadata.namespace}/${source.metadata.name}`;
  const { url } = source.spec;
  if (url === undefined) return unread(subject, `What the ${title} holds was not read.`);
  const candidates = byUrl.get(url) ?? [];
  const tree = candidates.find((entry) => entry.state === 'collected' && isTreeOf(source, entry.value));
  if (tree?.state === 'collected') return treeIndex(tree.value);
  const failed = candidates.find((entry) => entry.state === 'unavailable');
  if (failed) return { subject, why: failed, scope: 'source' } as const;
  const other = candidates.length > 0 ? ' at the ref that the source follows' : '';
  return unread(subject, `What is in ${excerpt(url)}${other} was not read (${title}).`);
}

function unread(subject: Subject, message: string): UnreadSource {
  return { subject, why: { state: 'unavailable', reason: 'notCollected', message, missing: [] }, scope: 'source' };
}

/** The tree is what the source follows: by the commit of its artifact, or else by the ref. */
function isTreeOf({ spec, status }: Source, { ref, commit }: GitTree): boolean {
  if (commit !== '' && status?.artifact?.revision?.endsWith(commit)) return true;
  const { branch, tag, name, commit: wanted, semver } = spec.ref ?? {};
  // As source-controller chooses: https://fluxcd.io/flux/components/source/gitrepositories/#reference
  if (wanted) return wanted === commit;
  if (name) return name === ref;
  if (semver) return false;
  if (tag) return ref === tag || ref === `refs/tags/${tag}`;
  const followed = branch || 'master';
  return ref === followed || ref === `refs/heads/${followed}`;
}

function sourcesByName(sources: Artifacts['sources']): ReadonlyMap<string, Source> {
  const all = Object.values(sources).flatMap((list) => (list.state === 'collected' ? list.value : []));
  return new Map(all.map((source) => [`${source.kind}/${source.metadata.namespace}/${source.metadata.name}`, source]));
}

function treesByUrl(trees: Artifacts['gitTrees']): ReadonlyMap<string, readonly Collected<GitTree>[]> {
  const found = new Map<string, Collected<GitTree>[]>();
  for (const [key, entry] of Object.entries(trees)) {
    const url = entry.state === 'collected' ? entry.value.url : (key.split('#')[0] ?? key);
    const entries = found.get(url);
    if (entries) entries.push(entry);
    else found.set(url, [entry]);
  }
  return found;
}
