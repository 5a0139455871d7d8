import { type Identity, MASTERS } from '../identity.js';
import type { AnyRole } from '#libs/core';
import {
  bindingsOf,
  type BoundRole,
  boundRoles,
  type DanglingBinding,
  namespacesOf,
  type RbacIndex,
} from '../rbac-index.js';
import { hasOrAll } from '../rule-match.js';
import type { Reached } from './nodes.js';

/** A role that counts for somebody; without a binding where it was gained by binding or changing it. */
export interface HeldRole {
  readonly role: AnyRole;
  readonly namespace: string | null;
  readonly binding?: BoundRole['binding'];
}

/** What a node of the graph holds by RBAC. */
export interface Rights {
  readonly cluster: readonly HeldRole[];
  /** Of the namespaces with rights of their own; those of `cluster` come on top. */
  readonly namespaces: ReadonlyMap<string, readonly HeldRole[]>;
  readonly dangling: readonly DanglingBinding[];
  readonly masters: boolean;
}

const NOTHING: Rights = { cluster: [], namespaces: new Map(), dangling: [], masters: false };

export function rightsOf(index: RbacIndex, node: Reached): Rights {
  if (node.kind === 'identity') return rightsOfIdentity(index, node.identity);
  if (node.kind !== 'role') return NOTHING;
  const { role, namespace } = node;
  if (namespace === null) return { ...NOTHING, cluster: [{ role, namespace }] };
  return { ...NOTHING, namespaces: new Map([[namespace, [{ role, namespace }]]]) };
}

function rightsOfIdentity(index: RbacIndex, identity: Identity): Rights {
  const entries = bindingsOf(index, identity);
  return {
    cluster: [...boundRoles(index, identity, null)],
    namespaces: new Map(
      namespacesOf(index, identity).map((namespace) => [
        namespace,
        entries.flatMap((entry) => entry.byNamespace.get(namespace) ?? []),
      ]),
    ),
    dangling: entries.flatMap((entry) => entry.dangling),
    masters: identity.groups.includes(MASTERS),
  };
}

/** Every verb on every resource of every group: what the ClusterRole `cluster-admin` has. */
export function hasEverything({ rules }: AnyRole): boolean {
  return (
    rules?.some(
      ({ verbs, apiGroups, resources, resourceNames }) =>
        verbs.includes('*') && hasOrAll(apiGroups, '*') && hasOrAll(resources, '*') && !resourceNames?.length,
    ) ?? false
  );
}

/** A role as somebody can make it who may escalate. */
export const EVERYTHING: AnyRole = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: '(every right)' },
  rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
};
