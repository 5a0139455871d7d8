import {
  CLUSTER_SUBJECT,
  type Observation,
  defineControl,
  fail,
  notApplicable,
  notEvaluatedBecause,
  pass,
  subjectOf,
} from '#libs/core';
import { excerpt, secretNamed } from '#libs/flux';
import { accessOf } from '../access/access.js';
import { tenantModel } from '../tenants/tenant-model.js';
import { judgeByPath, pathReaders, webhookExposures } from './judge-by-path.js';
import { isByPath, receiverFaults } from './receiver-faults.js';

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
    const found = webhookExposures(model, artifacts);
    const readers = pathReaders(model, rbac.state === 'collected' ? accessOf(rbac.value, accessReviews) : rbac);
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
