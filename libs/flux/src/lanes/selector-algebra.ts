import type { LabelRequirement, LabelSelector } from '#libs/core';

/** What the requirements of a selector leave of one key. */
interface KeyConstraint {
  readonly absentAllowed: boolean;
  /** The values that are allowed; with `complement`, those that are not. `exists` and `notExists` name none. */
  readonly values: ReadonlySet<string>;
  readonly complement: boolean;
}

const NOTHING_SAID: KeyConstraint = { absentAllowed: true, values: new Set(), complement: true };

function constraintOf({ operator, values }: LabelRequirement): KeyConstraint {
  return {
    absentAllowed: operator === 'notIn' || operator === 'notExists',
    values: new Set(values),
    complement: operator === 'notIn' || operator === 'exists',
  };
}

function both(left: KeyConstraint, right: KeyConstraint): KeyConstraint {
  const absentAllowed = left.absentAllowed && right.absentAllowed;
  if (left.complement && right.complement) {
    return { absentAllowed, values: new Set([...left.values, ...right.values]), complement: true };
  }
  const [finite, other] = left.complement ? [right, left] : [left, right];
  const values = [...finite.values].filter((value) => other.values.has(value) !== other.complement);
  return { absentAllowed, values: new Set(values), complement: false };
}

/** Some value that the constraint allows. A complement never runs out of values. */
function someValue({ values, complement }: KeyConstraint): string | undefined {
  if (!complement) return [...values].toSorted()[0];
  for (let number = 0; ; number += 1) {
    const candidate = number === 0 ? 'any' : `any-${number}`;
    if (!values.has(candidate)) return candidate;
  }
}

/**
 * Labels that a selector matches, as few as possible; undefined where no labels can. An empty selector matches no labels
 * at all, and so everything.
 */
export function labelsMatching(selector: LabelSelector): Readonly<Record<string, string>> | undefined {
  const constraints = new Map<string, KeyConstraint>();
  for (const requirement of selector) {
    const { key } = requirement;
    constraints.set(key, both(constraints.get(key) ?? NOTHING_SAID, constraintOf(requirement)));
  }
  const labels: [string, string][] = [];
  for (const [key, constraint] of constraints) {
    if (constraint.absentAllowed) continue;
    const value = someValue(constraint);
    if (value === undefined) return undefined;
    labels.push([key, value]);
  }
  return Object.fromEntries(labels);
}

/** Whether any object could match the selector. */
export function isSatisfiable(selector: LabelSelector): boolean {
  return labelsMatching(selector) !== undefined;
}

/** Whether any object could match both selectors. */
export function selectorsOverlap(left: LabelSelector, right: LabelSelector): boolean {
  return isSatisfiable([...left, ...right]);
}

const OPPOSITE = { in: 'notIn', notIn: 'in', exists: 'notExists', notExists: 'exists' } as const;

/** Whether every object that matches `inner` matches `outer` too. */
export function selectorImplies(inner: LabelSelector, outer: LabelSelector): boolean {
  return outer.every(
    (requirement) => !isSatisfiable([...inner, { ...requirement, operator: OPPOSITE[requirement.operator] }]),
  );
}
