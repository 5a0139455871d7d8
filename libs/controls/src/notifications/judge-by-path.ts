import {
  type Artifacts,
  type Collected,
  type Observation,
  type Receiver,
  fail,
  notEvaluatedBecause,
  objectReference,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import type { Access } from '../access/access.js';
import { fluxEndpoints } from '../network-isolation/flux-endpoints.js';
import { type Exposure, exposuresOf, nameOfExposure } from '../network-isolation/service-exposure.js';
import { type TenantModel, describePrincipal } from '../tenants/tenant-model.js';
import { strongerAdvice } from './receiver-faults.js';

type Unread = Extract<Collected<unknown>, { state: 'unavailable' }>;

/** Ways from outside to where webhooks are taken; why they are not known, where they are not. */
type Exposures = readonly Exposure[] | Unread;

const GROUP = 'notification.toolkit.fluxcd.io';

/** Where webhooks are taken from outside the cluster. */
export function webhookExposures(
  model: TenantModel,
  lists: { readonly [N in 'services' | 'ingresses' | 'gatewayRoutes']: Collected<Artifacts[N]> },
): Exposures {
  const { services, ingresses, gatewayRoutes } = lists;
  if (model.instances.state === 'unavailable') return model.instances;
  if (services.state === 'unavailable') return services;
  if (ingresses.state === 'unavailable') return ingresses;
  if (gatewayRoutes.state === 'unavailable') return gatewayRoutes;
  const { endpoints, gaps } = fluxEndpoints(model.instances.value);
  const gap = gaps.find(({ use }) => use === 'receivers');
  if (gap) {
    return {
      state: 'unavailable',
      reason: gap.missing.length > 0 ? 'forbidden' : 'notCollected',
      message: `It is not known where notification-controller takes webhooks: ${gap.why}`,
      missing: gap.missing,
    };
  }
  const taking = endpoints.filter(({ use }) => use === 'receivers');
  return exposuresOf(
    { services: services.value, ingresses: ingresses.value, gatewayRoutes: gatewayRoutes.value },
    taking,
  );
}

/** A Receiver that knows its callers by the path alone: it matters who can reach it, and who can read the path. */
export function judgeByPath(
  receiver: Receiver,
  found: Exposures,
  readers: (namespace: string) => string | Unread | undefined,
): readonly Observation[] {
  const subject = subjectOf(receiver);
  const { namespace = '', name } = receiver.metadata;
  const type = excerpt(receiver.spec.type ?? '', 40);
  const label = `Receiver ${namespace}/${name}`;
  const evidence = {
    object: objectReference(receiver),
    pointer: '/spec/type',
    observed: type,
    expected: 'a type that signs its requests, or generic-oidc',
  };
  const what = `${label} of type ${type} knows its callers by the path of the request alone`;
  const observations: Observation[] = [];
  const reader = readers(namespace);
  if (typeof reader === 'object') observations.push(notEvaluatedBecause(subject, reader));
  else if (reader !== undefined) {
    observations.push(
      warn(
        subject,
        'PATH_READABLE',
        `${what}, and ${reader} may read it in its status. The path is meant for its callers alone. Use a type that signs its requests, and take the right to read Receivers of this namespace away.`,
        { severity: 'medium', evidence: [evidence], confidence: 'derived' },
      ),
    );
  }
  if (!('length' in found)) return [...observations, notEvaluatedBecause(subject, found)];
  const [first] = found;
  if (first) {
    return [
      fail(
        subject,
        'WEAK_TYPE_EXPOSED',
        `${what}, and it can be called from outside the cluster through ${nameOfExposure(first)}. Flux documents that this type does not verify requests. ${strongerAdvice(type)}`,
        { evidence: [evidence, first.evidence] },
      ),
      ...observations,
    ];
  }
  return [
    ...observations,
    warn(
      subject,
      'WEAK_TYPE',
      `${what}; no way from outside the cluster to it was seen. Flux documents that this type does not verify requests. ${strongerAdvice(type)}`,
      { severity: 'low', evidence: [evidence], confidence: 'derived' },
    ),
  ];
}

/** Somebody of another tenant who may read Receivers of a namespace. */
export function pathReaders(
  model: TenantModel,
  access: Access | Unread,
): (namespace: string) => string | Unread | undefined {
  const known = new Map<string, string | Unread | undefined>();
  return (namespace) => {
    if (known.has(namespace)) return known.get(namespace);
    const others = model.tenants.filter(
      ({ namespaces, principals }) => principals.length > 0 && !namespaces.includes(namespace),
    );
    let answer: string | Unread | undefined;
    if (others.length > 0) {
      if ('reason' in access) answer = access;
      else {
        const reads = others.flatMap(({ name, principals }) =>
          principals
            .filter((identity) =>
              ['get', 'list'].some(
                (verb) => access.ask(identity, { verb, group: GROUP, resource: 'receivers', namespace }).allowed,
              ),
            )
            .map((identity) => `${excerpt(describePrincipal(identity), 100)} of the tenant ${name}`),
        );
        [answer] = reads;
      }
    }
    known.set(namespace, answer);
    return answer;
  };
}
