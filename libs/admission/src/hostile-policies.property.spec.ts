import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EnginePolicy, JsonObject } from '#libs/core';
import { evaluateCel } from './cel/evaluate.js';
import { keepsPodsFrom, namesAccount } from './demands.js';
import { admissionOf } from './protection.js';
import { CHOICE, FALSE, map, TRUE } from './values.js';

const WORDS = [
  'any',
  'all',
  'resources',
  'kinds',
  'Kustomization',
  'namespaces',
  'team-a',
  'pattern',
  'deny',
  'conditions',
  'key',
  'operator',
  'value',
  'Equals',
  '{{ request.object.spec.a[].b || `[]` }}',
  '=(spec)',
  'X(a)',
  '*',
  'cel',
  'expressions',
  'expression',
  'match',
  'exclude',
  'subjects',
  'podSecurity',
  'level',
  'baseline',
];
const word = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...WORDS) }, { weight: 1, arbitrary: fc.string() });
const json = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    word,
    fc.integer(),
    fc.constant(null),
    fc.boolean(),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(word, tie('node'), { maxKeys: 4 }),
  ),
})).node;
const object = fc.dictionary(word, json, { maxKeys: 5 });

function policy(apiVersion: string, kind: string, spec: unknown): EnginePolicy {
  return { apiVersion, kind, metadata: { name: 'p' }, spec: spec as JsonObject };
}

it('takes policies of any shape without an error, and trusts none of them', () => {
  fc.assert(
    fc.property(object, object, object, (match, validate, other) => {
      const rules = [{ name: 'r', match, validate, exclude: other, preconditions: other }];
      const enginePolicies = [
        policy('kyverno.io/v1', 'ClusterPolicy', { validationFailureAction: 'Enforce', rules, ...other }),
        policy('kyverno.io/v2', 'PolicyException', { exceptions: [other], match }),
        policy('policies.kyverno.io/v1', 'ValidatingPolicy', { ...validate, matchConstraints: match }),
        policy('constraints.gatekeeper.sh/v1beta1', 'K8sPSPPrivilegedContainer', { match, parameters: other }),
        policy('config.gatekeeper.sh/v1alpha1', 'Config', other),
      ];
      const admission = admissionOf({
        webhookConfigurations: [],
        admissionPolicies: [],
        enginePolicies,
        namespaces: [],
      });
      for (const demand of [namesAccount('Kustomization'), keepsPodsFrom('privileged')]) {
        // Without a webhook nothing is enforced.
        expect(admission.protects(demand, 'team-a', [{ user: 'a', groups: [] }]).state).toBe('open');
      }
    }),
    { numRuns: 300 },
  );
});

const atom = fc.constantFrom(
  'object.a',
  'object.b.c',
  'has(object.a)',
  "object.a == 'x'",
  'true',
  'false',
  '1',
  "'x'",
  'unknown',
  "object.list.all(i, i == 'x')",
  'size(object.a) > 0',
  '[1, 2]',
  "{'a': 1}",
  '(',
  ')',
  '!',
  '&&',
);
const expression = fc
  .array(fc.tuple(atom, fc.constantFrom(' && ', ' || ', ' == ', ' ? true : ', ' + ', ' in ', '.', ' ')), {
    maxLength: 12,
  })
  .map((parts) => parts.flat().join('') + 'true');

it('evaluates any text without an error', () => {
  const value = map({ a: CHOICE }, CHOICE);
  fc.assert(
    fc.property(fc.oneof(expression, fc.string()), (text) => {
      expect(evaluateCel(text, { get: (name) => (name === 'object' ? value : undefined) }).type).toMatch(/./);
    }),
    { numRuns: 500 },
  );
});

it('says the same of more than it knows: what is true of every object is true of one', () => {
  const known = map({ a: { type: 'scalar', value: 'x' }, b: map({ c: TRUE }), list: { type: 'list', items: [] } });
  const unknown = map({}, CHOICE);
  const say = (text: string, value: typeof known) =>
    evaluateCel(text, { get: (name) => (name === 'object' ? value : undefined) });
  fc.assert(
    fc.property(expression, (text) => {
      const every = say(text, unknown);
      const one = every === TRUE || every === FALSE ? say(text, known) : every;
      expect(one).toBe(every);
    }),
    { numRuns: 1000 },
  );
});
