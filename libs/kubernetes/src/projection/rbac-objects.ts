import {
  RBAC_GROUP,
  type ClusterRoleBinding,
  type PolicyRule,
  type RbacClusterRole,
  type RbacObject,
  type RbacSubject,
  type Role,
  type RoleBinding,
  type RoleReference,
} from '#libs/core';
import { defined, Fields } from './fields.js';
import { clusterMetadata, namespacedMetadata } from './metadata.js';
import { selectorObject } from './selectors.js';

export const RBAC_KINDS = ['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'] as const;
export type RbacKind = (typeof RBAC_KINDS)[number];

/** One object of `rbac.authorization.k8s.io`, whole: every field of it decides about rights. */
export function projectRbac(kind: RbacKind, version: string): (item: unknown) => RbacObject {
  const apiVersion = `${RBAC_GROUP}/${version}`;
  return (item) => {
    const object = Fields.of(item);
    switch (kind) {
      case 'Role':
        return defined<Role>({ apiVersion, kind, metadata: namespacedMetadata(object), rules: rulesOf(object) });
      case 'ClusterRole':
        return defined<RbacClusterRole>({
          apiVersion,
          kind,
          metadata: clusterMetadata(object),
          rules: rulesOf(object),
          aggregationRule: aggregationRule(object.child('aggregationRule')),
        });
      case 'RoleBinding':
        return defined<RoleBinding>({ apiVersion, kind, metadata: namespacedMetadata(object), ...grantOf(object) });
      default:
        return defined<ClusterRoleBinding>({ apiVersion, kind, metadata: clusterMetadata(object), ...grantOf(object) });
    }
  };
}

/** One of a recorded snapshot, by the kind that it says it has. */
export function projectRecordedRbac(version: string): (item: unknown) => RbacObject {
  return (item) => {
    const object = Fields.of(item);
    const kind = object.choice('kind', RBAC_KINDS);
    if (!kind) throw object.malformed('kind');
    return projectRbac(kind, version)(item);
  };
}

function rulesOf(object: Fields): readonly PolicyRule[] | undefined {
  return object.children('rules')?.map((rule) =>
    defined({
      verbs: rule.texts('verbs') ?? [],
      apiGroups: rule.texts('apiGroups'),
      resources: rule.texts('resources'),
      resourceNames: rule.texts('resourceNames'),
      nonResourceURLs: rule.texts('nonResourceURLs'),
    }),
  );
}

function aggregationRule(fields: Fields | undefined): RbacClusterRole['aggregationRule'] | undefined {
  return fields && defined({ clusterRoleSelectors: fields.children('clusterRoleSelectors')?.map(selectorObject) });
}

function grantOf(object: Fields): { subjects?: readonly RbacSubject[]; roleRef: RoleReference } {
  const roleRef = object.needChild('roleRef');
  return {
    ...defined({ subjects: object.children('subjects')?.map(subjectOf) }),
    roleRef: { kind: roleRef.needText('kind'), name: roleRef.needText('name') },
  };
}

function subjectOf(fields: Fields): RbacSubject {
  return defined({
    kind: fields.needText('kind'),
    name: fields.text('name') ?? '',
    namespace: fields.text('namespace') || undefined,
  });
}
