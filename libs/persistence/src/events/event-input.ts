import type {
  EventEnd,
  EventFacts,
  EventType,
  Finding,
  FindingOutcome,
  FindingState,
  RemoteApplyEdge,
  Severity,
  Subject,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { storable } from '../sql/jsonb.js';
import type { EventSubject, RaisedEvent } from './raise-event.js';

/** A finding that an event may come of, as it stands after the audit. */
export interface WatchedFinding {
  readonly id: string;
  readonly controlId: string;
  readonly subject: Subject;
  readonly state: FindingState;
  readonly outcome: FindingOutcome;
  readonly severity: Severity;
  readonly reason: string;
  readonly message: string;
  /** Complete looks in a row that did not show it. */
  readonly cleanRuns: number;
  readonly waived: boolean;
}

export interface OpenEvent {
  readonly type: EventType;
  readonly subject: string;
  readonly facts: EventFacts[EventType];
  readonly since: string;
}

/** Everything that events are made of; read in the transaction that saves the audit. */
export interface EventInput {
  readonly clusterId: string;
  readonly runId: string;
  /** Collection time of the snapshot, RFC 3339: the only clock. */
  readonly at: string;
  /** The first look at the cluster: nothing is raised. */
  readonly quiet: boolean;
  readonly findings: readonly WatchedFinding[];
  /** Ids of findings that this audit made news. */
  readonly news: ReadonlySet<string>;
  /** Findings as this audit saw them, by id; those it did not see are not in it. */
  readonly seen: ReadonlyMap<string, Finding>;
  readonly resolveAfterRuns: number;
  /** Absent where this audit says nothing about remote applies. */
  readonly edges: readonly RemoteApplyEdge[] | undefined;
  /** By which Plimsoll reads the cluster; null where that does not say when it ends. */
  readonly credentialExpiresAt: string | null;
  /** Name of a tenant → who answers for it. */
  readonly owners: ReadonlyMap<string, string>;
  readonly open: readonly OpenEvent[];
}

export interface EventPlan {
  readonly raised: readonly RaisedEvent[];
  readonly ended: readonly { readonly subject: EventSubject; readonly ending: EventEnd }[];
}

/** Open events of one type, with their facts. */
export function openOf<T extends EventType>(
  open: readonly OpenEvent[],
  type: T,
): readonly (Omit<OpenEvent, 'facts'> & { readonly facts: EventFacts[T] })[] {
  // What is stored under a type is what `raiseEvent` took for it.
  return open
    .filter((event) => event.type === type)
    .map((event) => ({ ...event, facts: event.facts as EventFacts[T] }));
}

/** A subject as the database gives it back, so that it can be compared: names from clusters may hold anything. */
export function subjectText(text: string): string {
  return storable(excerpt(text, 200));
}

/** It is there, or it is gone for so short that it may come back. */
export function isStanding({ state, cleanRuns }: WatchedFinding, resolveAfterRuns: number): boolean {
  return state !== 'resolved' || cleanRuns < resolveAfterRuns;
}

/** A failure that nobody accepted. */
export function isFailing({ state, outcome, waived }: WatchedFinding): boolean {
  return state !== 'resolved' && outcome === 'fail' && !waived;
}

/** Items by their key, in the order in which they come. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? [];
    groups.set(keyOf(item), group);
    group.push(item);
  }
  return groups;
}
