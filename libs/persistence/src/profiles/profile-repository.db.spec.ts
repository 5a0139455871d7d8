import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Store, openStore } from '../../../../test/support/store.js';
import { type NewProfile, profileIdOf } from './profile-repository.js';

let store: Store;
beforeAll(async () => {
  store = await openStore();
  await store.register('a');
});
afterAll(() => store.close());

const profile = (name: string, changes: Partial<NewProfile> = {}): NewProfile => ({
  name,
  description: '',
  extends: 'base@1',
  include: [],
  exclude: [],
  severityOverrides: {},
  ...changes,
});
const run = (profileRef: string) =>
  store.runs.start({
    trigger: 'api',
    requestedBy: 'test',
    profile: profileRef,
    target: { clusters: ['a'] },
    deadlineSeconds: 60,
  });

it('has versions, of which the last one is current', async () => {
  const made = await store.profiles.create(profile('strict', { exclude: ['A'] }));
  if (made === 'nameTaken') throw new Error('taken');
  expect(profileIdOf(made)).toBe('strict@1');
  expect(await store.profiles.create(profile('strict'))).toBe('nameTaken');
  const { id } = made;
  const changed = await store.profiles.update(id, 1, profile('strict', { severityOverrides: { A: 'low' } }));
  expect(changed).toMatchObject({ version: 2, exclude: [], severityOverrides: { A: 'low' } });
  expect(await store.profiles.update(id, 1, profile('strict'))).toBe('stale');
  expect(await store.profiles.update('prf_none', null, profile('strict'))).toBe('notFound');
  expect(await store.profiles.get('strict@2')).toEqual(changed);
  expect(await store.profiles.get('strict@1')).toBeNull();
  expect((await store.profiles.list()).map(({ name }) => name)).toEqual(['strict']);
  expect(await store.profiles.delete(id, 1)).toBe('stale');
  expect(await store.profiles.delete(id, 2)).toBe('deleted');
});

it('is copied into a run when it starts, and handed to the worker', async () => {
  await store.profiles.create(profile('lenient', { exclude: ['B'], severityOverrides: { C: 'info' } }));
  const started = await run('lenient');
  if (typeof started === 'string' || !('run' in started)) throw new Error('not started');
  expect(started.run).toMatchObject({
    profile: 'lenient@1',
    tailoring: { extends: 'base@1', include: [], exclude: ['B'], severityOverrides: { C: 'info' } },
  });
  expect(await run('lenient@1')).toMatchObject({ conflict: { id: started.run.id } });
  const [target] = await store.runs.queuedTargets(started.run.id, null, 10);
  expect((await store.runs.claimTarget(target?.id ?? ''))?.run.tailoring).toEqual(started.run.tailoring);
});

it('takes any other name for a profile of the release', async () => {
  const started = await run('base@1');
  expect(started).toMatchObject({ run: { profile: 'base@1', tailoring: null } });
});
