import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { settledWithin } from './settled-within.js';
import { untilAborted } from './until-aborted.js';

const never = () => new Promise<never>(() => undefined);

describe('untilAborted', () => {
  it('gives the result of the work', async () => {
    await expect(untilAborted(Promise.resolve(7), new AbortController().signal)).resolves.toBe(7);
  });

  it('gives the error of the work', async () => {
    const error = new Error('no');
    await expect(untilAborted(Promise.reject(error), new AbortController().signal)).rejects.toBe(error);
  });

  it('leaves work that never ends', async () => {
    const stop = new AbortController();
    const result = untilAborted(never(), stop.signal);
    const reason = new Error('stop');
    stop.abort(reason);
    await expect(result).rejects.toBe(reason);
  });

  it('leaves at once where the signal is aborted already', async () => {
    await expect(untilAborted(never(), AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  });

  it('leaves no listener behind', async () => {
    const { signal } = new AbortController();
    await untilAborted(Promise.resolve(1), signal);
    await untilAborted(Promise.reject(new Error('x')), signal).catch(() => undefined);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('settledWithin', () => {
  it('gives the result of work that ends in time', async () => {
    await expect(settledWithin(60_000, Promise.resolve(7))).resolves.toBe(7);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('no'))],
    ['never ends', () => never()],
  ])('gives nothing for work that %s', async (_, work) => {
    await expect(settledWithin(5, work())).resolves.toBeUndefined();
  });
});
