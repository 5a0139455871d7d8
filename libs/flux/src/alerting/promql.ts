import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** A PromQL expression (https://prometheus.io/docs/prometheus/latest/querying/basics/), as far as alerts use it. */
export type PromExpression =
  | { readonly kind: 'number'; readonly value: number }
  /** With or without a range; an offset is left out, because what lasts was so before too. */
  | { readonly kind: 'selector'; readonly metric: string | undefined; readonly matchers: readonly LabelMatcher[] }
  | {
      readonly kind: 'aggregate';
      readonly operator: string;
      /** Absent: all series become one. */
      readonly grouping?: { readonly keep: boolean; readonly labels: readonly string[] };
      readonly argument: PromExpression;
    }
  | { readonly kind: 'call'; readonly name: string; readonly argument: PromExpression }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: PromExpression;
      readonly right: PromExpression;
      /** `on` or `ignoring`; absent: all labels. */
      readonly matching?: { readonly on: boolean; readonly labels: readonly string[] };
    }
  | { readonly kind: 'notUnderstood'; readonly why: string };

export interface LabelMatcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

const MAX_LENGTH = 4000;
const MAX_DEPTH = 60;

const notUnderstood = (why: string): PromExpression => ({ kind: 'notUnderstood', why });

/** Never throws; what is no PromQL, or more than alerts need, is `notUnderstood`. */
export function parsePromQL(text: string): PromExpression {
  if (text.length > MAX_LENGTH) return notUnderstood(`it is longer than ${MAX_LENGTH} characters`);
  const tree = parser.parse(text);
  let broken = false;
  tree.iterate({
    enter: (node) => {
      broken ||= node.type.isError;
    },
  });
  const root = childrenOf(tree.topNode)[0];
  if (broken || !root) return notUnderstood('it is no PromQL expression');
  return new Reader(text).read(root, 0);
}

function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'LineComment') found.push(child);
  }
  return found;
}

const COMPARISONS = ['==', '!=', '>', '<', '>=', '<='];
const ARITHMETIC = ['+', '-', '*', '/', '%', '^'];
const SETS = ['and', 'or', 'unless'];
const OPERATORS: ReadonlySet<string> = new Set([...COMPARISONS, ...ARITHMETIC, ...SETS]);
/** Functions of one series that give what they are given, where it does not change. */
const CALLS: ReadonlySet<string> = new Set([
  'absent',
  'absent_over_time',
  'avg_over_time',
  'last_over_time',
  'max_over_time',
  'min_over_time',
  'present_over_time',
  'sort',
  'sort_desc',
]);

class Reader {
  constructor(private readonly text: string) {}

  read(node: SyntaxNode, depth: number): PromExpression {
    if (depth > MAX_DEPTH) return notUnderstood('it nests too deeply');
    const children = childrenOf(node);
    const inner = (index = 0): PromExpression => {
      const child = children[index];
      return child ? this.read(child, depth + 1) : notUnderstood('a part is missing');
    };
    switch (node.name) {
      case 'NumberDurationLiteral':
        return this.number(node);
      case 'ParenExpr':
      case 'OffsetExpr':
      case 'MatrixSelector':
      case 'SubqueryExpr':
        return inner();
      case 'VectorSelector':
        return this.selector(children);
      case 'AggregateExpr':
        return this.aggregate(children, depth);
      case 'FunctionCall':
        return this.call(children, depth);
      case 'BinaryExpr':
        return this.binary(children, depth);
      default:
        return notUnderstood(`it uses "${this.textOf(node).slice(0, 40)}"`);
    }
  }

  private textOf(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }

  private number(node: SyntaxNode): PromExpression {
    const value = Number(this.textOf(node));
    return Number.isNaN(value) ? notUnderstood(`it uses "${this.textOf(node)}"`) : { kind: 'number', value };
  }

  private selector(children: readonly SyntaxNode[]): PromExpression {
    const identifier = children.find(({ name }) => name === 'Identifier');
    let metric = identifier && this.textOf(identifier);
    const matchers: LabelMatcher[] = [];
    const list = children.find(({ name }) => name === 'LabelMatchers');
    for (const node of list ? childrenOf(list) : []) {
      const [label, operator, value] = childrenOf(node);
      const read = value && unquoted(this.textOf(value));
      if (node.name === 'UnquotedLabelMatcher' && label && operator && read !== undefined) {
        const matcher = { label: this.textOf(label), operator: this.textOf(operator), value: read } as LabelMatcher;
        if (matcher.label === '__name__' && matcher.operator === '=') metric = matcher.value;
        else matchers.push(matcher);
      } else return notUnderstood('it uses quoted names of labels');
    }
    return { kind: 'selector', metric, matchers };
  }

  private aggregate(children: readonly SyntaxNode[], depth: number): PromExpression {
    const operator = children.find(({ name }) => name === 'AggregateOp');
    const modifier = children.find(({ name }) => name === 'AggregateModifier');
    const body = children.find(({ name }) => name === 'FunctionCallBody');
    const [argument, ...more] = body ? childrenOf(body) : [];
    if (!operator || !argument || more.length > 0) return notUnderstood('it aggregates in a way that is not known');
    const [keyword, labels] = modifier ? childrenOf(modifier) : [];
    return {
      kind: 'aggregate',
      operator: this.textOf(operator).toLowerCase(),
      ...(keyword && { grouping: { keep: keyword.name === 'By', labels: this.labels(labels) } }),
      argument: this.read(argument, depth + 1),
    };
  }

  private call(children: readonly SyntaxNode[], depth: number): PromExpression {
    const [identifier, body] = children;
    const [argument, ...more] = body ? childrenOf(body) : [];
    const name = identifier ? this.textOf(identifier) : '';
    if (!argument) return notUnderstood(`it uses ${name}()`);
    // Only adds labels.
    if (name === 'label_replace' || name === 'label_join') return this.read(argument, depth + 1);
    if (!CALLS.has(name) || more.length > 0) return notUnderstood(`it uses ${name}()`);
    return { kind: 'call', name, argument: this.read(argument, depth + 1) };
  }

  private binary(children: readonly SyntaxNode[], depth: number): PromExpression {
    const [left, right] = [children[0], children.at(-1)];
    const operator = children[1] ? this.textOf(children[1]).toLowerCase() : '';
    const rest = children.slice(2, -1);
    const clause = rest.find(({ name }) => name === 'MatchingModifierClause');
    if (!left || !right || !OPERATORS.has(operator) || rest.some((node) => node !== clause)) {
      return notUnderstood(`it uses the operator ${operator}`);
    }
    const [keyword, labels] = clause ? childrenOf(clause) : [];
    return {
      kind: 'binary',
      operator,
      left: this.read(left, depth + 1),
      right: this.read(right, depth + 1),
      ...(keyword && { matching: { on: keyword.name === 'On', labels: this.labels(labels) } }),
    };
  }

  private labels(node: SyntaxNode | undefined): readonly string[] {
    return node ? childrenOf(node).map((label) => this.textOf(label)) : [];
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** A string as PromQL writes it, which is as Go does; undefined where it has escapes that nobody needs here. */
function unquoted(text: string): string | undefined {
  const inner = text.slice(1, -1);
  if (text.startsWith('`')) return inner;
  let known = true;
  const result = inner.replaceAll(/\\(.)/gs, (_all, char: string) => {
    known &&= Object.hasOwn(ESCAPES, char);
    return ESCAPES[char] ?? '';
  });
  return known ? result : undefined;
}

/** Names of all metrics that an expression reads. */
export function metricsOf(expression: PromExpression): readonly string[] {
  switch (expression.kind) {
    case 'selector':
      return expression.metric === undefined ? [] : [expression.metric];
    case 'aggregate':
    case 'call':
      return metricsOf(expression.argument);
    case 'binary':
      return [...metricsOf(expression.left), ...metricsOf(expression.right)];
    default:
      return [];
  }
}

/** Names of all labels that decide what an expression gives. */
export function labelsOf(expression: PromExpression): readonly string[] {
  switch (expression.kind) {
    case 'selector':
      return expression.matchers.map(({ label }) => label);
    case 'aggregate':
    case 'call':
      return labelsOf(expression.argument);
    case 'binary':
      return [...labelsOf(expression.left), ...labelsOf(expression.right)];
    default:
      return [];
  }
}
