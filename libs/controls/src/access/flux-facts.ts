import type { Collected } from '#libs/core';
import {
  type Component,
  type ControllerInstance,
  type ControllerRun,
  type FlagReading,
  firstVersionOf,
  isOlder,
  readFlag,
} from '#libs/flux';
import type { AccountName, FluxFacts } from '#libs/rbac';

/** The controllers that apply what objects say. */
const APPLIERS: readonly Component[] = ['kustomize-controller', 'helm-controller'];
const DEFAULT_ACCOUNT = 'default-service-account';
const DEFAULT_REMOTE_ACCOUNT = 'default-kubeconfig-service-account';

/** What the flags of the controllers prove, and what they leave possible where a flag cannot be told. */
export interface FluxReading {
  readonly certain?: FluxFacts;
  readonly possible?: FluxFacts;
}

/** Who Flux applies as, of a cluster's controllers; empty where neither of the two runs. */
export function fluxFactsOf(instances: Collected<readonly ControllerInstance[]>): FluxReading {
  if (instances.state === 'unavailable') return {};
  const appliers = instances.value.filter(({ component }) => APPLIERS.includes(component));
  const runs = appliers.flatMap((instance) => runsOf(instance).map((run) => ({ instance, run })));
  if (runs.length === 0) return {};
  const accounts = new Map(
    runs.map(({ instance, run }) => [`${instance.namespace}/${accountOf(run)}`, { instance, run }]),
  );
  const controllers = [...accounts.values()].map(({ instance, run }): AccountName => ({
    namespace: instance.namespace,
    name: accountOf(run),
  }));
  const facts = (open: (reading: FlagReading) => boolean): FluxFacts => ({
    controllers,
    unlocked: unlockedBy(runs.filter(({ run }) => open(readFlag(run.arguments, DEFAULT_ACCOUNT, run.env)))),
    genericKubeConfig: runs.some(
      ({ instance, run }) =>
        knowsRemoteAccounts(instance.component, run) && open(readFlag(run.arguments, DEFAULT_REMOTE_ACCOUNT, run.env)),
    ),
  });
  return {
    certain: facts((reading) => reading.state === 'value' && reading.value === ''),
    possible: facts((reading) => reading.state !== 'value' || reading.value === ''),
  };
}

function runsOf({ pods, template }: ControllerInstance): readonly ControllerRun[] {
  const live = pods.filter(({ terminating }) => !terminating);
  return live.length > 0 ? live : template ? [template] : [];
}

function accountOf({ object }: ControllerRun): string {
  const spec = object.kind === 'Pod' ? object.spec : object.spec.template.spec;
  return spec.serviceAccountName ?? 'default';
}

function unlockedBy(
  runs: readonly { readonly instance: ControllerInstance; readonly run: ControllerRun }[],
): 'all' | readonly string[] {
  const own = runs.flatMap(({ instance, run }) => {
    const watch = readFlag(run.arguments, 'watch-all-namespaces', run.env);
    return watch.state === 'value' && watch.value === false ? [instance.namespace] : [];
  });
  return own.length < runs.length ? 'all' : [...new Set(own)];
}

/** Older controllers take no `kubeConfig.configMapRef`. */
function knowsRemoteAccounts(component: Component, { version }: ControllerRun): boolean {
  const first = firstVersionOf(DEFAULT_REMOTE_ACCOUNT, component);
  return version.version === undefined || first === undefined || !isOlder(version.version, first);
}
