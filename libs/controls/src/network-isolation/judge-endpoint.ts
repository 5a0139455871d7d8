import {
  type Artifacts,
  type Collected,
  type Evidence,
  type Observation,
  fail,
  nameList,
  notEvaluated,
  notEvaluatedBecause,
  objectReference,
  pass,
  warn,
} from '#libs/core';
import { type FixTarget, describeVersion, excerpt, isOlder } from '#libs/flux';
import { type Reach, type PolicyEvaluator, nativeEffects, pointerOf } from '#libs/netpol';
import { subjectOfInstance } from '../controller-flags/instance-subject.js';
import type { EndpointGap, FluxEndpoint } from './flux-endpoints.js';
import {
  type Guarded,
  SERVES,
  WHY,
  doubtful,
  isGuarded,
  openedBy,
  overridden,
  subjectOf,
  titleOf,
} from './guarded-endpoint.js';
import { type LetsIn, lettingOthersIn } from './openings.js';
import { policyFixes, webhooksFix } from './policy-fixes.js';

export interface EndpointContext {
  readonly evaluator: PolicyEvaluator;
  readonly namespaces: Artifacts['namespaces'];
  readonly nativePolicies: Collected<Artifacts['nativePolicies']>;
  /** Some tenant is declared to need high isolation. */
  readonly declaredHigh: boolean;
  fixTarget(endpoint: FluxEndpoint): FixTarget;
}

/** Which `allow-webhooks` has its port since. */
const PORTED = { flux: '2.9.4', notificationController: '1.9.3' };

/** What the policies make of one port of one pod. */
export function judgeEndpoint(endpoint: FluxEndpoint, context: EndpointContext): readonly Observation[] {
  const { evaluator, nativePolicies, namespaces } = context;
  const reach = evaluator.reach(endpoint.pod, endpoint.port);
  const others = reach.from === 'peers' ? lettingOthersIn(reach.openings, namespaces) : undefined;
  if (!isGuarded(endpoint)) return openByDesign(endpoint, reach, others, context);
  if (reach.from === 'everybody' && reach.because === 'hostNetwork') return [hostNetwork(endpoint)];
  const home = namespaces.find(({ metadata }) => metadata.name === endpoint.instance.namespace);
  const effects =
    nativePolicies.state === 'collected'
      ? nativeEffects(nativePolicies.value, endpoint.pod, home?.metadata.labels ?? {}, endpoint.port)
      : [];
  const opening = effects.find(({ effect }) => effect === 'opens');
  if (others === undefined) {
    if (opening) return [openedBy(endpoint, opening)];
    if (nativePolicies.state === 'unavailable') return [notEvaluatedBecause(subjectOf(endpoint), nativePolicies)];
    const unclear = effects.find(({ effect }) => effect === 'isolates' || effect === 'unclear');
    return [unclear ? doubtful(endpoint, unclear) : notIsolated(endpoint, context)];
  }
  if (others.length > 0) {
    const stock = endpoint.use === 'events' && others.every((each) => isStockGap(each));
    return [
      stock ? eventPort(endpoint, others, context) : openedTo(endpoint, others),
      ...(stock && opening ? [openedBy(endpoint, opening)] : []),
    ];
  }
  if (opening) return [openedBy(endpoint, opening)];
  if (nativePolicies.state === 'unavailable') return [notEvaluatedBecause(subjectOf(endpoint), nativePolicies)];
  const unclear = effects.find(({ effect }) => effect === 'unclear');
  if (unclear) return [doubtful(endpoint, unclear)];
  const override = effects.find(({ effect }) => effect === 'overrides');
  if (override) return [overridden(endpoint, override)];
  return [
    pass(
      subjectOf(endpoint),
      'PORT_CLOSED',
      `${titleOf(endpoint)} can be reached from pods of its own namespace only.`,
    ),
  ];
}

/** Receivers and metrics are open to every namespace as Flux ships them. */
function openByDesign(
  endpoint: FluxEndpoint,
  reach: Reach,
  others: readonly LetsIn[] | undefined,
  { declaredHigh }: EndpointContext,
): readonly Observation[] {
  const open = reach.from === 'everybody' || (others ?? []).length > 0;
  if (!open) return [];
  const what = `${titleOf(endpoint)} can be reached from other namespaces.`;
  if (endpoint.use === 'receivers' || !declaredHigh) {
    return [
      pass(
        subjectOf(endpoint),
        endpoint.use === 'receivers' ? 'RECEIVERS_OPEN' : 'METRICS_OPEN',
        `${what} That is how Flux ships its policies.`,
        { severity: 'info' },
      ),
    ];
  }
  const message = `${what} Metrics name the objects of all tenants, and one of them is declared to need high isolation. Let only the namespace of the monitoring connect.`;
  return [
    warn(subjectOf(endpoint), 'METRICS_OPEN', message, {
      severity: 'low',
      evidence: (others ?? []).slice(0, 1).map((each) => openingEvidence(each)),
    }),
  ];
}

function portEvidence({ run, use, port }: FluxEndpoint): Evidence {
  return {
    object: objectReference(run.object),
    pointer: run.pointer,
    observed: `${use}: ${port}`,
    expected: 'a port that only pods of the namespace can reach',
  };
}

function hostNetwork(endpoint: Guarded): Observation {
  const { run } = endpoint;
  const message = `${titleOf(endpoint)} is in the network of its node, where network policies do not apply. ${WHY[endpoint.use]} Run it without hostNetwork.`;
  return fail(subjectOf(endpoint), 'HOST_NETWORK', message, {
    evidence: [
      {
        object: objectReference(run.object),
        pointer: `${run.object.kind === 'Pod' ? '' : '/spec/template'}/spec/hostNetwork`,
        observed: true,
        expected: 'false, or absent',
      },
    ],
  });
}

function notIsolated(endpoint: Guarded, context: EndpointContext): Observation {
  const message = `${titleOf(endpoint)} can be reached from everywhere, because no network policy selects the pod. ${WHY[endpoint.use]} Install the policies of Flux.`;
  return fail(subjectOf(endpoint), 'NOT_ISOLATED', message, {
    evidence: [portEvidence(endpoint)],
    fixes: policyFixes(context.fixTarget(endpoint)),
  });
}

function openingEvidence({ opening }: LetsIn): Evidence {
  const { policy } = opening;
  const rule = policy.spec.ingress?.[opening.rule];
  const peer = opening.peer === null ? rule : rule?.from?.[opening.peer];
  return {
    object: objectReference(policy),
    pointer: pointerOf(opening),
    observed: excerpt(JSON.stringify(peer ?? null)),
    expected: `pods of ${policy.metadata.namespace ?? ''} only`,
  };
}

function whomOf({ kind, every, namespaces }: LetsIn): string {
  if (kind === 'everyone') return 'everybody';
  if (kind === 'addresses') return 'addresses';
  return every ? 'pods of every namespace' : `pods of ${nameList(namespaces, 5)}`;
}

function openedTo(endpoint: Guarded, others: readonly LetsIn[]): Observation {
  const [first, ...more] = others.slice(0, 5).map(openingEvidence);
  const doors = others.map((each) => `NetworkPolicy ${each.opening.policy.metadata.name} lets in ${whomOf(each)}`);
  const message = `${titleOf(endpoint)} can be reached from outside its namespace: ${nameList(doors, 5)}. ${WHY[endpoint.use]} Limit the rule to other ports or to pods of the namespace.`;
  return fail(subjectOf(endpoint), endpoint.use === 'artifacts' ? 'ARTIFACTS_OPEN' : 'EVENTS_OPEN', message, {
    evidence: [first ?? portEvidence(endpoint), ...more],
  });
}

/**
 * The policy for webhooks as Flux shipped it until 2.9.4, and its chart for longer: for notification-controller alone,
 * without a port.
 */
function isStockGap({ opening, every }: LetsIn): boolean {
  const { spec } = opening.policy;
  const labels = spec.podSelector?.matchLabels ?? {};
  const rule = spec.ingress?.[opening.rule];
  return (
    every &&
    opening.peer !== null &&
    !rule?.ports?.length &&
    Object.values(labels).includes('notification-controller') &&
    !spec.podSelector?.matchExpressions?.length
  );
}

function eventPort(endpoint: Guarded, others: readonly LetsIn[], context: EndpointContext): Observation {
  const { version } = endpoint.run.version;
  const old = version !== undefined && isOlder(version, PORTED.notificationController);
  const names = nameList(
    others.map(({ opening }) => opening.policy.metadata.name),
    5,
  );
  const since = old
    ? `Before Flux ${PORTED.flux} this policy had no port (${describeVersion(endpoint.run.version)})`
    : `Since Flux ${PORTED.flux} the policy is shipped with its port, but this one has none`;
  const message =
    `${titleOf(endpoint)} can be reached from every namespace through the policy for webhooks, ${names}. ${since}. ${WHY.events} ` +
    `Add the port 9292 to the policy${old ? ', or upgrade Flux' : ''}.`;
  const evidence = others.map(openingEvidence);
  const fixes = [
    webhooksFix(
      context.fixTarget(endpoint),
      others.map(({ opening }) => opening.policy),
    ),
  ];
  const [first = portEvidence(endpoint), ...more] = evidence;
  if (!context.declaredHigh)
    return warn(subjectOf(endpoint), 'EVENT_PORT_OPEN', message, { severity: 'medium', evidence, fixes });
  return fail(subjectOf(endpoint), 'EVENT_PORT_OPEN', message, { evidence: [first, ...more], fixes });
}

/** The port cannot be told, so nothing is known of who reaches it. */
export function gapObservation({ instance, run, use, code, flag, why, missing }: EndpointGap): Observation {
  const { component, namespace, owner } = instance;
  return notEvaluated(
    subjectOfInstance(instance, use),
    missing.length > 0 ? 'forbidden' : 'undecidable',
    code,
    `The port on which ${component} ${namespace}/${owner.name} ${SERVES[use]} cannot be told: ${why} Write --${flag} into its arguments.`,
    {
      missing,
      evidence: [
        {
          object: objectReference(run.object),
          pointer: run.pointer,
          observed: flag,
          expected: 'an address such as :9090',
        },
      ],
    },
  );
}
