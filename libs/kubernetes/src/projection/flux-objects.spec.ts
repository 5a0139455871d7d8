import { describe, expect, it } from 'vitest';
import { SECRET, type Json } from '../../test/objects.js';
import { projectAlert, projectProvider } from './flux-notifications.js';
import { projectFluxInstance } from './flux-operator.js';
import { projectHelmRelease, projectKustomization } from './flux-reconciled.js';
import { projectSource } from './flux-sources.js';

const metadata = {
  name: 'app',
  namespace: 'team-a',
  uid: 'uid',
  generation: 2,
  labels: { team: 'a' },
  annotations: {
    'kubectl.kubernetes.io/last-applied-configuration': SECRET,
    'reconcile.fluxcd.io/requestedAt': 't',
    'kustomize.toolkit.fluxcd.io/prune': 'disabled',
    note: SECRET,
  },
  managedFields: [
    {
      manager: 'gotk-kustomize-controller',
      operation: 'Update',
      subresource: 'status',
      time: 't',
      fieldsV1: { [SECRET]: {} },
    },
  ],
  finalizers: [SECRET],
};
const kept = {
  name: 'app',
  namespace: 'team-a',
  uid: 'uid',
  generation: 2,
  labels: { team: 'a' },
  annotations: { 'reconcile.fluxcd.io/requestedAt': 't', 'kustomize.toolkit.fluxcd.io/prune': 'disabled' },
};
const managedFields = [{ manager: 'gotk-kustomize-controller', operation: 'Update', subresource: 'status', time: 't' }];
const ready = {
  type: 'Ready',
  status: 'False',
  reason: 'X',
  message: `GET https://user:${SECRET}@host/x failed`,
  lastTransitionTime: 't',
};
const keptReady = { ...ready, message: 'GET https://host/x failed' };

it('of a Kustomization everything but patches, what is substituted and the bulk of the inventory', () => {
  const item = {
    metadata,
    spec: {
      interval: '10m',
      path: './app',
      prune: true,
      suspend: false,
      serviceAccountName: 'app',
      sourceRef: { kind: 'GitRepository', name: 'app' },
      dependsOn: [{ name: 'infra' }],
      kubeConfig: { secretRef: { name: 'kc', key: 'value' } },
      decryption: { provider: 'sops', secretRef: { name: 'age' } },
      postBuild: {
        substitute: { password: SECRET },
        substituteFrom: [{ kind: 'Secret', name: 'vars', optional: true, extra: SECRET }],
        substituteStrategy: 'Always',
      },
      healthChecks: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'app', namespace: 'team-a' }],
      force: true,
      patches: [{ patch: SECRET }],
      images: [{ name: SECRET }],
      commonMetadata: { labels: { lane: 'a' }, annotations: { a: SECRET } },
    },
    status: {
      observedGeneration: 2,
      conditions: [ready],
      lastAppliedRevision: 'main@sha1:a',
      history: [{ digest: SECRET, lastReconciled: 't', lastReconciledStatus: 'ReconciliationSucceeded' }],
      inventory: {
        entries: [
          { id: 'flux-system_kustomize-controller_apps_Deployment', v: 'v1' },
          { id: 'team-a_db__Secret', v: 'v1' },
          { id: 'team-a_app_helm.toolkit.fluxcd.io_HelmRelease', v: 'v2' },
          { id: '_system__admin_rbac.authorization.k8s.io_ClusterRoleBinding', v: 'v1' },
          { id: `team-a_${SECRET}__ConfigMap`, v: 'v1' },
          { id: `team-a_${SECRET}_apps_StatefulSet`, v: 'v1' },
        ],
      },
    },
  };
  expect(projectKustomization('v1')(item)).toEqual({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { ...kept, managedFields },
    spec: {
      interval: '10m',
      path: './app',
      prune: true,
      suspend: false,
      serviceAccountName: 'app',
      sourceRef: { kind: 'GitRepository', name: 'app' },
      dependsOn: [{ name: 'infra' }],
      kubeConfig: { secretRef: { name: 'kc', key: 'value' } },
      decryption: { provider: 'sops', secretRef: { name: 'age' } },
      postBuild: {
        substituteFrom: [{ kind: 'Secret', name: 'vars', optional: true }],
        substituteStrategy: 'Always',
        hasSubstitute: true,
      },
      healthChecks: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'app', namespace: 'team-a' }],
      force: true,
      commonLabels: { lane: 'a' },
    },
    status: {
      observedGeneration: 2,
      conditions: [keptReady],
      lastAppliedRevision: 'main@sha1:a',
      history: [{ lastReconciled: 't', lastReconciledStatus: 'ReconciliationSucceeded' }],
      inventory: {
        entries: [
          { id: 'flux-system_kustomize-controller_apps_Deployment', v: 'v1' },
          { id: 'team-a_db__Secret', v: 'v1' },
          { id: 'team-a_app_helm.toolkit.fluxcd.io_HelmRelease', v: 'v2' },
          { id: '_system__admin_rbac.authorization.k8s.io_ClusterRoleBinding', v: 'v1' },
        ],
      },
    },
  });
});

it('of a HelmRelease everything but its values', () => {
  const sourceRef = { kind: 'HelmRepository', name: 'charts', namespace: 'flux-system' };
  const item = {
    metadata,
    spec: {
      interval: '5m',
      chart: {
        metadata: { labels: { lane: 'a' }, annotations: { a: SECRET } },
        spec: {
          chart: 'app',
          version: '1.x',
          sourceRef,
          valuesFiles: [SECRET],
          interval: '1m',
          verify: { provider: 'cosign', matchOIDCIdentity: [{ issuer: 'i', subject: 's', x: SECRET }] },
        },
      },
      values: { password: SECRET },
      valuesFrom: [{ kind: 'Secret', name: 'db', valuesKey: SECRET, targetPath: 'db.password', optional: false }],
      postRenderers: [{ kustomize: { patches: [{ patch: SECRET }] } }],
      install: { remediation: { retries: 3 } },
      upgrade: { crds: 'CreateReplace', force: true, disableOpenAPIValidation: true, remediation: {} },
      driftDetection: { mode: 'warn', ignore: [{ paths: [SECRET] }] },
    },
    status: {
      inventory: { entries: [{ id: 'a_b__Secret', v: 'v1' }, { id: `a_${SECRET}__Service` }] },
      conditions: [ready],
      history: [{ chartName: SECRET }],
      lastAttemptedValuesChecksum: SECRET,
    },
  };
  expect(projectHelmRelease('v2beta1')(item)).toEqual({
    apiVersion: 'helm.toolkit.fluxcd.io/v2beta1',
    kind: 'HelmRelease',
    metadata: { ...kept, managedFields },
    spec: {
      interval: '5m',
      chart: {
        spec: {
          chart: 'app',
          version: '1.x',
          sourceRef,
          verify: { provider: 'cosign', matchOIDCIdentity: [{ issuer: 'i', subject: 's' }] },
        },
        metadata: { labels: { lane: 'a' } },
      },
      valuesFrom: [{ kind: 'Secret', name: 'db', targetPath: 'db.password', optional: false }],
      upgrade: { crds: 'CreateReplace', force: true, disableOpenAPIValidation: true },
      driftDetection: { mode: 'warn' },
    },
    status: { conditions: [keptReady], inventory: { entries: [{ id: 'a_b__Secret', v: 'v1' }] } },
  });
});

describe('of a source', () => {
  const urlOf = (url: string) => projectSource('GitRepository', 'v1')({ metadata, spec: { url } }).spec.url;
  it.each([
    ['https://github.com/a/b', 'https://github.com/a/b'],
    [`https://user:${SECRET}@github.com/a/b`, 'https://github.com/a/b'],
    [`https://${SECRET}@github.com/a/b`, 'https://github.com/a/b'],
    ['ssh://git@github.com/a/b', 'ssh://github.com/a/b'],
    ['ssh://git@github.com:22/a/b', 'ssh://github.com:22/a/b'],
    [`https://host/a?token=${SECRET}`, 'https://host/a'],
    [`https://host/a#${SECRET}`, 'https://host/a'],
    ['oci://ghcr.io/a/b', 'oci://ghcr.io/a/b'],
    [`oci://a:${SECRET}@ghcr.io/a/b`, 'oci://ghcr.io/a/b'],
  ])('the URL %s without credentials', (url, expected) => {
    expect(urlOf(url)).toBe(expected);
  });

  it.each([
    ['https://github.com/a/b', undefined],
    [`https://user:${SECRET}@github.com/a/b`, true],
    [`https://${SECRET}@github.com/a/b`, true],
    ['https://@github.com/a/b', true],
    [`https://${'a'.repeat(20_000)}@github.com/a/b`, true],
    ['ssh://git@github.com/a/b', undefined],
    [`ssh://git:${SECRET}@github.com/a/b`, true],
    ['https://github.com/a@b', undefined],
  ])('that the URL %.60s held a credential: %s', (url, expected) => {
    const { spec } = projectSource('GitRepository', 'v1')({ metadata, spec: { url } });
    expect(spec.urlHadUserInfo).toBe(expected);
    expect(spec.url).toMatch(/^(https|ssh):\/\/github\.com\/a/);
    // A recorded object says the same.
    expect(projectSource('GitRepository', 'v1')({ metadata, spec }).spec).toEqual(spec);
  });

  it('of a Bucket its endpoints, without paths and credentials', () => {
    const spec = {
      endpoint: `user:${SECRET}@minio.example.com:9000/${SECRET}`,
      sts: { provider: 'ldap', endpoint: `https://u@sts.example.com/${SECRET}`, secretRef: { name: SECRET } },
      bucketName: 'b',
      insecure: true,
      prefix: SECRET,
      certSecretRef: { name: 'ca' },
      proxySecretRef: { name: 'proxy' },
    };
    const projected = projectSource('Bucket', 'v1')({ metadata, spec }).spec;
    expect(projected).toEqual({
      endpoint: 'minio.example.com:9000',
      stsEndpoint: 'https://sts.example.com',
      bucketName: 'b',
      insecure: true,
      certSecretRef: { name: 'ca' },
      proxySecretRef: { name: 'proxy' },
    });
    expect(projectSource('Bucket', 'v1')({ metadata, spec: projected }).spec).toEqual(projected);
  });

  it('of a HelmChart and a HelmRepository what is fetched and how', () => {
    const chart = { chart: 'app', version: '>=1', verify: { provider: 'notation', secretRef: { name: 'k' } } };
    expect(projectSource('HelmChart', 'v1')({ metadata, spec: { ...chart, valuesFiles: [SECRET] } }).spec).toEqual(
      chart,
    );
    const repository = { url: 'https://host/charts', passCredentials: true, insecure: false };
    expect(projectSource('HelmRepository', 'v1')({ metadata, spec: repository }).spec).toEqual(repository);
  });

  it('interval, reference and artifact', () => {
    const item = {
      metadata,
      spec: {
        interval: '1m',
        ref: { branch: 'main' },
        secretRef: { name: 'pull' },
        verify: { provider: 'cosign', secretRef: { name: 'keys' } },
        layerSelector: { mediaType: SECRET },
      },
      status: {
        artifact: {
          revision: 'main@sha1:a',
          digest: 'sha256:b',
          lastUpdateTime: 't',
          url: `http://x/${SECRET}`,
          path: SECRET,
        },
      },
    };
    expect(projectSource('OCIRepository', 'v1beta2')(item)).toEqual({
      apiVersion: 'source.toolkit.fluxcd.io/v1beta2',
      kind: 'OCIRepository',
      metadata: kept,
      spec: {
        interval: '1m',
        ref: { branch: 'main' },
        secretRef: { name: 'pull' },
        verify: { provider: 'cosign', secretRef: { name: 'keys' } },
      },
      status: { artifact: { revision: 'main@sha1:a', digest: 'sha256:b', lastUpdateTime: 't' } },
    });
  });
});

it.each<[string | undefined, Json]>([
  [`https://hooks.slack.com/services/T/${SECRET}`, { address: 'https://hooks.slack.com', addressHasPath: true }],
  [
    `https://user:${SECRET}@host:8443/x?y=${SECRET}`,
    { address: 'https://host:8443', addressHasPath: true, addressHadUserInfo: true },
  ],
  [`https://host/?${SECRET}`, { address: 'https://host', addressHasPath: true }],
  ['https://host/', { address: 'https://host' }],
  ['nats://host:4222', { address: 'nats://host:4222' }],
  [SECRET, {}],
  [undefined, {}],
])('of the address %s of a Provider no more than the host', (address, expected) => {
  const spec = { type: 'slack', address, secretRef: { name: 's' }, serviceAccountName: 'sa' };
  const provider = projectProvider('v1beta3')({ metadata, spec });
  expect(provider.spec).toEqual({ type: 'slack', secretRef: { name: 's' }, serviceAccountName: 'sa', ...expected });
  expect(projectProvider('v1beta3')({ metadata, spec: provider.spec }).spec).toEqual(provider.spec);
});

it.each([
  [`http://user:${SECRET}@proxy:3128/${SECRET}`, 'http://proxy:3128'],
  [`user:${SECRET}@proxy`, 'proxy'],
])('of the proxy %s of a Provider no more than the host', (proxy, expected) => {
  expect(projectProvider('v1beta2')({ metadata, spec: { proxy } }).spec.proxy).toBe(expected);
});

it('of an Alert whom it covers; an empty map of labels stays one', () => {
  const eventSources = [
    { kind: 'Kustomization', name: '*' },
    { kind: 'HelmRelease', name: '*', matchLabels: {} },
  ];
  const spec: Json = {
    providerRef: { name: 'slack' },
    eventSeverity: 'error',
    eventSources,
    eventMetadata: {
      env: 'production',
      summary: `ghp_${'a'.repeat(36)}`,
      apiKey: SECRET,
      tokenTtl: '1h',
    },
    summary: SECRET,
  };
  const projected = projectAlert('v1beta3')({ metadata, spec }).spec;
  expect(projected).toEqual({
    providerRef: { name: 'slack' },
    eventSeverity: 'error',
    eventSources,
    eventMetadataKeys: ['env', 'summary', 'apiKey', 'tokenTtl'],
    suspectMetadataKeys: ['summary', 'apiKey'],
  });
  expect(projectAlert('v1beta3')({ metadata, spec: projected }).spec).toEqual(projected);
});

it('of a FluxInstance what it installs, and of its patches nothing', () => {
  const spec: Json = {
    distribution: { version: '2.x', registry: 'ghcr.io/fluxcd', artifact: 'oci://x', imagePullSecret: SECRET },
    components: ['source-controller'],
    cluster: { type: 'kubernetes', multitenant: true, tenantDefaultServiceAccount: 'default', domain: SECRET },
    sharding: { key: 'sharding.fluxcd.io/key', shards: ['a'], storage: SECRET },
    sync: {
      kind: 'GitRepository',
      url: `https://u:${SECRET}@host/x`,
      ref: 'refs/heads/main',
      path: 'c',
      pullSecret: SECRET,
    },
    kustomize: { patches: [{ patch: SECRET }] },
  };
  const expected = {
    distribution: { version: '2.x', registry: 'ghcr.io/fluxcd', artifact: 'oci://x' },
    components: ['source-controller'],
    cluster: { type: 'kubernetes', multitenant: true, tenantDefaultServiceAccount: 'default' },
    sharding: { key: 'sharding.fluxcd.io/key', shards: ['a'] },
    sync: { kind: 'GitRepository', url: 'https://host/x', ref: 'refs/heads/main', path: 'c' },
  };
  expect(projectFluxInstance('v1')({ metadata, spec }).spec).toEqual(expected);
  expect(projectFluxInstance('v1')({ metadata, spec: expected }).spec).toEqual(expected);
  expect(projectFluxInstance('v1')({ metadata, spec: {} })).not.toHaveProperty('spec');
});

it('of a Kustomization that was recorded no less than what was recorded', () => {
  const spec = { postBuild: { hasSubstitute: true }, commonLabels: { lane: 'a' } };
  expect(projectKustomization('v1')({ metadata, spec }).spec).toEqual(spec);
});
