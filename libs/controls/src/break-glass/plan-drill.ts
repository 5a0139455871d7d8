import {
  type BreakGlassEntry,
  type DrillIdentity,
  type DrillMode,
  type DrillPlan,
  type JsonObject,
  type Registration,
  type RestoredBindings,
  RBAC_GROUP,
} from '#libs/core';
import { accountOf, asAuthorized, AUTHENTICATED, type Identity, type ResourceRequest } from '#libs/rbac';
import { platformObjectsOf } from '../dedicated-clusters/platform-objects.js';
import { rbacIndexOf } from '../dedicated-clusters/tenant-principals.js';
import { principalsOf } from '../tenants/tenant-model.js';
import { identitiesOf } from './break-glass-identity.js';
import { RECOVERY_RIGHTS } from './recovery-rights.js';

export interface DrillCircumstances {
  readonly mode: DrillMode;
  /** Address of the API server in the registry, for an entry that names none. */
  readonly apiServer?: string;
  /** UID that the namespace `kube-system` must have, where it is known. */
  readonly clusterUid?: string;
  /** Ten random letters or digits: the end of the name of what would be created. */
  readonly suffix: string;
}

/** What a drill of an entry does: who it expects to be, what it asks for, what it would restore. */
export function planDrill(
  entry: BreakGlassEntry,
  { platformPrincipals }: Pick<Registration, 'platformPrincipals'>,
  { mode, apiServer, clusterUid, suffix }: DrillCircumstances,
): DrillPlan {
  const documented = entry.apiServer ?? apiServer;
  const identities = identitiesOf(entry);
  const platform = principalsOf(platformPrincipals);
  return {
    mode,
    ...(documented !== undefined && { apiServer: documented }),
    ...(clusterUid !== undefined && { clusterUid }),
    identities: identities.map(withoutEverybody),
    rights: RECOVERY_RIGHTS.map(({ request, title }) => {
      const { verb, group = '', resource, subresource, namespace, name } = asAuthorized(request) as ResourceRequest;
      return {
        verb,
        group,
        resource,
        ...(subresource && { subresource }),
        ...(namespace && { namespace }),
        ...(name && { name }),
        title,
      };
    }),
    restore: restoreBinding(`platform-admin-restore-${suffix}`, platform.length > 0 ? platform : identities),
  };
}

/** Which bindings the declared principals of the platform have their rights from. None where nobody is declared. */
export function restoredBindings({ platformPrincipals }: Pick<Registration, 'platformPrincipals'>): RestoredBindings {
  const principals = principalsOf(platformPrincipals).map((identity) => ({ identity, from: 'registry' as const }));
  return (objects) => platformObjectsOf(principals, rbacIndexOf(objects), [], []).bindings;
}

function withoutEverybody({ user, groups }: Identity): DrillIdentity {
  return { user, groups: groups.filter((group) => group !== AUTHENTICATED) };
}

/** What would give the platform every right again. */
function restoreBinding(name: string, identities: readonly Identity[]): JsonObject {
  return {
    apiVersion: `${RBAC_GROUP}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: identities.flatMap(subjectsOf),
  };
}

function subjectsOf({ user, groups }: Identity): readonly JsonObject[] {
  const account = accountOf(user);
  if (account) return [{ kind: 'ServiceAccount', namespace: account.namespace, name: account.name }];
  if (user !== '') return [{ kind: 'User', apiGroup: RBAC_GROUP, name: user }];
  return groups
    .filter((group) => group !== AUTHENTICATED)
    .map((name) => ({ kind: 'Group', apiGroup: RBAC_GROUP, name }));
}
