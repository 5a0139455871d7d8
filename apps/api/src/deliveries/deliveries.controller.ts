import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { DeliveryRepository } from '#libs/persistence';
import { accepted, ok, type Answer } from '../http/answer.js';
import { Lists } from '../http/lists.js';
import { Operation } from '../http/operation.js';
import type { Page } from '../http/page.js';
import { notFound, Problem } from '../http/problem.js';
import { Delivery, DeliveryDetail, DeliveryPage, DeliveryQuery, toDelivery, toDetail } from './deliveries.dto.js';

@Controller('api/v1/deliveries')
export class DeliveriesController {
  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly lists: Lists,
  ) {}

  @Get()
  @Operation({
    id: 'listDeliveries',
    tag: 'Deliveries',
    summary: 'List deliveries, newest first',
    access: 'fleet.read',
    answers: { 200: DeliveryPage },
  })
  async list(@Query({ schema: DeliveryQuery }) query: DeliveryQuery): Promise<Answer<Page<Delivery>>> {
    const { state, channel, event, run: runId } = query;
    const filter = { state, channel, event, runId };
    return this.lists.answer('/deliveries', query, (window) => this.deliveries.list({ ...window, filter }), toDelivery);
  }

  @Get(':deliveryId')
  @Operation({
    id: 'getDelivery',
    tag: 'Deliveries',
    summary: 'Read a delivery and its attempts',
    access: 'fleet.read',
    answers: { 200: DeliveryDetail },
  })
  async get(@Param('deliveryId') id: string): Promise<Answer<DeliveryDetail>> {
    const delivery = await this.deliveries.get(id);
    if (!delivery) throw notFound('delivery', id);
    return ok(toDetail(delivery, await this.deliveries.attempts(id)));
  }

  @Post(':deliveryId/retry')
  @Operation({
    id: 'retryDelivery',
    tag: 'Deliveries',
    summary: 'Send a dead or skipped delivery again',
    access: 'deliveries.retry',
    answers: { 202: Delivery },
    errors: ['delivery-not-retryable'],
  })
  async retry(@Param('deliveryId') id: string): Promise<Answer<Delivery>> {
    const delivery = await this.deliveries.retry(id);
    if (delivery === 'notFound') throw notFound('delivery', id);
    if (delivery === 'notRetryable') {
      throw new Problem('delivery-not-retryable', 'The delivery is neither dead nor skipped.');
    }
    return accepted(toDelivery(delivery), { location: `/api/v1/deliveries/${id}`, retryAfter: 1 });
  }
}
