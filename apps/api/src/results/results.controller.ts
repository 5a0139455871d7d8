import { Controller, Get, Param, Query } from '@nestjs/common';
import { ClusterRepository, ResultRepository } from '#libs/persistence';
import { ok, type Answer } from '../http/answer.js';
import { Lists } from '../http/lists.js';
import { Operation } from '../http/operation.js';
import type { Page } from '../http/page.js';
import { notFound } from '../http/problem.js';
import type { View } from '../http/schema.js';
import { selectorOf } from '../shared/label-selector.schema.js';
import { Result, ResultPage, ResultQuery, Timeline, TimelineQuery, toResult } from './results.dto.js';

@Controller('api/v1')
export class ResultsController {
  constructor(
    private readonly results: ResultRepository,
    private readonly clusters: ClusterRepository,
    private readonly lists: Lists,
  ) {}

  @Get('results')
  @Operation({
    id: 'listResults',
    tag: 'Results',
    summary: 'List results: as they stand now, or as they stood in a run',
    access: 'fleet.read',
    answers: { 200: ResultPage },
  })
  async list(@Query({ schema: ResultQuery }) query: ResultQuery): Promise<Answer<Page<Result>>> {
    const { run: runId, cluster, tenant, control: controlId, outcome, cause, severity, reason } = query;
    const labelSelector = selectorOf(query.labelSelector);
    const filter = { runId, cluster, tenant, controlId, outcome, cause, severity, reason, labelSelector };
    return this.lists.answer('/results', query, (window) => this.results.list({ ...window, filter }), toResult);
  }

  @Get('clusters/:clusterRef/timeline')
  @Operation({
    id: 'getClusterTimeline',
    tag: 'Results',
    summary: 'How a cluster’s results changed over time, newest first',
    access: 'fleet.read',
    answers: { 200: Timeline },
  })
  async timeline(
    @Param('clusterRef') reference: string,
    @Query({ schema: TimelineQuery }) { control: controlId, limit }: TimelineQuery,
  ): Promise<Answer<View<typeof Timeline>>> {
    const cluster = await this.clusters.get(reference);
    if (!cluster) throw notFound('cluster', reference);
    const found = await this.results.timeline(cluster.id, { limit, ...(controlId !== undefined && { controlId }) });
    return ok({ items: found.map(toResult) });
  }
}
