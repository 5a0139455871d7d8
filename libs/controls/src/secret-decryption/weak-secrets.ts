import {
  type Artifacts,
  type Collected,
  type Kustomization,
  type Observation,
  type SecretFacts,
  type Subject,
  fail,
  notEvaluatedBecause,
  pass,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import type { TenantModel } from '../tenants/tenant-model.js';
import { confidenceIn, describeTenants, tenantsEvidence } from './foreign-readers.js';
import { namedSecret, secretEvidence, staticCredentials } from './named-secret.js';
import { foreignReaders } from './secret-readers.js';

const DAY = 86_400_000;

export interface WeakSecretFacts {
  readonly model: TenantModel;
  readonly secretFacts: Collected<Artifacts['secretFacts']>;
  readonly rbac: Collected<Artifacts['rbac']>;
  readonly accessReviews: Collected<Artifacts['accessReviews']>;
  readonly now: number;
  readonly rotationDays: number;
}

interface SecretName {
  readonly namespace: string;
  readonly name: string;
}

/** Decryption Secrets that Kustomizations name, each once. */
function decryptionSecrets(kustomizations: readonly Kustomization[]): readonly SecretName[] {
  const found = new Map<string, SecretName>();
  for (const { metadata, spec } of kustomizations) {
    const name = spec.decryption?.secretRef?.name;
    const { namespace } = metadata;
    if (name !== undefined && namespace !== undefined) found.set(`${namespace}/${name}`, { namespace, name });
  }
  return [...found.values()];
}

function subjectOfSecret({ namespace, name }: SecretName): Subject {
  return { apiVersion: 'v1', kind: 'Secret', namespace, name };
}

/** How well the Secrets that Kustomizations decrypt with are kept. */
export function judgeSecrets(kustomizations: readonly Kustomization[], facts: WeakSecretFacts): readonly Observation[] {
  const secrets = decryptionSecrets(kustomizations);
  return [...secrets.flatMap((secret) => judgeContent(secret, facts)), ...judgeReaders(secrets, facts)];
}

function judgeContent(secret: SecretName, { secretFacts, now, rotationDays }: WeakSecretFacts): readonly Observation[] {
  const subject = subjectOfSecret(secret);
  const found = namedSecret(secretFacts, secret.namespace, secret.name);
  if (found.state === 'unavailable') return [notEvaluatedBecause(subject, found)];
  // That it does not exist is a matter of FLUX-SEC-03.
  if (!found.value) return [];
  const title = `The decryption Secret ${secret.namespace}/${excerpt(secret.name)}`;
  const judged = [
    ...credentials(found.value, subject, title),
    ...age(found.value, subject, title, { now, rotationDays }),
  ];
  return judged.length > 0
    ? judged
    : [pass(subject, 'SECRET_KEPT', `${title} holds key pairs only, and is not due for rotation.`)];
}

function credentials(secret: SecretFacts, subject: Subject, title: string): readonly Observation[] {
  const keys = staticCredentials(secret);
  if (keys.length === 0) return [];
  return [
    warn(
      subject,
      'STATIC_CREDENTIAL',
      `${title} holds credentials that do not expire by themselves: ${keys.join(', ')}. ` +
        'Whoever gets them can use them from anywhere. ' +
        'Use a service account with workload identity (spec.decryption.serviceAccountName) instead.',
      {
        severity: 'medium',
        evidence: [secretEvidence(secret, '/keys', keys, 'keys of age or PGP, or a service account')],
      },
    ),
  ];
}

function age(
  secret: SecretFacts,
  subject: Subject,
  title: string,
  { now, rotationDays }: Pick<WeakSecretFacts, 'now' | 'rotationDays'>,
): readonly Observation[] {
  const { creationTimestamp } = secret.metadata;
  const days = Math.floor((now - Date.parse(creationTimestamp ?? '')) / DAY);
  if (Number.isNaN(days) || days <= rotationDays) return [];
  return [
    warn(
      subject,
      'KEY_OLD',
      `${title} is ${days} days old, and keys are due for rotation after ${rotationDays}. ` +
        'Whoever ever had the key reads everything that was encrypted for it. ' +
        'Add a new key, run sops updatekeys and sops rotate on the files, then take the old one out.',
      {
        severity: 'low',
        evidence: [
          secretEvidence(
            secret,
            '/metadata/creationTimestamp',
            creationTimestamp ?? null,
            `younger than ${rotationDays} days`,
          ),
        ],
      },
    ),
  ];
}

function judgeReaders(secrets: readonly SecretName[], facts: WeakSecretFacts): readonly Observation[] {
  const { model, rbac, accessReviews, secretFacts } = facts;
  const subjectOf = (secret: SecretName): Subject => ({ ...subjectOfSecret(secret), field: 'readers' });
  if (rbac.state === 'unavailable') return secrets.map((secret) => notEvaluatedBecause(subjectOf(secret), rbac));
  const readers = foreignReaders(secrets, model, rbac.value, accessReviews);
  return secrets.map((secret) => {
    const found = readers.get(`${secret.namespace}/${secret.name}`) ?? [];
    const title = `the decryption Secret ${secret.namespace}/${excerpt(secret.name)}`;
    const [first, ...others] = tenantsEvidence(found, model, 'no right of other tenants to read it');
    if (!first) {
      const message = `No tenant but its own may read ${title}.`;
      return pass(subjectOf(secret), 'SECRET_GUARDED', message, { confidence: 'derived' });
    }
    const known = namedSecret(secretFacts, secret.namespace, secret.name);
    const own =
      known.state === 'collected' && known.value
        ? [secretEvidence(known.value, '/keys', known.value.keys, 'read by its own tenant alone')]
        : [];
    return fail(
      subjectOf(secret),
      'FOREIGN_READERS',
      `Tenants may read ${title} that is not theirs: ${describeTenants(found)}. ` +
        'With its key they open everything that is encrypted for it, wherever they find the ciphertext. ' +
        'Take the right away, then change the key and the values.',
      { severity: 'high', confidence: confidenceIn(found, model), evidence: [first, ...others, ...own] },
    );
  });
}
