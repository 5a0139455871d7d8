import {
  type Alert,
  type AlertEvent,
  CLUSTER_SUBJECT,
  type Observation,
  defineControl,
  notApplicable,
  notEvaluatedBecause,
  subjectOf,
} from '#libs/core';
import { MATCH_STEPS } from '#libs/flux';
import { COVERAGE_OPTIONAL, COVERAGE_REQUIRES, controllersOf, coverageOfCluster } from './coverage-of-cluster.js';
import { AlertEgress } from './egress-of-alerts.js';
import { judgeDelivery } from './judge-delivery.js';
import { remoteApplyObjects } from './remote-apply-object.js';
import { indexSources, referencedSources } from './source-index.js';

function eventsByAlert(events: readonly AlertEvent[]): ReadonlyMap<string, readonly AlertEvent[]> {
  const found = new Map<string, AlertEvent[]>();
  for (const event of events) {
    const key = `${event.involvedObject.namespace ?? event.metadata.namespace ?? ''}/${event.involvedObject.name}`;
    const list = found.get(key) ?? [];
    found.set(key, list);
    list.push(event);
  }
  return found;
}

export const alertsAreDelivered = defineControl({
  id: 'FLUX-RA-05',
  title: 'Alerts about remote applies arrive',
  family: 'Remote apply',
  severity: 'medium',
  scope: ['management'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Alerts and Providers have no status, so one that delivers nothing looks like one that works. ' +
    'What tells are the Kubernetes Events that notification-controller writes about an Alert when a message is lost, for an hour or so, and what is missing in the Secret of the Provider.',
  audit:
    'For every Alert that names a remote-apply object or its source: fails where an Event about it says NotificationDispatchFailed, InvalidConfig or SourceFetchFailed; where a pattern of its lists is one that Go refuses; and where its Provider, or the Secret or the key (`address`, `token`) that the type of the Provider needs, does not exist. ' +
    'Warns where the address of the Provider is a number and NetworkPolicies do not let notification-controller out to it. ' +
    'Whether a message really arrives is not tried.',
  remediation:
    'Correct what the event or the finding names. Then let an object that the Alert names fail on purpose, and see the message arrive at the people who are on call.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/',
    'https://fluxcd.io/flux/components/notification/alerts/',
    'https://fluxcd.io/flux/components/notification/providers/',
  ],
  requires: ['kustomizations', 'helmReleases', 'alertEvents', ...COVERAGE_REQUIRES],
  optional: ['sources', 'networkPolicies', ...COVERAGE_OPTIONAL],
  examples: {
    passing: [
      {
        title: 'a Provider with its Secret, and no event about a lost message',
        yaml: `
          apiVersion: notification.toolkit.fluxcd.io/v1beta3
          kind: Provider
          metadata: { name: pager, namespace: spoke-a }
          spec: { type: slack, channel: platform, secretRef: { name: slack } }
          ---
          kind: SecretFacts
          metadata: { name: slack, namespace: spoke-a }
          keys: [address]
          digest: '1'
          lengths: { address: 60 }
          address: { origin: 'https://hooks.slack.example', hasPath: true }
          ---
          apiVersion: notification.toolkit.fluxcd.io/v1beta3
          kind: Alert
          metadata: { name: remote-apply, namespace: spoke-a }
          spec:
            providerRef: { name: pager }
            eventSources: [{ kind: Kustomization, name: '*' }]
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: infra, namespace: spoke-a }
          spec:
            interval: 10m
            kubeConfig: { secretRef: { name: kubeconfig } }
            sourceRef: { kind: GitRepository, name: fleet }`,
      },
    ],
    failing: [
      {
        title: 'an event says that messages could not be sent',
        yaml: `
          apiVersion: v1
          kind: Event
          metadata: { name: remote-apply.1, namespace: spoke-a }
          involvedObject: { kind: Alert, namespace: spoke-a, name: remote-apply }
          reason: NotificationDispatchFailed
          type: Warning
          message: 'failed to dispatch notification for Kustomization/spoke-a/infra: failed to read provider'
          lastSeen: '2026-11-01T11:50:00Z'
          ---
          apiVersion: notification.toolkit.fluxcd.io/v1beta3
          kind: Alert
          metadata: { name: remote-apply, namespace: spoke-a }
          spec:
            providerRef: { name: pager }
            eventSources: [{ kind: Kustomization, name: '*' }]
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: infra, namespace: spoke-a }
          spec:
            interval: 10m
            kubeConfig: { secretRef: { name: kubeconfig } }
            sourceRef: { kind: GitRepository, name: fleet }`,
      },
    ],
  },
  evaluate: ({ kustomizations, helmReleases, sources, alertEvents, networkPolicies, ...artifacts }, { now }) => {
    const objects = remoteApplyObjects(kustomizations, helmReleases);
    const { alerts: path } = coverageOfCluster(artifacts, now);
    const index = indexSources(sources);
    const alerts = new Set<Alert>();
    const hidden: Observation[] = [];
    for (const object of objects) {
      const { direct, upstream } = referencedSources(object, index);
      for (const alert of path.alertsOf(object)) alerts.add(alert);
      for (const source of [direct, upstream]) {
        if (!source) continue;
        const { kind, namespace, name } = source;
        for (const alert of path.alertsOf({ kind, metadata: { namespace, name } })) alerts.add(alert);
      }
      // Only the chart itself says which repository it is from.
      const chart = direct && !upstream && direct.kind === 'HelmChart' ? index.find(direct) : undefined;
      if (chart?.state === 'unreadable') hidden.push(notEvaluatedBecause(subjectOf(object), chart.artifact));
    }
    if (alerts.size === 0 && hidden.length === 0) {
      const message =
        objects.length === 0
          ? 'No Kustomization or HelmRelease of this cluster has spec.kubeConfig. So its Flux applies to no other cluster, and there is nothing to do.'
          : 'No Alert names a remote-apply object or its source, so none can fail to deliver. FLUX-RA-04 says what nobody hears of.';
      return [notApplicable(CLUSTER_SUBJECT, objects.length === 0 ? 'NO_REMOTE_APPLY' : 'NO_ALERT', message)];
    }
    const { deployments, pods, configMaps, namespaces, secretFacts } = artifacts;
    const egress = new AlertEgress(controllersOf(deployments, pods, configMaps), networkPolicies, namespaces);
    const events = eventsByAlert(alertEvents);
    const budget = { left: MATCH_STEPS };
    const judged = [...alerts].flatMap((alert) =>
      judgeDelivery({
        alert,
        provider: path.providerOf(alert),
        delivery: path.deliveryOf(alert),
        events: events.get(`${alert.metadata.namespace ?? ''}/${alert.metadata.name}`) ?? [],
        secrets: secretFacts,
        egress,
        budget,
      }),
    );
    return [...judged, ...hidden];
  },
});
