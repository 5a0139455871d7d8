import type { AdmissionRule, EnginePolicy, JsonObject, JsonValue, WebhookConfiguration } from '#libs/core';
import { evaluateCel } from '../cel/evaluate.js';
import { listAt, objectAt, textAt, textsAt } from '../json-access.js';
import { conditionsHold, namedExpressions, policyScope, verdictOf } from '../native/cel-rules.js';
import { type MatchResources, matchesResources, namesResource } from '../native/match-resources.js';
import { asksWho, type Effect, gap, LETS, type ReadyRule } from '../rule.js';
import type { Situation } from '../situation.js';
import { FALSE, TRUE } from '../values.js';
import { handedTo } from '../webhooks.js';

const GROUP = /^policies\.kyverno\.io\//;

/**
 * The validations of Kyverno's ValidatingPolicies: written like ValidatingAdmissionPolicies, run by its webhook.
 * https://kyverno.io/docs/policy-types/validating-policy/
 */
export function kyvernoValidatingRules(
  objects: readonly EnginePolicy[],
  webhooks: readonly WebhookConfiguration[] | undefined,
): readonly ReadyRule[] {
  const exceptions = objects.filter(({ apiVersion, kind }) => kind === 'PolicyException' && GROUP.test(apiVersion));
  const people = asksWho(
    exceptions.map(({ spec }) => spec),
    webhooks,
  );
  return objects.flatMap((policy) => {
    if (!GROUP.test(policy.apiVersion) || !['ValidatingPolicy', 'NamespacedValidatingPolicy'].includes(policy.kind))
      return [];
    const { spec } = policy;
    const constraints = matchResourcesOf(spec['matchConstraints']);
    return (listAt(spec, 'validations') ?? []).map((validation, index): ReadyRule => ({
      rule: {
        engine: 'Kyverno',
        object: policy,
        name: `validation ${index + 1}`,
        pointer: `/spec/validations/${index}`,
      },
      asksWho: people || asksWho(spec),
      concerns: (target) =>
        constraints.resourceRules.some((rule) => namesResource(rule, target, constraints.matchPolicy)),
      judge: (situation) => {
        if (policy.kind !== 'ValidatingPolicy' && policy.metadata.namespace !== situation.namespace.name) return LETS;
        return judge(policy, textAt(validation, 'expression') ?? '', { constraints, exceptions, webhooks }, situation);
      },
    }));
  });
}

interface Surroundings {
  readonly constraints: MatchResources;
  readonly exceptions: readonly EnginePolicy[];
  readonly webhooks: readonly WebhookConfiguration[] | undefined;
}

function judge(
  { spec, metadata }: EnginePolicy,
  expression: string,
  { constraints, exceptions, webhooks }: Surroundings,
  situation: Situation,
): Effect {
  const scope = policyScope(situation, namedExpressions(spec['variables']));
  const failOnError = textAt(spec, 'failurePolicy') !== 'Ignore';
  const verdict = verdictOf(evaluateCel(expression, scope), failOnError);
  if (verdict === 'accepted') return LETS;
  const match = matchesResources(constraints, situation.target, situation.operation, situation.namespace);
  const active = conditionsHold(namedExpressions(spec['matchConditions']), scope);
  if (match === 'no' || active === FALSE) {
    return verdict === 'opaque'
      ? LETS
      : gap('excluded', 'its matchConstraints and matchConditions leave these requests out');
  }
  if (match === 'maybe' || active.type === 'choice') return gap('excluded', 'an author can choose not to be asked');
  // What happens without validationActions is left open here.
  if (!(textsAt(spec, 'validationActions') ?? []).includes('Deny'))
    return gap('audited', 'it has no validationAction Deny');
  if (objectAt(spec, 'evaluation', 'admission')?.['enabled'] === false)
    return gap('audited', 'it is not for admission');
  const exempt = exceptions.some(
    ({ spec: exception }) =>
      (listAt(exception, 'policyRefs') ?? []).some((reference) => textAt(reference, 'name') === metadata.name) &&
      conditionsHold(namedExpressions(exception['matchConditions']), scope) !== FALSE,
  );
  if (exempt) return gap('excluded', 'a PolicyException exempts from it');
  const mode = textAt(spec, 'evaluation', 'mode') ?? 'Kubernetes';
  if (verdict !== 'refused' || match !== 'yes' || active !== TRUE || mode !== 'Kubernetes') {
    return gap('notUnderstood', 'its expressions are not understood');
  }
  if (!failOnError) return gap('failsOpen', 'it has failurePolicy Ignore');
  return handedTo('Kyverno', webhooks, situation);
}

function matchResourcesOf(
  constraints: JsonValue | undefined,
): MatchResources & { resourceRules: readonly AdmissionRule[] } {
  const matchPolicy = textAt(constraints, 'matchPolicy');
  const namespaceSelector = objectAt(constraints, 'namespaceSelector');
  const objectSelector = objectAt(constraints, 'objectSelector');
  return {
    resourceRules: (listAt(constraints, 'resourceRules') ?? []).map(ruleOf),
    excludeResourceRules: (listAt(constraints, 'excludeResourceRules') ?? []).map(ruleOf),
    ...(matchPolicy !== undefined && { matchPolicy }),
    ...(namespaceSelector && {
      namespaceSelector: namespaceSelector as JsonObject & MatchResources['namespaceSelector'],
    }),
    ...(objectSelector && { objectSelector: objectSelector as JsonObject & MatchResources['objectSelector'] }),
  };
}

function ruleOf(rule: JsonValue): AdmissionRule {
  const scope = textAt(rule, 'scope');
  const resourceNames = textsAt(rule, 'resourceNames');
  return {
    apiGroups: textsAt(rule, 'apiGroups') ?? [],
    apiVersions: textsAt(rule, 'apiVersions') ?? [],
    operations: textsAt(rule, 'operations') ?? [],
    resources: textsAt(rule, 'resources') ?? [],
    ...(scope !== undefined && { scope }),
    ...(resourceNames && { resourceNames }),
  };
}
