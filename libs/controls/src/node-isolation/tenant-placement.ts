import {
  type Evidence,
  type Node,
  type Observation,
  type PodGroup,
  CLUSTER_SUBJECT,
  fail,
  leastSure,
  notEvaluatedBecause,
  objectReference,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import type { ResourceRequest } from '#libs/rbac';
import type { Access } from '../access/access.js';
import { unbindFix } from '../access/right-evidence.js';
import { tenantIdentities } from '../access/tenant-identities.js';
import { describeTenantRights, tenantRightEvidence, tenantRights } from '../access/tenant-rights.js';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';
import type { Unread } from './pod-admission.js';
import { lastingTaints, tolerates, toleratesAll } from './scheduling.js';
import { shown } from './tenant-pods.js';

export interface TenantPlacementContext {
  readonly model: TenantModel;
  readonly podGroups: readonly PodGroup[];
  readonly fluxNodes: readonly Node[];
  readonly access: Access | Unread;
}

/** Labels and taints of a Node are in itself and in its status. */
const NODE_WRITES: readonly ResourceRequest[] = [
  { verb: 'patch', resource: 'nodes' },
  { verb: 'update', resource: 'nodes' },
  { verb: 'patch', resource: 'nodes', subresource: 'status' },
  { verb: 'update', resource: 'nodes', subresource: 'status' },
];

/** What tenants could do, or do already, to get onto the nodes of Flux. */
export function judgeTenantPlacement(context: TenantPlacementContext): readonly Observation[] {
  const { model, access } = context;
  const rights =
    'state' in access
      ? [notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: 'nodes' }, access)]
      : model.tenants.flatMap((tenant) => changesNodes(tenant, access, model));
  return [...rights, ...tolerations(context)];
}

function changesNodes(tenant: Tenant, access: Access, model: TenantModel): readonly Observation[] {
  const rights = tenantRights(tenantIdentities(tenant, access.index), access, NODE_WRITES);
  if (rights.length === 0) return [];
  const sure = rights.some(({ confidence }) => confidence === 'proven') ? 'proven' : 'derived';
  return [
    fail(
      { kind: 'Tenant', name: tenant.name, field: 'nodes' },
      'TENANT_CAN_CHANGE_NODES',
      `${describeTenantRights(rights)}. Labels and taints of nodes decide which pods run beside Flux, so this leaves it to ${excerpt(tenant.name, 80)}. Take these rights from the tenant.`,
      {
        severity: 'medium',
        confidence: leastSure(model.confidence, sure),
        evidence: tenantRightEvidence(rights, tenant, model, `no right of ${tenant.name} to change nodes`),
        fixes: unbindFix(rights.flatMap(({ right }) => (right ? [right] : []))),
      },
    ),
  ];
}

/** Pods of tenants that tolerate everything, or the taint of every node of Flux. */
function tolerations({ model, podGroups, fluxNodes }: TenantPlacementContext): readonly Observation[] {
  const guarded = fluxNodes.filter((node) => lastingTaints(node).length > 0);
  if (guarded.length === 0) return [];
  const found = new Map<Tenant, PodGroup[]>();
  for (const group of podGroups) {
    const tenant = model.tenantOf(group.namespace);
    if (!tenant || group.mirror || !group.tolerations) continue;
    const all = group.tolerations.some(toleratesAll);
    const some = guarded.some((node) => lastingTaints(node).every((taint) => tolerates(group.tolerations, taint)));
    if (!all && !some) continue;
    const groups = found.get(tenant) ?? [];
    found.set(tenant, groups);
    groups.push(group);
  }
  return [...found].map(([tenant, groups]) =>
    warn(
      { kind: 'Tenant', name: tenant.name, field: 'tolerations' },
      'TOLERATES_FLUX_TAINT',
      `Pods of ${excerpt(tenant.name, 80)} tolerate the taints of nodes of Flux: ${shown(groups.map(({ namespace, owner }) => `${owner.kind} ${namespace}/${owner.name}`))}. ` +
        'The taint does not keep them away. Remove the toleration, above all one with operator Exists and no key, and let an admission policy refuse it.',
      { severity: 'low', confidence: model.confidence, evidence: guarded.slice(0, 1).map(evidenceOf) },
    ),
  );
}

function evidenceOf(node: Node): Evidence {
  return {
    object: objectReference(node),
    pointer: '/spec/taints',
    observed: (node.spec.taints ?? []).map(({ key, effect }) => excerpt(`${key}:${effect}`)),
    expected: 'a taint that pods of tenants do not tolerate',
  };
}
