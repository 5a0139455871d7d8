import { afterAll, beforeAll, expect, it } from 'vitest';
import { fail, parseLabelSelector, pass, warn } from '#libs/core';
import { assess } from '../../../../test/support/control-stub.js';
import { type Store, openStore } from '../../../../test/support/store.js';
import type { FindingFilter, FindingSortField } from './finding.js';

let store: Store;
let lastRun: string;

beforeAll(async () => {
  store = await openStore();
  const created = await store.tenants.create({ name: 'payments' });
  const tenantIds = created === 'nameTaken' ? [] : [created.id];
  const a = await store.register('a', { labels: { env: 'prod' }, tenantIds });
  const b = await store.register('b', { labels: { env: 'lab' } });
  const thing = (name: string) => ({ kind: 'Thing', namespace: `ns-${name}`, name });
  const evidence = [{ pointer: '', observed: 1, expected: '2' }] as const;
  const bad = (name: string, severity: 'critical' | 'high' | 'low') =>
    fail(thing(name), 'BAD', `The ${name} is 100% bad.`, { severity, evidence });
  const at = (hour: number) => `2026-11-01T0${hour}:00:00.000Z`;
  await store.audit(a, {
    ...assess(
      { 'T-1': [bad('x', 'high'), bad('y', 'critical')], 'T-2': [warn(thing('w'), 'HM', 'Hm.')] },
      { uid: 'a' },
    ),
    collectedAt: at(1),
  });
  await store.audit(b, { ...assess({ 'T-1': [bad('x', 'low')] }, { uid: 'b' }), collectedAt: at(2) });
  lastRun = await store.audit(a, {
    ...assess({ 'T-1': [bad('x', 'high'), pass(thing('y'), 'FINE', 'Fine.')] }, { uid: 'a' }),
    collectedAt: at(3),
  });
});
afterAll(() => store.close());

const names = async (filter: FindingFilter, sort?: readonly { field: FindingSortField; direction: 'asc' | 'desc' }[]) =>
  (await store.findings.list({ limit: 50, filter, ...(sort && { sort }) })).items.map(
    ({ clusterName, subject }) => `${clusterName}/${subject.name}`,
  );

it('lists worst first', async () => {
  expect(await names({})).toEqual(['a/y', 'a/x', 'a/w', 'b/x']);
});

it.each<[FindingSortField, readonly string[]]>([
  ['severity', ['b/x', 'a/w', 'a/x', 'a/y']],
  ['lastSeenAt', ['a/w', 'a/y', 'b/x', 'a/x']],
  ['firstSeenAt', ['a/w', 'a/x', 'a/y', 'b/x']],
  ['occurrences', ['a/w', 'a/y', 'b/x', 'a/x']],
  ['control', ['a/x', 'a/y', 'b/x', 'a/w']],
  ['cluster', ['a/w', 'a/x', 'a/y', 'b/x']],
])('sorts by %s', async (field, expected) => {
  const found = await names({}, [{ field, direction: 'asc' }]);
  const keyOf = (name: string) => expected.indexOf(name);
  expect(found.toSorted((p, q) => keyOf(p) - keyOf(q))).toEqual(expected);
  expect([found[0], found.at(-1)].every((name) => expected.includes(name ?? ''))).toBe(true);
  expect(await names({}, [{ field, direction: 'desc' }])).toEqual(found.toReversed());
});

it.each<[FindingFilter, readonly string[]]>([
  [{ state: ['resolved'] }, ['a/y']],
  [{ state: ['open'], severity: ['high', 'low'] }, ['a/x', 'b/x']],
  [{ outcome: ['warn'] }, ['a/w']],
  [{ controlId: ['T-2'] }, ['a/w']],
  [{ cluster: ['b'] }, ['b/x']],
  [{ tenant: ['payments'], state: ['open'] }, ['a/x', 'a/w']],
  [{ labelSelector: parseLabelSelector('env!=prod') }, ['b/x']],
  [{ q: 'ns-Y/y' }, ['a/y']],
  [{ q: '100%' }, ['a/y', 'a/x', 'b/x']],
  [{ q: '100_' }, []],
  [{ firstSeenFrom: '2026-11-01T02:00:00Z' }, ['b/x']],
  [{ lastSeenFrom: '2026-11-01T03:00:00Z' }, ['a/x']],
  [{ lastSeenBefore: '2026-11-01T02:00:00Z' }, ['a/y', 'a/w']],
  [{ baseline: false }, []],
  [{ waived: true }, []],
  [{ stale: false, reason: ['HM'] }, ['a/w']],
  [{ confidence: ['heuristic'] }, []],
  [{ id: [] }, []],
])('filters by %j', async (filter, expected) => {
  expect(await names(filter)).toEqual(expected);
});

it('finds what a run changed', async () => {
  expect(await names({ changedInRun: lastRun })).toEqual(['a/y']);
});

it('counts what is open, by severity', async () => {
  expect(await store.findings.openBySeverity()).toEqual({ critical: 0, high: 1, medium: 1, low: 1, info: 0 });
  expect(await store.findings.openBySeverity({ cluster: ['b'] })).toMatchObject({ high: 0, low: 1 });
});

it('shows one with its evidence and life', async () => {
  const [resolved] = (await store.findings.list({ limit: 1, filter: { state: ['resolved'] } })).items;
  const detail = await store.findings.get(resolved?.id ?? '');
  expect(detail).toMatchObject({
    tenantName: 'payments',
    waiver: null,
    evidence: { body: [{ observed: 1 }], collectedAt: '2026-11-01T01:00:00.000Z' },
    changes: [{ change: 'opened' }, { change: 'resolved' }],
  });
  expect(detail).not.toHaveProperty('contentSha256');
  expect(await store.findings.get('fnd_none')).toBeNull();
});

it('hides the findings of deleted clusters', async () => {
  const b = await store.clusters.get('b');
  await store.clusters.delete(b?.id ?? '', null);
  expect(await names({})).toEqual(['a/y', 'a/x', 'a/w']);
});
