import { CLUSTER_SUBJECT, defineControl, notApplicable, pass } from '#libs/core';
import { tenantModel } from '../tenants/tenant-model.js';
import { unlessShared } from '../tenants/unless-shared.js';
import { judgeGate, judgeStrategy } from './lenient-substitution.js';
import { judgeRendered } from './rendered-secrets.js';

export const substitutedSecrets = defineControl({
  id: 'FLUX-X-15',
  title: 'Values of Secrets are not rendered where tenants can read them',
  family: 'Flux objects',
  severity: 'medium',
  scope: ['shared'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Controllers read the Secrets of `substituteFrom` and `valuesFrom` with their own rights and put the values into what they apply. In a ConfigMap or an annotation whoever may read that has them.',
  audit:
    'For every Kustomization and HelmRelease that takes values from a Secret, its inventory is looked at: ConfigMaps and no Secret in a namespace of another tenant fail, since the values can only have gone there; ConfigMaps, or no Secret at all, are a warning. What the objects hold is not read. ' +
    '`substituteStrategy: Always` and the feature gate StrictPostBuildSubstitutions set to false are warnings. ' +
    'Applies where tenants share the cluster.',
  remediation:
    'Take secret values into Secrets only, and let workloads refer to these. Take what is no secret from a ConfigMap. Leave substitution strict.',
  references: [
    'https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution',
    'https://fluxcd.io/flux/components/helm/helmreleases/#values-references',
  ],
  requires: ['registration', 'kustomizations', 'helmReleases'],
  optional: ['namespaces', 'deployments', 'pods', 'configMaps'],
  examples: {
    passing: [
      {
        title: 'values of a Secret, rendered into a Secret',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: apps, namespace: flux-system }
          spec: { postBuild: { substituteFrom: [{ kind: Secret, name: cluster-secrets }] } }
          status: { inventory: { entries: [{ id: team-a_db__Secret, v: v1 }] } }`,
      },
    ],
    failing: [
      {
        title: 'values of a Secret of the platform, and only a ConfigMap for a tenant',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: apps, namespace: flux-system }
          spec: { postBuild: { substituteFrom: [{ kind: Secret, name: cluster-secrets }] } }
          status: { inventory: { entries: [{ id: team-a_db__ConfigMap, v: v1 }] } }`,
      },
    ],
  },
  evaluate: ({ kustomizations, helmReleases, ...context }) => {
    const model = tenantModel({ ...context, kustomizations, helmReleases });
    const early = unlessShared(model);
    if (early) return [early];
    const substitutes = kustomizations.some(({ spec }) => spec.postBuild !== undefined);
    const judged = [
      ...kustomizations.flatMap((object) => [...judgeRendered(object, model), ...judgeStrategy(object)]),
      ...helmReleases.flatMap((object) => judgeRendered(object, model)),
      ...(substitutes ? judgeGate(model.instances) : []),
    ];
    if (judged.length > 0) return judged;
    if (substitutes) {
      const message = 'Kustomizations of this cluster substitute variables, none of them from a Secret, and strictly.';
      return [pass(CLUSTER_SUBJECT, 'NO_SECRET_VALUES', message)];
    }
    const message = 'No Kustomization or HelmRelease of this cluster takes values from a Secret.';
    return [notApplicable(CLUSTER_SUBJECT, 'NO_SECRET_VALUES', message)];
  },
});
