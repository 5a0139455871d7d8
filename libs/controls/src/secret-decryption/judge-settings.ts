import {
  type Kustomization,
  type Observation,
  causeOfUnavailable,
  codeOfUnavailable,
  fail,
  notEvaluated,
  notEvaluatedBecause,
  objectReference,
  pass,
} from '#libs/core';
import { WORKLOAD_IDENTITY_GATE, excerpt } from '#libs/flux';
import { createSecret } from './decryption-fixes.js';
import { type Surroundings, subjectFor, titleOf } from './decryption-subject.js';
import type { Setting } from './kustomize-settings.js';
import { type NamedSecret, decryptionKeys, namedSecret, secretEvidence } from './named-secret.js';

const USABLE = '*.agekey, *.asc, sops.vault-token, sops.aws-kms, sops.azure-kv or sops.gcp-kms';

/** Whether `spec.decryption` can work at all. Nothing where there is none. */
export function judgeSettings(
  kustomization: Kustomization,
  { settings, secretFacts }: Surroundings,
): readonly Observation[] {
  const { decryption } = kustomization.spec;
  if (!decryption) return [];
  const { secretRef, serviceAccountName = '' } = decryption;
  const secret = secretRef && namedSecret(secretFacts, kustomization.metadata.namespace ?? '', secretRef.name);
  const judged = [
    ...(decryption.provider === 'sops' ? [] : [wrongProvider(kustomization)]),
    ...(secret ? judgeSecret(kustomization, secretRef.name, secret) : []),
    ...(serviceAccountName === '' ? [] : judgeGate(kustomization, settings.gate)),
  ];
  if (judged.length > 0) return judged;
  const how = secretRef
    ? `with the Secret ${excerpt(secretRef.name)}, which holds a key that can be used`
    : serviceAccountName === ''
      ? 'with what the controller has'
      : `as the service account ${excerpt(serviceAccountName)}`;
  return [
    pass(subjectFor(kustomization, 'decryption'), 'DECRYPTION_SET', `${titleOf(kustomization)} decrypts ${how}.`),
  ];
}

function wrongProvider(kustomization: Kustomization): Observation {
  const { provider } = kustomization.spec.decryption ?? {};
  return fail(
    subjectFor(kustomization, 'decryption'),
    'UNKNOWN_PROVIDER',
    `${titleOf(kustomization)} names the decryption provider ${excerpt(provider ?? '(none)')}. ` +
      'Flux knows sops only, so nothing is decrypted. Set spec.decryption.provider to sops.',
    {
      evidence: [
        {
          object: objectReference(kustomization),
          pointer: '/spec/decryption/provider',
          observed: provider === undefined ? null : excerpt(provider),
          expected: 'sops',
        },
      ],
    },
  );
}

function judgeSecret(kustomization: Kustomization, name: string, secret: NamedSecret): readonly Observation[] {
  const subject = subjectFor(kustomization, 'decryption');
  const { namespace = '' } = kustomization.metadata;
  const title = `the Secret ${namespace}/${excerpt(name)}`;
  const missing = notFoundMessage(kustomization, name);
  if (secret.state === 'unavailable' && !missing) return [notEvaluatedBecause(subject, secret)];
  const facts = secret.state === 'collected' ? secret.value : null;
  if (facts && decryptionKeys(facts).length > 0) return [];
  const reference = {
    object: objectReference(kustomization),
    pointer: '/spec/decryption/secretRef/name',
    observed: excerpt(name),
    expected: `a Secret with ${USABLE}`,
  };
  const what = facts
    ? `${title}, which holds no key that Flux decrypts with${facts.keys.length === 0 ? '' : ` (its keys: ${excerpt(facts.keys.join(', '))})`}`
    : `${title}, which does not exist`;
  return [
    fail(
      subject,
      'KEY_MISSING',
      `${titleOf(kustomization)} takes its key from ${what}. ` +
        'Nothing that is encrypted can be decrypted, so nothing of it is applied. ' +
        `Give the Secret the private key, under a name such as age.agekey: Flux takes ${USABLE}.`,
      {
        evidence: facts ? [reference, secretEvidence(facts, '/keys', facts.keys, USABLE)] : [reference],
        fixes: [
          {
            form: 'steps',
            title: `Create the Secret ${namespace}/${excerpt(name)} with the private key`,
            content: createSecret(namespace, name, []),
          },
        ],
      },
    ),
  ];
}

/** kustomize-controller says so itself, with the reason BuildFailed. */
function notFoundMessage({ status }: Kustomization, name: string): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status: ready, message }) =>
      type === 'Ready' && ready === 'False' && message?.includes(`secrets "${name}" not found`),
  );
}

function judgeGate(kustomization: Kustomization, gate: Setting): readonly Observation[] {
  const subject = subjectFor(kustomization, 'decryption');
  if (gate.state === 'yes') return [];
  if (gate.state === 'unknown') {
    return [
      notEvaluated(
        subject,
        gate.unavailable ? causeOfUnavailable(gate.unavailable.reason) : 'undecidable',
        gate.unavailable ? codeOfUnavailable(gate.unavailable.reason) : 'GATE_UNKNOWN',
        `${titleOf(kustomization)} decrypts as a service account, which needs the feature gate ${WORKLOAD_IDENTITY_GATE}, and whether that is on is not known: ${gate.why}. Let all instances of kustomize-controller have it.`,
        { missing: gate.unavailable?.missing ?? [] },
      ),
    ];
  }
  return [
    fail(
      subject,
      'FEATURE_GATE_DISABLED',
      `${titleOf(kustomization)} decrypts as a service account, and kustomize-controller runs without --feature-gates=${WORKLOAD_IDENTITY_GATE}=true. ` +
        'The Kustomization is stalled: nothing of it is applied. ' +
        'Switch the gate on, or take the key from a Secret.',
      {
        evidence: [
          {
            object: objectReference(kustomization),
            pointer: '/spec/decryption/serviceAccountName',
            observed: kustomization.spec.decryption?.serviceAccountName ?? null,
            expected: `absent, or the feature gate ${WORKLOAD_IDENTITY_GATE} on`,
          },
        ],
      },
    ),
  ];
}
