import {
  type Artifacts,
  type Collected,
  type Kustomization,
  type Observation,
  count,
  fail,
  objectReference,
  pass,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { conditionText } from '../remote-apply/condition-text.js';
import { readyOf, subjectFor, titleOf } from './decryption-subject.js';
import { namedSecret } from './named-secret.js';

const SHOWN = 3;
const MAX_EVIDENCE = 10;

/** What kustomize-controller says where it cannot decrypt. */
const CANNOT_DECRYPT =
  /decryption failed|cannot get sops data key|error decrypting|is SOPS encrypted|from sops decryption Secret/i;

/** What the last run says about decryption. Nothing where it failed for something else. */
export function judgeStatus(kustomization: Kustomization): readonly Observation[] {
  const ready = readyOf(kustomization);
  const subject = subjectFor(kustomization, 'status');
  if (ready?.condition.status === 'True') {
    return [pass(subject, 'APPLIED', `The last run of ${titleOf(kustomization)} did not fail at decryption.`)];
  }
  if (ready?.condition.status !== 'False' || !CANNOT_DECRYPT.test(ready.condition.message ?? '')) return [];
  return [
    fail(
      subject,
      'DECRYPTION_FAILING',
      `${titleOf(kustomization)} fails at decryption (${ready.condition.reason ?? 'no reason given'}). ` +
        'Until it succeeds nothing of it is applied, security fixes included. ' +
        'Compare spec.decryption and its Secret with the recipients of the encrypted files.',
      {
        evidence: [
          {
            object: objectReference(kustomization),
            pointer: `${ready.pointer}/message`,
            observed: conditionText(ready.condition.message),
            expected: 'a run that decrypts',
          },
        ],
      },
    ),
  ];
}

/** `<namespace>_<name>_<group>_<kind>`, as cli-utils writes it. */
const SECRET_ID = /^([^_]*)_([^_]+)__Secret$/;

/**
 * Where the files are not known: a Kustomization without decryption that applied Secrets had them in plain text, from
 * its source or from substitutions. Nothing where it has applied nothing yet.
 */
export function judgeInventory(
  kustomization: Kustomization,
  secretFacts: Collected<Artifacts['secretFacts']>,
): readonly Observation[] {
  const { spec, status } = kustomization;
  const entries = status?.inventory?.entries;
  if (spec.decryption || !entries) return [];
  const subject = subjectFor(kustomization, 'inventory');
  const secrets = entries.flatMap(({ id }, index) => {
    const [, namespace = '', name] = SECRET_ID.exec(id) ?? [];
    if (name === undefined || isToken(secretFacts, namespace, name)) return [];
    return [{ id, index, shown: `${namespace}/${name}` }];
  });
  const [first, ...others] = secrets;
  if (!first) {
    const message = `${titleOf(kustomization)} has applied no Secret, as far as its inventory tells.`;
    return [pass(subject, 'NO_SECRET_APPLIED', message, { confidence: 'heuristic' })];
  }
  const evidence = ({ id, index }: (typeof secrets)[number]) => ({
    object: objectReference(kustomization),
    pointer: `/status/inventory/entries/${index}/id`,
    observed: id,
    expected: 'a Secret that comes from an encrypted file',
  });
  const shown = secrets.slice(0, SHOWN).map((each) => excerpt(each.shown));
  const more = secrets.length > SHOWN ? ` and ${secrets.length - SHOWN} more` : '';
  const what = `${titleOf(kustomization)} applied ${count(secrets.length, 'Secret')} (${shown.join(', ')}${more}) and has no spec.decryption.`;
  const details = {
    confidence: 'heuristic',
    evidence: [evidence(first), ...others.slice(0, MAX_EVIDENCE - 1).map(evidence)],
  } as const;
  if (spec.postBuild?.substituteFrom?.some(({ kind }) => kind === 'Secret')) {
    return [
      warn(
        subject,
        'PLAIN_SECRET_APPLIED',
        `${what} Their values may come from the Secrets of postBuild.substituteFrom, and its source was not read. ` +
          'Look at the files, and encrypt what stands there in plain text.',
        { severity: 'medium', ...details },
      ),
    ];
  }
  return [
    fail(
      subject,
      'PLAIN_SECRET_APPLIED',
      `${what} So their values stand in its source in plain text, or as ciphertext in the cluster; the source was not read. ` +
        'Whoever can read the source has what is plain there. ' +
        'Look at the files: change values that are plain, encrypt them with SOPS, and set spec.decryption.',
      details,
    ),
  ];
}

/** The token of a service account is made in the cluster; its manifest holds nothing. */
function isToken(facts: Collected<Artifacts['secretFacts']>, namespace: string, name: string): boolean {
  const secret = namedSecret(facts, namespace, name);
  return secret.state === 'collected' && secret.value?.type === 'kubernetes.io/service-account-token';
}
