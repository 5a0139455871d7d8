import {
  type Artifacts,
  type Collected,
  type Observation,
  type SecretFacts,
  type Source,
  type Subject,
  fail,
  notEvaluatedBecause,
  objectReference,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { namedSecret, secretEvidence } from '../secret-decryption/named-secret.js';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';
import type { SourceSecret } from './source-secrets.js';

const DAY = 86_400_000;
const SHOWN = 3;

/** What the verdict on credentials depends on. */
export interface CredentialFacts {
  readonly secretFacts: Collected<Artifacts['secretFacts']>;
  readonly model: TenantModel;
  /** `unknown` who shares the cluster; `none`: there is nobody whose credentials could be the same. */
  readonly tenants: 'known' | 'unknown' | 'none';
  /** All kinds of sources were read. */
  readonly allSources: boolean;
  readonly now: number;
  readonly rotationDays: number;
}

/** Workload identity needs no Secret; `github` and `generic` do. */
const IDENTITIES: ReadonlySet<string> = new Set(['aws', 'azure', 'gcp']);

/** Sources that name an identity of a cloud; those that hold a stored credential besides are warned about. */
export function judgeProvider(source: Source): readonly Observation[] {
  const { provider = '', secretRef } = source.spec;
  if (!IDENTITIES.has(provider)) return [];
  const title = `${source.kind} ${source.metadata.namespace}/${source.metadata.name}`;
  if (!secretRef) {
    return [
      pass(
        subjectOf(source),
        'WORKLOAD_IDENTITY',
        `${title} uses an identity of ${provider}, and no stored credential.`,
      ),
    ];
  }
  return [
    warn(
      subjectOf(source),
      'SECRET_BESIDE_PROVIDER',
      `${title} names the provider ${provider} and the Secret ${excerpt(secretRef.name)} besides. ` +
        'A stored credential stays valid wherever it gets to, and workload identity needs none. ' +
        'Remove spec.secretRef where the identity is enough, and revoke the credential.',
      {
        severity: 'low',
        evidence: [
          {
            object: objectReference(source),
            pointer: '/spec/secretRef/name',
            observed: excerpt(secretRef.name),
            expected: 'absent',
          },
        ],
      },
    ),
  ];
}

/** What stands in the Secrets of sources, and who has the same. */
export function judgeCredentials(secrets: readonly SourceSecret[], facts: CredentialFacts): readonly Observation[] {
  const read = secrets.map((secret) => ({
    secret,
    found: namedSecret(facts.secretFacts, secret.namespace, secret.name),
  }));
  const holders = new Map<string, Holder[]>();
  for (const { secret, found } of read) {
    if (found.state !== 'collected' || !found.value || found.value.keys.length === 0) continue;
    const holder = { facts: found.value, tenant: facts.model.tenantOf(secret.namespace) };
    const others = holders.get(found.value.digest);
    if (others) others.push(holder);
    else holders.set(found.value.digest, [holder]);
  }
  // Another one could be the same, and not be known.
  const complete =
    facts.tenants === 'none' ||
    (facts.tenants === 'known' && facts.allSources && read.every(({ found }) => found.state === 'collected'));
  return read.flatMap(({ secret, found }): readonly Observation[] => {
    const subject = subjectOfSecret(secret);
    if (found.state === 'unavailable') return [notEvaluatedBecause(subject, found)];
    if (!found.value) return [missing(secret)];
    const judged = [
      ...(facts.tenants === 'known'
        ? sharedWithOthers(secret, found.value, holders.get(found.value.digest) ?? [], facts.model)
        : []),
      ...githubToken(secret, found.value),
      ...age(secret, found.value, facts),
    ];
    if (judged.length > 0 || !complete) return judged;
    const message = `The credential ${titleOf(secret)} is used by one tenant alone, as far as Secrets of sources tell, and is not due for rotation.`;
    return [pass(subject, 'CREDENTIAL_KEPT', message)];
  });
}

interface Holder {
  readonly facts: SecretFacts;
  readonly tenant: Tenant | undefined;
}

function subjectOfSecret({ namespace, name }: SourceSecret): Subject {
  return { apiVersion: 'v1', kind: 'Secret', namespace, name };
}

function titleOf({ namespace, name, usedBy }: SourceSecret): string {
  const names = usedBy.slice(0, SHOWN).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  const more = usedBy.length > SHOWN ? ` and ${usedBy.length - SHOWN} more` : '';
  return `${namespace}/${excerpt(name)} of ${names.join(', ')}${more}`;
}

function missing(secret: SourceSecret): Observation {
  const [source] = secret.usedBy;
  return warn(
    subjectOfSecret(secret),
    'SECRET_MISSING',
    `The Secret ${titleOf(secret)} does not exist. So nothing new is fetched from there. Create it, or remove spec.secretRef.`,
    {
      severity: 'low',
      evidence: [
        {
          object: objectReference(source),
          pointer: '/spec/secretRef/name',
          observed: excerpt(secret.name),
          expected: 'a Secret that exists',
        },
      ],
    },
  );
}

function sharedWithOthers(
  secret: SourceSecret,
  facts: SecretFacts,
  holders: readonly Holder[],
  model: TenantModel,
): readonly Observation[] {
  const own = model.tenantOf(secret.namespace);
  const others = holders.filter(({ tenant }) => tenant !== own);
  const tenants = [...new Set(others.flatMap(({ tenant }) => tenant ?? []))];
  const [first] = others;
  if (!first || (!own && tenants.length === 0)) return [];
  const names = tenants.slice(0, SHOWN).map(({ name }) => excerpt(name));
  const more = tenants.length > SHOWN ? ` and ${tenants.length - SHOWN} more` : '';
  const evidence = [facts, first.facts].map((each) =>
    secretEvidence(each, '/digest', 'the same content', 'a credential of this tenant alone'),
  ) as [ReturnType<typeof secretEvidence>];
  const what = `The credential ${titleOf(secret)} is the same as`;
  const todo = 'Give each its own credential, read-only and for its own repositories, and revoke this one.';
  const { confidence } = model;
  if (own && tenants.length > 0) {
    return [
      fail(
        subjectOfSecret(secret),
        'SHARED_CREDENTIAL',
        `${what} that of other tenants: ${names.join(', ')}${more}. ` +
          `What one of them can read or write with it, all can, and it cannot be taken from one alone. ${todo}`,
        { severity: 'medium', confidence, evidence },
      ),
    ];
  }
  return [
    warn(
      subjectOfSecret(secret),
      'SHARED_WITH_PLATFORM',
      `${what} ${own ? 'one of the platform' : `that of tenants: ${names.join(', ')}${more}`}. ` +
        `What the platform can read or write with it, the tenant can. ${todo}`,
      { severity: 'medium', confidence, evidence },
    ),
  ];
}

/** https://fluxcd.io/flux/components/source/gitrepositories/#secret-reference */
function githubToken(secret: SourceSecret, facts: SecretFacts): readonly Observation[] {
  const token = ['password', 'bearerToken'].find((key) => facts.keys.includes(key));
  const source = secret.usedBy.find(
    ({ kind, spec }) => kind === 'GitRepository' && /^https:\/\/github\.com\//i.test(spec.url ?? ''),
  );
  if (token === undefined || !source) return [];
  return [
    warn(
      subjectOfSecret(secret),
      'PERSONAL_TOKEN',
      `The credential ${titleOf(secret)} is a token for GitHub (key ${token}). ` +
        'A token of a person often reaches more than one repository, may write, and goes when the person does. ' +
        'Use a GitHub App (githubAppID, githubAppInstallationID, githubAppPrivateKey, provider: github), or a deploy key that may only read.',
      {
        severity: 'low',
        confidence: 'derived',
        evidence: [secretEvidence(facts, '/keys', facts.keys, 'keys of a GitHub App, or identity and known_hosts')],
      },
    ),
  ];
}

function age(secret: SourceSecret, facts: SecretFacts, { now, rotationDays }: CredentialFacts): readonly Observation[] {
  const { creationTimestamp } = facts.metadata;
  const days = Math.floor((now - Date.parse(creationTimestamp ?? '')) / DAY);
  if (Number.isNaN(days) || days <= rotationDays) return [];
  return [
    warn(
      subjectOfSecret(secret),
      'CREDENTIAL_OLD',
      `The credential ${titleOf(secret)} was created ${days} days ago, and credentials are due for rotation after ${rotationDays}. ` +
        'Whoever ever had it may still use it. ' +
        'Make a new one, put it into the Secret by creating that anew, and revoke the old one.',
      {
        severity: 'low',
        evidence: [
          secretEvidence(
            facts,
            '/metadata/creationTimestamp',
            creationTimestamp ?? null,
            `younger than ${rotationDays} days`,
          ),
        ],
      },
    ),
  ];
}
