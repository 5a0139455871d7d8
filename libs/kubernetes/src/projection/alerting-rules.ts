import type { AlertingRules, RuleEvaluator } from '#libs/core';
import { ClusterError } from '../cluster-error.js';
import { defined, Fields } from './fields.js';
import { namespacedMetadata } from './metadata.js';
import { selectorObject } from './selectors.js';

const MAX_EXPRESSION = 4_096;
/** Of one object; etcd has room for no more that say anything. */
const MAX_RULES = 5_000;

type Rule = AlertingRules['rules'][number];

/** The alerting rules of an object of the given kind and group. Labels, annotations and recording rules are not kept. */
export function projectAlertingRules(
  kind: AlertingRules['kind'],
  group: string,
): (version: string) => (item: unknown) => AlertingRules {
  return (version) => (item) => {
    const object = Fields.of(item);
    const spec = object.child('spec');
    // A recorded object has the rules themselves.
    const rules = object.children('rules')?.map(recordedRule) ?? alertsOf(spec?.children('groups') ?? []);
    if (rules.length > MAX_RULES) throw new ClusterError('malformed', { detail: 'spec.groups' });
    return { apiVersion: `${group}/${version}`, kind, metadata: namespacedMetadata(object), rules };
  };
}

function alertsOf(groups: readonly Fields[]): readonly Rule[] {
  return groups.flatMap((group, g) =>
    (group.children('rules') ?? []).flatMap((rule, r) => {
      const alert = rule.text('alert') ?? '';
      if (alert === '') return [];
      return [
        defined({
          alert,
          expr: expressionOf(rule),
          holdFor: rule.text('for'),
          pointer: `/spec/groups/${g}/rules/${r}`,
        }),
      ];
    }),
  );
}

/** An expression may be a number. One that is too long ends in a sign that no parser takes for an end. */
function expressionOf(rule: Fields): string {
  const expression = typeof rule.raw('expr') === 'number' ? String(rule.count('expr')) : (rule.text('expr') ?? '');
  return expression.length > MAX_EXPRESSION ? `${expression.slice(0, MAX_EXPRESSION - 1)}…` : expression;
}

function recordedRule(rule: Fields): Rule {
  return defined({
    alert: rule.needText('alert'),
    expr: expressionOf(rule),
    holdFor: rule.text('holdFor'),
    pointer: rule.needText('pointer'),
  });
}

/** Which rules a Prometheus or VMAlert evaluates. */
export function projectRuleEvaluator(
  kind: RuleEvaluator['kind'],
  group: string,
): (version: string) => (item: unknown) => RuleEvaluator {
  return (version) => (item) => {
    const object = Fields.of(item);
    // A recorded object has the selectors themselves.
    const holder = object.child('spec') ?? object;
    const [rules, namespaces] = [holder.child('ruleSelector'), holder.child('ruleNamespaceSelector')];
    // https://docs.victoriametrics.com/operator/resources/vmalert/#rules
    const selectsAll = kind === 'VMAlert' && !rules && (namespaces !== undefined || holder.flag('selectAllByDefault'));
    return defined({
      apiVersion: `${group}/${version}`,
      kind,
      metadata: namespacedMetadata(object),
      ruleSelector: selectsAll ? {} : rules && selectorObject(rules),
      ruleNamespaceSelector: namespaces ? selectorObject(namespaces) : selectsAll ? {} : undefined,
    });
  };
}
