import { CLUSTER_SUBJECT, defineControl, notApplicable, notEvaluated } from '#libs/core';
import { accessOf } from '../access/access.js';
import { tenantModel } from '../tenants/tenant-model.js';
import { unreadableTenants } from '../tenants/unreadable-tenants.js';
import { judgeRemoteIdentity } from './judge-remote-identity.js';
import { ServingFlags } from './kubeconfig-flags.js';
import { kubeConfigUses } from './kubeconfig-uses.js';
import { ClusterDirectory } from './match-cluster.js';
import { remoteApplyObjects } from './remote-apply-object.js';

export const remoteIdentity = defineControl({
  id: 'FLUX-RA-06',
  title: 'Flux has an identity of its own on each target cluster',
  family: 'Remote apply',
  severity: 'medium',
  scope: ['management'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Whoever a kubeconfig stands for acts on the target cluster with all rights of that identity. ' +
    'It should be of Flux alone, so that its work can be told from that of people, be limited by roles, and be allowed to impersonate the accounts that objects name.',
  audit:
    'Takes the identity from the client certificate or the token of each kubeconfig. ' +
    'Fails one of `system:masters` and one that is also a break-glass access of this registry entry; warns about one that looks like a person, and about HelmReleases of tenants without a service account, which are installed with all rights of the credential. ' +
    'Where a kubeconfig leads back to the audited cluster, its roles also tell whether the identity may impersonate the accounts that objects name. ' +
    'The roles of other clusters are not read in this audit, so for those the rest is not evaluated: audit the target cluster with the identity among its platform principals.',
  remediation:
    'Create an identity for Flux on each target cluster, with the roles that the platform needs and `impersonate` on the accounts that objects name. ' +
    'Set `spec.serviceAccountName` of applications to a restricted account.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/',
    'https://fluxcd.io/flux/components/helm/helmreleases/#kubeconfig-remote-clusters',
    'https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation',
  ],
  requires: ['registration', 'kustomizations', 'helmReleases', 'secretFacts', 'kubeConfigMaps'],
  optional: ['fleet', 'rbac', 'accessReviews', 'deployments', 'pods', 'configMaps', 'namespaces'],
  examples: {
    passing: [
      {
        title: 'back to the same cluster, as an identity that may impersonate the account',
        yaml: `
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: infra, namespace: platform }
          spec: { interval: 10m, serviceAccountName: infra, kubeConfig: { secretRef: { name: kubeconfig } } }
          ---
          kind: SecretFacts
          metadata: { name: kubeconfig, namespace: platform }
          keys: [value]
          digest: '1'
          lengths: { value: 2000 }
          kubeConfig:
            server: https://hub.example.com:6443
            hasCaData: true
            fields: [token]
            token: { kind: jwt, subject: 'system:serviceaccount:platform:remote' }
          ---
          kind: FleetCluster
          name: hub
          self: true
          server: https://hub.example.com:6443
          tenants: []
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: Role
          metadata: { name: impersonate, namespace: platform }
          rules: [{ apiGroups: [''], resources: [serviceaccounts], resourceNames: [infra], verbs: [impersonate] }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: RoleBinding
          metadata: { name: impersonate, namespace: platform }
          subjects: [{ kind: ServiceAccount, name: remote, namespace: platform }]
          roleRef: { kind: Role, name: impersonate }`,
      },
    ],
    failing: [
      {
        title: 'a client certificate of system:masters',
        yaml: `
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: infra, namespace: spoke-a }
          spec: { interval: 10m, kubeConfig: { secretRef: { name: kubeconfig } } }
          ---
          kind: SecretFacts
          metadata: { name: kubeconfig, namespace: spoke-a }
          keys: [value]
          digest: '1'
          lengths: { value: 2000 }
          kubeConfig:
            server: https://10.0.0.1:6443
            hasCaData: true
            fields: [client-certificate-data, client-key-data]
            certificate: { commonName: spoke-a-admin, organizations: ['system:masters'], notBefore: '2026-10-01T00:00:00Z', notAfter: '2027-03-01T00:00:00Z' }`,
      },
    ],
  },
  evaluate: (artifacts, { now }) => {
    const { registration, kustomizations, helmReleases, fleet, rbac, accessReviews } = artifacts;
    const uses = kubeConfigUses(remoteApplyObjects(kustomizations, helmReleases), {
      secretFacts: { state: 'collected', value: artifacts.secretFacts },
      kubeConfigMaps: { state: 'collected', value: artifacts.kubeConfigMaps },
    });
    if (uses.length === 0) {
      return [
        notApplicable(
          CLUSTER_SUBJECT,
          'NO_REMOTE_APPLY',
          'No Kustomization or HelmRelease of this cluster names a kubeconfig. So its Flux acts on no other cluster, and there is nothing to do.',
        ),
      ];
    }
    const model = tenantModel(artifacts);
    const surroundings = {
      registration,
      directory: new ClusterDirectory(fleet.state === 'collected' ? fleet.value : []),
      model,
      flags: new ServingFlags(artifacts, now),
      access: rbac.state === 'collected' ? accessOf(rbac.value, accessReviews) : undefined,
      rbac,
    };
    const unreadable = unreadableTenants(model);
    return [
      ...uses.flatMap((use) => judgeRemoteIdentity(use, surroundings)),
      ...(unreadable && helmReleases.length > 0
        ? [
            notEvaluated(
              CLUSTER_SUBJECT,
              unreadable.cause,
              unreadable.code,
              `It cannot be told which HelmReleases are of tenants. ${unreadable.message}`,
              { missing: unreadable.missing },
            ),
          ]
        : []),
    ];
  },
});
