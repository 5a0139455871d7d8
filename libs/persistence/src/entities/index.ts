import { ApiTokenEntity, IdempotencyKeyEntity, LoginLinkEntity, SessionEntity } from './access.js';
import { ChannelEntity, DeliveryAttemptEntity, DeliveryEntity, EventEntity, OutboxEntity } from './messages.js';
import { RemoteApplyEntity } from './remote-applies.js';
import { DrillEntity, DrillStepEntity } from './drills.js';
import { ClusterEntity, ClusterTenantEntity, CredentialEntity, TenantEntity } from './registry.js';
import {
  ControlStateEntity,
  EvidenceEntity,
  FindingChangeEntity,
  FindingEntity,
  SightingEntity,
  WaiverEntity,
} from './results.js';
import { ProfileEntity, RunEntity, ScheduleEntity, TargetEntity } from './runs.js';
import { SourceCandidateEntity, SourceEntity } from './sources.js';

/** One for each table of the schema. */
export const ENTITIES = [
  ApiTokenEntity,
  ChannelEntity,
  ClusterEntity,
  ClusterTenantEntity,
  ControlStateEntity,
  CredentialEntity,
  DeliveryAttemptEntity,
  DeliveryEntity,
  DrillEntity,
  DrillStepEntity,
  EventEntity,
  EvidenceEntity,
  FindingChangeEntity,
  FindingEntity,
  IdempotencyKeyEntity,
  LoginLinkEntity,
  OutboxEntity,
  ProfileEntity,
  RemoteApplyEntity,
  RunEntity,
  ScheduleEntity,
  SessionEntity,
  SightingEntity,
  SourceCandidateEntity,
  SourceEntity,
  TargetEntity,
  TenantEntity,
  WaiverEntity,
];
