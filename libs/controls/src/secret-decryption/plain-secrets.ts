import { type Evidence, type Observation, count, fail } from '#libs/core';
import type { Build } from '../git-sources/reconciled-builds.js';
import { shellText } from '../git-sources/shell-text.js';
import { subjectFor, titleOf } from './decryption-subject.js';
import { type PlainSecret, fileNames, gitFileReference, secretsIn } from './secrets-in-build.js';

const MAX_EVIDENCE = 10;

/** Secrets whose values stand in plain text in the files that a Kustomization builds. */
export function plainSecrets({ kustomization, closure }: Build): readonly Observation[] {
  const found = secretsIn(closure).plain;
  const [first, ...others] = found;
  if (!first) return [];
  const evidence = ({ file, index }: PlainSecret): Evidence => ({
    object: gitFileReference(file),
    pointer: `/documents/${index}/plainSecret`,
    observed: true,
    expected: 'a Secret that is encrypted',
  });
  return [
    fail(
      subjectFor(kustomization, 'files'),
      'PLAINTEXT_IN_PATH',
      `${titleOf(kustomization)} applies ${count(found.length, 'Secret')} whose values stand in plain text in its source: ${fileNames(found)}. ` +
        'Whoever can read the repository, or ever could, has them. ' +
        'Change the values first, then encrypt the files with SOPS and set spec.decryption.',
      {
        severity: 'critical',
        evidence: [evidence(first), ...others.slice(0, MAX_EVIDENCE - 1).map(evidence)],
        fixes: [
          {
            form: 'steps',
            title: 'Encrypt the files, after the values were changed',
            content: [...new Set(found.map(({ file }) => file.path))]
              .slice(0, MAX_EVIDENCE)
              .map((path) => `sops encrypt --encrypted-regex '^(data|stringData)$' --in-place ${shellText(path)}\n`)
              .join(''),
          },
        ],
      },
    ),
  ];
}
