import type { Artifacts, Collected, OperatorPod } from '#libs/core';
import type { Component } from '../components.js';
import type { ControllerInstance } from '../inventory/discover-controllers.js';
import { isOlder } from '../versions/version.js';
import { activeRuns } from './event-emitter.js';
import { type PathAnswer, covered, uncovered, unread } from './path-answer.js';

/** Metrics about Flux objects, and about what runs them. */
export const STATE_METRIC = 'gotk_resource_info';
export const OPERATOR_METRIC = 'flux_resource_info';
export const CONDITION_METRIC = 'gotk_reconcile_condition';
export const SUSPEND_METRIC = 'gotk_suspend_status';

/** The first version of each controller that does not export these any more (Flux 2.5, and 2.2 for helm-controller). */
const DEAD_SINCE: Readonly<Partial<Record<Component, string>>> = {
  'kustomize-controller': '1.5.0',
  'source-controller': '1.5.0',
  'helm-controller': '0.37.0',
};

type Unavailable = Extract<Collected<unknown>, { state: 'unavailable' }>;

const NEAR = 8;

/** Whether each metric exists in the cluster, as far as its objects tell. */
export class MetricExports {
  constructor(
    private readonly operatorPods: Collected<Artifacts['operatorPods']>,
    private readonly configMaps: Collected<Artifacts['platformConfigMaps']>,
  ) {}

  /**
   * Of a metric about objects of one kind, which the instances reconcile. `covered` where it is exported, or nothing
   * speaks against it.
   */
  judge(metric: string, kind: string, instances: readonly ControllerInstance[]): PathAnswer {
    if (metric === STATE_METRIC) return this.customState(kind);
    if (metric === OPERATOR_METRIC) return this.program('flux-operator', metric);
    if (metric === CONDITION_METRIC || metric === SUSPEND_METRIC) return ofControllers(metric, instances);
    return metric.startsWith('kube_') ? this.kubeState(metric) : covered('METRIC', metric);
  }

  private program(name: string, metric: string): PathAnswer {
    if (this.operatorPods.state === 'unavailable') return unread(this.operatorPods);
    return this.podsOf(name).length > 0
      ? covered('METRIC', metric)
      : uncovered('METRIC_NOT_EXPORTED', `no pod of ${name} was found, which would export ${metric}`, NEAR);
  }

  private podsOf(name: string): readonly OperatorPod[] {
    return this.operatorPods.state === 'collected'
      ? this.operatorPods.value.filter(({ program }) => program === name)
      : [];
  }

  private kubeState(metric: string): PathAnswer {
    const exists = this.program('kube-state-metrics', metric);
    if (exists.state !== 'covered') return exists;
    const only = this.podsOf('kube-state-metrics').every(({ container }) =>
      (container.args ?? []).some((argument) => /^--custom-resource-state-only(=(true|1|t))?$/i.test(argument)),
    );
    return only
      ? uncovered('METRIC_NOT_EXPORTED', `kube-state-metrics exports custom resources only, so not ${metric}`, NEAR)
      : exists;
  }

  /**
   * kube-state-metrics exports custom resources where it is configured to, in an argument or in a file.
   * https://fluxcd.io/flux/monitoring/custom-metrics/
   */
  private customState(kind: string): PathAnswer {
    const exists = this.program('kube-state-metrics', STATE_METRIC);
    if (exists.state !== 'covered') return exists;
    const answers = this.podsOf('kube-state-metrics').map((pod) => this.isConfigured(pod, kind));
    if (answers.includes('yes')) return exists;
    const unreadable = answers.find((answer) => typeof answer !== 'string');
    if (unreadable) return unread(unreadable);
    if (answers.includes('open')) return exists;
    return uncovered(
      'METRIC_NOT_EXPORTED',
      `kube-state-metrics is not configured for ${kind}, so it does not export ${STATE_METRIC} of them`,
      NEAR,
    );
  }

  /** `open`: its configuration is somewhere that is never read, so that nothing speaks against it. */
  private isConfigured(
    { metadata, container, configMaps = [] }: OperatorPod,
    kind: string,
  ): 'yes' | 'no' | 'open' | Unavailable {
    const { args } = container;
    if (args === undefined) return 'open';
    const inline = valueOf(args, '--custom-resource-state-config');
    if (inline !== undefined) return namesKind(inline, kind) ? 'yes' : 'no';
    if (valueOf(args, '--custom-resource-state-config-file') === undefined) return 'no';
    if (this.configMaps.state === 'unavailable') return this.configMaps;
    const { value } = this.configMaps;
    const entries = configMaps.map((name) => value[`${metadata.namespace ?? ''}/${name}`]);
    const texts = entries.flatMap((entry) =>
      entry?.state === 'collected' && entry.value ? [Object.values(entry.value.data ?? {}).join('\n')] : [],
    );
    if (texts.some((text) => namesKind(text, kind))) return 'yes';
    const unreadable = entries.find((entry) => entry?.state === 'unavailable');
    if (unreadable?.state === 'unavailable') return unreadable;
    // Where the file that configures it was read, it does not name the kind.
    return texts.some((text) => text.includes('CustomResourceStateMetrics')) ? 'no' : 'open';
  }
}

function valueOf(args: readonly string[], flag: string): string | undefined {
  const index = args.findIndex((argument) => argument === flag || argument.startsWith(`${flag}=`));
  const argument = args[index];
  if (argument === undefined) return undefined;
  return argument === flag ? args[index + 1] : argument.slice(flag.length + 1);
}

/** `groupVersionKind.kind` of a configuration, in YAML or JSON; `*` is for every kind. */
function namesKind(text: string, kind: string): boolean {
  return [...text.matchAll(/\bkind["']?\s*:\s*["']?([A-Za-z0-9]+|\*)/g)].some(
    ([, named]) => named === kind || named === '*',
  );
}

/** The controllers exported these themselves, until they did not. */
function ofControllers(metric: string, instances: readonly ControllerInstance[]): PathAnswer {
  const runs = instances.flatMap((instance) => activeRuns(instance).map((run) => ({ instance, run })));
  const dead = runs.find(({ instance: { component }, run: { version } }) => {
    const first = DEAD_SINCE[component];
    return first !== undefined && (version.version === undefined || !isOlder(version.version, first));
  });
  if (!dead && runs.length > 0) return covered('METRIC', metric);
  const component = dead?.instance.component ?? 'its controller';
  const since = dead ? DEAD_SINCE[dead.instance.component] : undefined;
  const why =
    since === undefined
      ? `${metric} is exported by no controller that was found`
      : `${metric} is not exported by ${component} from v${since} on, so a rule on it never fires`;
  return uncovered('DEAD_METRIC', why, NEAR + 2);
}
