import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fail } from '#libs/core';
import { assess } from '../../../../test/support/control-stub.js';
import { type Store, openStore } from '../../../../test/support/store.js';
import type { NewWaiver } from './waiver-repository.js';

let store: Store;
beforeAll(async () => {
  store = await openStore();
  for (const name of ['a', 'b']) {
    const id = await store.register(name, { labels: { name } });
    const bad = (subject: string) =>
      fail({ kind: 'Thing', namespace: 'ns', name: subject }, 'BAD', 'Bad.', {
        evidence: [{ pointer: '', observed: 1, expected: '2' }],
      });
    await store.audit(id, assess({ 'T-1': [bad('x'), bad('y')], 'T-2': [bad('x')] }, { uid: `uid-${name}` }));
  }
});
afterAll(() => store.close());

const request: NewWaiver = {
  controlId: 'T-1',
  scope: {},
  reason: 'Planned for December.',
  requestedBy: 'alice',
  expiresAt: '2999-01-01T00:00:00.000Z',
};
const waived = async () =>
  (await store.findings.list({ limit: 50, filter: { waived: true } })).items
    .map(({ clusterName, controlId, subject }) => `${clusterName} ${controlId} ${subject.name}`)
    .toSorted();

describe('a waiver', () => {
  it.each<[string, NewWaiver['scope'], readonly string[]]>([
    ['the whole fleet', {}, ['a T-1 x', 'a T-1 y', 'b T-1 x', 'b T-1 y']],
    ['one cluster', { cluster: 'a' }, ['a T-1 x', 'a T-1 y']],
    ['labels', { labels: { name: 'b' } }, ['b T-1 x', 'b T-1 y']],
    ['a subject', { subject: { kind: 'Thing', namespace: 'ns', name: 'y' } }, ['a T-1 y', 'b T-1 y']],
    ['nothing', { cluster: 'z' }, []],
  ])('covers known findings once approved, for %s', async (_what, scope, covered) => {
    const created = await store.waivers.create({ ...request, scope });
    expect(created).toMatchObject({ state: 'requested', approver: null, matches: 0, ticketUrl: null });
    expect(await waived()).toEqual([]);
    const approved = await store.waivers.approve(created.id, 'bob');
    expect(approved).toMatchObject({ state: 'approved', approver: 'bob', matches: covered.length });
    expect(await waived()).toEqual(covered);
    expect(await store.waivers.revoke(created.id)).toMatchObject({ state: 'revoked', matches: 0 });
    expect(await waived()).toEqual([]);
    expect(await store.waivers.approve(created.id, 'bob')).toBe('notRequested');
  });

  it('has no effect once it is over', async () => {
    const created = await store.waivers.create({ ...request, approver: 'bob' });
    expect(await waived()).toHaveLength(4);
    await store.dataSource.query(`UPDATE waiver SET expires_at = now() WHERE id = $1`, [created.id]);
    expect(await waived()).toEqual([]);
    const expired = await store.waivers.list({ limit: 9, filter: { expired: true } });
    expect(expired.items.map(({ id }) => id)).toEqual([created.id]);
    const next = await store.waivers.create({ ...request, approver: 'bob' });
    expect(await waived()).toHaveLength(4);
    await store.waivers.revoke(next.id);
    await store.waivers.revoke(created.id);
  });

  it('does not take over what another one covers', async () => {
    const first = await store.waivers.create({ ...request, scope: { cluster: 'a' }, approver: 'bob' });
    const second = await store.waivers.create({ ...request, approver: 'bob' });
    expect([(await store.waivers.get(first.id))?.matches, second.matches]).toEqual([2, 2]);
    await store.waivers.revoke(second.id);
    await store.waivers.revoke(first.id);
  });
});

it('tells what does not exist', async () => {
  expect(await store.waivers.get('wvr_none')).toBeNull();
  expect(await store.waivers.approve('wvr_none', 'x')).toBe('notFound');
  expect(await store.waivers.revoke('wvr_none')).toBe('notFound');
});

it('lists by state, control and expiry', async () => {
  await store.dataSource.query('TRUNCATE waiver CASCADE');
  await store.waivers.create({ ...request, ticketUrl: 'https://tickets.example.com/1' });
  await store.waivers.create({ ...request, controlId: 'T-2', approver: 'bob', expiresAt: '2998-01-01T00:00:00.000Z' });
  const controls = async (filter: object) =>
    (await store.waivers.list({ limit: 9, filter })).items.map(({ controlId }) => controlId);
  expect(await controls({ state: ['requested'] })).toEqual(['T-1']);
  expect(await controls({ controlId: ['T-2'] })).toEqual(['T-2']);
  expect(await controls({ expiresBefore: '2998-06-01T00:00:00Z' })).toEqual(['T-2']);
  expect(await controls({ expired: true })).toEqual([]);
});
