import { type Observation, defineControl, pass, leastSure } from '#libs/core';
import { accessOf } from '../access/access.js';
import { tenantModel, unlessTenants } from '../tenants/tenant-model.js';
import { undeclaredPrincipals } from './dedicated-scope.js';
import { judgeEverybody, judgeExcess, judgeFluxWrites } from './judge-excess.js';
import { tenantPrincipals } from './tenant-principals.js';

export const tenantPermissions = defineControl({
  id: 'FLUX-DED-03',
  title: 'Tenants have no rights beyond what running their applications takes',
  family: 'Tenant-dedicated clusters',
  severity: 'high',
  scope: ['dedicated', 'shared'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'Every right beyond a tenant’s own namespaces is a way to the platform or to other tenants. ' +
    'Flux recommends to make sure that tenants are not given more permissions than they need, and to look at this regularly, because roles grow.',
  audit:
    'Reads the rules that each principal of a tenant holds by RBAC: its declared users, groups and service accounts, and all service accounts of its namespaces. ' +
    'Fails on wildcard verbs or resources in the whole cluster; on escalating, binding and impersonating; on the API of nodes, approving certificates, admission configuration, APIServices and CRDs, PersistentVolumes, and namespaces of others; and on tokens, Secrets and pods of the platform. ' +
    'Fails on every grant to `system:authenticated`, `system:unauthenticated` or `system:anonymous` beyond those of Kubernetes itself. ' +
    'Rights on Flux objects are a warning where no default service account is set. The ClusterRoles `admin` and `edit` in a tenant’s own namespace are fine.',
  remediation:
    'Bind tenants to `admin` or `edit` by RoleBindings in their own namespaces. Put what they need of cluster-scoped objects into a ClusterRole of its own with verbs and resources written out. ' +
    'Remove bindings to groups that hold everybody.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
  ],
  requires: ['registration', 'rbac', 'namespaces', 'serviceAccounts'],
  optional: ['accessReviews', 'kustomizations', 'helmReleases', 'deployments', 'pods', 'configMaps'],
  examples: {
    passing: [
      {
        title: 'admin in its own namespace, and reading nodes',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          tenants:
            - { name: team-a, namespaces: { names: [team-a] }, principals: { groups: [team-a] } }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: admin }
          rules:
            - { apiGroups: ['', apps], resources: [pods, secrets, deployments], verbs: [create, get, list, patch, delete] }
            - { apiGroups: [rbac.authorization.k8s.io], resources: [roles, rolebindings], verbs: [create, get, list, patch, delete] }
            - { apiGroups: [''], resources: [serviceaccounts], verbs: [impersonate] }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: RoleBinding
          metadata: { name: team-a-admin, namespace: team-a }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin }
          subjects: [{ kind: Group, apiGroup: rbac.authorization.k8s.io, name: team-a }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: node-reader }
          rules: [{ apiGroups: [''], resources: [nodes], verbs: [get, list, watch] }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRoleBinding
          metadata: { name: team-a-node-reader }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: node-reader }
          subjects: [{ kind: Group, apiGroup: rbac.authorization.k8s.io, name: team-a }]`,
      },
    ],
    failing: [
      {
        title: 'the tenant may read every Secret of the cluster',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          tenants:
            - { name: team-a, namespaces: { names: [team-a] }, principals: { groups: [team-a] } }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: secret-reader }
          rules: [{ apiGroups: [''], resources: [secrets], verbs: [get, list] }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRoleBinding
          metadata: { name: team-a-secret-reader }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: secret-reader }
          subjects: [{ kind: Group, apiGroup: rbac.authorization.k8s.io, name: team-a }]`,
      },
      {
        title: 'everybody who is signed in may request tokens in kube-system',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants:
            - { name: team-a, namespaces: { names: [team-a] }, principals: { groups: [team-a] } }
            - { name: team-b, namespaces: { names: [team-b] }, principals: { groups: [team-b] } }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: Role
          metadata: { name: token-creator, namespace: kube-system }
          rules: [{ apiGroups: [''], resources: [serviceaccounts/token], verbs: [create] }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: RoleBinding
          metadata: { name: token-creator, namespace: kube-system }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: token-creator }
          subjects: [{ kind: Group, apiGroup: rbac.authorization.k8s.io, name: 'system:authenticated' }]`,
      },
    ],
  },
  evaluate: (artifacts): readonly Observation[] => {
    const model = tenantModel(artifacts);
    const early = unlessTenants(model);
    if (early) return [early];
    const access = accessOf(artifacts.rbac, artifacts.accessReviews);
    const tenants = tenantPrincipals(model, access.index, artifacts.serviceAccounts).flatMap((principals) => {
      const { tenant } = principals;
      const found = [
        ...judgeExcess(principals, model, access),
        ...judgeFluxWrites(principals, access.index, model.instances),
      ];
      const gap = undeclaredPrincipals(tenant);
      if (gap) return [...found, gap];
      if (found.length > 0) return found;
      return [
        pass(
          { kind: 'Tenant', name: tenant.name },
          'NOT_EXCESSIVE',
          `No principal of tenant ${tenant.name} has a right that reaches beyond running its applications.`,
          { confidence: leastSure('derived', tenant.declared ? 'proven' : 'heuristic') },
        ),
      ];
    });
    return [...tenants, ...judgeEverybody(access.index)];
  },
});
