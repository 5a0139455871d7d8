import type { ClusterRole, Delivery, Principals, Tenancy, TenantRegistration } from '#libs/core';
import type { Sealed } from '#libs/platform';
import { Entity, PrimaryColumn } from 'typeorm';
import type {
  ClusterCondition,
  ClusterConnection,
  ClusterPlatform,
  ClusterSummary,
  Labels,
  TenantNamespaces,
  TenantOwner,
} from '../values.js';
import { Hidden, Integer, Json, OptionalJson, OptionalText, OptionalTime, Text, Time } from './columns.js';

@Entity('tenant')
export class TenantEntity {
  @PrimaryColumn('text') id: string;
  @Text() name: string;
  @Text() displayName: string;
  @OptionalText() isolation: 'high' | 'low' | null;
  @OptionalText() criticality: 'normal' | 'critical' | null;
  @Json() owners: readonly TenantOwner[];
  @Json() namespaces: TenantNamespaces;
  @Json() principals: Partial<Principals>;
  @Json() gitPaths: NonNullable<TenantRegistration['gitPaths']>;
  @Json() labels: Labels;
  /** Counts changes; the ETag is made of it. */
  @Integer() version: number;
  @Time() createdAt: string;
  @Time() updatedAt: string;
}

@Entity('cluster')
export class ClusterEntity {
  @PrimaryColumn('text') id: string;
  @Text() name: string;
  /** Null: not stated. It is then derived from the cluster, and never taken for standalone. */
  @OptionalText() role: ClusterRole | null;
  @OptionalText() tenancy: Tenancy | null;
  @OptionalText() delivery: Delivery | null;
  @Json() labels: Labels;
  @Json() connection: ClusterConnection;
  @Json() platform: ClusterPlatform;
  /** UID of its namespace `kube-system`, pinned on first sight. */
  @OptionalText() clusterUid: string | null;
  @Json() conditions: readonly ClusterCondition[];
  @OptionalText() kubernetesVersion: string | null;
  @OptionalText() fluxVersion: string | null;
  @OptionalText() lastRunId: string | null;
  @OptionalText() lastTargetId: string | null;
  /** Profile of the last audit that judged something. */
  @OptionalText() lastProfile: string | null;
  /** Collection time of the last snapshot that was judged. */
  @OptionalTime() lastAuditedAt: string | null;
  /** The same, also of attempts in which nothing could be judged. */
  @OptionalTime() lastAttemptAt: string | null;
  @OptionalTime() unreachableSince: string | null;
  @OptionalJson() summary: ClusterSummary | null;
  /** Counts changes of what the operator declared; audits do not count. */
  @Integer() version: number;
  @Time() createdAt: string;
  @Time() updatedAt: string;
  @OptionalTime() deletedAt: string | null;
}

@Entity('cluster_tenant')
export class ClusterTenantEntity {
  @PrimaryColumn('text') clusterId: string;
  @PrimaryColumn('text') tenantId: string;
}

@Entity('credential')
export class CredentialEntity {
  @PrimaryColumn('text') id: string;
  @Text() clusterId: string;
  @Text() kind: 'token' | 'clientCertificate';
  @Json(Hidden) sealed: Sealed;
  /** Hash of the secret, to recognise it by; says nothing about it. */
  @Text() fingerprint: string;
  /** Who it is for, where that can be read from it. */
  @OptionalText() subject: string | null;
  @OptionalTime() expiresAt: string | null;
  @OptionalTime() lastUsedAt: string | null;
  @Time() createdAt: string;
}
