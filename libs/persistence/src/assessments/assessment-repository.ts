import type { Assessment, CollectionStats, Finding, FindingChange, KnownFinding, Waiver } from '#libs/core';
import type { DataSource } from 'typeorm';

/** How an assessment changes what is known of a cluster. */
export interface Reconciliation {
  readonly changes: readonly FindingChange[];
  /** Fingerprint → id of the waiver that covers it. */
  readonly waivedBy?: ReadonlyMap<string, string>;
  /** Name of the tenant that a finding belongs to, where that is known better than from namespace names. */
  readonly tenantOf?: (finding: Finding) => string | undefined;
}

export type Reconcile = (known: readonly KnownFinding[], waivers: readonly Waiver[]) => Reconciliation;

/** What a worker learned beside the verdicts. */
export interface AuditFacts {
  readonly stats?: CollectionStats;
  /** Version of the Flux distribution; null = Flux was not found; absent = not known. */
  readonly fluxVersion?: string | null;
  readonly fluxDetected?: boolean;
}

export class AssessmentRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly options: { readonly resolveAfterRuns: number },
  ) {}

  /**
   * Saves what an audit found, in one transaction: findings and their changes, results, evidence, sightings, the
   * cluster's standing, the target and the run's counters. With the last target of a run, the run is completed and
   * `run.completed` is queued, once.
   * @param reconcile compares with what is known (`reconcile` and `applyWaivers` of libs/engine); pure
   * @returns `alreadyDone` where the target is finished or cancelled: nothing is changed
   */
  async save(
    _targetId: string,
    _assessment: Assessment,
    _reconcile: Reconcile,
    _facts: AuditFacts = {},
  ): Promise<'saved' | 'alreadyDone'> {
    throw new Error(`not yet ${this.dataSource.isInitialized} ${this.options.resolveAfterRuns}`);
  }
}
