import { type GitFile, type GitTree, derived } from '#libs/core';

/** A tree, arranged for questions about paths. Paths have no leading `./` and no trailing `/`; the root is empty. */
export interface TreeIndex {
  readonly tree: GitTree;
  fileAt(path: string): GitFile | undefined;
  /** Some file lies below it. */
  isFolder(path: string): boolean;
  /** The file that kustomize reads in a folder. */
  kustomizationOf(folder: string): GitFile | undefined;
  /** All files below a folder, in order of their paths. */
  filesBelow(folder: string): readonly GitFile[];
}

/** In the order in which kustomize looks for them. */
const KUSTOMIZATION_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

export const treeIndex = derived((tree: GitTree): TreeIndex => {
  const files = tree.files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const byPath = new Map(files.map((file) => [file.path, file]));
  const folders = new Set(files.flatMap(({ path }) => foldersAbove(path)));
  return {
    tree,
    fileAt: (path) => byPath.get(path),
    isFolder: (path) => folders.has(path),
    kustomizationOf: (folder) =>
      KUSTOMIZATION_NAMES.map((name) => byPath.get(join(folder, name))).find((file) => file !== undefined),
    filesBelow: (folder) => (folder === '' ? files : below(files, folder)),
  };
});

function foldersAbove(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return ['', ...parts.map((_part, index) => parts.slice(0, index + 1).join('/'))];
}

/** Of sorted files, those below a folder: their paths sort between `folder/` and `folder0`, the next character. */
function below(files: readonly GitFile[], folder: string): readonly GitFile[] {
  return files.slice(firstFrom(files, `${folder}/`), firstFrom(files, `${folder}0`));
}

function firstFrom(files: readonly GitFile[], path: string): number {
  let [low, high] = [0, files.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((files[middle]?.path ?? '') < path) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `path` seen from `folder`, normalised; undefined where it leads out of the tree. */
export function resolvePath(folder: string, path: string): string | undefined {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

export function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
