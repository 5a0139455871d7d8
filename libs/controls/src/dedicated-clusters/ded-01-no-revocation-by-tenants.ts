import {
  type Artifacts,
  type Observation,
  CLUSTER_SUBJECT,
  defineControl,
  notEvaluated,
  notEvaluatedBecause,
  pass,
  leastSure,
} from '#libs/core';
import { MASTERS } from '#libs/rbac';
import { tenantModel } from '../tenants/tenant-model.js';
import {
  type AccessAnalysis,
  ANALYSIS_ARTIFACTS,
  ANALYSIS_CONTEXT,
  type AnalysisArtifacts,
  analyseAccess,
  unknownPlatform,
} from './access-analysis.js';
import { undeclaredPrincipals, unlessDedicated } from './dedicated-scope.js';
import { judgeAdmin, judgeAdminElsewhere, judgePossibleAdmin } from './judge-admin.js';
import { judgeRevocations } from './judge-revocations.js';
import { redirectedGroups } from './redirected-groups.js';
import type { TenantReach } from './tenant-reach.js';

function judgeTenant(reach: TenantReach, { model, index, platform }: AccessAnalysis): readonly Observation[] {
  const { tenant, groups } = reach;
  const found = [
    ...judgeAdmin(reach, model, index),
    ...judgeRevocations(reach, model, index, platform),
    ...judgePossibleAdmin(reach, index),
    ...judgeAdminElsewhere(reach, model),
  ];
  const undeclared = undeclaredPrincipals(tenant);
  if (undeclared) return [...found, undeclared];
  if (found.length > 0) return found;
  const people = groups.reduce((sum, { group }) => sum + group.identities.length, 0);
  return [
    pass(
      { kind: 'Tenant', name: tenant.name },
      'RBAC_PROTECTED',
      `No principal of tenant ${tenant.name} can become administrator of the cluster or change what the platform’s access rests on; ${people} principals were looked at, with everybody they can become.`,
      { confidence: leastSure('derived', tenant.declared ? 'proven' : 'heuristic') },
    ),
  ];
}

/** What access rests on is not known well enough to say that nothing of it is in reach. */
function unknownAccess(artifacts: AnalysisArtifacts, analysis: AccessAnalysis): readonly Observation[] {
  const { platform, platformBindings } = analysis;
  const subject = { ...CLUSTER_SUBJECT, field: 'platform' };
  const gaps: Observation[] = [];
  if (platform.length === 0) {
    gaps.push(
      notEvaluated(
        subject,
        'undecidable',
        'NO_ACCESS_OBJECTS',
        'Neither the registry nor the cluster tells who the platform is, so it could not be judged whether tenants can change what its access rests on; whether they can become administrators was. Declare platformPrincipals for this cluster.',
      ),
    );
  } else if (platformBindings.length === 0 && !platform.some(({ identity }) => identity.groups.includes(MASTERS))) {
    gaps.push(
      notEvaluated(
        subject,
        'undecidable',
        'NO_ACCESS_OBJECTS',
        'No binding of the cluster names the declared platform principals: their access comes from elsewhere, such as access entries or roles of the cloud, which cannot be read here. Check platformPrincipals, and who may change that access.',
      ),
    );
  }
  gaps.push(...unknownPlatform(artifacts).map((artifact) => notEvaluatedBecause(subject, artifact)));
  if (artifacts.enginePolicies.state === 'unavailable') {
    gaps.push(notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: 'policy engines' }, artifacts.enginePolicies));
  }
  return gaps;
}

export const noRevocationByTenants = defineControl({
  id: 'FLUX-DED-01',
  title: 'Tenants of a dedicated cluster have no right to take the platform’s access away',
  family: 'Tenant-dedicated clusters',
  severity: 'critical',
  scope: ['dedicated'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'A platform that runs clusters for tenants must keep its access to them: without it, updates, policies and incident response stop. ' +
    'Flux recommends to make sure that tenants of dedicated clusters cannot revoke the platform’s permissions. ' +
    'That holds only where no right of a tenant leads to those of an administrator, and none covers the bindings, roles, accounts, admission rules and API registrations that the access rests on.',
  audit:
    'Takes every principal of each tenant: the declared users, groups and service accounts, all service accounts of its namespaces, and what is granted to everybody. ' +
    'Follows their rights by RBAC to everybody they can become (creating workloads, entering pods, requesting tokens, reading Secrets, impersonating, binding or escalating roles, approving certificates, admission and Flux objects). ' +
    'A way to every right fails, as does a right to change who is who (`aws-auth` and its like), admission policies and their bindings, APIServices and flow schemas, because no admission policy protects these. ' +
    'A right on other objects that access rests on (bindings, roles, service accounts, namespaces, webhook configurations, CRDs, Flux itself) is a warning: an admission policy may refuse it, which reading cannot prove. ' +
    'What the SubjectAccessReview API answers wins over RBAC. A built-in API group that is served by a Service fails, and nothing else is judged then.',
  remediation:
    'Bind tenants to the ClusterRole `admin` in their own namespaces, and to a ClusterRole of the few rights that they need beyond. ' +
    'Take away the right that a finding names; where a tenant must keep it, refuse changes of the platform’s objects by a ValidatingAdmissionPolicy. ' +
    'Declare `platformPrincipals` and the principals of tenants in the registry, so that both sides are known.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
    'https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/',
  ],
  requires: [...ANALYSIS_ARTIFACTS, 'apiServices'],
  optional: ANALYSIS_CONTEXT,
  examples: {
    passing: [
      {
        title: 'the tenant is admin of its own namespace only',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          platformPrincipals: { groups: [platform-admins] }
          tenants:
            - { name: team-a, namespaces: { names: [team-a] }, principals: { groups: [team-a] } }
          ---
          apiVersion: v1
          kind: Namespace
          metadata: { name: team-a, labels: { pod-security.kubernetes.io/enforce: restricted } }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: cluster-admin }
          rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: admin }
          rules:
            - { apiGroups: ['', apps], resources: [pods, deployments, secrets, configmaps], verbs: [get, list, create, update, patch, delete] }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRoleBinding
          metadata: { name: platform-admins }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
          subjects: [{ kind: Group, apiGroup: rbac.authorization.k8s.io, name: platform-admins }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: RoleBinding
          metadata: { name: team-a-admin, namespace: team-a }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin }
          subjects: [{ kind: Group, apiGroup: rbac.authorization.k8s.io, name: team-a }]`,
      },
    ],
    failing: [
      {
        title: 'the tenant is administrator of the whole cluster',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          platformPrincipals: { groups: [platform-admins] }
          tenants:
            - { name: team-a, namespaces: { names: [team-a] }, principals: { groups: [team-a] } }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: cluster-admin }
          rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRoleBinding
          metadata: { name: cluster-admins }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
          subjects:
            - { kind: Group, apiGroup: rbac.authorization.k8s.io, name: platform-admins }
            - { kind: Group, apiGroup: rbac.authorization.k8s.io, name: team-a }`,
      },
      {
        title: 'the tenant may delete the binding of an admission policy, which no policy can refuse',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          platformPrincipals: { groups: [platform-admins] }
          tenants:
            - { name: team-a, namespaces: { names: [team-a] }, principals: { groups: [team-a] } }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: policy-editor }
          rules:
            - { apiGroups: [admissionregistration.k8s.io], resources: [validatingadmissionpolicybindings], verbs: [get, list, delete] }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRoleBinding
          metadata: { name: team-a-policy-editor }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: policy-editor }
          subjects: [{ kind: Group, apiGroup: rbac.authorization.k8s.io, name: team-a }]`,
      },
    ],
  },
  evaluate: (artifacts: AnalysisArtifacts & Pick<Artifacts, 'apiServices'>): readonly Observation[] => {
    const early = unlessDedicated(tenantModel(artifacts));
    if (early) return [early];
    const redirected = redirectedGroups(artifacts.apiServices);
    if (redirected.length > 0) return redirected;
    const analysis = analyseAccess(artifacts);
    return [...analysis.reach.flatMap((reach) => judgeTenant(reach, analysis)), ...unknownAccess(artifacts, analysis)];
  },
});
