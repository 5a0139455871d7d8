import { Body, Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { controlTitle, DEFAULT_PROFILE } from '#libs/controls';
import {
  ClusterRepository,
  ProfileRepository,
  RunRepository,
  ScheduleRepository,
  type RunRecord,
  type StartRun,
} from '#libs/persistence';
import { newId } from '#libs/platform';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { accepted, ok, wouldBe, type Answer } from '../http/answer.js';
import { entityTag, isFresh } from '../http/entity-tag.js';
import { Lists } from '../http/lists.js';
import { Operation } from '../http/operation.js';
import type { Page } from '../http/page.js';
import { WriteQuery } from '../http/patching.js';
import { pollUntil, preferredWait } from '../http/prefer.js';
import { invalid, notFound, Problem } from '../http/problem.js';
import { whileCallerWaits } from '../http/gone-signal.js';
import { Stopping } from '../http/stopping.js';
import { ApiSettings } from '../settings.js';
import { checkProfile } from '../shared/profile-check.js';
import { previewRun } from './run-preview.js';
import { RunDiff } from './run-diff.dto.js';
import { Run, RunDetail, RunInput, RunPage, RunQuery, RunStartQuery, toRun } from './runs.dto.js';
import { Target, TargetPage, TargetQuery, toTarget } from './targets.dto.js';

/** Between two looks at a run that somebody waits for. */
const WAIT_PAUSE_MS = 300;

@Controller('api/v1/runs')
export class RunsController {
  constructor(
    private readonly runs: RunRepository,
    private readonly clusters: ClusterRepository,
    private readonly schedules: ScheduleRepository,
    private readonly profiles: ProfileRepository,
    private readonly lists: Lists,
    private readonly settings: ApiSettings,
    private readonly stopping: Stopping,
  ) {}

  @Get()
  @Operation({ id: 'listRuns', tag: 'Runs', summary: 'List runs', access: 'fleet.read', answers: { 200: RunPage } })
  async list(@Query({ schema: RunQuery }) query: RunQuery): Promise<Answer<Page<Run>>> {
    const { state, trigger, profile } = query;
    const scheduleId = query.schedule && (await this.#scheduleIds(query.schedule));
    const clusterId = query.cluster === undefined ? undefined : await this.#clusterId(query.cluster);
    const filter = { state, trigger, profile, scheduleId, clusterId };
    return this.lists.answer('/runs', query, (window) => this.runs.list({ ...window, filter }), toRun);
  }

  @Post()
  @Operation({
    id: 'startRun',
    tag: 'Runs',
    summary: 'Start a run',
    description: 'Answers at once; the workers do the audit. Follow `Location` with `Prefer: wait`.',
    access: 'runs.write',
    idempotencyKey: 'required',
    answers: { 202: Run, 200: Run },
    errors: ['run-conflict', 'empty-target'],
  })
  async start(
    @Body({ schema: RunInput }) input: RunInput,
    @Query({ schema: RunStartQuery }) { join, dryRun }: RunStartQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<Answer<Run>> {
    const { target, profile = DEFAULT_PROFILE, controls, reason } = input;
    await checkProfile(this.profiles, profile, controls);
    const { runDeadlineSeconds: deadlineSeconds } = this.settings;
    const start: StartRun = {
      trigger: 'api',
      requestedBy: caller.name,
      profile,
      target,
      deadlineSeconds,
      ...(controls && { controls }),
      ...(reason !== undefined && { reason }),
    };
    if (dryRun) return wouldBe(await this.#preview(start));
    const started = await this.runs.start(start);
    if (started === 'emptyTarget') throw emptyTarget();
    if ('unknownClusters' in started) {
      throw unknownClusters(started.unknownClusters.map((name) => (target.clusters ?? []).indexOf(name)));
    }
    if ('run' in started) {
      return accepted(toRun(started.run), { location: `/api/v1/runs/${started.run.id}`, retryAfter: 1 });
    }
    if (join) return ok(toRun(started.conflict));
    throw new Problem('run-conflict', 'A run over the same target, profile and controls has not finished.', {
      existingId: started.conflict.id,
    });
  }

  @Get(':runId')
  @Operation({
    id: 'getRun',
    tag: 'Runs',
    summary: 'Read a run and its progress',
    description:
      'With `Prefer: wait` the answer comes when the run has finished, or, with `If-None-Match`, when anything changed.',
    access: 'fleet.read',
    etag: true,
    waits: true,
    answers: { 200: RunDetail },
  })
  async get(@Param('runId') id: string, @Req() request: FastifyRequest): Promise<Answer<RunDetail>> {
    const waitMs = preferredWait(request.headers['prefer']);
    const known = request.headers['if-none-match'];
    const isEnough = (answer: Answer<RunDetail>) =>
      this.stopping.isStopping ||
      ['completed', 'cancelled'].includes(answer.body.state) ||
      (known !== undefined && !isFresh(known, answer.headers['etag'] ?? ''));
    const answer = await whileCallerWaits(request, (signal) =>
      pollUntil(() => this.#detail(id), isEnough, { waitMs, pauseMs: WAIT_PAUSE_MS, signal }),
    );
    if (waitMs === 0) return answer;
    return { ...answer, headers: { ...answer.headers, 'preference-applied': `wait=${waitMs / 1000}` } };
  }

  @Post(':runId/cancel')
  @Operation({
    id: 'cancelRun',
    tag: 'Runs',
    summary: 'Cancel a run; finished clusters keep their results',
    access: 'runs.write',
    answers: { 202: Run, 200: Run },
    errors: ['already-finished'],
  })
  async cancel(
    @Param('runId') id: string,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<Run>> {
    const run = dryRun ? await this.#find(id) : await this.runs.cancel(id);
    if (run === 'notFound') throw notFound('run', id);
    if (run === 'alreadyFinished' || (dryRun && ['completed', 'cancelled'].includes(run.state))) {
      throw new Problem('already-finished', 'The run is completed or cancelled.');
    }
    return dryRun ? wouldBe(toRun(run)) : accepted(toRun(run), { location: `/api/v1/runs/${id}` });
  }

  @Get(':runId/targets')
  @Operation({
    id: 'listRunTargets',
    tag: 'Runs',
    summary: 'List the clusters in a run',
    access: 'fleet.read',
    answers: { 200: TargetPage },
  })
  async targets(
    @Param('runId') id: string,
    @Query({ schema: TargetQuery }) query: TargetQuery,
  ): Promise<Answer<Page<Target>>> {
    await this.#find(id);
    const { state, outcome, cause, cluster: clusterId } = query;
    const filter = { state, outcome, cause, clusterId };
    const path = `/runs/${id}/targets`;
    return this.lists.answer(path, query, (window) => this.runs.targets(id, { ...window, filter }), toTarget);
  }

  @Get(':runId/diff')
  @Operation({
    id: 'getRunDiff',
    tag: 'Runs',
    summary: 'What changed in a completed run against the one before',
    access: 'fleet.read',
    answers: { 200: RunDiff },
    errors: ['run-not-completed'],
  })
  async diff(@Param('runId') id: string): Promise<Answer<RunDiff>> {
    const run = await this.#find(id);
    const digest = run.state === 'completed' ? await this.runs.digest(id, controlTitle) : null;
    if (!digest) throw new Problem('run-not-completed', `The run is ${run.state}.`);
    return ok(digest);
  }

  async #preview({ target, profile, controls, reason, requestedBy, trigger }: StartRun): Promise<Run> {
    const { total, unknown } = await previewRun(this.clusters, target);
    if (unknown.length > 0) throw unknownClusters(unknown);
    if (total === 0) throw emptyTarget();
    const now = this.settings.now();
    return toRun({
      id: newId('run'),
      trigger,
      scheduleId: null,
      requestedBy,
      reason: reason ?? null,
      profile,
      tailoring: null,
      controls: controls ?? null,
      target,
      budgetSeconds: null,
      state: 'queued',
      total,
      done: 0,
      counts: null,
      coverage: null,
      baseline: false,
      createdAt: new Date(now).toISOString(),
      startedAt: null,
      finishedAt: null,
      deadlineAt: new Date(now + this.settings.runDeadlineSeconds * 1000).toISOString(),
      version: 1,
    });
  }

  async #detail(id: string): Promise<Answer<RunDetail>> {
    const run = await this.#find(id);
    const progress = await this.runs.counts(id);
    if (!progress) throw notFound('run', id);
    const { total: _, ...shown } = progress;
    const body = { ...toRun(run), progress: shown };
    return ok(body, { etag: entityTag(run.version, body) });
  }

  async #find(id: string): Promise<RunRecord> {
    const run = await this.runs.get(id);
    if (!run) throw notFound('run', id);
    return run;
  }

  async #scheduleIds(references: readonly string[]): Promise<string[]> {
    const found = await Promise.all(references.map((reference) => this.schedules.get(reference)));
    return found.map((schedule, index) => schedule?.id ?? references[index] ?? '');
  }

  async #clusterId(reference: string): Promise<string> {
    return (await this.clusters.get(reference))?.id ?? reference;
  }
}

function unknownClusters(positions: readonly number[]): Problem {
  return invalid(
    positions.map((index) => ({
      pointer: `/target/clusters/${index}`,
      code: 'unknown-cluster',
      detail: 'There is no such cluster.',
    })),
  );
}

function emptyTarget(): Problem {
  return new Problem('empty-target', 'The target selects no registered cluster.');
}
