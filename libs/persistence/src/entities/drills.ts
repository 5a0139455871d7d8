import type { DrillMode, DrillOutcome, DrillRequest, DrillRunner, DrillStepName, DrillStepState } from '#libs/core';
import { Entity, PrimaryColumn } from 'typeorm';
import { Integer, Json, OptionalText, OptionalTime, Text, Time } from './columns.js';

export type DrillState =
  /** Live, and not yet approved with two other tokens. */
  | 'awaitingApproval'
  /** Somebody is to run it at a terminal, and to send what came of it. */
  | 'awaitingResults'
  | 'queued'
  | 'running'
  | 'completed'
  | 'aborted'
  /** Nobody ended it in time. */
  | 'expired';

/** A token that approved a drill, and when. */
export interface DrillApproval {
  readonly by: string;
  readonly at: string;
}

@Entity('drill')
export class DrillEntity {
  @PrimaryColumn('text') id: string;
  @Text() clusterId: string;
  @Text() clusterName: string;
  /** Name of the break-glass entry. */
  @Text() entry: string;
  @Text() mode: DrillMode;
  @Text() runner: DrillRunner;
  @Text() state: DrillState;
  /** Set when it completes. */
  @OptionalText() outcome: DrillOutcome | null;
  @Integer() writes: number;
  /** Token that asked for it. */
  @Text() requestedBy: string;
  @OptionalText() reason: string | null;
  /** Who held the credential, by name. */
  @OptionalText() operators: string | null;
  /** The alert that its use of the credential set off. */
  @OptionalText() alertId: string | null;
  @Json() approvals: readonly DrillApproval[];
  @Integer() attempt: number;
  @Time() createdAt: string;
  /** What is not done by then has expired. */
  @Time() deadlineAt: string;
  @OptionalTime() claimedAt: string | null;
  @OptionalTime() startedAt: string | null;
  @OptionalTime() finishedAt: string | null;
  @Integer() version: number;
}

@Entity('drill_step')
export class DrillStepEntity {
  @PrimaryColumn('text') drillId: string;
  @PrimaryColumn('smallint') position: number;
  @Text() name: DrillStepName;
  @Text() state: DrillStepState;
  @OptionalText() cause: string | null;
  @Text() message: string;
  @Integer() durationMs: number;
  @Json() requests: readonly DrillRequest[];
}
