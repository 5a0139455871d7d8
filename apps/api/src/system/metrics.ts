import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { catalog } from '#libs/controls';
import { SEVERITIES } from '#libs/core';
import { FindingRepository, OutboxRepository } from '#libs/persistence';
import { FleetService } from '../fleet/fleet.service.js';
import { ApiSettings } from '../settings.js';

/** Scrapes in between get the same numbers: they come from the database. */
const FLEET_AGE_MS = 15_000;

/** What this process does, and how the fleet stands, for Prometheus. */
@Injectable()
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Counter({
    name: 'plimsoll_http_requests_total',
    help: 'Answers of the API, by route, method and status.',
    labelNames: ['route', 'method', 'status'],
    registers: [this.#registry],
  });
  readonly #durations = new Histogram({
    name: 'plimsoll_http_request_duration_seconds',
    help: 'Time to answer, by route and method.',
    labelNames: ['route', 'method'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10, 30, 60],
    registers: [this.#registry],
  });
  readonly #clusters = new Gauge({
    name: 'plimsoll_clusters',
    help: 'Registered clusters, by state.',
    labelNames: ['state'],
    registers: [this.#registry],
  });
  readonly #findings = new Gauge({
    name: 'plimsoll_findings_open',
    help: 'Open findings, by severity and control.',
    labelNames: ['severity', 'control'],
    registers: [this.#registry],
  });
  readonly #outbox = new Gauge({
    name: 'plimsoll_outbox_oldest_seconds',
    help: 'Age of the oldest message that no worker has handed over yet.',
    registers: [this.#registry],
  });
  #fleetAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly fleet: FleetService,
    private readonly findings: FindingRepository,
    private readonly outbox: OutboxRepository,
    private readonly settings: ApiSettings,
  ) {
    collectDefaultMetrics({ register: this.#registry });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** @param route the pattern, never the path: names in it would be endless series */
  observe(route: string, method: string, status: number, seconds: number): void {
    this.#requests.inc({ route, method, status: String(status) });
    this.#durations.observe({ route, method }, seconds);
  }

  async text(): Promise<string> {
    if (this.settings.now() - this.#fleetAt >= FLEET_AGE_MS) {
      this.#fleetAt = this.settings.now();
      await this.#readFleet();
    }
    return this.#registry.metrics();
  }

  async #readFleet(): Promise<void> {
    const { compliant, notCompliant, unreachable } = await this.fleet.standing({});
    this.#clusters.set({ state: 'compliant' }, compliant);
    this.#clusters.set({ state: 'notCompliant' }, notCompliant);
    this.#clusters.set({ state: 'unreachable' }, unreachable);
    for (const { id: control } of catalog) {
      const open = await this.findings.openBySeverity({ controlId: [control] });
      for (const severity of SEVERITIES) this.#findings.set({ severity, control }, open[severity]);
    }
    const { oldestAt } = await this.outbox.waiting();
    this.#outbox.set(oldestAt === null ? 0 : Math.max(0, (this.settings.now() - Date.parse(oldestAt)) / 1000));
  }
}
