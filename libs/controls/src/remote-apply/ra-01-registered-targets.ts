import {
  CLUSTER_SUBJECT,
  type Evidence,
  type FleetCluster,
  type Observation,
  type Registration,
  defineControl,
  fail,
  notApplicable,
  notEvaluated,
  objectReference,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { accessOf } from '../access/access.js';
import { tenantModel } from '../tenants/tenant-model.js';
import { type JudgedTarget, judgeTarget } from './judge-target.js';
import { kubeConfigUses } from './kubeconfig-uses.js';
import { ClusterDirectory } from './match-cluster.js';
import { type RemoteApplyObject, labelOf, remoteApplyObjects } from './remote-apply-object.js';

/** `spec.kubeConfig` with neither a Secret nor a ConfigMap. */
function withoutReference(object: RemoteApplyObject): Observation {
  return fail(
    subjectOf(object),
    'NO_REFERENCE',
    `${labelOf(object)} has spec.kubeConfig and names neither a Secret nor a ConfigMap in it. So it leads to no cluster, and nothing is applied. Name the one that holds the kubeconfig.`,
    {
      evidence: [
        {
          object: objectReference(object),
          pointer: '/spec/kubeConfig',
          observed: {},
          expected: 'secretRef or configMapRef',
        },
      ],
    },
  );
}

/** Clusters that the registry says are applied to from a management cluster, and that nothing leads to. */
function unmanaged(
  clusters: readonly FleetCluster[],
  judged: readonly JudgedTarget[],
  registration: Registration,
): readonly Observation[] {
  const reached = new Set(judged.flatMap(({ cluster }) => cluster ?? []));
  const open = judged.find(({ unknown }) => unknown);
  // Another management cluster may apply to it.
  const alone = !clusters.some(({ role, self }) => role === 'management' && self !== true);
  return clusters
    .filter(
      (cluster) =>
        cluster.tenancy === 'dedicated' &&
        cluster.self !== true &&
        cluster.role !== 'management' &&
        (cluster.delivery === undefined || cluster.delivery === 'remoteApply') &&
        !reached.has(cluster),
    )
    .map((cluster) => {
      const name = excerpt(cluster.name, 80);
      const subject = { kind: 'Cluster', name: cluster.name };
      if (open) {
        const missing = open.observations.flatMap((each) => each.missing ?? []);
        return notEvaluated(
          subject,
          open.observations[0]?.cause ?? 'undecidable',
          'TARGETS_UNKNOWN',
          `It cannot be told whether something is applied to the cluster ${name}: the kubeconfigs of other objects could not be matched. Repair or permit what these objects lack.`,
          { missing },
        );
      }
      const stated = cluster.delivery === 'remoteApply';
      const evidence: Evidence = {
        pointer: '/name',
        observed: registration.name,
        expected: `a Kustomization or HelmRelease here whose kubeconfig leads to ${name}`,
      };
      const message =
        `The registry has the dedicated cluster ${name}${stated ? ', which is applied to from a management cluster' : ''}, and no object here leads to it. ` +
        `${stated && alone ? 'So the platform has no hold on it.' : 'It may be managed in another way, or not at all.'} ` +
        `Apply the configuration of the platform to it, or state in the registry how it gets there (delivery).`;
      return stated && alone
        ? fail(subject, 'UNMANAGED', message, { evidence: [evidence] })
        : warn(subject, 'UNMANAGED', message, { severity: 'medium', evidence: [evidence], confidence: 'derived' });
    });
}

export const registeredTargets = defineControl({
  id: 'FLUX-RA-01',
  title: 'Every remote-apply object leads to one registered cluster of the right tenant',
  family: 'Remote apply',
  severity: 'high',
  scope: ['management'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'A management cluster holds credentials for every cluster that it applies to. ' +
    'Each object must lead to a cluster that somebody has registered and watches, and to one of its own tenant, and every cluster that is managed in this way must be reached by some object.',
  audit:
    'For every Kustomization and HelmRelease with `spec.kubeConfig`, reads the Secret (the key that the reference names, else `value`, else `value.yaml`; only the `current-context` counts) or ConfigMap, and looks its target up in the registry: by the id of the cloud, else by CA and address, else by address, else by CA. ' +
    'It fails where the Secret, ConfigMap or key does not exist or holds nothing usable, where no or several clusters match, where an object in a namespace of a tenant leads to a cluster of another, and where the tenant of the target cluster may change the kubeconfig. ' +
    'An object that leads back to the management cluster is a warning. ' +
    'A dedicated cluster whose `delivery` is `remoteApply` and that nothing leads to fails; where its delivery is not stated, or another management cluster may apply to it, that is a warning.',
  remediation:
    'Register each target cluster with its address and CA, and correct kubeconfigs that lead elsewhere. ' +
    'Keep kubeconfigs in namespaces where tenants may not write Secrets and ConfigMaps.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/',
    'https://fluxcd.io/flux/components/kustomize/kustomizations/#kubeconfig-remote-clusters',
    'https://fluxcd.io/flux/components/helm/helmreleases/#kubeconfig-remote-clusters',
  ],
  requires: ['registration', 'kustomizations', 'helmReleases', 'secretFacts', 'kubeConfigMaps', 'fleet'],
  optional: ['rbac', 'accessReviews', 'namespaces'],
  examples: {
    passing: [
      {
        title: 'address and CA are those of a registered cluster',
        yaml: `
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: infra, namespace: spoke-a }
          spec: { interval: 10m, kubeConfig: { secretRef: { name: kubeconfig } } }
          ---
          kind: SecretFacts
          metadata: { name: kubeconfig, namespace: spoke-a }
          keys: [value]
          digest: '1'
          lengths: { value: 2000 }
          kubeConfig: { server: 'https://10.0.0.1:6443', caSpkiSha256: aa, hasCaData: true, fields: [] }
          ---
          kind: FleetCluster
          name: spoke-a
          server: https://10.0.0.1:6443
          caSpkiSha256: aa
          tenants: [team-a]`,
      },
    ],
    failing: [
      {
        title: 'no registered cluster has the address',
        yaml: `
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: infra, namespace: spoke-a }
          spec: { interval: 10m, kubeConfig: { secretRef: { name: kubeconfig } } }
          ---
          kind: SecretFacts
          metadata: { name: kubeconfig, namespace: spoke-a }
          keys: [value]
          digest: '1'
          lengths: { value: 2000 }
          kubeConfig: { server: 'https://10.9.9.9:6443', caSpkiSha256: bb, hasCaData: true, fields: [] }
          ---
          kind: FleetCluster
          name: spoke-a
          server: https://10.0.0.1:6443
          caSpkiSha256: aa
          tenants: [team-a]`,
      },
      {
        title: 'the Secret has another key than Flux reads',
        yaml: `
          apiVersion: helm.toolkit.fluxcd.io/v2
          kind: HelmRelease
          metadata: { name: web, namespace: spoke-a }
          spec: { interval: 10m, kubeConfig: { secretRef: { name: kubeconfig } } }
          ---
          kind: SecretFacts
          metadata: { name: kubeconfig, namespace: spoke-a }
          keys: [kubeconfig]
          digest: '1'
          lengths: { kubeconfig: 2000 }`,
      },
    ],
  },
  evaluate: (artifacts) => {
    const { registration, kustomizations, helmReleases, fleet, rbac, accessReviews } = artifacts;
    const objects = remoteApplyObjects(kustomizations, helmReleases);
    const isManager = registration.role === 'management' || objects.length > 0;
    const uses = kubeConfigUses(objects, {
      secretFacts: { state: 'collected', value: artifacts.secretFacts },
      kubeConfigMaps: { state: 'collected', value: artifacts.kubeConfigMaps },
    });
    const surroundings = {
      directory: new ClusterDirectory(fleet),
      model: tenantModel(artifacts),
      access: rbac.state === 'collected' ? accessOf(rbac.value, accessReviews) : undefined,
      rbac,
    };
    const judged = uses.map((use) => judgeTarget(use, surroundings));
    const observations = [
      ...objects
        .filter(({ spec: { kubeConfig } }) => !kubeConfig?.secretRef && !kubeConfig?.configMapRef)
        .map(withoutReference),
      ...judged.flatMap((each) => each.observations),
      ...(isManager ? unmanaged(fleet, judged, registration) : []),
    ];
    if (observations.length > 0) return observations;
    return [
      notApplicable(
        CLUSTER_SUBJECT,
        'NO_REMOTE_APPLY',
        'No Kustomization or HelmRelease of this cluster has spec.kubeConfig, and the registry has no cluster that it should apply to. So there is nothing to do.',
      ),
    ];
  },
});
