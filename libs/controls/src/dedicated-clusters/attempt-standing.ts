import type { ProbeDenier, ProbeResult } from '#libs/core';
import type { Attempt, TriedPair, Untried } from './revocation-attempts.js';
import { type Reliability, denierOf, dependsOnLabels, guardsNamespaces, reliabilityOf } from './guards.js';
import type { TargetArtifacts } from './known-objects.js';

/** What the answer to one dry-run, or the lack of one, says about the protection of an object. */
export type Standing =
  | 'UNPROTECTED'
  | 'GUARD_REMOVABLE'
  | 'CANNOT_IMPERSONATE'
  | 'WEBHOOK_DOWN'
  | 'DRYRUN_UNSUPPORTED'
  | 'INCONCLUSIVE'
  | 'NO_ANSWER'
  | 'NOT_TRIED'
  | 'FAIL_OPEN'
  | 'BROKEN_POLICY'
  | 'PROTECTED'
  | 'REFUSED_BY_RBAC'
  /** Harmless by itself: nothing that protects the object looks at its labels. */
  | 'HARMLESS';

export interface Stand {
  readonly standing: Standing;
  readonly tried: TriedPair;
  readonly attempt?: Attempt;
  readonly result?: ProbeResult;
  readonly by?: ProbeDenier;
  /** How far `by` can be relied on. */
  readonly reliability?: Reliability;
  readonly untried?: Untried;
}

type Sources = Pick<TargetArtifacts, 'admissionPolicies' | 'webhookConfigurations'>;

/** How everything stands that was tried, or was to be tried, with one right. */
export function standsOf(
  tried: TriedPair,
  results: ReadonlyMap<string, ProbeResult>,
  sources: Sources,
): readonly Stand[] {
  const guards = tried.attempts.flatMap(({ kind, probe }) => {
    const by =
      kind === 'labels' || probe.target.subresource !== undefined ? undefined : denierOf(results.get(probe.key));
    return by && reliabilityOf(by, sources) !== 'noPolicy' ? [by] : [];
  });
  return [
    ...tried.attempts.map((attempt): Stand => {
      const result = results.get(attempt.probe.key);
      const by = denierOf(result);
      const standing = result === undefined ? 'NOT_TRIED' : standingOf(attempt, result, tried, guards, sources);
      return {
        standing,
        tried,
        attempt,
        ...(result && { result }),
        ...(by && { by, reliability: reliabilityOf(by, sources) }),
      };
    }),
    ...tried.untried.map((untried): Stand => ({ standing: 'NOT_TRIED', tried, untried })),
  ];
}

function standingOf(
  attempt: Attempt,
  { verdict }: ProbeResult,
  tried: TriedPair,
  guards: readonly ProbeDenier[],
  sources: Sources,
): Standing {
  switch (verdict.kind) {
    case 'accepted':
      return accepted(attempt, tried, guards, sources);
    case 'denied':
      return DENIED[reliabilityOf(verdict.by, sources)];
    case 'unauthorized':
      return 'REFUSED_BY_RBAC';
    case 'cannotImpersonate':
      return 'CANNOT_IMPERSONATE';
    case 'brokenPolicy':
      return 'BROKEN_POLICY';
    case 'webhookDown':
      return 'WEBHOOK_DOWN';
    case 'dryRunUnsupported':
      return 'DRYRUN_UNSUPPORTED';
    case 'inconclusive':
      return 'INCONCLUSIVE';
    default:
      return 'NO_ANSWER';
  }
}

/** A quota comes after every policy, so none of them refused; what would have happened without it is not known. */
const DENIED = {
  closed: 'PROTECTED',
  ignoresFailures: 'PROTECTED',
  failsOpen: 'FAIL_OPEN',
  opensWithoutParameters: 'FAIL_OPEN',
  unknown: 'INCONCLUSIVE',
  noPolicy: 'INCONCLUSIVE',
} as const;

function accepted(
  { kind, probe }: Attempt,
  { pair }: TriedPair,
  guards: readonly ProbeDenier[],
  sources: Sources,
): Standing {
  const { subresource } = probe.target;
  // A webhook configuration that refuses everything locks the platform out; all else of admission lifts a guard.
  if (pair.object.class === 'A6') {
    const isLockout = kind === 'create' && probe.target.group === 'admissionregistration.k8s.io';
    return isLockout ? 'UNPROTECTED' : 'GUARD_REMOVABLE';
  }
  if (subresource === 'status' || subresource === 'finalize') {
    return guards.length > 0 || guardsNamespaces(sources) ? 'GUARD_REMOVABLE' : 'UNPROTECTED';
  }
  if (kind !== 'labels') return 'UNPROTECTED';
  return guards.some((guard) => dependsOnLabels(guard, sources)) ? 'GUARD_REMOVABLE' : 'HARMLESS';
}
