import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { FindingRepository, ResultRepository, TenantRepository, type TenantRecord } from '#libs/persistence';
import { newId } from '#libs/platform';
import { created, noContent, ok, wouldBe, type Answer } from '../http/answer.js';
import { changedMeanwhile, entityTag, requireMatch } from '../http/entity-tag.js';
import { Lists } from '../http/lists.js';
import { Operation } from '../http/operation.js';
import type { Page } from '../http/page.js';
import { patched, WriteQuery } from '../http/patching.js';
import { notFound, Problem } from '../http/problem.js';
import type { View } from '../http/schema.js';
import { total } from '../shared/totals.js';
import { nameParameter } from '../shared/name-parameter.js';
import { selectorOf } from '../shared/label-selector.schema.js';
import {
  settingsOf,
  Tenant,
  TenantInput,
  TenantPage,
  TenantPatch,
  TenantQuery,
  TenantSettings,
  TenantSummary,
  toTenant,
} from './tenants.dto.js';

const nameTaken = (name: string) => new Problem('name-taken', `There is a tenant "${name}" already.`);

@Controller('api/v1/tenants')
export class TenantsController {
  constructor(
    private readonly tenants: TenantRepository,
    private readonly results: ResultRepository,
    private readonly findings: FindingRepository,
    private readonly lists: Lists,
  ) {}

  @Get()
  @Operation({
    id: 'listTenants',
    tag: 'Tenants',
    summary: 'List tenants',
    access: 'fleet.read',
    answers: { 200: TenantPage },
  })
  async list(@Query({ schema: TenantQuery }) query: TenantQuery): Promise<Answer<Page<Tenant>>> {
    const { q, isolation } = query;
    const filter = { q, isolation, labelSelector: selectorOf(query.labelSelector) };
    return this.lists.answer('/tenants', query, (window) => this.tenants.list({ ...window, filter }), toTenant);
  }

  @Post()
  @Operation({
    id: 'createTenant',
    tag: 'Tenants',
    summary: 'Create a tenant',
    access: 'tenants.write',
    etag: true,
    answers: { 201: Tenant, 200: Tenant },
    errors: ['name-taken'],
  })
  async create(
    @Body({ schema: TenantInput }) input: TenantInput,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<Tenant>> {
    const { displayName, ...rest } = input;
    const values = { ...rest, id: newId('tnt'), displayName: displayName ?? input.name };
    if (dryRun) {
      if (await this.tenants.get(input.name)) throw nameTaken(input.name);
      const now = new Date().toISOString();
      return wouldBe(toTenant({ ...values, clusters: 0, version: 1, createdAt: now, updatedAt: now }));
    }
    const tenant = await this.tenants.create(values);
    if (tenant === 'nameTaken') throw nameTaken(input.name);
    const body = toTenant(tenant);
    return created(body, { location: `/api/v1/tenants/${tenant.id}`, etag: entityTag(tenant.version, body) });
  }

  @Put(':tenantRef')
  @Operation({
    id: 'upsertTenant',
    tag: 'Tenants',
    summary: 'Create a tenant, or bring it to this state',
    access: 'tenants.write',
    etag: true,
    ifMatch: true,
    answers: { 200: Tenant, 201: Tenant },
  })
  async upsert(
    @Param('tenantRef') reference: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: TenantSettings }) input: TenantSettings,
    @Query({ schema: WriteQuery }) query: WriteQuery,
  ): Promise<Answer<Tenant>> {
    const tenant = await this.tenants.get(reference);
    if (tenant) return this.#change(tenant, ifMatch, input, query);
    const name = nameParameter(reference, 'tenantRef');
    if (ifMatch !== undefined) throw new Problem('etag-mismatch', `There is no tenant "${name}" to change.`);
    return this.create({ name, ...input }, query);
  }

  @Get(':tenantRef')
  @Operation({
    id: 'getTenant',
    tag: 'Tenants',
    summary: 'Read a tenant',
    access: 'fleet.read',
    etag: true,
    answers: { 200: Tenant },
  })
  async get(@Param('tenantRef') reference: string): Promise<Answer<Tenant>> {
    return present(await this.#find(reference));
  }

  @Patch(':tenantRef')
  @Operation({
    id: 'updateTenant',
    tag: 'Tenants',
    summary: 'Change a tenant',
    access: 'tenants.write',
    etag: true,
    ifMatch: true,
    answers: { 200: Tenant },
  })
  async update(
    @Param('tenantRef') reference: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: TenantPatch }) patch: TenantPatch,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<Tenant>> {
    const tenant = await this.#find(reference);
    requireMatch(ifMatch, tenant.version);
    return this.#change(tenant, ifMatch, patched(TenantSettings, settingsOf(tenant), patch), { dryRun });
  }

  @Get(':tenantRef/summary')
  @Operation({
    id: 'getTenantSummary',
    tag: 'Tenants',
    summary: 'How a tenant’s clusters stand',
    access: 'fleet.read',
    answers: { 200: TenantSummary },
  })
  async summary(@Param('tenantRef') reference: string): Promise<Answer<View<typeof TenantSummary>>> {
    const { id, clusters } = await this.#find(reference);
    const scope = { tenant: [id] };
    const { outcomes, coverage } = total(await this.results.byControl(scope));
    return ok({ clusters, outcomes, coverage, openFindings: await this.findings.openBySeverity(scope) });
  }

  @Delete(':tenantRef')
  @Operation({
    id: 'deleteTenant',
    tag: 'Tenants',
    summary: 'Delete a tenant',
    access: 'tenants.write',
    ifMatch: true,
    answers: { 204: null },
    errors: ['tenant-not-empty'],
  })
  async delete(
    @Param('tenantRef') reference: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<undefined>> {
    const tenant = await this.#find(reference);
    requireMatch(ifMatch, tenant.version);
    const result = dryRun
      ? tenant.clusters > 0
        ? 'notEmpty'
        : 'deleted'
      : await this.tenants.delete(tenant.id, tenant.version);
    if (result === 'notFound') throw notFound('tenant', reference);
    if (result === 'stale') throw changedMeanwhile((await this.#find(tenant.id)).version);
    if (result === 'notEmpty') throw new Problem('tenant-not-empty', `Clusters belong to the tenant "${tenant.name}".`);
    return noContent();
  }

  async #change(
    tenant: TenantRecord,
    ifMatch: string | undefined,
    { displayName, ...rest }: TenantSettings,
    { dryRun }: WriteQuery,
  ): Promise<Answer<Tenant>> {
    requireMatch(ifMatch, tenant.version);
    const changes = { ...rest, displayName: displayName ?? tenant.name };
    if (dryRun) return wouldBe(toTenant({ ...tenant, ...changes }));
    const updated = await this.tenants.update(tenant.id, tenant.version, changes);
    if (updated === 'nameTaken') throw nameTaken(tenant.name);
    if (updated === 'notFound') throw notFound('tenant', tenant.name);
    if (updated === 'stale') throw changedMeanwhile((await this.#find(tenant.id)).version);
    return present(updated);
  }

  async #find(reference: string): Promise<TenantRecord> {
    const tenant = await this.tenants.get(reference);
    if (!tenant) throw notFound('tenant', reference);
    return tenant;
  }
}

function present(tenant: TenantRecord): Answer<Tenant> {
  const body = toTenant(tenant);
  return ok(body, { etag: entityTag(tenant.version, body) });
}
