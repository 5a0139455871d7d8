import type { SimulatedObject } from '../simulated-object.js';
import {
  componentArguments,
  componentVersion,
  DEFAULT_COMPONENTS,
  type FluxComponent,
  type FluxRelease,
  type LockDown,
} from './flux-components.js';
import { fluxRbac } from './flux-rbac.js';
import { FLUX_PLACEMENT } from './platform.js';
import { podOf, replicaSetOf } from './workload.js';

export interface FluxInstallationOptions {
  /** Default v2.9.4. */
  readonly release?: FluxRelease;
  /** Default `flux-system`. */
  readonly namespace?: string;
  /** Default `ghcr.io/fluxcd`. */
  readonly registry?: string;
  readonly components?: readonly FluxComponent[];
  /** Default `full`. */
  readonly lockDown?: LockDown;
  /** Further sets of kustomize- and helm-controller that serve the objects labelled `sharding.fluxcd.io/key: <shard>`. */
  readonly shards?: readonly string[];
  /** Changes a controller's arguments; `shard` is undefined for the main set. */
  readonly editArguments?: (
    component: FluxComponent,
    args: readonly string[],
    shard: string | undefined,
  ) => readonly string[];
  /** Name of an environment variable that every controller takes from a Secret. */
  readonly secretEnvironment?: string;
  /** Runs on nodes of its own: see `nodes` in platform.ts. */
  readonly ownNodes?: boolean;
  /** One Deployment whose pod holds all controllers. */
  readonly allInOne?: boolean;
  /** Adds what the Flux Operator leaves: its labels and the FluxInstance. */
  readonly fluxOperator?: boolean;
}

/** The objects that an installation of Flux leaves in a cluster, in the order in which they can be created. */
export interface FluxInstallation {
  readonly namespace: SimulatedObject;
  readonly serviceAccounts: readonly SimulatedObject[];
  readonly clusterRoles: readonly SimulatedObject[];
  readonly clusterRoleBindings: readonly SimulatedObject[];
  readonly services: readonly SimulatedObject[];
  readonly deployments: readonly SimulatedObject[];
  readonly replicaSets: readonly SimulatedObject[];
  readonly pods: readonly SimulatedObject[];
  readonly fluxInstances: readonly SimulatedObject[];
}

/** Laid out as `flux install` (or the Flux Operator) would lay it out, with every controller running. */
export function fluxInstallation(options: FluxInstallationOptions = {}): FluxInstallation {
  const plan = { release: 'v2.9.4', namespace: 'flux-system', components: DEFAULT_COMPONENTS, ...options } as const;
  const { namespace, components } = plan;
  const deployments = options.allInOne
    ? [allInOneDeployment(plan)]
    : [
        ...components.map((component) => deployment(plan, component, undefined)),
        ...(options.shards ?? []).flatMap((shard) =>
          components
            .filter((component) => component === 'kustomize-controller' || component === 'helm-controller')
            .map((component) => deployment(plan, component, shard)),
        ),
      ];
  const accounts = options.allInOne ? ['flux'] : components;
  const reconcilers = options.allInOne ? accounts : ['kustomize-controller', 'helm-controller'];
  return {
    namespace: {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { 'kubernetes.io/metadata.name': namespace, ...labelsOf(plan) } },
      status: { phase: 'Active' },
    },
    serviceAccounts: accounts.map((name) => ({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace, labels: labelsOf(plan, name) },
    })),
    ...fluxRbac(namespace, labelsOf(plan), accounts, reconcilers),
    services: ['source-controller', 'notification-controller'].map((name) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace, labels: labelsOf(plan, name) },
      spec: {
        type: 'ClusterIP',
        selector: { app: options.allInOne ? 'flux' : name },
        ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 'http' }],
      },
    })),
    deployments,
    replicaSets: deployments.map(replicaSetOf),
    pods: deployments.map((object) => podOf(object)),
    fluxInstances: options.fluxOperator ? [fluxInstance(plan)] : [],
  };
}

/** All of it as a list, for a simulated cluster. */
export function fluxObjects(options: FluxInstallationOptions = {}): SimulatedObject[] {
  const { namespace, ...lists } = fluxInstallation(options);
  return [namespace, ...Object.values(lists).flat()];
}

type Plan = FluxInstallationOptions & {
  readonly release: FluxRelease;
  readonly namespace: string;
  readonly components: readonly FluxComponent[];
};

function labelsOf({ release, namespace, fluxOperator }: Plan, component?: string): Record<string, string> {
  return {
    'app.kubernetes.io/instance': namespace,
    'app.kubernetes.io/part-of': 'flux',
    'app.kubernetes.io/version': release,
    ...(component !== undefined && { 'app.kubernetes.io/component': component }),
    ...(fluxOperator && {
      'app.kubernetes.io/managed-by': 'flux-operator',
      'fluxcd.controlplane.io/name': 'flux',
      'fluxcd.controlplane.io/namespace': namespace,
    }),
  };
}

function argumentsOf(plan: Plan, component: FluxComponent, shard: string | undefined): readonly string[] {
  const full = plan.release === 'v2.9.4' || plan.release === 'v2.8.8';
  const wanted = plan.lockDown ?? 'full';
  const base = componentArguments(component, plan.release, wanted === 'full' && !full ? 'multiTenancy' : wanted);
  // As https://fluxcd.io/flux/installation/configuration/sharding/ sets it up.
  const selector =
    shard !== undefined
      ? [`--watch-label-selector=sharding.fluxcd.io/key=${shard}`]
      : (plan.shards ?? []).length > 0 && component !== 'notification-controller'
        ? ['--watch-label-selector=!sharding.fluxcd.io/key']
        : [];
  const args = [...base, ...selector];
  return plan.editArguments?.(component, args, shard) ?? args;
}

function containerOf(
  plan: Plan,
  component: FluxComponent,
  name: string,
  shard: string | undefined,
): Record<string, unknown> {
  const resource = (path: string) => ({ resourceFieldRef: { containerName: name, divisor: '0', resource: path } });
  return {
    name,
    image: `${plan.registry ?? 'ghcr.io/fluxcd'}/${component}:${componentVersion(plan.release, component)}`,
    imagePullPolicy: 'IfNotPresent',
    args: argumentsOf(plan, component, shard),
    env: [
      { name: 'RUNTIME_NAMESPACE', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } } },
      { name: 'GOMAXPROCS', valueFrom: resource('limits.cpu') },
      { name: 'GOMEMLIMIT', valueFrom: resource('limits.memory') },
      ...(plan.secretEnvironment === undefined
        ? []
        : [{ name: plan.secretEnvironment, valueFrom: { secretKeyRef: { name: 'flux-settings', key: 'value' } } }]),
    ],
    ports: [
      ...(component === 'source-controller' || component === 'notification-controller'
        ? [{ containerPort: 9090, name: 'http', protocol: 'TCP' }]
        : []),
      { containerPort: 8080, name: 'http-prom', protocol: 'TCP' },
      { containerPort: 9440, name: 'healthz', protocol: 'TCP' },
    ],
    resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '100m', memory: '64Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
}

function deployment(plan: Plan, component: FluxComponent, shard: string | undefined): SimulatedObject {
  const name = shard === undefined ? component : `${component}-${shard}`;
  return deploymentOf(plan, name, component, [containerOf(plan, component, 'manager', shard)], component, {
    ...(shard !== undefined && { 'sharding.fluxcd.io/role': 'shard' }),
  });
}

/** Ports are told apart by arguments, and events go to the neighbour in the same pod. */
function allInOneDeployment(plan: Plan): SimulatedObject {
  const containers = plan.components.map((component, index) => {
    const container = containerOf(plan, component, component, undefined);
    const args = (container['args'] as string[]).filter((arg) => !arg.startsWith('--events-addr='));
    const events = component === 'notification-controller' ? ':9690' : 'http://localhost:9690';
    return {
      ...container,
      args: [`--events-addr=${events}`, `--metrics-addr=:${9790 + index}`, `--health-addr=:${9890 + index}`, ...args],
      ports: [{ containerPort: 9790 + index, name: `http-prom-${index}`, protocol: 'TCP' }],
    };
  });
  return deploymentOf(plan, 'flux', 'flux', containers, undefined, {});
}

function deploymentOf(
  plan: Plan,
  name: string,
  serviceAccountName: string,
  containers: readonly unknown[],
  component: string | undefined,
  annotations: Record<string, string>,
): SimulatedObject {
  const { namespace } = plan;
  const labels = labelsOf(plan, component);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace,
      labels: { ...labels, 'control-plane': 'controller' },
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: {
          labels: { app: name, ...labels },
          annotations: { 'prometheus.io/port': '8080', 'prometheus.io/scrape': 'true' },
        },
        spec: {
          containers,
          serviceAccountName,
          ...(plan.ownNodes ? FLUX_PLACEMENT : { nodeSelector: { 'kubernetes.io/os': 'linux' } }),
          priorityClassName: 'system-cluster-critical',
          securityContext: { fsGroup: 1337 },
          terminationGracePeriodSeconds: 60,
        },
      },
    },
    status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 },
  };
}

function fluxInstance({ release, namespace, components, registry }: Plan): SimulatedObject {
  return {
    apiVersion: 'fluxcd.controlplane.io/v1',
    kind: 'FluxInstance',
    metadata: { name: 'flux', namespace },
    spec: {
      distribution: { version: release.slice(1), registry: registry ?? 'ghcr.io/fluxcd' },
      components,
      cluster: { multitenant: true, tenantDefaultServiceAccount: 'default' },
    },
    status: { conditions: [{ type: 'Ready', status: 'True', reason: 'ReconciliationSucceeded' }] },
  };
}
