import {
  type Collected,
  type Evidence,
  type Receiver,
  type SecretFacts,
  type Severity,
  objectReference,
} from '#libs/core';
import { excerpt } from '#libs/flux';

/** One thing about how a Receiver knows who calls it. */
export interface ReceiverFault {
  readonly severity: Severity;
  readonly reason: string;
  /** Continues "Receiver a/b ", without a full stop. */
  readonly what: string;
  /** Two sentences: why it matters, and what to do. */
  readonly advice: string;
  readonly evidence: Evidence;
}

/** Types that check nothing but the path that was called. https://fluxcd.io/flux/components/notification/receivers/ */
const BY_PATH: ReadonlySet<string> = new Set(['generic', 'quay', 'dockerhub', 'acr', 'cdevents']);
/** Bytes; shorter ones can be guessed. */
const MIN_TOKEN = 24;
const STRONGER = 'Use a type that signs its requests (generic-hmac, github, gitlab) or generic-oidc';

/** It knows its callers by the path of the request alone. */
export function isByPath({ spec }: Receiver): boolean {
  return BY_PATH.has(spec.type ?? '');
}

/** What is wrong with the Secret of a Receiver, or with what it demands of tokens. Weak types are judged by who reaches them. */
export function receiverFaults(
  receiver: Receiver,
  secret: Collected<SecretFacts | null> | undefined,
): readonly ReceiverFault[] {
  const type = receiver.spec.type ?? '';
  if (type === 'generic-oidc') return oidcFaults(receiver);
  if (secret?.state === 'unavailable') return [];
  const { secretRef } = receiver.spec;
  const named = (reason: string, what: string, observed: string | null): ReceiverFault => ({
    severity: 'high',
    reason,
    what,
    advice:
      'The token makes the path of the webhook, and signs the requests of most types; without it nothing is taken. Create a Secret with a long random token.',
    evidence: {
      object: objectReference(receiver),
      pointer: secretRef ? '/spec/secretRef/name' : '/spec/secretRef',
      observed,
      expected: 'a Secret of the namespace with the key token',
    },
  });
  if (!secretRef) return [named('NO_SECRET', 'names no Secret', null)];
  if (!secret?.value) {
    return [
      named(
        'SECRET_MISSING',
        `names the Secret ${excerpt(secretRef.name, 80)}, which does not exist`,
        excerpt(secretRef.name, 80),
      ),
    ];
  }
  return [...tokenFaults(secret.value), ...(type === 'gcr' ? gcrFaults(secret.value) : [])];
}

function inSecret(secret: SecretFacts, pointer: string, observed: Evidence['observed'], expected: string): Evidence {
  return {
    object: objectReference({ apiVersion: 'v1', kind: 'Secret', metadata: secret.metadata }),
    pointer,
    observed,
    expected,
  };
}

function tokenFaults(secret: SecretFacts): readonly ReceiverFault[] {
  const length = secret.keys.includes('token') ? (secret.lengths['token'] ?? 0) : 0;
  if (length >= MIN_TOKEN) return [];
  const label = `${secret.metadata.namespace ?? ''}/${secret.metadata.name}`;
  const expected = `a random token of at least ${MIN_TOKEN} characters`;
  if (length === 0) {
    return [
      {
        severity: 'high',
        reason: 'NO_TOKEN',
        what: `has a Secret (${label}) without a token`,
        advice:
          'The token makes the path of the webhook, and signs the requests of most types. Put a long random token into the key token.',
        evidence: inSecret(
          secret,
          '/keys',
          secret.keys.slice(0, 10).map((key) => excerpt(key, 60)),
          expected,
        ),
      },
    ];
  }
  return [
    {
      severity: 'high',
      reason: 'SHORT_TOKEN',
      what: `has a token of ${length} characters (Secret ${label})`,
      advice: `All that it knows its callers by rests on that token. Use ${expected}.`,
      evidence: inSecret(secret, '/lengths/token', length, expected),
    },
  ];
}

/** From notification-controller 1.9 on such a Receiver refuses every request (CVE-2026-40109). */
function gcrFaults(secret: SecretFacts): readonly ReceiverFault[] {
  const lacking = ['email', 'audience'].filter((key) => !((secret.lengths[key] ?? 0) > 0));
  if (lacking.length === 0) return [];
  return [
    {
      severity: 'high',
      reason: 'GCR_WITHOUT_IDENTITY',
      what: `of type gcr has a Secret without ${lacking.join(' and ')}`,
      advice:
        'Only these say whose tokens it takes (CVE-2026-40109; notification-controller demands them from 1.9 on). Put the email of the service account of the subscription, and its audience, into the Secret.',
      evidence: inSecret(
        secret,
        '/keys',
        secret.keys.slice(0, 10).map((key) => excerpt(key, 60)),
        'the keys email and audience',
      ),
    },
  ];
}

/** Claims by which issuers tell one of their callers from another. */
const IDENTITY_CLAIM =
  /claims\s*(?:\.|\[\s*['"])\s*(sub|email|repository|repository_id|repository_owner|project_path|project_id|namespace_path|workflow_ref|job_workflow_ref|oid|azp|appid|client_id|kubernetes)/i;

function oidcFaults(receiver: Receiver): readonly ReceiverFault[] {
  const providers = receiver.spec.oidc?.['oidcProviders'];
  const list = Array.isArray(providers) ? (providers as readonly unknown[]) : [];
  const object = objectReference(receiver);
  const advice =
    'An issuer gives tokens to many callers. Add a validation on a claim that only the right one has, such as claims.sub or claims.repository.';
  if (list.length === 0) {
    const evidence = { object, pointer: '/spec/oidc', observed: null, expected: 'an issuer with validations' };
    return [
      {
        severity: 'high',
        reason: 'OIDC_NOT_CONSTRAINED',
        what: 'of type generic-oidc names no issuer',
        advice,
        evidence,
      },
    ];
  }
  return list.flatMap((provider, index) => {
    const { issuerURL, validations } = (provider ?? {}) as {
      readonly issuerURL?: unknown;
      readonly validations?: unknown;
    };
    const expressions = (Array.isArray(validations) ? (validations as readonly unknown[]) : []).flatMap((each) => {
      const { expression } = (each ?? {}) as { readonly expression?: unknown };
      return typeof expression === 'string' ? [expression] : [];
    });
    if (expressions.some((expression) => IDENTITY_CLAIM.test(expression.slice(0, 2000)))) return [];
    const issuer = typeof issuerURL === 'string' ? excerpt(issuerURL, 100) : 'an issuer';
    return [
      {
        severity: 'high',
        reason: 'OIDC_NOT_CONSTRAINED',
        what: `takes every token of ${issuer}, because no validation names a claim of the caller`,
        advice,
        evidence: {
          object,
          pointer: `/spec/oidc/oidcProviders/${index}`,
          observed: { validations: expressions.slice(0, 5).map((expression) => excerpt(expression, 120)) },
          expected: 'a validation on claims.sub or another claim of the caller',
        },
      },
    ];
  });
}

/** What to do about a Receiver that is called by its path alone. */
export function strongerAdvice(type: string): string {
  return `${STRONGER} in place of ${type}, or let only senders inside the cluster reach it.`;
}
