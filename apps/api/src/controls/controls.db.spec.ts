import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { benchmarks, catalog } from '#libs/controls';
import { startApi, type TestApi } from '../../../../test/support/api/harness.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const get = async (path: string) => (await api.get(path, { as: 'viewer' })).body;

describe('controls', () => {
  it('are the catalog, page by page', async () => {
    const ids: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page: { items: { id: string }[]; page: { next: string | null } } = await get(
        `/controls?limit=3${next === '' ? '' : `&cursor=${next}`}`,
      );
      ids.push(...page.items.map(({ id }) => id));
      next = page.page.next;
    }
    expect(ids).toEqual(catalog.map(({ id }) => id).toSorted());
  });

  it('can be filtered by every documented filter', async () => {
    const [control] = catalog;
    if (!control) throw new Error('The catalog is empty.');
    const ids = async (query: string) =>
      (await get(`/controls?${query}&limit=1000`)).items.map(({ id }: { id: string }) => id);
    expect(await ids(`q=${control.id.toLowerCase()}`)).toEqual([control.id]);
    expect(await ids(`family=${control.family}`)).toContain(control.id);
    expect(await ids(`severity=${control.severity}`)).toContain(control.id);
    expect(await ids('severity=info&family=none')).toEqual([]);
  });

  it.each(catalog.map(({ id }) => id))('%s is explained: why, how, what to do, what it reads', async (id) => {
    const control = await get(`/controls/${id}`);
    for (const text of ['title', 'rationale', 'audit', 'remediation']) expect(control[text].length).toBeGreaterThan(20);
    expect(control.examples.failing.length).toBeGreaterThan(0);
    expect(control.reads.length > 0 || control.family === 'Break-glass').toBe(true);
  });

  it('are named by benchmarks, which are read-only', async () => {
    expect((await get('/benchmarks')).items).toEqual(benchmarks);
    for (const benchmark of benchmarks) {
      expect(await get(`/benchmarks/${encodeURIComponent(benchmark.id)}`)).toEqual(benchmark);
      const automated = benchmark.requirements.find(({ controls }) => controls.length > 0);
      const [id = ''] = automated?.controls ?? [];
      expect((await get(`/controls/${id}`)).benchmarks).toContainEqual(
        expect.objectContaining({ benchmarkId: benchmark.id, requirementId: automated?.id }),
      );
    }
  });
});
