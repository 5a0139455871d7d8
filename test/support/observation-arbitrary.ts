import * as fc from 'fast-check';
import {
  type Observation,
  type Severity,
  type Subject,
  fail,
  notApplicable,
  notEvaluated,
  pass,
  warn,
} from '#libs/core';

const EVIDENCE = [{ pointer: '/spec', observed: true, expected: 'false' }] as const;

const thing = (name: string): Subject => ({ kind: 'Thing', namespace: 'apps', name });

export const bad = (name: string, reason = 'BAD', severity: Severity = 'medium'): Observation =>
  fail(thing(name), reason, 'Bad.', { evidence: EVIDENCE, severity });
export const odd = (name: string, reason = 'BAD', severity: Severity = 'medium'): Observation =>
  warn(thing(name), reason, 'Odd.', { evidence: EVIDENCE, severity });
export const fine = (name: string): Observation => pass(thing(name), 'FINE', 'Fine.');
export const unseen = (name: string): Observation =>
  notEvaluated(thing(name), 'forbidden', 'RBAC_DENIED_READ', 'Unseen.', {
    missing: [{ verb: 'list', group: '', resource: 'things' }],
  });
export const outOfScope = (name: string): Observation => notApplicable(thing(name), 'PLATFORM', 'Not a tenant.');
export const manual = (name: string): Observation => ({ ...fine(name), outcome: 'manual' });

const name = fc.constantFrom('a', 'b', 'c');
const failure = fc.tuple(name, fc.constantFrom('R1', 'R2'), fc.constantFrom<Severity>('critical', 'high', 'low'));

/** Any answer about one of three subjects, so that answers about the same one are common. */
export const anyObservation: fc.Arbitrary<Observation> = fc.oneof(
  failure.map((parts) => bad(...parts)),
  failure.map((parts) => odd(...parts)),
  name.map(fine),
  name.map(unseen),
  name.map(outOfScope),
  name.map(manual),
);
