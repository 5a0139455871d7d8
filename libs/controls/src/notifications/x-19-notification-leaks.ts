import { CLUSTER_SUBJECT, defineControl, notApplicable } from '#libs/core';
import { alertsAreConfined, secretNamed } from '#libs/flux';
import { tenantModel } from '../tenants/tenant-model.js';
import { judgeLeaks } from './judge-leaks.js';

export const notificationLeaks = defineControl({
  id: 'FLUX-X-19',
  title: 'Alerts tell nobody more than they should know',
  family: 'Notifications',
  severity: 'medium',
  scope: ['shared', 'management'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Events of Flux tell what is deployed, from which repository and revision, and what fails. ' +
    'On a cluster that tenants share they should reach only those whose objects they are about, and no credential should travel with them.',
  audit:
    'For every Alert: fails where one in a namespace of a tenant names objects of another tenant or of the platform and notification-controller does not run with `--no-cross-namespace-refs`, and where a value of `spec.eventMetadata` looks like a credential (only the keys are kept). ' +
    'Warns where events of severity info go to a generic webhook outside the cluster. ' +
    'What the token of a commit-status Provider may write is not known to the cluster, and is not judged.',
  remediation:
    'Set `--no-cross-namespace-refs=true` on notification-controller, keep credentials out of `spec.eventMetadata`, and send only errors to receivers outside.',
  references: [
    'https://fluxcd.io/flux/components/notification/alerts/',
    'https://fluxcd.io/flux/installation/configuration/multitenancy/',
  ],
  requires: ['registration', 'alerts', 'providers'],
  optional: ['secretFacts', 'deployments', 'pods', 'configMaps', 'namespaces', 'kustomizations', 'helmReleases'],
  examples: {
    passing: [
      {
        title: 'an Alert for the own namespace',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: notification.toolkit.fluxcd.io/v1beta3
          kind: Alert
          metadata: { name: chat, namespace: team-a }
          spec: { providerRef: { name: chat }, eventSources: [{ kind: HelmRelease, name: '*' }] }`,
      },
    ],
    failing: [
      {
        title: 'an Alert for the objects of another tenant',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: notification-controller-0, namespace: flux-system }
          spec: { containers: [{ name: manager, image: 'ghcr.io/fluxcd/notification-controller:v1.9.3' }] }
          ---
          apiVersion: notification.toolkit.fluxcd.io/v1beta3
          kind: Alert
          metadata: { name: chat, namespace: team-a }
          spec: { providerRef: { name: chat }, eventSources: [{ kind: HelmRelease, name: '*', namespace: team-b }] }`,
      },
    ],
  },
  evaluate: (artifacts) => {
    const { alerts, providers, secretFacts } = artifacts;
    if (alerts.length === 0) {
      const message = 'The cluster has no Alert, so its Flux tells nobody anything. There is nothing to do.';
      return [notApplicable(CLUSTER_SUBJECT, 'NO_ALERT', message)];
    }
    const model = tenantModel(artifacts);
    const { instances } = model;
    const byName = new Map(providers.map((each) => [`${each.metadata.namespace ?? ''}/${each.metadata.name}`, each]));
    const surroundings = {
      model,
      confined: instances.state === 'collected' ? alertsAreConfined(instances.value) : instances,
      providerOf: ({ metadata, spec }: (typeof alerts)[number]) =>
        byName.get(`${metadata.namespace ?? ''}/${spec.providerRef?.name ?? ''}`),
      secretOf: ({ metadata, spec }: (typeof providers)[number]) =>
        spec.secretRef && secretNamed(secretFacts, metadata.namespace ?? '', spec.secretRef.name),
    };
    return alerts.flatMap((alert) => judgeLeaks(alert, surroundings));
  },
});
