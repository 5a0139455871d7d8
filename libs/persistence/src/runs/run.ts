import type { NotEvaluatedCause, Registration, SightingHistory } from '#libs/core';
import type { RunEntity, RunTrigger, TargetEntity } from '../entities/runs.js';
import type { ClusterConnection, RunTargetSelection } from '../values.js';

export type RunRecord = Readonly<RunEntity>;
export type TargetRecord = Readonly<TargetEntity>;

export interface StartRun {
  readonly id?: string;
  readonly trigger: RunTrigger;
  readonly scheduleId?: string;
  /** Who asked, such as a token's name; shown to people. */
  readonly requestedBy: string;
  readonly reason?: string;
  /** A profile of the release, or the name of an own one: the run takes what that says now. */
  readonly profile: string;
  /** Only these controls of the profile. */
  readonly controls?: readonly string[];
  readonly target: RunTargetSelection;
  readonly deadlineSeconds: number;
  /** Time budget of each cluster; absent = the service's default. */
  readonly budgetSeconds?: number;
}

export type StartResult =
  | { readonly run: RunRecord }
  /** A run of the same clusters, profile and controls is not finished yet. */
  | { readonly conflict: RunRecord }
  /** The selection matches no cluster. */
  | 'emptyTarget'
  /** Named in `target.clusters`, but not registered. */
  | { readonly unknownClusters: readonly string[] };

/** Everything a worker needs to audit one cluster, but its credential. */
export interface TargetWork {
  readonly target: Pick<TargetRecord, 'id' | 'runId' | 'clusterId' | 'clusterName' | 'lane' | 'attempt'>;
  readonly run: Pick<RunRecord, 'id' | 'profile' | 'tailoring' | 'controls' | 'budgetSeconds' | 'deadlineAt'>;
  readonly connection: ClusterConnection;
  /** The pinned identity; null before the first sight. */
  readonly expectedUid: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly registration: Registration;
  readonly sightings: SightingHistory;
}

/** A target to put into its lane's queue. */
export type QueuedTarget = Pick<TargetRecord, 'id' | 'runId' | 'lane'>;

export type RunSortField = 'createdAt' | 'finishedAt';
export interface RunFilter {
  readonly state?: readonly string[];
  readonly trigger?: readonly string[];
  readonly profile?: readonly string[];
  readonly scheduleId?: readonly string[];
  /** Runs that include this cluster. */
  readonly clusterId?: string;
}

export type TargetSortField = 'clusterName' | 'finishedAt';
export interface TargetFilter {
  readonly state?: readonly string[];
  readonly outcome?: readonly string[];
  readonly cause?: readonly string[];
  readonly lane?: readonly string[];
  readonly clusterId?: readonly string[];
}

/** Where a run stands; also while it is running. */
export interface RunProgress {
  readonly total: number;
  readonly queued: number;
  readonly running: number;
  readonly done: number;
  readonly cancelled: number;
  readonly evaluated: number;
  readonly notEvaluated: number;
  /** Targets that could not be judged at all, by cause. */
  readonly causes: Readonly<Partial<Record<NotEvaluatedCause, number>>>;
  readonly opened: number;
  readonly reopened: number;
  readonly escalated: number;
  readonly resolved: number;
  /** Evaluated ÷ applicable controls of the targets that are done; null before the first. */
  readonly coverage: number | null;
}
