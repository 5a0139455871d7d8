import { type NotEvaluatedCause, type Outcome, SEVERITIES } from '#libs/core';
import { CAUSES, OUTCOME_FILTER } from '../format/words.js';
import { defined, flagOf, listSearch, type RawSearch, someOf, textOf, textsOf } from './search-params.js';

/** What each screen understands in its address. Anything else in it is dropped. */

const causesOf = (raw: RawSearch) => someOf(raw['cause'], Object.keys(CAUSES) as NotEvaluatedCause[]);
const outcomesOf = (raw: RawSearch) => someOf(raw['outcome'], OUTCOME_FILTER as readonly Outcome[]);

export type ClusterKey = 'name' | 'openCritical' | 'coverage' | 'lastAuditedAt' | 'createdAt' | 'kubernetesVersion';
const CLUSTER_KEYS: readonly ClusterKey[] = [
  'name',
  'openCritical',
  'coverage',
  'lastAuditedAt',
  'createdAt',
  'kubernetesVersion',
];
export const fleetSearch = (raw: RawSearch) =>
  defined({
    ...listSearch(raw, CLUSTER_KEYS),
    q: textOf(raw['q'], 100),
    role: someOf(raw['role'], ['management', 'tenant', 'standalone']),
    compliant: flagOf(raw['compliant']),
    unreachable: flagOf(raw['unreachable']),
    labelSelector: textOf(raw['labelSelector']),
    tenant: textsOf(raw['tenant']),
    condition: textsOf(raw['condition']),
  });
export type FleetSearch = ReturnType<typeof fleetSearch>;

export type FindingKey = 'severity' | 'lastSeenAt' | 'firstSeenAt' | 'control' | 'cluster';
const FINDING_KEYS: readonly FindingKey[] = ['severity', 'lastSeenAt', 'firstSeenAt', 'control', 'cluster'];
export const FINDING_STATES = ['open', 'reopened', 'resolved'] as const;
export const findingsSearch = (raw: RawSearch) =>
  defined({
    ...listSearch(raw, FINDING_KEYS),
    q: textOf(raw['q'], 100),
    severity: someOf(raw['severity'], SEVERITIES),
    state: someOf(raw['state'], FINDING_STATES),
    cluster: textsOf(raw['cluster']),
    tenant: textsOf(raw['tenant']),
    control: textsOf(raw['control']),
    labelSelector: textOf(raw['labelSelector']),
    changedInRun: textOf(raw['changedInRun'], 63),
    stale: flagOf(raw['stale']),
    waived: flagOf(raw['waived']),
  });
export type FindingsSearch = ReturnType<typeof findingsSearch>;

export type RemoteApplyKey = 'urgency' | 'failingSince' | 'cluster' | 'target' | 'name' | 'lastSeenAt';
const REMOTE_APPLY_KEYS: readonly RemoteApplyKey[] = [
  'urgency',
  'failingSince',
  'cluster',
  'target',
  'name',
  'lastSeenAt',
];
const KNOWN = ['true', 'false', 'unknown'] as const;
export const remoteAppliesSearch = (raw: RawSearch) =>
  defined({
    ...listSearch(raw, REMOTE_APPLY_KEYS),
    q: textOf(raw['q'], 100),
    cluster: textsOf(raw['cluster']),
    target: textsOf(raw['target']),
    tenant: textsOf(raw['tenant']),
    silent: someOf(raw['silent'], KNOWN),
    alertCovered: someOf(raw['alertCovered'], KNOWN),
    failing: flagOf(raw['failing']),
    suspended: flagOf(raw['suspended']),
    stale: flagOf(raw['stale']),
  });
export type RemoteAppliesSearch = ReturnType<typeof remoteAppliesSearch>;

export type BreakGlassKey = 'verdict' | 'cluster';
export const BREAK_GLASS_VERDICTS = ['notReady', 'unknown', 'ready'] as const;
export const breakGlassSearch = (raw: RawSearch) =>
  defined({
    ...listSearch<BreakGlassKey>(raw, ['verdict', 'cluster']),
    q: textOf(raw['q'], 63),
    verdict: someOf(raw['verdict'], BREAK_GLASS_VERDICTS),
    cluster: textsOf(raw['cluster']),
    tenant: textsOf(raw['tenant']),
  });
export type BreakGlassSearch = ReturnType<typeof breakGlassSearch>;

export type RunKey = 'createdAt' | 'finishedAt';
export const RUN_STATES = ['queued', 'running', 'completed', 'cancelled'] as const;
export const runsSearch = (raw: RawSearch) =>
  defined({
    ...listSearch<RunKey>(raw, ['createdAt', 'finishedAt']),
    state: someOf(raw['state'], RUN_STATES),
    trigger: someOf(raw['trigger'], ['api', 'schedule', 'start']),
    cluster: textOf(raw['cluster'], 63),
  });
export type RunsSearch = ReturnType<typeof runsSearch>;

export type TargetKey = 'clusterName' | 'finishedAt';
export const TARGET_OUTCOMES = ['evaluated', 'notEvaluated'] as const;
export const runSearch = (raw: RawSearch) =>
  defined({
    ...listSearch<TargetKey>(raw, ['clusterName', 'finishedAt']),
    outcome: someOf(raw['outcome'], TARGET_OUTCOMES),
    cause: causesOf(raw),
  });
export type RunSearch = ReturnType<typeof runSearch>;

export type ControlKey = 'id' | 'title';
export const controlsSearch = (raw: RawSearch) =>
  defined({
    ...listSearch<ControlKey>(raw, ['id', 'title']),
    q: textOf(raw['q'], 100),
    severity: someOf(raw['severity'], SEVERITIES),
    family: textsOf(raw['family']),
  });
export type ControlsSearch = ReturnType<typeof controlsSearch>;

export type ResultKey = 'cluster' | 'control' | 'severity' | 'fromAt' | 'lastSeenAt';
const RESULT_KEYS: readonly ResultKey[] = ['cluster', 'control', 'severity', 'fromAt', 'lastSeenAt'];
/** Results of one cluster or of one control. */
export const partialResultsSearch = (raw: RawSearch) =>
  defined({ ...listSearch(raw, RESULT_KEYS), outcome: outcomesOf(raw), cause: causesOf(raw) });
export type PartialResultsSearch = ReturnType<typeof partialResultsSearch>;
export const resultsSearch = (raw: RawSearch) =>
  defined({
    ...partialResultsSearch(raw),
    cluster: textsOf(raw['cluster']),
    control: textsOf(raw['control']),
    run: textOf(raw['run'], 63),
    labelSelector: textOf(raw['labelSelector']),
  });

export type DeliveryKey = 'createdAt' | 'nextAttemptAt';
export const DELIVERY_STATES = ['pending', 'sending', 'retrying', 'sent', 'dead', 'skipped'] as const;
export const deliveriesSearch = (raw: RawSearch) =>
  defined({
    ...listSearch<DeliveryKey>(raw, ['createdAt', 'nextAttemptAt']),
    state: someOf(raw['state'], DELIVERY_STATES),
  });
export type DeliveriesSearch = ReturnType<typeof deliveriesSearch>;

export const loginSearch = (raw: RawSearch) => defined({ return: textOf(raw['return'], 2_000) });
