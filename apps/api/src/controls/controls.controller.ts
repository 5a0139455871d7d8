import { Controller, Get, Param, Query } from '@nestjs/common';
import { benchmarks, catalog, controlById, DEFAULT_PROFILE, profileById, profiles } from '#libs/controls';
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
  Profile,
  ProfileList,
  toControl,
  toProfile,
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

  @Get('profiles')
  @Operation({
    id: 'listProfiles',
    tag: 'Controls',
    summary: 'List profiles',
    access: 'fleet.read',
    answers: { 200: ProfileList },
  })
  async profiles(): Promise<Answer<View<typeof ProfileList>>> {
    return ok({ items: profiles.map((profile) => toProfile(profile, DEFAULT_PROFILE)) });
  }

  @Get('profiles/:profileId')
  @Operation({
    id: 'getProfile',
    tag: 'Controls',
    summary: 'Read a profile',
    access: 'fleet.read',
    answers: { 200: Profile },
  })
  async profile(@Param('profileId') id: string): Promise<Answer<Profile>> {
    const profile = profileById(id);
    if (!profile) throw notFound('profile', id);
    return ok(toProfile(profile, DEFAULT_PROFILE));
  }
}
