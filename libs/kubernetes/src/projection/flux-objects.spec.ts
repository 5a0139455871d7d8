import { describe, expect, it } from 'vitest';
import { SECRET, type Json } from '../../test/objects.js';
import { projectAlert, projectProvider } from './flux-notifications.js';
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

it('of a Kustomization everything but patches, substitutions and the bulk of the inventory', () => {
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
      postBuild: { substitute: { password: SECRET }, substituteFrom: [{ kind: 'Secret', name: SECRET }] },
      patches: [{ patch: SECRET }],
      images: [{ name: SECRET }],
      commonMetadata: { labels: { a: SECRET } },
    },
    status: {
      observedGeneration: 2,
      conditions: [ready],
      lastAppliedRevision: 'main@sha1:a',
      history: [{ digest: SECRET, lastReconciled: 't', lastReconciledStatus: 'ReconciliationSucceeded' }],
      inventory: {
        entries: [
          { id: 'flux-system_kustomize-controller_apps_Deployment', v: 'v1' },
          { id: `team-a_${SECRET}__Secret`, v: 'v1' },
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
    },
    status: {
      observedGeneration: 2,
      conditions: [keptReady],
      lastAppliedRevision: 'main@sha1:a',
      history: [{ lastReconciled: 't', lastReconciledStatus: 'ReconciliationSucceeded' }],
      inventory: { entries: [{ id: 'flux-system_kustomize-controller_apps_Deployment', v: 'v1' }] },
    },
  });
});

it('of a HelmRelease everything but its values', () => {
  const sourceRef = { kind: 'HelmRepository', name: 'charts', namespace: 'flux-system' };
  const item = {
    metadata,
    spec: {
      interval: '5m',
      chart: { spec: { chart: 'app', version: '1.x', sourceRef, valuesFiles: [SECRET], interval: '1m' } },
      values: { password: SECRET },
      valuesFrom: [{ kind: 'Secret', name: SECRET }],
      postRenderers: [{ kustomize: { patches: [{ patch: SECRET }] } }],
      install: { remediation: { retries: 3 } },
    },
    status: { conditions: [ready], history: [{ chartName: SECRET }], lastAttemptedValuesChecksum: SECRET },
  };
  expect(projectHelmRelease('v2beta1')(item)).toEqual({
    apiVersion: 'helm.toolkit.fluxcd.io/v2beta1',
    kind: 'HelmRelease',
    metadata: { ...kept, managedFields },
    spec: { interval: '5m', chart: { spec: { chart: 'app', version: '1.x', sourceRef } } },
    status: { conditions: [keptReady] },
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

  it('interval, reference and artifact', () => {
    const item = {
      metadata,
      spec: {
        interval: '1m',
        ref: { branch: 'main' },
        secretRef: { name: SECRET },
        verify: { secretRef: { name: SECRET } },
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
      spec: { interval: '1m', ref: { branch: 'main' } },
      status: { artifact: { revision: 'main@sha1:a', digest: 'sha256:b', lastUpdateTime: 't' } },
    });
  });
});

it.each<[string | undefined, string | undefined]>([
  [`https://hooks.slack.com/services/T/${SECRET}`, 'https://hooks.slack.com'],
  [`https://user:${SECRET}@host:8443/x?y=${SECRET}`, 'https://host:8443'],
  ['nats://host:4222', 'nats://host:4222'],
  [SECRET, undefined],
  [undefined, undefined],
])('of the address %s of a Provider no more than the host', (address, expected) => {
  const provider = projectProvider('v1beta3')({ metadata, spec: { type: 'slack', address, secretRef: { name: 's' } } });
  expect(provider.spec).toEqual({
    type: 'slack',
    ...(expected !== undefined && { address: expected }),
    secretRef: { name: 's' },
  });
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
    eventMetadata: { a: SECRET },
    summary: SECRET,
  };
  expect(projectAlert('v1beta3')({ metadata, spec }).spec).toEqual({
    providerRef: { name: 'slack' },
    eventSeverity: 'error',
    eventSources,
  });
});
