import { Controller, Get, Param, Query } from '@nestjs/common';
import { controlTitle } from '#libs/controls';
import { FindingRepository } from '#libs/persistence';
import { ok, type Answer } from '../http/answer.js';
import { entityTag } from '../http/entity-tag.js';
import { Lists } from '../http/lists.js';
import { Operation } from '../http/operation.js';
import type { Page } from '../http/page.js';
import { notFound } from '../http/problem.js';
import { Evidence, toEvidence } from './evidence.dto.js';
import { filterOf, Finding, FindingPage, FindingQuery, FindingSummary, toFinding, toSummary } from './findings.dto.js';

@Controller('api/v1')
export class FindingsController {
  constructor(
    private readonly findings: FindingRepository,
    private readonly lists: Lists,
  ) {}

  @Get('findings')
  @Operation({
    id: 'listFindings',
    tag: 'Findings',
    summary: 'List findings, worst first',
    access: 'fleet.read',
    answers: { 200: FindingPage },
  })
  async list(@Query({ schema: FindingQuery }) query: FindingQuery): Promise<Answer<Page<FindingSummary>>> {
    const filter = filterOf(query);
    return this.lists.answer(
      '/findings',
      query,
      (window) => this.findings.list({ ...window, filter }),
      (finding) => toSummary(finding, controlTitle),
    );
  }

  @Get('findings/:findingId')
  @Operation({
    id: 'getFinding',
    tag: 'Findings',
    summary: 'Read a finding with its evidence and fixes',
    access: 'fleet.read',
    etag: true,
    answers: { 200: Finding },
  })
  async get(@Param('findingId') id: string): Promise<Answer<Finding>> {
    const finding = await this.findings.get(id);
    if (!finding) throw notFound('finding', id);
    const body = toFinding(finding, controlTitle);
    return ok(body, { etag: entityTag(finding.version, body) });
  }

  @Get('evidence/:evidenceId')
  @Operation({
    id: 'getEvidence',
    tag: 'Findings',
    summary: 'Read evidence, also such as was replaced since',
    access: 'fleet.read',
    answers: { 200: Evidence },
  })
  async evidence(@Param('evidenceId') id: string): Promise<Answer<Evidence>> {
    const evidence = await this.findings.evidence(id);
    if (!evidence) throw notFound('evidence', id);
    return ok(toEvidence(evidence));
  }
}
