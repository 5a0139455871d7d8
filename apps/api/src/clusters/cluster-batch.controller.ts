import { Body, Controller, Post, Query } from '@nestjs/common';
import { ok, type Answer } from '../http/answer.js';
import { Operation } from '../http/operation.js';
import { WriteQuery } from '../http/patching.js';
import { invalid, Problem, problemDocument, type ProblemDocument } from '../http/problem.js';
import { toProblem } from '../http/problem.filter.js';
import { errorsOf } from '../http/validation.pipe.js';
import { ApiSettings } from '../settings.js';
import { BatchResult } from './cluster-batch.dto.js';
import { ClusterRegistry } from './cluster-registry.js';
import { ClusterBatch, ClusterRegistration } from './clusters.dto.js';

const BODY_LIMIT = 5 << 20;
/** Enough to hide the database's latency, few enough to leave connections to others. */
const AT_ONCE = 8;

type ItemResult = BatchResult['items'][number];

/** Fastify takes a double colon for a literal one. */
@Controller('api/v1/clusters::batch')
export class ClusterBatchController {
  constructor(
    private readonly registry: ClusterRegistry,
    private readonly settings: ApiSettings,
  ) {}

  @Post()
  @Operation({
    id: 'registerClusters',
    tag: 'Clusters',
    summary: 'Register up to 1,000 clusters',
    description:
      'Each item is checked and stored on its own, and answered in its place; one that is refused does not keep the others out. Clusters are not contacted: the next run does that, or `verify`.',
    access: 'clusters.write',
    idempotencyKey: 'required',
    bodyLimit: BODY_LIMIT,
    answers: { 200: BatchResult },
  })
  async register(
    @Body({ schema: ClusterBatch }) { items }: ClusterBatch,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<BatchResult>> {
    const results: ItemResult[] = [];
    const claimed = new Set<string>();
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < items.length) {
        const index = next;
        next += 1;
        results[index] = await this.#one(index, items[index], claimed, dryRun);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const created = results.filter(({ status }) => status === 201).length;
    return ok({ items: results, created, failed: results.length - created });
  }

  async #one(index: number, item: unknown, claimed: Set<string>, dryRun: boolean): Promise<ItemResult> {
    const name = nameOf(item);
    try {
      const parsed = ClusterRegistration.safeParse(item);
      if (!parsed.success) throw invalid(errorsOf(parsed.error));
      // Of two items with one name the first wins, whichever is stored first.
      if (claimed.has(parsed.data.name)) throw new Problem('name-taken', 'An item before this one has the same name.');
      claimed.add(parsed.data.name);
      const options = { verify: false, requireVerified: false, dryRun };
      const { id } = await this.registry.register(parsed.data, options);
      return { index, name, status: 201, id };
    } catch (error) {
      const { problem, unexpected } = toProblem(error);
      // What is nobody's fault concerns the whole request.
      if (unexpected) throw error;
      return { index, name, status: problem.status, problem: this.#document(problem) };
    }
  }

  #document(problem: Problem): ProblemDocument {
    return problemDocument(problem, this.settings.publicUrl);
  }
}

function nameOf(item: unknown): string | null {
  const { name } = Object(item) as { readonly name?: unknown };
  return typeof name === 'string' ? name.slice(0, 63) : null;
}
