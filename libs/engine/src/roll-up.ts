import {
  type Control,
  type ControlResult,
  NO_COUNTS,
  type Observation,
  OUTCOME_ORDER,
  type Outcome,
  type OutcomeCounts,
  type Profile,
  SEVERITIES,
  type Severity,
  accessRuleKey,
  subjectKey,
} from '#libs/core';

/** The severity that a control has under a profile, before an observation narrows it. */
export function severityOf(control: Control, profile: Profile): Severity {
  return profile.severityOverrides?.[control.id] ?? control.severity;
}

/** Negative where `a` is worse. */
export function compareSeverity(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b);
}

type Judged = Observation & { readonly severity: Severity };

interface Ranked {
  readonly observation: Judged;
  readonly outcome: number;
  readonly severity: number;
  readonly key: string;
}

function rank(observation: Judged): Ranked {
  return {
    observation,
    outcome: OUTCOME_ORDER.indexOf(observation.outcome),
    severity: SEVERITIES.indexOf(observation.severity),
    key: [subjectKey(observation.subject), observation.reason, observation.message].join('\n'),
  };
}

/** A total order, so that the same facts in another order give the same result. */
function byWorst(a: Ranked, b: Ranked): number {
  return a.outcome - b.outcome || a.severity - b.severity || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

function count(observations: readonly Observation[]): OutcomeCounts {
  const counts = { ...NO_COUNTS };
  for (const { outcome } of observations) counts[outcome] += 1;
  return counts;
}

function missingRules(observations: readonly Observation[]): ControlResult['missing'] {
  const rules = observations.flatMap((observation) => observation.missing ?? []);
  return [...new Map(rules.map((rule) => [accessRuleKey(rule), rule])).values()].sort((a, b) =>
    accessRuleKey(a) < accessRuleKey(b) ? -1 : 1,
  );
}

/**
 * All observations of a control on one snapshot → its result. The worst outcome decides (outcome.ts:
 * fail, error, notEvaluated, warn, manual, pass, notApplicable), so `pass` needs a passing observation and
 * nothing worse. No observations at all = there was nothing to judge.
 */
export function rollUp(control: Control, profile: Profile, observations: readonly Observation[]): ControlResult {
  const override = profile.severityOverrides?.[control.id];
  const ranked = observations
    .map((each) => rank({ ...each, severity: override ?? each.severity ?? control.severity }))
    .sort(byWorst);
  const sorted = ranked.map(({ observation }) => observation);
  const counts = count(sorted);
  const shared = {
    controlId: control.id,
    counts,
    observations: sorted,
    missing: missingRules(sorted),
    sightings: [...new Set(sorted.flatMap((each) => each.sightings ?? []))].sort(),
  };
  const deciding = sorted[0];
  if (!deciding) {
    return {
      ...shared,
      outcome: 'notApplicable',
      reason: 'NO_SUBJECT',
      message: 'The cluster has no object that this control judges, so there is nothing to do.',
      severity: severityOf(control, profile),
      partial: false,
    };
  }
  const outcome: Outcome = deciding.outcome;
  return {
    ...shared,
    outcome,
    reason: deciding.reason,
    message: deciding.message,
    severity: outcome === 'fail' || outcome === 'warn' ? deciding.severity : severityOf(control, profile),
    partial: outcome !== 'notEvaluated' && counts.notEvaluated > 0,
    ...(outcome === 'notEvaluated' && { cause: deciding.cause ?? 'undecidable' }),
  };
}
