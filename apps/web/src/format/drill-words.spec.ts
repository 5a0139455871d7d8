import { describe, expect, it } from 'vitest';
import { CELL_STATES, drillMark, stepMark, VERDICTS } from './drill-words.js';

describe('words of drills', () => {
  it.each([
    [{ state: 'completed', outcome: 'passed' }, 'pass passed'],
    [{ state: 'completed', outcome: 'failed' }, 'fail failed'],
    [{ state: 'completed', outcome: 'unknown' }, 'notEvaluated not known'],
    [{ state: 'awaitingApproval', outcome: null }, 'notApplicable waits for approval'],
    [{ state: 'expired', outcome: null }, 'notApplicable expired'],
  ] as const)('%j', (drill, words) => {
    const { state, word } = drillMark(drill);
    expect(`${state} ${word}`).toBe(words);
  });

  it('never show what is not known as good', () => {
    expect([CELL_STATES.unknown, VERDICTS.unknown.state, stepMark({ state: 'unknown' }).state]).toEqual(
      Array.from({ length: 3 }, () => 'notEvaluated'),
    );
    expect(stepMark({ state: 'skipped' }).state).toBe('notApplicable');
  });
});
