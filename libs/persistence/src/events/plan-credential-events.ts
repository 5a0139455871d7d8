import { type CredentialExpiring, type Finding, expiryThreshold } from '#libs/core';
import { excerpt } from '#libs/flux';
import { type EventInput, type EventPlan, openOf, subjectText, type WatchedFinding } from './event-input.js';

const TYPE = 'credential.expiring';
const CLUSTER = 'cluster';

/** Reasons of FLUX-RA-02 and FLUX-BG-04 that are about the end of a credential. */
const REASONS: Readonly<Record<string, ReadonlySet<string>>> = {
  'FLUX-RA-02': new Set(['TOKEN_EXPIRES_SOON', 'TOKEN_EXPIRED', 'CERTIFICATE_EXPIRES_SOON', 'CERTIFICATE_EXPIRED']),
  'FLUX-BG-04': new Set(['EXPIRES_SOON', 'EXPIRED']),
};
export const EXPIRY_CONTROLS: readonly string[] = Object.keys(REASONS);

interface Expiring extends Omit<CredentialExpiring, 'threshold' | 'expiresAt'> {
  readonly subject: string;
  /** Undefined: this audit did not see it. */
  readonly expiresAt: string | undefined;
  readonly waived: boolean;
}

/** The time that the evidence of the finding shows, as RFC 3339. */
function expiryIn(finding: Finding | undefined): string | undefined {
  const fact = finding?.evidence.find(({ pointer }) => /\/(expiresAt|notAfter)$/.test(pointer));
  const time = typeof fact?.observed === 'string' ? Date.parse(fact.observed) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function expiringOf(finding: WatchedFinding, seen: EventInput['seen']): Expiring {
  const { id, controlId, reason, waived } = finding;
  const { kind, namespace, name, field } = finding.subject;
  const common = { expiresAt: expiryIn(seen.get(id)), waived, finding: { id, controlId } };
  if (controlId === 'FLUX-BG-04') {
    return { ...common, use: 'breakGlass', name: excerpt(name, 120), subject: subjectText(`breakGlass ${name}`) };
  }
  const label = excerpt(`${kind} ${namespace ?? ''}/${name}${field === undefined ? '' : ` ${field}`}`, 200);
  // A kubeconfig may hold both, and each ends at its own time.
  const part = reason.startsWith('TOKEN') ? 'token' : 'certificate';
  return { ...common, use: 'remoteApply', name: label, subject: subjectText(`${part} in ${label}`) };
}

/**
 * A credential ends soon: one event at each threshold that it passes, which supersedes the one before. It is over when
 * another credential is in its place.
 */
export function planCredentialEvents(input: EventInput): EventPlan {
  const { clusterId, at, quiet, open, seen, credentialExpiresAt } = input;
  const found = input.findings
    .filter(({ controlId, state, reason }) => state !== 'resolved' && REASONS[controlId]?.has(reason))
    .map((finding) => expiringOf(finding, seen));
  const own: readonly Expiring[] =
    credentialExpiresAt === null
      ? []
      : [{ use: 'cluster', subject: CLUSTER, expiresAt: credentialExpiresAt, waived: false }];
  const expiring = [...own, ...found].flatMap(({ subject, expiresAt, waived, ...named }) => {
    const threshold = expiresAt === undefined ? undefined : expiryThreshold(expiresAt, Date.parse(at));
    if (expiresAt === undefined || threshold === undefined) return [];
    return [{ subject, waived, facts: { ...named, expiresAt, threshold } }];
  });
  const known = openOf(open, TYPE);
  const isTold = ({ subject, facts }: (typeof expiring)[number]) =>
    known.some(
      (event) =>
        event.subject === subject &&
        event.facts.expiresAt === facts.expiresAt &&
        event.facts.threshold <= facts.threshold,
    );
  const raised = expiring
    .filter((each) => !quiet && !each.waived && !isTold(each))
    .map(({ subject, facts }) => {
      const dedupeKey = `${subject}:${facts.expiresAt}:${facts.threshold}`;
      return { type: TYPE, clusterId, subject, dedupeKey, since: at, facts } as const;
    });
  const standing = new Set([
    ...expiring.map(({ subject }) => subject),
    // Still there, and not looked at this time.
    ...found.filter(({ finding }) => !seen.has(finding?.id ?? '')).map(({ subject }) => subject),
  ]);
  const ended = known
    .filter(({ subject }) => !standing.has(subject))
    .map(({ subject }) => ({ subject: { type: TYPE, clusterId, subject }, ending: { how: 'renewed' } }) as const);
  return { raised, ended };
}
