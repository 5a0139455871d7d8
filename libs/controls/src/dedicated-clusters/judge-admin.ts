import { type Evidence, type Fix, type Observation, fail, nameList, warn, leastSure } from '#libs/core';
import { excerpt } from '#libs/flux';
import { type EscalationStep, MASTERS, type RbacIndex, describeGrant } from '#libs/rbac';
import { shellText } from '../git-sources/shell-text.js';
import { type Tenant, type TenantModel, describePrincipal } from '../tenants/tenant-model.js';
import { describePath, pathEvidence, principalEvidence } from './escalation-text.js';
import { subjectText } from './protecting-policy.js';
import type { GroupReach, TenantReach } from './tenant-reach.js';

/** Ways that begin with one right are told once, with everybody who has it. */
interface Way {
  readonly field: string;
  readonly steps: readonly EscalationStep[];
  readonly reaches: GroupReach[];
}

/** Findings of one tenant; the shortest ways first. */
const MAX_WAYS = 10;

function waysOf(
  groups: readonly GroupReach[],
  stepsOf: (reach: GroupReach) => readonly EscalationStep[] | undefined,
): readonly Way[] {
  const ways = new Map<string, Way>();
  for (const reach of groups) {
    const steps = stepsOf(reach);
    if (steps === undefined) continue;
    const ground = steps[0]?.grounds[0];
    const role = ground && `${ground.role.kind}/${ground.role.metadata.namespace ?? ''}/${ground.role.metadata.name}`;
    const field = [steps[0]?.edge ?? 'E0', role?.replace('//', '/') ?? MASTERS].join(' ');
    const way = ways.get(field);
    if (way === undefined) ways.set(field, { field, steps, reaches: [reach] });
    else way.reaches.push(reach);
  }
  return [...ways.values()].toSorted((a, b) => a.steps.length - b.steps.length).slice(0, MAX_WAYS);
}

function peopleOf({ reaches }: Way): string {
  const all = reaches.flatMap(({ group }) => group.identities);
  return nameList(all.map((identity) => excerpt(describePrincipal(identity), 100)));
}

/** The ways by which a tenant becomes administrator, as its rights stand. */
export function judgeAdmin(
  { tenant, groups }: TenantReach,
  model: TenantModel,
  index: RbacIndex,
): readonly Observation[] {
  return waysOf(groups, ({ admin }) => admin).map((way) => {
    const first = way.reaches[0]?.group.representative;
    const direct = way.steps.length <= 1 && (way.steps[0]?.edge ?? 'E0') === 'E0';
    const grounds = pathEvidence(way.steps, index);
    const evidence: readonly Evidence[] =
      grounds.length > 0 || first === undefined ? grounds : [principalEvidence(model.registration, tenant.name, first)];
    const [head, ...others] = evidence;
    return fail(
      { kind: 'Tenant', name: tenant.name, field: way.field },
      'TENANT_CAN_BECOME_ADMIN',
      direct ? directText(tenant, way) : indirectText(tenant, way),
      {
        confidence: leastSure('derived', tenant.declared ? 'proven' : 'heuristic'),
        evidence: [
          head ?? { pointer: '/name', observed: model.registration.name, expected: 'no tenant administrator' },
          ...others,
        ],
        fixes: direct ? [namespacedAdmin(tenant, way)] : [removal(way)],
      },
    );
  });
}

function directText({ name }: Tenant, way: Way): string {
  const ground = way.steps[0]?.grounds[0];
  const by = ground ? `by ${excerpt(describeGrant(ground), 200)}` : `as a member of ${MASTERS}`;
  return (
    `Tenant ${name} is administrator of the cluster: it holds every right on everything (${peopleOf(way)}), ${by}. ` +
    'On a cluster that is dedicated to a tenant, the platform must keep its own access, and from an administrator nothing on the cluster can protect it. ' +
    'Bind the tenant to the ClusterRole admin in its own namespaces, and to a ClusterRole with the few rights that it needs beyond.'
  );
}

function indirectText({ name }: Tenant, way: Way): string {
  return (
    `Tenant ${name} can become administrator of the cluster (${peopleOf(way)}). ${describePath(way.steps)} ` +
    'An administrator can take away what the platform’s access rests on. ' +
    `Take this right away, or limit it to the tenant’s own namespaces: ${groundText(way)}.`
  );
}

function groundText({ steps }: Way): string {
  const ground = steps[0]?.grounds[0];
  return ground ? excerpt(describeGrant(ground), 240) : `the membership in ${MASTERS}`;
}

function removal(way: Way): Fix {
  const ground = way.steps[0]?.grounds[0];
  const { kind, metadata } = ground?.role ?? { kind: 'ClusterRole', metadata: { name: '' } };
  const where = metadata.namespace === undefined ? '' : ` --namespace ${shellText(metadata.namespace)}`;
  return {
    form: 'steps',
    title: 'Take the right away',
    content: [
      `# The right stands in rule ${(ground?.ruleIndex ?? 0) + 1} of this role:`,
      `kubectl get ${kind.toLowerCase()} ${shellText(metadata.name)}${where} --output yaml`,
      ...(ground?.binding
        ? [`# and reaches the tenant by ${ground.binding.kind} ${JSON.stringify(ground.binding.metadata.name)}.`]
        : []),
      '# Remove the rule, or bind the role in the tenant’s own namespaces only. Change both in Git, where they come from.',
    ].join('\n'),
  };
}

const SHOWN_NAMESPACES = 10;

function namespacedAdmin({ name, namespaces }: Tenant, way: Way): Fix {
  const subjects = way.reaches
    .flatMap(({ group }) => group.identities)
    .slice(0, SHOWN_NAMESPACES)
    .map((identity) => `  - ${subjectText(identity)}`);
  const homes = namespaces.length > 0 ? namespaces.slice(0, SHOWN_NAMESPACES) : ['NAMESPACE_OF_THE_TENANT'];
  const binding = way.steps[0]?.grounds[0]?.binding;
  const bindings = homes.map(
    (namespace) => `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: ${name}-admin, namespace: ${namespace}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}
subjects:
${subjects.join('\n')}
`,
  );
  const more = namespaces.length - SHOWN_NAMESPACES;
  return {
    form: 'manifest',
    title: 'Namespaced admin, and a curated ClusterRole, instead of every right',
    content: `${binding ? `# Instead of ${binding.kind} ${JSON.stringify(binding.metadata.name)}.\n` : ''}${bindings.join('---\n')}${more > 0 ? `# and ${more} more namespaces\n` : ''}---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ${name}-cluster-reader}
rules:
  - {apiGroups: [''], resources: [nodes, namespaces, persistentvolumes], verbs: [get, list, watch]}
  - {apiGroups: [storage.k8s.io], resources: [storageclasses], verbs: [get, list, watch]}
  - {apiGroups: [apiextensions.k8s.io], resources: [customresourcedefinitions], verbs: [get, list, watch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ${name}-cluster-reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${name}-cluster-reader}
subjects:
${subjects.join('\n')}
`,
  };
}

/** The API server lets them do everything, and no RBAC object says so. */
export function judgeAdminElsewhere({ tenant, groups }: TenantReach, model: TenantModel): readonly Observation[] {
  return groups.flatMap(({ group, adminElsewhere }) => {
    if (adminElsewhere === undefined) return [];
    const who = nameList(group.identities.map((identity) => excerpt(describePrincipal(identity), 100)));
    return fail(
      { kind: 'Tenant', name: tenant.name, field: describePrincipal(group.representative) },
      'NON_RBAC_AUTHORIZER',
      `The API server lets tenant ${tenant.name} do everything (${who}), although no RBAC object grants it: another authorizer, such as access entries or roles of the cloud, decides too. ` +
        'An administrator can take the platform’s access away, and nothing on the cluster can protect it. ' +
        'Take that right away where it is given, and bind the tenant to the ClusterRole admin in its own namespaces instead.',
      {
        evidence: [
          {
            ...principalEvidence(model.registration, tenant.name, group.representative),
            note: excerpt(adminElsewhere.reason ?? 'allowed by the API server'),
          },
        ],
      },
    );
  });
}

/** Ways that only something which cannot be read here may close, such as a policy for pods. */
export function judgePossibleAdmin({ tenant, groups }: TenantReach, index: RbacIndex): readonly Observation[] {
  return waysOf(groups, ({ possibleAdmin }) => possibleAdmin).map((way) =>
    warn(
      { kind: 'Tenant', name: tenant.name, field: way.field },
      'ADMIN_NOT_RULED_OUT',
      `It is not ruled out that tenant ${tenant.name} can become administrator of the cluster (${peopleOf(way)}). ${describePath(way.steps)} ` +
        'Nothing that can be read here refuses the step from its rights to those of the platform. ' +
        'Set the label pod-security.kubernetes.io/enforce to baseline or restricted on the namespaces of the tenant, and take the right away if that is not what it rests on.',
      {
        confidence: leastSure('derived', tenant.declared ? 'proven' : 'heuristic'),
        evidence: pathEvidence(way.steps, index),
        ...(tenant.namespaces.length > 0 && { fixes: [podSecurity(tenant)] }),
      },
    ),
  );
}

function podSecurity({ namespaces }: Tenant): Fix {
  const shown = namespaces.slice(0, SHOWN_NAMESPACES);
  const more = namespaces.length - shown.length;
  return {
    form: 'steps',
    title: 'Let Pod Security refuse privileged pods',
    content: [
      ...shown.map((name) => `kubectl label namespace ${name} pod-security.kubernetes.io/enforce=baseline`),
      ...(more > 0 ? [`# and ${more} more namespaces`] : []),
    ].join('\n'),
  };
}
