import {
  type Alert,
  type AlertEvent,
  type Evidence,
  type Observation,
  type Provider,
  fail,
  notApplicable,
  notEvaluated,
  notEvaluatedBecause,
  objectReference,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { type MatchBudget, type PathAnswer, addressOf, excerpt, invalidPatterns, secretNamed } from '#libs/flux';
import { type AlertTrace, traceOf } from './alert-traces.js';
import { conditionText } from './condition-text.js';
import type { AlertEgress } from './egress-of-alerts.js';

/** What is known of the way from one Alert to people. */
export interface DeliveryFacts {
  readonly alert: Alert;
  readonly provider: Provider | undefined;
  /** Whether what the Alert lets through is sent (RA-04). */
  readonly delivery: PathAnswer;
  readonly events: readonly AlertEvent[];
  readonly secrets: Parameters<typeof secretNamed>[0];
  readonly egress: AlertEgress;
  /** Of all patterns of a snapshot. */
  readonly budget: MatchBudget;
}

/** A choice, which FLUX-RA-04 judges: no message is meant to arrive. */
const CHOSEN: ReadonlySet<string> = new Set(['ALERT_SUSPENDED', 'PROVIDER_SUSPENDED', 'PROVIDER_NOT_PAGEABLE']);
const LOST = 'So nobody hears of it when a remote apply fails.';

/** Whether the messages of one Alert arrive, as far as objects and events tell. */
export function judgeDelivery(facts: DeliveryFacts): readonly Observation[] {
  const { alert, delivery } = facts;
  const label = `Alert ${alert.metadata.namespace ?? ''}/${alert.metadata.name}`;
  const found = [
    ...judgeEvents(facts, label),
    ...judgePatterns(facts, label),
    ...judgeProviderOf(facts, label),
    ...judgeEgress(facts, label),
  ];
  if (found.length > 0) return found;
  if (CHOSEN.has(delivery.code)) {
    return [
      notApplicable(
        subjectOf(alert),
        delivery.code,
        `${label} is not meant to call anybody now: ${delivery.why}. FLUX-RA-04 says what that means.`,
      ),
    ];
  }
  return [
    pass(
      subjectOf(alert),
      'NO_TRACE_OF_LOSS',
      `${label} has a Provider with all that it needs, and no event of the last hour or so tells of a message that was lost. Let an object fail on purpose from time to time to see one arrive.`,
      { confidence: 'derived' },
    ),
  ];
}

function judgeEvents({ alert, events }: DeliveryFacts, label: string): readonly Observation[] {
  const byCode = new Map<string, { readonly trace: AlertTrace; readonly event: AlertEvent }>();
  for (const event of events.toSorted(latestFirst)) {
    const trace = traceOf(event);
    if (trace && !byCode.has(trace.code)) byCode.set(trace.code, { trace, event });
  }
  return [...byCode.values()].map(({ trace, event }) => {
    const evidence: Evidence = {
      object: objectReference(event),
      pointer: event.message === undefined ? '/reason' : '/message',
      observed: conditionText(event.message ?? event.reason),
      expected: 'no such event',
      ...(event.lastSeen !== undefined && { note: `last seen at ${excerpt(event.lastSeen, 40)}` }),
    };
    return fail(
      subjectOf(alert),
      trace.code,
      `${label} ${trace.what}, as an event of notification-controller says. ${LOST} ${trace.todo}`,
      { evidence: [evidence] },
    );
  });
}

function latestFirst(a: AlertEvent, b: AlertEvent): number {
  const [left, right] = [a, b].map(({ lastSeen = '', metadata }) => `${lastSeen} ${metadata.name}`);
  return (left ?? '') < (right ?? '') ? 1 : -1;
}

function judgePatterns({ alert, budget }: DeliveryFacts, label: string): readonly Observation[] {
  const invalid = invalidPatterns(alert, budget);
  if (!invalid) {
    return [
      notEvaluated(
        subjectOf(alert, { field: 'patterns' }),
        'budgetExceeded',
        'TOO_MANY_PATTERNS',
        `The Alerts of this cluster hold more patterns than can be looked at in one audit, so those of ${label} were not judged. Use fewer and shorter ones.`,
      ),
    ];
  }
  const [first, ...others] = invalid;
  if (!first) return [];
  const evidence = [first, ...others].slice(0, 10).map(({ list, index, pattern, why }): Evidence => ({
    object: objectReference(alert),
    pointer: `/spec/${list}/${index}`,
    observed: excerpt(pattern, 100),
    expected: 'a regular expression that Go accepts',
    note: why,
  }));
  return [
    fail(
      subjectOf(alert, { field: first.list }),
      'INVALID_PATTERN',
      `${label} has ${others.length === 0 ? 'a pattern' : `${others.length + 1} patterns`} in spec.${first.list} that Go refuses, and notification-controller skips it. ` +
        'So other messages arrive than its author meant. Correct the pattern; RE2 has neither look-around nor back references.',
      { evidence: evidence as [Evidence, ...Evidence[]] },
    ),
  ];
}

function judgeProviderOf({ alert, delivery }: DeliveryFacts, label: string): readonly Observation[] {
  if (delivery.state === 'covered' || CHOSEN.has(delivery.code)) return [];
  if (delivery.state === 'unknown') {
    return [
      notEvaluated(
        subjectOf(alert),
        delivery.cause ?? 'undecidable',
        delivery.code,
        `It cannot be told whether messages of ${label} are sent: ${delivery.why}. Let the auditor read that Secret.`,
        { missing: delivery.missing ?? [] },
      ),
    ];
  }
  if (delivery.state === 'partial' || !delivery.evidence) return [];
  return [
    fail(
      subjectOf(alert),
      delivery.code,
      `Messages of ${label} are not sent: ${delivery.why}. ${LOST} Give the Provider what its type needs: https://fluxcd.io/flux/components/notification/providers/ lists the keys of its Secret.`,
      { evidence: [delivery.evidence] },
    ),
  ];
}

function judgeEgress({ alert, provider, secrets, egress }: DeliveryFacts, label: string): readonly Observation[] {
  if (!provider) return [];
  const { namespace = '' } = provider.metadata;
  const { secretRef } = provider.spec;
  const secret = secretRef && secretNamed(secrets, namespace, secretRef.name);
  const address = addressOf(provider, secret?.state === 'collected' ? secret.value : undefined);
  if (!address || !egress.dependsOnPolicies(address.origin)) return [];
  if (egress.policies.state === 'unavailable') return [notEvaluatedBecause(subjectOf(alert), egress.policies)];
  const policy = egress.blockedBy(address.origin);
  if (!policy) return [];
  const evidence: Evidence = {
    object: objectReference(policy),
    pointer: '/spec/egress',
    observed: policy.spec.egress ? `${policy.spec.egress.length} rules` : null,
    expected: `a rule that opens ${address.origin}`,
  };
  return [
    warn(
      subjectOf(alert, { field: 'egress' }),
      'EGRESS_BLOCKED',
      `${label} sends to ${address.origin}, and no NetworkPolicy lets notification-controller out to there (${policy.metadata.namespace ?? ''}/${policy.metadata.name} isolates it). ` +
        'Where the network plugin enforces policies, no message arrives. Add an egress rule for the address and its port.',
      { evidence: [evidence], confidence: 'derived' },
    ),
  ];
}
