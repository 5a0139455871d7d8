import { Controller, Get, Param, Query } from '@nestjs/common';
import { RemoteApplyRepository } from '#libs/persistence';
import { ok, type Answer } from '../http/answer.js';
import { Lists } from '../http/lists.js';
import { Operation } from '../http/operation.js';
import type { Page } from '../http/page.js';
import { notFound } from '../http/problem.js';
import {
  filterOf,
  RemoteApply,
  RemoteApplyPage,
  RemoteApplyQuery,
  type RemoteApplySummary,
  toRemoteApply,
  toSummary,
} from './remote-applies.dto.js';

@Controller('api/v1')
export class RemoteAppliesController {
  constructor(
    private readonly remoteApplies: RemoteApplyRepository,
    private readonly lists: Lists,
  ) {}

  @Get('remote-applies')
  @Operation({
    id: 'listRemoteApplies',
    tag: 'Remote apply',
    summary: 'List what management clusters apply to others, silent failures first',
    access: 'fleet.read',
    answers: { 200: RemoteApplyPage },
  })
  async list(@Query({ schema: RemoteApplyQuery }) query: RemoteApplyQuery): Promise<Answer<Page<RemoteApplySummary>>> {
    const filter = filterOf(query);
    return this.lists.answer(
      '/remote-applies',
      query,
      (window) => this.remoteApplies.list({ ...window, filter }),
      toSummary,
    );
  }

  @Get('remote-applies/:remoteApplyId')
  @Operation({
    id: 'getRemoteApply',
    tag: 'Remote apply',
    summary: 'Read a remote apply with its credential’s source, its identity and its Alerts',
    access: 'fleet.read',
    answers: { 200: RemoteApply },
  })
  async get(@Param('remoteApplyId') id: string): Promise<Answer<RemoteApply>> {
    const record = await this.remoteApplies.get(id);
    if (!record) throw notFound('remote apply', id);
    return ok(toRemoteApply(record));
  }
}
