import { type Identity, MASTERS } from './identity.js';
import type { AnyRole, PolicyRule } from '#libs/core';
import { boundRoles, namespacesOf, type RbacIndex } from './rbac-index.js';

/** Identities that may do the same, by whichever bindings and roles. */
export interface RuleGroup {
  readonly identities: readonly Identity[];
}

/**
 * Groups identities that hold the same rules in the same places, in the order they come: whatever is asked of one of a
 * group has the same answer for all. Rules are compared as sets of sets, so the order of verbs does not matter, but two
 * rules are not taken for the one that would say the same.
 */
export function groupByRules(index: RbacIndex, identities: readonly Identity[]): readonly RuleGroup[] {
  const numbers = new Map<string, number>();
  const ofRole = new Map<AnyRole, readonly number[]>();
  const groups = new Map<string, Identity[]>();
  for (const identity of identities) {
    const key = keyOf(identity);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(identity);
  }
  return [...groups.values()].map((identities) => ({ identities }));

  function keyOf(identity: Identity): string {
    if (identity.groups.includes(MASTERS)) return MASTERS;
    const everywhere = rulesIn(identity, null);
    const held = [...everywhere].toSorted((a, b) => a - b).join();
    const places = namespacesOf(index, identity).flatMap((namespace) => {
      const more = [...rulesIn(identity, namespace)].filter((rule) => !everywhere.has(rule));
      return more.length === 0 ? [] : [`${namespace}:${more.toSorted((a, b) => a - b).join()}`];
    });
    return [held, ...places.toSorted()].join('|');
  }

  function rulesIn(identity: Identity, namespace: string | null): ReadonlySet<number> {
    const rules = new Set<number>();
    for (const { role } of boundRoles(index, identity, namespace)) {
      for (const number of numbersOf(role)) rules.add(number);
    }
    return rules;
  }

  function numbersOf(role: AnyRole): readonly number[] {
    let found = ofRole.get(role);
    if (found === undefined) {
      found = (role.rules ?? []).map((rule) => {
        const text = canonical(rule);
        const number = numbers.get(text) ?? numbers.size;
        numbers.set(text, number);
        return number;
      });
      ofRole.set(role, found);
    }
    return found;
  }
}

function canonical({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  return JSON.stringify(
    [verbs, apiGroups, resources, resourceNames, nonResourceURLs].map((entries) => [...new Set(entries)].toSorted()),
  );
}
