import { CLUSTER_SUBJECT, defineControl, notApplicable } from '#libs/core';
import { impersonationBy } from './impersonation.js';
import { judgeObject } from './judge-object.js';
import { type Surroundings, factsOf } from './object-facts.js';
import { sightingsByObject } from './object-sightings.js';
import { HOUR, remoteApplyObjects } from './remote-apply-object.js';
import { indexSources } from './source-index.js';

const ID = 'FLUX-RA-03';
const SUSPEND_GRACE_HOURS = 24;

export const remoteApplyHealthyAndFresh = defineControl({
  id: ID,
  title: 'Remote-apply objects are healthy and fresh',
  family: 'Remote apply',
  severity: 'high',
  scope: ['management'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'A platform that applies to tenant clusters from a management cluster loses its hold on a cluster when the apply stops: ' +
    'access was revoked, a credential expired, the object was suspended or its controller does not run. ' +
    'Flux sends no event for several of these states, so they must be looked for in the objects themselves.',
  audit:
    'Reads every Kustomization and HelmRelease with `spec.kubeConfig`, their sources, and the times at which this service first saw a lasting state. ' +
    'An object passes where it is ready, was reconciled within 2 × interval × 1.2 + timeout, is not suspended or being deleted, and has a source that exists, is not suspended and is ready. ' +
    'It fails where a deletion takes over an hour; where it is suspended longer than the grace time of the cluster (24 hours by default); ' +
    'where there is no Ready condition after 15 minutes; where it is not ready for longer than two retries and at least 15 minutes, with the cause taken from the condition and the flags of the controller; ' +
    'where it is stalled, stuck in one try, stale, or frozen at an old generation; where a request to reconcile is not answered within 5 minutes; or where its source is missing, suspended or failing. ' +
    'Younger failures, a running try, and a revision or generation that lags behind are warnings.',
  remediation:
    'Repair what the finding names: restore the access or credential of the platform, resume the object, or get its controller or source to run. ' +
    '`flux get kustomizations -A` and `flux get helmreleases -A` on the management cluster show the same conditions. ' +
    'Make such states raise an alert by metrics on the Ready condition as well as by Flux Alerts.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/',
    'https://fluxcd.io/flux/components/kustomize/kustomizations/#remote-clusters--cluster-api',
    'https://fluxcd.io/flux/components/helm/helmreleases/#kubeconfig-remote-clusters',
    'https://fluxcd.io/flux/monitoring/metrics/',
  ],
  requires: ['registration', 'sightings', 'kustomizations', 'helmReleases'],
  optional: ['sources', 'deployments', 'pods', 'configMaps'],
  examples: {
    passing: [
      {
        title: 'ready, and reconciled 4 minutes before the audit at 12:00',
        yaml: `
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: fleet, namespace: spoke-a }
          spec: { interval: 5m, url: 'https://git.example.com/fleet' }
          status:
            artifact: { revision: 'main@sha1:2f8d1c5e7a9b0c3d4e5f60718293a4b5c6d7e8f9', lastUpdateTime: '2026-11-01T08:00:00Z' }
            conditions:
              - { type: Ready, status: 'True', reason: Succeeded, lastTransitionTime: '2026-11-01T08:00:00Z' }
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: infra, namespace: spoke-a, generation: 3 }
          spec:
            interval: 10m
            path: ./clusters/spoke-a
            kubeConfig: { secretRef: { name: kubeconfig } }
            sourceRef: { kind: GitRepository, name: fleet }
          status:
            observedGeneration: 3
            lastAppliedRevision: main@sha1:2f8d1c5e7a9b0c3d4e5f60718293a4b5c6d7e8f9
            history:
              - { lastReconciled: '2026-11-01T11:56:00Z', lastReconciledStatus: ReconciliationSucceeded }
            conditions:
              - { type: Ready, status: 'True', reason: ReconciliationSucceeded, lastTransitionTime: '2026-11-01T11:56:00Z' }`,
      },
    ],
    failing: [
      {
        title: 'ready, but last reconciled 3 hours before the audit at 12:00',
        yaml: `
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: fleet, namespace: spoke-a }
          spec: { interval: 5m, url: 'https://git.example.com/fleet' }
          status:
            artifact: { revision: 'main@sha1:2f8d1c5e7a9b0c3d4e5f60718293a4b5c6d7e8f9' }
            conditions:
              - { type: Ready, status: 'True', reason: Succeeded, lastTransitionTime: '2026-11-01T08:00:00Z' }
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: infra, namespace: spoke-a }
          spec:
            interval: 10m
            kubeConfig: { secretRef: { name: kubeconfig } }
            sourceRef: { kind: GitRepository, name: fleet }
          status:
            lastAppliedRevision: main@sha1:2f8d1c5e7a9b0c3d4e5f60718293a4b5c6d7e8f9
            history:
              - { lastReconciled: '2026-11-01T09:00:00Z', lastReconciledStatus: ReconciliationSucceeded }
            conditions:
              - { type: Ready, status: 'True', reason: ReconciliationSucceeded, lastTransitionTime: '2026-11-01T09:00:00Z' }`,
      },
      {
        title: 'the target cluster denies access since 09:00',
        yaml: `
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: OCIRepository
          metadata: { name: web, namespace: spoke-a }
          spec: { interval: 5m, url: 'oci://registry.example.com/charts/web' }
          status:
            conditions:
              - { type: Ready, status: 'True', reason: Succeeded, lastTransitionTime: '2026-11-01T08:00:00Z' }
          ---
          apiVersion: helm.toolkit.fluxcd.io/v2
          kind: HelmRelease
          metadata: { name: web, namespace: spoke-a }
          spec:
            interval: 10m
            kubeConfig: { secretRef: { name: kubeconfig } }
            chartRef: { kind: OCIRepository, name: web }
          status:
            conditions:
              - type: Ready
                status: 'False'
                reason: StateError
                message: 'Could not determine release state: secrets is forbidden: User "flux" cannot list resource "secrets"'
                lastTransitionTime: '2026-11-01T09:00:00Z'`,
      },
      {
        title: 'the source does not exist',
        yaml: `
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: apps, namespace: spoke-a }
          spec:
            interval: 10m
            kubeConfig: { secretRef: { name: kubeconfig } }
            sourceRef: { kind: GitRepository, name: flet }
          status:
            conditions:
              - type: Ready
                status: 'False'
                reason: ArtifactFailed
                message: 'GitRepository.source.toolkit.fluxcd.io "flet" not found'
                lastTransitionTime: '2026-11-01T11:59:30Z'`,
      },
      {
        title: 'deleted 2 hours ago and still there, although it says it is ready',
        yaml: `
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: old, namespace: spoke-a, deletionTimestamp: '2026-11-01T10:00:00Z' }
          spec:
            interval: 10m
            kubeConfig: { secretRef: { name: kubeconfig } }
            sourceRef: { kind: GitRepository, name: fleet }
          status:
            conditions:
              - { type: Ready, status: 'True', reason: ReconciliationSucceeded, lastTransitionTime: '2026-11-01T09:55:00Z' }`,
      },
    ],
  },
  evaluate: ({ registration, sightings, kustomizations, helmReleases, sources, ...controllers }, { now }) => {
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
    const surroundings: Surroundings = {
      now,
      suspendGrace: (registration.suspendGraceHours ?? SUSPEND_GRACE_HOURS) * HOUR,
      sources: indexSources(sources),
      isImpersonated: impersonationBy(controllers),
    };
    const sightingsOf = sightingsByObject(ID, sightings, now);
    return objects.flatMap((object) => judgeObject(factsOf(object, sightingsOf(object), surroundings)));
  },
});
