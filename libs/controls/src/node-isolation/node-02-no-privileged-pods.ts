import {
  type Artifacts,
  type Collected,
  type Namespace,
  CLUSTER_SUBJECT,
  defineControl,
  derived,
  notApplicable,
  notEvaluatedBecause,
} from '#libs/core';
import { accessOf } from '../access/access.js';
import { ADMISSION_ARTIFACTS, admissionView } from '../admission/admission-view.js';
import { probeAnswers } from '../probes/probe-answers.js';
import { TENANT_CONTEXT, type Tenant, type TenantModel, tenantModel, unlessTenants } from '../tenants/tenant-model.js';
import { type Trials, judgeTrials } from './judge-trials.js';
import { hasConstraints, judgeConstraints } from './open-shift.js';
import { type PodAdmissionContext, type Unread, judgeNamespace } from './pod-admission.js';
import { sandboxesOf, sharingWithFlux } from './shared-nodes.js';
import { nodeUses, shown } from './tenant-pods.js';
import { MAX_RUNTIME_CLASSES, podVariants } from './trial-pods.js';

export const noPrivilegedPods = defineControl({
  id: 'FLUX-NODE-02',
  title: 'Admission refuses privileged pods of tenants',
  family: 'Node isolation',
  severity: 'critical',
  scope: ['shared', 'management', 'dedicated'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'A privileged container is not kept apart from its node, so that it reaches whatever runs there: pods of other tenants, and Flux controllers where they share the node. ' +
    'Flux recommends to let admission refuse such containers in the namespaces of tenants.',
  audit:
    'For every namespace of a tenant: Pod Security Admission at the level baseline or restricted passes, for it is built into the API server; its exemptions are not visible, so the verdict is heuristic. ' +
    'Without it, policies must refuse privileged containers, the namespaces and the network of the node, its paths and the capability SYS_ADMIN: ValidatingAdmissionPolicies with Deny, rules of Kyverno with Enforce, constraints of Gatekeeper with deny, in that namespace, failing closed. Policies alone are a warning (NOT_PROVEN), since nothing was tried. ' +
    'What only reports, leaves the namespace out or fails open does not count, and where a policy is not understood the namespace is not evaluated. ' +
    'It fails where somebody of the tenant can change the Namespace and with it the label (TENANT_CAN_RELAX_PSA), or create exceptions from the policies (TENANT_CAN_EXEMPT): by the answers of the API server, or by RBAC. ' +
    'On OpenShift nobody of a tenant may use the constraints privileged, anyuid or hostaccess. ' +
    'With active verification, pods of these kinds are tried as server-side dry-runs in the name of somebody of the tenant, also with each runtime class: one that is let in, or kept out by a quota alone, fails; ' +
    'all refused by admission passes as proven (PODS_REFUSED), provided that a harmless pod is let in.',
  remediation:
    'Label the namespaces of tenants `pod-security.kubernetes.io/enforce=restricted`, after a dry run has shown what would be refused. ' +
    'Bind no role to tenants that may change Namespaces: `cluster-admin` in a RoleBinding may, `admin` may not. Keep the creation of PolicyExceptions to the platform.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/',
    'https://kubernetes.io/docs/concepts/security/pod-security-admission/',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/',
  ],
  requires: ['registration', 'namespaces'],
  optional: [
    ...ADMISSION_ARTIFACTS,
    'rbac',
    'accessReviews',
    'podGroups',
    'nodes',
    'runtimeClasses',
    'discovery',
    'probes',
    ...TENANT_CONTEXT.filter((name) => name !== 'namespaces'),
  ],
  examples: {
    passing: [
      {
        title: 'Pod Security Admission guards the namespaces of both tenants',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: v1
          kind: Namespace
          metadata: { name: team-a, labels: { pod-security.kubernetes.io/enforce: restricted } }
          ---
          apiVersion: v1
          kind: Namespace
          metadata: { name: team-b, labels: { pod-security.kubernetes.io/enforce: baseline } }`,
      },
    ],
    failing: [
      {
        title: 'a policy of Kyverno that only audits',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: v1
          kind: Namespace
          metadata: { name: team-a, labels: { pod-security.kubernetes.io/enforce: privileged } }
          ---
          apiVersion: kyverno.io/v1
          kind: ClusterPolicy
          metadata: { name: pod-security }
          spec:
            validationFailureAction: Audit
            rules:
              - name: baseline
                match: { any: [{ resources: { kinds: [Pod] } }] }
                validate: { podSecurity: { level: baseline, version: latest } }`,
      },
      {
        title: 'the tenant may change its own Namespace',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] }, principals: { groups: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: v1
          kind: Namespace
          metadata: { name: team-a, labels: { pod-security.kubernetes.io/enforce: restricted } }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: Role
          metadata: { name: owner, namespace: team-a }
          rules: [{ apiGroups: [''], resources: [namespaces], verbs: [patch] }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: RoleBinding
          metadata: { name: owner, namespace: team-a }
          subjects: [{ kind: Group, name: team-a, apiGroup: rbac.authorization.k8s.io }]
          roleRef: { kind: Role, name: owner, apiGroup: rbac.authorization.k8s.io }`,
      },
    ],
  },
  evaluate: (artifacts) => {
    const { namespaces, rbac, accessReviews, discovery } = artifacts;
    const model = tenantModel(artifacts);
    const early = unlessTenants(model);
    if (early) return [early];
    const places = namespaces.flatMap((namespace) => {
      const tenant = model.tenantOf(namespace.metadata.name);
      return tenant ? [{ namespace, tenant }] : [];
    });
    if (places.length === 0) {
      return [
        notApplicable(CLUSTER_SUBJECT, 'NO_TENANT_NAMESPACES', 'No namespace of a tenant exists on this cluster.'),
      ];
    }
    const beside = tenantsBesideFlux(artifacts, model);
    const context = {
      model,
      view: admissionView({ ...artifacts, namespaces: asCollected(namespaces) }),
      access: rbac.state === 'collected' ? accessOf(rbac.value, accessReviews) : rbac,
      unread: firstUnread(artifacts),
      refused: refusedIn(artifacts.podGroups),
    };
    const trials = trialsIn(artifacts);
    return places.map(({ namespace, tenant }) => {
      const severity = beside.has(tenant) ? ('critical' as const) : ('high' as const);
      const read = judge(namespace, tenant, { ...context, severity }, discovery);
      return judgeTrials(read, namespace, tenant, { trials, context: { ...context, severity } });
    });
  },
});

function judge(
  namespace: Namespace,
  tenant: Tenant,
  context: PodAdmissionContext,
  discovery: Collected<Artifacts['discovery']>,
) {
  const answer = judgeNamespace(namespace, tenant, context);
  if (answer.reason !== 'PRIVILEGED_PODS_ADMITTED') return answer;
  if (discovery.state === 'unavailable') return notEvaluatedBecause(answer.subject, discovery);
  return hasConstraints(discovery.value) ? judgeConstraints(namespace, tenant, context) : answer;
}

function trialsIn({
  probes,
  runtimeClasses,
}: {
  readonly [N in 'probes' | 'runtimeClasses']: Collected<Artifacts[N]>;
}): Trials {
  const classes = runtimeClasses.state === 'collected' ? runtimeClasses.value : [];
  return {
    answers: probeAnswers(probes),
    variants: podVariants(classes),
    complete: runtimeClasses.state === 'collected' && classes.length <= MAX_RUNTIME_CLASSES,
  };
}

const asCollected = derived((namespaces: Artifacts['namespaces']): Collected<Artifacts['namespaces']> => ({
  state: 'collected',
  value: namespaces,
}));

type Optional = { readonly [N in 'podGroups' | 'nodes' | 'runtimeClasses']: Collected<Artifacts[N]> } & {
  readonly registration: Artifacts['registration'];
};

/** Whose pods run on a node of Flux now; nobody's, where that could not be read. */
function tenantsBesideFlux(
  { podGroups, nodes, runtimeClasses, registration }: Optional,
  model: TenantModel,
): ReadonlySet<Tenant> {
  if (podGroups.state === 'unavailable' || nodes.state === 'unavailable') return new Set();
  const uses = nodeUses(nodes.value, podGroups.value, model);
  return new Set(sharingWithFlux(uses, sandboxesOf(runtimeClasses, registration)).map(({ tenant }) => tenant));
}

function firstUnread(artifacts: { readonly [N in (typeof ADMISSION_ARTIFACTS)[number]]: Collected<unknown> }):
  | Unread
  | undefined {
  for (const name of ADMISSION_ARTIFACTS) {
    const artifact = artifacts[name];
    if (artifact.state === 'unavailable') return artifact;
  }
  return undefined;
}

/** What runs in a namespace and asks for what even the level baseline refuses. */
function refusedIn(podGroups: Collected<Artifacts['podGroups']>): (namespace: string) => string | undefined {
  if (podGroups.state === 'unavailable') return () => undefined;
  const names = new Map<string, string[]>();
  for (const { namespace, owner, risks } of podGroups.value) {
    if (risks.length === 0) continue;
    const list = names.get(namespace) ?? [];
    names.set(namespace, list);
    list.push(`${owner.kind} ${owner.name} (${risks.join(', ')})`);
  }
  return (namespace) => {
    const list = names.get(namespace);
    return list && shown(list);
  };
}
