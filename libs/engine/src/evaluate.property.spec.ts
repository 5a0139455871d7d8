import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ControlResult, OUTCOME_ORDER, type Observation, worstOutcome } from '#libs/core';
import { assess } from '../../../test/support/control-stub.js';
import { anyObservation } from '../../../test/support/observation-arbitrary.js';
import { score } from './score.js';

const observations = fc.array(anyObservation, { maxLength: 8 });

function resultOf(given: readonly Observation[]): ControlResult {
  const [result] = assess({ 'T-1': given }).results;
  if (!result) throw new Error('no result');
  return result;
}

it('the order of observations does not matter', () => {
  const shuffled = observations.chain((given) =>
    fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
  );
  fc.assert(
    fc.property(shuffled, ([given, other]) => {
      expect(resultOf(other)).toEqual(resultOf(given));
    }),
  );
});

it('the outcome is the worst of its observations, and each is counted once', () => {
  fc.assert(
    fc.property(observations, (given) => {
      const { outcome, counts, partial, cause } = resultOf(given);
      expect(outcome).toBe(worstOutcome(given.map((each) => each.outcome)));
      expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(given.length);
      expect(partial).toBe(outcome === 'fail' && counts.notEvaluated > 0);
      expect(cause !== undefined).toBe(outcome === 'notEvaluated');
    }),
  );
});

it('nothing passes without a passing observation, or beside a worse one', () => {
  fc.assert(
    fc.property(observations, (given) => {
      const { outcome, counts } = resultOf(given);
      const { fail, warn, notEvaluated, manual } = counts;
      expect(outcome === 'pass').toBe(counts.pass > 0 && fail + warn + notEvaluated + manual === 0);
    }),
  );
});

it('one more observation never makes an outcome better', () => {
  fc.assert(
    fc.property(observations, anyObservation, (given, more) => {
      const rank = (result: ControlResult) => OUTCOME_ORDER.indexOf(result.outcome);
      expect(rank(resultOf([...given, more]))).toBeLessThanOrEqual(rank(resultOf(given)));
    }),
  );
});

it('an unreadable cluster never raises the score of a fleet', () => {
  fc.assert(
    fc.property(fc.array(observations, { minLength: 1, maxLength: 4 }), observations, (fleet, lost) => {
      const seen = fleet.map((given) => assess({ 'T-1': given }));
      const blind = assess({ 'T-1': lost }, { unavailable: { namespaces: 'unreachable' } });
      const [before, after] = [score(seen), score([...seen, blind])];
      expect(after.clusters.compliant).toBe(before.clusters.compliant);
      expect(after.coverage.ratio).toBeLessThan(1);
      expect({ ...after.outcomes, notEvaluated: 0 }).toEqual({ ...before.outcomes, notEvaluated: 0 });
    }),
  );
});
