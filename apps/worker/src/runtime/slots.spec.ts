import { describe, expect, it } from 'vitest';
import { Slots } from './slots.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('Slots', () => {
  it('lets no more than its size run at once, in order', async () => {
    const slots = new Slots(2);
    const started: number[] = [];
    const finish: (() => void)[] = [];
    const work = [0, 1, 2, 3].map((index) =>
      slots.run(async () => {
        started.push(index);
        await new Promise<void>((resolve) => (finish[index] = resolve));
        return index;
      }),
    );
    await settle();
    expect(started).toEqual([0, 1]);
    finish[1]?.();
    await settle();
    expect(started).toEqual([0, 1, 2]);
    finish[0]?.();
    finish[2]?.();
    await settle();
    finish[3]?.();
    expect(await Promise.all(work)).toEqual([0, 1, 2, 3]);
  });

  it('gives a slot back after an error', async () => {
    const slots = new Slots(1);
    await expect(slots.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(slots.run(async () => 'yes')).resolves.toBe('yes');
  });
});
