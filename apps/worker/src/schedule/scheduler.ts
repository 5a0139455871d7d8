import { nextFire } from '#libs/jobs';
import type { ScheduleRecord, ScheduleRepository } from '#libs/persistence';
import type { Logger } from '#libs/platform';

/** Schedules fired in one transaction. */
const BATCH = 10;

export interface SchedulerSettings {
  /** How long a run may take before what is left counts as not evaluated. */
  readonly runDeadlineSeconds: number;
}

/**
 * Starts the runs of schedules that are due. The database holds all there is to know, so that every worker may look
 * at once and a fire that was missed while no worker ran is made up for, once.
 */
export class Scheduler {
  constructor(
    private readonly schedules: ScheduleRepository,
    private readonly settings: SchedulerSettings,
    private readonly log: Logger,
  ) {}

  /** Fires what is due now. @returns whether there may be more */
  async turn(now = new Date()): Promise<boolean> {
    const fired = await this.schedules.fireDue(now, BATCH, (schedule) => this.nextOf(schedule, now), {
      deadlineSeconds: this.settings.runDeadlineSeconds,
    });
    for (const { schedule, outcome, runId } of fired) {
      const { id: scheduleId, name, nextRunAt } = schedule;
      this.log.info({ scheduleId, name, outcome, runId, dueAt: nextRunAt }, 'a schedule was due');
    }
    return fired.length === BATCH;
  }

  /** A schedule that cannot be read must not stop the others: it never fires again, and the log says so. */
  private nextOf({ id, cron, timeZone, jitterSeconds }: ScheduleRecord, now: Date): Date | null {
    try {
      return nextFire({ scheduleId: id, cron, timeZone, jitterSeconds }, now);
    } catch (error) {
      this.log.error({ err: error, scheduleId: id }, 'a schedule has no next time; correct its cron expression');
      return null;
    }
  }
}
