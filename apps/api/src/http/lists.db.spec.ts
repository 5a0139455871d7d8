import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Keyring } from '#libs/platform';
import { startApi, type TestApi } from '../../../../test/support/api/harness.js';
import { CursorCodec, listDigest } from './cursor.js';

let now = Date.now();
let api: TestApi;
beforeAll(async () => {
  api = await startApi({ now: () => now });
});
afterAll(() => api.close());
beforeEach(async () => {
  await api.store.dataSource.query('DELETE FROM tenant');
  now = Date.now();
});

const nameOf = (index: number) => `t-${String(index).padStart(4, '0')}`;

async function insert(names: readonly string[]): Promise<void> {
  await api.store.dataSource.query(
    `INSERT INTO tenant (id, name, display_name) SELECT 'tnt_' || upper(replace(name, '-', '')), name, name
     FROM unnest($1::text[]) AS name ON CONFLICT DO NOTHING`,
    [names],
  );
}

async function remove(names: readonly string[]): Promise<void> {
  await api.store.dataSource.query('DELETE FROM tenant WHERE name = ANY($1::text[])', [names]);
}

/** Walks a list page by page. `between` runs after each page and gets its number. */
async function walk(
  query: string,
  limitOf: (page: number) => number,
  between: (page: number) => Promise<void>,
): Promise<string[]> {
  const names: string[] = [];
  let cursor: string | null = '';
  for (let page = 0; cursor !== null; page += 1) {
    const continued: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { status, body, headers } = await api.get(`/tenants?limit=${limitOf(page)}${query}${continued}`);
    if (status !== 200) throw new Error(`page ${page}: ${status} ${body.code}`);
    names.push(...body.items.map(({ name }: { name: string }) => name));
    cursor = body.page.next;
    expect(headers['link'] === undefined).toBe(cursor === null);
    await between(page);
  }
  return names;
}

describe('walking a list', () => {
  it('shows each row that is there throughout exactly once, whatever comes and goes', async () => {
    const rows = 60;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('', '&sort=-name', '&sort=createdAt', '&sort=-createdAt,name'),
        fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 8 }),
        fc.array(
          fc.record({
            add: fc.array(fc.nat(rows - 1), { maxLength: 6 }),
            drop: fc.array(fc.nat(rows - 1), { maxLength: 6 }),
          }),
          { minLength: 1, maxLength: 6 },
        ),
        async (sort, limits, changes) => {
          await api.store.dataSource.query('DELETE FROM tenant');
          // Even rows stay; odd ones come and go while the list is read.
          const stay = Array.from({ length: rows }, (_, index) => nameOf(2 * index));
          await insert(stay);
          const seen = await walk(
            sort,
            (page) => limits[page % limits.length] ?? 1,
            async (page) => {
              const change = changes[page % changes.length];
              await insert((change?.add ?? []).map((index) => nameOf(2 * index + 1)));
              await remove((change?.drop ?? []).map((index) => nameOf(2 * index + 1)));
            },
          );
          expect(new Set(seen).size).toBe(seen.length);
          expect(stay.filter((name) => !seen.includes(name))).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('does not need the row that a page ended with', async () => {
    await insert(Array.from({ length: 10 }, (_, index) => nameOf(index)));
    const seen = await walk(
      '',
      () => 3,
      async (page) => {
        if (page === 0) await remove([nameOf(2)]);
      },
    );
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(nameOf));
  });

  it('follows the Link header as well', async () => {
    await insert(Array.from({ length: 5 }, (_, index) => nameOf(index)));
    const seen: string[] = [];
    let url: string | undefined = `/tenants?limit=2&q=t-&labelSelector=${encodeURIComponent('!x')}`;
    while (url !== undefined) {
      const { body, headers } = await api.get(url);
      seen.push(...body.items.map(({ name }: { name: string }) => name));
      url = /^<([^>]+)>; rel="next"$/.exec(headers['link'] ?? '')?.[1];
    }
    expect(seen).toHaveLength(5);
  });

  it('counts to 10,000 and then says that there are more', async () => {
    await insert(Array.from({ length: 9_999 }, (_, index) => nameOf(index)));
    expect((await api.get('/tenants?limit=1')).body.page.total).toEqual({ count: 9_999, type: 'exact' });
    await insert([nameOf(9_999), 't-x1', 't-x2']);
    expect((await api.get('/tenants?limit=1')).body.page.total).toEqual({ count: 10_000, type: 'atLeast' });
  });
});

describe('a cursor', () => {
  async function firstCursor(query = ''): Promise<string> {
    await insert(Array.from({ length: 5 }, (_, index) => nameOf(index)));
    return (await api.get(`/tenants?limit=2${query}`)).body.page.next;
  }

  it('may be continued with another page size', async () => {
    const cursor = await firstCursor();
    expect((await api.get(`/tenants?limit=1&cursor=${cursor}`)).body.items).toHaveLength(1);
  });

  it.each(['&sort=-name', '&q=t', '&isolation=high', '&labelSelector=x'])('does not go with %s', async (query) => {
    const { status, body } = await api.get(`/tenants?limit=2${query}&cursor=${await firstCursor()}`);
    expect([status, body.code]).toEqual([400, 'cursor-mismatch']);
  });

  it('does not go with another list', async () => {
    const { body } = await api.get(`/clusters?limit=2&cursor=${await firstCursor()}`);
    expect(body.code).toBe('cursor-mismatch');
  });

  it('of another version, whose values the store cannot read, is not an error of ours', async () => {
    const digest = listDigest('/runs', { sort: '-createdAt' });
    const codec = new CursorCodec(api.app.get(Keyring).derive('cursors'), () => now);
    for (const position of [['not a time', 'run_1'], ['2026-11-24T00:00:00Z']]) {
      const { status, body } = await api.get(`/runs?cursor=${codec.encode(digest, position)}`);
      expect([status, body.code]).toEqual([400, 'cursor-mismatch']);
    }
  });

  it('expires after an hour', async () => {
    const cursor = await firstCursor();
    now += 60 * 60_000;
    expect((await api.get(`/tenants?limit=2&cursor=${cursor}`)).status).toBe(200);
    now += 1;
    const { status, body } = await api.get(`/tenants?limit=2&cursor=${cursor}`);
    expect([status, body.code]).toEqual([410, 'cursor-expired']);
  });
});

describe('every list', () => {
  it('can be sorted by every key that it documents', async () => {
    const { operations } = await import('../../../../test/support/api/contract.js');
    const lists = operations.filter(
      ({ method, path, parameters }) =>
        method === 'get' && !path.includes('{') && parameters.some((parameter) => parameter['name'] === 'sort'),
    );
    expect(lists.length).toBeGreaterThan(10);
    for (const { path, parameters } of lists) {
      const sort = parameters.find((parameter) => parameter['name'] === 'sort') as { description: string };
      const keys = [...sort.description.matchAll(/`(\w+)`/g)].map((match) => match[1]);
      for (const key of keys) {
        for (const order of [key, `-${key}`]) {
          const { status } = await api.get(`${path}?sort=${order}`);
          expect([path, order, status]).toEqual([path, order, 200]);
        }
      }
    }
  });
});
