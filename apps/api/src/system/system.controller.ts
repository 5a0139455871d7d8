import { Controller, Get, Query } from '@nestjs/common';
import { catalog, DEFAULT_PROFILE, RULE_SET_VERSION } from '#libs/controls';
import { ok, type Answer } from '../http/answer.js';
import { Operation } from '../http/operation.js';
import type { View } from '../http/schema.js';
import { ApiSettings } from '../settings.js';
import { Metrics } from './metrics.js';
import { Readiness } from './readiness.js';
import { Health, Info, ReadinessReport, ReadyQuery } from './system.dto.js';

const METRICS = { mediaType: 'text/plain', example: 'plimsoll_clusters{state="compliant"} 187\n' } as const;

@Controller()
export class SystemController {
  constructor(
    private readonly readiness: Readiness,
    private readonly metrics: Metrics,
    private readonly settings: ApiSettings,
  ) {}

  /** Never asks a dependency: a restart would not repair one. */
  @Get('livez')
  @Operation({
    id: 'getLiveness',
    tag: 'System',
    summary: 'Whether the process answers',
    access: 'public',
    answers: { 200: Health },
  })
  async live(): Promise<Answer<View<typeof Health>>> {
    return ok({ status: 'ok' });
  }

  @Get('readyz')
  @Operation({
    id: 'getReadiness',
    tag: 'System',
    summary: 'Whether the process can do its work',
    access: 'public',
    answers: { 200: ReadinessReport, 503: ReadinessReport },
  })
  async ready(@Query({ schema: ReadyQuery }) { verbose }: ReadyQuery): Promise<Answer<View<typeof ReadinessReport>>> {
    const checks = await this.readiness.check();
    const isReady = checks.every((check) => check.ok || !check.required);
    const body = { status: isReady ? ('ok' as const) : ('notReady' as const), ...(verbose && { checks }) };
    return { status: isReady ? 200 : 503, body, headers: { 'cache-control': 'no-store' } };
  }

  @Get('metrics')
  @Operation({
    id: 'getMetrics',
    tag: 'System',
    summary: 'Metrics for Prometheus',
    description: 'Let Prometheus send a token of the role viewer (`authorization.credentials_file`).',
    access: 'fleet.read',
    answers: { 200: METRICS },
  })
  async prometheus(): Promise<Answer<string>> {
    return { status: 200, body: await this.metrics.text(), headers: { 'content-type': this.metrics.contentType } };
  }

  @Get('api/v1/info')
  @Operation({
    id: 'getInfo',
    tag: 'System',
    summary: 'Version, defaults and limits',
    access: 'authenticated',
    answers: { 200: Info },
  })
  async info(): Promise<Answer<View<typeof Info>>> {
    const { version, publicUrl, rateLimits, runDeadlineSeconds } = this.settings;
    return ok({
      version,
      ruleSetVersion: RULE_SET_VERSION,
      defaultProfile: DEFAULT_PROFILE,
      controls: catalog.length,
      publicUrl,
      apiDocument: '/api/v1/openapi.json',
      limits: {
        requestsPerMinute: rateLimits.requests,
        writesPerMinute: rateLimits.writes,
        batchItems: 1000,
        runDeadlineSeconds,
      },
    });
  }
}
