import { Injectable } from '@nestjs/common';
import { controlById } from '#libs/controls';
import {
  ClusterRepository,
  FindingRepository,
  ResultRepository,
  RunRepository,
  type ClusterFilter,
  type ControlTally,
} from '#libs/persistence';
import { toCluster } from '../clusters/clusters.dto.js';
import { toRun } from '../runs/runs.dto.js';
import { selectorOf } from '../shared/label-selector.schema.js';
import { total } from '../shared/totals.js';
import type { FleetQuery, FleetSummary } from './fleet.dto.js';

const WORST = 10;

/** Adds up what the repositories count. */
@Injectable()
export class FleetService {
  constructor(
    private readonly clusters: ClusterRepository,
    private readonly results: ResultRepository,
    private readonly findings: FindingRepository,
    private readonly runs: RunRepository,
  ) {}

  async summary(query: FleetQuery): Promise<FleetSummary> {
    const scope = {
      labelSelector: selectorOf(query.labelSelector),
      ...(query.tenant !== undefined && { tenant: [query.tenant] }),
    };
    const [clusters, tallies, openFindings, worst, active, completed] = await Promise.all([
      this.standing(scope),
      this.results.byControl(scope),
      this.findings.openBySeverity(scope),
      this.clusters.list({
        limit: WORST,
        filter: { ...scope, compliant: false },
        sort: [
          { field: 'openCritical', direction: 'desc' },
          { field: 'coverage', direction: 'asc' },
        ],
      }),
      this.runs.list({ limit: 1, filter: { state: ['queued', 'running'] } }),
      this.runs.list({ limit: 1, filter: { state: ['completed'] } }),
    ]);
    const { outcomes, coverage } = total(tallies);
    return {
      clusters,
      outcomes,
      coverage,
      openFindings,
      controls: tallies.map(present),
      worstClusters: worst.items.filter(({ summary }) => summary !== null).map(toCluster),
      activeRun: active.items[0] ? toRun(active.items[0]) : null,
      lastRun: completed.items[0] ? toRun(completed.items[0]) : null,
    };
  }

  /** How many clusters stand how. What was never judged is not compliant. */
  async standing(filter: ClusterFilter): Promise<FleetSummary['clusters']> {
    const countOf = async (extra: ClusterFilter) => {
      const { total } = await this.clusters.list({ limit: 1, filter: { ...filter, ...extra } });
      return total.count;
    };
    const [all, compliant, unreachable] = await Promise.all([
      countOf({}),
      countOf({ compliant: true }),
      countOf({ unreachable: true }),
    ]);
    return { total: all, compliant, notCompliant: all - compliant, unreachable };
  }
}

function present({ controlId, outcomes }: ControlTally): FleetSummary['controls'][number] {
  const control = controlById(controlId);
  return { controlId, title: control?.title ?? controlId, severity: control?.severity ?? 'info', outcomes };
}
