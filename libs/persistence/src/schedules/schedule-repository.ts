import { newId } from '#libs/platform';
import type { DataSource } from 'typeorm';
import { ScheduleEntity } from '../entities/runs.js';
import { startRun } from '../runs/start-run.js';
import { violatesUnique } from '../sql/database-error.js';
import { listPage, type ListDefinition, type ListPage, type ListRequest } from '../sql/list.js';
import { contains, oneOf, Parameters } from '../sql/parameters.js';
import { changed, columns, row, rows, transaction } from '../sql/rows.js';
import { insertRow, updateVersioned } from '../sql/versioned.js';

export type ScheduleRecord = Readonly<ScheduleEntity>;

type Settable = Pick<
  ScheduleEntity,
  | 'name'
  | 'cron'
  | 'timeZone'
  | 'jitterSeconds'
  | 'labelSelector'
  | 'profile'
  | 'budgetSeconds'
  | 'enabled'
  | 'pauseUntil'
  | 'nextRunAt'
>;
/** `nextRunAt`: the caller reads the cron expression. */
export type NewSchedule = Readonly<Partial<Settable> & Pick<Settable, 'name' | 'cron' | 'timeZone' | 'profile'>> & {
  readonly id?: string;
};
export type ScheduleChanges = Readonly<Partial<Settable>>;

export type ScheduleSortField = 'name' | 'nextRunAt' | 'createdAt';
export interface ScheduleFilter {
  readonly name?: readonly string[];
  readonly enabled?: boolean;
  readonly q?: string;
}

/** What became of a schedule that was due. */
export interface FiredSchedule {
  readonly schedule: ScheduleRecord;
  /** `conflict`: its last run is still going on. */
  readonly outcome: 'started' | 'emptyTarget' | 'conflict';
  readonly runId: string | null;
}

export class ScheduleRepository {
  constructor(private readonly dataSource: DataSource) {}

  async create(input: NewSchedule): Promise<ScheduleRecord | 'nameTaken'> {
    const id = input.id ?? newId('sch');
    try {
      await insertRow(this.dataSource, ScheduleEntity, { ...input, id });
    } catch (error) {
      if (violatesUnique(error, 'schedule_name_key')) return 'nameTaken';
      throw error;
    }
    return this.#required(id);
  }

  /** @param expectedVersion null = whatever it is now */
  async update(
    id: string,
    expectedVersion: number | null,
    changes: ScheduleChanges,
  ): Promise<ScheduleRecord | 'notFound' | 'stale' | 'nameTaken'> {
    try {
      const updated = await updateVersioned(this.dataSource, ScheduleEntity, id, expectedVersion, changes);
      if (!updated) return (await this.get(id)) ? 'stale' : 'notFound';
    } catch (error) {
      if (violatesUnique(error, 'schedule_name_key')) return 'nameTaken';
      throw error;
    }
    return this.#required(id);
  }

  /** @param ref id or name */
  get(ref: string): Promise<ScheduleRecord | null> {
    return row(this.dataSource, `SELECT ${this.#columns()} FROM schedule s WHERE s.id = $1 OR s.name = $1`, [ref]);
  }

  list(request: ListRequest<ScheduleSortField, ScheduleFilter>): Promise<ListPage<ScheduleRecord>> {
    const definition: ListDefinition<ScheduleSortField> = {
      from: 'schedule s',
      columns: this.#columns(),
      id: { sql: 's.id', type: 'text' },
      sortable: {
        name: { sql: 's.name', type: 'text' },
        nextRunAt: { sql: `coalesce(s.next_run_at, 'infinity')`, type: 'timestamptz' },
        createdAt: { sql: 's.created_at', type: 'timestamptz' },
      },
      defaultSort: [{ field: 'name', direction: 'asc' }],
    };
    const filter = request.filter ?? {};
    const parameters = new Parameters();
    const conditions = [
      ...oneOf(parameters, 's.name', filter.name),
      ...(filter.enabled === undefined ? [] : [`s.enabled = ${parameters.add(filter.enabled)}::boolean`]),
      ...contains(parameters, 's.name', filter.q),
    ];
    return listPage(this.dataSource, definition, request, conditions, parameters);
  }

  /** Its runs stay. */
  async delete(id: string, expectedVersion: number | null): Promise<'deleted' | 'notFound' | 'stale'> {
    const deleted = await changed(
      this.dataSource,
      'DELETE FROM schedule WHERE id = $1 AND version = coalesce($2::integer, version)',
      [id, expectedVersion],
    );
    if (deleted > 0) return 'deleted';
    return (await this.get(id)) ? 'stale' : 'notFound';
  }

  /**
   * Starts a run for each schedule that is due, and moves the schedule on, in one transaction: any number of
   * processes may call it at once, and each due time fires once. A schedule that was due several times while nobody
   * looked fires once.
   * @param nextOf when a schedule is due after `now`; null = never again
   */
  fireDue(
    now: Date,
    limit: number,
    nextOf: (schedule: ScheduleRecord) => Date | null,
    options: { readonly deadlineSeconds: number },
  ): Promise<readonly FiredSchedule[]> {
    return transaction(this.dataSource, async (manager) => {
      const due = await rows<ScheduleRecord>(
        manager,
        `SELECT ${this.#columns()} FROM schedule s
         WHERE s.enabled AND s.next_run_at <= $1 AND (s.pause_until IS NULL OR s.pause_until <= $1)
         ORDER BY s.next_run_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
        [now, limit],
      );
      const fired: FiredSchedule[] = [];
      for (const schedule of due) {
        const started = await startRun(manager, {
          trigger: 'schedule',
          scheduleId: schedule.id,
          requestedBy: `schedule:${schedule.name}`,
          profile: schedule.profile,
          target: schedule.labelSelector === '' ? {} : { labelSelector: schedule.labelSelector },
          deadlineSeconds: options.deadlineSeconds,
          ...(schedule.budgetSeconds !== null && { budgetSeconds: schedule.budgetSeconds }),
        });
        const runId = started !== 'emptyTarget' && 'run' in started ? started.run.id : null;
        await manager.query(
          `UPDATE schedule SET next_run_at = $2, last_fired_at = $3, last_run_id = coalesce($4, last_run_id)
           WHERE id = $1`,
          [schedule.id, nextOf(schedule), now, runId],
        );
        const outcome = runId !== null ? 'started' : started === 'emptyTarget' ? 'emptyTarget' : 'conflict';
        fired.push({ schedule, outcome, runId });
      }
      return fired;
    });
  }

  #columns(): string {
    return columns(this.dataSource, ScheduleEntity, 's');
  }

  async #required(id: string): Promise<ScheduleRecord> {
    const schedule = await this.get(id);
    if (!schedule) throw new Error(`Schedule ${id} was deleted while it was being written.`);
    return schedule;
  }
}
