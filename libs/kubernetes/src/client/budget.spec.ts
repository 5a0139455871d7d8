import { setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Budget, DEFAULT_BUDGET } from './budget.js';

const never = new AbortController().signal;

describe('slots for requests', () => {
  it('are given at once as many as a burst has, then at the rate', async () => {
    const budget = new Budget({ ...DEFAULT_BUDGET, qps: 20, burst: 3 });
    const started = performance.now();
    const waits: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      await budget.takeRequest(never);
      waits.push(performance.now() - started);
    }
    expect(waits[2]).toBeLessThan(40);
    expect(waits[4]).toBeGreaterThan(80);
  });

  it('are free again when those who wait for them give up', async () => {
    const budget = new Budget({ ...DEFAULT_BUDGET, qps: 5, burst: 1 });
    const soft = new AbortController();
    setMaxListeners(0, soft.signal);
    const waiting = Array.from({ length: 500 }, () => budget.takeRequest(soft.signal));
    const settled = Promise.allSettled(waiting);
    soft.abort(new Error('the time is up'));
    await settled;
    const started = performance.now();
    await budget.takeRequest(never);
    // A hundred seconds, had they all kept their places.
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('are refused beyond the number of requests', async () => {
    const budget = new Budget({ ...DEFAULT_BUDGET, requests: 1 });
    await budget.takeRequest(never);
    await expect(budget.takeRequest(never)).rejects.toMatchObject({ code: 'budgetExceeded', detail: 'requests' });
  });
});
