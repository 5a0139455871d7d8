import type { KubernetesObject } from '#libs/core';
import type { ResourceRequest } from '#libs/rbac';

/**
 * What the platform's access to a cluster rests on. A1: its bindings. A2: their roles. A3: its service accounts, with
 * their namespaces and Secrets. A4: the accounts that it impersonates. A5: who is who, as far as that stands in the API.
 * A6: admission. A7: the API itself. A8: Flux in the cluster.
 */
export type AccessClass = 'A1' | 'A2' | 'A3' | 'A4' | 'A5' | 'A6' | 'A7' | 'A8';

/** One object, or all of a kind, by which access can be taken away. */
export interface AccessObject {
  readonly class: AccessClass;
  /** `ClusterRoleBinding`, for people; objects of one kind are told together. */
  readonly kind: string;
  /** `flux-admin` or `team/flux`; absent where all of the kind are meant. */
  readonly name?: string;
  /** Where it was read. */
  readonly object?: KubernetesObject;
  /** Any of these takes the access away. */
  readonly requests: readonly ResourceRequest[];
  /** No admission policy sees a change of it, so that only RBAC protects it. */
  readonly beyondAdmission: boolean;
}

interface Target {
  readonly group: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
}

/**
 * Deletes and changes. A patch or update counts as a delete: an `ownerReferences` to an owner that does not exist makes
 * the garbage collector delete the object.
 * https://kubernetes.io/docs/concepts/architecture/garbage-collection/#owners-dependents
 */
export function revokes(target: Target, ...subresources: readonly string[]): readonly ResourceRequest[] {
  const { name: _name, ...all } = target;
  return [
    ...['delete', 'patch', 'update'].map((verb) => ({ verb, ...target })),
    ...(target.name === undefined ? [] : [{ verb: 'deletecollection', ...all }]),
    ...subresources.flatMap((subresource) => ['patch', 'update'].map((verb) => ({ verb, ...target, subresource }))),
  ];
}

/** A single Namespace: its labels, finalizers and owners can be changed by two subresources as well. */
export function revokesNamespace(name: string): readonly ResourceRequest[] {
  return revokes({ group: '', resource: 'namespaces', name }, 'status', 'finalize').filter(
    // A Namespace has no deletecollection.
    ({ verb }) => verb !== 'deletecollection',
  );
}

export function creates(target: Omit<Target, 'name'>): ResourceRequest {
  return { verb: 'create', ...target };
}
