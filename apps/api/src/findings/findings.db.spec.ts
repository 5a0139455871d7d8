import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalog, DEFAULT_PROFILE, profileById } from '#libs/controls';
import { assessmentOf, example, register, unreachable } from '../../../../test/support/api/audits.js';
import { startApi, type TestApi } from '../../../../test/support/api/harness.js';
import { denied, readingOf, remoteEdge } from '../../../../test/support/remote-apply-edge.js';

const CONTROL = 'FLUX-HC-01';
let api: TestApi;
let bad: string;
beforeAll(async () => {
  api = await startApi();
  bad = await register(api, 'bad', { labels: { env: 'prod' } });
  const good = await register(api, 'good', { labels: { env: 'lab' } });
  await api.store.audit(bad, assessmentOf('bad', example(CONTROL)));
  await api.store.audit(good, assessmentOf('good', example(CONTROL, 'passing')));
});
afterAll(() => api.close());

const findings = async (query = '') => (await api.get(`/findings?${query}`, { as: 'viewer' })).body.items;

describe('findings', () => {
  it('are listed worst first, each with its control, cluster and subject', async () => {
    const list = await findings('control=FLUX-HC-01&cluster=bad');
    expect(list).toHaveLength(1);
    expect(list[0]).toMatchObject({
      controlId: CONTROL,
      controlTitle: catalog.find(({ id }) => id === CONTROL)?.title,
      state: 'open',
      cluster: { id: bad, name: 'bad' },
      waiver: null,
      stale: false,
    });
    const order = ['critical', 'high', 'medium', 'low', 'info'];
    const severities = (await findings('limit=1000')).map(({ severity }: { severity: string }) =>
      order.indexOf(severity),
    );
    expect(severities).toEqual(severities.toSorted((a: number, b: number) => a - b));
  });

  it('are read with evidence, fixes and their life', async () => {
    const [{ id }] = await findings('control=FLUX-HC-01');
    const { status, body, headers } = await api.get(`/findings/${id}`);
    expect(status).toBe(200);
    expect(body.evidence).toMatchObject({ findingId: id, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(body.evidence.items.length).toBeGreaterThan(0);
    expect(body.changes).toEqual([expect.objectContaining({ change: 'opened' })]);
    const { body: evidence } = await api.get(`/evidence/${body.evidence.id}`);
    expect(evidence).toEqual(body.evidence);
    const known = { 'if-none-match': headers['etag'] ?? '' };
    expect((await api.get(`/findings/${id}`, { headers: known })).status).toBe(304);
  });

  it('can be filtered by every documented filter', async () => {
    const [finding] = await findings('control=FLUX-HC-01');
    const count = async (query: string) => (await findings(`control=FLUX-HC-01&${query}`)).length;
    for (const query of [
      'cluster=bad',
      `cluster=${bad}`,
      'state=open&state=reopened',
      `severity=${finding.severity}`,
      `outcome=${finding.outcome}`,
      `confidence=${finding.confidence}`,
      `reason=${finding.reason}`,
      `fingerprint=${finding.fingerprint}`,
      `q=${finding.subject.name}`,
      'labelSelector=env%3Dprod',
      'stale=false',
      'waived=false',
      'firstSeenAt[gte]=2020-01-01T00:00:00Z',
      'lastSeenAt[gte]=2020-01-01T00:00:00Z',
      'lastSeenAt[lt]=2100-01-01T00:00:00Z',
    ]) {
      expect([query, await count(query)]).toEqual([query, 1]);
    }
    for (const query of [
      'cluster=good',
      'state=resolved',
      'labelSelector=env%3Dlab',
      'stale=true',
      'waived=true',
      'tenant=nobody',
      'changedInRun=run_none',
      'firstSeenAt[gte]=2100-01-01T00:00:00Z',
      'lastSeenAt[lt]=2020-01-01T00:00:00Z',
      `fingerprint=${'0'.repeat(64)}`,
    ]) {
      expect([query, await count(query)]).toEqual([query, 0]);
    }
  });

  it('that could not be looked at are stale, not resolved', async () => {
    await api.store.audit(bad, unreachable('bad'));
    const [finding] = await findings('control=FLUX-HC-01&cluster=bad');
    expect(finding).toMatchObject({ state: 'open', stale: true });
    expect((await api.get('/clusters/bad')).body.stale).toBe(true);
    await api.store.audit(bad, assessmentOf('bad', example(CONTROL)));
    expect((await findings('control=FLUX-HC-01&cluster=bad'))[0]).toMatchObject({ state: 'open', stale: false });
  });

  it('that are gone are resolved, and reopened when they come back', async () => {
    await api.store.audit(bad, assessmentOf('bad', example(CONTROL, 'passing')));
    const [gone] = await findings('control=FLUX-HC-01&cluster=bad');
    expect([gone.state, gone.resolvedAt !== null]).toEqual(['resolved', true]);
    await api.store.audit(bad, assessmentOf('bad', example(CONTROL)));
    const { body } = await api.get(`/findings/${gone.id}`);
    expect(body.state).toBe('reopened');
    expect(body.changes.map(({ change }: { change: string }) => change)).toEqual(['opened', 'resolved', 'reopened']);
  });
});

describe('results', () => {
  const results = async (query = '') => (await api.get(`/results?${query}`, { as: 'viewer' })).body.items;

  it('say how each control stands on each cluster', async () => {
    const [result] = await results('cluster=bad&control=FLUX-HC-01');
    expect(result).toMatchObject({ controlId: CONTROL, outcome: 'fail', cause: null, toAt: null });
    expect(result.id).toMatch(/^res_\d+$/);
    expect(result.observations.length).toBeGreaterThan(0);
    expect((await results('cluster=bad&limit=1000')).length).toBe(profileById(DEFAULT_PROFILE)?.controls.length);
  });

  it('can be filtered by every documented filter', async () => {
    const [result] = await results('cluster=bad&control=FLUX-HC-01');
    const count = async (query: string) => (await results(`control=FLUX-HC-01&${query}`)).length;
    expect(await count('')).toBe(2);
    expect(await count('outcome=fail')).toBe(1);
    expect(await count('outcome=fail&outcome=pass')).toBe(2);
    expect(await count(`severity=${result.severity}&outcome=fail`)).toBe(1);
    expect(await count(`reason=${result.reason}`)).toBe(1);
    expect(await count('cause=forbidden')).toBe(0);
    expect(await count('labelSelector=env%3Dprod')).toBe(1);
    expect(await count('tenant=nobody')).toBe(0);
    expect(await count(`run=${result.lastRunId}`)).toBe(1);
    expect(await count('sort=-severity,cluster')).toBe(2);
  });

  it('name the permissions that were missing', async () => {
    const id = await register(api, 'blind');
    await api.store.audit(id, assessmentOf('blind', example(CONTROL), { kustomizations: 'forbidden' }));
    const blind = await results('cluster=blind&cause=forbidden');
    expect(blind.length).toBeGreaterThan(0);
    expect(blind[0]).toMatchObject({ outcome: 'notEvaluated', cause: 'forbidden' });
  });

  it('have a history for each cluster', async () => {
    const { body } = await api.get('/clusters/bad/timeline?control=FLUX-HC-01');
    const outcomes = body.items.map(({ outcome }: { outcome: string }) => outcome);
    expect(outcomes).toEqual(['fail', 'pass', 'fail', 'notEvaluated', 'fail']);
    expect(body.items[0].id).toMatch(/^res_\d+$/);
    expect((await api.get('/clusters/bad/timeline?limit=2')).body.items).toHaveLength(2);
  });
});

describe('findings, beside those of other clusters,', () => {
  it('name what is applied to their cluster', async () => {
    const hub = await register(api, 'hub');
    await api.store.audit(hub, assessmentOf('hub', example(CONTROL, 'passing')), {
      remoteApplies: readingOf(remoteEdge('bad', denied())),
    });
    const [{ id }] = await findings('control=FLUX-HC-01&cluster=bad');
    const { body } = await api.get(`/findings/${id}`, { as: 'viewer' });
    expect(body.related).toMatchObject({
      remoteApplies: [{ relation: 'appliesToCluster', cluster: { id: hub, name: 'hub' }, cause: 'ACCESS_REVOKED' }],
      targetClusters: [],
      truncated: false,
    });
    const remoteApply = await api.get(`/remote-applies/${body.related.remoteApplies[0].id}`);
    expect(remoteApply.body.target.cluster.id).toBe(bad);
  });
});
