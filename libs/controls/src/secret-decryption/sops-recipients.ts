import type { GitDocument, GitFile, SopsFacts, SopsRecipient } from '#libs/core';

/** Something that SOPS encrypted: a document of a file, or the file as a whole. */
export interface EncryptedItem {
  readonly file: GitFile;
  readonly sops: SopsFacts;
  /** JSON pointer of the metadata in the facts of the file. */
  readonly pointer: string;
  /** Absent for a file that is encrypted as a whole. */
  readonly document?: GitDocument;
}

export function encryptedItems(file: GitFile): readonly EncryptedItem[] {
  const documents = (file.documents ?? []).flatMap((document, index) =>
    document.sops ? [{ file, document, sops: document.sops, pointer: `/documents/${index}/sops` }] : [],
  );
  return file.sops ? [{ file, sops: file.sops, pointer: '/sops' }, ...documents] : documents;
}

export function recipientsOf({ sops }: EncryptedItem): readonly SopsRecipient[] {
  return sops.groups.flat();
}

export type RecipientKind = 'age' | 'pgp' | 'vault' | 'cloud';

/** Who opens a recipient: a key pair, HashiCorp Vault, or the key service of a cloud. */
export function kindOfRecipient(id: string): RecipientKind {
  const prefix = id.slice(0, Math.max(0, id.indexOf(':')));
  return prefix === 'age' || prefix === 'pgp' || prefix === 'vault' ? prefix : 'cloud';
}

/**
 * A recipient in one way of writing, however it was stated: `age1…` and `age:age1…` are one, fingerprints are upper
 * case, hosts lower case.
 */
export function recipientKey(id: string): string {
  const text = id.trim();
  if (/^age1/i.test(text)) return `age:${text.toLowerCase()}`;
  const colon = text.indexOf(':');
  const prefix = text.slice(0, Math.max(0, colon));
  const rest = text.slice(colon + 1);
  if (prefix === 'age') return `age:${rest.toLowerCase()}`;
  if (prefix === 'pgp') return `pgp:${fingerprint(rest)}`;
  if (/^(?:0x)?[0-9a-f]{16,}$/i.test(text)) return `pgp:${fingerprint(text)}`;
  if (prefix === 'azkv') return `azkv:${rest.replace(/^https:\/\/[^/]+/i, (host) => host.toLowerCase())}`;
  return text;
}

function fingerprint(text: string): string {
  return text.replaceAll(/^0x|\s/gi, '').toUpperCase();
}

/**
 * Whether the public half of such a key can be told from a Secret that holds it: of X25519 identities it can. Keys of
 * plugins and of SSH, and post-quantum ones (`age1…1…`), are not told, and a PGP fingerprint may be that of a subkey.
 */
export function isTellable(id: string): boolean {
  return /^age:age1[^1]+$/.test(recipientKey(id));
}

/** With the encryption context of AWS KMS, which IAM policies can ask for, and the role that is assumed. */
export function wrappedKey({ id, context = [], role }: SopsRecipient): string {
  return [recipientKey(id), ...context, ...(role === undefined ? [] : [`role ${role}`])].join('|');
}

export type Answer = 'yes' | 'no' | 'unknown';

/**
 * Whether somebody who can open some recipients gets at the data key: of each key group one recipient is enough, and of
 * the groups as many as the threshold says, or all. https://getsops.io/docs/#key-groups
 */
export function opens({ groups, threshold = 0 }: SopsFacts, canOpen: (recipient: SopsRecipient) => Answer): Answer {
  if (groups.length === 0) return 'unknown';
  const answers = groups.map((group) => best(group.map(canOpen)));
  const needed = threshold > 0 ? threshold : groups.length;
  const open = answers.filter((answer) => answer === 'yes').length;
  if (open >= needed) return 'yes';
  return open + answers.filter((answer) => answer === 'unknown').length >= needed ? 'unknown' : 'no';
}

function best(answers: readonly Answer[]): Answer {
  if (answers.includes('yes')) return 'yes';
  return answers.includes('unknown') ? 'unknown' : 'no';
}
