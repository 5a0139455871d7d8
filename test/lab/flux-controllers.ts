import type { Programs } from './binaries.js';
import type { LabCluster } from './cluster.js';
import type { Manifest } from './admin-client.js';
import { toArguments, type Flags } from './flags.js';
import { eventually } from './poll.js';
import { freePorts } from './ports.js';
import type { LabProcess, Workspace } from './workspace.js';

export const FLUX_CONTROLLERS = ['kustomize-controller', 'helm-controller', 'notification-controller'] as const;
export type FluxController = (typeof FLUX_CONTROLLERS)[number];

export interface FluxControllerOptions {
  readonly components?: readonly FluxController[];
  /** Further flags for each, such as `no-cross-namespace-refs: true`. */
  readonly flags?: Readonly<Partial<Record<FluxController, Flags>>>;
  /** Takes each controller's arguments from its Deployment in the cluster instead; only where it listens is ours. */
  readonly fromDeployments?: boolean;
  /** Default `flux-system`; must exist. */
  readonly namespace?: string;
}

export interface RunningFlux {
  readonly processes: Readonly<Partial<Record<FluxController, LabProcess>>>;
  /** Where notification-controller takes events. */
  readonly eventsUrl: string;
  stop(): Promise<void>;
}

/** Starts real Flux controllers as processes against the cluster, and waits until they are ready. */
export async function startFluxControllers(
  workspace: Workspace,
  cluster: LabCluster,
  programs: Programs,
  options: FluxControllerOptions = {},
): Promise<RunningFlux> {
  const { components = FLUX_CONTROLLERS, namespace = 'flux-system' } = options;
  const [events = 0, receiver = 0, ...health] = await freePorts(2 + components.length);
  const eventsUrl = `http://127.0.0.1:${events}/`;
  const processes: Partial<Record<FluxController, LabProcess>> = {};
  // notification-controller first, so that no event finds its door shut.
  for (const component of [...components].sort().reverse()) {
    const program = programs[component];
    if (program === undefined) throw new Error(`The lab has no ${component}.`);
    const healthPort = health[components.indexOf(component)] ?? 0;
    const listen: Flags = {
      'metrics-addr': '127.0.0.1:0',
      'health-addr': `127.0.0.1:${healthPort}`,
      'events-addr': component === 'notification-controller' ? `127.0.0.1:${events}` : eventsUrl,
      ...(component === 'notification-controller' && { receiverAddr: `127.0.0.1:${receiver}` }),
    };
    const own = options.fromDeployments
      ? await deploymentArguments(cluster, namespace, component)
      : toArguments(options.flags?.[component] ?? {});
    const kubeconfig = await workspace.write(
      `${cluster.name}/${component}.kubeconfig`,
      await cluster.kubeconfig(options.fromDeployments ? serviceAccountIdentity(namespace, component) : 'admin'),
    );
    processes[component] = workspace.start(`${cluster.name}-${component}`, program, [...toArguments(listen), ...own], {
      KUBECONFIG: kubeconfig,
      RUNTIME_NAMESPACE: namespace,
    });
    await ready(component, processes[component], `http://127.0.0.1:${healthPort}/readyz`);
  }
  return {
    processes,
    eventsUrl,
    stop: async () => {
      await Promise.all(Object.values(processes).map((process) => process.stop(10_000)));
    },
  };
}

/** What the API server would take the controller's own service account token for. */
function serviceAccountIdentity(namespace: string, name: string) {
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
  };
}

/** Where to listen and send is decided here, and a leader can only be elected inside of a cluster. */
const NOT_OUTSIDE_A_CLUSTER = /^--(metrics-addr|health-addr|events-addr|receiverAddr|enable-leader-election)(=|$)/;

/** The container's other arguments as they stand. `$(RUNTIME_NAMESPACE)` is expanded as the kubelet would. */
async function deploymentArguments(
  cluster: LabCluster,
  namespace: string,
  component: FluxController,
): Promise<string[]> {
  const deployment: Manifest = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace, name: component } };
  const { spec } = await cluster.admin.get(deployment);
  const { containers } = (spec as { template: { spec: { containers: { args?: string[] }[] } } }).template.spec;
  return (containers[0]?.args ?? [])
    .map((arg) => arg.replaceAll('$(RUNTIME_NAMESPACE)', namespace))
    .filter((arg) => !NOT_OUTSIDE_A_CLUSTER.test(arg));
}

async function ready(component: string, process: LabProcess, url: string): Promise<void> {
  await eventually(
    `${component} becomes ready`,
    async () => {
      if (!process.isRunning()) return 'ended';
      return (await fetch(url)).ok ? 'ready' : undefined;
    },
    { deadlineMs: 120_000 },
  ).then(
    (state) => {
      if (state === 'ended') throw new Error(`${component} ended:\n${process.logTail()}`);
    },
    (error: Error) => {
      throw new Error(`${error.message}\n${process.logTail()}`);
    },
  );
}
