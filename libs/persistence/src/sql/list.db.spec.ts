import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matchesLabels, parseLabelSelector } from '#libs/core';
import { type Store, openStore } from '../../../../test/support/store.js';
import { InvalidCursor, type CursorValues, type ListPage, type SortBy } from './list.js';

let store: Store;

const LABELS: readonly Readonly<Record<string, string>>[] = [
  {},
  { env: 'prod' },
  { env: 'lab' },
  { env: '' },
  { env: 'prod', tier: 'gold' },
  { 'example.com/site': 'lyon', env: 'lab' },
  { "it's": 'x' },
];

beforeAll(async () => {
  store = await openStore();
  for (const [index, labels] of LABELS.entries()) {
    // Two clusters of each, registered in an order that is not that of their names.
    for (const half of [0, 1]) {
      await store.register(`c-${(index * 5 + half * 3) % 16}-${index}${half}`, {
        labels,
        role: index % 2 === 0 ? 'management' : 'tenant',
      });
    }
  }
  // The same time for several, so that the order needs its tie-breaker.
  await store.dataSource.query(
    `UPDATE cluster SET last_audited_at = CASE WHEN name LIKE '%1' THEN '2026-11-01T00:00:00.123Z'::timestamptz END,
       summary = jsonb_build_object('compliant', name LIKE '%0', 'open', jsonb_build_object('critical', length(name) % 3))`,
  );
});
afterAll(() => store.close());

/** All names, page by page. */
async function walk(limit: number, sort: readonly SortBy<'name' | 'lastAuditedAt' | 'openCritical' | 'createdAt'>[]) {
  const names: string[] = [];
  let after: CursorValues | undefined;
  for (let page = 0; page < 50; page += 1) {
    const found: ListPage<{ name: string }> = await store.clusters.list({ limit, sort, ...(after && { after }) });
    names.push(...found.items.map(({ name }) => name));
    expect(found.total).toEqual({ count: LABELS.length * 2, type: 'exact' });
    if (!found.next) return names;
    expect(found.items).toHaveLength(limit);
    after = found.next;
  }
  throw new Error('the pages do not end');
}

describe('pages', () => {
  it.each<[string, readonly SortBy<'name' | 'lastAuditedAt' | 'openCritical' | 'createdAt'>[]]>([
    ['its own order', []],
    ['name, descending', [{ field: 'name', direction: 'desc' }]],
    ['a time that many lack', [{ field: 'lastAuditedAt', direction: 'asc' }]],
    ['the same, descending', [{ field: 'lastAuditedAt', direction: 'desc' }]],
    [
      'mixed directions',
      [
        { field: 'openCritical', direction: 'desc' },
        { field: 'lastAuditedAt', direction: 'asc' },
        { field: 'name', direction: 'desc' },
      ],
    ],
    [
      'three in one direction',
      [
        { field: 'openCritical', direction: 'desc' },
        { field: 'lastAuditedAt', direction: 'desc' },
        { field: 'createdAt', direction: 'desc' },
      ],
    ],
  ])('joined are the whole list, whatever their size: %s', async (_name, sort) => {
    const whole = await walk(100, sort);
    expect(new Set(whole).size).toBe(LABELS.length * 2);
    for (const limit of [1, 3, 7]) expect(await walk(limit, sort)).toEqual(whole);
  });

  it('sort as code points do, whatever the database thinks of letters', async () => {
    expect(await walk(100, [{ field: 'name', direction: 'asc' }])).toEqual((await walk(100, [])).toSorted());
  });

  it('neither repeat nor hide rows when others come and go', async () => {
    const sort = [{ field: 'name', direction: 'asc' }] as const;
    const all = await walk(100, sort);
    const first = await store.clusters.list({ limit: 4, sort });
    const early = await store.register('a-early');
    const gone = first.items.at(-1);
    await store.dataSource.query('UPDATE cluster SET deleted_at = now() WHERE id = $1', [gone?.id]);
    const rest = await store.clusters.list({ limit: 100, sort, after: first.next ?? [] });
    expect([...first.items, ...rest.items].map(({ name }) => name)).toEqual(all);
    await store.dataSource.query('UPDATE cluster SET deleted_at = NULL WHERE id = $1', [gone?.id]);
    await store.clusters.delete(early, null, { purge: true });
  });

  it.each<[CursorValues]>([[['x']], [[]], [['x', 'y', 'z']]])('refuse a cursor of another sort: %j', async (after) => {
    await expect(store.clusters.list({ limit: 1, after })).rejects.toBeInstanceOf(InvalidCursor);
  });

  it('refuse a cursor whose values are not of the field', async () => {
    const sort = [{ field: 'createdAt', direction: 'asc' }] as const;
    await expect(store.clusters.list({ limit: 1, sort, after: ['yesterdayish', 'cls_1'] })).rejects.toBeInstanceOf(
      InvalidCursor,
    );
  });
});

describe('label selectors', () => {
  it.each([
    'env=prod',
    'env!=prod',
    'env in (prod,lab)',
    'env notin (prod,lab)',
    'env=',
    'env',
    '!env',
    'env,!tier',
    'env=prod,tier=gold',
    'example.com/site=lyon',
    'example.com/site!=lyon,env',
    'missing notin (a)',
    '',
  ])('match as they do in Kubernetes: %j', async (text) => {
    const labelSelector = parseLabelSelector(text);
    const matched = await store.clusters.list({ limit: 100, filter: { labelSelector } });
    const expected = LABELS.filter((labels) => matchesLabels(labelSelector, labels)).length * 2;
    expect(matched.items).toHaveLength(expected);
    expect(matched.total.count).toBe(expected);
    expect(matched.items.every(({ labels }) => matchesLabels(labelSelector, labels))).toBe(true);
  });

  it('are values, never SQL', async () => {
    const labelSelector = [{ key: "x' OR true --", operator: 'in', values: ["') OR true --", 'b'] }] as const;
    expect((await store.clusters.list({ limit: 100, filter: { labelSelector } })).items).toEqual([]);
  });
});

describe('filters', () => {
  it.each([
    [{ role: ['management'] }, 8],
    [{ role: ['management', 'tenant'] }, 14],
    [{ role: [] }, 0],
    [{ compliant: true }, 7],
    [{ compliant: false, role: ['tenant'] }, 3],
    [{ q: 'C-0-' }, 1],
    [{ q: '%' }, 0],
    [{ q: '_' }, 0],
    [{ unreachable: true }, 0],
    [{ conditions: [{ type: 'Reachable', status: 'True' }] }, 0],
    [{ tenant: ['nobody'] }, 0],
  ] as const)('%j: %i', async (filter, count) => {
    expect((await store.clusters.list({ limit: 100, filter })).total.count).toBe(count);
  });
});

it('counts exactly up to 10,000, then says "at least"', async () => {
  await store.dataSource.query(
    `INSERT INTO cluster (id, name, connection) SELECT 'cls_many_' || n, 'many-' || n, '{}' FROM generate_series(1, 10000) n`,
  );
  const filter = { q: 'many-' };
  expect((await store.clusters.list({ limit: 1, filter })).total).toEqual({ count: 10_000, type: 'exact' });
  expect((await store.clusters.list({ limit: 1 })).total).toEqual({ count: 10_000, type: 'atLeast' });
  await store.dataSource.query(`DELETE FROM cluster WHERE id LIKE 'cls_many_%'`);
});
