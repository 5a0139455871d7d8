import { accountUser, type Identity } from './identity.js';
import {
  type AnyBinding,
  type AnyRole,
  type PolicyRule,
  type RbacClusterRole,
  type RbacObject,
  type RbacSubject,
  type Role,
  derived,
} from '#libs/core';

/** A binding with the role it refers to; bindings to a role that does not exist are kept apart. */
export interface BoundRole {
  readonly binding: AnyBinding;
  readonly role: AnyRole;
  /** Where it applies: null is everywhere and cluster scope. */
  readonly namespace: string | null;
}

/** A binding whose role does not exist: it grants nothing until somebody creates the role. */
export interface DanglingBinding {
  readonly binding: AnyBinding;
  readonly namespace: string | null;
}

/** One rule that an identity holds, and the way to it. */
export interface Grant {
  readonly binding: AnyBinding;
  readonly role: AnyRole;
  readonly rule: PolicyRule;
  /** Place of the rule in the role. */
  readonly ruleIndex: number;
  readonly namespace: string | null;
}

/** RBAC objects arranged by subject, so that a question reads only the bindings that name who asks. Made by `indexRbac`. */
export interface RbacIndex {
  readonly clusterRoles: ReadonlyMap<string, RbacClusterRole>;
  /** By `namespace/name`. */
  readonly roles: ReadonlyMap<string, Role>;
  /** Every subject that a binding names, ServiceAccounts as the users they are, by `user:name` or `group:name`. */
  readonly bySubject: ReadonlyMap<string, SubjectBindings>;
}

export interface SubjectBindings {
  readonly cluster: readonly BoundRole[];
  readonly byNamespace: ReadonlyMap<string, readonly BoundRole[]>;
  readonly dangling: readonly DanglingBinding[];
}

interface MutableBindings extends SubjectBindings {
  readonly cluster: BoundRole[];
  readonly byNamespace: Map<string, BoundRole[]>;
  readonly dangling: DanglingBinding[];
}

/** Reads the objects once. Aggregated ClusterRoles count with the rules they hold now, as the API server reads them. */
export function indexRbac(objects: readonly RbacObject[]): RbacIndex {
  const clusterRoles = new Map<string, RbacClusterRole>();
  const roles = new Map<string, Role>();
  const bySubject = new Map<string, MutableBindings>();
  for (const object of objects) {
    if (object.kind === 'ClusterRole') clusterRoles.set(object.metadata.name, object);
    else if (object.kind === 'Role') roles.set(`${object.metadata.namespace ?? ''}/${object.metadata.name}`, object);
  }
  for (const binding of objects) {
    if (binding.kind !== 'RoleBinding' && binding.kind !== 'ClusterRoleBinding') continue;
    const namespace = binding.kind === 'RoleBinding' ? (binding.metadata.namespace ?? '') : null;
    // A RoleBinding without a namespace cannot exist; no request is made in the namespace without a name.
    if (namespace === '') continue;
    const role = roleOf(binding, namespace);
    const keys = new Set(binding.subjects?.map((subject) => subjectKey(subject, namespace)));
    for (const key of keys) {
      if (key === undefined) continue;
      const entry: MutableBindings = bySubject.get(key) ?? { cluster: [], byNamespace: new Map(), dangling: [] };
      bySubject.set(key, entry);
      if (role === undefined) entry.dangling.push({ binding, namespace });
      else if (namespace === null) entry.cluster.push({ binding, role, namespace });
      else {
        const list = entry.byNamespace.get(namespace) ?? [];
        entry.byNamespace.set(namespace, list);
        list.push({ binding, role, namespace });
      }
    }
  }
  return { clusterRoles, roles, bySubject };

  function roleOf({ roleRef }: AnyBinding, namespace: string | null): AnyRole | undefined {
    if (roleRef.kind === 'ClusterRole') return clusterRoles.get(roleRef.name);
    return roleRef.kind === 'Role' && namespace !== null ? roles.get(`${namespace}/${roleRef.name}`) : undefined;
  }
}

/**
 * A ServiceAccount subject is the user of that account, so `User system:serviceaccount:a:b` is the same subject.
 * Source: `appliesToUser` of Kubernetes' rule resolver.
 */
function subjectKey(subject: RbacSubject, bindingNamespace: string | null): string | undefined {
  if (subject.kind === 'User') return `user:${subject.name}`;
  if (subject.kind === 'Group') return `group:${subject.name}`;
  const namespace = subject.namespace || bindingNamespace;
  if (subject.kind !== 'ServiceAccount' || !namespace) return undefined;
  return `user:${accountUser(namespace, subject.name)}`;
}

/** The entries of the index that speak of the identity: its user's and each of its groups'. Found once for each of both. */
export const bindingsOf = derived((index: RbacIndex, { user, groups }: Identity): readonly SubjectBindings[] =>
  [`user:${user}`, ...new Set(groups.map((group) => `group:${group}`))].flatMap((key) => {
    const found = index.bySubject.get(key);
    return found === undefined ? [] : [found];
  }),
);

/**
 * The roles that apply to the identity in a namespace: those bound everywhere and those bound there. `null` asks for
 * cluster scope. A role bound by two ways is there twice.
 */
export function* boundRoles(index: RbacIndex, identity: Identity, namespace: string | null): Generator<BoundRole> {
  const entries = bindingsOf(index, identity);
  for (const entry of entries) yield* entry.cluster;
  if (namespace === null) return;
  for (const entry of entries) yield* entry.byNamespace.get(namespace) ?? [];
}

/** The namespaces in which a RoleBinding names the identity. */
export function namespacesOf(index: RbacIndex, identity: Identity): readonly string[] {
  return [...new Set(bindingsOf(index, identity).flatMap((entry) => [...entry.byNamespace.keys()]))];
}
