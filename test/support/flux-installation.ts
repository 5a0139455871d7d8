import type { Deployment, EnvFromSource, EnvVar, KubernetesObject, Namespace, Pod } from '#libs/core';
import type { Component } from '#libs/flux';
import { NOW } from './snapshot-of.js';

/** Controllers of two Flux releases, for tests. */
const VERSIONS: Readonly<Record<'2.9.4' | '2.6.4', Readonly<Partial<Record<Component, string>>>>> = {
  '2.9.4': {
    'source-controller': 'v1.9.4',
    'kustomize-controller': 'v1.9.4',
    'helm-controller': 'v1.6.3',
    'notification-controller': 'v1.9.3',
    'image-reflector-controller': 'v1.2.4',
    'image-automation-controller': 'v1.2.4',
    'source-watcher': 'v2.2.3',
  },
  '2.6.4': {
    'source-controller': 'v1.6.2',
    'kustomize-controller': 'v1.6.1',
    'helm-controller': 'v1.3.0',
    'notification-controller': 'v1.6.0',
    'image-reflector-controller': 'v0.35.2',
    'image-automation-controller': 'v0.41.2',
  },
};

/** What upstream's own manifests pass. */
const BASE_ARGUMENTS = [
  '--watch-all-namespaces=true',
  '--log-level=info',
  '--log-encoding=json',
  '--enable-leader-election',
];

export interface ControllerOptions {
  readonly flux?: keyof typeof VERSIONS;
  readonly image?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly command?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly EnvFromSource[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Of the pod: ready for an hour, restarted again and again, just started, or no pod at all. */
  readonly state?: 'ready' | 'crashLoop' | 'starting' | 'scaledToZero';
  /** Arguments of the running pod where they differ from the template. */
  readonly podArgs?: readonly string[];
  /** One more pod that is being deleted, with these arguments. */
  readonly terminatingArgs?: readonly string[];
  /** The Deployment controller has not replaced all pods. */
  readonly rollingOut?: boolean;
  readonly serviceAccountName?: string;
  /** Leave the arguments of upstream's manifests out. */
  readonly bare?: boolean;
  readonly imageId?: string;
}

/** A Deployment of one Flux controller with its pod, as upstream's manifests make them. */
export function controller(component: Component, args: readonly string[], options: ControllerOptions = {}): object[] {
  const { name = component, namespace = 'flux-system', state = 'ready', flux = '2.9.4' } = options;
  const image = options.image ?? `ghcr.io/fluxcd/${component}:${VERSIONS[flux][component]}`;
  const part = { 'app.kubernetes.io/part-of': 'flux', 'app.kubernetes.io/component': component };
  const container = (own: readonly string[]) => ({
    name: 'manager',
    image,
    args: [...(options.bare ? [] : BASE_ARGUMENTS), ...own],
    env: [
      { name: 'RUNTIME_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
      ...(options.env ?? []),
    ],
    ...(options.envFrom && { envFrom: options.envFrom }),
    ...(options.command && { command: options.command }),
  });
  const account = { serviceAccountName: options.serviceAccountName ?? component };
  const replicas = state === 'scaledToZero' ? 0 : 1;
  const deployment: Deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace,
      generation: 2,
      labels: { ...part, ...options.labels },
      ...(options.annotations && { annotations: options.annotations }),
    },
    spec: {
      replicas,
      template: { metadata: { labels: { app: name, ...part } }, spec: { ...account, containers: [container(args)] } },
    },
    status: { observedGeneration: 2, replicas, updatedReplicas: options.rollingOut ? 0 : replicas },
  };
  const pod = (suffix: string, own: readonly string[], deleted: boolean): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-5c9f-${suffix}`,
      namespace,
      uid: `${name}-${suffix}`,
      labels: { app: name, ...part, 'pod-template-hash': '5c9f' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-5c9f`, uid: 'r' }],
      ...(deleted && { deletionTimestamp: NOW }),
    },
    spec: { ...account, containers: [container(own)] },
    status: { phase: 'Running', containerStatuses: [status(state, options.imageId)] },
  });
  return [
    deployment,
    ...(state === 'scaledToZero' ? [] : [pod('aaaaa', options.podArgs ?? args, false)]),
    ...(options.terminatingArgs ? [pod('zzzzz', options.terminatingArgs, true)] : []),
  ];
}

/** The same object as somebody else labels it. */
export function withoutLabels(object: object): object {
  return JSON.parse(JSON.stringify(object, (key, value: unknown) => (key === 'labels' ? undefined : value))) as object;
}

type Status = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

function status(state: ControllerOptions['state'], imageID = ''): Status {
  const shared = { name: 'manager', imageID };
  if (state === 'crashLoop') {
    return { ...shared, ready: false, restartCount: 7, state: { waiting: { reason: 'CrashLoopBackOff' } } };
  }
  const minutes = state === 'starting' ? 1 : 60;
  const startedAt = new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
  return { ...shared, ready: true, restartCount: 0, state: { running: { startedAt } } };
}

export function namespace(name: string, labels: Readonly<Record<string, string>> = {}): Namespace {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** A Kustomization or HelmRelease by `namespace/name`. */
export function fluxObject(
  kind: 'Kustomization' | 'HelmRelease',
  path: string,
  spec: object,
  more: object = {},
): object {
  const [home = '', name = ''] = path.split('/');
  const apiVersion = kind === 'Kustomization' ? 'kustomize.toolkit.fluxcd.io/v1' : 'helm.toolkit.fluxcd.io/v2';
  return { apiVersion, kind, metadata: { name, namespace: home }, spec, ...more } satisfies KubernetesObject & {
    spec: object;
  };
}

/** A shared tenant cluster with two tenants, as the registry states it. */
export const SHARED = {
  role: 'tenant',
  tenancy: 'shared',
  tenants: [
    { name: 'team-a', namespaces: { names: ['team-a'] } },
    { name: 'team-b', namespaces: { names: ['team-b'] } },
  ],
} as const;
