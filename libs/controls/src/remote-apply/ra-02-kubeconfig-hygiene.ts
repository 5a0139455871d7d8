import { CLUSTER_SUBJECT, defineControl, notApplicable } from '#libs/core';
import { tenantModel } from '../tenants/tenant-model.js';
import { judgeKubeConfig } from './judge-kubeconfig.js';
import { ServingFlags } from './kubeconfig-flags.js';
import { SharedCredentials } from './kubeconfig-sharing.js';
import { kubeConfigUses } from './kubeconfig-uses.js';
import { ClusterDirectory } from './match-cluster.js';
import { DAY, remoteApplyObjects } from './remote-apply-object.js';

const ROTATION_DAYS = 365;

export const kubeConfigHygiene = defineControl({
  id: 'FLUX-RA-02',
  title: 'Kubeconfigs for target clusters are self-contained, verified and short-lived',
  family: 'Remote apply',
  severity: 'high',
  scope: ['management', 'shared'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'The kubeconfig of a remote apply holds the rights of the platform on a target cluster. ' +
    'Flux uses only some of its fields and leaves the others out without a word, so a file can work differently than it is written; and what it trusts, how long its credential lasts and who else holds it decide how safe the target cluster is.',
  audit:
    'Reads the Secrets and ConfigMaps that `spec.kubeConfig` of Kustomizations and HelmReleases names, in memory, and keeps no credential of them. ' +
    'It fails an exec section (worse where `--insecure-kubeconfig-exec` of the controller is on), skipped verification of TLS (worse with `--insecure-kubeconfig-tls`), an address without https, fields that Flux leaves out, `tokenFile` without a token, user name and password, a token or certificate that is expired or never expires, a certificate of `system:masters`, and one credential that several tenants hold; ' +
    'of a ConfigMap, an audience or address that is not of a target cluster of the registry, and no service account where the controllers have no default one. ' +
    'It warns about missing CA data, a proxy, a credential that is held twice, soon to expire, long-lived, of unknown life, or older than the rotation time of the cluster. ' +
    'A Secret that may not be read is not judged.',
  remediation:
    'Use `spec.kubeConfig.configMapRef` with workload identity and an account of its own for each target cluster (Flux 2.7). ' +
    'Where that cannot be, keep a bound, short-lived token in the Secret that something renews, with `certificate-authority-data`, and nothing else.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/',
    'https://fluxcd.io/flux/components/kustomize/kustomizations/#kubeconfig-remote-clusters',
    'https://fluxcd.io/flux/components/helm/helmreleases/#kubeconfig-remote-clusters',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
  ],
  requires: ['registration', 'kustomizations', 'helmReleases', 'secretFacts', 'kubeConfigMaps'],
  optional: ['fleet', 'deployments', 'pods', 'configMaps', 'namespaces'],
  examples: {
    passing: [
      {
        title: 'a token that is good for an hour',
        yaml: `
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: infra, namespace: spoke-a }
          spec: { interval: 10m, kubeConfig: { secretRef: { name: kubeconfig } } }
          ---
          kind: SecretFacts
          metadata: { name: kubeconfig, namespace: spoke-a, creationTimestamp: '2026-10-30T09:00:00Z', ownerReferences: [{ apiVersion: external-secrets.io/v1, kind: ExternalSecret, name: kubeconfig, uid: '1' }] }
          keys: [value]
          digest: '1'
          lengths: { value: 2000 }
          kubeConfig:
            server: https://10.0.0.1:6443
            hasCaData: true
            fields: [certificate-authority-data, token]
            credentialDigest: '1'
            token: { kind: jwt, issuer: 'https://issuer.example', subject: 'system:serviceaccount:flux:remote', issuedAt: '2026-11-01T11:30:00Z', expiresAt: '2026-11-01T12:30:00Z' }`,
      },
    ],
    failing: [
      {
        title: 'an address without https',
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
          kubeConfig: { server: 'http://10.0.0.1:8080', fields: [] }`,
      },
      {
        title: 'workload identity with the audience of this cluster, and no account',
        yaml: `
          apiVersion: helm.toolkit.fluxcd.io/v2
          kind: HelmRelease
          metadata: { name: web, namespace: spoke-a }
          spec: { interval: 10m, kubeConfig: { configMapRef: { name: kubeconfig } } }
          ---
          kind: KubeConfigMapFacts
          metadata: { name: kubeconfig, namespace: spoke-a }
          provider: generic
          address: https://10.0.0.1:6443
          audiences: ['https://kubernetes.default.svc.cluster.local']
          ---
          kind: FleetCluster
          name: spoke-a
          server: https://10.0.0.1:6443
          tenants: []
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: helm-controller-0, namespace: flux-system }
          spec: { containers: [{ name: manager, image: 'ghcr.io/fluxcd/helm-controller:v1.6.3' }] }`,
      },
    ],
  },
  evaluate: (artifacts, { now }) => {
    const { registration, kustomizations, helmReleases, fleet } = artifacts;
    const objects = remoteApplyObjects(kustomizations, helmReleases);
    const uses = kubeConfigUses(objects, {
      secretFacts: { state: 'collected', value: artifacts.secretFacts },
      kubeConfigMaps: { state: 'collected', value: artifacts.kubeConfigMaps },
    });
    if (uses.length === 0) {
      return [
        notApplicable(
          CLUSTER_SUBJECT,
          'NO_REMOTE_APPLY',
          'No Kustomization or HelmRelease of this cluster names a kubeconfig. So its Flux applies to no other cluster, and there is nothing to do.',
        ),
      ];
    }
    const model = tenantModel(artifacts);
    const surroundings = {
      age: { now, rotation: (registration.rotationDays ?? ROTATION_DAYS) * DAY },
      flags: new ServingFlags(artifacts, now),
      sharing: new SharedCredentials(uses, model),
      fleet,
      directory: new ClusterDirectory(fleet.state === 'collected' ? fleet.value : []),
      shared: model.tenancy.severalTenants !== 'no',
    };
    return uses.flatMap((use) => judgeKubeConfig(use, surroundings));
  },
});
