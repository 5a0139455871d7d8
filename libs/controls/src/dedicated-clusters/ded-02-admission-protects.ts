import {
  type Artifacts,
  type Collected,
  type Observation,
  type ProbeResult,
  CLUSTER_SUBJECT,
  defineControl,
  fail,
  leastSure,
  nameList,
  notApplicable,
  notEvaluated,
  notEvaluatedBecause,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { MASTERS } from '#libs/rbac';
import { tenantModel } from '../tenants/tenant-model.js';
import { ANALYSIS_ARTIFACTS, ANALYSIS_CONTEXT, unknownPlatform } from './access-analysis.js';
import { standsOf } from './attempt-standing.js';
import { undeclaredPrincipals, unlessDedicated } from './dedicated-scope.js';
import { judgeAttempts } from './judge-attempts.js';
import { judgeUnseenGuards } from './judge-unseen-guards.js';
import { TARGET_CONTEXT, type TargetArtifacts } from './known-objects.js';
import { type ProofPlan, proofPlan } from './proof-plan.js';
import { redirectedGroups } from './redirected-groups.js';
import { CONTROL } from './revocation-attempts.js';

type JudgedArtifacts = TargetArtifacts &
  Pick<Artifacts, 'apiServices'> & { readonly probes: Collected<Artifacts['probes']> };

/** What access rests on is not known well enough, so that more may be in reach than was tried. */
function gaps(artifacts: TargetArtifacts, { analysis }: ProofPlan): readonly Observation[] {
  const subject = { ...CLUSTER_SUBJECT, field: 'platform' };
  const { platform, platformBindings } = analysis;
  const isKnown = platformBindings.length > 0 || platform.some(({ identity }) => identity.groups.includes(MASTERS));
  const unknown = isKnown
    ? []
    : [
        notEvaluated(
          subject,
          'undecidable',
          'NO_ACCESS_OBJECTS',
          'It is not known what the platform’s access to this cluster rests on: no binding names a principal of the platform. Declare platformPrincipals for this cluster, and check who may change access that comes from the cloud.',
        ),
      ];
  const { enginePolicies } = artifacts;
  return [
    ...unknown,
    ...unknownPlatform(artifacts).map((artifact) => notEvaluatedBecause(subject, artifact)),
    ...(enginePolicies.state === 'unavailable'
      ? [notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: 'policy engines' }, enginePolicies)]
      : []),
  ];
}

/** Tenants of which FLUX-DED-01 leaves nothing to admission. */
function nothingToProve({ analysis, tried }: ProofPlan): readonly Observation[] {
  return analysis.reach.flatMap(({ tenant, groups }): readonly Observation[] => {
    if (tried.some(({ pair }) => pair.tenant === tenant)) return [];
    const undeclared = undeclaredPrincipals(tenant);
    if (undeclared) return [undeclared];
    const isAdmin = groups.some(({ admin, adminElsewhere }) => admin !== undefined || adminElsewhere !== undefined);
    const why = isAdmin
      ? `Somebody of tenant ${tenant.name} can become administrator, whom no admission policy stops: FLUX-DED-01 fails.`
      : `No right of tenant ${tenant.name} covers what the platform’s access rests on, so admission has nothing to refuse.`;
    return [
      notApplicable({ kind: 'Tenant', name: tenant.name }, 'NOTHING_TO_PROVE', why, {
        confidence: leastSure('derived', tenant.declared ? 'proven' : 'heuristic'),
      }),
    ];
  });
}

/** Dry-runs that went through although the objects that were read do not show the right any more. */
function unplanned(results: readonly ProbeResult[], plan: ProofPlan): readonly Observation[] {
  const planned = new Set(plan.tried.flatMap(({ attempts }) => attempts.map(({ probe }) => probe.key)));
  const accepted = results.filter(
    ({ probe, verdict }) => probe.control === CONTROL && verdict.kind === 'accepted' && !planned.has(probe.key),
  );
  if (accepted.length === 0) return [];
  const what = nameList(
    accepted.map(({ probe }) => `${excerpt(probe.what, 160)} (${excerpt(probe.as.user, 100)})`),
    5,
  );
  return [
    fail(
      { ...CLUSTER_SUBJECT, field: 'dry-runs' },
      'UNPROTECTED',
      `The API server accepted a request that ${what}. No right that was read explains it, so another authorizer may decide too. Find out who grants it and take it away.`,
      {
        evidence: [
          {
            pointer: '/name',
            observed: plan.analysis.model.registration.name,
            expected: 'refused by authorization or at admission',
          },
        ],
      },
    ),
  ];
}

export const admissionProtects = defineControl({
  id: CONTROL,
  title: 'Admission refuses tenants of a dedicated cluster every change that takes the platform’s access away',
  family: 'Tenant-dedicated clusters',
  severity: 'critical',
  scope: ['dedicated'],
  mode: 'active',
  since: '0.3.0',
  rationale:
    'Tenants of a dedicated cluster often need rights on the whole cluster, such as to manage roles or webhooks of their own. ' +
    'Where such a right covers objects of the platform, only admission stands between the tenant and the loss of the platform’s access. ' +
    'That a policy exists proves nothing: it may leave out deletions, subresources or namespaces, only warn, or be lifted by the tenant itself.',
  audit:
    'Takes every right that FLUX-DED-01 leaves to admission and tries it in the name of the tenant, as a server-side dry-run that changes nothing: ' +
    'a deletion, an `ownerReferences` entry that would make the garbage collector delete the object, and the change that would take the access away. ' +
    'Bindings, roles, service accounts, namespaces with their subresources `status` and `finalize`, identities, admission webhooks, policies of engines and what these need to run, quotas, and Flux itself are tried. ' +
    'What is accepted fails. What is refused must be refused by something that also refuses in trouble, and that the tenant cannot lift. ' +
    'It needs active verification, which is off unless it is switched on for the cluster.',
  remediation:
    'Take away the right that a finding names. Where the tenant must keep it, refuse UPDATE and DELETE of labelled objects by a ValidatingAdmissionPolicy with failurePolicy Fail, ' +
    'for `namespaces/status` and `namespaces/finalize` as well, and leave rights on admission policies to the platform alone.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/',
    'https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/',
    'https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run',
    'https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/',
  ],
  requires: [...ANALYSIS_ARTIFACTS, 'apiServices'],
  optional: [...ANALYSIS_CONTEXT, ...TARGET_CONTEXT, 'probes'],
  examples: {
    passing: [
      {
        title: 'a policy refuses the deletion of the binding of the platform',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          activeVerification: { enabled: true }
          platformPrincipals: { groups: [platform-admins] }
          tenants:
            - { name: team-a, namespaces: { names: [team-a] }, principals: { groups: [team-a] } }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: platform-reader }
          rules: [{ apiGroups: [''], resources: [pods], verbs: [get, list] }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRoleBinding
          metadata: { name: platform-admins, uid: 6f1f2b9c-0001 }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: platform-reader }
          subjects: [{ kind: Group, apiGroup: rbac.authorization.k8s.io, name: platform-admins }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: binding-cleaner }
          rules: [{ apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [get, list, delete] }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRoleBinding
          metadata: { name: team-a-cleaner }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: binding-cleaner }
          subjects: [{ kind: Group, apiGroup: rbac.authorization.k8s.io, name: team-a }]
          ---
          apiVersion: admissionregistration.k8s.io/v1
          kind: ValidatingAdmissionPolicy
          metadata: { name: protect-platform-access }
          spec:
            failurePolicy: Fail
            matchConstraints:
              resourceRules:
                - { apiGroups: [rbac.authorization.k8s.io], apiVersions: ['*'], operations: [UPDATE, DELETE], resources: [clusterrolebindings] }
            validations:
              - { expression: "request.userInfo.groups.exists(g, g == 'platform-admins')" }
          ---
          apiVersion: admissionregistration.k8s.io/v1
          kind: ValidatingAdmissionPolicyBinding
          metadata: { name: protect-platform-access }
          spec: { policyName: protect-platform-access, validationActions: [Deny] }
          ---
          kind: ProbeResult
          probe:
            key: FLUX-DED-02 delete clusterrolebindings.rbac.authorization.k8s.io platform-admins as plimsoll:member, team-a
            control: FLUX-DED-02
            as: { user: 'plimsoll:member', groups: [team-a] }
            method: DELETE
            target: { group: rbac.authorization.k8s.io, version: v1, resource: clusterrolebindings, name: platform-admins }
            uid: 6f1f2b9c-0001
            what: deletes the ClusterRoleBinding platform-admins
          verdict:
            kind: denied
            by: { mechanism: validatingAdmissionPolicy, name: protect-platform-access, binding: protect-platform-access }
          status: 403`,
      },
    ],
    failing: [
      {
        title: 'the tenant may delete the binding of the platform, and nothing refuses it',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          activeVerification: { enabled: true }
          platformPrincipals: { groups: [platform-admins] }
          tenants:
            - { name: team-a, namespaces: { names: [team-a] }, principals: { groups: [team-a] } }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: platform-reader }
          rules: [{ apiGroups: [''], resources: [pods], verbs: [get, list] }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRoleBinding
          metadata: { name: platform-admins, uid: 6f1f2b9c-0001 }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: platform-reader }
          subjects: [{ kind: Group, apiGroup: rbac.authorization.k8s.io, name: platform-admins }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: binding-cleaner }
          rules: [{ apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [get, list, delete] }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRoleBinding
          metadata: { name: team-a-cleaner }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: binding-cleaner }
          subjects: [{ kind: Group, apiGroup: rbac.authorization.k8s.io, name: team-a }]
          ---
          kind: ProbeResult
          probe:
            key: FLUX-DED-02 delete clusterrolebindings.rbac.authorization.k8s.io platform-admins as plimsoll:member, team-a
            control: FLUX-DED-02
            as: { user: 'plimsoll:member', groups: [team-a] }
            method: DELETE
            target: { group: rbac.authorization.k8s.io, version: v1, resource: clusterrolebindings, name: platform-admins }
            uid: 6f1f2b9c-0001
            what: deletes the ClusterRoleBinding platform-admins
          verdict: { kind: accepted }
          status: 200
          auditId: 2f4e6b1a-0000-4000-8000-000000000001`,
      },
    ],
  },
  evaluate: (artifacts: JudgedArtifacts): readonly Observation[] => {
    const early = unlessDedicated(tenantModel(artifacts));
    if (early) return [early];
    const redirected = redirectedGroups(artifacts.apiServices);
    if (redirected.length > 0) return redirected.filter(({ outcome }) => outcome === 'notEvaluated');
    const plan = proofPlan(artifacts);
    const { analysis, tried } = plan;
    const around = [...gaps(artifacts, plan), ...nothingToProve(plan)];
    const { probes } = artifacts;
    if (probes.state === 'unavailable') {
      // Where nothing is left to admission there is nothing to try either.
      return tried.length === 0 ? around : [notEvaluatedBecause(CLUSTER_SUBJECT, probes), ...around];
    }
    const { results, left } = probes.value;
    const byKey = new Map(results.map((result) => [result.probe.key, result]));
    const { model, platform } = analysis;
    const judged = analysis.reach.flatMap(({ tenant }) => {
      const own = tried.filter(({ pair }) => pair.tenant === tenant);
      if (own.length === 0) return [];
      const stands = own.flatMap((each) => standsOf(each, byKey, artifacts));
      const undeclared = undeclaredPrincipals(tenant);
      return [
        ...judgeAttempts(tenant, stands, { model, platform, left }),
        ...judgeUnseenGuards(tenant, stands, plan.unseen, artifacts),
        ...(undeclared ? [undeclared] : []),
      ];
    });
    return [...judged, ...unplanned(results, plan), ...around];
  },
});
