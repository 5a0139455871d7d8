import { Controller, Get, Query } from '@nestjs/common';
import { bestWayIn, type Readiness, type ReadinessCell, READINESS_PARTS, readinessOf } from '#libs/controls';
import { type BreakGlassEntry, matchesLabels } from '#libs/core';
import { type BreakGlassStanding, DrillRepository } from '#libs/persistence';
import type { Answer } from '../http/answer.js';
import { Lists } from '../http/lists.js';
import { Operation } from '../http/operation.js';
import { pageInMemory } from '../http/page-in-memory.js';
import { ApiSettings } from '../settings.js';
import { selectorOf } from '../shared/label-selector.schema.js';
import { BreakGlassBoard, BreakGlassQuery, type BreakGlassRow, toCell } from './break-glass.dto.js';

/** A row as the page is cut from it: `verdict` sorts worst first. */
interface Sortable {
  readonly id: string;
  readonly cluster: string;
  readonly verdict: string;
  readonly row: BreakGlassRow;
}

const RANK: Readonly<Record<BreakGlassRow['verdict'], string>> = { notReady: '0', unknown: '1', ready: '2' };
const CONTROLS = [1, 2, 3, 4, 5].map((number) => `control=FLUX-BG-0${number}`).join('&');
const NOBODY_KNOWS: ReadinessCell = { state: 'unknown', text: 'no way in is registered' };

@Controller('api/v1/break-glass')
export class BreakGlassController {
  constructor(
    private readonly drills: DrillRepository,
    private readonly lists: Lists,
    private readonly settings: ApiSettings,
  ) {}

  @Get()
  @Operation({
    id: 'getBreakGlass',
    tag: 'Break-glass',
    summary: 'Could somebody get back in? The readiness board',
    description:
      'One row for each cluster that has a way in for emergencies, or needs one: a management cluster, or one dedicated to a tenant. Of several ways in the row shows the best. What is older than twice the days between drills counts for nothing.',
    access: 'fleet.read',
    answers: { 200: BreakGlassBoard },
  })
  async board(@Query({ schema: BreakGlassQuery }) query: BreakGlassQuery): Promise<Answer<BreakGlassBoard>> {
    const now = this.settings.now();
    const found = (await this.drills.standings()).filter((standing) => isWanted(standing, query));
    const all = found.map((standing) => rowOf(standing, now)).filter((row) => isFailing(row, query.failing));
    const shown = all.filter(({ verdict }) => query.verdict?.includes(verdict) ?? true);
    const sortable = shown.map((row): Sortable => {
      const { id, cluster, verdict } = row;
      return { id, cluster, verdict: `${RANK[verdict]} ${cluster}`, row };
    });
    const answer = await this.lists.answer<'verdict' | 'cluster', Sortable, BreakGlassRow>(
      '/break-glass',
      query,
      async (window) => pageInMemory(sortable, window),
      ({ row }) => row,
    );
    const of = (verdict: BreakGlassRow['verdict']) => all.filter((row) => row.verdict === verdict).length;
    const verdicts = { ready: of('ready'), notReady: of('notReady'), unknown: of('unknown') };
    return { ...answer, body: { ...answer.body, verdicts } };
  }
}

function isWanted(
  { clusterId, clusterName, tenants, labels }: BreakGlassStanding,
  { cluster, tenant, labelSelector, q = '' }: BreakGlassQuery,
): boolean {
  const selector = selectorOf(labelSelector);
  return (
    (cluster === undefined || cluster.includes(clusterId) || cluster.includes(clusterName)) &&
    (tenant === undefined || tenants.some((name) => tenant.includes(name))) &&
    (selector === undefined || matchesLabels(selector, labels)) &&
    clusterName.toLowerCase().includes(q.toLowerCase())
  );
}

function isFailing(row: BreakGlassRow, parts: BreakGlassQuery['failing']): boolean {
  return parts === undefined || parts.some((part) => row[part].state === 'failed');
}

interface WayIn {
  readonly entry?: BreakGlassEntry;
  readonly readiness: Readiness;
}

const NO_WAY_IN: WayIn = {
  readiness: {
    credential: { state: 'failed', text: 'no way in is registered' },
    path: NOBODY_KNOWS,
    rights: NOBODY_KNOWS,
    recoveryPlan: NOBODY_KNOWS,
    lastDrill: NOBODY_KNOWS,
    escrow: NOBODY_KNOWS,
    verdict: 'notReady',
  },
};

function rowOf(standing: BreakGlassStanding, now: number): BreakGlassRow {
  const { clusterId: id, clusterName, tenants, entries, steps, open } = standing;
  const ways = entries.map((entry): WayIn => ({
    entry,
    readiness: readinessOf(entry, steps[entry.name] ?? [], now),
  }));
  const { entry, readiness } = bestWayIn(ways) ?? NO_WAY_IN;
  const evidence = entry?.lastDrill?.evidence;
  const lastDrillId = evidence !== undefined && /^drl_[0-9A-Z]{26}$/.test(evidence) ? evidence : null;
  const cells = Object.fromEntries(READINESS_PARTS.map((part) => [part, toCell(readiness[part], now)]));
  return {
    id,
    cluster: clusterName,
    tenants,
    entry: entry?.name ?? null,
    entries: entries.length,
    verdict: readiness.verdict,
    ...(cells as Pick<BreakGlassRow, (typeof READINESS_PARTS)[number]>),
    lastDrillId,
    openDrillId: (entry && open[entry.name]) ?? null,
    runbookUrl: entry?.runbookUrl ?? null,
    links: {
      cluster: `/api/v1/clusters/${id}`,
      drills: `/api/v1/drills?cluster=${id}`,
      lastDrill: lastDrillId === null ? null : `/api/v1/drills/${lastDrillId}`,
      findings: `/api/v1/findings?cluster=${id}&${CONTROLS}`,
    },
  };
}
