import { DRILL_STEPS, type DrillRequest, type DrillRunner, type DrillStep, type DrillStepName } from '#libs/core';
import type { SentRequest } from '../client/transport.js';
import { type DrillFinding, findingOf } from './drill-finding.js';

export interface StepHooks {
  /** A step begins. */
  readonly onStart?: ((name: DrillStepName) => void) | undefined;
  /** A step is over, or was left out. */
  readonly onStep?: ((step: DrillStep) => void) | undefined;
}

/** Runs the steps of a drill one after another, with what each of them sent and how long it took. */
export class StepLog {
  readonly #steps: DrillStep[] = [];
  #requests: DrillRequest[] = [];
  #endedBy: DrillStepName | undefined;

  constructor(
    readonly runner: DrillRunner,
    private readonly hooks: StepHooks = {},
  ) {}

  /** To be told of everything that is sent (`OpenOptions.onRequest`). */
  readonly record = ({ method, path, status, auditId }: SentRequest): void => {
    this.#requests.push({
      method: method as DrillRequest['method'],
      // Where a list goes on is long, and means nothing to anybody but the API server.
      path: path.replace(/([?&]continue=)[^&]*/, '$1…'),
      dryRun: path.endsWith('?dryRun=All'),
      status,
      ...(auditId !== undefined && { auditId }),
    });
  };

  /** Every step, in order; those that were never come to are skipped. */
  steps(): readonly DrillStep[] {
    return DRILL_STEPS.map((name) => this.#steps.find((step) => step.name === name) ?? leftOut(name, 'NOT_PART'));
  }

  /** Runs a step, unless one before it ended the drill. @returns what it came to; undefined where it was left out */
  async run(name: DrillStepName, work: () => Promise<DrillFinding>): Promise<DrillFinding['state'] | undefined> {
    if (this.#endedBy !== undefined) {
      this.skip(name, 'NOT_REACHED', `Not tried: it makes no sense before the step "${this.#endedBy}" passes.`);
      return undefined;
    }
    this.hooks.onStart?.(name);
    this.#requests = [];
    const started = performance.now();
    const { state, cause, message, ends } = await work().catch((error: unknown) => findingOf(error, this.runner));
    if (state === 'failed' || ends) this.#endedBy = name;
    const durationMs = Math.round(performance.now() - started);
    this.#add({ name, state, ...(cause !== undefined && { cause }), message, durationMs, requests: this.#requests });
    return state;
  }

  skip(name: DrillStepName, cause: string, message: string): void {
    this.#add({ ...leftOut(name, cause), message });
  }

  #add(step: DrillStep): void {
    this.#steps.push(step);
    this.hooks.onStep?.(step);
  }
}

function leftOut(name: DrillStepName, cause: string): DrillStep {
  return { name, state: 'skipped', cause, message: 'Not part of this drill.', durationMs: 0, requests: [] };
}
