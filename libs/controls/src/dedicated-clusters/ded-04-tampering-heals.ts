import {
  type Observation,
  CLUSTER_SUBJECT,
  defineControl,
  notApplicable,
  notEvaluated,
  notEvaluatedBecause,
} from '#libs/core';
import { MASTERS } from '#libs/rbac';
import { tenantModel } from '../tenants/tenant-model.js';
import {
  ANALYSIS_ARTIFACTS,
  ANALYSIS_CONTEXT,
  type AnalysisArtifacts,
  analyseAccess,
  unknownPlatform,
} from './access-analysis.js';
import { unlessDedicated } from './dedicated-scope.js';
import {
  HEALING_MINUTES,
  appliersOf,
  isRestoredByKubernetes,
  judgeHealing,
  writableKustomizations,
} from './judge-healing.js';

const JUDGED = new Set(['A1', 'A2', 'A3', 'A4']);

export const tamperingHeals = defineControl({
  id: 'FLUX-DED-04',
  title: 'Changes of what the platform’s access rests on are noticed and undone',
  family: 'Tenant-dedicated clusters',
  severity: 'medium',
  scope: ['dedicated'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'Whatever is meant to protect the platform’s access can be forgotten or switched off. ' +
    'Where the bindings, roles and accounts come from Git by a Kustomization of the platform, Flux puts them back within minutes and says so.',
  audit:
    'Takes the bindings, roles, service accounts and namespaces that the platform’s access rests on, but not what Kubernetes itself restores. ' +
    `Each should be in the inventory of a Kustomization of this cluster that belongs to the platform, that no tenant may change, that prunes, is not suspended, and has an interval of ${HEALING_MINUTES} minutes or less; else it is a warning. ` +
    'The annotation or label `kustomize.toolkit.fluxcd.io/reconcile: disabled` or `ssa: Ignore` on the live object, in any case, switches the correction off and fails.',
  remediation:
    'Put the objects into a Kustomization of the platform with `prune: true` and `interval: 10m`, in a namespace that tenants cannot write to. ' +
    'Remove marks that switch the correction off. ' +
    'Where the cluster is managed from another one, a lost access is not healed from there: have a break-glass way in.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/',
    'https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources',
  ],
  requires: ANALYSIS_ARTIFACTS,
  optional: ANALYSIS_CONTEXT,
  examples: {
    passing: [
      {
        title: 'the binding and its role come from a Kustomization of the platform',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          platformPrincipals: { groups: [platform-admins] }
          tenants: [{ name: team-a, namespaces: { names: [team-a] }, principals: { groups: [team-a] } }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: platform-admin, labels: { kustomize.toolkit.fluxcd.io/name: access, kustomize.toolkit.fluxcd.io/namespace: flux-system } }
          rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRoleBinding
          metadata: { name: platform-admin, labels: { kustomize.toolkit.fluxcd.io/name: access, kustomize.toolkit.fluxcd.io/namespace: flux-system } }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: platform-admin }
          subjects: [{ kind: Group, apiGroup: rbac.authorization.k8s.io, name: platform-admins }]
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: access, namespace: flux-system }
          spec: { interval: 10m, prune: true, sourceRef: { kind: GitRepository, name: fleet } }
          status:
            inventory:
              entries:
                - { id: _platform-admin_rbac.authorization.k8s.io_ClusterRole, v: v1 }
                - { id: _platform-admin_rbac.authorization.k8s.io_ClusterRoleBinding, v: v1 }`,
      },
    ],
    failing: [
      {
        title: 'Flux was told to pass the binding over',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          platformPrincipals: { groups: [platform-admins] }
          tenants: [{ name: team-a, namespaces: { names: [team-a] }, principals: { groups: [team-a] } }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: cluster-admin, labels: { kubernetes.io/bootstrapping: rbac-defaults } }
          rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRoleBinding
          metadata:
            name: platform-admin
            labels: { kustomize.toolkit.fluxcd.io/name: access, kustomize.toolkit.fluxcd.io/namespace: flux-system }
            annotations: { kustomize.toolkit.fluxcd.io/ssa: ignore }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
          subjects: [{ kind: Group, apiGroup: rbac.authorization.k8s.io, name: platform-admins }]`,
      },
    ],
  },
  evaluate: (artifacts: AnalysisArtifacts): readonly Observation[] => {
    const early = unlessDedicated(tenantModel(artifacts));
    if (early) return [early];
    const analysis = analyseAccess(artifacts);
    const gaps = unknownPlatform(artifacts).map((artifact) =>
      notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: 'platform' }, artifact),
    );
    const objects = analysis.objects.flatMap(({ class: accessClass, object }) =>
      JUDGED.has(accessClass) && object !== undefined && !isRestoredByKubernetes(object) ? [object] : [],
    );
    if (objects.length > 0) {
      const context = {
        analysis,
        appliers: appliersOf(artifacts.kustomizations),
        writable: writableKustomizations(analysis, artifacts.kustomizations),
      };
      return [...objects.map((object) => judgeHealing(object, context)), ...gaps];
    }
    if (gaps.length > 0) return gaps;
    if (analysis.platform.some(({ identity }) => identity.groups.includes(MASTERS))) {
      return [
        notApplicable(
          CLUSTER_SUBJECT,
          'NOTHING_TO_HEAL',
          `The platform’s access rests on the group ${MASTERS} and on no object of the cluster that could be changed.`,
        ),
      ];
    }
    return [
      notEvaluated(
        CLUSTER_SUBJECT,
        'undecidable',
        'NO_ACCESS_OBJECTS',
        'It is not known what the platform’s access to this cluster rests on, so it could not be judged whether changes of it are undone. Declare platformPrincipals for this cluster.',
      ),
    ];
  },
});
