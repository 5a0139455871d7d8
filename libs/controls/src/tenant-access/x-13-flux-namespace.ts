import {
  CLUSTER_SUBJECT,
  type Observation,
  type Subject,
  defineControl,
  fail,
  leastSure,
  notEvaluated,
  pass,
} from '#libs/core';
import { type Access, accessOf } from '../access/access.js';
import { fluxNamespaceRequests } from '../access/questions/flux-namespace.js';
import { unbindFix } from '../access/right-evidence.js';
import { tenantIdentities } from '../access/tenant-identities.js';
import { describeTenantRights, tenantRightEvidence, tenantRights } from '../access/tenant-rights.js';
import { type Tenant, type TenantModel, tenantModel } from '../tenants/tenant-model.js';
import { unlessShared } from '../tenants/unless-shared.js';

function judgeTenant(tenant: Tenant, model: TenantModel, access: Access): Observation {
  const subject: Subject = { kind: 'Tenant', name: tenant.name };
  const own = new Set(tenant.namespaces);
  const namespaces = model.fluxNamespaces.filter((namespace) => !own.has(namespace));
  const places = namespaces.join(', ');
  const rights = tenantRights(
    tenantIdentities(tenant, access.index),
    access,
    namespaces.flatMap(fluxNamespaceRequests),
  );
  const [first] = rights;
  if (first) {
    const confidence = rights.some((right) => right.confidence === 'proven') ? 'proven' : 'derived';
    const message =
      `${describeTenantRights(rights)}, where Flux runs. Its credentials for sources, its decryption keys and the accounts of its controllers are there, so this is power over all that Flux applies. ` +
      `Take ${tenant.name} out of these bindings, and leave the namespace to the platform.`;
    return fail(subject, 'TENANT_IN_FLUX_NAMESPACE', message, {
      confidence: leastSure(model.confidence, confidence),
      evidence: tenantRightEvidence(rights, tenant, model, `no rights of ${tenant.name} in ${places}`),
      fixes: unbindFix(rights.flatMap(({ right }) => (right ? [right] : []))),
    });
  }
  if (!tenant.principalsDeclared) {
    const message = `The accounts in the namespaces of ${tenant.name} have no rights over ${places}, but the registry does not say who else acts for ${tenant.name}. Declare its principals: users, groups and service accounts.`;
    return notEvaluated(subject, 'tenantsUndefined', 'PRINCIPALS_UNDECLARED', message);
  }
  const message = `Nobody of ${tenant.name} can read Secrets, start or change pods, get tokens or write Flux objects in ${places}.`;
  return pass(subject, 'NO_ACCESS', message, { confidence: leastSure(model.confidence, 'derived') });
}

export const fluxNamespaceAccess = defineControl({
  id: 'FLUX-X-13',
  title: 'Tenants have no power over the namespaces where Flux runs',
  family: 'Tenant access',
  severity: 'critical',
  scope: ['shared', 'management'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'The namespace of Flux holds the credentials of its sources, decryption keys, and the accounts of its controllers. ' +
    'Who can read Secrets, start pods, ask for tokens or write Flux objects there has what the controllers have. Where tenants share a cluster, that namespace belongs to the platform alone.',
  audit:
    'For each tenant, the principals that the registry declares and the service accounts of its namespaces are asked for in every namespace where Flux runs: get, list, patch and deletecollection of Secrets (the answers to the last two carry the data), create of pods, of pods/exec and of serviceaccounts/token, changes of Deployments, Kustomizations and HelmReleases, and patch of sources. ' +
    'All roles and bindings count, also rules for single names; answers of the API server win. One right is a failure. ' +
    'A tenant whose principals are not declared is not evaluated, unless its accounts already fail.',
  remediation:
    'Take tenants out of RoleBindings in the namespace of Flux and out of ClusterRoleBindings to roles such as `edit`. ' +
    'What tenants need to see of Flux, they can see in their own namespaces.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#multi-tenancy',
    'https://fluxcd.io/flux/installation/configuration/multitenancy/',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
  ],
  requires: ['registration', 'deployments', 'pods', 'rbac'],
  optional: ['configMaps', 'namespaces', 'kustomizations', 'helmReleases', 'accessReviews'],
  examples: {
    passing: [
      {
        title: 'the tenants have rights in their own namespaces',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          fluxNamespaces: [flux-system]
          tenants:
            - { name: team-a, namespaces: { names: [team-a] }, principals: { groups: [team-a] } }
            - { name: team-b, namespaces: { names: [team-b] }, principals: { groups: [team-b] } }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: edit }
          rules:
            - { apiGroups: [""], resources: [pods, secrets], verbs: [get, create, patch] }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: RoleBinding
          metadata: { name: team-a, namespace: team-a }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit }
          subjects: [{ kind: Group, name: team-a }]`,
      },
    ],
    failing: [
      {
        title: 'a tenant may edit where Flux runs',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          fluxNamespaces: [flux-system]
          tenants:
            - { name: team-a, namespaces: { names: [team-a] }, principals: { groups: [team-a] } }
            - { name: team-b, namespaces: { names: [team-b] }, principals: { groups: [team-b] } }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: edit }
          rules:
            - { apiGroups: [""], resources: [pods, secrets], verbs: [get, create, patch] }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: RoleBinding
          metadata: { name: team-a, namespace: flux-system }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit }
          subjects: [{ kind: Group, name: team-a }]`,
      },
    ],
  },
  evaluate: (artifacts) => {
    const model = tenantModel(artifacts);
    const answer = unlessShared(model);
    if (answer) return [answer];
    if (model.fluxNamespaces.length === 0) {
      const message =
        'No Flux controller was recognised, and the registry does not say where Flux runs, so it is not known which namespace to keep tenants out of. State fluxNamespaces of the cluster.';
      return [notEvaluated(CLUSTER_SUBJECT, 'undecidable', 'NO_FLUX_NAMESPACE', message)];
    }
    const access = accessOf(artifacts.rbac, artifacts.accessReviews);
    return model.tenants.map((tenant) => judgeTenant(tenant, model, access));
  },
});
