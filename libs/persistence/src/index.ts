export {
  IdempotencyRepository,
  type IdempotencyScope,
  type IdempotencyStart,
  type StoredResponse,
} from './access/idempotency-repository.js';
export {
  TokenRepository,
  type NewToken,
  type TokenFilter,
  type TokenRecord,
  type TokenSortField,
} from './access/token-repository.js';
export {
  ProfileRepository,
  profileIdOf,
  type NewProfile,
  type ProfileChanges,
  type ProfileRecord,
} from './profiles/profile-repository.js';
export { AssessmentRepository, IdentityConflict } from './assessments/assessment-repository.js';
export type { AuditFacts, Reconcile, Reconciliation } from './assessments/audit-input.js';
export {
  ChannelRepository,
  type ChannelChanges,
  type ChannelFilter,
  type ChannelRecord,
  type ChannelSortField,
  type NewChannel,
} from './channels/channel-repository.js';
export { DeliveryRepository } from './channels/delivery-repository.js';
export type {
  AttemptResult,
  DeliveryAttemptRecord,
  DeliveryFilter,
  DeliveryListRequest,
  DeliveryRecord,
  DeliverySortField,
  DeliveryWork,
} from './channels/delivery.js';
export { ClusterRepository } from './clusters/cluster-repository.js';
export type {
  ClusterChanges,
  ClusterConflict,
  ClusterFilter,
  ClusterListRequest,
  ClusterRecord,
  ClusterSortField,
  CredentialRecord,
  KnownCluster,
  NewCluster,
  NewCredential,
  PinResult,
  UnknownTenant,
} from './clusters/cluster.js';
export type { ObservedCondition } from './clusters/conditions.js';
export { CredentialRepository, type SealedCredential } from './clusters/credential-repository.js';
export { createDataSource } from './data-source.js';
export { DrillRepository } from './drills/drill-repository.js';
export type {
  BreakGlassStanding,
  DrillDetail,
  DrillFilter,
  DrillRecord,
  DrillResults,
  DrillSortField,
  DrillWork,
  LatestStep,
  NewDrill,
} from './drills/drill.js';
export type { Role } from './entities/access.js';
export type { ChannelKind, DeliveryState, OutboxKind } from './entities/messages.js';
export type { DrillApproval, DrillState } from './entities/drills.js';
export type { Lane, RunState, RunTrigger, TargetState } from './entities/runs.js';
export { EventRepository } from './events/event-repository.js';
export { endEvent, raiseEvent, type EventSubject, type RaisedEvent } from './events/raise-event.js';
export type { SourcePolicy, SyncResult, SyncState } from './entities/sources.js';
export { FindingRepository } from './findings/finding-repository.js';
export type {
  EvidenceRecord,
  FindingChangeRecord,
  FindingDetail,
  FindingFilter,
  FindingListRequest,
  FindingRecord,
  FindingSortField,
} from './findings/finding.js';
export type {
  FindingRelation,
  Related,
  RelatedFinding,
  RelatedRemoteApply,
  RemoteApplyRelation,
} from './findings/related.js';
export { migrate } from './migrate.js';
export { OutboxRepository, type OutboxMessage } from './outbox/outbox-repository.js';
export { RemoteApplyRepository } from './remote-applies/remote-apply-repository.js';
export type {
  RemoteApplyFilter,
  RemoteApplyListRequest,
  RemoteApplyRecord,
  RemoteApplySortField,
} from './remote-applies/remote-apply.js';
export type { AccessObjectRow, TopologyRow } from './remote-applies/topology-rows.js';
export {
  ResultRepository,
  type ControlTally,
  type ResultFilter,
  type ResultRecord,
  type ResultSortField,
} from './results/result-repository.js';
export type { TitleOf } from './runs/run-digest.js';
export { RunRepository } from './runs/run-repository.js';
export type {
  QueuedTarget,
  RunFilter,
  RunProgress,
  RunRecord,
  RunSortField,
  StartResult,
  StartRun,
  TargetFilter,
  TargetRecord,
  TargetSortField,
  TargetWork,
} from './runs/run.js';
export {
  ScheduleRepository,
  type FiredSchedule,
  type NewSchedule,
  type ScheduleChanges,
  type ScheduleFilter,
  type ScheduleRecord,
  type ScheduleSortField,
} from './schedules/schedule-repository.js';
export { CandidateRepository } from './sources/candidate-repository.js';
export { candidateRegistration, type CandidateRegistration } from './sources/candidate-registration.js';
export { SourceRepository } from './sources/source-repository.js';
export type {
  CandidateFilter,
  CandidateRecord,
  CandidateSortField,
  FoundCandidate,
  NewSource,
  SourceChanges,
  SourceFilter,
  SourceRecord,
  SourceSortField,
  SyncClaim,
  SyncOutcome,
  SyncWork,
} from './sources/source.js';
export type { CursorValues, ListPage, ListRequest, SortBy } from './sql/list.js';
export {
  TenantRepository,
  type NewTenant,
  type TenantChanges,
  type TenantFilter,
  type TenantRecord,
  type TenantSortField,
} from './tenants/tenant-repository.js';
export { CANDIDATE_STATES, CONDITION_TYPES } from './values.js';
export type {
  CandidateConflict,
  CandidateCounts,
  CandidateState,
  CauseCounts,
  ClusterCondition,
  ClusterConnection,
  ClusterPlatform,
  ClusterSummary,
  ConditionStatus,
  ConditionType,
  JsonObject,
  Labels,
  RunCounts,
  RunTargetSelection,
  SourceMapping,
  StoredObservation,
  TenantNamespaces,
  TenantOwner,
} from './values.js';
export {
  WaiverRepository,
  type NewWaiver,
  type WaiverFilter,
  type WaiverRecord,
  type WaiverSortField,
} from './waivers/waiver-repository.js';
