import {
  type Evidence,
  type Fix,
  type Kustomization,
  type Observation,
  type Severity,
  type Subject,
  count,
  fail,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import type { PlacedReference } from '../git-sources/build-closure.js';
import { shownReference, targetOf } from '../git-sources/kustomize-reference.js';
import type { ReconciledBuilds } from '../git-sources/reconciled-builds.js';
import { type TreeIndex, folderOf } from '../git-sources/tree-index.js';

/** One place outside of the source that a kustomization.yaml names, and who builds on it. */
interface RemoteReference {
  readonly tree: TreeIndex;
  readonly placed: PlacedReference;
  readonly shown: string;
  /** Empty where no Kustomization builds the file. */
  readonly usedBy: readonly Kustomization[];
}

const SHOWN_USERS = 3;

/**
 * Every remote reference of the trees that were read, each once, with the Kustomizations that build on it. Those that
 * nobody builds on are among them only where the builds of all Kustomizations are known.
 */
export function remoteReferences({ builds, trees, unread }: ReconciledBuilds): readonly RemoteReference[] {
  const found = new Map<string, { reference: RemoteReference; users: Map<string, Kustomization> }>();
  const add = (tree: TreeIndex, placed: PlacedReference, user?: Kustomization): void => {
    const shown = shownReference(placed.reference);
    const key = [tree.tree.url, tree.tree.ref, placed.file.path, placed.target.kind, shown].join('\n');
    const entry = found.get(key) ?? { reference: { tree, placed, shown, usedBy: [] }, users: new Map() };
    if (user) entry.users.set(`${user.metadata.namespace}/${user.metadata.name}`, user);
    found.set(key, entry);
  };
  for (const { tree, closure, kustomization } of builds) {
    for (const placed of closure.remote) add(tree, placed, kustomization);
  }
  for (const tree of unread.length === 0 ? trees : []) {
    for (const file of tree.tree.files) {
      for (const [index, reference] of (file.kustomization?.references ?? []).entries()) {
        const target = targetOf(reference);
        if (target.kind === 'remoteFile' || target.kind === 'remoteBase') add(tree, { file, index, reference, target });
      }
    }
  }
  return [...found.values()].map(({ reference, users }) => ({ ...reference, usedBy: [...users.values()] }));
}

/** What a place outside of the source means. `severity` for what a Kustomization builds on. */
export function judgeReference(
  reference: RemoteReference,
  { severity, forks }: { readonly severity: Severity; readonly forks: boolean },
): Observation {
  const { placed, shown, usedBy } = reference;
  const subject = subjectOfReference(reference);
  const evidence = [evidenceOf(reference)] as const;
  const where = `${excerpt(placed.file.path)} (${placed.reference.pointer})`;
  const text = excerpt(shown);
  const { target } = placed;
  if (target.kind === 'helmChart') {
    return warn(
      subject,
      'HELM_CHARTS',
      `${where} asks kustomize to inflate charts. ${forks ? 'Flux disables that in its own builds; whether the build that runs here does is not known' : 'Flux disables that, so the build of this path fails'}. ` +
        'Deploy the chart by a HelmRelease.',
      { evidence, severity: 'medium', ...(forks && { confidence: 'derived' }) },
    );
  }
  const pinned = target.kind === 'remoteBase' && target.pinned;
  const what =
    target.kind === 'remoteFile'
      ? `fetches ${text} at each build; --no-remote-bases does not stop that`
      : `builds on the Git repository ${text}, ${pinned ? 'pinned to a commit' : 'which is not pinned to a commit'}`;
  const why = pinned
    ? 'It is applied without the checks of the source, and the build stops with BuildFailed once --no-remote-bases=true is set.'
    : `What is applied is then not what was reviewed and verified in the source, and it changes when the other place does${target.kind === 'remoteBase' ? '; with --no-remote-bases=true the build stops with BuildFailed' : ''}.`;
  const todo = 'Copy it into the source, or make it a source of its own.';
  const reason = pinned ? 'REMOTE_BASE_PINNED' : target.kind === 'remoteFile' ? 'REMOTE_FILE' : 'REMOTE_BASE';
  const fixes = [vendor(reference)];
  if (usedBy.length === 0) {
    const unused = `${where} ${what}. No Kustomization of this cluster builds this file now.`;
    return warn(subject, reason, `${unused} ${todo}`, { evidence, severity: 'low', fixes });
  }
  const message = `${where}, built by ${userNames(usedBy)}, ${what}. ${why} ${todo}`;
  if (pinned) return warn(subject, reason, message, { evidence, severity: 'medium', fixes });
  return fail(subject, reason, message, { evidence, severity, fixes });
}

function userNames(users: readonly Kustomization[]): string {
  const names = users.slice(0, SHOWN_USERS).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  const more = users.length - names.length;
  return `${users.length === 1 ? 'the Kustomization' : count(users.length, 'Kustomization')} ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The text itself tells entries of one file apart: they move when the list is edited. */
function subjectOfReference({ tree, placed, shown }: RemoteReference): Subject {
  return { kind: 'GitFile', namespace: tree.tree.url, name: placed.file.path, field: excerpt(shown) };
}

function evidenceOf({ tree, placed, shown }: RemoteReference): Evidence {
  return {
    object: { apiVersion: 'git', kind: 'GitFile', name: placed.file.path },
    pointer: `/kustomization/references/${placed.index}/value`,
    observed: excerpt(shown),
    expected: 'a path in the same source',
    note: `${excerpt(tree.tree.url)} at ${excerpt(tree.tree.ref)} (${excerpt(tree.tree.commit)})`,
  };
}

function vendor({ placed, shown }: RemoteReference): Fix {
  const folder = folderOf(placed.file.path) || '.';
  const { target, reference } = placed;
  const entry = `# Then name the copy instead of ${reference.pointer} in ${excerpt(placed.file.path)}, review it and commit both.\n`;
  if (target.kind === 'remoteFile') {
    const name = (shown.split('?')[0] ?? '').split('/').at(-1) || 'remote.yaml';
    return {
      form: 'steps',
      title: 'Copy the file into the source',
      content: `curl --fail --location --output ${quoted(`${folder}/${name}`)} ${quoted(shown)}\n${entry}`,
    };
  }
  return {
    form: 'steps',
    title: 'Copy the base into the source',
    content: `kustomize localize ${quoted(shown)} ${quoted(`${folder}/vendor`)}\n${entry}`,
  };
}

/** For a shell: the texts come from files that anybody may have written. */
function quoted(text: string): string {
  return `'${text.replaceAll(/\p{Cc}/gu, '').replaceAll("'", `'\\''`)}'`;
}
