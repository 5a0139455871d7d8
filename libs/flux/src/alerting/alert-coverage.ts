import type { Artifacts, Collected, KubernetesObject } from '#libs/core';
import type { ControllerInstance } from '../inventory/discover-controllers.js';
import { lanesOf } from '../lanes/lanes.js';
import { AlertPath, alertsAreConfined } from './alert-path.js';
import { EventEmitters } from './event-emitter.js';
import { type AlertedObject, type FailureModeFacts, failureModesOf } from './failure-modes.js';
import type { MatchBudget } from './go-regexp.js';
import { MessageFilter } from './message-filter.js';
import { MetricExports } from './metric-exports.js';
import { MetricPath } from './metric-path.js';
import { type PathAnswer, bestAnswer, uncovered, unread, worstAnswer } from './path-answer.js';

type Unavailable = Extract<Collected<unknown>, { state: 'unavailable' }>;

type ReadPart =
  | 'services'
  | 'secretFacts'
  | 'alertingRules'
  | 'ruleEvaluators'
  | 'namespaces'
  | 'operatorPods'
  | 'platformConfigMaps';

/** What tells who hears of failures. */
export type CoverageArtifacts = Pick<Artifacts, 'alerts' | 'providers'> & {
  readonly [N in ReadPart]: Collected<Artifacts[N]>;
};

/** A source that an object applies, or why it is not known which. */
export type AlertedSource = Pick<KubernetesObject, 'kind'> & {
  readonly metadata: Pick<KubernetesObject['metadata'], 'namespace' | 'name' | 'labels'>;
};

/** Whether people hear of one way of failing. */
export interface ModeCoverage {
  readonly mode: FailureModeFacts;
  /** The better of both ways. */
  readonly answer: PathAnswer;
  /** By Alerts and Providers of Flux. */
  readonly alert: PathAnswer;
  /** By rules on metrics. */
  readonly metric: PathAnswer;
}

/** Steps of the pattern matcher for one snapshot; some tenths of a second. */
export const MATCH_STEPS = 20_000_000;
const NO_SIGN = uncovered('NO_METRIC', 'no metric shows it', 0);
const NO_LANE = uncovered('NOT_SERVED', 'no controller was found that serves it', 0);

/**
 * Who hears of it when an object fails, for each way in which it can fail: by events that reach an Alert with a Provider
 * that calls people, or by alerting rules on metrics. https://fluxcd.io/flux/monitoring/
 */
export class AlertCoverage {
  readonly alerts: AlertPath;
  private readonly emitters: EventEmitters;
  private readonly rules: MetricPath;
  private readonly answers = new Map<string, readonly ModeCoverage[]>();

  constructor(artifacts: CoverageArtifacts, instances: readonly ControllerInstance[], now: number) {
    const budget: MatchBudget = { left: MATCH_STEPS };
    const { alerts, providers, secretFacts, services, operatorPods, platformConfigMaps } = artifacts;
    const filter = new MessageFilter(budget);
    this.alerts = new AlertPath(alerts, providers, secretFacts, alertsAreConfined(instances), filter);
    this.emitters = new EventEmitters(lanesOf(instances, now), instances, services);
    this.rules = new MetricPath(artifacts, new MetricExports(operatorPods, platformConfigMaps), budget);
  }

  /** One answer for each way of failing, the worst ways first. `sources`: all that the object applies, or why they are not known. */
  of(object: AlertedObject, sources: readonly AlertedSource[] | Unavailable): readonly ModeCoverage[] {
    const key = this.keyOf(object, sources);
    const known = key === undefined ? undefined : this.answers.get(key);
    if (known) return known;
    const answer = this.judge(object, sources);
    if (key !== undefined) this.answers.set(key, answer);
    return answer;
  }

  /** Equal for objects that nothing tells apart; undefined where something names one of them. */
  private keyOf(object: AlertedObject, sources: readonly AlertedSource[] | Unavailable): string | undefined {
    if ('reason' in sources || this.rules.names) return undefined;
    if ([object, ...sources].some((each) => this.alerts.isNamed(each))) return undefined;
    const modes = failureModesOf(object).map(({ mode }) => mode);
    const places = [object, ...sources].map(({ kind, metadata: { namespace, labels } }) => [kind, namespace, labels]);
    return JSON.stringify([modes, places]);
  }

  private judge(object: AlertedObject, sources: readonly AlertedSource[] | Unavailable): readonly ModeCoverage[] {
    const known = 'reason' in sources ? [] : sources;
    const sender = this.emitters.judge(object);
    const lanes = this.emitters.lanesOf(object).map(({ instance }) => instance);
    return failureModesOf(object)
      .filter(({ sign }) => sign !== 'sourceNotReady' || 'reason' in sources || sources.length > 0)
      .map((mode) => {
        if (mode.sign === 'sourceNotReady' && 'reason' in sources) {
          const answer = unread(sources);
          return { mode, answer, alert: answer, metric: answer };
        }
        const alert = mode.sign === 'sourceNotReady' ? this.bySource(mode, known) : this.byAlert(mode, object, sender);
        const metric = this.byMetric(mode, object, known, lanes);
        return { mode, alert, metric, answer: bestAnswer([alert, metric]) };
      });
  }

  private byAlert(mode: FailureModeFacts, subject: AlertedObject | AlertedSource, sender: PathAnswer): PathAnswer {
    const answer = this.alerts.judge(subject, mode);
    if (!mode.event || sender.state === 'covered') return answer;
    // Without events no Alert helps; where that is not known, an Alert that would not help anyway settles it.
    return sender.state === 'uncovered' ? sender : worstAnswer([answer, sender]);
  }

  private bySource(mode: FailureModeFacts, sources: readonly AlertedSource[]): PathAnswer {
    return worst(sources.map((source) => this.byAlert(mode, source, this.emitters.judge(source))));
  }

  private byMetric(
    { sign }: FailureModeFacts,
    { kind, metadata }: AlertedObject,
    sources: readonly AlertedSource[],
    lanes: readonly ControllerInstance[],
  ): PathAnswer {
    switch (sign) {
      case undefined:
        return NO_SIGN;
      case 'controllerDown':
        return worst(lanes.map((instance) => this.rules.ofController(instance)));
      case 'sourceNotReady':
        return worst(
          sources.map((source) =>
            this.rules.ofObject(
              sign,
              watched(source),
              this.emitters.lanesOf(source).map(({ instance }) => instance),
            ),
          ),
        );
      default:
        return this.rules.ofObject(sign, watched({ kind, metadata }), lanes);
    }
  }
}

function worst(answers: readonly PathAnswer[]): PathAnswer {
  const [first, ...others] = answers;
  return first ? worstAnswer([first, ...others]) : NO_LANE;
}

function watched({ kind, metadata: { namespace = '', name } }: AlertedSource) {
  return { kind, namespace, name };
}
