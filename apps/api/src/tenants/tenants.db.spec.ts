import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { assessmentOf, example, register } from '../../../../test/support/api/audits.js';
import { startApi, type TestApi } from '../../../../test/support/api/harness.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(() => api.store.dataSource.query('DELETE FROM cluster; DELETE FROM tenant'));

const INPUT = {
  name: 'team-a',
  isolation: 'high',
  owners: [{ name: 'Ada', email: 'ada@example.com', slack: '#team-a' }],
  namespaces: { names: ['team-a'], matchLabels: { tenant: 'team-a' } },
  principals: { users: ['ann'], groups: ['team-a'], serviceAccounts: ['team-a/ci', 'system:serviceaccount:ci:bot'] },
  gitPaths: [{ repo: 'https://git.example.com/fleet', ref: 'refs/heads/main', paths: ['tenants/team-a'] }],
  labels: { unit: 'payments' },
};

describe('tenants', () => {
  it('are created, read by name or id, changed and deleted', async () => {
    const created = await api.post('/tenants', INPUT, { as: 'operator' });
    expect(created.status).toBe(201);
    expect(created.headers['location']).toBe(`/api/v1/tenants/${created.body.id}`);
    expect(created.body).toMatchObject({ ...INPUT, displayName: 'team-a', criticality: null, clusters: 0 });

    const read = await api.get('/tenants/team-a', { as: 'viewer' });
    expect(read.body).toEqual(created.body);
    expect(read.headers['etag']).toBe(created.headers['etag']);
    expect((await api.get(`/tenants/${created.body.id}`)).body).toEqual(created.body);

    const ifMatch = read.headers['etag'] ?? '';
    const patch = { criticality: 'critical', displayName: 'Team A', labels: { unit: null, x: 'y' } };
    const changed = await api.patch('/tenants/team-a', patch, { ifMatch });
    expect(changed.body).toMatchObject({
      criticality: 'critical',
      displayName: 'Team A',
      labels: { x: 'y' },
      isolation: 'high',
    });
    const stale = await api.patch('/tenants/team-a', patch, { ifMatch });
    expect([stale.status, stale.body.currentETag]).toEqual([412, '"2"']);
    expect((await api.patch('/tenants/team-a', patch)).body.code).toBe('if-match-required');
    expect((await api.patch('/tenants/team-a', patch, { ifMatch: '*', contentType: 'application/json' })).status).toBe(
      200,
    );

    expect((await api.delete('/tenants/team-a')).body.code).toBe('if-match-required');
    expect((await api.delete('/tenants/team-a', { ifMatch: '"1"' })).body.code).toBe('etag-mismatch');
    expect((await api.delete('/tenants/team-a?dryRun=true', { ifMatch: '*' })).status).toBe(204);
    expect((await api.delete('/tenants/team-a', { ifMatch: '*' })).status).toBe(204);
    expect((await api.get('/tenants/team-a')).status).toBe(404);
  });

  it('are upserted by name', async () => {
    const { name: _, ...settings } = INPUT;
    const made = await api.put('/tenants/team-a', settings);
    expect([made.status, made.body.name]).toEqual([201, 'team-a']);
    expect((await api.put('/tenants/team-a', settings)).body.code).toBe('if-match-required');
    const reset = await api.put('/tenants/team-a', { isolation: 'low' }, { ifMatch: made.headers['etag'] ?? '' });
    expect(reset.body).toMatchObject({ isolation: 'low', owners: [], labels: {}, namespaces: {} });
    expect((await api.put('/tenants/team-b', {}, { ifMatch: '"1"' })).body.code).toBe('etag-mismatch');
    expect((await api.put('/tenants/Team_B', {})).body.errors[0].parameter).toBe('tenantRef');
    expect((await api.put('/tenants/team-b?dryRun=true', {})).status).toBe(200);
    expect((await api.get('/tenants/team-b')).status).toBe(404);
  });

  it('lose no change when several write at once', async () => {
    const { headers } = await api.post('/tenants', INPUT);
    const writers = Array.from({ length: 6 }, (_, index) =>
      api.patch('/tenants/team-a', { labels: { [`w${index}`]: 'x' } }, { ifMatch: headers['etag'] ?? '' }),
    );
    const answers = await Promise.all(writers);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412, 412, 412, 412]);
    const winner = answers.find(({ status }) => status === 200);
    expect((await api.get('/tenants/team-a')).body.labels).toEqual(winner?.body.labels);
  });

  it('are only checked with ?dryRun=true', async () => {
    const { status, body, headers } = await api.post('/tenants?dryRun=true', INPUT);
    expect([status, body.name, headers['plimsoll-dry-run']]).toEqual([200, 'team-a', 'true']);
    expect((await api.get('/tenants/team-a')).status).toBe(404);
    await api.post('/tenants', INPUT);
    const patch = await api.patch('/tenants/team-a?dryRun=true', { isolation: 'low' }, { ifMatch: '*' });
    expect(patch.body.isolation).toBe('low');
    expect((await api.get('/tenants/team-a')).body.isolation).toBe('high');
  });

  it('have unique names, also where only checked', async () => {
    await api.post('/tenants', INPUT);
    for (const path of ['/tenants', '/tenants?dryRun=true']) {
      expect((await api.post(path, INPUT)).body.code).toBe('name-taken');
    }
  });

  it.each([
    [{ name: 'Team A' }, '/name'],
    [{ owners: [{ name: 'x', email: 'nobody' }] }, '/owners/0/email'],
    [{ namespaces: { names: ['Not OK'] } }, '/namespaces/names/0'],
    [{ labels: { 'a b': 'x' } }, '/labels/a b'],
    [{ displayName: 'a\u0000b' }, '/displayName'],
    [{ isolation: 'medium' }, '/isolation'],
    [{ criticality: 'vital' }, '/criticality'],
    [{ principals: { serviceAccounts: ['deployer'] } }, '/principals/serviceAccounts/0'],
    [{ gitPaths: [{ paths: ['a'] }] }, '/gitPaths/0/repo'],
  ])('are not valid with %j', async (more, pointer) => {
    const { status, body } = await api.post('/tenants', { ...INPUT, ...more });
    expect([status, body.code]).toEqual([422, 'validation-failed']);
    expect(body.errors).toContainEqual(expect.objectContaining({ pointer }));
  });

  it('stay while clusters belong to them, and sum these up', async () => {
    await api.post('/tenants', INPUT);
    expect((await api.get('/tenants/team-a/summary')).body).toMatchObject({ clusters: 0, coverage: null });
    const id = await register(api, 'one', { tenants: ['team-a'] });
    await api.store.audit(id, assessmentOf('one', example('FLUX-HC-01')));
    const { body } = await api.get('/tenants/team-a/summary', { as: 'viewer' });
    expect(body.clusters).toBe(1);
    expect(body.outcomes.fail).toBeGreaterThan(0);
    expect(body.coverage).toBeGreaterThan(0);
    expect(Object.values(body.openFindings).some((count) => Number(count) > 0)).toBe(true);
    for (const path of ['/tenants/team-a', '/tenants/team-a?dryRun=true']) {
      expect((await api.delete(path, { ifMatch: '*' })).body.code).toBe('tenant-not-empty');
    }
  });

  it('can be listed by every documented filter', async () => {
    await api.post('/tenants', INPUT);
    await api.post('/tenants', { name: 'team-b', displayName: 'Bees', isolation: 'low' });
    const names = async (query: string) =>
      (await api.get(`/tenants?${query}`)).body.items.map(({ name }: { name: string }) => name).join();
    expect(await names('')).toBe('team-a,team-b');
    expect(await names('q=bee')).toBe('team-b');
    expect(await names('isolation=high')).toBe('team-a');
    expect(await names('labelSelector=unit')).toBe('team-a');
    expect(await names('sort=-createdAt')).toBe('team-b,team-a');
  });
});
