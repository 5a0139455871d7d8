import type { Artifacts, Collected, KubernetesObject, Service } from '#libs/core';
import { readFlag } from '../arguments/read-flag.js';
import { excerpt } from '../excerpt.js';
import type { ControllerRun } from '../inventory/controller-run.js';
import type { ControllerInstance } from '../inventory/discover-controllers.js';
import { type Lane, type LaneKeys, type LaneReading, componentOfKind, describeLane, servedBy } from '../lanes/lanes.js';
import { type PathAnswer, covered, uncovered, undecidable, unread, worstAnswer } from './path-answer.js';

const FLAG = 'events-addr';
const NEAR = 9;

/** The running pods of an instance, or its template where none runs. */
export function activeRuns({ pods, template }: ControllerInstance): readonly ControllerRun[] {
  const live = pods.filter(({ terminating }) => !terminating);
  return live.length > 0 || !template ? live : [template];
}

/** Whether the controllers hand their events to a notification-controller that runs. */
export class EventEmitters {
  private readonly answers = new Map<ControllerInstance, PathAnswer>();
  private readonly receivers: readonly ControllerInstance[];

  constructor(
    private readonly reading: LaneReading,
    instances: readonly ControllerInstance[],
    private readonly services: Collected<Artifacts['services']>,
  ) {
    this.receivers = instances.filter(({ component }) => component === 'notification-controller');
  }

  /** Who reconciles an object. */
  lanesOf(object: LaneKeys): readonly Lane[] {
    return servedBy(object, this.reading.lanes);
  }

  /** Whether events about an object reach notification-controller. */
  judge(object: LaneKeys): PathAnswer {
    const [first, ...others] = this.lanesOf(object).map(({ instance }) => this.ofInstance(instance));
    if (first) return worstAnswer([first, ...others]);
    const component = componentOfKind(object.kind);
    const hidden = this.reading.problems.find(
      ({ instance, kind }) => instance.component === component && kind !== 'stopped',
    );
    if (hidden) {
      const where = describeLane({ component: hidden.instance.component, instance: hidden.instance });
      return undecidable(hidden.code, `it cannot be told what ${where} serves: ${hidden.why}`, hidden.missing);
    }
    return uncovered(
      'NOT_SERVED',
      `no ${component ?? 'controller'} was found that serves it, so nobody sends events`,
      NEAR,
    );
  }

  private ofInstance(instance: ControllerInstance): PathAnswer {
    const known = this.answers.get(instance);
    if (known) return known;
    const [first, ...others] = activeRuns(instance).map((run) => this.ofRun(run, instance));
    const answer = first ? worstAnswer([first, ...others]) : uncovered('NOT_SERVED', 'its controller has no pod', NEAR);
    this.answers.set(instance, answer);
    return answer;
  }

  private ofRun(run: ControllerRun, instance: ControllerInstance): PathAnswer {
    const label = describeLane({ component: instance.component, instance });
    const reading = readFlag(run.arguments, FLAG, run.env);
    if (reading.state === 'undecidable')
      return undecidable(reading.code, `--${FLAG} of ${label} cannot be told`, reading.missing);
    if (reading.state !== 'value')
      return uncovered('CONTROLLER_STOPPED', `${label} does not start with its arguments`, NEAR);
    const value = typeof reading.value === 'string' ? reading.value : '';
    const place = {
      object: run.object,
      pointer: reading.item ? `${run.pointer}${reading.item.pointer}` : run.pointer,
      observed: reading.item ? excerpt(reading.item.text) : { name: run.container.name },
      expected: `--${FLAG} with the address of notification-controller`,
    };
    if (value === '')
      return uncovered('NO_EVENTS_ADDR', `${label} runs without --${FLAG} and sends no events`, NEAR, place);
    const host = URL.canParse(value) ? new URL(value).hostname.replace(/\.$/, '') : '';
    if (/^(localhost|127(\.\d+){3}|\[::1\])$/.test(host)) {
      return this.samePod(run)
        ? covered('EVENTS', label)
        : uncovered(
            'EVENTS_ADDR_LOOPBACK',
            `${label} sends its events to its own pod, where no notification-controller is ready`,
            NEAR,
            place,
          );
    }
    if (this.services.state === 'unavailable') return unread(this.services);
    const service = serviceAt(host, run.object.metadata.namespace ?? '', this.services.value);
    if (!service) {
      const why = `${label} sends its events to ${excerpt(host, 80)}, which is no Service of a namespace where Flux runs`;
      return uncovered('EVENTS_ADDR_UNKNOWN', why, NEAR, place);
    }
    if (this.isReadyBehind(service)) return covered('EVENTS', label);
    return uncovered(
      'NOTIFICATION_CONTROLLER_DOWN',
      `no ready pod of notification-controller is behind the Service ${nameOf(service)}, to which ${label} sends its events`,
      NEAR,
      place,
    );
  }

  private samePod({ object }: ControllerRun): boolean {
    return this.receivers.some(({ pods }) =>
      pods.some(
        (other) => object.kind === 'Pod' && nameOf(other.object) === nameOf(object) && other.status?.ready === true,
      ),
    );
  }

  private isReadyBehind({ metadata, spec }: Service): boolean {
    const selector = Object.entries(spec.selector ?? {});
    if (selector.length === 0) return false;
    return this.receivers.some(({ pods }) =>
      pods.some(
        ({ object, status, terminating }) =>
          object.metadata.namespace === metadata.namespace &&
          !terminating &&
          status?.ready === true &&
          selector.every(([key, value]) => object.metadata.labels?.[key] === value),
      ),
    );
  }
}

function nameOf({ metadata: { namespace = '', name } }: KubernetesObject): string {
  return `${namespace}/${name}`;
}

/** `name`, `name.namespace`, `name.namespace.svc` or `name.namespace.svc.cluster.local`. */
function serviceAt(host: string, home: string, services: readonly Service[]): Service | undefined {
  const [name, namespace = home, third] = host.split('.');
  if (third !== undefined && third !== 'svc') return undefined;
  return services.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
}
