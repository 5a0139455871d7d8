import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assessmentOf, example, register, unreachable } from '../../../../test/support/api/audits.js';
import { startApi, type TestApi } from '../../../../test/support/api/harness.js';
import { denied, readingOf, remoteEdge } from '../../../../test/support/remote-apply-edge.js';

let api: TestApi;
let hub: string;
let spoke: string;

beforeAll(async () => {
  api = await startApi();
  await api.post('/tenants', { name: 'payments' });
  hub = await register(api, 'hub', { role: 'management' });
  spoke = await register(api, 'pay-eu-3', { tenants: ['payments'] });
  const remoteApplies = readingOf(
    remoteEdge('pay-eu-3', {
      ...denied(true, '2026-11-01T00:00:00.000Z'),
      alerts: [],
      uncovered: [
        {
          mode: 'APPLY_DENIED',
          when: 'the target cluster refuses the apply or cannot be reached',
          essential: true,
          state: 'uncovered',
          code: 'NO_ALERT',
          why: 'no Alert has an entry for Kustomization of namespace pay-eu-3 in spec.eventSources',
        },
      ],
    }),
    remoteEdge('lab', {
      suspended: true,
      tenant: 'lab-team',
      target: { state: 'unregistered', address: 'https://lab:443' },
    }),
    remoteEdge('blind', {
      auth: { method: 'unknown' },
      identity: { kind: 'unknown' },
      alertCovered: null,
      ready: 'Unknown',
    }),
  );
  await api.store.audit(hub, assessmentOf('hub', example('FLUX-HC-01')), { remoteApplies });
});
afterAll(() => api.close());

const items = async (query = '') => (await api.get(`/remote-applies?${query}`, { as: 'viewer' })).body.items;

describe('remote applies', () => {
  it('are listed with their target, silent failures first', async () => {
    const list = await items();
    expect(list.map(({ object }: { object: { namespace: string } }) => object.namespace)).toEqual([
      'pay-eu-3',
      'lab',
      'blind',
    ]);
    expect(list[0]).toMatchObject({
      cluster: { id: hub, name: 'hub' },
      target: { state: 'registered', cluster: { id: spoke, name: 'pay-eu-3' }, confidence: 'proven' },
      tenants: [{ name: 'payments' }],
      ready: false,
      cause: { code: 'ACCESS_REVOKED' },
      failingSince: '2026-11-01T00:00:00.000Z',
      silent: true,
      stale: false,
    });
    expect(list[1]).toMatchObject({ target: { cluster: null }, tenants: [{ id: null, name: 'lab-team' }] });
    expect(list[2]).toMatchObject({ ready: null, alertCovered: null });
  });

  it('can be filtered by every documented filter', async () => {
    const count = async (query: string) => (await items(query)).length;
    for (const query of [
      'cluster=hub&silent=true',
      `cluster=${hub}&failing=true`,
      'target=pay-eu-3',
      `target=${spoke}`,
      'target=https%3A%2F%2Flab%3A443',
      'tenant=payments',
      'tenant=lab-team',
      'ready=false',
      'ready=unknown',
      'suspended=true',
      'alertCovered=false',
      'alertCovered=unknown',
      'authMethod=unknown',
      'targetState=unregistered',
      'q=LAB%2Fapps',
    ]) {
      expect([query, await count(query)]).toEqual([query, 1]);
    }
    expect(await count('ready=true&ready=unknown')).toBe(2);
    expect(await count('kind=Kustomization&stale=false')).toBe(3);
    for (const query of ['cluster=nobody', 'kind=HelmRelease', 'stale=true', 'silent=unknown']) {
      expect([query, await count(query)]).toEqual([query, 0]);
    }
  });

  it('come page by page in every order', async () => {
    for (const sort of ['urgency', '-failingSince', 'cluster,name', '-target', 'name', 'firstSeenAt', '-lastSeenAt']) {
      const ids: string[] = [];
      let path: string | undefined = `/remote-applies?limit=1&sort=${sort}`;
      while (path !== undefined) {
        const { status, body } = await api.get(path);
        expect(status).toBe(200);
        expect(body.page.total).toEqual({ count: 3, type: 'exact' });
        ids.push(...body.items.map(({ id }: { id: string }) => id));
        path = body.page.next === null ? undefined : `/remote-applies?limit=1&sort=${sort}&cursor=${body.page.next}`;
      }
      expect([sort, new Set(ids).size]).toEqual([sort, 3]);
    }
  });

  it('are read with credential, identity, Alerts and why nothing would fire', async () => {
    const [{ id }] = await items('silent=true');
    const { status, body } = await api.get(`/remote-applies/${id}`, { as: 'viewer' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      auth: { method: 'serviceAccountToken', source: { kind: 'Secret', name: 'kubeconfig' }, provider: null },
      identity: { kind: 'serviceAccount', name: 'flux/remote', impersonates: { known: true, account: null } },
      alerts: [],
      uncovered: [{ mode: 'APPLY_DENIED', code: 'NO_ALERT' }],
    });
    const [blind] = await items('authMethod=unknown');
    expect((await api.get(`/remote-applies/${blind.id}`)).body).toMatchObject({
      auth: { source: null },
      identity: { name: null, groups: [], impersonates: { known: false, account: null } },
      alerts: [{ health: 'delivers', provider: { type: 'slack' }, code: null }],
    });
  });

  it.each<[string, string, number, string]>([
    ['an unknown id', '/remote-applies/rap_none', 404, 'not-found'],
    ['a filter that there is not', '/remote-applies?nope=1', 422, 'validation-failed'],
    ['a state that there is not', '/remote-applies?ready=maybe', 422, 'validation-failed'],
    ['an order that there is not', '/remote-applies?sort=color', 422, 'validation-failed'],
    ['too large a page', '/remote-applies?limit=1001', 422, 'validation-failed'],
    ['a cursor of nobody', '/remote-applies?cursor=abc', 400, 'cursor-mismatch'],
  ])('refuse %s', async (_name, path, status, code) => {
    const answer = await api.get(path);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('refuse a cursor of another filter, and nobody', async () => {
    const { body } = await api.get('/remote-applies?limit=1');
    const other = await api.get(`/remote-applies?limit=1&suspended=true&cursor=${body.page.next}`);
    expect([other.status, other.body.code]).toEqual([400, 'cursor-mismatch']);
    expect((await api.get('/remote-applies', { as: null })).status).toBe(401);
    expect((await api.get('/remote-applies/rap_none', { as: null })).status).toBe(401);
  });

  it('of a management cluster that could not be read are stale', async () => {
    await api.store.audit(hub, unreachable('hub'));
    expect((await items('stale=true')).length).toBe(3);
  });
});
