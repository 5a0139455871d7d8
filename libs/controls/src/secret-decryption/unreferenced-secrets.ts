import { type GitFile, type Observation, count, warn } from '#libs/core';
import { excerpt } from '#libs/flux';
import type { Build, ReconciledBuilds } from '../git-sources/reconciled-builds.js';
import { type TreeIndex, folderOf, resolvePath } from '../git-sources/tree-index.js';
import { subjectFor, titleOf } from './decryption-subject.js';
import { fileNames, gitFileReference } from './secrets-in-build.js';

const MAX_EVIDENCE = 10;

/**
 * Secrets in the folders of Kustomizations that no build reads: forgotten, or meant to be applied. Each is told of the
 * Kustomization whose path is the nearest. Nothing where the builds of some Kustomizations are not known.
 */
export function unreferencedSecrets({ builds, unread }: ReconciledBuilds): readonly Observation[] {
  if (unread.some(({ source }) => source.scope !== 'source')) return [];
  const byTree = new Map<TreeIndex, Build[]>();
  for (const build of builds) {
    const own = byTree.get(build.tree);
    if (own) own.push(build);
    else byTree.set(build.tree, [build]);
  }
  return [...byTree].flatMap(([tree, own]) => inTree(tree, own));
}

function inTree(tree: TreeIndex, builds: readonly Build[]): readonly Observation[] {
  // Many Kustomizations share one closure.
  const read = new Set([...new Set(builds.map(({ closure }) => closure))].flatMap(({ files }) => [...files]));
  const byFolder = new Map(builds.map((build) => [resolvePath('', build.kustomization.spec.path ?? './'), build]));
  const found = new Map<Build, GitFile[]>();
  for (const file of tree.tree.files) {
    if (read.has(file) || !holdsSecrets(file)) continue;
    const build = nearest(folderOf(file.path), byFolder);
    const files = build && found.get(build);
    if (files) files.push(file);
    else if (build) found.set(build, [file]);
  }
  return [...found].map(([build, files]) => unreferenced(build, files));
}

function holdsSecrets({ sops, documents = [] }: GitFile): boolean {
  return sops !== undefined || documents.some((document) => document.sops || document.plainSecret);
}

function nearest(folder: string, byFolder: ReadonlyMap<string | undefined, Build>): Build | undefined {
  for (let place = folder; ; place = folderOf(place)) {
    const build = byFolder.get(place);
    if (build || place === '') return build;
  }
}

function unreferenced({ kustomization, tree }: Build, files: readonly GitFile[]): Observation {
  return warn(
    subjectFor(kustomization, 'files'),
    'UNREFERENCED',
    `The folder of ${titleOf(kustomization)} in ${excerpt(tree.tree.url)} holds ${count(files.length, 'file')} with secrets that no build reads: ${fileNames(files.map((file) => ({ file })))}. ` +
      'They are not applied, and nobody notices when they are out of date. ' +
      'Name them in a kustomization.yaml, or delete them.',
    {
      severity: 'low',
      evidence: files.slice(0, MAX_EVIDENCE).map((file) => ({
        object: gitFileReference(file),
        pointer: '/path',
        observed: excerpt(file.path),
        expected: 'a file that a kustomization.yaml refers to',
      })),
    },
  );
}
