import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseLabelSelector } from '#libs/core';
import { type Store, openStore } from '../../../../test/support/store.js';

let store: Store;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

async function tenant(name: string, labels: Readonly<Record<string, string>> = {}) {
  const created = await store.tenants.create({ name, labels });
  if (created === 'nameTaken') throw new Error('taken');
  return created;
}

it('creates a tenant with its defaults', async () => {
  const created = await tenant('payments');
  expect(created).toMatchObject({
    name: 'payments',
    displayName: 'payments',
    isolation: null,
    owners: [],
    namespaces: {},
    version: 1,
    clusters: 0,
  });
  expect(await store.tenants.get('payments')).toEqual(created);
  expect(await store.tenants.get(created.id)).toEqual(created);
  expect(await store.tenants.create({ name: 'payments' })).toBe('nameTaken');
});

it('updates under the version that the caller knows', async () => {
  const { id } = await tenant('retail');
  const updated = await store.tenants.update(id, 1, { isolation: 'high', owners: [{ name: 'R', slack: '#r' }] });
  expect(updated).toMatchObject({ version: 2, isolation: 'high', owners: [{ name: 'R', slack: '#r' }] });
  expect(await store.tenants.update(id, 1, { isolation: 'low' })).toBe('stale');
  expect(await store.tenants.update('tnt_none', null, {})).toBe('notFound');
  await tenant('retail-2');
  expect(await store.tenants.update(id, null, { name: 'retail-2' })).toBe('nameTaken');
});

it('lists by name, label and words', async () => {
  await tenant('list-b', { unit: 'x' });
  await tenant('list-a', { unit: 'y' });
  const names = async (filter: object) =>
    (await store.tenants.list({ limit: 9, filter })).items.map(({ name }) => name);
  expect(await names({ q: 'LIST' })).toEqual(['list-a', 'list-b']);
  expect(await names({ labelSelector: parseLabelSelector('unit=x') })).toEqual(['list-b']);
  expect(await names({ name: ['list-a'] })).toEqual(['list-a']);
});

it('does not delete a tenant that has clusters, also deleted ones', async () => {
  const { id } = await tenant('owner');
  const cluster = await store.register('owned', { tenantIds: [id] });
  expect((await store.tenants.get(id))?.clusters).toBe(1);
  expect(await store.tenants.delete(id, null)).toBe('notEmpty');
  await store.clusters.delete(cluster, null);
  expect((await store.tenants.get(id))?.clusters).toBe(0);
  expect(await store.tenants.delete(id, null)).toBe('notEmpty');
  await store.dataSource.query('DELETE FROM cluster WHERE id = $1', [cluster]);
  expect(await store.tenants.delete(id, 9)).toBe('stale');
  expect(await store.tenants.delete(id, 1)).toBe('deleted');
  expect(await store.tenants.delete(id, 1)).toBe('notFound');
});
