import { type AdmissionRule, matchesSelectorObject, type SelectorObject } from '#libs/core';
import type { NamespaceFacts, Operation, Target } from '../situation.js';

/** Whether a matcher takes all requests in question: `maybe` where their author can see to it that it does not. */
export type Match = 'yes' | 'no' | 'maybe' | 'opaque';

export interface MatchResources {
  readonly resourceRules?: readonly AdmissionRule[];
  readonly excludeResourceRules?: readonly AdmissionRule[];
  readonly namespaceSelector?: SelectorObject;
  readonly objectSelector?: SelectorObject;
  readonly matchPolicy?: string;
}

const includes = (values: readonly string[], value: string): boolean => values.includes('*') || values.includes(value);

/**
 * Whether a rule names the resource in every version that is served. With `matchPolicy: Equivalent`, the default, one
 * version stands for all of them.
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#matching-requests-matchpolicy
 */
export function namesResource(rule: AdmissionRule, target: Target, matchPolicy = 'Equivalent'): boolean {
  const { versions } = target;
  const named = (version: string): boolean => includes(rule.apiVersions, version);
  return (
    includes(rule.apiGroups, target.group) &&
    (includes(rule.resources, target.resource) || rule.resources.includes('*/*')) &&
    rule.scope !== 'Cluster' &&
    (matchPolicy === 'Exact' ? versions.every(named) : versions.some(named))
  );
}

function takes(rule: AdmissionRule, target: Target, operation: Operation, matchPolicy: string | undefined): Match {
  if (!namesResource(rule, target, matchPolicy) || !includes(rule.operations, operation)) return 'no';
  // Names are their authors' choice.
  return (rule.resourceNames ?? []).length > 0 ? 'maybe' : 'yes';
}

const best = (matches: readonly Match[]): Match =>
  (['yes', 'maybe', 'opaque'] as const).find((each) => matches.includes(each)) ?? 'no';

/** All must take it. */
export function allOf(matches: readonly Match[]): Match {
  return (['no', 'opaque', 'maybe'] as const).find((each) => matches.includes(each)) ?? 'yes';
}

/** An absent selector selects everything here, as the API server fills it in. */
export function selectsNamespace(selector: SelectorObject | undefined, namespace: NamespaceFacts): Match {
  if (selector === undefined || isEmpty(selector)) return 'yes';
  // Every namespace has this label (https://kubernetes.io/docs/reference/labels-annotations-taints/).
  const own = { [NAME_LABEL]: namespace.name };
  if (namespace.labels === undefined && !keysOf(selector).every((key) => key === NAME_LABEL)) return 'opaque';
  return matchesSelectorObject(selector, { ...namespace.labels, ...own }) ? 'yes' : 'no';
}

const NAME_LABEL = 'kubernetes.io/metadata.name';

function keysOf({ matchLabels = {}, matchExpressions = [] }: SelectorObject): readonly string[] {
  return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)];
}

/** Labels of an object are its author's choice. */
export function selectsObject(selector: SelectorObject | undefined): Match {
  return selector === undefined || isEmpty(selector) ? 'yes' : 'maybe';
}

function isEmpty({ matchLabels = {}, matchExpressions = [] }: SelectorObject): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

/** As admission matches: rules, without those that are excluded, and both selectors. No rules match everything. */
export function matchesResources(
  { resourceRules = [], excludeResourceRules = [], namespaceSelector, objectSelector, matchPolicy }: MatchResources,
  target: Target,
  operation: Operation,
  namespace: NamespaceFacts,
): Match {
  const taken = resourceRules.map((rule) => takes(rule, target, operation, matchPolicy));
  const left = best(excludeResourceRules.map((rule) => takes(rule, target, operation, matchPolicy)));
  return allOf([
    resourceRules.length === 0 ? 'yes' : best(taken),
    left === 'yes' ? 'no' : left === 'no' ? 'yes' : left,
    selectsNamespace(namespaceSelector, namespace),
    selectsObject(objectSelector),
  ]);
}
