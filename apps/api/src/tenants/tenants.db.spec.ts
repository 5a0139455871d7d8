import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../test/harness.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const INPUT = {
  name: 'team-a',
  isolation: 'high',
  owners: [{ name: 'Ada', email: 'ada@example.com' }],
  namespaces: { names: ['team-a'], matchLabels: { tenant: 'team-a' } },
  labels: { unit: 'payments' },
};

describe('tenants', () => {
  it('are created, read by name or id, changed and deleted', async () => {
    const created = await api.post('/tenants', INPUT, { as: 'operator' });
    expect(created.status).toBe(201);
    expect(created.headers.location).toBe(`/api/v1/tenants/${created.body.id}`);
    expect(created.body).toMatchObject({ ...INPUT, displayName: 'team-a', criticality: null, clusters: 0 });

    const read = await api.get('/tenants/team-a', { as: 'viewer' });
    expect(read.body).toEqual(created.body);
    expect(read.headers.etag).toBe(created.headers.etag);
    expect((await api.get(`/tenants/${created.body.id}`)).body).toEqual(created.body);

    const changed = await api.patch(
      '/tenants/team-a',
      { criticality: 'critical', labels: { unit: null, x: 'y' } },
      {
        ifMatch: read.headers.etag,
      },
    );
    expect(changed.body).toMatchObject({ criticality: 'critical', labels: { x: 'y' }, isolation: 'high' });
    expect(changed.headers.etag).not.toBe(read.headers.etag);

    expect((await api.delete('/tenants/team-a', { ifMatch: changed.headers.etag })).status).toBe(204);
    expect((await api.get('/tenants/team-a')).status).toBe(404);
  });
});
