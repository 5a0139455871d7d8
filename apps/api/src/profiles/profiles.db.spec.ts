import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_PROFILE, profileById, profiles } from '#libs/controls';
import { startApi, type TestApi } from '../../../../test/support/api/harness.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(() => api.store.dataSource.query('TRUNCATE profile, schedule, run, outbox CASCADE'));

const OWN = {
  name: 'our-fleet',
  extends: DEFAULT_PROFILE,
  exclude: ['FLUX-HC-02'],
  severityOverrides: { 'FLUX-KC-03': 'low' },
};
const without = (id: string) => (profileById(DEFAULT_PROFILE)?.controls ?? []).filter((each) => each !== id);
const settings = { extends: OWN.extends, exclude: OWN.exclude };

describe('profiles', () => {
  it('of the release are listed, read and never changed', async () => {
    const { items } = (await api.get('/profiles', { as: 'viewer' })).body;
    expect(items.map(({ id }: { id: string }) => id)).toEqual(profiles.map(({ id }) => id));
    expect(items.filter(({ isDefault }: { isDefault: boolean }) => isDefault)).toHaveLength(1);
    const path = `/profiles/${encodeURIComponent(DEFAULT_PROFILE)}`;
    expect((await api.get(path)).body).toMatchObject({
      id: DEFAULT_PROFILE,
      isDefault: true,
      controls: profileById(DEFAULT_PROFILE)?.controls,
      tailoring: null,
    });
    expect((await api.delete(path, { ifMatch: '*' })).body.code).toBe('not-found');
    const [name = ''] = DEFAULT_PROFILE.split('@');
    expect((await api.post('/profiles', { ...OWN, name })).body.code).toBe('name-taken');
  });

  it('of one\u2019s own select and tailor, and get a new version with each change', async () => {
    const made = await api.post('/profiles', OWN, { as: 'operator' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      id: 'our-fleet@1',
      controls: without('FLUX-HC-02'),
      severityOverrides: { 'FLUX-KC-03': 'low' },
      tailoring: { extends: DEFAULT_PROFILE, include: [], exclude: ['FLUX-HC-02'] },
    });
    expect((await api.get('/profiles/our-fleet')).body).toEqual(made.body);
    expect((await api.get('/profiles/our-fleet@1')).body).toEqual(made.body);
    const ifMatch = made.headers['etag'] ?? '';
    const changed = await api.put('/profiles/our-fleet', { ...settings, exclude: ['FLUX-KC-01'] }, { ifMatch });
    expect(changed.body).toMatchObject({ id: 'our-fleet@2', controls: without('FLUX-KC-01'), severityOverrides: {} });
    expect((await api.put('/profiles/our-fleet', settings, { ifMatch })).body.code).toBe('etag-mismatch');
    expect((await api.get('/profiles/our-fleet@1')).status).toBe(404);
    expect((await api.delete('/profiles/our-fleet', { ifMatch: changed.headers['etag'] ?? '' })).status).toBe(204);
    expect((await api.get('/profiles/our-fleet')).status).toBe(404);
  });

  it.each<[string, object, string]>([
    ['a profile that does not exist', { extends: 'none@1' }, '/extends'],
    ['a control that does not exist', { include: ['FLUX-XX-99'] }, '/include/0'],
    [
      'a severity that does not exist',
      { severityOverrides: { 'FLUX-KC-03': 'urgent' } },
      '/severityOverrides/FLUX-KC-03',
    ],
    [
      'a severity of a control that does not exist',
      { severityOverrides: { 'FLUX-XX-99': 'low' } },
      '/severityOverrides/FLUX-XX-99',
    ],
    ['a member that does not exist', { colour: 'red' }, '/colour'],
  ])('refuse %s, and change nothing', async (_what, change, pointer) => {
    const answer = await api.post('/profiles', { ...OWN, ...change });
    expect(answer.body.code).toBe('validation-failed');
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ pointer }));
    expect((await api.get('/profiles/our-fleet')).status).toBe(404);
  });

  it('can be tried without being stored', async () => {
    const tried = await api.post('/profiles?dryRun=true', OWN);
    expect([tried.status, tried.body.id]).toEqual([200, 'our-fleet@1']);
    expect((await api.get('/profiles/our-fleet')).status).toBe(404);
  });

  it('are for operators to change', async () => {
    expect((await api.post('/profiles', OWN, { as: 'viewer' })).body.code).toBe('forbidden');
  });

  it('are kept by a run as they were when it started', async () => {
    await api.store.register('edge-1');
    await api.post('/profiles', OWN);
    const target = { clusters: ['edge-1'] };
    const start = (profile: string, controls?: readonly string[]) =>
      api.post('/runs', { target, profile, ...(controls && { controls }) });
    const run = await start('our-fleet');
    expect([run.status, run.body.profile]).toEqual([202, 'our-fleet@1']);
    await api.put('/profiles/our-fleet', { ...settings, exclude: [] }, { ifMatch: '*' });
    expect((await api.store.runs.get(run.body.id))?.tailoring).toMatchObject({ exclude: ['FLUX-HC-02'] });
    expect((await start('our-fleet@1')).body.errors).toMatchObject([{ pointer: '/profile', code: 'unknown-profile' }]);
    expect((await start('nobodys')).body.errors).toMatchObject([{ pointer: '/profile', code: 'unknown-profile' }]);
    const next = await start('our-fleet', ['FLUX-HC-02']);
    expect([next.status, next.body.profile]).toEqual([202, 'our-fleet@2']);
  });

  it('cannot go while a schedule runs them', async () => {
    await api.post('/profiles', OWN);
    const schedule = { name: 'nightly', cron: '0 2 * * *', timeZone: 'UTC', profile: 'our-fleet' };
    expect((await api.post('/schedules', { ...schedule, target: { labelSelector: '' } })).status).toBe(201);
    expect((await api.delete('/profiles/our-fleet', { ifMatch: '*' })).body.code).toBe('profile-in-use');
  });

  it('are columns of the matrix', async () => {
    await api.store.register('edge-2');
    await api.post('/profiles', OWN);
    const { body } = await api.get('/matrix?profile=our-fleet');
    expect(body.controls).toEqual(without('FLUX-HC-02'));
  });
});
