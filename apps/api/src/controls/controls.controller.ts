import { Controller, Get, Param, Query } from '@nestjs/common';
import { benchmarks, catalog, controlById } from '#libs/controls';
import { ok, type Answer } from '../http/answer.js';
import { Lists } from '../http/lists.js';
import { Operation } from '../http/operation.js';
import type { Page } from '../http/page.js';
import { pageInMemory } from '../http/page-in-memory.js';
import { notFound } from '../http/problem.js';
import type { View } from '../http/schema.js';
import {
  Benchmark,
  BenchmarkList,
  Control,
  ControlPage,
  ControlQuery,
  ControlSummary,
  toControl,
  toSummary,
} from './controls.dto.js';

/** What is checked. Comes with the release; nothing here can be changed. */
@Controller('api/v1')
export class ControlsController {
  constructor(private readonly lists: Lists) {}

  @Get('controls')
  @Operation({
    id: 'listControls',
    tag: 'Controls',
    summary: 'List controls',
    access: 'fleet.read',
    answers: { 200: ControlPage },
  })
  async list(@Query({ schema: ControlQuery }) query: ControlQuery): Promise<Answer<Page<ControlSummary>>> {
    const { q = '', family, severity } = query;
    const found = catalog.filter(
      (control) =>
        `${control.id} ${control.title}`.toLowerCase().includes(q.toLowerCase()) &&
        (family?.includes(control.family) ?? true) &&
        (severity?.includes(control.severity) ?? true),
    );
    return this.lists.answer<'id' | 'title', (typeof found)[number], ControlSummary>(
      '/controls',
      query,
      async (window) => pageInMemory(found, window),
      toSummary,
    );
  }

  @Get('controls/:controlId')
  @Operation({
    id: 'getControl',
    tag: 'Controls',
    summary: 'Read a control: why, how it is judged, how to fix it',
    access: 'fleet.read',
    answers: { 200: Control },
  })
  async get(@Param('controlId') id: string): Promise<Answer<Control>> {
    const control = controlById(id);
    if (!control) throw notFound('control', id);
    return ok(toControl(control, benchmarks));
  }

  @Get('benchmarks')
  @Operation({
    id: 'listBenchmarks',
    tag: 'Controls',
    summary: 'List benchmarks',
    access: 'fleet.read',
    answers: { 200: BenchmarkList },
  })
  async benchmarks(): Promise<Answer<View<typeof BenchmarkList>>> {
    return ok({ items: benchmarks });
  }

  @Get('benchmarks/:benchmarkId')
  @Operation({
    id: 'getBenchmark',
    tag: 'Controls',
    summary: 'Read a benchmark',
    access: 'fleet.read',
    answers: { 200: Benchmark },
  })
  async benchmark(@Param('benchmarkId') id: string): Promise<Answer<Benchmark>> {
    const benchmark = benchmarks.find((one) => one.id === id);
    if (!benchmark) throw notFound('benchmark', id);
    return ok(benchmark);
  }
}
