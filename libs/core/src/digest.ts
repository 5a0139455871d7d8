import type { NotEvaluatedCause, Severity } from './outcome.js';

/** One line of a digest: the same control and subject kind on one or more clusters. */
export interface DigestFinding {
  readonly findingId: string;
  readonly controlId: string;
  readonly title: string;
  readonly severity: Severity;
  /** Names, first few; `clusterCount` tells how many there are. */
  readonly clusters: readonly string[];
  readonly clusterCount: number;
  readonly tenant?: string;
  readonly message: string;
}

/** A cluster, or part of one, that could not be judged: never a pass. */
export interface DigestBlindSpot {
  readonly cause: NotEvaluatedCause;
  readonly clusters: readonly string[];
  readonly clusterCount: number;
  /** 0 = the whole cluster. */
  readonly controls: number;
  readonly message: string;
}

export type SeverityCounts = Readonly<Record<Severity, number>>;

/** What changed in one run: the only thing a notification is made of. */
export interface RunDigest {
  readonly runId: string;
  readonly profile: string;
  readonly trigger: 'api' | 'schedule' | 'start';
  readonly finishedAt: string;
  /** First evaluated run of every cluster in it: one summary, no list of changes. */
  readonly baseline: boolean;
  readonly clusters: {
    readonly total: number;
    readonly evaluated: number;
    readonly notEvaluated: number;
    /** Not evaluated now, though they were the last time. */
    readonly lost: number;
    /** Evaluated again. */
    readonly regained: number;
  };
  readonly coverage: number;
  readonly compliant: { readonly now: number; readonly before: number | null };
  readonly open: SeverityCounts;
  /** New findings found in a cluster's first run; counted, never listed. */
  readonly baselineFindings: number;
  readonly opened: readonly DigestFinding[];
  readonly reopened: readonly DigestFinding[];
  readonly escalated: readonly DigestFinding[];
  readonly resolved: readonly DigestFinding[];
  readonly openedCount: number;
  readonly reopenedCount: number;
  readonly escalatedCount: number;
  readonly resolvedCount: number;
  readonly blindSpots: readonly DigestBlindSpot[];
}

/** Whether a digest says anything that its reader does not know yet. */
export function hasNews(digest: RunDigest): boolean {
  const { lost, regained } = digest.clusters;
  return (
    digest.baseline ||
    lost + regained > 0 ||
    digest.baselineFindings + digest.openedCount + digest.reopenedCount + digest.escalatedCount + digest.resolvedCount >
      0
  );
}
