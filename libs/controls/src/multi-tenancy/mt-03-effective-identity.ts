import { CLUSTER_SUBJECT, type Observation, defineControl, fail, leastSure, notApplicable } from '#libs/core';
import { accessOf, type Access } from '../access/access.js';
import { fluxWrites } from '../access/questions/flux-namespace.js';
import { unbindFix } from '../access/right-evidence.js';
import { tenantIdentities } from '../access/tenant-identities.js';
import { describeTenantRights, tenantRightEvidence, tenantRights } from '../access/tenant-rights.js';
import { type TenantModel, tenantModel } from '../tenants/tenant-model.js';
import { unlessShared } from '../tenants/unless-shared.js';
import { identityContext } from './identity-context.js';
import { judgeIdentity } from './judge-identity.js';

/**
 * Principals of tenants that may write Flux objects where Flux runs, and so name the accounts of its controllers in
 * them. What accounts of tenants may do there is judged by FLUX-X-13.
 */
function fluxNamespaceWriters(model: TenantModel, access: Access): readonly Observation[] {
  const asks = model.fluxNamespaces.flatMap(fluxWrites);
  return model.tenants.flatMap((tenant) => {
    const namespaces = new Set(tenant.namespaces);
    const principals = tenantIdentities(tenant, access.index).filter(({ declared }) => declared);
    const foreign = asks.filter(({ namespace }) => !namespaces.has(namespace ?? ''));
    const rights = tenantRights(principals, access, foreign);
    const [first] = rights;
    if (!first) return [];
    const message =
      `${describeTenantRights(rights)}, where Flux runs. Objects there can name the accounts of the controllers, so they are applied with the rights of the platform. ` +
      `Leave the namespaces of Flux to the platform, and let ${tenant.name} write in its own.`;
    return [
      fail({ kind: 'Tenant', name: tenant.name }, 'TENANT_WRITES_FLUX_NAMESPACE', message, {
        confidence: leastSure(
          model.confidence,
          ...(rights.some(({ confidence }) => confidence === 'proven') ? [] : [first.confidence]),
        ),
        evidence: tenantRightEvidence(rights, tenant, model, `no rights of ${tenant.name} in the namespaces of Flux`),
        fixes: unbindFix(rights.flatMap(({ right }) => (right ? [right] : []))),
      }),
    ];
  });
}

export const effectiveIdentity = defineControl({
  id: 'FLUX-MT-03',
  title: 'Objects of tenants act with no more rights than their tenant needs',
  family: 'Multi-tenancy',
  severity: 'critical',
  scope: ['shared', 'management'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Flux applies each Kustomization and HelmRelease as somebody: as the service account that the object names, as the default account of its controller, or as the controller itself, which may change the whole cluster. ' +
    'Where tenants share a cluster, what a tenant writes into its source must not be applied with rights that reach beyond its own namespaces.',
  audit:
    'For each Kustomization and HelmRelease the account is worked out from `spec.serviceAccountName`, else from `--default-service-account` of every instance that serves the object (its label selector and namespaces), else it is the account of the controller. ' +
    'For objects of a tenant (in its namespace, or with its source) the rights of that account are collected from all roles and bindings, without what Kubernetes and OpenShift give to every account, and compared with answers of the API server where it was asked. ' +
    'It fails where the object acts as a controller, or where the account can change something or read Secrets outside of the namespaces of the tenant. All rights inside of a namespace, an account that does not exist, and objects of the platform that would lose their rights to the default account are warnings. ' +
    'A `spec.kubeConfig` that leads back to the same cluster is judged by its credential; one that leads elsewhere is judged on that cluster. ' +
    'It fails, too, where a principal of a tenant may write Kustomizations or HelmReleases in a namespace where Flux runs. ' +
    'Objects that the platform manages inside of the namespace of a tenant are told by the principals that the registry declares; without these the finding stands as a guess.',
  remediation:
    'Give each tenant an account of its own in its namespaces (`flux create tenant`), bind it there with RoleBindings to a role such as `admin`, and name it in `spec.serviceAccountName`. ' +
    'Take the accounts of tenants out of ClusterRoleBindings, and set `--default-service-account` on the controllers.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#multi-tenancy',
    'https://fluxcd.io/flux/components/kustomize/kustomizations/#role-based-access-control',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
  ],
  requires: ['registration', 'deployments', 'pods', 'kustomizations', 'helmReleases', 'sources', 'rbac'],
  optional: ['configMaps', 'namespaces', 'serviceAccounts', 'secretFacts', 'kubeConfigMaps', 'fleet', 'accessReviews'],
  examples: {
    passing: [
      {
        title: 'the account of the tenant holds rights in its own namespace',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants:
            - { name: team-a, namespaces: { names: [team-a] } }
            - { name: team-b, namespaces: { names: [team-b] } }
          ---
          apiVersion: v1
          kind: ServiceAccount
          metadata: { name: deployer, namespace: team-a }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: edit }
          rules:
            - { apiGroups: ["", apps], resources: [pods, services, deployments], verbs: [create, patch, delete] }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: RoleBinding
          metadata: { name: deployer, namespace: team-a }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit }
          subjects: [{ kind: ServiceAccount, name: deployer, namespace: team-a }]
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: app, namespace: team-a }
          spec:
            serviceAccountName: deployer
            sourceRef: { kind: GitRepository, name: app }`,
      },
    ],
    failing: [
      {
        title: 'the account of the tenant is bound in the whole cluster',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants:
            - { name: team-a, namespaces: { names: [team-a] } }
            - { name: team-b, namespaces: { names: [team-b] } }
          ---
          apiVersion: v1
          kind: ServiceAccount
          metadata: { name: deployer, namespace: team-a }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: cluster-admin }
          rules:
            - { apiGroups: ["*"], resources: ["*"], verbs: ["*"] }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRoleBinding
          metadata: { name: team-a-deployer }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
          subjects: [{ kind: ServiceAccount, name: deployer, namespace: team-a }]
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: app, namespace: team-a }
          spec:
            serviceAccountName: deployer
            sourceRef: { kind: GitRepository, name: app }`,
      },
    ],
  },
  evaluate: (artifacts, { now }) => {
    const model = tenantModel(artifacts);
    const answer = unlessShared(model);
    if (answer) return [answer];
    const { kustomizations, helmReleases, serviceAccounts, secretFacts, kubeConfigMaps, fleet } = artifacts;
    const access = accessOf(artifacts.rbac, artifacts.accessReviews);
    const context = identityContext({
      model,
      access,
      sources: artifacts.sources,
      targets: { secretFacts, kubeConfigMaps, fleet },
      serviceAccounts,
      instances: model.instances.state === 'collected' ? model.instances.value : [],
      now,
    });
    const judged = [...kustomizations, ...helmReleases].flatMap((object) => judgeIdentity(object, context));
    const writers = fluxNamespaceWriters(model, access);
    if (judged.length + writers.length > 0) return [...judged, ...writers];
    const message = 'There is no Kustomization and no HelmRelease in this cluster, so Flux acts as nobody.';
    return [notApplicable(CLUSTER_SUBJECT, 'NO_FLUX_OBJECTS', message)];
  },
});
