import {
  type Alert,
  type AlertEvent,
  type Artifacts,
  type Collected,
  type RemoteApplyAlert,
  type RemoteApplyEdge,
  type UncoveredFailure,
  codeOfUnavailable,
} from '#libs/core';
import { type AlertCoverage, type ModeCoverage, excerpt } from '#libs/flux';
import { traceOf } from '../alert-traces.js';
import { alertedSources } from '../alerted-sources.js';
import type { RemoteApplyObject } from '../remote-apply-object.js';
import type { SourceIndex } from '../source-index.js';
import type { EdgeState } from './edge-state.js';
import { isFailingSilently } from './silent-failure.js';

/** Who hears of it when an object fails. */
export type EdgeAlerts = Pick<RemoteApplyEdge, 'alerts' | 'alertCovered' | 'watched' | 'uncovered' | 'silent'>;

/** What is the same for all objects of a cluster. */
export interface AlertSurroundings {
  /** Why it is not known, where Alerts, Providers or controllers could not be read. */
  readonly coverage: Collected<AlertCoverage>;
  readonly sources: SourceIndex;
  readonly events: Collected<Artifacts['alertEvents']>;
  readonly watched: boolean;
}

/** Beyond so many Alerts of one object the first ones must do. */
const MOST_ALERTS = 20;

/** One answer for each object; Alerts are looked at once. */
export function edgeAlerting(
  surroundings: AlertSurroundings,
): (object: RemoteApplyObject, state: EdgeState) => EdgeAlerts {
  const { coverage, sources, watched } = surroundings;
  if (coverage.state === 'unavailable') {
    const code = codeOfUnavailable(coverage.reason);
    const why = coverage.message.replace(/\.$/, '');
    const unknown: UncoveredFailure = {
      mode: 'ANY',
      when: 'it fails in any way',
      essential: true,
      state: 'unknown',
      code,
      why,
    };
    return (_object, state) => ({
      alerts: [],
      alertCovered: watched ? true : null,
      watched,
      uncovered: watched ? [] : [unknown],
      silent: state.cause && !watched ? null : false,
    });
  }
  const alertOf = describer(coverage.value, surroundings.events);
  return (object, state) => {
    const applied = alertedSources(object, sources);
    const modes = coverage.value.of(object, applied);
    const { alerts: path } = coverage.value;
    const ofObject = new Set(path.alertsOf(object));
    const ofSources = 'reason' in applied ? [] : applied.flatMap((source) => path.alertsOf(source));
    const named = [...new Set([...ofObject, ...ofSources])].slice(0, MOST_ALERTS);
    return {
      alerts: named.map((alert) => ({ ...alertOf(alert), names: ofObject.has(alert) ? 'object' : 'source' })),
      alertCovered: watched || isCovered(modes),
      watched,
      uncovered: watched ? [] : modes.flatMap(uncoveredOf),
      silent: watched ? false : isFailingSilently(object, state, modes),
    };
  };
}

/** Whether people hear of it when the platform loses the target cluster; the same rule as FLUX-RA-04. */
function isCovered(modes: readonly ModeCoverage[]): boolean | null {
  const essential = modes.filter(({ mode }) => mode.essential);
  if (essential.some(({ answer }) => answer.state === 'uncovered')) return false;
  if (modes.some(({ answer, metric }) => answer.state === 'uncovered' && metric.code === 'DEAD_METRIC')) return false;
  return essential.some(({ answer }) => answer.state === 'unknown') ? null : true;
}

function uncoveredOf({ mode, answer, alert }: ModeCoverage): readonly UncoveredFailure[] {
  if (answer.state === 'covered') return [];
  // Where the metrics tell nothing either, the Alert that comes nearest is what people look for.
  const { code, why } = answer.code === 'NO_RULE' || answer.code === 'NO_METRIC' ? alert : answer;
  return [{ mode: mode.mode, when: mode.when, essential: mode.essential, state: answer.state, code, why }];
}

const HEALTH = { covered: 'delivers', partial: 'doubtful', uncovered: 'silent', unknown: 'unknown' } as const;

function describer(
  coverage: AlertCoverage,
  events: Collected<Artifacts['alertEvents']>,
): (alert: Alert) => Omit<RemoteApplyAlert, 'names'> {
  const lost = events.state === 'collected' ? lossesByAlert(events.value) : new Map<string, AlertEvent>();
  const known = new Map<Alert, Omit<RemoteApplyAlert, 'names'>>();
  return (alert) => {
    const before = known.get(alert);
    if (before) return before;
    const { namespace = '', name } = alert.metadata;
    const provider = coverage.alerts.providerOf(alert);
    const delivery = coverage.alerts.deliveryOf(alert);
    const loss = lost.get(`${namespace}/${name}`);
    const trace = loss && traceOf(loss);
    const described = {
      namespace,
      name,
      ...(provider && {
        provider: {
          namespace: provider.metadata.namespace ?? '',
          name: provider.metadata.name,
          type: excerpt(provider.spec.type ?? '', 40),
        },
      }),
      ...(trace && delivery.state !== 'uncovered'
        ? { health: 'silent' as const, code: trace.code, why: `Alert ${namespace}/${name} ${trace.what}` }
        : {
            health: HEALTH[delivery.state],
            ...(delivery.state !== 'covered' && { code: delivery.code, why: delivery.why }),
          }),
    };
    known.set(alert, described);
    return described;
  };
}

/** Events about messages that were lost, by Alert; the API server keeps them for an hour or so. */
function lossesByAlert(events: readonly AlertEvent[]): ReadonlyMap<string, AlertEvent> {
  const losses = events.filter((event) => traceOf(event) !== undefined);
  return new Map(
    losses.map((event) => [
      `${event.involvedObject.namespace ?? event.metadata.namespace ?? ''}/${event.involvedObject.name}`,
      event,
    ]),
  );
}
