import { type Evidence, type JsonValue, type PolicyRule, type Registration, objectReference } from '#libs/core';
import { excerpt } from '#libs/flux';
import {
  type EscalationStep,
  type Grant,
  type Identity,
  MASTERS,
  type Reached,
  type RbacIndex,
  describeGrant,
} from '#libs/rbac';
import { describePrincipal } from '../tenants/tenant-model.js';

/** Longer ways are cut in texts; the evidence holds every step. */
const MAX_STEPS = 6;

function describeReached(reached: Reached): string {
  switch (reached.kind) {
    case 'identity':
      return excerpt(describePrincipal(reached.identity), 120);
    case 'role': {
      const { kind, metadata } = reached.role;
      const place = reached.namespace === null ? 'everywhere' : `in ${reached.namespace}`;
      return metadata.name.startsWith('(')
        ? `any role ${place}`
        : `the rights of ${kind} ${excerpt(metadata.name, 80)} ${place}`;
    }
    case 'admin':
      return 'administrator of the cluster';
    case 'node':
      return 'a node';
    case 'host':
      return 'root on a node';
    default:
      return 'somebody who sees the requests of others';
  }
}

/** The way as sentences, one for each step. */
export function describePath(steps: readonly EscalationStep[]): string {
  const shown = steps.slice(0, MAX_STEPS).map(({ from, to, title, namespace, grounds }) => {
    const by = grounds[0] === undefined ? '' : `, by ${excerpt(describeGrant(grounds[0]), 200)},`;
    const where = namespace === null ? '' : ` in ${namespace}`;
    const who = describeReached(from);
    return `${who.charAt(0).toUpperCase()}${who.slice(1)}${by} ${title}${where}, and so becomes ${describeReached(to)}.`;
  });
  const more = steps.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more steps follow.`] : [])].join(' ');
}

/** Binding, role and rule of a right, where each stands in the cluster. */
export function grantEvidence(
  grant: Pick<Grant, 'role' | 'rule' | 'ruleIndex'> & Partial<Pick<Grant, 'binding'>>,
  expected: string,
  note?: string,
): readonly Evidence[] {
  const { binding, role, rule, ruleIndex } = grant;
  return [
    ...(binding === undefined
      ? []
      : [
          {
            object: objectReference(binding),
            pointer: '/roleRef',
            observed: { kind: binding.roleRef.kind, name: excerpt(binding.roleRef.name) },
            expected: `no binding of tenants to ${role.kind} ${excerpt(role.metadata.name, 80)}`,
            ...(note !== undefined && { note }),
          },
        ]),
    {
      object: objectReference(role),
      pointer: `/rules/${ruleIndex}`,
      observed: shortRule(rule),
      expected,
      ...(note !== undefined && { note }),
    },
  ];
}

/** A rule as evidence keeps it: long lists of names are cut. */
function shortRule({ verbs, apiGroups, resources, resourceNames }: PolicyRule): JsonValue {
  const cut = (texts: readonly string[]) => texts.slice(0, 20).map((text) => excerpt(text, 80));
  return {
    verbs: cut(verbs),
    ...(apiGroups && { apiGroups: cut(apiGroups) }),
    ...(resources && { resources: cut(resources) }),
    ...(resourceNames && { resourceNames: cut(resourceNames) }),
  };
}

/** Every step's grounds, as far as they stand in objects of the cluster. */
export function pathEvidence(steps: readonly EscalationStep[], index: RbacIndex): readonly Evidence[] {
  const found = steps.flatMap(({ edge, title, grounds }) =>
    grounds
      .filter(({ role }) =>
        role.kind === 'ClusterRole'
          ? index.clusterRoles.get(role.metadata.name) === role
          : index.roles.get(`${role.metadata.namespace}/${role.metadata.name}`) === role,
      )
      .flatMap((ground) => grantEvidence(ground, 'no right that leads a tenant to more rights', `${edge}: ${title}`)),
  );
  // One rule can be the ground of several rights.
  return [...new Map(found.map((each) => [evidencePlace(each), each])).values()];
}

/** Equal for evidence of the same place. */
export function evidencePlace({ object, pointer }: Evidence): string {
  return JSON.stringify([object?.kind, object?.namespace, object?.name, pointer]);
}

/** Where the registry names a principal of a tenant; for those that hold rights without any binding. */
export function principalEvidence(registration: Registration, tenant: string, identity: Identity): Evidence {
  const place = registration.tenants?.findIndex(({ name }) => name === tenant) ?? -1;
  const groups = registration.tenants?.[place]?.principals?.groups ?? [];
  const users = registration.tenants?.[place]?.principals?.users ?? [];
  const group = groups.findIndex((each) => identity.groups.includes(each));
  const user = users.indexOf(identity.user);
  const [pointer, observed] =
    user >= 0
      ? [`/tenants/${place}/principals/users/${user}`, users[user]]
      : group >= 0
        ? [`/tenants/${place}/principals/groups/${group}`, groups[group]]
        : place >= 0
          ? [`/tenants/${place}/name`, tenant]
          : ['/name', registration.name];
  return {
    pointer,
    observed: excerpt(observed ?? ''),
    expected: `a principal that is not a member of ${MASTERS} and has no right to take the platform's access away`,
  };
}
