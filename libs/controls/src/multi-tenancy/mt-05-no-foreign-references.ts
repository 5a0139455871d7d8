import {
  type Collected,
  type Observation,
  CLUSTER_SUBJECT,
  defineControl,
  notApplicable,
  notEvaluatedBecause,
  pass,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { accessOf } from '../access/access.js';
import { ownerOf } from '../tenants/ownership.js';
import { type TenantModel, tenantModel } from '../tenants/tenant-model.js';
import { unlessShared } from '../tenants/unless-shared.js';
import { type ForeignReference, type Referring, foreignReferencesOf } from './foreign-references.js';
import { openToAll } from './image-access.js';
import { judgeReference } from './judge-reference.js';
import { guardsOf } from './reference-guard.js';

/** Kinds that a cluster may lack, or an auditor may not list. */
const FURTHER = ['alerts', 'receivers', 'imagePolicies', 'imageUpdateAutomations', 'artifactGenerators'] as const;

export const noForeignReferences = defineControl({
  id: 'FLUX-MT-05',
  title: 'No object of a tenant refers to the namespace of another',
  family: 'Multi-tenancy',
  severity: 'high',
  scope: ['shared', 'management'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'A Flux object may name sources, images, events and dependencies of other namespaces. ' +
    'Where the controllers follow such references a tenant uses what belongs to another one or to the platform, whatever Kubernetes RBAC says; where they refuse them, some objects stop without anybody noticing.',
  audit:
    'Reads every field of Kustomizations, HelmReleases, ImagePolicies, ImageUpdateAutomations, Alerts, Receivers and ArtifactGenerators that can name another namespace, and for each object the flag `--no-cross-namespace-refs` of the controllers that reconcile it. ' +
    'A reference of a tenant to another tenant or to the platform fails where a controller follows it (EFFECTIVE), and is a warning where all refuse it (ATTEMPT_BLOCKED). ' +
    'A HelmRelease whose `spec.chart` takes a source of another namespace under the flag fails (FROZEN), whoever owns it: helm-controller stops to reconcile it without a condition. ' +
    'An ImagePolicy needs `spec.accessFrom` of the ImageRepository besides. `dependsOn` is not governed by the flag and is always a warning. ' +
    'References within one tenant and those of the platform pass, and so do fields that RBAC governs: `targetNamespace`, `storageNamespace` and `healthChecks`. ' +
    'An ImageRepository that is open to every namespace is a warning.',
  remediation:
    'Give the tenant the source in its own namespace, with a credential of its own: a copy, or one that the platform provides with a ResourceSet or an ArtifactGenerator. Remove the namespace from the reference. ' +
    'Then set `--no-cross-namespace-refs=true` on all controllers (FLUX-MT-01), and refuse `dependsOn` of other namespaces by an admission policy.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#multi-tenancy',
    'https://fluxcd.io/flux/installation/configuration/multitenancy/',
    'https://fluxcd.io/flux/components/image/imagerepositories/#access-from',
  ],
  requires: ['registration', 'deployments', 'pods', 'kustomizations', 'helmReleases'],
  optional: ['configMaps', 'namespaces', 'sources', ...FURTHER, 'imageRepositories', 'rbac', 'accessReviews'],
  examples: {
    passing: [
      {
        title: 'a source of the own namespace, spelled out',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: apps, namespace: team-a }
          spec:
            interval: 10m
            sourceRef: { kind: GitRepository, name: apps, namespace: team-a }`,
      },
    ],
    failing: [
      {
        title: 'a Kustomization uses a source of another tenant',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: kustomize-controller-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                args: [--watch-all-namespaces=true]
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: apps, namespace: team-a }
          spec:
            interval: 10m
            sourceRef: { kind: GitRepository, name: secrets, namespace: team-b }`,
      },
      {
        title: 'a HelmRelease stands still since the flag was set',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: helm-controller-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/helm-controller:v1.6.3
                args: [--no-cross-namespace-refs=true]
          ---
          apiVersion: helm.toolkit.fluxcd.io/v2
          kind: HelmRelease
          metadata: { name: web, namespace: team-a }
          spec:
            interval: 10m
            chart: { spec: { chart: web, sourceRef: { kind: HelmRepository, name: charts, namespace: flux-system } } }
          status:
            conditions:
              - { type: Ready, status: 'True', reason: UpgradeSucceeded, lastTransitionTime: '2026-09-01T08:00:00Z' }`,
      },
    ],
  },
  evaluate: (artifacts, { now }) => {
    const model = tenantModel(artifacts);
    const early = unlessShared(model);
    if (early) return [early];
    const { instances } = model;
    if (instances.state === 'unavailable') return [notEvaluatedBecause(CLUSTER_SUBJECT, instances)];
    const { kustomizations, helmReleases, imageRepositories, namespaces, sources, rbac, accessReviews } = artifacts;
    const access = rbac.state === 'collected' ? accessOf(rbac.value, accessReviews) : undefined;
    const surroundings = {
      model,
      guardOf: guardsOf(instances.value, now),
      isPlatformManaged: (object: Referring) =>
        (object.kind === 'Kustomization' || object.kind === 'HelmRelease') &&
        ownerOf(object, model, sources, access).kind === 'platformManaged',
      imageRepositories,
      namespaces,
    };
    const further = FURTHER.map((name) => artifacts[name]);
    const objects: readonly Referring[] = [
      ...kustomizations,
      ...helmReleases,
      ...further.flatMap((list: Collected<readonly Referring[]>) => (list.state === 'collected' ? list.value : [])),
    ];
    const unread = FURTHER.flatMap((name) => {
      const list: Collected<unknown> = artifacts[name];
      return list.state === 'unavailable' ? [notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: name }, list)] : [];
    });
    const references = objects.flatMap((object) => distinct(foreignReferencesOf(object)));
    const judged = references.map((reference) => judgeReference(reference, surroundings));
    const open = imageRepositories.state === 'collected' ? openToAll(imageRepositories.value, model) : [];
    const home = unread.length === 0 ? stayedAtHome(objects, references, model) : [];
    const all = [...judged, ...open, ...home, ...unread];
    return all.length > 0 ? all : [nothingToJudge()];
  },
});

/** A list may name the same thing twice. */
function distinct(references: readonly ForeignReference[]): readonly ForeignReference[] {
  return [...new Map(references.map((reference) => [reference.field, reference])).values()];
}

/** One answer for each tenant none of whose objects refers elsewhere. */
function stayedAtHome(
  objects: readonly Referring[],
  references: readonly ForeignReference[],
  model: TenantModel,
): readonly Observation[] {
  const away = new Set(references.map(({ object }) => model.tenantOf(object.metadata.namespace)?.name));
  const counts = new Map<string, number>();
  for (const { metadata } of objects) {
    const tenant = model.tenantOf(metadata.namespace)?.name;
    if (tenant !== undefined && !away.has(tenant)) counts.set(tenant, (counts.get(tenant) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) =>
    pass(
      { kind: 'Tenant', name },
      'NO_FOREIGN_REFERENCE',
      `${count === 1 ? 'The only Flux object' : `None of the ${count} Flux objects`} of ${excerpt(name)} ${count === 1 ? 'does not refer' : 'refers'} to another namespace.`,
      { confidence: model.confidence },
    ),
  );
}

function nothingToJudge(): Observation {
  return notApplicable(
    CLUSTER_SUBJECT,
    'NO_FLUX_OBJECTS',
    'No tenant of this cluster has a Flux object that could refer to another namespace.',
  );
}
