import type { RemoteApplyEntity } from '../entities/remote-applies.js';
import type { ListRequest } from '../sql/list.js';

/** A Flux object of a management cluster with the cluster it is applied to, as the last audit saw it. */
export type RemoteApplyRecord = Readonly<Omit<RemoteApplyEntity, 'credentialKind' | 'credentialName'>> & {
  readonly clusterName: string;
  /** Null where it leads to no registered cluster. */
  readonly targetClusterName: string | null;
  /** Tenants of the target cluster. */
  readonly targetTenants: readonly { readonly id: string; readonly name: string }[];
};

export type RemoteApplySortField =
  | 'urgency'
  | 'failingSince'
  | 'cluster'
  | 'target'
  | 'name'
  | 'firstSeenAt'
  | 'lastSeenAt';

/** What is known, or that it is not. */
export type Known = 'true' | 'false' | 'unknown';

export interface RemoteApplyFilter {
  readonly id?: readonly string[];
  /** Ids or names of management clusters. */
  readonly cluster?: readonly string[];
  /** Ids or names of target clusters, or addresses. */
  readonly target?: readonly string[];
  /** Names of tenants, by the namespace of the object or by the target cluster; ids of the latter. */
  readonly tenant?: readonly string[];
  readonly kind?: readonly string[];
  readonly targetState?: readonly string[];
  readonly authMethod?: readonly string[];
  readonly ready?: readonly string[];
  readonly suspended?: boolean;
  /** It fails, whatever its Ready condition says. */
  readonly failing?: boolean;
  readonly alertCovered?: readonly Known[];
  readonly silent?: readonly Known[];
  readonly stale?: boolean;
  /** Part of namespace and name of the object, or of the name or address of the target. */
  readonly q?: string;
}

export type RemoteApplyListRequest = ListRequest<RemoteApplySortField, RemoteApplyFilter>;
