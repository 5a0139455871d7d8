import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Collected, Control, RequestRecord, Snapshot } from '#libs/core';
import type { QueueDepth } from '#libs/jobs';

const SECONDS = [0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300];
const RUN_SECONDS = [1, 5, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200];
const CHECK_SECONDS = [0.000_1, 0.001, 0.01, 0.1, 1];

/**
 * What this worker did, for Prometheus. Labels are few: a series for each cluster or each finding would be hundreds of
 * thousands in a large fleet.
 */
export class WorkerMetrics {
  readonly registry = new Registry();
  private readonly registers = [this.registry];

  readonly runDuration = new Histogram({
    name: 'plimsoll_run_duration_seconds',
    help: 'Time from the start of a run to its end.',
    buckets: RUN_SECONDS,
    registers: this.registers,
  });
  readonly targetDuration = new Histogram({
    name: 'plimsoll_target_duration_seconds',
    help: 'Time that auditing one cluster took.',
    labelNames: ['outcome'],
    buckets: SECONDS,
    registers: this.registers,
  });
  readonly targets = new Counter({
    name: 'plimsoll_targets_total',
    help: 'Clusters audited, by outcome, and by cause where they could not be evaluated.',
    labelNames: ['outcome', 'cause'],
    registers: this.registers,
  });
  readonly checkDuration = new Histogram({
    name: 'plimsoll_check_duration_seconds',
    help: 'Time that one control took on one cluster.',
    labelNames: ['control'],
    buckets: CHECK_SECONDS,
    registers: this.registers,
  });
  readonly kubeRequests = new Counter({
    name: 'plimsoll_kube_requests_total',
    help: 'Answers of audited API servers, by HTTP status.',
    labelNames: ['code'],
    registers: this.registers,
  });
  readonly queueDepth = new Gauge({
    name: 'plimsoll_queue_depth',
    help: 'Jobs that are not done, by queue and state.',
    labelNames: ['queue', 'state'],
    registers: this.registers,
  });
  readonly notifications = new Counter({
    name: 'plimsoll_notifications_total',
    help: 'Attempts to send a message, by kind of channel and outcome.',
    labelNames: ['channel', 'outcome'],
    registers: this.registers,
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  recordDepth(queue: string, depth: QueueDepth): void {
    for (const [state, jobs] of Object.entries(depth)) this.queueDepth.set({ queue, state }, Number(jobs));
  }

  /** Counts the answers that a snapshot rests on. */
  recordRequests(snapshot: Snapshot): void {
    for (const { status } of requestsOf(Object.values(snapshot.artifacts))) {
      this.kubeRequests.inc({ code: String(status) });
    }
  }

  /** The same controls; each evaluation is timed. */
  timed(catalog: readonly Control[]): readonly Control[] {
    return catalog.map((control) => ({
      ...control,
      evaluate: (artifacts, context) => {
        const stop = this.checkDuration.startTimer({ control: control.id });
        try {
          return control.evaluate(artifacts, context);
        } finally {
          stop();
        }
      },
    }));
  }
}

/** Artifacts may hold artifacts of their own, each with its requests (Flux sources by kind). */
function requestsOf(artifacts: readonly Collected<unknown>[]): readonly RequestRecord[] {
  return artifacts.flatMap((artifact) => {
    const parts = artifact.state === 'collected' && isRecord(artifact.value) ? Object.values(artifact.value) : [];
    return [...(artifact.requests ?? []), ...requestsOf(parts.filter(isCollected))];
  });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCollected = (value: unknown): value is Collected<unknown> =>
  isRecord(value) && (value['state'] === 'collected' || value['state'] === 'unavailable');
