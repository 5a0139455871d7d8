import { type MatchBudget, compileWithin, matchesGoPattern } from './go-regexp.js';
import type { LabelMatcher, PromExpression } from './promql.js';

/** One time series as it would be in a state of the cluster that an alert is tried with. */
export interface Series {
  readonly metric: string;
  readonly value: number;
  /** Labels whose value is known. */
  readonly labels: Readonly<Record<string, string>>;
  /** A label that is not among them: whether a matcher on it holds; undefined where nobody can tell. */
  readonly guess?: (matcher: LabelMatcher) => boolean | undefined;
}

/**
 * The series of one state, such as "Kustomization spoke-a/apps is not ready". Of a metric that is not listed nothing is
 * known; of one that is, these are all series that count.
 */
export interface World {
  readonly metrics: readonly string[];
  readonly series: readonly Series[];
}

/** What an expression gives in a world: series (an alert fires for each), or that it cannot be told. */
export type Firing =
  | { readonly state: 'fires' }
  | { readonly state: 'silent' }
  | { readonly state: 'notUnderstood'; readonly why: string };

interface Element {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
type Value =
  | { readonly kind: 'vector'; readonly elements: readonly Element[] }
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'unknown'; readonly why: string };

const vector = (elements: readonly Element[]): Value => ({ kind: 'vector', elements });
const unknown = (why: string): Value => ({ kind: 'unknown', why });

/** What trying an expression costs at least, in steps of matching. */
const FIRING_STEPS = 100;

/** Whether an alert with this expression fires in the world, once it has lasted long enough. */
export function fires(expression: PromExpression, world: World, budget: MatchBudget): Firing {
  if (budget.left <= 0) return { state: 'notUnderstood', why: 'there are too many rules' };
  budget.left -= FIRING_STEPS;
  const value = new Evaluator(world, budget).evaluate(expression);
  if (value.kind === 'unknown') return { state: 'notUnderstood', why: value.why };
  if (value.kind === 'scalar') return { state: 'notUnderstood', why: 'it gives a number, not series' };
  return { state: value.elements.length > 0 ? 'fires' : 'silent' };
}

class Evaluator {
  constructor(
    private readonly world: World,
    private readonly budget: MatchBudget,
  ) {}

  evaluate(expression: PromExpression): Value {
    switch (expression.kind) {
      case 'number':
        return { kind: 'scalar', value: expression.value };
      case 'selector':
        return this.select(expression);
      case 'aggregate':
        return this.aggregate(expression);
      case 'call':
        return this.call(expression);
      case 'binary':
        return this.binary(expression);
      default:
        return unknown(expression.why);
    }
  }

  private select({ metric, matchers }: Extract<PromExpression, { kind: 'selector' }>): Value {
    if (metric === undefined) return unknown('it selects metrics by a pattern');
    if (!this.world.metrics.includes(metric)) return unknown(`it reads ${metric}`);
    const elements: Element[] = [];
    for (const series of this.world.series) {
      if (series.metric !== metric) continue;
      const answers = matchers.map((matcher) => [matcher, this.holds(matcher, series)] as const);
      if (answers.some(([, holds]) => holds === false)) continue;
      const open = answers.find(([, holds]) => holds === undefined)?.[0];
      if (open) return unknown(`it matches the label ${open.label}`);
      elements.push({ labels: series.labels, value: series.value });
    }
    return vector(elements);
  }

  private holds(matcher: LabelMatcher, { labels, guess }: Series): boolean | undefined {
    const value = Object.hasOwn(labels, matcher.label) ? labels[matcher.label] : undefined;
    return value === undefined ? guess?.(matcher) : matcherHolds(matcher, value, this.budget);
  }

  private aggregate({ operator, grouping, argument }: Extract<PromExpression, { kind: 'aggregate' }>): Value {
    const value = this.evaluate(argument);
    if (value.kind !== 'vector') return value.kind === 'unknown' ? value : unknown('it aggregates a number');
    const groups = new Map<string, Element[]>();
    for (const element of value.elements) {
      const labels = grouping ? project(element.labels, grouping.keep, grouping.labels) : {};
      const key = signature(labels);
      const group = groups.get(key) ?? [];
      groups.set(key, group);
      group.push({ labels, value: element.value });
    }
    const combine = AGGREGATIONS[operator];
    if (!combine) return unknown(`it uses ${operator}()`);
    return vector(
      [...groups.values()].map((group) => ({
        labels: group[0]?.labels ?? {},
        value: combine(group.map((element) => element.value)),
      })),
    );
  }

  private call({ name, argument }: Extract<PromExpression, { kind: 'call' }>): Value {
    const value = this.evaluate(argument);
    if (value.kind !== 'vector') return value;
    if (name === 'absent' || name === 'absent_over_time') {
      return vector(value.elements.length === 0 ? [{ labels: {}, value: 1 }] : []);
    }
    if (name === 'present_over_time') return vector(value.elements.map(({ labels }) => ({ labels, value: 1 })));
    return value;
  }

  private binary({ operator, left, right, matching }: Extract<PromExpression, { kind: 'binary' }>): Value {
    const [a, b] = [this.evaluate(left), this.evaluate(right)];
    if (operator === 'or') return either(a, b);
    if (a.kind === 'unknown') return a;
    if (b.kind === 'unknown') return b;
    if (a.kind === 'scalar' && b.kind === 'scalar') return unknown('it compares numbers');
    if (a.kind === 'vector' && b.kind === 'vector') return pairs(operator, a.elements, b.elements, matching);
    if (SET_OPERATORS.has(operator)) return unknown(`it uses ${operator} with a number`);
    return withNumber(operator, a, b);
  }
}

const SET_OPERATORS: ReadonlySet<string> = new Set(['and', 'or', 'unless']);

const AGGREGATIONS: Readonly<Record<string, ((values: readonly number[]) => number) | undefined>> = {
  sum: (values) => values.reduce((a, b) => a + b, 0),
  count: (values) => values.length,
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
  avg: (values) => values.reduce((a, b) => a + b, 0) / values.length,
  group: () => 1,
};

const COMPARE: Readonly<Record<string, ((a: number, b: number) => boolean) | undefined>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
};
const CALCULATE: Readonly<Record<string, ((a: number, b: number) => number) | undefined>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': (a, b) => a ** b,
};

/** It fires where one side does, whatever the other means. */
function either(a: Value, b: Value): Value {
  const [sure] = [a, b].filter((value) => value.kind === 'vector' && value.elements.length > 0);
  if (sure) return sure;
  if (a.kind === 'unknown') return a;
  return b.kind === 'vector' ? a : b;
}

function withNumber(operator: string, a: Value, b: Value): Value {
  const [elements, number] = a.kind === 'vector' ? [a.elements, b] : [b.kind === 'vector' ? b.elements : [], a];
  if (number.kind !== 'scalar') return unknown(`it uses the operator ${operator}`);
  const isLeft = a.kind === 'vector';
  const compare = COMPARE[operator];
  const calculate = CALCULATE[operator];
  const sides = (value: number): [number, number] => (isLeft ? [value, number.value] : [number.value, value]);
  if (compare) return vector(elements.filter(({ value }) => compare(...sides(value))));
  if (!calculate) return unknown(`it uses the operator ${operator}`);
  return vector(elements.map(({ labels, value }) => ({ labels, value: calculate(...sides(value)) })));
}

function pairs(
  operator: string,
  left: readonly Element[],
  right: readonly Element[],
  matching: Extract<PromExpression, { kind: 'binary' }>['matching'],
): Value {
  const key = ({ labels }: Element): string =>
    signature(matching ? project(labels, matching.on, matching.labels) : labels);
  const partners = new Map(right.map((element) => [key(element), element]));
  if (operator === 'and') return vector(left.filter((element) => partners.has(key(element))));
  if (operator === 'unless') return vector(left.filter((element) => !partners.has(key(element))));
  const elements: Element[] = [];
  for (const element of left) {
    const partner = partners.get(key(element));
    if (!partner) continue;
    const compare = COMPARE[operator];
    if (compare && !compare(element.value, partner.value)) continue;
    const value = CALCULATE[operator]?.(element.value, partner.value) ?? element.value;
    elements.push({ labels: element.labels, value });
  }
  return vector(elements);
}

function project(
  labels: Readonly<Record<string, string>>,
  keep: boolean,
  names: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name) === keep));
}

function signature(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** As Prometheus matches labels: a pattern must match the whole value. Undefined where the pattern is not understood. */
function matcherHolds(
  { operator, value: wanted }: LabelMatcher,
  value: string,
  budget: MatchBudget,
): boolean | undefined {
  if (operator === '=') return value === wanted;
  if (operator === '!=') return value !== wanted;
  const pattern = compileWithin(`(?s:${wanted})`, budget);
  if (pattern.state !== 'valid') return undefined;
  const matches = matchesGoPattern(pattern.program, value, budget, true);
  return matches === undefined ? undefined : matches === (operator === '=~');
}
