/** One requirement of a Kubernetes label selector. `exists`/`notExists` have no values. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'in' | 'notIn' | 'exists' | 'notExists';
  readonly values: readonly string[];
}

/** All requirements must hold. An empty selector matches everything. */
export type LabelSelector = readonly LabelRequirement[];

export class LabelSelectorError extends Error {
  override readonly name = 'LabelSelectorError';
}

const KEY = /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const SET = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/;
const EQUALS = /^([^\s=!]+)\s*(==|=|!=)\s*(\S*)$/;

function checked(pattern: RegExp, text: string, what: string): string {
  if (!pattern.test(text)) throw new LabelSelectorError(`"${text}" is not a valid label ${what}.`);
  return text;
}

/** Splits at commas that are not inside parentheses. */
function splitRequirements(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === '(') depth += 1;
    else if (text[i] === ')') depth -= 1;
    else if (text[i] === ',' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...parts, text.slice(start)];
}

function parseRequirement(text: string): LabelRequirement {
  const set = SET.exec(text);
  if (set) {
    const values = (set[3] ?? '').split(',').map((value) => checked(VALUE, value.trim(), 'value'));
    return {
      key: checked(KEY, set[1] ?? '', 'key'),
      operator: set[2] === 'in' ? 'in' : 'notIn',
      values: [...new Set(values)],
    };
  }
  const equals = EQUALS.exec(text);
  if (equals) {
    return {
      key: checked(KEY, equals[1] ?? '', 'key'),
      operator: equals[2] === '!=' ? 'notIn' : 'in',
      values: [checked(VALUE, equals[3] ?? '', 'value')],
    };
  }
  if (text.startsWith('!')) {
    return { key: checked(KEY, text.slice(1).trim(), 'key'), operator: 'notExists', values: [] };
  }
  return { key: checked(KEY, text, 'key'), operator: 'exists', values: [] };
}

/**
 * Parses what `kubectl -l` takes: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a`, `!a`, joined by commas.
 * @throws {LabelSelectorError} where the text is not a label selector.
 */
export function parseLabelSelector(text: string): LabelSelector {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  return splitRequirements(trimmed).map((part) => {
    const requirement = part.trim();
    if (requirement === '') throw new LabelSelectorError('A label selector has an empty requirement between commas.');
    return parseRequirement(requirement);
  });
}

/** As the API server matches: `notIn` and `notExists` also match objects without the key. */
export function matchesLabels(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  return selector.every(({ key, operator, values }) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    if (operator === 'exists') return value !== undefined;
    if (operator === 'notExists') return value === undefined;
    if (operator === 'in') return value !== undefined && values.includes(value);
    return value === undefined || !values.includes(value);
  });
}
