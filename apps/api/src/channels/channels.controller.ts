import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ChannelRepository, type ChannelChanges, type ChannelRecord } from '#libs/persistence';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { created, noContent, ok, wouldBe, type Answer } from '../http/answer.js';
import { changedMeanwhile, entityTag, requireMatch } from '../http/entity-tag.js';
import { whileCallerWaits } from '../http/gone-signal.js';
import { Lists } from '../http/lists.js';
import { Operation } from '../http/operation.js';
import type { Page } from '../http/page.js';
import { patched, WriteQuery } from '../http/patching.js';
import { notFound, Problem } from '../http/problem.js';
import type { View } from '../http/schema.js';
import { ApiSettings } from '../settings.js';
import {
  Channel,
  ChannelInput,
  ChannelPage,
  ChannelPatch,
  ChannelQuery,
  ChannelRouting,
  ChannelTestResult,
  CreatedChannel,
  routingOf,
  toChannel,
} from './channels.dto.js';
import { ChannelsService } from './channels.service.js';

const nameTaken = (name: string) => new Problem('name-taken', `There is a channel "${name}" already.`);

@Controller('api/v1/channels')
export class ChannelsController {
  constructor(
    private readonly channels: ChannelRepository,
    private readonly service: ChannelsService,
    private readonly lists: Lists,
    private readonly settings: ApiSettings,
  ) {}

  @Get()
  @Operation({
    id: 'listChannels',
    tag: 'Channels',
    summary: 'List channels',
    access: 'fleet.read',
    answers: { 200: ChannelPage },
  })
  async list(@Query({ schema: ChannelQuery }) query: ChannelQuery): Promise<Answer<Page<Channel>>> {
    const filter = { kind: query.kind, enabled: query.enabled };
    return this.lists.answer('/channels', query, (window) => this.channels.list({ ...window, filter }), toChannel);
  }

  @Post()
  @Operation({
    id: 'createChannel',
    tag: 'Channels',
    summary: 'Create a channel',
    access: 'channels.write',
    etag: true,
    showOnce: ['signingSecret'],
    answers: { 201: CreatedChannel, 200: CreatedChannel },
    errors: ['name-taken', 'egress-denied'],
  })
  async create(
    @Body({ schema: ChannelInput }) input: ChannelInput,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<View<typeof CreatedChannel>>> {
    const { values, signingSecret } = await this.service.accept(input);
    if (dryRun) {
      if (await this.channels.get(input.name)) throw nameTaken(input.name);
      const { sealed: _, enabled = true, ...shown } = values;
      const at = new Date(this.settings.now()).toISOString();
      const unsaved = { disabledReason: null, pausedUntil: null, version: 1, createdAt: at, updatedAt: at };
      return wouldBe(toChannel({ ...shown, enabled, ...unsaved }));
    }
    const channel = await this.channels.create(values);
    if (channel === 'nameTaken') throw nameTaken(input.name);
    const body = toChannel(channel);
    return created(
      { ...body, ...(signingSecret !== undefined && { signingSecret }) },
      { location: `/api/v1/channels/${channel.id}`, etag: entityTag(channel.version, body) },
    );
  }

  @Get(':channelRef')
  @Operation({
    id: 'getChannel',
    tag: 'Channels',
    summary: 'Read a channel',
    access: 'fleet.read',
    etag: true,
    answers: { 200: Channel },
  })
  async get(@Param('channelRef') reference: string): Promise<Answer<Channel>> {
    return present(await this.#find(reference));
  }

  @Patch(':channelRef')
  @Operation({
    id: 'updateChannel',
    tag: 'Channels',
    summary: 'Change a channel',
    description: 'Switching it on again clears why the service had switched it off.',
    access: 'channels.write',
    etag: true,
    ifMatch: true,
    answers: { 200: Channel },
    errors: ['egress-denied'],
  })
  async update(
    @Param('channelRef') reference: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: ChannelPatch }) patch: ChannelPatch,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<Channel>> {
    const channel = await this.#find(reference);
    requireMatch(ifMatch, channel.version);
    const { secret, settings, ...routing } = patch;
    const changes: ChannelChanges = {
      ...patched(ChannelRouting, routingOf(channel), routing),
      ...(await this.#address(channel, secret, settings)),
    };
    if (dryRun) return wouldBe(toChannel({ ...channel, ...changes }));
    const updated = await this.channels.update(channel.id, channel.version, changes);
    if (updated === 'nameTaken') throw nameTaken(channel.name);
    if (updated === 'notFound') throw notFound('channel', reference);
    if (updated === 'stale') throw changedMeanwhile((await this.#find(channel.id)).version);
    return present(updated);
  }

  @Delete(':channelRef')
  @Operation({
    id: 'deleteChannel',
    tag: 'Channels',
    summary: 'Delete a channel with its deliveries',
    access: 'channels.write',
    ifMatch: true,
    answers: { 204: null },
  })
  async delete(
    @Param('channelRef') reference: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<undefined>> {
    const channel = await this.#find(reference);
    requireMatch(ifMatch, channel.version);
    if (dryRun) return noContent();
    const result = await this.channels.delete(channel.id, channel.version);
    if (result === 'notFound') throw notFound('channel', reference);
    if (result === 'stale') throw changedMeanwhile((await this.#find(channel.id)).version);
    return noContent();
  }

  @Post(':channelRef/test')
  @Operation({
    id: 'testChannel',
    tag: 'Channels',
    summary: 'Send a marked test message now',
    access: 'channels.write',
    answers: { 200: ChannelTestResult },
    errors: ['egress-denied'],
  })
  async test(
    @Param('channelRef') reference: string,
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<Answer<View<typeof ChannelTestResult>>> {
    const channel = await this.#find(reference);
    const { outcome, code, hint, httpStatus, durationMs } = await whileCallerWaits(request, (gone) =>
      this.service.test(channel, caller.name, gone),
    );
    if (code === 'egressDenied') throw new Problem('egress-denied', hint);
    return ok({ delivered: outcome === 'sent', code, hint, httpStatus, durationMs });
  }

  /** A new address or token, where the patch has one. */
  async #address(channel: ChannelRecord, secret: unknown, settings: unknown): Promise<ChannelChanges> {
    if (secret === undefined && settings === undefined) return {};
    const stated = settings ?? (channel.kind === 'slackBot' ? channel.settings : {});
    const kept = secret ?? (await this.service.secretOf(channel));
    const checked = await this.service.check({ kind: channel.kind, settings: stated, secret: kept });
    return { settings: checked.settings, sealed: this.service.seal(channel.id, checked) };
  }

  async #find(reference: string): Promise<ChannelRecord> {
    const channel = await this.channels.get(reference);
    if (!channel) throw notFound('channel', reference);
    return channel;
  }
}

function present(channel: ChannelRecord): Answer<Channel> {
  const body = toChannel(channel);
  return ok(body, { etag: entityTag(channel.version, body) });
}
