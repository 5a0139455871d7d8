import type { CollectionStats, NotEvaluatedCause, OutcomeCounts, Severity, Tailoring } from '#libs/core';
import { Entity, PrimaryColumn } from 'typeorm';
import type { CauseCounts, RunCounts, RunTargetSelection } from '../values.js';
import {
  Flag,
  Integer,
  Json,
  OptionalFlag,
  OptionalInteger,
  OptionalJson,
  OptionalReal,
  OptionalText,
  OptionalTime,
  Text,
  TextArray,
  Time,
} from './columns.js';

@Entity('schedule')
export class ScheduleEntity {
  @PrimaryColumn('text') id: string;
  @Text() name: string;
  @Text() cron: string;
  /** IANA name, such as `Europe/Paris`. */
  @Text() timeZone: string;
  @Integer() jitterSeconds: number;
  /** Empty = the whole fleet. */
  @Text() labelSelector: string;
  @Text() profile: string;
  /** Time budget of each cluster; null = the service's default. */
  @OptionalInteger() budgetSeconds: number | null;
  @Flag() enabled: boolean;
  @OptionalTime() pauseUntil: string | null;
  @OptionalTime() nextRunAt: string | null;
  @OptionalTime() lastFiredAt: string | null;
  @OptionalText() lastRunId: string | null;
  @Integer() version: number;
  @Time() createdAt: string;
  @Time() updatedAt: string;
}

/** An own profile: a profile of the release, changed. Each change is a new version of it. */
@Entity('profile')
export class ProfileEntity {
  @PrimaryColumn('text') id: string;
  @Text() name: string;
  @Text() description: string;
  @Text() extends: string;
  @TextArray() include: readonly string[];
  @TextArray() exclude: readonly string[];
  @Json() severityOverrides: Readonly<Record<string, Severity>>;
  @Integer() version: number;
  @Time() createdAt: string;
  @Time() updatedAt: string;
}

export type RunTrigger = 'api' | 'schedule' | 'start';
export type RunState = 'queued' | 'running' | 'completed' | 'cancelled';

@Entity('run')
export class RunEntity {
  @PrimaryColumn('text') id: string;
  @Text() trigger: RunTrigger;
  @OptionalText() scheduleId: string | null;
  @Text() requestedBy: string;
  @OptionalText() reason: string | null;
  @Text() profile: string;
  /** What the own profile said when the run started; null for a profile of the release. */
  @OptionalJson() tailoring: Tailoring | null;
  /** Only these controls of the profile; null = all. */
  @TextArray({ nullable: true }) controls: readonly string[] | null;
  @Json() target: RunTargetSelection;
  @OptionalInteger() budgetSeconds: number | null;
  @Text() state: RunState;
  /** Targets. */
  @Integer() total: number;
  /** Targets that are done or cancelled. */
  @Integer() done: number;
  /** Set when the run completes. */
  @OptionalJson() counts: RunCounts | null;
  /** Evaluated ÷ applicable controls over all targets; set when the run completes. */
  @OptionalReal() coverage: number | null;
  /** Every cluster that was evaluated in it was evaluated for the first time. */
  @Flag() baseline: boolean;
  @Time() createdAt: string;
  @OptionalTime() startedAt: string | null;
  @OptionalTime() finishedAt: string | null;
  /** What is not done by then is closed as not evaluated. */
  @Time() deadlineAt: string;
  @Integer() version: number;
}

export type TargetState = 'queued' | 'running' | 'done' | 'cancelled';
/** `slow`: could not be reached last time, so it must not hold up the others. */
export type Lane = 'fast' | 'slow';

@Entity('target')
export class TargetEntity {
  @PrimaryColumn('text') id: string;
  @Text() runId: string;
  @Text() clusterId: string;
  @Text() clusterName: string;
  @Text() state: TargetState;
  @Text() lane: Lane;
  /** `notEvaluated`: not one control could be judged. */
  @OptionalText() outcome: 'evaluated' | 'notEvaluated' | null;
  @OptionalText() cause: NotEvaluatedCause | null;
  @OptionalText() message: string | null;
  @Integer() attempt: number;
  @OptionalJson() counts: OutcomeCounts | null;
  @OptionalJson() causes: CauseCounts | null;
  @OptionalReal() coverage: number | null;
  @OptionalFlag() compliant: boolean | null;
  /** Of the cluster, before this audit; null where it had never been judged. */
  @OptionalFlag() compliantBefore: boolean | null;
  /** First evaluated run of the cluster under this profile: its findings are not news. */
  @Flag() baseline: boolean;
  @Integer() opened: number;
  @Integer() reopened: number;
  @Integer() escalated: number;
  @Integer() resolved: number;
  @OptionalTime() collectedAt: string | null;
  @OptionalText() clusterUid: string | null;
  @OptionalText() ruleSetVersion: string | null;
  @OptionalJson() stats: CollectionStats | null;
  @Time() createdAt: string;
  /** When a worker last took it. */
  @OptionalTime() claimedAt: string | null;
  @OptionalTime() startedAt: string | null;
  @OptionalTime() finishedAt: string | null;
}
