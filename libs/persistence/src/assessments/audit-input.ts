import type { CollectionStats, Finding, FindingChange, KnownFinding, RemoteApplyReading, Waiver } from '#libs/core';

/** How an assessment changes what is known of a cluster. */
export interface Reconciliation {
  readonly changes: readonly FindingChange[];
  /** Fingerprint → id of the waiver that covers it. */
  readonly waivedBy?: ReadonlyMap<string, string>;
  /** Name of the tenant that a finding belongs to, where that is known better than from namespace names. */
  readonly tenantOf?: (finding: Finding) => string | undefined;
}

/** @param waivers those in force for the assessment's controls */
export type Reconcile = (known: readonly KnownFinding[], waivers: readonly Waiver[]) => Reconciliation;

/** What a worker learned beside the verdicts. */
export interface AuditFacts {
  readonly stats?: CollectionStats;
  /** Version of the Flux distribution; null = Flux was not found; absent = not known. */
  readonly fluxVersion?: string | null;
  /** Absent = as `fluxVersion` tells. */
  readonly fluxDetected?: boolean;
  /** What the cluster applies to others; absent = this audit says nothing about it. */
  readonly remoteApplies?: RemoteApplyReading;
  /** Why nothing could be judged, for people; absent = the words of the first result. */
  readonly message?: string;
}
