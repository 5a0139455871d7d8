import { describe, expect, it } from 'vitest';
import { alertedMark, standingMarks } from './remote-apply-words.js';

const FINE = { ready: true, suspended: false, overdue: false, cause: null, silent: false, stale: false } as const;
const cause = { code: 'NETWORK', message: 'it cannot be reached' };

describe('how a remote apply stands', () => {
  it.each([
    ['ready', FINE, 'pass ready'],
    ['not ready yet', { ...FINE, ready: null }, 'notEvaluated not known'],
    ['not ready, without a cause', { ...FINE, ready: false }, 'fail not ready'],
    ['failing', { ...FINE, ready: false, cause }, 'fail failing'],
    ['failing, and nobody is told', { ...FINE, ready: false, cause, silent: true }, 'fail failing silently'],
    ['failing, and that is not known', { ...FINE, ready: false, cause, silent: null }, 'fail failing'],
    ['failing although it says it is ready', { ...FINE, cause }, 'fail failing'],
    ['suspended', { ...FINE, suspended: true }, 'warn suspended'],
    ['overdue and not looked at', { ...FINE, overdue: true, stale: true }, 'warn overdue, stale stale'],
  ])('%s', (_name, standing, words) => {
    expect(
      standingMarks(standing)
        .map(({ state, word }) => `${state} ${word}`)
        .join(', '),
    ).toBe(words);
  });

  it.each([
    [true, 'pass'],
    [false, 'fail'],
    [null, 'notEvaluated'],
  ] as const)('alerted: %s', (covered, state) => {
    expect(alertedMark(covered).state).toBe(state);
  });
});
