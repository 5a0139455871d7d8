import type { LabelSelector } from '#libs/core';
import type { Sealed } from '#libs/platform';
import type { ClusterEntity, CredentialEntity } from '../entities/registry.js';
import type { ListRequest } from '../sql/list.js';
import type { ConditionStatus, ConditionType } from '../values.js';

/** A registered cluster. Its credential is elsewhere (`CredentialRepository`). */
export type ClusterRecord = Readonly<Omit<ClusterEntity, 'deletedAt'>> & {
  readonly tenants: readonly { readonly id: string; readonly name: string }[];
};

/** What may be known about a credential by those who may not use it. */
export type CredentialRecord = Readonly<Omit<CredentialEntity, 'sealed'>>;

/** `id` is part of what the secret is sealed to, so the caller makes both. */
export type NewCredential = Pick<CredentialRecord, 'id' | 'kind' | 'fingerprint'> &
  Partial<Pick<CredentialRecord, 'subject' | 'expiresAt'>> & { readonly sealed: Sealed };

type Declared = Pick<ClusterEntity, 'role' | 'tenancy' | 'delivery' | 'labels' | 'connection' | 'platform'>;

export interface NewCluster extends Partial<Readonly<Declared>> {
  readonly id: string;
  readonly name: string;
  readonly connection: ClusterEntity['connection'];
  readonly tenantIds?: readonly string[];
  readonly credential?: NewCredential;
  /** Where the identity is verified already. */
  readonly clusterUid?: string;
}

/** Absent = as it is. */
export type ClusterChanges = Partial<Readonly<Declared>> & {
  readonly name?: string;
  readonly tenantIds?: readonly string[];
  /** Replaces the one there is. */
  readonly credential?: NewCredential;
};

/** Where a registered cluster is, and what it is declared to be: what others are compared with. */
export interface KnownCluster extends Readonly<
  Pick<ClusterEntity, 'id' | 'name' | 'role' | 'tenancy' | 'delivery' | 'connection' | 'clusterUid'>
> {
  /** Names of its tenants, sorted. */
  readonly tenants: readonly string[];
}

/** Why a cluster cannot be written; `id` is the cluster that is in the way. */
export interface ClusterConflict {
  readonly conflict: 'nameTaken' | 'clusterDuplicate';
  readonly id: string;
}

export interface UnknownTenant {
  readonly conflict: 'unknownTenant';
}

export type ClusterSortField =
  | 'name'
  | 'createdAt'
  | 'lastAuditedAt'
  | 'coverage'
  | 'openCritical'
  | 'kubernetesVersion';

export interface ClusterFilter {
  readonly id?: readonly string[];
  readonly name?: readonly string[];
  /** Ids or names. */
  readonly tenant?: readonly string[];
  readonly role?: readonly string[];
  readonly tenancy?: readonly string[];
  /** Every one must hold. */
  readonly conditions?: readonly { readonly type: ConditionType; readonly status: ConditionStatus }[];
  readonly compliant?: boolean;
  /** True: the last attempt did not reach it. */
  readonly unreachable?: boolean;
  readonly labelSelector?: LabelSelector;
  /** Part of the name. */
  readonly q?: string;
}

export type ClusterListRequest = ListRequest<ClusterSortField, ClusterFilter>;

/** The answer of the cluster when its identity was compared with the pinned one. */
export type PinResult =
  | { readonly result: 'pinned' | 'same' }
  /** It is another cluster than the one that was registered. */
  | { readonly result: 'mismatch'; readonly pinned: string }
  /** The same cluster is registered under another name. */
  | { readonly result: 'duplicate'; readonly id: string; readonly name: string }
  | { readonly result: 'notFound' };
