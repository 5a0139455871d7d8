import { CLUSTER_SUBJECT, defineControl, notApplicable, pass, subjectOf } from '#libs/core';
import { fluxNamespacesOf, missingAlert, missingRules } from '#libs/flux';
import { alertedSources } from './alerted-sources.js';
import { COVERAGE_OPTIONAL, COVERAGE_REQUIRES, controllersOf, coverageOfCluster } from './coverage-of-cluster.js';
import { judgeAlerting } from './judge-alerting.js';
import { HOUR, labelOf, remoteApplyObjects, timeOf } from './remote-apply-object.js';
import { indexSources } from './source-index.js';

/** A test of the watcher counts for so long. */
const WATCHER_TEST = 7 * 24 * HOUR;

export const failuresAreAlerted = defineControl({
  id: 'FLUX-RA-04',
  title: 'People hear of it when a remote-apply object fails',
  family: 'Remote apply',
  severity: 'high',
  scope: ['management'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'A platform must learn at once that it cannot apply to a tenant cluster any more. ' +
    'Alerts of Flux tell of events, and several failures send none: a HelmRelease whose target denies access, a missing source, a suspended object, a controller that does not run. ' +
    'These need an alerting rule on metrics beside the Alert.',
  audit:
    'For every Kustomization and HelmRelease with `spec.kubeConfig` and each way in which it can fail, somebody must be told. ' +
    'An Alert counts where the controller that serves the object sends its events (`--events-addr`) to a notification-controller that is ready; an entry of `eventSources` names kind, namespace, name and labels of the object (a namespace `*` matches nothing, and only the name `*` alone is a wildcard); severity and the patterns of `inclusionList` and `exclusionList`, tried on sample messages as Go reads them, let the event through; it is in the same namespace where `--no-cross-namespace-refs` is set; and its Provider exists, is not suspended, has its Secrets and its address, and is of a type that calls people. ' +
    'A rule of a PrometheusRule or VMRule counts where a Prometheus or VMAlert selects it, its expression gives series for the failing object and none for a healthy one, and the metric exists: `gotk_resource_info` with kube-state-metrics configured for Flux, `flux_resource_info` with the Flux Operator; `gotk_reconcile_condition` and `gotk_suspend_status` only before Flux 2.5 (HelmRelease: 2.2). ' +
    'A watcher that the registry declares and that was tested within 7 days counts for everything. ' +
    'It fails where the target cluster can be lost unnoticed, and warns where another failure can.',
  remediation:
    'Apply the Alert that the finding shows to the namespace of the object, and alerting rules on the Ready condition, on suspension and on the Deployments of the controllers. ' +
    'Then let one object fail on purpose and see the message arrive.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/',
    'https://fluxcd.io/flux/components/notification/alerts/',
    'https://fluxcd.io/flux/components/notification/providers/',
    'https://fluxcd.io/flux/monitoring/custom-metrics/',
  ],
  requires: ['registration', 'kustomizations', 'helmReleases', ...COVERAGE_REQUIRES],
  optional: ['sources', ...COVERAGE_OPTIONAL],
  examples: {
    passing: [
      {
        title: 'a watcher that was tested 4 days before the audit',
        yaml: `
          kind: Registration
          role: management
          watcher: { testedAt: '2026-10-28T09:00:00Z' }
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
        title: 'an Alert for the namespace "*", which matches none',
        yaml: `
          apiVersion: notification.toolkit.fluxcd.io/v1beta3
          kind: Provider
          metadata: { name: pager, namespace: flux-system }
          spec: { type: slack, channel: platform, secretRef: { name: slack } }
          ---
          kind: SecretFacts
          metadata: { name: slack, namespace: flux-system }
          keys: [address]
          digest: '1'
          lengths: { address: 60 }
          address: { origin: 'https://hooks.slack.example', hasPath: true }
          ---
          apiVersion: notification.toolkit.fluxcd.io/v1beta3
          kind: Alert
          metadata: { name: everything, namespace: flux-system }
          spec:
            providerRef: { name: pager }
            eventSources: [{ kind: Kustomization, name: '*', namespace: '*' }]
          ---
          apiVersion: v1
          kind: Service
          metadata: { name: notification-controller, namespace: flux-system }
          spec: { selector: { app: notification-controller }, ports: [{ port: 80 }] }
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: notification-controller-0, namespace: flux-system, labels: { app: notification-controller } }
          spec:
            containers: [{ name: manager, image: 'ghcr.io/fluxcd/notification-controller:v1.9.3' }]
          status: { phase: Running, containerStatuses: [{ name: manager, ready: true }] }
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: kustomize-controller-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                args: ['--events-addr=http://notification-controller.flux-system.svc.cluster.local./']
          status: { phase: Running, containerStatuses: [{ name: manager, ready: true }] }
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
  evaluate: ({ registration, kustomizations, helmReleases, sources, ...artifacts }, { now }) => {
    const objects = remoteApplyObjects(kustomizations, helmReleases);
    if (objects.length === 0) {
      return [
        notApplicable(
          CLUSTER_SUBJECT,
          'NO_REMOTE_APPLY',
          'No Kustomization or HelmRelease of this cluster has spec.kubeConfig. So its Flux applies to no other cluster, and there is nothing to do.',
        ),
      ];
    }
    const tested = timeOf(registration.watcher?.testedAt);
    if (tested !== undefined && tested <= now && now - tested <= WATCHER_TEST) {
      return objects.map((object) =>
        pass(
          subjectOf(object),
          'WATCHED',
          `The registry declares a watcher for ${labelOf(object)}, whose messages were last tested at ${registration.watcher?.testedAt ?? ''}. A test counts for 7 days. There is nothing to do but to repeat it.`,
          { confidence: 'derived' },
        ),
      );
    }
    const coverage = coverageOfCluster(artifacts, now);
    const index = indexSources(sources);
    const { alerts, providers, deployments, pods, configMaps, operatorPods } = artifacts;
    const rules = missingRules({
      fluxOperator:
        operatorPods.state === 'collected' && operatorPods.value.some(({ program }) => program === 'flux-operator'),
      fluxNamespaces: fluxNamespacesOf(controllersOf(deployments, pods, configMaps)),
    });
    const fixes = new Map<string, ReturnType<typeof missingAlert>>();
    return objects.flatMap((object) => {
      const { namespace = '' } = object.metadata;
      const alert = fixes.get(namespace) ?? missingAlert(namespace, alerts, providers);
      fixes.set(namespace, alert);
      return judgeAlerting(object, coverage.of(object, alertedSources(object, index)), { alert, rules });
    });
  },
});
