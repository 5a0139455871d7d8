import { Controller, Get, Query } from '@nestjs/common';
import { ClusterRepository, ProfileRepository, ResultRepository, type ClusterRecord } from '#libs/persistence';
import { filterOf } from '../clusters/cluster-queries.dto.js';
import { toCluster } from '../clusters/clusters.dto.js';
import { ok, type Answer } from '../http/answer.js';
import { Lists } from '../http/lists.js';
import { Operation } from '../http/operation.js';
import { invalid } from '../http/problem.js';
import { FleetQuery, FleetSummary, LETTERS, Matrix, MatrixQuery } from './fleet.dto.js';
import { FleetService } from './fleet.service.js';
import { findProfile } from '../shared/profile-check.js';

const MAX_RESULTS = 1000;
const LEGEND = {
  ...Object.fromEntries(Object.entries(LETTERS).map(([name, letter]) => [letter, name])),
  '-': 'never judged',
};

@Controller('api/v1')
export class FleetController {
  constructor(
    private readonly fleet: FleetService,
    private readonly clusters: ClusterRepository,
    private readonly profiles: ProfileRepository,
    private readonly results: ResultRepository,
    private readonly lists: Lists,
  ) {}

  @Get('fleet')
  @Operation({
    id: 'getFleet',
    tag: 'Fleet',
    summary: 'How the fleet stands',
    access: 'fleet.read',
    answers: { 200: FleetSummary },
  })
  async summary(@Query({ schema: FleetQuery }) query: FleetQuery): Promise<Answer<FleetSummary>> {
    return ok(await this.fleet.summary(query));
  }

  @Get('matrix')
  @Operation({
    id: 'getMatrix',
    tag: 'Fleet',
    summary: 'Clusters and controls as a matrix, page by page',
    access: 'fleet.read',
    answers: { 200: Matrix },
  })
  async matrix(@Query({ schema: MatrixQuery }) query: MatrixQuery): Promise<Answer<Matrix>> {
    const profile = await findProfile(this.profiles, query.profile);
    if (!profile) {
      throw invalid([{ parameter: 'profile', code: 'unknown-profile', detail: 'There is no such profile.' }]);
    }
    const filter = filterOf(query);
    const answer = await this.lists.answer(
      '/matrix',
      query,
      (window) => this.clusters.list({ ...window, filter }),
      (cluster) => cluster,
    );
    const { items, page } = answer.body;
    const letters = await this.#letters(items);
    const rows = items.map((cluster) => {
      const cells = profile.controls.map((id) => letters.get(`${cluster.id} ${id}`) ?? '-').join('');
      const { id, name, labels, stale, summary } = toCluster(cluster);
      return { id, name, labels, stale, coverage: summary?.coverage ?? null, cells };
    });
    return { ...answer, body: { controls: profile.controls, legend: LEGEND, rows, page } };
  }

  /** `<cluster id> <control id>` → letter. */
  async #letters(clusters: readonly ClusterRecord[]): Promise<ReadonlyMap<string, string>> {
    const letters = new Map<string, string>();
    if (clusters.length === 0) return letters;
    const filter = { cluster: clusters.map(({ id }) => id) };
    let after: readonly string[] | undefined;
    do {
      const page = await this.results.list({ limit: MAX_RESULTS, filter, ...(after && { after }) });
      for (const { clusterId, controlId, outcome } of page.items) {
        letters.set(`${clusterId} ${controlId}`, LETTERS[outcome]);
      }
      after = page.next ?? undefined;
    } while (after);
    return letters;
  }
}
