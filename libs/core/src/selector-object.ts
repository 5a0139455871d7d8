import { type LabelRequirement, matchesLabels } from './label-selector.js';

/**
 * `metav1.LabelSelector`, the form of selectors inside objects: all of both parts must hold.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements
 */
export interface SelectorObject {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

const OPERATORS: Readonly<Record<string, LabelRequirement['operator']>> = {
  In: 'in',
  NotIn: 'notIn',
  Exists: 'exists',
  DoesNotExist: 'notExists',
};

/**
 * Whether labels match the selector: an empty one (`{}`) matches everything, an absent one nothing, and so does one
 * with an operator that the API server would refuse.
 */
export function matchesSelectorObject(
  selector: SelectorObject | undefined,
  labels: Readonly<Record<string, string>>,
): boolean {
  if (selector === undefined) return false;
  const requirements: LabelRequirement[] = [];
  for (const [key, value] of Object.entries(selector.matchLabels ?? {}))
    requirements.push({ key, operator: 'in', values: [value] });
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const known = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
    if (known === undefined) return false;
    requirements.push({ key, operator: known, values });
  }
  return matchesLabels(requirements, labels);
}
