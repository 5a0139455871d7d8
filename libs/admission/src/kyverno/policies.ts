import type { EnginePolicy, JsonObject, WebhookConfiguration } from '#libs/core';
import { evaluateCel } from '../cel/evaluate.js';
import { isObject, listAt, objectAt, textAt, textsAt } from '../json-access.js';
import { conditionsHold, namedExpressions, policyScope } from '../native/cel-rules.js';
import { allOf } from '../native/match-resources.js';
import { asksWho, type Effect, gap, LETS, type ReadyRule } from '../rule.js';
import { objectOf, type Situation } from '../situation.js';
import { and, FALSE, not, OPAQUE, or, TRUE, type Value } from '../values.js';
import { handedTo } from '../webhooks.js';
import { conditionsOf } from './conditions.js';
import { isExcepted } from './exceptions.js';
import { filtersOf, matchesBlock, namesKind } from './match.js';
import { enforces } from './mode.js';
import { matchesKyvernoPattern } from './pattern.js';
import { podSecuritySays } from './pod-security-rule.js';

/**
 * The validate rules of Kyverno's ClusterPolicies and Policies (`kyverno.io`). Rules that change or create objects are
 * no protection. https://kyverno.io/docs/policy-types/cluster-policy/validate/
 */
export function kyvernoRules(
  objects: readonly EnginePolicy[],
  webhooks: readonly WebhookConfiguration[] | undefined,
): readonly ReadyRule[] {
  const exceptions = objects.filter(
    ({ apiVersion, kind }) => kind === 'PolicyException' && apiVersion.startsWith('kyverno.io/'),
  );
  const people = asksWho(
    exceptions.map(({ spec }) => spec),
    webhooks,
  );
  return objects.flatMap((policy) => {
    if (!policy.apiVersion.startsWith('kyverno.io/') || !['ClusterPolicy', 'Policy'].includes(policy.kind)) return [];
    return (listAt(policy.spec, 'rules') ?? []).flatMap((rule, index): readonly ReadyRule[] => {
      if (!isObject(rule) || !isObject(rule['validate'])) return [];
      const name = textAt(rule, 'name') ?? `rule ${index + 1}`;
      return [
        {
          rule: { engine: 'Kyverno', object: policy, name, pointer: `/spec/rules/${index}` },
          asksWho: people || asksWho(rule),
          concerns: (target) =>
            filtersOf(rule['match']).some((filter) =>
              (textsAt(filter, 'resources', 'kinds') ?? ['*']).some((kind) => namesKind(kind, target)),
            ),
          judge: (situation) => judge({ policy, rule, name, exceptions, webhooks }, situation),
        },
      ];
    });
  });
}

interface KyvernoRule {
  readonly policy: EnginePolicy;
  readonly rule: JsonObject;
  readonly name: string;
  readonly exceptions: readonly EnginePolicy[];
  readonly webhooks: readonly WebhookConfiguration[] | undefined;
}

function judge({ policy, rule, name, exceptions, webhooks }: KyvernoRule, situation: Situation): Effect {
  const { namespace } = situation;
  // A Policy has a say in its own namespace only.
  if (policy.kind === 'Policy' && policy.metadata.namespace !== namespace.name) return LETS;
  const accepted = acceptedBy(rule, situation);
  if (accepted === TRUE || accepted.type === 'choice') return LETS;
  const understood = accepted === FALSE;
  const match = allOf([matchesBlock(rule['match'], situation), without(matchesBlock(rule['exclude'], situation))]);
  if (match === 'no') return understood ? gap('excluded', 'its match and exclude leave these requests out') : LETS;
  if (match === 'maybe')
    return gap('excluded', 'its match and exclude depend on names, labels or annotations, which an author chooses');
  const active = and(
    conditionsOf(rule['preconditions'], situation),
    conditionsHold(namedExpressions(rule['celPreconditions']), policyScope(situation)),
  );
  if (active === FALSE) return understood ? gap('excluded', 'its preconditions leave these requests out') : LETS;
  const mode = enforces(policy.spec, rule, namespace);
  if (mode === 'no') return gap('audited', 'it reports (Audit) and does not refuse (Enforce)');
  if (policy.spec['admission'] === false) return gap('audited', 'it is for background scans only (admission: false)');
  if (isExcepted(policy, name, exceptions, situation)) return gap('excluded', 'a PolicyException exempts from it');
  if (!understood || match !== 'yes' || active !== TRUE || mode !== 'yes') {
    return gap(
      'notUnderstood',
      understood ? 'whom and when it concerns is not understood' : 'what it demands is not understood',
    );
  }
  const failurePolicy =
    textAt(policy.spec, 'webhookConfiguration', 'failurePolicy') ?? textAt(policy.spec, 'failurePolicy');
  if (failurePolicy === 'Ignore') return gap('failsOpen', 'it has failurePolicy Ignore');
  if (listAt(policy.spec, 'webhookConfiguration', 'matchConditions')?.length) {
    return gap('notUnderstood', 'its webhook has conditions of its own');
  }
  return handedTo('Kyverno', webhooks, situation);
}

const without = (match: ReturnType<typeof matchesBlock>): ReturnType<typeof matchesBlock> =>
  match === 'yes' ? 'no' : match === 'no' ? 'yes' : match;

/** Whether the object passes the rule. */
function acceptedBy(rule: JsonObject, situation: Situation): Value {
  const validate = objectAt(rule, 'validate') ?? {};
  const whole = objectOf(situation);
  if (validate['pattern'] !== undefined) return matchesKyvernoPattern(validate['pattern'], whole, situation);
  const anyPattern = listAt(validate, 'anyPattern');
  if (anyPattern) return or(...anyPattern.map((pattern) => matchesKyvernoPattern(pattern, whole, situation)));
  const deny = objectAt(validate, 'deny');
  if (deny) return not(conditionsOf(deny['conditions'], situation));
  const podSecurity = objectAt(validate, 'podSecurity');
  if (podSecurity) return podSecuritySays(podSecurity, situation);
  const cel = objectAt(validate, 'cel');
  if (cel) return celAccepts(cel, situation);
  return OPAQUE;
}

function celAccepts(cel: JsonObject, situation: Situation): Value {
  const scope = policyScope(situation, namedExpressions(cel['variables']));
  const said = (listAt(cel, 'expressions') ?? []).map((each) => evaluateCel(textAt(each, 'expression') ?? '', scope));
  // An error in an expression ends in a failed rule.
  return said.length === 0 ? OPAQUE : and(...said.map((each) => (each.type === 'error' ? FALSE : each)));
}
