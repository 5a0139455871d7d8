import type { DrillMode, DrillStep } from './drill.js';
import type { Severity } from './outcome.js';
import type { RemoteApplyAlert } from './remote-apply.js';

/** What the service tells beside the digest of a run. Each has a beginning, and is told once more when it is over. */
const EVENT_TYPES = ['tenant.canRevoke', 'remoteApply.silent', 'credential.expiring', 'drill.failed'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What a channel can ask for. `drill.recovered` is the end of `drill.failed`; of the others the end has the same name. */
export const CHANNEL_EVENTS = ['run.completed', ...EVENT_TYPES, 'drill.recovered'] as const;
export type ChannelEvent = (typeof CHANNEL_EVENTS)[number];

/** The name under which the end of an event is told. */
export function endNameOf(type: EventType): ChannelEvent {
  return type === 'drill.failed' ? 'drill.recovered' : type;
}

/** Days before the end of a credential at which it is told, each once; 0 = it has expired. Latest first. */
export const EXPIRY_THRESHOLDS = [0, 1, 7, 30] as const;
export type ExpiryThreshold = (typeof EXPIRY_THRESHOLDS)[number];

/** A way in which a tenant can take the platform's access away; one finding. */
export interface RevocationWay {
  readonly findingId: string;
  readonly controlId: string;
  /** What is so, why it matters, what to do. */
  readonly message: string;
  /** `ClusterRole tenant-admin /rules/0: …`, a line for each fact. */
  readonly evidence: readonly string[];
}

export interface TenantCanRevoke {
  readonly tenant: string;
  /** Who answers for the tenant, as the registry says. */
  readonly owner?: string;
  /** New ones first; the first few. */
  readonly ways: readonly RevocationWay[];
  readonly wayCount: number;
  /** How many of them are new. */
  readonly newCount: number;
}

/** An Alert that should have told, and did not. */
export type SilentAlert = Pick<RemoteApplyAlert, 'namespace' | 'name' | 'provider' | 'health' | 'why'>;

/** A field that keeps a failure from being told. */
export interface SilentField {
  /** `Alert flux-system/on-call`. */
  readonly object: string;
  /** JSON pointer (RFC 6901) into it. */
  readonly pointer: string;
  readonly observed: string;
  readonly expected: string;
}

export interface SilentObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** At the latest, RFC 3339. */
  readonly failingSince?: string;
  /** Class of the failure and what it means. */
  readonly cause: { readonly code: string; readonly message: string };
  /** Why nobody was told; clauses without a full stop, the most telling first. */
  readonly why: readonly string[];
  /** Alerts that name the object or a source of it. */
  readonly alerts: readonly SilentAlert[];
  readonly fields: readonly SilentField[];
  /** That it fails (FLUX-RA-03). */
  readonly failureFindingId: string;
  /** That nobody hears of it (FLUX-RA-04); its fixes hold what would tell. */
  readonly alertFindingId: string;
}

export interface RemoteApplySilent {
  /** The cluster that is not applied to: its name in the registry, else its address; absent where neither is known. */
  readonly target?: string;
  /** Whether `target` is a cluster of the registry. */
  readonly registered: boolean;
  /** The first few. */
  readonly objects: readonly SilentObject[];
  readonly objectCount: number;
}

export interface CredentialExpiring {
  /** Of the registry, by which Plimsoll reads the cluster; of a kubeconfig that Flux applies with; of break-glass. */
  readonly use: 'cluster' | 'remoteApply' | 'breakGlass';
  /** `Secret spoke-a/kubeconfig`, the name of a break-glass entry; absent for the cluster's own. */
  readonly name?: string;
  /** RFC 3339. */
  readonly expiresAt: string;
  readonly threshold: ExpiryThreshold;
  /** Absent for the cluster's own. */
  readonly finding?: { readonly id: string; readonly controlId: string };
}

export interface DrillFailed {
  readonly drillId: string;
  /** Name of the break-glass entry that was rehearsed. */
  readonly entry: string;
  readonly mode: DrillMode;
  readonly steps: readonly Pick<DrillStep, 'name' | 'state' | 'message'>[];
  /** Calls that could have changed the cluster. */
  readonly writes: number;
  /** Of the last drill that passed, RFC 3339. */
  readonly lastPassedAt?: string;
  /** Address of the runbook, as the entry names it. */
  readonly runbook?: string;
}

/** What is stored with an event of each type: ids, names and words. Never a secret. */
export interface EventFacts {
  'tenant.canRevoke': TenantCanRevoke;
  'remoteApply.silent': RemoteApplySilent;
  'credential.expiring': CredentialExpiring;
  'drill.failed': DrillFailed;
}

/**
 * How an event ended. `resolved`: what was found is gone. `heard`: it still fails, and now somebody is told.
 * `renewed`: by another credential. `passed`: the drill did. `superseded`: a newer event of the same subject tells more;
 * that end is not told.
 */
export interface EventEnd {
  readonly how: 'resolved' | 'heard' | 'renewed' | 'passed' | 'superseded';
  /** Of the drill that passed. */
  readonly drillId?: string;
}

interface EventOf<T extends EventType> {
  readonly id: string;
  readonly type: T;
  readonly clusterId: string;
  readonly clusterName: string;
  readonly severity: Severity;
  readonly facts: EventFacts[T];
  /** Since when it is so, RFC 3339. */
  readonly since: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly state: 'open' | 'closed';
  readonly closedAt: string | null;
  readonly ending: EventEnd | null;
}

/** Something that a fleet's people should hear of at once. */
export type FleetEvent = { [T in EventType]: EventOf<T> }[EventType];

const BY_THRESHOLD: Readonly<Record<ExpiryThreshold, Severity>> = {
  0: 'critical',
  1: 'critical',
  7: 'high',
  30: 'medium',
};

/** How loud an event is: what a channel's lowest severity is compared with. */
export function eventSeverity(event: { [T in EventType]: Pick<EventOf<T>, 'type' | 'facts'> }[EventType]): Severity {
  if (event.type === 'credential.expiring') return BY_THRESHOLD[event.facts.threshold];
  return event.type === 'remoteApply.silent' ? 'high' : 'critical';
}

/** The threshold that a credential has passed. Undefined: it lasts longer, or its end cannot be read. */
export function expiryThreshold(expiresAt: string, now: number): ExpiryThreshold | undefined {
  const days = (Date.parse(expiresAt) - now) / 86_400_000;
  return EXPIRY_THRESHOLDS.find((threshold) => days <= threshold);
}
