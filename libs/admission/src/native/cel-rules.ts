import type { JsonValue } from '#libs/core';
import { evaluateCel, type Scope } from '../cel/evaluate.js';
import { listAt, textAt } from '../json-access.js';
import { namespaceObjectOf, objectOf, oldObjectOf, requestOf, type Situation } from '../situation.js';
import { and, FALSE, OPAQUE, PARAMETER, TRUE, type Value } from '../values.js';

export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

/**
 * What policies may name in their expressions; variables may use those before them. `params` is an object of the
 * platform that is not looked at.
 * https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#validation-expression
 */
export function policyScope(situation: Situation, variables: readonly NamedExpression[] = []): Scope {
  const object = objectOf(situation);
  const names: Readonly<Record<string, () => Value>> = {
    object: () => object,
    oldObject: () => oldObjectOf(situation),
    request: () => requestOf(situation),
    namespaceObject: () => namespaceObjectOf(situation),
    params: () => PARAMETER,
    variables: () => variablesOf(variables, scope),
  };
  const known = new Map<string, Value>();
  const scope: Scope = {
    get: (name) => {
      const compute = Object.hasOwn(names, name) ? names[name] : undefined;
      if (!compute) return undefined;
      const value = known.get(name) ?? compute();
      known.set(name, value);
      return value;
    },
  };
  return scope;
}

function variablesOf(variables: readonly NamedExpression[], outer: Scope): Value {
  const fields = new Map<string, Value>();
  for (const { name, expression } of variables) {
    const before: Value = { type: 'map', fields: new Map(fields), rest: OPAQUE };
    fields.set(name, evaluateCel(expression, { get: (each) => (each === 'variables' ? before : outer.get(each)) }));
  }
  return { type: 'map', fields, rest: OPAQUE };
}

/** All conditions must hold for a policy to be asked at all. */
export function conditionsHold(conditions: readonly NamedExpression[] = [], scope: Scope): Value {
  return and(...conditions.map(({ expression }) => evaluateCel(expression, scope)));
}

export type Verdict = 'refused' | 'byParameter' | 'accepted' | 'opaque';

/** What a validation means for the request. `failOnError`: an error refuses too. */
export function verdictOf(said: Value, failOnError: boolean): Verdict {
  if (said === FALSE) return 'refused';
  if (said === TRUE) return 'accepted';
  if (said.type === 'error') return failOnError ? 'refused' : 'accepted';
  if (said.type === 'parameter') return 'byParameter';
  return said.type === 'opaque' ? 'opaque' : 'accepted';
}

/** Variables and conditions of a policy whose shape nobody has checked. */
export function namedExpressions(json: JsonValue | undefined): readonly NamedExpression[] {
  return (listAt({ json: json ?? null }, 'json') ?? []).map((each) => ({
    name: textAt(each, 'name') ?? '',
    expression: textAt(each, 'expression') ?? '',
  }));
}
