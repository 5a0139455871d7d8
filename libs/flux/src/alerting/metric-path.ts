import type { AlertingRules, Artifacts, Collected, Namespace, RuleEvaluator } from '#libs/core';
import { matchesSelectorObject } from '#libs/core';
import { parseFluxDuration } from '../arguments/go-duration.js';
import { excerpt } from '../excerpt.js';
import type { ControllerInstance } from '../inventory/discover-controllers.js';
import type { MetricSign } from './failure-modes.js';
import type { MatchBudget } from './go-regexp.js';
import {
  CONDITION_METRIC,
  type MetricExports,
  OPERATOR_METRIC,
  STATE_METRIC,
  SUSPEND_METRIC,
} from './metric-exports.js';
import { type PathAnswer, bestAnswer, covered, partial, uncovered, unread, withPlace } from './path-answer.js';
import { type PromExpression, labelsOf, metricsOf, parsePromQL } from './promql.js';
import { type World, fires } from './promql-world.js';
import { type SignWorlds, type WatchedObject, deploymentWorlds, objectWorlds } from './sign-worlds.js';

interface Rule {
  readonly object: AlertingRules;
  readonly alert: string;
  readonly pointer: string;
  readonly expr: string;
  readonly expression: PromExpression;
  readonly metrics: readonly string[];
  readonly labels: readonly string[];
  readonly holds: boolean;
}

const OBJECT_METRICS: readonly string[] = [STATE_METRIC, OPERATOR_METRIC, CONDITION_METRIC, SUSPEND_METRIC];
/** More rules about Flux than these are not looked at. */
const MAX_RULES = 300;
const NONE = uncovered('NO_RULE', 'no alerting rule of Prometheus or VictoriaMetrics watches for it', 0);

export interface RuleArtifacts {
  readonly alertingRules: Collected<Artifacts['alertingRules']>;
  readonly ruleEvaluators: Collected<Artifacts['ruleEvaluators']>;
  readonly namespaces: Collected<Artifacts['namespaces']>;
}

/** Whether an alerting rule on metrics fires for a failure. */
export class MetricPath {
  private readonly rules: readonly Rule[];
  private readonly selected = new Map<AlertingRules, PathAnswer>();
  private readonly answers = new Map<string, PathAnswer>();
  /** Some rule tells objects apart by name, or by namespace. */
  readonly names: boolean;
  private readonly namespaces: boolean;

  constructor(
    private readonly artifacts: RuleArtifacts,
    private readonly exports: MetricExports,
    private readonly budget: MatchBudget,
  ) {
    const { alertingRules } = artifacts;
    this.rules = alertingRules.state === 'collected' ? relevantRules(alertingRules.value) : [];
    const labels = new Set(this.rules.filter(isAboutObjects).flatMap((rule) => rule.labels));
    this.names = labels.has('name');
    this.namespaces = labels.has('exported_namespace') || labels.has('namespace');
  }

  /** By the Ready condition, or the suspension, of an object or of its source. `instances` reconcile it. */
  ofObject(
    sign: Exclude<MetricSign, 'controllerDown'>,
    object: WatchedObject,
    instances: readonly ControllerInstance[],
  ): PathAnswer {
    const lanes = instances.map(({ namespace, owner }) => `${namespace}/${owner.name}`).join();
    const name = this.names ? object.name : '';
    const namespace = this.namespaces ? object.namespace : '';
    return this.best([sign, object.kind, lanes, namespace, name].join('\n'), isAboutObjects, () => {
      const worlds = objectWorlds(sign, object);
      return (rule) => this.judge(rule, worlds, (metric) => this.exports.judge(metric, object.kind, instances));
    });
  }

  /** By the pods of a controller. */
  ofController(instance: ControllerInstance): PathAnswer {
    return this.best(['down', instance.namespace, instance.owner.name].join('\n'), isAboutControllers, () => {
      const worlds = deploymentWorlds(instance);
      return (rule) => this.judge(rule, worlds, (metric) => this.exports.judge(metric, '', [instance]));
    });
  }

  /** The same for all objects that no rule tells apart. */
  private best(key: string, concerns: (rule: Rule) => boolean, judgeIn: () => (rule: Rule) => PathAnswer): PathAnswer {
    const known = this.answers.get(key);
    if (known) return known;
    const { alertingRules } = this.artifacts;
    let best = alertingRules.state === 'unavailable' ? unread(alertingRules) : NONE;
    const judge = judgeIn();
    for (const rule of this.rules) {
      if (concerns(rule)) best = bestAnswer([best, judge(rule)]);
      if (best.state === 'covered') break;
    }
    this.answers.set(key, best);
    return best;
  }

  private judge(
    rule: Rule,
    { failing, momentary, otherCase, healthy }: SignWorlds,
    exported: (metric: string) => PathAnswer,
  ): PathAnswer {
    const label = `alert ${excerpt(rule.alert, 60)} of ${rule.object.kind} ${rule.object.metadata.namespace ?? ''}/${rule.object.metadata.name}`;
    const place = {
      object: rule.object,
      pointer: `${rule.pointer}/expr`,
      observed: excerpt(rule.expr, 200),
      expected: 'an expression that gives series while it fails, and none while all is well',
    };
    const inWorlds = failing.map((world) => fires(rule.expression, world, this.budget));
    const firing = inWorlds.some(({ state }) => state === 'fires');
    if (!firing && otherCase && fires(rule.expression, otherCase, this.budget).state === 'fires') {
      const why = `${label} matches suspended="True", and kube-state-metrics writes true`;
      return partial('LABEL_CASE', why, 3, place);
    }
    if (!firing) {
      const open = inWorlds.find((each) => each.state === 'notUnderstood');
      return open?.state === 'notUnderstood'
        ? partial(
            'EXPRESSION_NOT_UNDERSTOOD',
            `it cannot be told whether ${label} fires, because ${open.why}`,
            2,
            place,
          )
        : NONE;
    }
    if (fires(rule.expression, healthy, this.budget).state === 'fires') {
      return partial('ALWAYS_FIRING', `${label} fires while all is well too`, 2, place);
    }
    const selected = this.selection(rule.object);
    if (selected.state !== 'covered') return selected;
    const missing = this.missingMetric(rule, failing, exported);
    if (missing) return withPlace(missing, place);
    if (rule.holds && momentary && fires(rule.expression, momentary, this.budget).state === 'silent') {
      return partial(
        'RESTARTED_BY_PROGRESS',
        `${label} waits for a time that starts again at each try, because the Ready condition is Unknown meanwhile; match ready!="True" instead`,
        3,
        place,
      );
    }
    return covered('RULE', label);
  }

  /** A metric without which the rule does not fire, and which does not exist or may not. */
  private missingMetric(
    { expression, metrics }: Rule,
    worlds: readonly World[],
    exported: (metric: string) => PathAnswer,
  ): PathAnswer | undefined {
    const absent = metrics
      .map((metric) => [metric, exported(metric)] as const)
      .filter(([, answer]) => answer.state !== 'covered');
    if (absent.length === 0) return undefined;
    const names = absent.map(([metric]) => metric);
    const left = worlds.map((world) => ({
      ...world,
      series: world.series.filter(({ metric }) => !names.includes(metric)),
    }));
    if (left.some((world) => fires(expression, world, this.budget).state === 'fires')) return undefined;
    return absent[0]?.[1];
  }

  private selection(object: AlertingRules): PathAnswer {
    const known = this.selected.get(object);
    if (known) return known;
    const answer = this.judgeSelection(object);
    this.selected.set(object, answer);
    return answer;
  }

  /** Where no evaluator is known, something else may load the rules. */
  private judgeSelection(object: AlertingRules): PathAnswer {
    const { ruleEvaluators, namespaces } = this.artifacts;
    if (ruleEvaluators.state === 'unavailable') return unread(ruleEvaluators);
    const kind = object.kind === 'PrometheusRule' ? 'Prometheus' : 'VMAlert';
    const evaluators = ruleEvaluators.value.filter((each) => each.kind === kind);
    if (evaluators.length === 0) return covered('RULE', '');
    const answers = evaluators.map((each) => selects(each, object, namespaces));
    if (answers.includes('yes')) return covered('RULE', '');
    if (answers.includes('open') && namespaces.state === 'unavailable') return unread(namespaces);
    const { namespace = '', name } = object.metadata;
    return uncovered(
      'RULE_NOT_SELECTED',
      `no ${kind} selects ${object.kind} ${namespace}/${name}, so its rules are not evaluated`,
      7,
      {
        object,
        pointer: '/metadata/name',
        observed: name,
        expected: `labels and a namespace that a ${kind} selects`,
      },
    );
  }
}

function isAboutObjects({ metrics }: Rule): boolean {
  return metrics.some((metric) => OBJECT_METRICS.includes(metric));
}

function isAboutControllers({ metrics }: Rule): boolean {
  return metrics.some((metric) => metric === 'up' || metric.startsWith('kube_deployment_'));
}

function selects(
  { metadata, ruleSelector, ruleNamespaceSelector }: RuleEvaluator,
  object: AlertingRules,
  namespaces: Collected<readonly Namespace[]>,
): 'yes' | 'no' | 'open' {
  if (!matchesSelectorObject(ruleSelector, object.metadata.labels ?? {})) return 'no';
  if (object.metadata.namespace === metadata.namespace && ruleNamespaceSelector === undefined) return 'yes';
  if (ruleNamespaceSelector === undefined) return 'no';
  if (matchesSelectorObject(ruleNamespaceSelector, {}) && Object.keys(ruleNamespaceSelector).length === 0) return 'yes';
  if (namespaces.state === 'unavailable') return 'open';
  const namespace = namespaces.value.find(({ metadata: { name } }) => name === object.metadata.namespace);
  return namespace && matchesSelectorObject(ruleNamespaceSelector, namespace.metadata.labels ?? {}) ? 'yes' : 'no';
}

/** Only rules that read a metric about Flux objects or Deployments are read on. */
function relevantRules(objects: readonly AlertingRules[]): readonly Rule[] {
  const found: Rule[] = [];
  for (const object of objects) {
    for (const [index, rule] of object.rules.entries()) {
      if (found.length >= MAX_RULES) return found;
      if (/gotk_|flux_resource_info|\bup\b|kube_deployment_/.test(rule.expr))
        found.push(readRule(object, rule, `/rules/${index}`));
    }
  }
  return found;
}

function readRule(
  object: AlertingRules,
  { alert, expr, holdFor }: AlertingRules['rules'][number],
  pointer: string,
): Rule {
  const expression = parsePromQL(expr);
  const named = metricsOf(expression);
  // What is not understood may be about any of the metrics whose names it holds.
  const guessed = [...OBJECT_METRICS, 'up', 'kube_deployment_'].filter((name) => expr.includes(name));
  const holds = (parseFluxDuration(holdFor) ?? (holdFor === undefined ? 0 : 1)) > 0;
  return {
    object,
    alert,
    pointer,
    expr,
    expression,
    metrics: named.length > 0 ? named : guessed,
    labels: labelsOf(expression),
    holds,
  };
}
