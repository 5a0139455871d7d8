import { describe, expect, it } from 'vitest';
import type { Deployment, Pod } from '#libs/core';
import { DIGESTS } from '../images/digests.generated.js';
import { snapshotOf } from '../../../../test/support/snapshot-of.js';
import { discoverControllers, fluxNamespacesOf } from './discover-controllers.js';

function discover(yaml: string) {
  const { artifacts } = snapshotOf(yaml);
  const { deployments, pods, configMaps } = artifacts;
  if (deployments.state !== 'collected' || pods.state !== 'collected' || configMaps.state !== 'collected') {
    throw new Error('not collected');
  }
  return discoverControllers({ deployments: deployments.value, pods: pods.value, configMaps: configMaps.value });
}

function lines(yaml: string): string[] {
  return discover(yaml).map(
    ({ component, namespace, owner, container, template, pods }) =>
      `${component} ${namespace}/${owner.kind}/${owner.name}/${container} ${template ? 'template' : '-'} ${pods.length}`,
  );
}

interface Shape {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly podLabels?: Record<string, string>;
  readonly containers: readonly object[];
}

const deployment = ({
  name = 'x',
  namespace = 'flux-system',
  labels = {},
  podLabels = {},
  containers,
}: Shape): string =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: { template: { metadata: { labels: podLabels }, spec: { containers } } },
  } satisfies Deployment | object);

const pod = (
  { name = 'x', namespace = 'flux-system', labels = {}, containers }: Shape,
  more: { owner?: { kind: string; name: string }; phase?: string; hash?: string; deleted?: boolean } = {},
): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { ...labels, ...(more.hash !== undefined && { 'pod-template-hash': more.hash }) },
      ...(more.deleted === true && { deletionTimestamp: '2026-11-01T11:00:00Z' }),
      ownerReferences: more.owner ? [{ apiVersion: 'apps/v1', uid: 'u', ...more.owner }] : [],
    },
    spec: { containers },
    status: { phase: more.phase ?? 'Running' },
  } satisfies Pod | object);

const documents = (...parts: string[]): string => parts.join('\n---\n');
const helm = (image = 'ghcr.io/fluxcd/helm-controller:v1.6.3', more: object = {}) => ({
  name: 'manager',
  image,
  ...more,
});
const part = { 'app.kubernetes.io/part-of': 'flux' };
const digest = DIGESTS['helm-controller']?.['1.6.3']?.split(' ')[0];

describe('what is a Flux controller', () => {
  it.each<[string, object, Record<string, string>, string | undefined]>([
    ['upstream', helm(), {}, 'helm-controller'],
    ['a mirror', helm('registry.local/mirrored-fluxcd-kustomize-controller:v1'), {}, 'kustomize-controller'],
    ['a mirror, labelled', helm('registry.local/gitops/kustomize-controller:v1'), part, 'kustomize-controller'],
    [
      'a mirror, by its flags',
      helm('registry.local/gitops/kustomize-controller:v1', {
        args: ['--watch-all-namespaces', '--log-encoding=json'],
      }),
      {},
      'kustomize-controller',
    ],
    [
      'a namesake with one such flag',
      helm('registry.local/x/helm-controller:v1', { args: ['--enable-leader-election'] }),
      {},
      undefined,
    ],
    ['a namesake', helm('registry.local/x/source-controller:v1'), {}, undefined],
    ['k3s', helm('rancher/helm-controller:v0.15'), {}, undefined],
    [
      'k3s, whose command has the name',
      helm('docker.io/rancher/helm-controller:v0.15', { command: ['helm-controller'] }),
      {},
      undefined,
    ],
    [
      'k3s upstream',
      helm('ghcr.io/k3s-io/helm-controller:v0.15', { args: ['--log-encoding=json', '--events-addr=x'] }),
      {},
      undefined,
    ],
    ["Rancher's mirror of Flux", helm('rancher/mirrored-fluxcd-helm-controller:v1.6.3'), {}, 'helm-controller'],
    ['a known digest', helm(`registry.local/x@sha256:${digest}`), {}, 'helm-controller'],
    [
      'labels alone',
      helm('registry.local/x:v1'),
      { ...part, 'app.kubernetes.io/component': 'helm-controller' },
      'helm-controller',
    ],
    [
      'a component label alone',
      helm('registry.local/x:v1'),
      { 'app.kubernetes.io/component': 'helm-controller' },
      undefined,
    ],
    ['a command', helm('registry.local/x:v1', { command: ['/usr/bin/source-watcher'] }), {}, 'source-watcher'],
    [
      'a command behind an init',
      helm('registry.local/x:v1', { command: ['tini', '--', 'helm-controller'] }),
      {},
      'helm-controller',
    ],
  ])('%s', (_title, container, podLabels, component) => {
    const found = discover(deployment({ podLabels, containers: [container] }));
    expect(found.map((instance) => instance.component)).toEqual(component === undefined ? [] : [component]);
  });

  it('leaves sidecars out', () => {
    const labels = { ...part, 'app.kubernetes.io/component': 'helm-controller' };
    const containers = [
      { name: 'proxy', image: 'proxy:v1' },
      { name: 'manager', image: 'registry.local/x:v1' },
    ];
    expect(lines(deployment({ labels, containers }))).toEqual([
      'helm-controller flux-system/Deployment/x/manager template 0',
    ]);
  });
});

describe('instances', () => {
  it('joins pods with their Deployment by the pod template hash', () => {
    const owner = { kind: 'ReplicaSet', name: 'helm-controller-abc' };
    expect(
      lines(
        documents(
          deployment({ name: 'helm-controller', containers: [helm()] }),
          pod({ name: 'p1', containers: [helm()] }, { owner, hash: 'abc' }),
          pod({ name: 'p2', containers: [helm()] }, { owner, hash: 'abc', deleted: true }),
          pod({ name: 'done', containers: [helm()] }, { owner, hash: 'abc', phase: 'Succeeded' }),
          pod({ name: 'failed', containers: [helm()] }, { owner, hash: 'abc', phase: 'Failed' }),
        ),
      ),
    ).toEqual(['helm-controller flux-system/Deployment/helm-controller/manager template 2']);
  });

  it('keeps shards, namespaces and bare pods apart', () => {
    const owner = { kind: 'ReplicaSet', name: 'helm-controller-shard1-f00' };
    expect(
      lines(
        documents(
          deployment({ name: 'helm-controller', containers: [helm()] }),
          deployment({ name: 'helm-controller-shard1', containers: [helm()] }),
          deployment({ name: 'helm-controller', namespace: 'flux-two', containers: [helm()] }),
          pod({ name: 'p1', containers: [helm()] }, { owner, hash: 'f00' }),
          pod({ name: 'bare', containers: [helm()] }),
          pod({ name: 'set-0', containers: [helm()] }, { owner: { kind: 'StatefulSet', name: 'set' } }),
        ),
      ),
    ).toEqual([
      'helm-controller flux-system/Pod/bare/manager - 1',
      'helm-controller flux-system/Deployment/helm-controller/manager template 0',
      'helm-controller flux-system/Deployment/helm-controller-shard1/manager template 1',
      'helm-controller flux-system/StatefulSet/set/manager - 1',
      'helm-controller flux-two/Deployment/helm-controller/manager template 0',
    ]);
  });

  it('finds every component of an all-in-one pod', () => {
    const containers = [
      'source-controller',
      'kustomize-controller',
      'helm-controller',
      'notification-controller',
      'image-reflector-controller',
    ].map((name) => ({ name, image: `ghcr.io/fluxcd/${name}:v1.9.4` }));
    const found = discover(pod({ name: 'flux', containers }));
    expect(found.map(({ component, container }) => [component, container])).toEqual(
      containers.map(({ name }) => [name, name]),
    );
    expect(found[2]?.pods[0]?.pointer).toBe('/spec/containers/2');
  });

  it('takes pods of a Deployment that was not collected', () => {
    const owner = { kind: 'ReplicaSet', name: 'helm-controller-abc' };
    expect(lines(pod({ containers: [helm()] }, { owner, hash: 'abc' }))).toEqual([
      'helm-controller flux-system/Deployment/helm-controller/manager - 1',
    ]);
  });

  it('knows a pod by its Deployment', () => {
    const labels = { ...part, 'app.kubernetes.io/component': 'helm-controller' };
    const owner = { kind: 'ReplicaSet', name: 'x-abc' };
    const container = { name: 'manager', image: 'registry.local/x:v1' };
    expect(
      lines(
        documents(
          deployment({ labels, containers: [container] }),
          pod({ containers: [container] }, { owner, hash: 'abc' }),
        ),
      ),
    ).toEqual(['helm-controller flux-system/Deployment/x/manager template 1']);
  });

  it('names the Flux namespaces', () => {
    const yaml = documents(
      deployment({ containers: [helm()] }),
      deployment({ namespace: 'a-flux', containers: [helm()] }),
      deployment({ namespace: 'other', containers: [{ name: 'x', image: 'x' }] }),
    );
    expect(fluxNamespacesOf(discover(yaml))).toEqual(['a-flux', 'flux-system']);
  });
});
