import type { Alert, KubernetesObject, Provider } from '#libs/core';
import { readFlag } from '../arguments/read-flag.js';
import { excerpt } from '../excerpt.js';
import type { ControllerInstance } from '../inventory/discover-controllers.js';
import { activeRuns } from './event-emitter.js';
import type { FailureModeFacts } from './failure-modes.js';
import type { MessageFilter } from './message-filter.js';
import { type PathAnswer, bestAnswer, covered, partial, uncovered, undecidable } from './path-answer.js';
import { type SecretFactsByName, judgeProvider } from './provider-delivery.js';

/** What an event is about; its labels are those of the live object. */
export type EventSubject = Pick<KubernetesObject, 'kind'> & {
  readonly metadata: Pick<KubernetesObject['metadata'], 'namespace' | 'name' | 'labels'>;
};

type EventSource = NonNullable<Alert['spec']['eventSources']>[number];
interface Candidate {
  readonly alert: Alert;
  readonly source: EventSource;
  readonly index: number;
}

/** Of one object no more Alerts than these are looked at. */
const MAX_CANDIDATES = 200;

/** Whether cross-namespace references of Alerts are blocked: by the flags of notification-controller. */
export function alertsAreConfined(instances: readonly ControllerInstance[]): boolean | PathAnswer {
  let open: PathAnswer | undefined;
  for (const instance of instances.filter(({ component }) => component === 'notification-controller')) {
    for (const run of activeRuns(instance)) {
      const reading = readFlag(run.arguments, 'no-cross-namespace-refs', run.env);
      if (reading.state === 'value' && reading.value === true) return true;
      if (reading.state === 'undecidable') {
        open ??= undecidable(
          reading.code,
          'it cannot be told whether notification-controller blocks references to other namespaces',
          reading.missing,
        );
      }
    }
  }
  return open ?? false;
}

/** Which Alerts and Providers tell people about an event, and why the others do not. */
export class AlertPath {
  private readonly exact = new Map<string, Candidate[]>();
  /** By kind: sources that somebody meant to be for every namespace. */
  private readonly everywhere = new Map<string, Candidate[]>();
  private readonly byNamespace = new Map<string, Candidate[]>();
  private readonly providers: ReadonlyMap<string, Provider>;
  private readonly deliveries = new Map<Alert, PathAnswer>();

  constructor(
    readonly alerts: readonly Alert[],
    providers: readonly Provider[],
    private readonly secrets: SecretFactsByName,
    private readonly confined: boolean | PathAnswer,
    private readonly filter: MessageFilter,
  ) {
    this.providers = new Map(providers.map((provider) => [nameOf(provider), provider]));
    for (const alert of alerts) {
      const { namespace: home = '' } = alert.metadata;
      for (const [index, source] of (alert.spec.eventSources ?? []).entries()) {
        const candidate = { alert, source, index };
        const namespace = source.namespace === undefined || source.namespace === '' ? home : source.namespace;
        append(this.exact, `${source.kind}/${namespace}/${source.name}`, candidate);
        if (namespace === '*') append(this.everywhere, source.kind, candidate);
        append(this.byNamespace, namespace, candidate);
      }
    }
  }

  /** Whether people hear of an event about the subject in this failure mode. The sender of the event is not judged here. */
  judge(subject: EventSubject, { event }: FailureModeFacts): PathAnswer {
    if (!event) return uncovered('SILENT_FAILURE', 'Flux sends no event for it, so no Alert can tell', 0);
    let best: PathAnswer | undefined;
    for (const candidate of this.candidates(subject)) {
      const answer = this.ofCandidate(candidate, subject, event);
      best = best ? bestAnswer([best, answer]) : answer;
      if (best.state === 'covered') return best;
    }
    return best ?? this.nearMiss(subject);
  }

  /** The Alerts that name the subject, whether or not they work. */
  alertsOf(subject: EventSubject): readonly Alert[] {
    return [...new Set(this.candidates(subject).map(({ alert }) => alert))];
  }

  /** Some Alert names the subject itself, not all of its kind. */
  isNamed({ kind, metadata: { namespace = '', name } }: EventSubject): boolean {
    return this.exact.has(`${kind}/${namespace}/${name}`);
  }

  private candidates({ kind, metadata }: EventSubject): readonly Candidate[] {
    const { namespace = '', name } = metadata;
    const byName = this.exact.get(`${kind}/${namespace}/${name}`) ?? [];
    const all = name === '*' ? [] : (this.exact.get(`${kind}/${namespace}/*`) ?? []);
    return [...byName, ...all].slice(0, MAX_CANDIDATES);
  }

  /** Where no Alert names the subject: the one that comes nearest. */
  private nearMiss({ kind, metadata }: EventSubject): PathAnswer {
    const { namespace = '' } = metadata;
    const [wildcard] = this.everywhere.get(kind) ?? [];
    if (wildcard) {
      const why = `${labelOf(wildcard.alert)} has the namespace "*" in spec.eventSources, which is taken as it is written and matches no namespace`;
      return uncovered('ALERT_NAMESPACE_WILDCARD', why, 3, place(wildcard, '/namespace', '*', namespace));
    }
    const neighbours = this.byNamespace.get(namespace) ?? [];
    const sameKind = neighbours.find(({ source }) => source.kind === kind);
    if (sameKind) {
      const { source } = sameKind;
      const pattern = source.name.includes('*') && source.name !== '*';
      const why = pattern
        ? `${labelOf(sameKind.alert)} has the name "${excerpt(source.name, 60)}" in spec.eventSources, which is taken as it is written; only "*" alone means every name`
        : `${labelOf(sameKind.alert)} names ${kind} ${excerpt(source.name, 60)} alone`;
      const code = pattern ? 'ALERT_NAME_LITERAL' : 'ALERT_OTHER_NAME';
      return uncovered(code, why, 2, place(sameKind, '/name', source.name, '"*", or the name of the object'));
    }
    const [other] = neighbours;
    if (other) {
      const why = `${labelOf(other.alert)} has no entry for ${kind} in spec.eventSources`;
      return uncovered('ALERT_OTHER_KIND', why, 1, place(other, '/kind', other.source.kind, kind));
    }
    return uncovered('NO_ALERT', `no Alert has an entry for ${kind} of namespace ${namespace} in spec.eventSources`, 0);
  }

  private ofCandidate(
    candidate: Candidate,
    { metadata }: EventSubject,
    event: NonNullable<FailureModeFacts['event']>,
  ): PathAnswer {
    const { alert, source } = candidate;
    const label = labelOf(alert);
    const wanted = Object.entries(source.matchLabels ?? {});
    const lacking = wanted.find(([key, value]) => metadata.labels?.[key] !== value);
    if (lacking) {
      const [key, value] = lacking;
      const why = `${label} wants the label ${excerpt(key, 80)}=${excerpt(value, 80)}, which the object does not have`;
      return uncovered(
        'ALERT_OTHER_LABELS',
        why,
        4,
        place(candidate, '/matchLabels', source.matchLabels ?? {}, 'labels of the object'),
      );
    }
    const severity = alert.spec.eventSeverity ?? 'info';
    if (severity !== 'info' && severity !== event.severity) {
      return uncovered(
        'ALERT_SEVERITY',
        `${label} takes events of severity ${excerpt(severity, 20)} only, and this one is ${event.severity}`,
        5,
        {
          object: alert,
          pointer: '/spec/eventSeverity',
          observed: excerpt(severity, 20),
          expected: event.severity,
        },
      );
    }
    if (alert.metadata.namespace !== metadata.namespace && this.confined !== false) {
      if (this.confined !== true) return this.confined;
      const why = `${label} is in another namespace, and notification-controller runs with --no-cross-namespace-refs`;
      return uncovered(
        'ALERT_CROSS_NAMESPACE',
        why,
        5,
        place(candidate, '/namespace', source.namespace ?? null, 'an Alert in the namespace of the object'),
      );
    }
    const delivery = this.deliveryOf(alert);
    if (delivery.state === 'uncovered') return delivery;
    const messages = this.filter.judge(alert, event.samples);
    if (messages.state === 'uncovered') return messages;
    if (delivery.state !== 'covered') return delivery;
    return messages.state === 'covered' ? covered('ALERT', label) : messages;
  }

  /** Whether what an Alert lets through is sent. */
  deliveryOf(alert: Alert): PathAnswer {
    const known = this.deliveries.get(alert);
    if (known) return known;
    const answer = this.judgeDelivery(alert);
    this.deliveries.set(alert, answer);
    return answer;
  }

  /** The Provider of an Alert is always one of its own namespace. */
  providerOf({ metadata, spec }: Alert): Provider | undefined {
    return this.providers.get(`${metadata.namespace ?? ''}/${spec.providerRef?.name ?? ''}`);
  }

  private judgeDelivery(alert: Alert): PathAnswer {
    const label = labelOf(alert);
    if (alert.spec.suspend === true) {
      return uncovered('ALERT_SUSPENDED', `${label} is suspended`, 6, {
        object: alert,
        pointer: '/spec/suspend',
        observed: true,
        expected: 'false or absent',
      });
    }
    const provider = this.providerOf(alert);
    if (provider) return judgeProvider(provider, this.secrets);
    const { namespace = '' } = alert.metadata;
    const name = alert.spec.providerRef?.name;
    if (name === undefined) return partial('PROVIDER_MISSING', `${label} names no Provider`, 6);
    return uncovered(
      'PROVIDER_MISSING',
      `${label} names the Provider ${namespace}/${excerpt(name, 80)}, which does not exist`,
      6,
      {
        object: alert,
        pointer: '/spec/providerRef/name',
        observed: excerpt(name, 80),
        expected: `a Provider of namespace ${namespace}`,
      },
    );
  }
}

function append<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  list.push(value);
}

function nameOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function labelOf(alert: Alert): string {
  return `Alert ${nameOf(alert)}`;
}

function place(
  { alert, index }: Candidate,
  field: string,
  observed: Parameters<typeof excerpt>[0] | object | null,
  expected: string,
) {
  return {
    object: alert,
    pointer: `/spec/eventSources/${index}${field}`,
    observed: observed as string | null,
    expected,
  };
}
