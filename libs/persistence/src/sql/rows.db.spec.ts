import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Store, openStore } from '../../../../test/support/store.js';
import { createDataSource } from '../data-source.js';
import { changed, row, rows, transaction } from './rows.js';

let store: Store;
beforeAll(async () => {
  store = await openStore();
  await store.dataSource.query('CREATE TABLE pair (id integer PRIMARY KEY, n integer NOT NULL DEFAULT 0)');
  await store.dataSource.query('INSERT INTO pair (id) VALUES (1), (2)');
});
afterAll(() => store.close());

describe('transaction', () => {
  it('is run again where PostgreSQL ends it because of a deadlock', async () => {
    let arrived = 0;
    let open: () => void = () => {};
    const bothHoldOne = new Promise<void>((resolve) => (open = resolve));
    let attempts = 0;
    const crossing = (first: number, second: number) =>
      transaction(store.dataSource, async (manager) => {
        attempts += 1;
        await changed(manager, 'UPDATE pair SET n = n + 1 WHERE id = $1', [first]);
        arrived += 1;
        if (arrived === 2) open();
        await bothHoldOne;
        await changed(manager, 'UPDATE pair SET n = n + 1 WHERE id = $1', [second]);
      });
    await Promise.all([crossing(1, 2), crossing(2, 1)]);
    expect(attempts).toBe(3);
    expect(await rows(store.dataSource, 'SELECT id, n FROM pair ORDER BY id')).toEqual([
      { id: 1, n: 2 },
      { id: 2, n: 2 },
    ]);
  });

  it('is not run again because of an error of its own', async () => {
    let attempts = 0;
    const failing = transaction(store.dataSource, async (manager) => {
      attempts += 1;
      await changed(manager, 'UPDATE pair SET n = 100');
      throw new Error('mine');
    });
    await expect(failing).rejects.toThrow('mine');
    expect(attempts).toBe(1);
    expect(await row(store.dataSource, 'SELECT max(n) AS n FROM pair')).toEqual({ n: 2 });
  });
});

it.each([
  ['SELECT 1 AS one WHERE false', []],
  ['SELECT id FROM pair ORDER BY id', [{ id: 1 }, { id: 2 }]],
  ['UPDATE pair SET n = n WHERE id = 1 RETURNING id', [{ id: 1 }]],
  ['UPDATE pair SET n = n WHERE false RETURNING id', []],
  ['WITH w AS (DELETE FROM pair WHERE false RETURNING id) SELECT * FROM w', []],
  [`SELECT '2026-11-01T01:00:00.123+01'::timestamptz(3) AS at`, [{ at: '2026-11-01T00:00:00.123Z' }]],
])('rows of %s', async (sql, expected) => {
  expect(await rows(store.dataSource, sql)).toEqual(expected);
});

it('counts what was changed', async () => {
  expect(await changed(store.dataSource, 'UPDATE pair SET n = n')).toBe(2);
  expect(await changed(store.dataSource, 'DELETE FROM pair WHERE false')).toBe(0);
});

it('ends a statement that takes too long', async () => {
  const impatient = await createDataSource(store.url, { max: 1, statementTimeoutMs: 50 }).initialize();
  try {
    await expect(impatient.query('SELECT pg_sleep(30)')).rejects.toThrow(/statement timeout/);
  } finally {
    await impatient.destroy();
  }
});
