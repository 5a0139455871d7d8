import {
  accessRuleKey,
  describeAccessRule,
  type AccessRule,
  type Assessment,
  type NotEvaluatedCause,
} from '#libs/core';
import type { PinResult } from '../clusters/cluster.js';
import type { ObservedCondition } from '../clusters/conditions.js';
import type { AuditFacts } from './audit-input.js';
import type { Verdict } from './verdicts.js';

type Status = ObservedCondition['status'];
type Access = readonly [reachable: Status, authenticated: Status, identityVerified: Status];

/** How far an audit got whose result is that nothing could be judged. What is missing here got an answer of some kind. */
const REACHED: Readonly<Partial<Record<NotEvaluatedCause, Access>>> = {
  unreachable: ['False', 'Unknown', 'Unknown'],
  timeout: ['False', 'Unknown', 'Unknown'],
  transient: ['Unknown', 'Unknown', 'Unknown'],
  notCollected: ['Unknown', 'Unknown', 'Unknown'],
  unauthenticated: ['True', 'False', 'Unknown'],
  identityMismatch: ['True', 'True', 'False'],
  forbidden: ['True', 'True', 'Unknown'],
};

const MOST_RULES = 10;

function missingRules(assessment: Assessment): readonly AccessRule[] {
  const byKey = new Map<string, AccessRule>();
  for (const { missing } of assessment.results) for (const rule of missing) byKey.set(accessRuleKey(rule), rule);
  return [...byKey.keys()].sort().flatMap((key) => byKey.get(key) ?? []);
}

function permissions(assessment: Assessment, verdict: Verdict): readonly ObservedCondition[] {
  const missing = missingRules(assessment);
  if (missing.length > 0) {
    const first = missing.slice(0, MOST_RULES).map(describeAccessRule).join('; ');
    const more = missing.length > MOST_RULES ? `; and ${missing.length - MOST_RULES} more` : '';
    const message = `The auditor may not do what some controls need. Add to its ClusterRole: ${first}${more}.`;
    return [{ type: 'PermissionsSufficient', status: 'False', reason: 'RulesMissing', message, missing }];
  }
  if (!verdict.evaluated) return [];
  const message = 'The auditor may read everything that the controls need.';
  return [{ type: 'PermissionsSufficient', status: 'True', reason: 'AllRulesGranted', message }];
}

function flux(facts: AuditFacts): readonly ObservedCondition[] {
  const detected = facts.fluxDetected ?? (facts.fluxVersion === undefined ? undefined : facts.fluxVersion !== null);
  if (detected === undefined) return [];
  const version = facts.fluxVersion ? ` ${facts.fluxVersion}` : '';
  return [
    detected
      ? { type: 'FluxDetected', status: 'True', reason: 'ControllersFound', message: `Flux${version} is installed.` }
      : { type: 'FluxDetected', status: 'False', reason: 'NoControllers', message: 'No Flux controller was found.' },
  ];
}

function access(verdict: Verdict, pin: PinResult['result']): readonly ObservedCondition[] {
  const { cause } = verdict;
  const [reachable, authenticated, identity] = (cause && REACHED[cause]) ?? ['True', 'True', 'True'];
  const failed = verdict.message ?? 'Nothing could be judged.';
  const judged = (status: Status, good: string) => ({
    status,
    reason: status === 'True' ? 'Answered' : reasonOf(cause),
    message: status === 'True' ? good : failed,
  });
  const verified: Pick<ObservedCondition, 'status' | 'reason' | 'message'> =
    pin === 'duplicate'
      ? {
          status: 'False',
          reason: 'Duplicate',
          message: 'Another registered cluster has the same identity. Delete one of the two.',
        }
      : judged(identity, 'It is the cluster that was registered.');
  return [
    { type: 'Reachable', ...judged(reachable, 'The API server answers.') },
    { type: 'Authenticated', ...judged(authenticated, 'The credential is accepted.') },
    { type: 'IdentityVerified', ...verified },
  ];
}

/** `identityMismatch` → `IdentityMismatch`, as Kubernetes writes reasons. */
function reasonOf(cause: NotEvaluatedCause | null): string {
  return cause === null ? 'NotEvaluated' : cause.charAt(0).toUpperCase() + cause.slice(1);
}

/** What an audit tells about the state of its cluster. Types that it tells nothing about are left out. */
export function observedConditions(
  assessment: Assessment,
  verdict: Verdict,
  facts: AuditFacts,
  pin: PinResult['result'],
): readonly ObservedCondition[] {
  const fresh: ObservedCondition = verdict.evaluated
    ? { type: 'AuditFresh', status: 'True', reason: 'Audited', message: 'The last audit judged the cluster.' }
    : {
        type: 'AuditFresh',
        status: 'False',
        reason: reasonOf(verdict.cause),
        message: verdict.message ?? 'The last audit could not judge the cluster.',
      };
  return [...access(verdict, pin), ...permissions(assessment, verdict), ...flux(facts), fresh];
}
