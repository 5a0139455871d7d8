import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Query } from '@nestjs/common';
import type { SourceType } from '#libs/core';
import { ClusterRepository, SourceRepository, type SourceRecord } from '#libs/persistence';
import { newId } from '#libs/platform';
import { accepted, created, noContent, ok, wouldBe, type Answer } from '../http/answer.js';
import { changedMeanwhile, entityTag, requireMatch } from '../http/entity-tag.js';
import { Lists } from '../http/lists.js';
import { Operation } from '../http/operation.js';
import type { Page } from '../http/page.js';
import { patched, WriteQuery } from '../http/patching.js';
import { invalid, notFound, Problem } from '../http/problem.js';
import { ApiSettings } from '../settings.js';
import {
  settingsOf,
  Source,
  SourceInput,
  SourcePage,
  SourcePatch,
  SourceQuery,
  SourceSettings,
  toSource,
} from './sources.dto.js';

const nameTaken = (name: string) => new Problem('name-taken', `There is a source "${name}" already.`);

@Controller('api/v1/sources')
export class SourcesController {
  constructor(
    private readonly sources: SourceRepository,
    private readonly clusters: ClusterRepository,
    private readonly lists: Lists,
    private readonly settings: ApiSettings,
  ) {}

  @Get()
  @Operation({
    id: 'listSources',
    tag: 'Sources',
    summary: 'List sources of clusters',
    access: 'fleet.read',
    answers: { 200: SourcePage },
  })
  async list(@Query({ schema: SourceQuery }) query: SourceQuery): Promise<Answer<Page<Source>>> {
    const { q, type, policy, hubCluster, result } = query;
    const filter = { q, type, policy, hubCluster, result };
    return this.lists.answer('/sources', query, (window) => this.sources.list({ ...window, filter }), toSource);
  }

  @Post()
  @Operation({
    id: 'createSource',
    tag: 'Sources',
    summary: 'Name a management cluster as a source of clusters',
    description: 'Unless it is not enabled, it is synchronised at once, and then by the clock.',
    access: 'clusters.write',
    etag: true,
    answers: { 201: Source, 200: Source },
    errors: ['name-taken'],
  })
  async create(
    @Body({ schema: SourceInput }) { name, type, hubCluster: reference, ...input }: SourceInput,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<Source>> {
    const namespaces = namespacesOf(type, input.namespaces);
    const hub = await this.clusters.get(reference);
    if (!hub) throw unknownHub();
    const at = new Date(this.settings.now()).toISOString();
    const id = newId('src');
    const values = { id, name, type, ...input, namespaces, nextSyncAt: input.enabled ? at : null };
    if (dryRun) {
      if (await this.sources.get(name)) throw nameTaken(name);
      return wouldBe(toSource({ ...values, ...UNSYNCED, hubCluster: hub, version: 1, createdAt: at, updatedAt: at }));
    }
    const source = await this.sources.create({ ...values, hubClusterId: hub.id });
    if (source === 'nameTaken') throw nameTaken(name);
    if (source === 'unknownCluster') throw unknownHub();
    const body = toSource(source);
    return created(body, { location: `/api/v1/sources/${source.id}`, etag: entityTag(source.version, body) });
  }

  @Get(':sourceRef')
  @Operation({
    id: 'getSource',
    tag: 'Sources',
    summary: 'Read a source and how its last synchronisation went',
    access: 'fleet.read',
    etag: true,
    answers: { 200: Source },
  })
  async get(@Param('sourceRef') reference: string): Promise<Answer<Source>> {
    return present(await findSource(this.sources, reference));
  }

  @Patch(':sourceRef')
  @Operation({
    id: 'updateSource',
    tag: 'Sources',
    summary: 'Change a source',
    access: 'clusters.write',
    etag: true,
    ifMatch: true,
    answers: { 200: Source },
  })
  async update(
    @Param('sourceRef') reference: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: SourcePatch }) patch: SourcePatch,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<Source>> {
    const source = await findSource(this.sources, reference);
    requireMatch(ifMatch, source.version);
    const input = patched(SourceSettings, settingsOf(source), patch);
    const namespaces = namespacesOf(source.type, input.namespaces);
    const next = new Date(this.settings.now() + input.intervalSeconds * 1_000).toISOString();
    const changes = { ...input, namespaces, nextSyncAt: input.enabled ? next : null };
    if (dryRun) return wouldBe(toSource({ ...source, ...changes }));
    const updated = await this.sources.update(source.id, source.version, changes);
    if (updated === 'notFound') throw notFound('source', reference);
    if (updated === 'stale') throw changedMeanwhile((await findSource(this.sources, source.id)).version);
    return present(updated);
  }

  @Delete(':sourceRef')
  @Operation({
    id: 'deleteSource',
    tag: 'Sources',
    summary: 'Delete a source and its candidates; registered clusters stay',
    access: 'clusters.write',
    ifMatch: true,
    answers: { 204: null },
  })
  async delete(
    @Param('sourceRef') reference: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<undefined>> {
    const source = await findSource(this.sources, reference);
    requireMatch(ifMatch, source.version);
    if (dryRun) return noContent();
    const result = await this.sources.delete(source.id, source.version);
    if (result === 'notFound') throw notFound('source', reference);
    if (result === 'stale') throw changedMeanwhile((await findSource(this.sources, source.id)).version);
    return noContent();
  }

  @Post(':sourceRef/sync')
  @Operation({
    id: 'syncSource',
    tag: 'Sources',
    summary: 'Look now which clusters the management cluster knows',
    description: 'The work is done by a worker; `sync` of the source tells how it goes.',
    access: 'clusters.write',
    answers: { 202: Source, 200: Source },
    errors: ['sync-running'],
  })
  async sync(
    @Param('sourceRef') reference: string,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<Source>> {
    const source = await findSource(this.sources, reference);
    if (dryRun) return wouldBe(toSource(source));
    const { id, name } = source;
    const queued = await this.sources.requestSync(id);
    if (queued === 'notFound') throw notFound('source', reference);
    if (queued === 'running') throw new Problem('sync-running', `The source "${name}" is being synchronised.`);
    return accepted(toSource(queued), { location: `/api/v1/sources/${id}`, retryAfter: 2 });
  }
}

/** @throws {Problem} `not-found` */
export async function findSource(sources: SourceRepository, reference: string): Promise<SourceRecord> {
  const source = await sources.get(reference);
  if (!source) throw notFound('source', reference);
  return source;
}

const UNSYNCED = {
  syncState: 'idle',
  syncRequestedAt: null,
  syncClaimedAt: null,
  syncAttempt: 0,
  lastSyncAt: null,
  lastResult: null,
  lastMessage: null,
  lastCounts: null,
} as const;

/** Secrets of Argo CD are listed in one namespace only. */
function namespacesOf(type: SourceType, namespaces: readonly string[]): readonly string[] {
  if (type !== 'argocd') return namespaces;
  if (namespaces.length <= 1) return namespaces.length === 0 ? ['argocd'] : namespaces;
  const detail = 'Argo CD keeps its clusters in one namespace: name only that.';
  throw invalid([{ pointer: '/namespaces', code: 'too-many', detail }]);
}

function unknownHub(): Problem {
  return invalid([{ pointer: '/hubCluster', code: 'unknown-cluster', detail: 'There is no such registered cluster.' }]);
}

function present(source: SourceRecord): Answer<Source> {
  const body = toSource(source);
  return ok(body, { etag: entityTag(source.version, body) });
}
