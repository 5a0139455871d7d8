import type { GitDocument, GitFile, SecretFacts, SopsFacts } from '#libs/core';

/** SOPS metadata with one flat list of recipients. */
export function sopsFor(...recipients: readonly string[]): SopsFacts {
  return { hasMac: true, version: '3.10.2', groups: [recipients.map((id) => ({ id }))] };
}

/** A file with one Secret, encrypted for some recipients. */
export function sealedFile(sops: SopsFacts, more: Partial<GitDocument> = {}): Omit<GitFile, 'path'> {
  return { documents: [{ apiVersion: 'v1', kind: 'Secret', name: 'db', sops, ...more }] };
}

/** A file with one Secret in plain text. */
export const PLAIN_FILE: Omit<GitFile, 'path'> = {
  documents: [{ apiVersion: 'v1', kind: 'Secret', name: 'db', plainSecret: true }],
};

/** Facts of a decryption Secret by `namespace/name`: its keys, and what else is known. */
export function decryptionSecret(
  path: string,
  keys: readonly string[] = ['age.agekey'],
  more: Partial<SecretFacts> = {},
): object {
  const [namespace, name] = path.split('/');
  const lengths = Object.fromEntries(keys.map((key) => [key, 189]));
  return { kind: 'SecretFacts', metadata: { name, namespace }, keys, digest: path, lengths, ...more };
}
