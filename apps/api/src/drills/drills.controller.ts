import { Body, Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { drillOutcome, type DrillRunner, drillWrites } from '#libs/core';
import {
  ClusterRepository,
  DrillRepository,
  TokenRepository,
  type ClusterRecord,
  type DrillDetail as StoredDrill,
  type DrillRecord,
} from '#libs/persistence';
import { newId } from '#libs/platform';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { accepted, ok, wouldBe, type Answer } from '../http/answer.js';
import { entityTag, isFresh } from '../http/entity-tag.js';
import { whileCallerWaits } from '../http/gone-signal.js';
import { Lists } from '../http/lists.js';
import { Operation } from '../http/operation.js';
import type { Page } from '../http/page.js';
import { WriteQuery } from '../http/patching.js';
import { pollUntil, preferredWait } from '../http/prefer.js';
import { invalid, notFound, Problem } from '../http/problem.js';
import { Stopping } from '../http/stopping.js';
import { ApiSettings } from '../settings.js';
import {
  Drill,
  DrillDetail,
  DrillInput,
  DrillPage,
  DrillQuery,
  DrillResultsInput,
  toDrill,
  toDrillDetail,
} from './drills.dto.js';

/** Between two looks at a drill that somebody waits for. */
const WAIT_PAUSE_MS = 300;
const MINUTE_MS = 60_000;
/** The service needs seconds; people need to find each other. */
const DEADLINE_MS: Readonly<Record<DrillRunner, number>> = { service: 15 * MINUTE_MS, cli: 24 * 60 * MINUTE_MS };
const OVER: ReadonlySet<DrillRecord['state']> = new Set(['completed', 'aborted', 'expired']);

@Controller('api/v1/drills')
export class DrillsController {
  constructor(
    private readonly drills: DrillRepository,
    private readonly clusters: ClusterRepository,
    private readonly tokens: TokenRepository,
    private readonly lists: Lists,
    private readonly settings: ApiSettings,
    private readonly stopping: Stopping,
  ) {}

  @Get()
  @Operation({
    id: 'listDrills',
    tag: 'Break-glass',
    summary: 'List drills',
    access: 'fleet.read',
    answers: { 200: DrillPage },
  })
  async list(@Query({ schema: DrillQuery }) query: DrillQuery): Promise<Answer<Page<Drill>>> {
    const { cluster, entry, mode, runner, state, outcome } = query;
    const clusterId = cluster && (await Promise.all(cluster.map((reference) => this.#clusterId(reference))));
    const filter = { clusterId, entry, mode, runner, state, outcome };
    const answer = await this.lists.answer(
      '/drills',
      query,
      (window) => this.drills.list({ ...window, filter }),
      (drill) => drill,
    );
    const nameOf = await this.#names(answer.body.items);
    return { ...answer, body: { ...answer.body, items: answer.body.items.map((drill) => toDrill(drill, nameOf)) } };
  }

  @Post()
  @Operation({
    id: 'startDrill',
    tag: 'Break-glass',
    summary: 'Ask for a drill of a way in',
    description:
      'The service does `verify` itself, and answers at once; follow `Location` with `Prefer: wait`. Any other drill waits for `plimsoll drill`, since the break-glass credential never comes here; a live one first waits for two approvals.',
    access: 'drills.write',
    idempotencyKey: 'required',
    answers: { 202: Drill, 200: Drill },
    errors: ['drill-running', 'confirm-mismatch'],
  })
  async start(
    @Body({ schema: DrillInput }) input: DrillInput,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<Answer<Drill>> {
    const cluster = await this.clusters.get(input.cluster);
    if (!cluster) {
      throw invalid([{ pointer: '/cluster', code: 'unknown-cluster', detail: 'There is no such cluster.' }]);
    }
    const runner = input.runner ?? (input.mode === 'verify' ? 'service' : 'cli');
    checkInput(input, runner, cluster);
    const now = this.settings.now();
    const drill = {
      id: newId('drl'),
      clusterId: cluster.id,
      entry: entryOf(input, cluster),
      mode: input.mode,
      runner,
      requestedBy: caller.tokenId,
      ...(input.reason !== undefined && { reason: input.reason }),
      deadlineAt: new Date(now + DEADLINE_MS[runner]).toISOString(),
    };
    if (dryRun) {
      const waits = input.mode === 'live' ? 'awaitingApproval' : 'awaitingResults';
      return wouldBe(
        await this.#one({
          ...drill,
          clusterName: cluster.name,
          state: runner === 'service' ? 'queued' : waits,
          outcome: null,
          writes: 0,
          reason: input.reason ?? null,
          operators: null,
          alertId: null,
          approvals: [],
          attempt: 0,
          createdAt: new Date(now).toISOString(),
          claimedAt: null,
          startedAt: null,
          finishedAt: null,
          version: 1,
        }),
      );
    }
    const created = await this.drills.create(drill);
    if (created === 'notFound') throw notFound('cluster', input.cluster);
    if ('conflict' in created) {
      throw new Problem('drill-running', 'Another drill of this way in is not over.', { existingId: created.conflict });
    }
    return accepted(await this.#one(created), { location: `/api/v1/drills/${created.id}`, retryAfter: 1 });
  }

  @Get(':drillId')
  @Operation({
    id: 'getDrill',
    tag: 'Break-glass',
    summary: 'Read a drill with its steps and calls',
    description:
      'With `Prefer: wait` the answer comes when it is over, or, with `If-None-Match`, when anything changed.',
    access: 'fleet.read',
    etag: true,
    waits: true,
    answers: { 200: DrillDetail },
  })
  async get(@Param('drillId') id: string, @Req() request: FastifyRequest): Promise<Answer<DrillDetail>> {
    const waitMs = preferredWait(request.headers['prefer']);
    const known = request.headers['if-none-match'];
    const isEnough = (answer: Answer<DrillDetail>) =>
      this.stopping.isStopping ||
      OVER.has(answer.body.state) ||
      (known !== undefined && !isFresh(known, answer.headers['etag'] ?? ''));
    const answer = await whileCallerWaits(request, (signal) =>
      pollUntil(() => this.#detail(id), isEnough, { waitMs, pauseMs: WAIT_PAUSE_MS, signal }),
    );
    if (waitMs === 0) return answer;
    return { ...answer, headers: { ...answer.headers, 'preference-applied': `wait=${waitMs / 1000}` } };
  }

  @Post(':drillId/approve')
  @Operation({
    id: 'approveDrill',
    tag: 'Break-glass',
    summary: 'Approve a live drill that another token asked for; it takes two',
    access: 'drills.approve',
    answers: { 200: Drill },
    errors: ['self-approval', 'drill-state'],
  })
  async approve(
    @Param('drillId') id: string,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<Answer<Drill>> {
    const drill = await this.#find(id);
    if (drill.requestedBy === caller.tokenId) {
      throw new Problem('self-approval', 'This token asked for the drill itself.');
    }
    const isRepeated = drill.approvals.some(({ by }) => by === caller.tokenId);
    if (drill.state !== 'awaitingApproval' && !isRepeated) throw wrongState(drill);
    if (dryRun) return wouldBe(await this.#one(drill));
    return ok(await this.#written(id, await this.drills.approve(id, caller.tokenId)));
  }

  @Post(':drillId/start')
  @Operation({
    id: 'beginDrill',
    tag: 'Break-glass',
    summary: 'Begin a drill at a terminal, once',
    description:
      'As `plimsoll drill` does before a live drill writes: an approval is good for one of them. What was begun has to be reported within two hours.',
    access: 'drills.write',
    answers: { 200: Drill },
    errors: ['live-needs-approval', 'drill-state'],
  })
  async begin(
    @Param('drillId') id: string,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<Drill>> {
    const drill = await this.#find(id);
    assertApproved(drill);
    if (drill.state !== 'awaitingResults') throw wrongState(drill);
    if (dryRun) return wouldBe(await this.#one({ ...drill, state: 'running' }));
    return ok(await this.#written(id, await this.drills.start(id)));
  }

  @Post(':drillId/abort')
  @Operation({
    id: 'abortDrill',
    tag: 'Break-glass',
    summary: 'End a drill that is not over',
    access: 'drills.write',
    answers: { 200: Drill },
    errors: ['drill-state'],
  })
  async abort(
    @Param('drillId') id: string,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<Drill>> {
    const drill = await this.#find(id);
    if (OVER.has(drill.state)) throw wrongState(drill);
    if (dryRun) return wouldBe(await this.#one({ ...drill, state: 'aborted' }));
    return ok(await this.#written(id, await this.drills.abort(id)));
  }

  @Post(':drillId/results')
  @Operation({
    id: 'reportDrill',
    tag: 'Break-glass',
    summary: 'Report what came of a drill at a terminal',
    description:
      'As `plimsoll drill --report` does. A drill that passed with the restore in it, or failed, becomes the last drill of its entry, which FLUX-BG-02 and FLUX-BG-04 judge.',
    access: 'drills.write',
    answers: { 200: DrillDetail },
    errors: ['live-needs-approval', 'drill-state'],
  })
  async report(
    @Param('drillId') id: string,
    @Body({ schema: DrillResultsInput }) input: DrillResultsInput,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<DrillDetail>> {
    const drill = await this.#find(id);
    const { mode, runner } = drill;
    assertApproved(drill);
    const isAwaited = drill.state === 'awaitingResults' || (drill.state === 'running' && runner === 'cli');
    if (!isAwaited) throw wrongState(drill);
    const { steps, startedAt, finishedAt, operators, alertId } = input;
    const results = {
      mode,
      outcome: drillOutcome({ mode, runner }, steps),
      startedAt,
      finishedAt,
      writes: drillWrites(steps).length,
      steps,
      ...(operators !== undefined && { operators }),
      ...(alertId !== undefined && { alertId }),
    };
    if (dryRun) {
      const { outcome, writes } = results;
      const would = { ...drill, state: 'completed', outcome, writes, steps } as const;
      return wouldBe(toDrillDetail(would, await this.#pinned(drill), await this.#names([drill])));
    }
    await this.#written(id, await this.drills.report(id, results));
    return this.#detail(id);
  }

  async #clusterId(reference: string): Promise<string> {
    return (await this.clusters.get(reference))?.id ?? reference;
  }

  async #detail(id: string): Promise<Answer<DrillDetail>> {
    const drill = await this.#find(id);
    const body = toDrillDetail(drill, await this.#pinned(drill), await this.#names([drill]));
    return ok(body, { etag: entityTag(drill.version, body) });
  }

  async #pinned({ clusterId }: DrillRecord): Promise<string | null> {
    return (await this.clusters.get(clusterId))?.clusterUid ?? null;
  }

  async #find(id: string): Promise<StoredDrill> {
    const drill = await this.drills.get(id);
    if (!drill) throw notFound('drill', id);
    return drill;
  }

  async #one(drill: DrillRecord): Promise<Drill> {
    return toDrill(drill, await this.#names([drill]));
  }

  /** What was written, or the problem where somebody else was faster. */
  async #written(id: string, result: Awaited<ReturnType<DrillRepository['abort']>>): Promise<Drill> {
    if (result === 'notFound') throw notFound('drill', id);
    if ('id' in result) return this.#one(result);
    throw wrongState(result);
  }

  async #names(drills: readonly DrillRecord[]): Promise<(tokenId: string) => string> {
    const ids = new Set(
      drills.flatMap(({ requestedBy, approvals }) => [requestedBy, ...approvals.map(({ by }) => by)]),
    );
    const tokens = await Promise.all([...ids].map((id) => this.tokens.get(id)));
    const names = new Map(tokens.flatMap((token) => (token ? [[token.id, token.name]] : [])));
    return (id) => names.get(id) ?? id;
  }
}

function checkInput(input: DrillInput, runner: DrillRunner, { name }: ClusterRecord): void {
  const { mode, confirm, reason } = input;
  if (runner === 'service' && mode !== 'verify') {
    const detail = 'The service does not hold the break-glass credential: it can only verify.';
    throw invalid([{ pointer: '/runner', code: 'not-possible', detail }]);
  }
  if (mode === 'live' && reason === undefined) {
    throw invalid([{ pointer: '/reason', code: 'missing', detail: 'Say why a live drill is needed.' }]);
  }
  if (mode === 'live' || confirm !== undefined) {
    if (confirm !== name) throw new Problem('confirm-mismatch', 'The name in confirm is not that of the cluster.');
  }
}

/** The entry that is meant. */
function entryOf({ entry }: DrillInput, { platform }: ClusterRecord): string {
  const names = (platform.breakGlass ?? []).map(({ name }) => name);
  const [only, ...others] = names;
  const at = (code: string, detail: string) => invalid([{ pointer: '/entry', code, detail }]);
  if (only === undefined)
    throw at('no-entry', 'The cluster has no break-glass entry. Enter one in its platform.breakGlass.');
  if (entry === undefined) {
    if (others.length === 0) return only;
    throw at('missing', 'The cluster has several break-glass entries; name one.');
  }
  if (!names.includes(entry)) throw at('unknown-entry', 'The cluster has no break-glass entry of this name.');
  return entry;
}

function assertApproved({ state, approvals }: DrillRecord): void {
  if (state !== 'awaitingApproval') return;
  throw new Problem('live-needs-approval', `Of two approvals it has ${approvals.length}.`);
}

function wrongState({ state }: Pick<DrillRecord, 'state'>): Problem {
  return new Problem('drill-state', `The drill is in the state ${state}.`);
}
