import type { RemoteApplyEdge, RemoteApplyKind, RemoteAuthMethod, RemoteTargetState } from '#libs/core';
import { Entity, PrimaryColumn } from 'typeorm';
import { Flag, Hidden, Json, OptionalFlag, OptionalText, OptionalTime, Text, Time } from './columns.js';

/** A Flux object of a management cluster, with the cluster it is applied to. Columns beside `edge` are for filters. */
@Entity('remote_apply')
export class RemoteApplyEntity {
  @PrimaryColumn('text') id: string;
  /** The management cluster. */
  @Text() clusterId: string;
  @Text() kind: RemoteApplyKind;
  @Text() namespace: string;
  @Text() name: string;
  /** Name of the tenant whose namespace it is in. */
  @OptionalText() tenant: string | null;
  @Text() targetState: RemoteTargetState;
  @OptionalText() targetClusterId: string | null;
  @OptionalText() targetAddress: string | null;
  @Text() authMethod: RemoteAuthMethod;
  @Text({ ...Hidden, nullable: true }) credentialKind: string | null;
  @Text({ ...Hidden, nullable: true }) credentialName: string | null;
  @Text() ready: RemoteApplyEdge['ready'];
  @Flag() suspended: boolean;
  @Flag() overdue: boolean;
  /** Class of its failure; null = it does not fail. */
  @OptionalText() cause: string | null;
  @OptionalTime() failingSince: string | null;
  /** Null: that could not be told. */
  @OptionalFlag() alertCovered: boolean | null;
  /** Null: that could not be told. */
  @OptionalFlag() silent: boolean | null;
  @Json() edge: RemoteApplyEdge;
  /** The last audit could not look at it. */
  @Flag() stale: boolean;
  @Time() firstSeenAt: string;
  @Time() lastSeenAt: string;
  @Text() lastRunId: string;
}
