import { type AnyBinding, type AnyRole, type KubernetesObject, RBAC_GROUP, derived } from '#libs/core';
import {
  AUTHENTICATED,
  type Identity,
  type RbacIndex,
  accountIdentity,
  accountOf,
  accountsGroup,
  membersOf,
  namespacesOf,
  rulesFor,
} from '#libs/rbac';
import { type AccessObject, revokes, revokesNamespace } from './access-object.js';
import type { PlatformPrincipal } from './platform-principals.js';

/** Objects that access rests on directly, and the bindings among them. */
export interface PlatformObjects {
  readonly objects: readonly AccessObject[];
  readonly bindings: readonly AnyBinding[];
}

interface Known {
  readonly serviceAccounts: readonly KubernetesObject[];
  readonly namespaces: readonly KubernetesObject[];
}

/**
 * Bindings that name the platform's principals, their roles, their service accounts with namespace, and the accounts
 * that they may impersonate by name. Where a principal is bound to every right, only the bindings that give that count:
 * taking another away takes nothing.
 */
export const platformObjectsOf = derived(
  (
    principals: readonly PlatformPrincipal[],
    index: RbacIndex,
    serviceAccounts: readonly KubernetesObject[],
    namespaces: readonly KubernetesObject[],
  ): PlatformObjects => {
    const known: Known = { serviceAccounts, namespaces };
    const objects = new Map<string, AccessObject>();
    const bindings = new Map<string, AnyBinding>();
    const add = (object: AccessObject) => {
      const key = `${object.kind} ${object.name}`;
      if (!objects.has(key)) objects.set(key, object);
    };
    const addIdentity = (identity: Identity, impersonated: boolean): void => {
      for (const { binding, role } of contributing(index, identity)) {
        bindings.set(keyOf(binding), binding);
        add(ofRbac(impersonated ? 'A4' : 'A1', binding));
        for (const each of [role, ...(role.kind === 'ClusterRole' ? membersOf(index, role) : [])]) {
          add(ofRbac(impersonated ? 'A4' : 'A2', each));
        }
      }
      const account = accountOf(identity.user);
      if (account) addAccount(account, impersonated ? 'A4' : 'A3', known, add);
    };
    for (const { identity } of principals) {
      addIdentity(identity, false);
      for (const target of impersonatedBy(index, identity)) addIdentity(target, true);
    }
    return { objects: [...objects.values()], bindings: [...bindings.values()] };
  },
);

function keyOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

interface Bound {
  readonly binding: AnyBinding;
  readonly role: AnyRole;
}

function contributing(index: RbacIndex, identity: Identity): readonly Bound[] {
  const implicit = new Set([AUTHENTICATED, 'system:serviceaccounts', accountGroup(identity)]);
  const places: readonly (string | null)[] = [null, ...namespacesOf(index, identity)];
  const bound = new Map<AnyBinding, Bound>();
  for (const place of places) {
    for (const { binding, role, namespace } of rulesFor(index, identity, place)) {
      if (namespace === place && names(binding, identity, implicit)) bound.set(binding, { binding, role });
    }
  }
  const all = [...bound.values()];
  const full = all.filter(({ binding, role }) => binding.kind === 'ClusterRoleBinding' && givesEverything(role));
  return full.length > 0 ? full : all;
}

function accountGroup({ user }: Identity): string {
  const account = accountOf(user);
  return account ? accountsGroup(account.namespace) : '';
}

/** It names the identity itself, or one of its groups that is not everybody's. */
function names(binding: AnyBinding, { user, groups }: Identity, implicit: ReadonlySet<string>): boolean {
  const account = accountOf(user);
  return (binding.subjects ?? []).some((subject) => {
    if (subject.kind === 'Group') return groups.includes(subject.name) && !implicit.has(subject.name);
    if (subject.kind === 'User') return user !== '' && subject.name === user;
    const namespace = subject.namespace || binding.metadata.namespace;
    return account !== undefined && subject.name === account.name && namespace === account.namespace;
  });
}

function givesEverything({ rules }: AnyRole): boolean {
  return (rules ?? []).some(
    ({ verbs, apiGroups, resources, resourceNames }) =>
      verbs.includes('*') && apiGroups?.includes('*') && resources?.includes('*') && !resourceNames?.length,
  );
}

function ofRbac(accessClass: 'A1' | 'A2' | 'A4', object: AnyBinding | AnyRole): AccessObject {
  const { kind, metadata } = object;
  const { namespace, name } = metadata;
  return {
    class: accessClass,
    kind,
    name: namespace === undefined ? name : `${namespace}/${name}`,
    object,
    requests: revokes({
      group: RBAC_GROUP,
      resource: `${kind.toLowerCase()}s`,
      ...(namespace !== undefined && { namespace }),
      name,
    }),
    beyondAdmission: false,
  };
}

function addAccount(
  { namespace, name }: { namespace: string; name: string },
  accessClass: 'A3' | 'A4',
  known: Known,
  add: (object: AccessObject) => void,
): void {
  const find = (objects: readonly KubernetesObject[], wanted: string, within?: string) =>
    objects.find(({ metadata }) => metadata.name === wanted && metadata.namespace === within);
  const account = find(known.serviceAccounts, name, namespace);
  const home = find(known.namespaces, namespace);
  add({
    class: accessClass,
    kind: 'ServiceAccount',
    name: `${namespace}/${name}`,
    ...(account && { object: account }),
    requests: revokes({ group: '', resource: 'serviceaccounts', namespace, name }),
    beyondAdmission: false,
  });
  add({
    class: accessClass,
    kind: 'Namespace',
    name: namespace,
    ...(home && { object: home }),
    requests: revokesNamespace(namespace),
    beyondAdmission: false,
  });
  // Which Secrets hold tokens is not known: a right on all of them is meant.
  add({
    class: accessClass,
    kind: 'Secret',
    name: `${namespace}/*`,
    requests: [
      ...revokes({ group: '', resource: 'secrets', namespace }),
      { verb: 'deletecollection', group: '', resource: 'secrets', namespace },
    ],
    beyondAdmission: false,
  });
}

/** Accounts that the identity may impersonate by name; a right to impersonate any account names none. */
function impersonatedBy(index: RbacIndex, identity: Identity): readonly Identity[] {
  return namespacesOf(index, identity).flatMap((namespace) =>
    rulesFor(index, identity, namespace)
      .filter(
        ({ rule, namespace: place }) =>
          place === namespace && rule.verbs.includes('impersonate') && rule.resources?.includes('serviceaccounts'),
      )
      .flatMap(({ rule }) => (rule.resourceNames ?? []).map((name) => accountIdentity({ namespace, name }))),
  );
}
