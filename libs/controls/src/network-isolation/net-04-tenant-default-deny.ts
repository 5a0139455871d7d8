import {
  CLUSTER_SUBJECT,
  type KubernetesObject,
  type Namespace,
  type NetworkPolicy,
  type Observation,
  defineControl,
  fail,
  leastSure,
  nameList,
  notApplicable,
  notEvaluated,
  notEvaluatedBecause,
  objectReference,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { type DefaultDeny, type Direction, nativeDefaultDeny } from '#libs/netpol';
import { type Tenant, tenantModel, unlessTenants } from '../tenants/tenant-model.js';
import { type WideRule, defaultOf, wideRules } from './default-deny.js';
import { denyFix } from './policy-fixes.js';

const MAX_EVIDENCE = 5;

interface Judged {
  readonly namespace: Namespace;
  readonly tenant: Tenant;
  readonly policies: readonly NetworkPolicy[];
  /** All of the cluster. */
  readonly namespaces: readonly Namespace[];
  /** What policies of other kinds do. */
  native(direction: Direction): DefaultDeny;
}

function evidenceOf({ namespace, policies }: Judged) {
  return [
    {
      object: objectReference(namespace),
      pointer: '/metadata/name',
      observed: namespace.metadata.name,
      expected: 'a policy that selects all pods, for ingress and egress',
      note:
        policies.length === 0
          ? 'It has no NetworkPolicy.'
          : `It has ${nameList(
              policies.map(({ metadata }) => metadata.name),
              MAX_EVIDENCE,
            )}.`,
    },
  ] as const;
}

function judge(judged: Judged): readonly Observation[] {
  const { namespace, tenant, policies } = judged;
  const subject = subjectOf(namespace);
  const name = `Namespace ${namespace.metadata.name} of tenant ${excerpt(tenant.name)}`;
  const state = (direction: Direction): DefaultDeny | 'native' => {
    if (defaultOf(policies, direction, judged.namespaces).denies) return 'denies';
    const other = judged.native(direction);
    return other === 'denies' ? 'native' : other;
  };
  const [ingress, egress] = [state('Ingress'), state('Egress')];
  const closed = (each: typeof ingress): boolean => each === 'denies' || each === 'native';
  const known = ingress === 'native' || egress === 'native' ? 'derived' : tenant.declared ? 'proven' : 'heuristic';
  // Rules that only come to everybody make what is open a conclusion.
  const openDirection = !closed(ingress) ? 'Ingress' : !closed(egress) ? 'Egress' : undefined;
  const inferred = openDirection && defaultOf(policies, openDirection, judged.namespaces).byInference;
  const confidence = inferred ? leastSure(known, 'derived') : known;
  if (closed(ingress) && closed(egress)) {
    return [
      pass(subject, 'DEFAULT_DENY', `${name} is closed by default in both directions.`, { confidence }),
      ...letIn(judged, name),
      ...letOut(judged, name),
    ];
  }
  if (ingress === 'unclear' || (closed(ingress) && egress === 'unclear')) {
    const what = `${name} is not closed by a NetworkPolicy, and policies of other kinds that may close it say something that Plimsoll does not read.`;
    return [
      notEvaluated(subject, 'undecidable', 'NATIVE_POLICY_UNCLEAR', `${what} Test it from another namespace.`, {
        confidence: 'derived',
      }),
    ];
  }
  const fixes = [denyFix(namespace.metadata.name)];
  const evidence = evidenceOf(judged);
  if (closed(ingress)) {
    const message = `${name} is closed by default to connections from outside, but its pods may connect to everything. A pod that is taken over can then reach other tenants and the platform. Close egress by default too, apart from DNS and what is needed.`;
    return [
      warn(subject, 'EGRESS_OPEN', message, { confidence, evidence, fixes, severity: 'low' }),
      ...letIn(judged, name),
    ];
  }
  const message = `${name} is open to connections from every other namespace: no policy closes all of its pods by default. Other tenants can then reach what it runs. Add a policy that denies by default, and allow what its pods need.`;
  return tenant.isolation === 'high'
    ? [fail(subject, 'NO_DEFAULT_DENY', message, { confidence, evidence, fixes })]
    : [warn(subject, 'NO_DEFAULT_DENY', message, { confidence, evidence, fixes })];
}

/** Rules that let every namespace in although the namespace is closed by default. */
function letIn({ namespace, policies, namespaces }: Judged, name: string): readonly Observation[] {
  const found = policies.flatMap((policy) => wideRules(policy, 'Ingress', namespaces));
  const message = `${name} is closed by default, but these policies let every namespace in to some pods: ${policyNames(found)}. Other tenants can reach those pods. Name the namespaces that need them.`;
  return openRules(namespace, 'ingress', found, message, 'a rule that names who is let in');
}

/** Rules that let pods out to everywhere, on more than DNS, although the namespace is closed by default. */
function letOut({ namespace, policies, namespaces }: Judged, name: string): readonly Observation[] {
  const found = policies.flatMap((policy) => wideRules(policy, 'Egress', namespaces).filter(({ dnsOnly }) => !dnsOnly));
  const message = `${name} is closed by default, but these policies let some pods out to everywhere, on more than DNS: ${policyNames(found)}. Such pods can reach other tenants there. Name what they need to reach.`;
  return openRules(namespace, 'egress', found, message, 'a rule that names where pods may connect to');
}

function policyNames(rules: readonly WideRule[]): string {
  return nameList([...new Set(rules.map(({ policy }) => policy.metadata.name))]);
}

function openRules(
  namespace: Namespace,
  field: string,
  rules: readonly WideRule[],
  message: string,
  expected: string,
): readonly Observation[] {
  if (rules.length === 0) return [];
  const evidence = rules.slice(0, MAX_EVIDENCE).map(({ policy, pointer }) => ({
    object: objectReference(policy),
    pointer,
    observed: policy.metadata.name,
    expected,
  }));
  const confidence = rules.some(({ plain }) => plain) ? 'proven' : 'derived';
  return [warn(subjectOf(namespace, { field }), 'OPEN_RULES', message, { severity: 'low', confidence, evidence })];
}

export const tenantDefaultDeny = defineControl({
  id: 'FLUX-NET-04',
  title: 'Namespaces of tenants are closed by default',
  family: 'Network isolation',
  severity: 'medium',
  scope: ['shared', 'dedicated'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Without a network policy that selects them, pods take connections from every namespace and may connect to everything. ' +
    'Policies that deny by default keep tenants apart, and make each exception visible.',
  audit:
    'Every namespace of a tenant must have a NetworkPolicy that selects all of its pods, for ingress and for egress, without a rule that lets everybody through. ' +
    'Without one for ingress it fails, or is a warning where the registry gives the tenant low isolation; without one for egress it is a warning. ' +
    'Such a rule is one without peers, with all namespaces that there are, or with all addresses, whatever it excepts, on every port of a protocol. ' +
    'Rules that let every namespace in to some pods, or some pods out to everywhere on more than DNS, are listed. ' +
    'A baseline policy that denies, and policies of Cilium or Calico for all pods, count as well, with less confidence.',
  remediation:
    'Give each namespace of a tenant a NetworkPolicy with `podSelector: {}` and both policy types, and allow DNS and what its pods need. ' +
    'Let the platform apply it, so that tenants cannot take it away.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#network-isolation',
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies',
  ],
  requires: ['registration', 'namespaces', 'networkPolicies'],
  optional: ['kustomizations', 'helmReleases', 'deployments', 'pods', 'configMaps', 'nativePolicies'],
  examples: {
    passing: [
      {
        title: 'closed in both directions, apart from DNS',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }]
          ---
          apiVersion: v1
          kind: Namespace
          metadata: { name: team-a }
          ---
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: { name: default-deny, namespace: team-a }
          spec:
            podSelector: {}
            policyTypes: [Ingress, Egress]
            egress: [{ ports: [{ protocol: UDP, port: 53 }] }]`,
      },
    ],
    failing: [
      {
        title: 'a policy for one application only',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }]
          ---
          apiVersion: v1
          kind: Namespace
          metadata: { name: team-a }
          ---
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: { name: api, namespace: team-a }
          spec:
            podSelector: { matchLabels: { app: api } }
            policyTypes: [Ingress]`,
      },
    ],
  },
  evaluate: (artifacts) => {
    const model = tenantModel(artifacts);
    const unclear = unlessTenants(model);
    if (unclear) return [unclear];
    const { networkPolicies, nativePolicies, namespaces } = artifacts;
    const own = byNamespace(networkPolicies);
    const native = byNamespace(nativePolicies.state === 'collected' ? nativePolicies.value : []);
    const judged = namespaces.flatMap((namespace) => {
      const tenant = model.tenantOf(namespace.metadata.name);
      if (!tenant || model.isPlatform(namespace.metadata.name)) return [];
      const policies = own.get(namespace.metadata.name) ?? [];
      const home = { name: namespace.metadata.name, labels: namespace.metadata.labels ?? {} };
      const others = [...(native.get(namespace.metadata.name) ?? []), ...(native.get('') ?? [])];
      const nativeState = (direction: Direction): DefaultDeny => {
        const answers = others.map((policy) => nativeDefaultDeny(policy, home, direction));
        return answers.find((each) => each === 'denies') ?? answers.find((each) => each === 'unclear') ?? 'no';
      };
      const open = (['Ingress', 'Egress'] as const).some(
        (direction) => !defaultOf(policies, direction, namespaces).denies,
      );
      if (open && nativePolicies.state === 'unavailable')
        return [notEvaluatedBecause(subjectOf(namespace), nativePolicies)];
      return judge({ namespace, tenant, policies, namespaces, native: nativeState });
    });
    if (judged.length > 0) return judged;
    return [notApplicable(CLUSTER_SUBJECT, 'NO_NAMESPACE', 'No namespace of a tenant exists in this cluster.')];
  },
});

/** Those of the whole cluster under the empty name. */
function byNamespace<T extends KubernetesObject>(objects: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const object of objects) {
    const { namespace = '' } = object.metadata;
    const list = found.get(namespace);
    if (list) list.push(object);
    else found.set(namespace, [object]);
  }
  return found;
}
