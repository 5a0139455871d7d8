import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { CandidateRepository, SourceRepository } from '#libs/persistence';
import { ok, wouldBe, type Answer } from '../http/answer.js';
import { Lists } from '../http/lists.js';
import { Operation } from '../http/operation.js';
import type { Page } from '../http/page.js';
import { WriteQuery } from '../http/patching.js';
import { selectorOf } from '../shared/label-selector.schema.js';
import { CandidateAcceptance } from './candidate-acceptance.js';
import {
  AcceptanceResult,
  CandidateAcceptance as AcceptanceInput,
  CandidatePage,
  CandidateQuery,
  toCandidate,
  type Candidate,
} from './candidates.dto.js';
import { findSource } from './sources.controller.js';

@Controller('api/v1/sources')
export class CandidatesController {
  constructor(
    private readonly sources: SourceRepository,
    private readonly candidates: CandidateRepository,
    private readonly acceptance: CandidateAcceptance,
    private readonly lists: Lists,
  ) {}

  @Get(':sourceRef/candidates')
  @Operation({
    id: 'listCandidates',
    tag: 'Sources',
    summary: 'Clusters that a source tells of, and why they can or cannot be registered',
    access: 'fleet.read',
    answers: { 200: CandidatePage },
  })
  async list(
    @Param('sourceRef') reference: string,
    @Query({ schema: CandidateQuery }) query: CandidateQuery,
  ): Promise<Answer<Page<Candidate>>> {
    const source = await findSource(this.sources, reference);
    const { q, state, reason, tenantNamespace } = query;
    const filter = { q, state, reason, tenantNamespace, labelSelector: selectorOf(query.labelSelector) };
    return this.lists.answer(
      `/sources/${reference}/candidates`,
      query,
      (window) => this.candidates.list(source.id, { ...window, filter }),
      toCandidate,
    );
  }

  /** Fastify takes a double colon for a literal one. */
  @Post(':sourceRef/candidates::accept')
  @Operation({
    id: 'acceptCandidates',
    tag: 'Sources',
    summary: 'Register candidates',
    description:
      'Each is registered, or refused, on its own, and answered in its place. Its credential is read from the management cluster now, and must lead where the candidate was seen to lead. A cluster that is registered under another name is refused with `cluster-duplicate`; nothing is overwritten.',
    access: 'clusters.write',
    answers: { 200: AcceptanceResult },
    errors: [
      'verify-failed',
      'identity-mismatch',
      'cluster-duplicate',
      'name-taken',
      'candidate-changed',
      'candidate-not-acceptable',
      'egress-denied',
    ],
  })
  async accept(
    @Param('sourceRef') reference: string,
    @Body({ schema: AcceptanceInput }) input: AcceptanceInput,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<AcceptanceResult>> {
    const source = await findSource(this.sources, reference);
    const result = await this.acceptance.accept(source, input, dryRun);
    return dryRun ? wouldBe(result) : ok(result);
  }
}
