import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { controlById } from '#libs/controls';
import { ClusterRepository, TokenRepository, WaiverRepository, type WaiverRecord } from '#libs/persistence';
import { newId } from '#libs/platform';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { checkExpiry, MAX_WAIVER_DAYS } from '../auth/lifetimes.js';
import { created, ok, wouldBe, type Answer } from '../http/answer.js';
import { Lists } from '../http/lists.js';
import { Operation } from '../http/operation.js';
import type { Page } from '../http/page.js';
import { WriteQuery } from '../http/patching.js';
import { invalid, notFound, Problem } from '../http/problem.js';
import { ApiSettings } from '../settings.js';
import { toWaiver, Waiver, WaiverInput, WaiverPage, WaiverQuery } from './waivers.dto.js';

@Controller('api/v1/waivers')
export class WaiversController {
  constructor(
    private readonly waivers: WaiverRepository,
    private readonly clusters: ClusterRepository,
    private readonly tokens: TokenRepository,
    private readonly lists: Lists,
    private readonly settings: ApiSettings,
  ) {}

  @Get()
  @Operation({
    id: 'listWaivers',
    tag: 'Waivers',
    summary: 'List waivers',
    access: 'fleet.read',
    answers: { 200: WaiverPage },
  })
  async list(@Query({ schema: WaiverQuery }) query: WaiverQuery): Promise<Answer<Page<Waiver>>> {
    const { state, control: controlId, expired } = query;
    const filter = { state, controlId, expired, expiresBefore: query['expiresAt[lt]'] };
    const answer = await this.lists.answer(
      '/waivers',
      query,
      (window) => this.waivers.list({ ...window, filter }),
      (waiver) => waiver,
    );
    const items = await this.#present(answer.body.items);
    return { ...answer, body: { ...answer.body, items } };
  }

  @Post()
  @Operation({
    id: 'requestWaiver',
    tag: 'Waivers',
    summary: 'Request a waiver; it has no effect until somebody else approves it',
    access: 'waivers.write',
    answers: { 201: Waiver, 200: Waiver },
    errors: ['expiry-too-long'],
  })
  async request(
    @Body({ schema: WaiverInput }) input: WaiverInput,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<Answer<Waiver>> {
    const now = this.settings.now();
    checkExpiry(input.expiresAt, now, MAX_WAIVER_DAYS);
    if (!controlById(input.controlId)) {
      throw invalid([{ pointer: '/controlId', code: 'unknown-control', detail: 'There is no such control.' }]);
    }
    const values = {
      ...input,
      id: newId('wvr'),
      ticketUrl: input.ticketUrl ?? null,
      scope: await this.#scope(input.scope),
      expiresAt: new Date(input.expiresAt).toISOString(),
      requestedBy: caller.tokenId,
    };
    if (dryRun) {
      const unsaved = {
        state: 'requested',
        approver: null,
        matches: 0,
        createdAt: new Date(now).toISOString(),
      } as const;
      return wouldBe(await this.#one({ ...values, ...unsaved }));
    }
    const waiver = await this.waivers.create(values);
    return created(await this.#one(waiver), { location: `/api/v1/waivers/${waiver.id}` });
  }

  @Get(':waiverId')
  @Operation({
    id: 'getWaiver',
    tag: 'Waivers',
    summary: 'Read a waiver',
    access: 'fleet.read',
    answers: { 200: Waiver },
  })
  async get(@Param('waiverId') id: string): Promise<Answer<Waiver>> {
    return ok(await this.#one(await this.#find(id)));
  }

  @Post(':waiverId/approve')
  @Operation({
    id: 'approveWaiver',
    tag: 'Waivers',
    summary: 'Approve a waiver that another token requested',
    access: 'waivers.approve',
    answers: { 200: Waiver },
    errors: ['self-approval', 'already-decided'],
  })
  async approve(
    @Param('waiverId') id: string,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<Answer<Waiver>> {
    const waiver = await this.#find(id);
    if (waiver.requestedBy === caller.tokenId) {
      throw new Problem('self-approval', 'This token requested the waiver itself.');
    }
    if (waiver.state !== 'requested') throw alreadyDecided(waiver);
    if (dryRun) return wouldBe(await this.#one({ ...waiver, state: 'approved', approver: caller.tokenId }));
    const approved = await this.waivers.approve(id, caller.tokenId);
    if (approved === 'notFound') throw notFound('waiver', id);
    if (approved === 'notRequested') throw alreadyDecided(await this.#find(id));
    return ok(await this.#one(approved));
  }

  @Post(':waiverId/revoke')
  @Operation({
    id: 'revokeWaiver',
    tag: 'Waivers',
    summary: 'End a waiver, or refuse a request',
    access: 'waivers.write',
    answers: { 200: Waiver },
    errors: ['already-decided'],
  })
  async revoke(
    @Param('waiverId') id: string,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<Waiver>> {
    const waiver = await this.#find(id);
    if (waiver.state === 'revoked') throw alreadyDecided(waiver);
    if (dryRun) return wouldBe(await this.#one({ ...waiver, state: 'revoked' }));
    const revoked = await this.waivers.revoke(id);
    if (revoked === 'notFound') throw notFound('waiver', id);
    return ok(await this.#one(revoked));
  }

  /** Waivers name a cluster by its name, as exports and the CLI do. */
  async #scope(scope: WaiverInput['scope']): Promise<WaiverInput['scope']> {
    if (scope.cluster === undefined) return scope;
    const cluster = await this.clusters.get(scope.cluster);
    if (cluster) return { ...scope, cluster: cluster.name };
    throw invalid([{ pointer: '/scope/cluster', code: 'unknown-cluster', detail: 'There is no such cluster.' }]);
  }

  async #find(id: string): Promise<WaiverRecord> {
    const waiver = await this.waivers.get(id);
    if (!waiver) throw notFound('waiver', id);
    return waiver;
  }

  async #one(waiver: WaiverRecord): Promise<Waiver> {
    const [shown] = await this.#present([waiver]);
    if (!shown) throw new Error('A waiver got lost while it was being shown.');
    return shown;
  }

  async #present(waivers: readonly WaiverRecord[]): Promise<Waiver[]> {
    const ids = new Set(waivers.flatMap(({ requestedBy, approver }) => [requestedBy, approver ?? requestedBy]));
    const tokens = await Promise.all([...ids].map((id) => this.tokens.get(id)));
    const names = new Map(tokens.flatMap((token) => (token ? [[token.id, token.name]] : [])));
    return waivers.map((waiver) => toWaiver(waiver, (id) => names.get(id) ?? id, this.settings.now()));
  }
}

function alreadyDecided({ state }: WaiverRecord): Problem {
  return new Problem('already-decided', `The waiver is ${state}.`);
}
