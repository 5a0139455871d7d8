import type { AdmissionPolicy, AdmissionPolicyBinding } from '#libs/core';
import { asksWho, type Effect, gap, GAPS, LETS, type ReadyRule, REFUSES } from '../rule.js';
import type { Situation } from '../situation.js';
import { FALSE, TRUE } from '../values.js';
import { evaluateCel } from '../cel/evaluate.js';
import { conditionsHold, policyScope, type Verdict, verdictOf } from './cel-rules.js';
import { allOf, matchesResources, namesResource } from './match-resources.js';

/**
 * The validations of ValidatingAdmissionPolicies, each with the bindings of its policy. Without a binding a policy does
 * nothing. https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function validatingPolicyRules(
  objects: readonly (AdmissionPolicy | AdmissionPolicyBinding)[],
): readonly ReadyRule[] {
  const bindings = new Map<string, AdmissionPolicyBinding[]>();
  for (const object of objects) {
    if (object.kind !== 'ValidatingAdmissionPolicyBinding' || !isBinding(object)) continue;
    const { policyName } = object.spec;
    bindings.set(policyName, [...(bindings.get(policyName) ?? []), object]);
  }
  return objects.flatMap((policy) => {
    if (policy.kind !== 'ValidatingAdmissionPolicy' || isBinding(policy)) return [];
    const own = bindings.get(policy.metadata.name) ?? [];
    const people = asksWho(policy.spec);
    return (policy.spec.validations ?? []).map((validation, index): ReadyRule => ({
      rule: {
        engine: 'ValidatingAdmissionPolicy',
        object: policy,
        name: `validation ${index + 1}`,
        pointer: `/spec/validations/${index}`,
      },
      asksWho: people,
      concerns: (target) => {
        const { resourceRules = [], matchPolicy } = policy.spec.matchConstraints ?? {};
        return resourceRules.some((rule) => namesResource(rule, target, matchPolicy));
      },
      judge: (situation) => judge(policy, own, validation.expression, situation),
    }));
  });
}

function isBinding(object: AdmissionPolicy | AdmissionPolicyBinding): object is AdmissionPolicyBinding {
  return 'policyName' in object.spec;
}

function judge(
  policy: AdmissionPolicy,
  bindings: readonly AdmissionPolicyBinding[],
  expression: string,
  situation: Situation,
): Effect {
  const { spec } = policy;
  const failOnError = spec.failurePolicy !== 'Ignore';
  const scope = policyScope(situation, spec.variables);
  const verdict = verdictOf(evaluateCel(expression, scope), failOnError);
  if (verdict === 'accepted') return LETS;
  const active = conditionsHold(spec.matchConditions, scope);
  if (active === FALSE) return leftOut('its matchConditions leave these requests out', verdict);
  if (bindings.length === 0) return gap('audited', 'no binding puts it to work');
  const effects = bindings.map((binding) => ({ binding, ...bound(policy, binding, situation) }));
  const refusing = effects.filter(({ effect }) => effect === 'refuses').map(({ binding }) => binding);
  if (refusing.length === 0) {
    const nearest = GAPS.map((kind) => effects.find((each) => each.effect === 'gap' && each.gap === kind)).find(
      Boolean,
    );
    return nearest ?? LETS;
  }
  if (active.type === 'choice') return gap('excluded', 'its matchConditions let an author choose not to be asked');
  if (active !== TRUE) return gap('notUnderstood', 'its matchConditions are not understood');
  if (verdict === 'refused') return REFUSES;
  // Parameters without a namespace may come from the namespace of the object.
  const listed = refusing.some(({ spec: { paramRef } }) => typeof paramRef?.['namespace'] === 'string');
  return verdict === 'byParameter' && situation.listsCount === true && listed
    ? REFUSES
    : gap('notUnderstood', 'its expression is not understood');
}

function leftOut(why: string, verdict: Verdict): Effect {
  return verdict === 'opaque' ? LETS : gap('excluded', why);
}

/** What one binding makes of a validation that does not hold. */
function bound(policy: AdmissionPolicy, binding: AdmissionPolicyBinding, situation: Situation): Effect {
  const { target, operation, namespace } = situation;
  const name = binding.metadata.name;
  const match = allOf([
    matchesResources(policy.spec.matchConstraints ?? {}, target, operation, namespace),
    matchesResources(binding.spec.matchResources ?? {}, target, operation, namespace),
  ]);
  if (match === 'opaque')
    return gap('notUnderstood', 'the labels of the namespace, which it selects by, were not read');
  if (match === 'no') return gap('excluded', `neither it nor its binding ${name} matches ${operation} there`);
  if (match === 'maybe') return gap('excluded', 'it selects objects by names or labels, which their author chooses');
  if (!binding.spec.validationActions?.includes('Deny')) {
    return gap('audited', `its binding ${name} has no validationAction Deny`);
  }
  const parameters = binding.spec.paramRef;
  if (policy.spec.paramKind && parameters && parameters['parameterNotFoundAction'] !== 'Deny') {
    return gap('failsOpen', `its binding ${name} lets requests through while its parameters are missing`);
  }
  if (policy.spec.paramKind && parameters && policy.spec.failurePolicy === 'Ignore') {
    return gap('failsOpen', 'it ignores failures, missing parameters among them');
  }
  return REFUSES;
}
