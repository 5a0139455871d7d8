import { CLUSTER_SUBJECT, defineControl, notApplicable } from '#libs/core';
import { accessOf } from '../access/access.js';
import { tenantModel } from '../tenants/tenant-model.js';
import { unlessShared } from '../tenants/unless-shared.js';
import { defaultAccounts } from './default-accounts.js';
import { groupWideGrants, groupWideRights } from './group-wide-grants.js';
import { judgeDefaultAccount } from './judge-default-account.js';

export const defaultAccountRights = defineControl({
  id: 'FLUX-MT-04',
  title: 'The default service accounts have no rights',
  family: 'Multi-tenancy',
  severity: 'critical',
  scope: ['shared', 'management'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'A Kustomization or HelmRelease that names no service account is applied as the default account of its own namespace. ' +
    'Flux recommends that this account has no rights at all, so that an object which names none can do nothing; pods that name no account share the account called `default`.',
  audit:
    "For each namespace that holds Flux objects or is a tenant's, and each name that some kustomize- or helm-controller has as `--default-service-account` (and `default`), the rights of the account are collected from all roles and bindings, by its name, by the groups that it is in, and whether or not it exists. " +
    'What Kubernetes gives to every account is read from the cluster itself and left out, and so are the defaults of OpenShift; of these, the right to create projects is a warning. ' +
    'It fails where the account may change something, read Secrets, ask for tokens, impersonate, or has wildcards; other reading is a warning. A binding that gives rights to all accounts of the cluster is a finding of its own. ' +
    'In namespaces of the platform, where no principal of a tenant may create Flux objects or pods, rights of the default account are a warning, and so is a default account that a tenant uses as its reconciler inside of its own namespaces.',
  remediation:
    'Take the default accounts and their groups out of all bindings, and give Flux objects named accounts. ' +
    'Where `default` must keep rights, let `--default-service-account` name an account that has none, such as `flux-tenant-none`.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#multi-tenancy',
    'https://fluxcd.io/flux/installation/configuration/multitenancy/',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles',
  ],
  requires: ['registration', 'deployments', 'pods', 'kustomizations', 'helmReleases', 'rbac'],
  optional: ['configMaps', 'namespaces', 'serviceAccounts', 'accessReviews'],
  examples: {
    passing: [
      {
        title: 'nobody binds the default account',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants:
            - { name: team-a, namespaces: { names: [team-a] } }
            - { name: team-b, namespaces: { names: [team-b] } }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: edit }
          rules:
            - { apiGroups: [""], resources: [pods], verbs: [create] }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: RoleBinding
          metadata: { name: deployer, namespace: team-a }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit }
          subjects: [{ kind: ServiceAccount, name: deployer, namespace: team-a }]`,
      },
    ],
    failing: [
      {
        title: 'all accounts of a namespace may create pods everywhere',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants:
            - { name: team-a, namespaces: { names: [team-a] } }
            - { name: team-b, namespaces: { names: [team-b] } }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: edit }
          rules:
            - { apiGroups: [""], resources: [pods], verbs: [create] }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRoleBinding
          metadata: { name: team-a }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit }
          subjects: [{ kind: Group, name: "system:serviceaccounts:team-a" }]`,
      },
    ],
  },
  evaluate: (artifacts, { now }) => {
    const model = tenantModel(artifacts);
    const answer = unlessShared(model);
    if (answer) return [answer];
    const { kustomizations, helmReleases, serviceAccounts } = artifacts;
    const access = accessOf(artifacts.rbac, artifacts.accessReviews);
    const existing =
      serviceAccounts.state === 'collected'
        ? new Set(serviceAccounts.value.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`))
        : undefined;
    const { accounts, unknown } = defaultAccounts([...kustomizations, ...helmReleases], model, now);
    const context = {
      model,
      access,
      groupWide: groupWideRights(access.index).length > 0,
      exists: ({ namespace, name }: { readonly namespace: string; readonly name: string }) =>
        existing?.has(`${namespace}/${name}`),
    };
    const judged = [
      ...groupWideGrants(access.index),
      ...accounts.flatMap((account) => judgeDefaultAccount(account, context)),
      ...unknown,
    ];
    if (judged.length > 0) return judged;
    const message = 'No namespace holds Flux objects, and the tenants have no namespaces.';
    return [notApplicable(CLUSTER_SUBJECT, 'NO_NAMESPACE', message)];
  },
});
