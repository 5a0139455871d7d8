import {
  type Evidence,
  type Fix,
  type GitFile,
  type Kustomization,
  type Observation,
  type Severity,
  type Subject,
  count,
  fail,
  pass,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { type PlacedReference, referencesIn } from '../git-sources/build-closure.js';
import { shownReference } from '../git-sources/kustomize-reference.js';
import type { ReconciledBuilds } from '../git-sources/reconciled-builds.js';
import { shellText } from '../git-sources/shell-text.js';
import { type TreeIndex, folderOf } from '../git-sources/tree-index.js';

/** A kustomization.yaml, what it takes from elsewhere, and who builds on it. */
export interface ReadFile {
  readonly tree: TreeIndex;
  readonly file: GitFile;
  readonly remote: readonly PlacedReference[];
  /** Empty where no Kustomization builds the file. */
  readonly usedBy: readonly Kustomization[];
}

const SHOWN = 3;
const MAX_EVIDENCE = 10;

/**
 * Every kustomization.yaml of the trees that were read, each once. Those that nobody builds on are among them only
 * where the builds of all Kustomizations are known.
 */
export function kustomizationFiles({ builds, trees, unread }: ReconciledBuilds): readonly ReadFile[] {
  const users = new Map<GitFile, { readonly tree: TreeIndex; readonly usedBy: Kustomization[] }>();
  for (const tree of unread.length === 0 ? trees : []) {
    for (const file of tree.tree.files) if (file.kustomization) users.set(file, { tree, usedBy: [] });
  }
  for (const { tree, closure, kustomization } of builds) {
    for (const file of closure.files) {
      if (!file.kustomization) continue;
      const known = users.get(file);
      if (known) known.usedBy.push(kustomization);
      else users.set(file, { tree, usedBy: [kustomization] });
    }
  }
  return [...users].map(([file, { tree, usedBy }]) => ({ tree, file, usedBy, remote: remoteEntries(file, tree) }));
}

function remoteEntries(file: GitFile, tree: TreeIndex): readonly PlacedReference[] {
  return referencesIn(file, tree).filter(({ leadsTo }) => leadsTo.kind === 'elsewhere');
}

/** What one kustomization.yaml takes from elsewhere. `severity` for what a Kustomization builds on. */
export function judgeFile(
  read: ReadFile,
  weight: { readonly severity: Severity; readonly forks: boolean },
): readonly Observation[] {
  if (read.remote.length === 0) {
    const message = `${excerpt(read.file.path)} refers to nothing outside of its source.`;
    return [pass(subjectOfFile(read), 'NO_REMOTE_REFERENCES', message)];
  }
  return REASONS.flatMap((reason) => {
    const [first, ...others] = read.remote.filter((placed) => reasonOf(placed) === reason);
    return first ? [judgeEntries(read, reason, [first, ...others], weight)] : [];
  });
}

const REASONS = ['REMOTE_FILE', 'REMOTE_BASE', 'REMOTE_BASE_PINNED', 'HELM_CHARTS'] as const;
type Reason = (typeof REASONS)[number];

function reasonOf({ target }: PlacedReference): Reason {
  if (target.kind === 'remoteFile') return 'REMOTE_FILE';
  if (target.kind === 'remoteBase') return target.pinned ? 'REMOTE_BASE_PINNED' : 'REMOTE_BASE';
  return 'HELM_CHARTS';
}

const WHAT: Record<Exclude<Reason, 'HELM_CHARTS'>, (texts: string) => string> = {
  REMOTE_FILE: (texts) => `fetches ${texts} at each build, which --no-remote-bases does not stop`,
  REMOTE_BASE: (texts) => `builds on the Git repository ${texts}, not pinned to a commit`,
  REMOTE_BASE_PINNED: (texts) => `builds on the Git repository ${texts}, pinned to a commit`,
};

const DRIFTS =
  'What is applied is then not what was reviewed and verified in the source, and it changes when the other place does';
const STOPS = 'the build stops with BuildFailed once --no-remote-bases=true is set';
const WHY: Record<Exclude<Reason, 'HELM_CHARTS'>, string> = {
  REMOTE_FILE: `${DRIFTS}.`,
  REMOTE_BASE: `${DRIFTS}; ${STOPS}.`,
  REMOTE_BASE_PINNED: `It is applied without the checks of the source, and ${STOPS}.`,
};

type Entries = readonly [PlacedReference, ...PlacedReference[]];

function judgeEntries(
  read: ReadFile,
  reason: Reason,
  entries: Entries,
  { severity, forks }: { readonly severity: Severity; readonly forks: boolean },
): Observation {
  const subject = subjectOfFile(read);
  const path = excerpt(read.file.path);
  const evidence = [entries[0], ...entries.slice(1, MAX_EVIDENCE)].map((placed) => evidenceOf(read, placed)) as [
    Evidence,
  ];
  if (reason === 'HELM_CHARTS') {
    const then = forks ? 'whether the build that runs here does is not known' : 'so the build of this path fails';
    return warn(
      subject,
      reason,
      `${path} asks kustomize to inflate charts. Flux disables that in its own builds${forks ? '; ' : ', '}${then}. Deploy the chart by a HelmRelease.`,
      { evidence, severity: 'medium', ...(forks && { confidence: 'derived' }) },
    );
  }
  const shown = entries.map(({ reference }) => excerpt(shownReference(reference)));
  const more = shown.length > SHOWN ? ` and ${shown.length - SHOWN} more` : '';
  const what = WHAT[reason](shown.slice(0, SHOWN).join(', ') + more);
  const todo = 'Copy it into the source, or make it a source of its own.';
  const fixes = [vendor(read, entries)];
  if (read.usedBy.length === 0) {
    const message = `${path} ${what}. No Kustomization of this cluster builds this file now. ${todo}`;
    return warn(subject, reason, message, { evidence, severity: 'low', fixes });
  }
  const message = `${path}, built by ${userNames(read.usedBy)}, ${what}. ${WHY[reason]} ${todo}`;
  if (reason === 'REMOTE_BASE_PINNED') return warn(subject, reason, message, { evidence, severity: 'medium', fixes });
  return fail(subject, reason, message, { evidence, severity, fixes });
}

function userNames(users: readonly Kustomization[]): string {
  const names = users.slice(0, SHOWN).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  const more = users.length - names.length;
  return `${users.length === 1 ? 'the Kustomization' : count(users.length, 'Kustomization')} ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function subjectOfFile({ tree, file }: ReadFile): Subject {
  return { kind: 'GitFile', namespace: tree.tree.url, name: file.path };
}

function evidenceOf({ tree }: ReadFile, { file, index, reference }: PlacedReference): Evidence {
  return {
    object: { apiVersion: 'git', kind: 'GitFile', name: file.path },
    pointer: `/kustomization/references/${index}/value`,
    observed: excerpt(shownReference(reference)),
    expected: 'a path in the same source',
    note: `${reference.pointer} of the file, ${excerpt(tree.tree.url)} at ${excerpt(tree.tree.ref)} (${excerpt(tree.tree.commit)})`,
  };
}

function vendor({ file }: ReadFile, entries: Entries): Fix {
  const folder = folderOf(file.path) || '.';
  const commands = entries.slice(0, MAX_EVIDENCE).map(({ target, reference }) => {
    const shown = shownReference(reference);
    if (target.kind !== 'remoteFile')
      return `kustomize localize ${shellText(shown)} ${shellText(`${folder}/vendor`)}\n`;
    const name = (shown.split('?')[0] ?? '').split('/').at(-1) || 'remote.yaml';
    return `curl --fail --location --output ${shellText(`${folder}/${name}`)} ${shellText(shown)}\n`;
  });
  return {
    form: 'steps',
    title: 'Copy it into the source',
    content: `${commands.join('')}# Then name the copies in ${excerpt(file.path)}, review them and commit everything.\n`,
  };
}
