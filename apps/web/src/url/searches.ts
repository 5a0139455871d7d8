import { type NotEvaluatedCause, type Outcome, SEVERITIES } from '#libs/core';
import { CAUSES, OUTCOME_FILTER } from '../format/words.js';
import { defined, flagOf, listSearch, type RawSearch, someOf, textOf, textsOf } from './search-params.js';

/** What each screen understands in its address. Anything else in it is dropped. */

export const CLUSTER_KEYS = ['name', 'openFindings', 'coverage', 'lastAuditedAt', 'createdAt'] as const;
const ROLES = ['management', 'tenant', 'standalone'] as const;
export const fleetSearch = (raw: RawSearch) =>
  defined({
    ...listSearch(raw, CLUSTER_KEYS),
    role: someOf(raw['role'], ROLES),
    severity: someOf(raw['severity'], SEVERITIES),
    stale: flagOf(raw['stale']),
    labelSelector: textOf(raw['labelSelector']),
    tenant: textsOf(raw['tenant']),
    condition: textsOf(raw['condition']),
  });
export type FleetSearch = ReturnType<typeof fleetSearch>;

const FINDING_KEYS = ['severity', 'lastSeenAt', 'firstSeenAt'] as const;
export const FINDING_STATES = ['open', 'reopened', 'resolved'] as const;
export const findingsSearch = (raw: RawSearch) =>
  defined({
    ...listSearch(raw, FINDING_KEYS),
    severity: someOf(raw['severity'], SEVERITIES),
    state: someOf(raw['state'], FINDING_STATES),
    cluster: textsOf(raw['cluster']),
    tenant: textsOf(raw['tenant']),
    control: textsOf(raw['control']),
    labelSelector: textOf(raw['labelSelector']),
    stale: flagOf(raw['stale']),
    waived: flagOf(raw['waived']),
  });
export type FindingsSearch = ReturnType<typeof findingsSearch>;

const RUN_KEYS = ['createdAt', 'finishedAt'] as const;
export const RUN_STATES = ['queued', 'running', 'completed', 'cancelled'] as const;
const TRIGGERS = ['api', 'schedule', 'start'] as const;
export const runsSearch = (raw: RawSearch) =>
  defined({
    ...listSearch(raw, RUN_KEYS),
    state: someOf(raw['state'], RUN_STATES),
    trigger: someOf(raw['trigger'], TRIGGERS),
  });
export type RunsSearch = ReturnType<typeof runsSearch>;

const TARGET_KEYS = ['clusterName', 'finishedAt', 'coverage'] as const;
export const TARGET_OUTCOMES = ['evaluated', 'notEvaluated'] as const;
export const runSearch = (raw: RawSearch) =>
  defined({
    ...listSearch(raw, TARGET_KEYS),
    outcome: someOf(raw['outcome'], TARGET_OUTCOMES),
    cause: someOf(raw['cause'], Object.keys(CAUSES) as NotEvaluatedCause[]),
  });
export type RunSearch = ReturnType<typeof runSearch>;

const CONTROL_KEYS = ['id', 'title'] as const;
export const controlsSearch = (raw: RawSearch) =>
  defined({
    ...listSearch(raw, CONTROL_KEYS),
    severity: someOf(raw['severity'], SEVERITIES),
    family: textsOf(raw['family']),
  });
export type ControlsSearch = ReturnType<typeof controlsSearch>;

const RESULT_KEYS = ['from', 'lastSeenAt', 'controlId'] as const;
/** Results of one cluster or of one control. */
export const resultsSearch = (raw: RawSearch) =>
  defined({
    ...listSearch(raw, RESULT_KEYS),
    outcome: someOf(raw['outcome'], OUTCOME_FILTER as readonly Outcome[]),
    cause: someOf(raw['cause'], Object.keys(CAUSES) as NotEvaluatedCause[]),
  });
export type ResultsSearch = ReturnType<typeof resultsSearch>;

export const DELIVERY_STATES = ['pending', 'sending', 'retrying', 'sent', 'dead', 'skipped'] as const;
export const deliveriesSearch = (raw: RawSearch) =>
  defined({ ...listSearch(raw, ['createdAt']), state: someOf(raw['state'], DELIVERY_STATES) });
export type DeliveriesSearch = ReturnType<typeof deliveriesSearch>;

export const loginSearch = (raw: RawSearch) => defined({ return: textOf(raw['return'], 2_000) });
