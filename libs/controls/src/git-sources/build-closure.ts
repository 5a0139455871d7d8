import type { GitFile, KustomizationReference } from '#libs/core';
import { type ReferenceTarget, targetOf } from './kustomize-reference.js';
import { type TreeIndex, folderOf, join, resolvePath } from './tree-index.js';

/** An entry of a kustomization.yaml and the file that it stands in. */
export interface PlacedReference {
  readonly file: GitFile;
  /** Place in the `references` of the file. */
  readonly index: number;
  readonly reference: KustomizationReference;
  readonly target: ReferenceTarget;
  readonly leadsTo:
    | { readonly kind: 'file'; readonly file: GitFile }
    /** A folder with a kustomization.yaml of its own. */
    | { readonly kind: 'folder'; readonly path: string }
    /** Out of the tree: to the network, or to charts. */
    | { readonly kind: 'elsewhere' }
    /** There is no such file or folder. */
    | { readonly kind: 'nothing' };
}

/** What the build of a path reads. */
export interface BuildClosure {
  /** By path, in order of the build. */
  readonly files: ReadonlySet<GitFile>;
  /** Entries that lead out of the tree to the network, or to charts. */
  readonly remote: readonly PlacedReference[];
  /** Local entries that lead to nothing. */
  readonly missing: readonly PlacedReference[];
  /** The path itself is not there. */
  readonly noSuchPath: boolean;
}

/** Left out of an artifact by source-controller whatever the source says (its default exclusions). */
const NEVER_IN_ARTIFACT =
  /(?:^|\/)\.(?:sops|flux|goreleaser)\.ya?ml$|^(?:\.github|\.circleci)\/|^(?:\.travis|\.gitlab-ci|\.drone|appveyor|cloudbuild|codeship-services|codeship-steps)\.ya?ml$/;

const MANIFEST = /\.ya?ml$/;
/** Deeper than anybody nests bases; kustomize itself stops at cycles. */
const MAX_FOLDERS = 10_000;

/**
 * The files that kustomize-controller reads for `spec.path`: from its kustomization.yaml on through everything that one
 * refers to, or, where the folder has none, every manifest below it; a folder below with a kustomization.yaml of its own
 * is built by that. https://fluxcd.io/flux/components/kustomize/kustomizations/#generating-a-kustomizationyaml-file
 */
export function buildClosure(tree: TreeIndex, path: string): BuildClosure {
  const builder = new Builder(tree);
  const root = resolvePath('', path);
  if (root === undefined || !tree.isFolder(root)) return { ...builder.closure(), noSuchPath: true };
  if (tree.kustomizationOf(root)) builder.folder(root);
  else builder.generated(root);
  return builder.closure();
}

class Builder {
  private readonly files = new Set<GitFile>();
  private readonly folders = new Set<string>();
  private readonly remote: PlacedReference[] = [];
  private readonly missing: PlacedReference[] = [];

  constructor(private readonly tree: TreeIndex) {}

  closure(): BuildClosure {
    return { files: this.files, remote: this.remote, missing: this.missing, noSuchPath: false };
  }

  /** False where the folder has no kustomization.yaml: nothing can be built there. */
  folder(start: string): boolean {
    const found = this.tree.kustomizationOf(start) !== undefined;
    const queue = [start];
    for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
      if (this.folders.has(folder) || this.folders.size >= MAX_FOLDERS) continue;
      this.folders.add(folder);
      const file = this.tree.kustomizationOf(folder);
      if (file) queue.push(...this.kustomization(file));
    }
    return found;
  }

  generated(root: string): void {
    const own = new Set<string>();
    for (const file of this.tree.filesBelow(root)) {
      const built = this.builtAbove(folderOf(file.path), root);
      if (built !== undefined) own.add(built);
      else if (MANIFEST.test(file.path) && !NEVER_IN_ARTIFACT.test(file.path)) this.files.add(file);
    }
    for (const folder of own) this.folder(folder);
  }

  /** The outermost folder below `root`, and around `folder`, that has its own kustomization.yaml. */
  private builtAbove(folder: string, root: string): string | undefined {
    const parts = folder.slice(root === '' ? 0 : root.length + 1).split('/');
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const outer = join(root, parts.slice(0, depth).join('/'));
      if (outer !== root && this.tree.kustomizationOf(outer)) return outer;
    }
    return undefined;
  }

  /** Adds what the file refers to; answers the folders that are built next. */
  private kustomization(file: GitFile): readonly string[] {
    this.files.add(file);
    const next: string[] = [];
    for (const placed of referencesIn(file, this.tree)) {
      const { leadsTo } = placed;
      if (leadsTo.kind === 'file') this.files.add(leadsTo.file);
      else if (leadsTo.kind === 'folder') next.push(leadsTo.path);
      else if (leadsTo.kind === 'elsewhere') this.remote.push(placed);
      else this.missing.push(placed);
    }
    return next;
  }
}

/** What the entries of a kustomization.yaml lead to; inline documents are left out. */
export function referencesIn(file: GitFile, tree: TreeIndex): readonly PlacedReference[] {
  const folder = folderOf(file.path);
  return (file.kustomization?.references ?? []).flatMap((reference, index) => {
    const target = targetOf(reference);
    return target.kind === 'inline'
      ? []
      : [{ file, index, reference, target, leadsTo: leadsTo(target, reference, folder, tree) }];
  });
}

function leadsTo(
  target: ReferenceTarget,
  reference: KustomizationReference,
  folder: string,
  tree: TreeIndex,
): PlacedReference['leadsTo'] {
  // What looks like a repository is a file here where one of that name exists: kustomize tries that first.
  const text = target.kind === 'local' ? target.path : target.kind === 'remoteBase' ? reference.value : undefined;
  const path = text === undefined ? undefined : resolvePath(folder, text);
  const file = path === undefined ? undefined : tree.fileAt(path);
  if (file) return { kind: 'file', file };
  if (target.kind !== 'local') return { kind: 'elsewhere' };
  return path !== undefined && tree.kustomizationOf(path) ? { kind: 'folder', path } : { kind: 'nothing' };
}
