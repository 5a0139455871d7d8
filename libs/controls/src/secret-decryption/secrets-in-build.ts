import { type Evidence, type GitFile, derived } from '#libs/core';
import { excerpt } from '#libs/flux';
import type { BuildClosure } from '../git-sources/build-closure.js';
import { type EncryptedItem, encryptedItems } from './sops-recipients.js';

const SHOWN = 3;

export interface PlainSecret {
  readonly file: GitFile;
  /** Place in the documents of the file. */
  readonly index: number;
}

/** What is encrypted and what is plain among the files of a build. Many Kustomizations share one build. */
export const secretsIn = derived(
  ({ files }: BuildClosure): { readonly items: readonly EncryptedItem[]; readonly plain: readonly PlainSecret[] } => ({
    items: [...files].flatMap(encryptedItems),
    plain: [...files].flatMap((file) =>
      (file.documents ?? []).flatMap((document, index) => (document.plainSecret ? [{ file, index }] : [])),
    ),
  }),
);

/** The paths of some files, for people. */
export function fileNames(items: readonly { readonly file: GitFile }[]): string {
  const paths = [...new Set(items.map(({ file }) => file.path))];
  const shown = paths.slice(0, SHOWN).map((path) => excerpt(path));
  return `${shown.join(', ')}${paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : ''}`;
}

export function gitFileReference({ path }: GitFile): NonNullable<Evidence['object']> {
  return { apiVersion: 'git', kind: 'GitFile', name: path };
}
