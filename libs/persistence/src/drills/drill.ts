import type { DrillMode, DrillReport, DrillRunner, DrillStep, Registration } from '#libs/core';
import type { DrillEntity } from '../entities/drills.js';
import type { ListRequest } from '../sql/list.js';
import type { ClusterConnection } from '../values.js';

export type DrillRecord = Readonly<DrillEntity>;
export type DrillDetail = DrillRecord & { readonly steps: readonly DrillStep[] };

export interface NewDrill {
  readonly id: string;
  readonly clusterId: string;
  /** Name of the break-glass entry. */
  readonly entry: string;
  readonly mode: DrillMode;
  readonly runner: DrillRunner;
  readonly requestedBy: string;
  readonly reason?: string;
  /** RFC 3339. */
  readonly deadlineAt: string;
}

export type DrillSortField = 'createdAt' | 'finishedAt';
export interface DrillFilter {
  readonly clusterId?: readonly string[];
  readonly entry?: readonly string[];
  readonly mode?: readonly string[];
  readonly runner?: readonly string[];
  readonly state?: readonly string[];
  readonly outcome?: readonly string[];
}
export type DrillListRequest = ListRequest<DrillSortField, DrillFilter>;

/** What came of a drill, with what the report itself does not know. */
export interface DrillResults extends DrillReport {
  /** Who held the credential, by name. */
  readonly operators?: string;
  /** The alert that the use of the credential set off. */
  readonly alertId?: string;
}

/** Why a drill did not change: its state does not allow it. */
export interface DrillInState {
  readonly state: DrillRecord['state'];
}

/** Everything a worker needs for a drill, but the credential. */
export interface DrillWork {
  readonly drill: Pick<DrillRecord, 'id' | 'clusterId' | 'clusterName' | 'entry' | 'mode' | 'attempt'>;
  readonly connection: ClusterConnection;
  /** The pinned identity; null before the first sight. */
  readonly expectedUid: string | null;
  readonly registration: Registration;
}

/** The newest word about one step of an entry. */
export interface LatestStep extends Pick<DrillStep, 'name' | 'state' | 'cause' | 'message' | 'durationMs'> {
  readonly drillId: string;
  readonly runner: DrillRunner;
  /** RFC 3339. */
  readonly at: string;
}

/** One cluster with what is known about its ways in. */
export interface BreakGlassStanding {
  readonly clusterId: string;
  readonly clusterName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly tenants: readonly string[];
  /** With the newest drill as the last one, where there is one. */
  readonly entries: NonNullable<Registration['breakGlass']>;
  /** By the name of the entry. */
  readonly steps: Readonly<Record<string, readonly LatestStep[]>>;
  /** Drills that are not over, by the name of the entry. */
  readonly open: Readonly<Record<string, string>>;
}
