import type { AccessRule, Deployment, Pod } from '#libs/core';
import { type Component, type ControllerInstance, type ControllerRun, readFlag } from '#libs/flux';

/** What a port of a controller is for. */
export type EndpointUse = 'artifacts' | 'events' | 'receivers' | 'metrics';

/** A port on which a controller listens, in one of its pods or as its template says. */
export interface FluxEndpoint {
  readonly instance: ControllerInstance;
  readonly run: ControllerRun;
  readonly use: EndpointUse;
  readonly port: number;
  /** The pod; where none runs, one as the template would make it. */
  readonly pod: Pod;
}

/** A port that cannot be told from the arguments. */
export interface EndpointGap {
  readonly instance: ControllerInstance;
  readonly run: ControllerRun;
  readonly use: EndpointUse;
  readonly code: string;
  readonly flag: string;
  readonly why: string;
  readonly missing: readonly AccessRule[];
}

export interface FluxEndpoints {
  readonly endpoints: readonly FluxEndpoint[];
  readonly gaps: readonly EndpointGap[];
}

interface Listener {
  readonly use: EndpointUse;
  readonly flag: string;
}

const STORAGE: Listener = { use: 'artifacts', flag: 'storage-address' };
const METRICS: Listener = { use: 'metrics', flag: 'metrics-addr' };

/** Artifacts are served by two controllers; events and webhooks of receivers are taken by one. */
const LISTENERS: Readonly<Partial<Record<Component, readonly Listener[]>>> = {
  'source-controller': [STORAGE, METRICS],
  'source-watcher': [STORAGE, METRICS],
  'notification-controller': [
    { use: 'events', flag: 'events-addr' },
    { use: 'receivers', flag: 'receiverAddr' },
    METRICS,
  ],
};

/** The ports of all controllers, as their arguments say. Those on the loopback address are no ports of the network. */
export function fluxEndpoints(instances: readonly ControllerInstance[]): FluxEndpoints {
  const endpoints: FluxEndpoint[] = [];
  const gaps: EndpointGap[] = [];
  for (const instance of instances) {
    const live = instance.pods.filter(({ terminating }) => !terminating);
    const runs = live.length > 0 || !instance.template ? live : [instance.template];
    for (const run of runs) {
      const pod = podOf(run);
      for (const { use, flag } of LISTENERS[instance.component] ?? [METRICS]) {
        const reading = readFlag(run.arguments, flag, run.env);
        if (reading.state !== 'value') {
          const undecidable = reading.state === 'undecidable';
          const code = undecidable ? reading.code : 'ARGUMENT_CRASH';
          gaps.push({
            instance,
            run,
            use,
            flag,
            code,
            why: reading.message,
            missing: undecidable ? reading.missing : [],
          });
          continue;
        }
        const port = networkPort(typeof reading.value === 'string' ? reading.value : '');
        if (port === 'none') continue;
        if (port === undefined)
          gaps.push({
            instance,
            run,
            use,
            flag,
            code: 'ADDRESS_UNKNOWN',
            why: `--${flag} is no address with a port.`,
            missing: [],
          });
        else endpoints.push({ instance, run, use, port, pod });
      }
    }
  }
  return { endpoints, gaps };
}

/** `:9090` → 9090; `none` where nobody else can connect: loopback, or switched off with `0`. */
function networkPort(address: string): number | 'none' | undefined {
  if (address === '0' || address === '') return 'none';
  const [, host = '', port] = /^(.*):(\d{1,5})$/.exec(address) ?? [];
  if (port === undefined || Number(port) > 65_535) return undefined;
  return /^(127\.|localhost$|\[::1\]$)/.test(host) ? 'none' : Number(port);
}

function podOf({ object }: ControllerRun): Pod {
  return object.kind === 'Pod' ? object : templatePod(object);
}

/** A pod that is not there yet: its labels and ports are those of the template. */
export function templatePod({ metadata, spec }: Deployment): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: metadata.name,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      labels: spec.template.metadata?.labels ?? {},
    },
    spec: spec.template.spec,
  };
}
