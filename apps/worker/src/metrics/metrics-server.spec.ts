import { afterEach, describe, expect, it } from 'vitest';
import type { Control } from '#libs/core';
import { MetricsServer } from './metrics-server.js';
import { WorkerMetrics } from './worker-metrics.js';

let server: MetricsServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function serve(metrics: WorkerMetrics, ready: () => Promise<void>) {
  const { registry } = metrics;
  const source = { ready, contentType: registry.contentType, metrics: () => registry.metrics() };
  server = await MetricsServer.start({ host: '127.0.0.1', port: 0 }, source);
  return (path: string) => fetch(`http://127.0.0.1:${server?.port}${path}`);
}

describe('MetricsServer', () => {
  it('shows the metrics', async () => {
    const metrics = new WorkerMetrics();
    metrics.targets.inc({ outcome: 'notEvaluated', cause: 'unreachable' });
    metrics.recordDepth('audit', { waiting: 3, active: 1, delayed: 0 });
    const get = await serve(metrics, async () => undefined);
    const response = await get('/metrics');
    const text = await response.text();
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(text).toContain('plimsoll_targets_total{outcome="notEvaluated",cause="unreachable"} 1');
    expect(text).toContain('plimsoll_queue_depth{queue="audit",state="waiting"} 3');
  });

  it.each([
    ['/livez', 200],
    ['/readyz', 200],
    ['/readyz?verbose', 200],
    ['/', 404],
    ['/metrics/x', 404],
  ])('answers %s with %i', async (path, status) => {
    const get = await serve(new WorkerMetrics(), async () => undefined);
    expect((await get(path)).status).toBe(status);
  });

  it('is alive but not ready without its services, and does not say more', async () => {
    const get = await serve(new WorkerMetrics(), () => Promise.reject(new Error('postgres://user:hidden@db')));
    expect((await get('/livez')).status).toBe(200);
    const response = await get('/readyz');
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('hidden');
  });
});

describe('WorkerMetrics', () => {
  it('times each control, also one that throws', async () => {
    const metrics = new WorkerMetrics();
    const control = (id: string, evaluate: Control['evaluate']) => ({ id, evaluate }) as Control;
    const [fine, broken] = metrics.timed([
      control('FLUX-X-01', () => []),
      control('FLUX-X-02', () => {
        throw new Error('a defect');
      }),
    ]);
    expect(fine?.evaluate({}, { now: 0 })).toEqual([]);
    expect(() => broken?.evaluate({}, { now: 0 })).toThrow('a defect');
    const text = await metrics.registry.metrics();
    expect(text).toContain('plimsoll_check_duration_seconds_count{control="FLUX-X-01"} 1');
    expect(text).toContain('plimsoll_check_duration_seconds_count{control="FLUX-X-02"} 1');
  });
});
