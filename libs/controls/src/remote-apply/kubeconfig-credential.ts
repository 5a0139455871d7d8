import type { KubeConfigFacts, ObjectMeta } from '#libs/core';
import { excerpt } from '#libs/flux';
import type { KubeConfigFlaw } from './kubeconfig-flaw.js';
import { DAY, durationText, latest, timeOf } from './remote-apply-object.js';

const TOKEN_SOON = 7 * DAY;
const TOKEN_LONG = 30 * DAY;
const CERTIFICATE_SOON = 30 * DAY;
const CERTIFICATE_LONG = 366 * DAY;
/** The group that no role can take anything from. https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
const MASTERS = 'system:masters';
/** The issuer of tokens that are kept in Secrets and never expire. */
const LEGACY_ISSUER = 'kubernetes/serviceaccount';

const RENEW =
  'Use spec.kubeConfig.configMapRef with workload identity (Flux 2.7), or a bound token that is renewed before it expires.';

/** The age of a credential, and what renews it. Times in milliseconds. */
export interface CredentialAge {
  readonly now: number;
  readonly rotation: number;
}

/** When the Secret was last written, by anybody. */
function writtenAt({ managedFields = [], creationTimestamp }: ObjectMeta): number | undefined {
  return latest([...managedFields.map(({ time }) => timeOf(time)), timeOf(creationTimestamp)]);
}

/** An owner or a controller writes it: External Secrets, Cluster API, cert-manager and their like. */
function isRenewed({ ownerReferences = [], managedFields = [] }: ObjectMeta): boolean {
  return (
    ownerReferences.length > 0 ||
    managedFields.some(({ manager = '' }) =>
      /external-?secrets|cert-?manager|cluster-?api|capi|manager$/i.test(manager),
    )
  );
}

export function isRenewedInTime(metadata: ObjectMeta, { now, rotation }: CredentialAge): boolean {
  const written = writtenAt(metadata);
  return isRenewed(metadata) && written !== undefined && now - written <= rotation;
}

/** How long the credential of a kubeconfig lasts, and whom it makes its holder. */
export function credentialFlaws(
  config: KubeConfigFacts,
  metadata: ObjectMeta,
  at: string,
  age: CredentialAge,
): readonly KubeConfigFlaw[] {
  return [
    ...tokenFlaws(config, isRenewedInTime(metadata, age), at, age.now),
    ...certificateFlaws(config, at, age.now),
    ...ageFlaws(metadata, age),
  ];
}

function tokenFlaws({ token }: KubeConfigFacts, renewed: boolean, at: string, now: number): readonly KubeConfigFlaw[] {
  if (!token) return [];
  if (token.kind === 'opaque') {
    if (renewed) return [];
    return [
      {
        outcome: 'warn',
        severity: 'medium',
        reason: 'TOKEN_EXPIRY_UNKNOWN',
        what: 'holds a token that does not say when it expires',
        advice: `A token that does not expire stays good wherever it was copied to. ${RENEW}`,
        pointer: `${at}/token/kind`,
        observed: 'opaque',
        expected: 'a token with a known, short life',
      },
    ];
  }
  const expires = timeOf(token.expiresAt);
  if (expires === undefined) {
    return [
      {
        outcome: 'fail',
        severity: 'high',
        reason: 'NON_EXPIRING_TOKEN',
        what:
          token.issuer === LEGACY_ISSUER
            ? 'holds a token of a service account that never expires'
            : 'holds a token without an expiry',
        advice: `It stays good wherever it was copied to, until its account is deleted. ${RENEW}`,
        pointer: `${at}/token/expiresAt`,
        observed: null,
        expected: 'a token that expires',
      },
    ];
  }
  const place = { pointer: `${at}/token/expiresAt`, observed: excerpt(token.expiresAt ?? '', 40) };
  if (expires <= now) {
    return [
      {
        ...place,
        outcome: 'fail',
        severity: 'high',
        reason: 'TOKEN_EXPIRED',
        what: `holds a token that expired ${durationText(now - expires)} ago`,
        advice: `The target cluster refuses it, and nothing is applied. ${RENEW}`,
        expected: 'a token that is still good',
      },
    ];
  }
  if (renewed) return [];
  if (expires - now < TOKEN_SOON) {
    return [
      {
        ...place,
        outcome: 'warn',
        severity: 'medium',
        reason: 'TOKEN_EXPIRES_SOON',
        what: `holds a token that expires in ${durationText(expires - now)}`,
        advice: `Then nothing is applied to the target cluster any more. ${RENEW}`,
        expected: 'more than 7 days, or something that renews it',
      },
    ];
  }
  const issued = timeOf(token.issuedAt);
  if (issued === undefined || expires - issued <= TOKEN_LONG) return [];
  return [
    {
      ...place,
      outcome: 'warn',
      severity: 'low',
      reason: 'TOKEN_LONG_LIVED',
      what: `holds a token that is good for ${durationText(expires - issued)}`,
      advice: `The longer it lasts, the longer a copy of it does. ${RENEW}`,
      expected: 'a life of at most 30 days',
    },
  ];
}

function certificateFlaws({ certificate }: KubeConfigFacts, at: string, now: number): readonly KubeConfigFlaw[] {
  if (!certificate) return [];
  const flaws: KubeConfigFlaw[] = [];
  const masters = certificate.organizations.indexOf(MASTERS);
  if (masters >= 0) {
    flaws.push({
      outcome: 'fail',
      severity: 'high',
      reason: 'SYSTEM_MASTERS',
      what: `holds a client certificate of the group ${MASTERS}`,
      advice:
        'No role limits that group, and the certificate cannot be revoked; it belongs to break-glass access alone. Give Flux an identity of its own on the target cluster, with the roles that it needs.',
      pointer: `${at}/certificate/organizations/${masters}`,
      observed: MASTERS,
      expected: 'another group, with roles',
    });
  }
  const from = timeOf(certificate.notBefore);
  const until = timeOf(certificate.notAfter);
  const place = { pointer: `${at}/certificate/notAfter`, observed: excerpt(certificate.notAfter, 40) };
  if (until === undefined) return flaws;
  if (until <= now) {
    flaws.push({
      ...place,
      outcome: 'fail',
      severity: 'high',
      reason: 'CERTIFICATE_EXPIRED',
      what: `holds a client certificate that expired ${durationText(now - until)} ago`,
      advice: `The target cluster refuses it, and nothing is applied. ${RENEW}`,
      expected: 'a certificate that is still good',
    });
  } else if (until - now < CERTIFICATE_SOON) {
    flaws.push({
      ...place,
      outcome: 'warn',
      severity: 'medium',
      reason: 'CERTIFICATE_EXPIRES_SOON',
      what: `holds a client certificate that expires in ${durationText(until - now)}`,
      advice: `Then nothing is applied to the target cluster any more. ${RENEW}`,
      expected: 'more than 30 days',
    });
  }
  if (from !== undefined && until - from > CERTIFICATE_LONG && until > now) {
    flaws.push({
      ...place,
      outcome: 'warn',
      severity: 'low',
      reason: 'CERTIFICATE_LONG_LIVED',
      what: `holds a client certificate that is good for ${durationText(until - from)}`,
      advice: `A client certificate cannot be revoked, so a copy of it lasts as long. ${RENEW}`,
      expected: 'a life of at most a year',
    });
  }
  return flaws;
}

function ageFlaws(metadata: ObjectMeta, { now, rotation }: CredentialAge): readonly KubeConfigFlaw[] {
  const written = writtenAt(metadata);
  if (written === undefined || now - written <= rotation) return [];
  return [
    {
      outcome: 'warn',
      severity: 'medium',
      reason: 'CREDENTIAL_OLD',
      what: `was last written ${durationText(now - written)} ago, and credentials are due for rotation after ${durationText(rotation)}`,
      advice: `A credential that is never changed is never taken back from where it was copied to. ${RENEW}`,
      pointer: metadata.managedFields?.length ? '/metadata/managedFields' : '/metadata/creationTimestamp',
      observed: new Date(written).toISOString(),
      expected: `written within ${durationText(rotation)}`,
    },
  ];
}
