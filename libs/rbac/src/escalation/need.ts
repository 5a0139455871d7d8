import type { PolicyRule } from '#libs/core';
import { hasOrAll, resourceCovers } from '../rule-match.js';

/** What somebody must be allowed for an edge: any of the verbs on any of the resources. */
export interface Need {
  /** One that ends in `:` stands for every verb that begins so. */
  readonly verbs: readonly string[];
  /** `group/resource` or `group/resource/subresource`; the core group is empty: `/pods/exec`. `*` is any resource. */
  readonly resources: readonly string[];
  /**
   * `cluster` needs a ClusterRoleBinding, `namespace` a binding that counts in the namespace of the edge, `anywhere` a
   * binding of any place.
   */
  readonly scope: 'cluster' | 'namespace' | 'anywhere';
  /** The right must cover one of these names. */
  readonly names?: readonly string[];
}

/** The names that a right covers; `any` is every name and the requests without one. */
export type Names = 'any' | ReadonlySet<string>;

/** What rules hold of the rights that edges ask for: names by `verb resource`. A right that is not held is absent. */
export type Holdings = ReadonlyMap<string, Names>;

/** Every single right that the needs are made of. */
export function rightsAskedFor(needs: readonly Need[]): readonly Right[] {
  const rights = new Map<string, Right>();
  for (const { verbs, resources } of needs) {
    for (const resource of resources) {
      // An apply that creates patches too.
      const all = verbs.includes('create') ? [...verbs, 'patch'] : verbs;
      for (const verb of all) rights.set(keyOf(verb, resource), { verb, resource });
    }
  }
  return [...rights.values()];
}

export interface Right {
  readonly verb: string;
  readonly resource: string;
}

function keyOf(verb: string, resource: string): string {
  return `${verb} ${resource}`;
}

export function holdingsOf(rules: readonly PolicyRule[], rights: readonly Right[]): Holdings {
  const held = new Map<string, Names>();
  for (const rule of rules) {
    if (rule.resources === undefined || rule.resources.length === 0) continue;
    const names = rule.resourceNames?.length ? new Set(rule.resourceNames) : 'any';
    for (const { verb, resource } of rights) {
      const key = keyOf(verb, resource);
      if (covers(rule, verb, resource)) held.set(key, union(held.get(key), names));
    }
  }
  return held;
}

export function mergeHoldings(all: readonly Holdings[]): Holdings {
  const [first, ...others] = all.filter(({ size }) => size > 0);
  if (first === undefined || others.length === 0) return first ?? new Map();
  const merged = new Map(first);
  for (const other of others) for (const [key, names] of other) merged.set(key, union(merged.get(key), names));
  return merged;
}

function union(a: Names | undefined, b: Names): Names {
  if (a === undefined || b === 'any') return b;
  return a === 'any' ? a : new Set([...a, ...b]);
}

/** The names for which the need is satisfied, or undefined where there is none. */
export function namesHeld(held: Holdings, need: Need): Names | undefined {
  const found = new Set<string>();
  for (const resource of need.resources) {
    for (const verb of need.verbs) {
      const names = usable(held, verb, resource);
      if (names === 'any') return 'any';
      for (const name of names ?? []) if (need.names === undefined || need.names.includes(name)) found.add(name);
    }
  }
  return found.size === 0 ? undefined : found;
}

/**
 * `resourceNames` and requests without a name: a POST create and a deletecollection carry none, and only the empty entry
 * covers them. A server-side apply that creates carries the name and needs `create` and `patch` on it.
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
 */
function usable(held: Holdings, verb: string, resource: string): Names | undefined {
  const names = held.get(keyOf(verb, resource));
  if (names === undefined || names === 'any') return names;
  const withName = [...names].filter((name) => name !== '');
  // Creates of subresources, such as `pods/exec`, always carry the name of their object.
  if (resource.split('/').length > 2) return new Set(withName);
  if (names.has('') && NAMELESS.has(verb)) return 'any';
  if (verb === 'deletecollection') return undefined;
  if (verb !== 'create') return new Set(withName);
  const patchable = held.get(keyOf('patch', resource));
  return new Set(withName.filter((name) => patchable === 'any' || patchable?.has(name)));
}

const NAMELESS: ReadonlySet<string> = new Set(['list', 'watch', 'create', 'deletecollection']);

/** Whether a rule has the verb on the resource, for some name at least. */
export function covers(rule: PolicyRule, verb: string, wanted: string): boolean {
  const hasVerb =
    hasOrAll(rule.verbs, verb) || (verb.endsWith(':') && rule.verbs.some((held) => held.startsWith(verb)));
  if (!hasVerb) return false;
  if (wanted === '*') return (rule.resources?.length ?? 0) > 0;
  const [group = '', resource = '', subresource = ''] = wanted.split('/');
  return hasOrAll(rule.apiGroups, group) && resourceCovers(rule, resource, subresource);
}
