import { describe, expect, it } from 'vitest';
import { createLogger } from '#libs/platform';
import { eventually } from '../../../../test/support/eventually.js';
import { Loop } from './loop.js';

const log = createLogger('test', { level: 'silent' });
const HOUR = 3_600_000;

describe('Loop', () => {
  it('goes on at once while there is more to do, then pauses', async () => {
    let turns = 0;
    const loop = new Loop({ name: 'x', everyMs: HOUR, log, turn: async () => (turns += 1) < 5 });
    loop.start();
    await eventually('five turns', () => turns === 5);
    await loop.stop();
    expect(turns).toBe(5);
  });

  it('repeats after an error', async () => {
    let turns = 0;
    const turn = async () => {
      turns += 1;
      if (turns < 3) throw new Error('no database');
      return false;
    };
    const loop = new Loop({ name: 'x', everyMs: 1, log, turn });
    loop.start();
    await eventually('it works again', () => turns > 3);
    await loop.stop();
    expect(turns).toBeGreaterThan(3);
  });

  it('ends the turn before it stops, and starts no other', async () => {
    let finish = () => {};
    const held = new Promise<void>((resolve) => (finish = resolve));
    let ended = 0;
    const turn = async () => {
      await held;
      ended += 1;
      return true;
    };
    const loop = new Loop({ name: 'x', everyMs: 1, log, turn });
    loop.start();
    const stopped = loop.stop();
    finish();
    await stopped;
    expect(ended).toBe(1);
  });

  it('stops where it was never started', async () => {
    const loop = new Loop({ name: 'x', everyMs: 1, log, turn: async () => true });
    await expect(loop.stop()).resolves.toBeUndefined();
  });
});
