import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Query } from '@nestjs/common';
import { DEFAULT_PROFILE } from '#libs/controls';
import { ProfileRepository, ScheduleRepository, type ScheduleRecord } from '#libs/persistence';
import { newId } from '#libs/platform';
import { created, noContent, ok, wouldBe, type Answer } from '../http/answer.js';
import { changedMeanwhile, entityTag, requireMatch } from '../http/entity-tag.js';
import { Lists } from '../http/lists.js';
import { Operation } from '../http/operation.js';
import type { Page } from '../http/page.js';
import { patched, WriteQuery } from '../http/patching.js';
import { notFound, Problem } from '../http/problem.js';
import type { View } from '../http/schema.js';
import { ApiSettings } from '../settings.js';
import { checkProfile } from '../shared/profile-check.js';
import { checkTiming, nextTimes } from './timing.js';
import {
  NextQuery,
  NextTimes,
  Schedule,
  ScheduleInput,
  SchedulePage,
  SchedulePatch,
  ScheduleQuery,
  ScheduleSettings,
  settingsOf,
  toSchedule,
} from './schedules.dto.js';

const nameTaken = (name: string) => new Problem('name-taken', `There is a schedule "${name}" already.`);

@Controller('api/v1/schedules')
export class SchedulesController {
  constructor(
    private readonly schedules: ScheduleRepository,
    private readonly profiles: ProfileRepository,
    private readonly lists: Lists,
    private readonly settings: ApiSettings,
  ) {}

  @Get()
  @Operation({
    id: 'listSchedules',
    tag: 'Schedules',
    summary: 'List schedules',
    access: 'fleet.read',
    answers: { 200: SchedulePage },
  })
  async list(@Query({ schema: ScheduleQuery }) query: ScheduleQuery): Promise<Answer<Page<Schedule>>> {
    const filter = { q: query.q, enabled: query.enabled };
    return this.lists.answer('/schedules', query, (window) => this.schedules.list({ ...window, filter }), toSchedule);
  }

  @Post()
  @Operation({
    id: 'createSchedule',
    tag: 'Schedules',
    summary: 'Create a schedule',
    access: 'schedules.write',
    etag: true,
    answers: { 201: Schedule, 200: Schedule },
    errors: ['name-taken', 'bad-cron'],
  })
  async create(
    @Body({ schema: ScheduleInput }) { name, ...input }: ScheduleInput,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<Schedule>> {
    const id = newId('sch');
    const values = { id, name, ...(await this.#columns(id, input)) };
    if (dryRun) {
      if (await this.schedules.get(name)) throw nameTaken(name);
      const at = new Date(this.settings.now()).toISOString();
      const unsaved = { lastFiredAt: null, lastRunId: null, version: 1, createdAt: at, updatedAt: at };
      return wouldBe(toSchedule({ ...values, ...unsaved }));
    }
    const schedule = await this.schedules.create(values);
    if (schedule === 'nameTaken') throw nameTaken(name);
    const body = toSchedule(schedule);
    return created(body, { location: `/api/v1/schedules/${schedule.id}`, etag: entityTag(schedule.version, body) });
  }

  @Get(':scheduleRef')
  @Operation({
    id: 'getSchedule',
    tag: 'Schedules',
    summary: 'Read a schedule',
    access: 'fleet.read',
    etag: true,
    answers: { 200: Schedule },
  })
  async get(@Param('scheduleRef') reference: string): Promise<Answer<Schedule>> {
    return present(await this.#find(reference));
  }

  @Get(':scheduleRef/next')
  @Operation({
    id: 'listNextTimes',
    tag: 'Schedules',
    summary: 'When a schedule starts next',
    access: 'fleet.read',
    answers: { 200: NextTimes },
  })
  async next(
    @Param('scheduleRef') reference: string,
    @Query({ schema: NextQuery }) { count }: NextQuery,
  ): Promise<Answer<View<typeof NextTimes>>> {
    const schedule = await this.#find(reference);
    return ok({ items: schedule.enabled ? nextTimes(schedule.id, schedule, this.settings.now(), count) : [] });
  }

  @Patch(':scheduleRef')
  @Operation({
    id: 'updateSchedule',
    tag: 'Schedules',
    summary: 'Change a schedule',
    access: 'schedules.write',
    etag: true,
    ifMatch: true,
    answers: { 200: Schedule },
    errors: ['bad-cron'],
  })
  async update(
    @Param('scheduleRef') reference: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: SchedulePatch }) patch: SchedulePatch,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<Schedule>> {
    const schedule = await this.#find(reference);
    requireMatch(ifMatch, schedule.version);
    const changes = await this.#columns(schedule.id, patched(ScheduleSettings, settingsOf(schedule), patch));
    if (dryRun) return wouldBe(toSchedule({ ...schedule, ...changes }));
    const updated = await this.schedules.update(schedule.id, schedule.version, changes);
    if (updated === 'nameTaken') throw nameTaken(schedule.name);
    if (updated === 'notFound') throw notFound('schedule', reference);
    if (updated === 'stale') throw changedMeanwhile((await this.#find(schedule.id)).version);
    return present(updated);
  }

  @Delete(':scheduleRef')
  @Operation({
    id: 'deleteSchedule',
    tag: 'Schedules',
    summary: 'Delete a schedule; its runs stay',
    access: 'schedules.write',
    ifMatch: true,
    answers: { 204: null },
  })
  async delete(
    @Param('scheduleRef') reference: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<undefined>> {
    const schedule = await this.#find(reference);
    requireMatch(ifMatch, schedule.version);
    if (dryRun) return noContent();
    const result = await this.schedules.delete(schedule.id, schedule.version);
    if (result === 'notFound') throw notFound('schedule', reference);
    if (result === 'stale') throw changedMeanwhile((await this.#find(schedule.id)).version);
    return noContent();
  }

  /** What is stored of the settings, with the time at which it is due first. */
  async #columns(id: string, { target, profile = DEFAULT_PROFILE, budgetSeconds, ...rest }: ScheduleSettings) {
    checkTiming(rest);
    await checkProfile(this.profiles, profile);
    const [nextRunAt = null] = rest.enabled ? nextTimes(id, rest, this.settings.now(), 1) : [];
    return { ...rest, labelSelector: target.labelSelector, profile, budgetSeconds: budgetSeconds ?? null, nextRunAt };
  }

  async #find(reference: string): Promise<ScheduleRecord> {
    const schedule = await this.schedules.get(reference);
    if (!schedule) throw notFound('schedule', reference);
    return schedule;
  }
}

function present(schedule: ScheduleRecord): Answer<Schedule> {
  const body = toSchedule(schedule);
  return ok(body, { etag: entityTag(schedule.version, body) });
}
