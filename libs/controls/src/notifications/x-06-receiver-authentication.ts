import {
  type Artifacts,
  CLUSTER_SUBJECT,
  type Collected,
  type Observation,
  type Receiver,
  defineControl,
  fail,
  notApplicable,
  notEvaluatedBecause,
  objectReference,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt, secretNamed } from '#libs/flux';
import { type Access, accessOf } from '../access/access.js';
import { type Exposure, exposuresOf, nameOfExposure } from '../network-isolation/service-exposure.js';
import { fluxEndpoints } from '../network-isolation/flux-endpoints.js';
import { type TenantModel, describePrincipal, tenantModel } from '../tenants/tenant-model.js';
import { isByPath, receiverFaults, strongerAdvice } from './receiver-faults.js';

type Unread = Extract<Collected<unknown>, { state: 'unavailable' }>;

/** Ways from outside to where webhooks are taken; why they are not known, where they are not. */
type Exposures = readonly Exposure[] | Unread;

const GROUP = 'notification.toolkit.fluxcd.io';

function exposures(
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
function judgeByPath(
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
        `${what}, and ${reader} may read it in its status. So somebody of another tenant knows the path. Use a type that signs its requests, and take the right to read Receivers of this namespace away.`,
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
        `${what}, and it can be called from outside the cluster through ${nameOfExposure(first)}. Its status shows that path, and so does the Ready message. ${strongerAdvice(type)}`,
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
      `${what}; no way from outside the cluster to it was seen. Everybody inside who learns the path can call it. ${strongerAdvice(type)}`,
      { severity: 'low', evidence: [evidence], confidence: 'derived' },
    ),
  ];
}

/** Somebody of another tenant who may read Receivers of a namespace. */
function readersOf(model: TenantModel, access: Access | Unread): (namespace: string) => string | Unread | undefined {
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

export const receiverAuthentication = defineControl({
  id: 'FLUX-X-06',
  title: 'Receivers know who calls them',
  family: 'Notifications',
  severity: 'high',
  scope: ['shared', 'management', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'A Receiver makes Flux reconcile when it is called. ' +
    'Types that sign their requests, or that check a token of an issuer, know who calls; others take every request on the right path, and that path stands in the status of the object.',
  audit:
    'For every Receiver that is not suspended: fails without a Secret, without a token or with one of fewer than 24 characters; the type `gcr` without email and audience in its Secret (CVE-2026-40109); `generic-oidc` whose validations name no claim of the caller; and the types `generic`, `quay`, `dockerhub`, `acr` and `cdevents`, which check the path alone, where a Service, Ingress or route opens the port for webhooks to the outside. ' +
    'Those types are a warning otherwise, and so is a principal of another tenant who may read the Receiver. ' +
    'Lengths of tokens are kept, tokens are not.',
  remediation:
    'Use `generic-hmac`, `github`, `gitlab` or `generic-oidc` with a validation on the caller, and a random token of at least 24 characters. ' +
    'Let other types be reached from inside the cluster only.',
  references: [
    'https://fluxcd.io/flux/components/notification/receivers/',
    'https://fluxcd.io/flux/guides/webhook-receivers/',
  ],
  requires: ['registration', 'receivers'],
  optional: [
    'secretFacts',
    'services',
    'ingresses',
    'gatewayRoutes',
    'deployments',
    'pods',
    'configMaps',
    'namespaces',
    'kustomizations',
    'helmReleases',
    'rbac',
    'accessReviews',
  ],
  examples: {
    passing: [
      {
        title: 'signed requests and a long token',
        yaml: `
          apiVersion: notification.toolkit.fluxcd.io/v1
          kind: Receiver
          metadata: { name: github, namespace: flux-system }
          spec: { type: github, secretRef: { name: webhook }, resources: [{ kind: GitRepository, name: flux-system }] }
          ---
          kind: SecretFacts
          metadata: { name: webhook, namespace: flux-system }
          keys: [token]
          digest: '1'
          lengths: { token: 40 }`,
      },
    ],
    failing: [
      {
        title: 'a token of 8 characters',
        yaml: `
          apiVersion: notification.toolkit.fluxcd.io/v1
          kind: Receiver
          metadata: { name: github, namespace: flux-system }
          spec: { type: github, secretRef: { name: webhook }, resources: [{ kind: GitRepository, name: flux-system }] }
          ---
          kind: SecretFacts
          metadata: { name: webhook, namespace: flux-system }
          keys: [token]
          digest: '1'
          lengths: { token: 8 }`,
      },
      {
        title: 'the type generic behind an Ingress',
        yaml: `
          apiVersion: notification.toolkit.fluxcd.io/v1
          kind: Receiver
          metadata: { name: ci, namespace: flux-system }
          spec: { type: generic, secretRef: { name: webhook }, resources: [{ kind: GitRepository, name: flux-system }] }
          ---
          kind: SecretFacts
          metadata: { name: webhook, namespace: flux-system }
          keys: [token]
          digest: '1'
          lengths: { token: 40 }
          ---
          apiVersion: v1
          kind: Service
          metadata: { name: webhook-receiver, namespace: flux-system }
          spec: { selector: { app: notification-controller }, ports: [{ port: 80, targetPort: 9292 }] }
          ---
          apiVersion: networking.k8s.io/v1
          kind: Ingress
          metadata: { name: webhooks, namespace: flux-system }
          spec: { tls: true, tlsHosts: [flux.example.com], backends: [{ host: flux.example.com, path: /hook, service: webhook-receiver, port: 80 }] }
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: notification-controller-0, namespace: flux-system, labels: { app: notification-controller } }
          spec: { containers: [{ name: manager, image: 'ghcr.io/fluxcd/notification-controller:v1.9.3' }] }
          status: { phase: Running, containerStatuses: [{ name: manager, ready: true }] }`,
      },
    ],
  },
  evaluate: (artifacts) => {
    const { receivers, secretFacts, rbac, accessReviews } = artifacts;
    if (receivers.length === 0) {
      const message = 'The cluster has no Receiver, so nobody calls its Flux. There is nothing to do.';
      return [notApplicable(CLUSTER_SUBJECT, 'NO_RECEIVER', message)];
    }
    const model = tenantModel(artifacts);
    const found = exposures(model, artifacts);
    const readers = readersOf(model, rbac.state === 'collected' ? accessOf(rbac.value, accessReviews) : rbac);
    return receivers.flatMap((receiver) => {
      const { namespace = '', name } = receiver.metadata;
      const subject = subjectOf(receiver);
      const label = `Receiver ${namespace}/${name}`;
      if (receiver.spec.suspend === true) {
        return [
          notApplicable(
            subject,
            'SUSPENDED',
            `${label} is suspended and answers no request. There is nothing to do until it is resumed.`,
          ),
        ];
      }
      const { secretRef } = receiver.spec;
      const secret = secretRef && secretNamed(secretFacts, namespace, secretRef.name);
      const observations = [
        ...receiverFaults(receiver, secret).map(({ severity, reason, what, advice, evidence }) =>
          fail(subject, reason, `${label} ${what}. ${advice}`, { severity, evidence: [evidence] }),
        ),
        ...(secret?.state === 'unavailable' ? [notEvaluatedBecause(subject, secret)] : []),
        ...(isByPath(receiver) ? judgeByPath(receiver, found, readers) : []),
      ];
      if (observations.length > 0) return distinctReasons(observations);
      const type = excerpt(receiver.spec.type ?? '', 40);
      return [pass(subject, 'CALLER_KNOWN', `${label} of type ${type} checks who calls it. There is nothing to do.`)];
    });
  },
});

/** Two issuers without a validation are one finding with two places. */
function distinctReasons(observations: readonly Observation[]): readonly Observation[] {
  const found = new Map<string, Observation>();
  for (const each of observations) {
    const key = `${each.outcome} ${each.reason}`;
    const first = found.get(key);
    found.set(key, first ? { ...first, evidence: [...first.evidence, ...each.evidence] } : each);
  }
  return [...found.values()];
}
