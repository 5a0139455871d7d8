import type { RemoteApplyKind, Severity, Subject } from '#libs/core';

interface Named {
  readonly id: string;
  readonly name: string;
}

/**
 * What a remote apply has to do with a finding. `appliesToCluster`: it is applied to the cluster of the finding. The
 * others are on that cluster: the finding is about the object itself, about something that it uses (credential, Alert,
 * Provider, namespace), about a controller that serves it, or about the cluster as a whole.
 */
export type RemoteApplyRelation = 'appliesToCluster' | 'isSubject' | 'usesSubject' | 'servedBySubject' | 'onCluster';

export interface RelatedRemoteApply {
  readonly id: string;
  readonly relation: RemoteApplyRelation;
  readonly cluster: Named;
  readonly kind: RemoteApplyKind;
  readonly namespace: string;
  readonly name: string;
  /** Class of its failure; null where it does not fail. */
  readonly cause: string | null;
  readonly silent: boolean | null;
  readonly suspended: boolean;
}

/**
 * Why two findings are one matter. `sameObject`: two controls about the remote apply of one object. `sameCredential`: the kubeconfig and the
 * objects that use it. `accessOfTarget`: a management cluster lost its access, and who can take it away on the target.
 * `sameTarget`: objects that fail of the same cause on the same target.
 */
export type FindingRelation = 'sameObject' | 'sameCredential' | 'accessOfTarget' | 'sameTarget';

export interface RelatedFinding {
  readonly id: string;
  readonly because: FindingRelation;
  readonly controlId: string;
  readonly severity: Severity;
  readonly reason: string;
  readonly cluster: Named;
  readonly subject: Subject;
}

/** What hangs on a finding, and what it hangs on; by the last audits. */
export interface Related {
  /** The most urgent first; at most some hundred. */
  readonly remoteApplies: readonly RelatedRemoteApply[];
  /** Of a finding on a management cluster: the clusters that it reaches. */
  readonly targetClusters: readonly Named[];
  /** Of a finding on a management cluster: the tenants that it reaches. The id is null where only the name is known. */
  readonly tenants: readonly { readonly id: string | null; readonly name: string }[];
  /** Other open findings with the same cause, worst first; at most 20. */
  readonly findings: readonly RelatedFinding[];
  /** There are more remote applies than were looked at. */
  readonly truncated: boolean;
}
