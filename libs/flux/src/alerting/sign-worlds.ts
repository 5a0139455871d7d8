import type { ControllerInstance } from '../inventory/discover-controllers.js';
import type { MetricSign } from './failure-modes.js';
import { CONDITION_METRIC, OPERATOR_METRIC, STATE_METRIC, SUSPEND_METRIC } from './metric-exports.js';
import type { LabelMatcher } from './promql.js';
import type { Series, World } from './promql-world.js';

/** An object that metrics are about. */
export interface WatchedObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** What metrics say while it fails (in one way or another), for moments of it, and while all is well. */
export interface SignWorlds {
  readonly failing: readonly World[];
  readonly momentary?: World;
  /** The same failure where labels are written in another case. */
  readonly otherCase?: World;
  readonly healthy: World;
}

const GROUPS: Readonly<Record<string, string>> = {
  Kustomization: 'kustomize.toolkit.fluxcd.io',
  HelmRelease: 'helm.toolkit.fluxcd.io',
};
const METRICS = [STATE_METRIC, OPERATOR_METRIC, CONDITION_METRIC, SUSPEND_METRIC];

function world(
  { kind, namespace, name }: WatchedObject,
  ready: 'True' | 'False' | 'Unknown',
  suspended: boolean,
  // As kube-state-metrics writes a boolean field.
  suspendedText = String(suspended),
): World {
  const place = { exported_namespace: namespace, name };
  const own: Series[] = ['True', 'False', 'Unknown', 'Deleted'].map((status) => ({
    metric: CONDITION_METRIC,
    value: status === ready ? 1 : 0,
    // With honorLabels the own label stays what it is, else Prometheus calls it exported_namespace.
    labels: { ...place, namespace, kind, type: 'Ready', status },
  }));
  return {
    metrics: METRICS,
    series: [
      {
        metric: STATE_METRIC,
        value: 1,
        labels: {
          ...place,
          customresource_kind: kind,
          customresource_group: GROUPS[kind] ?? 'source.toolkit.fluxcd.io',
          ready,
          suspended: suspendedText,
        },
      },
      {
        metric: OPERATOR_METRIC,
        value: 1,
        // As the Flux Operator writes it.
        labels: { ...place, kind, ready, suspended: suspended ? 'True' : 'False' },
      },
      ...own,
      { metric: SUSPEND_METRIC, value: suspended ? 1 : 0, labels: { ...place, namespace, kind } },
    ],
  };
}

export function objectWorlds(sign: Exclude<MetricSign, 'controllerDown'>, object: WatchedObject): SignWorlds {
  const healthy = world(object, 'True', false);
  if (sign === 'suspended') {
    return { failing: [world(object, 'True', true)], otherCase: world(object, 'True', true, 'True'), healthy };
  }
  return { failing: [world(object, 'False', false)], momentary: world(object, 'Unknown', false), healthy };
}

/** The pods of a controller are away: the Deployment has none, and its scrape target is down or gone. */
export function deploymentWorlds({ component, namespace, owner }: ControllerInstance): SignWorlds {
  const labels = { namespace, deployment: owner.name };
  const deployment = (available: number): Series[] => [
    { metric: 'kube_deployment_status_replicas_available', value: available, labels },
    { metric: 'kube_deployment_status_replicas_ready', value: available, labels },
    { metric: 'kube_deployment_status_replicas_unavailable', value: 1 - available, labels },
    { metric: 'kube_deployment_spec_replicas', value: 1, labels },
    { metric: 'kube_deployment_status_replicas', value: 1, labels },
  ];
  const names = [component, owner.name];
  const up = (value: number): Series => ({
    metric: 'up',
    value,
    labels: { namespace },
    // How a target is called is up to whoever scrapes it; a matcher that names the controller means it.
    guess: ({ operator, value: wanted }: LabelMatcher) =>
      operator.startsWith('=') && names.some((name) => wanted.includes(name)) ? true : undefined,
  });
  const metrics = ['up', ...deployment(1).map(({ metric }) => metric)];
  return {
    failing: [
      { metrics, series: [...deployment(0), up(0)] },
      { metrics, series: deployment(0) },
    ],
    healthy: { metrics, series: [...deployment(1), up(1)] },
  };
}
