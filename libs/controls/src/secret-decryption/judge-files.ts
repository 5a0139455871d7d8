import {
  type Evidence,
  type Kustomization,
  type Observation,
  causeOfUnavailable,
  codeOfUnavailable,
  count,
  fail,
  notEvaluated,
  objectReference,
  pass,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import type { Build } from '../git-sources/reconciled-builds.js';
import { decryptionFixes } from './decryption-fixes.js';
import { type Surroundings, hasApplied, subjectFor, titleOf } from './decryption-subject.js';
import { keyPaths } from './key-paths.js';
import { plainSecrets } from './plain-secrets.js';
import { fileNames, gitFileReference, secretsIn } from './secrets-in-build.js';
import { type EncryptedItem, opens, recipientsOf } from './sops-recipients.js';

const MAX_EVIDENCE = 10;

/** kustomize-controller leaves what is annotated so as it is. */
const DECRYPT = 'kustomize.toolkit.fluxcd.io/decrypt';

/**
 * Whether everything that the files of a Kustomization hold encrypted can be decrypted, and nothing secret is plain.
 * `canDecrypt` false = its `spec.decryption` was found not to work, or could not be judged: that is said already.
 */
export function judgeFiles(build: Build, surroundings: Surroundings, canDecrypt: boolean): readonly Observation[] {
  const { kustomization, tree, closure } = build;
  const subject = subjectFor(kustomization, 'files');
  const title = titleOf(kustomization);
  if (closure.noSuchPath) {
    const message = `The path ${excerpt(kustomization.spec.path ?? './')} of ${title} is not in ${excerpt(tree.tree.url)} at ${excerpt(tree.tree.ref)}, so whether it holds secrets is not known. Correct the path, or the ref of the source.`;
    return [notEvaluated(subject, 'undecidable', 'PATH_NOT_FOUND', message)];
  }
  const { items } = secretsIn(closure);
  const skipped = items.filter(isSkipped);
  const needed = items.filter((item) => !isSkipped(item));
  const judged = [
    ...(skipped.length > 0 ? [decryptionSkipped(kustomization, skipped)] : []),
    ...plainSecrets(build),
    ...(needed.length === 0 || !canDecrypt ? [] : judgeEncrypted(build, needed, surroundings)),
  ];
  if (judged.some(({ outcome }) => outcome !== 'warn') || (needed.length > 0 && !canDecrypt)) return judged;
  const unread = [...closure.remote, ...closure.missing][0];
  if (unread) {
    const message = `${title} also builds what is not in its source: ${excerpt(unread.file.path)} refers to it (${unread.reference.pointer}), so whether that holds secrets is not known. Bring everything that it builds into the source.`;
    return [...judged, notEvaluated(subject, 'undecidable', 'BUILD_INCOMPLETE', message)];
  }
  const decrypts = kustomization.spec.decryption !== undefined;
  const files = `${count(closure.files.size, 'file')} at ${excerpt(tree.tree.commit)}`;
  if (items.length > 0) {
    return judged.length > 0
      ? judged
      : [
          pass(
            subject,
            'DECRYPTED',
            `${title} can decrypt everything that is encrypted in its ${files}: ${fileNames(items)}.`,
          ),
        ];
  }
  return [
    ...judged,
    decrypts
      ? pass(subject, 'DECRYPTION_UNUSED', `${title} has spec.decryption, and nothing in its ${files} is encrypted.`)
      : pass(subject, 'NO_SECRETS', `There are no secrets in the ${files} that ${title} builds.`),
  ];
}

function isSkipped({ document }: EncryptedItem): boolean {
  return document?.annotations?.[DECRYPT]?.toLowerCase() === 'disabled';
}

function itemEvidence(item: EncryptedItem, expected: string): Evidence {
  return {
    object: gitFileReference(item.file),
    pointer: `${item.pointer}/groups`,
    observed: recipientsOf(item).map(({ id }) => excerpt(id)),
    expected,
  };
}

function judgeEncrypted(
  build: Build,
  items: readonly EncryptedItem[],
  surroundings: Surroundings,
): readonly Observation[] {
  const { kustomization, tree } = build;
  const { decryption } = kustomization.spec;
  if (!decryption) return [decryptionMissing(kustomization, items, surroundings)];
  const paths = keyPaths(kustomization, surroundings);
  const answers = items.map((item) => ({ item, answer: opens(item.sops, paths.canOpen) }));
  const closed = answers.filter(({ answer }) => answer === 'no').map(({ item }) => item);
  if (closed.length > 0)
    return [cannotOpen(kustomization, closed, hasApplied(kustomization, tree.tree.commit), surroundings)];
  const open = answers.filter(({ answer }) => answer === 'unknown').map(({ item }) => item);
  const gap = paths.gaps.find(({ unavailable }) => unavailable) ?? paths.gaps[0];
  const artifact = gap?.unavailable;
  // Where its last run decrypted it, only what could not be read at all leaves the question open.
  if (open.length === 0 || (!artifact && hasApplied(kustomization, tree.tree.commit))) return [];
  return [
    notEvaluated(
      subjectFor(kustomization, 'files'),
      artifact ? causeOfUnavailable(artifact.reason) : 'undecidable',
      artifact ? codeOfUnavailable(artifact.reason) : 'KEY_UNKNOWN',
      `Whether ${titleOf(kustomization)} can decrypt ${fileNames(open)} is not known: ${gap?.why ?? 'the file does not name its recipients'}. Look at the last run of the Kustomization, or name a Secret with the key.`,
      { missing: artifact?.missing ?? [] },
    ),
  ];
}

function decryptionMissing(
  kustomization: Kustomization,
  items: readonly EncryptedItem[],
  surroundings: Surroundings,
): Observation {
  const expected = 'spec.decryption in the Kustomization';
  const ciphertext = items.some(({ document }) => document?.kind !== 'Secret');
  return fail(
    subjectFor(kustomization, 'files'),
    'DECRYPTION_MISSING',
    `${titleOf(kustomization)} builds ${count(items.length, 'encrypted document')} (${fileNames(items)}) and has no spec.decryption. ` +
      `A Secret with encrypted data stops the build; ${ciphertext ? 'everything else' : 'one with stringData only'} is applied as ciphertext, and the Kustomization is ready all the same. ` +
      'Set spec.decryption, and give it the key.',
    {
      evidence: [
        {
          object: objectReference(kustomization),
          pointer: '/spec/decryption',
          observed: null,
          expected: 'provider sops, with a key',
        },
        ...items.slice(0, MAX_EVIDENCE).map((item) => itemEvidence(item, expected)),
      ],
      fixes: decryptionFixes(kustomization, items, surroundings),
    },
  );
}

function cannotOpen(
  kustomization: Kustomization,
  items: readonly EncryptedItem[],
  applied: boolean,
  surroundings: Surroundings,
): Observation {
  const subject = subjectFor(kustomization, 'files');
  const { secretRef } = kustomization.spec.decryption ?? {};
  const [first] = items;
  const recipients = excerpt(
    first
      ? recipientsOf(first)
          .map(({ id }) => id)
          .join(', ')
      : '',
  );
  const held = secretRef
    ? `The Secret ${excerpt(secretRef.name)} does not hold the keys that are needed`
    : 'It names no Secret, and nothing was seen on the controller that could open them';
  const evidence = [
    {
      object: objectReference(kustomization),
      pointer: '/spec/decryption',
      observed: { provider: 'sops', ...(secretRef && { secretRef: secretRef.name }) },
      expected: 'a key of one of the recipients',
    },
    ...items.slice(0, MAX_EVIDENCE).map((item) => itemEvidence(item, 'a recipient whose key the Kustomization has')),
  ] as const;
  const what = `${titleOf(kustomization)} has no key for ${fileNames(items)}, which is encrypted for ${recipients}.`;
  if (applied) {
    return warn(
      subject,
      'KEY_PATH_UNSEEN',
      `${what} ${held}, and yet its last run succeeded: the node or the cloud lends the controller an identity. ` +
        'Name the key, or the service account, in spec.decryption, so that it does not depend on that.',
      { evidence, severity: 'low' },
    );
  }
  return fail(
    subject,
    secretRef ? 'WRONG_KEY' : 'NO_KEY',
    `${what} ${held}. The build stops, and nothing of it is applied. ` +
      'Give it the private key of a recipient, or encrypt the files for a key that it has (sops updatekeys).',
    { evidence, fixes: secretRef ? [] : decryptionFixes(kustomization, items, surroundings) },
  );
}

function decryptionSkipped(kustomization: Kustomization, items: readonly EncryptedItem[]): Observation {
  const [first] = items;
  const index = first?.file.documents?.findIndex((document) => document === first.document) ?? -1;
  return warn(
    subjectFor(kustomization, 'files'),
    'DECRYPTION_SKIPPED',
    `${count(items.length, 'encrypted document')} of ${titleOf(kustomization)} (${fileNames(items)}) carry the annotation ${DECRYPT}: disabled. ` +
      'They are applied as ciphertext, which is right only where another program decrypts them. ' +
      'Remove the annotation where Flux is meant to decrypt them.',
    {
      severity: 'low',
      evidence: first
        ? [
            {
              object: gitFileReference(first.file),
              pointer: `/documents/${index}/annotations`,
              observed: { [DECRYPT]: first.document?.annotations?.[DECRYPT] ?? null },
              expected: 'absent',
            },
          ]
        : [],
    },
  );
}
