import {
  type Namespace,
  type Observation,
  type Severity,
  fail,
  leastSure,
  notEvaluatedBecause,
  subjectOf,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import type { ResourceRequest } from '#libs/rbac';
import type { Access } from '../access/access.js';
import { exceptionWrites, labelWrites } from '../access/questions/namespace-labels.js';
import { unbindFix } from '../access/right-evidence.js';
import { tenantIdentities } from '../access/tenant-identities.js';
import { type TenantRight, describeTenantRights, tenantRightEvidence, tenantRights } from '../access/tenant-rights.js';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';
import type { PodAdmissionContext } from './pod-admission.js';

/** Somebody of the tenant can take the namespace out of what guards it. */
export function relaxable(
  reason: string,
  rights: readonly TenantRight[],
  {
    namespace,
    tenant,
    severity,
    model,
  }: { namespace: Namespace; tenant: Tenant; severity: Severity; model: TenantModel },
): Observation {
  const { name } = namespace.metadata;
  const what =
    reason === 'TENANT_CAN_RELAX_PSA'
      ? 'The label by which Pod Security Admission guards the namespace can be changed so'
      : 'The policies that guard the namespace can be left so';
  const sure = rights.some(({ confidence }) => confidence === 'proven') ? 'proven' : 'derived';
  return fail(
    subjectOf(namespace),
    reason,
    `${describeTenantRights(rights)}. ${what}, which leaves it to ${excerpt(tenant.name, 80)} itself whether privileged pods are refused in ${name}. ` +
      'Take these rights from the tenant: bind a role to it that knows neither Namespaces nor exceptions, such as admin instead of cluster-admin.',
    {
      severity,
      confidence: leastSure(model.confidence, sure),
      evidence: tenantRightEvidence(
        rights,
        tenant,
        model,
        `no right of ${tenant.name} to change the namespace or its guard`,
      ),
      fixes: unbindFix(rights.flatMap(({ right }) => (right ? [right] : []))),
    },
  );
}

export function rightsOf(tenant: Tenant, access: Access, requests: readonly ResourceRequest[]): readonly TenantRight[] {
  return requests.length === 0 ? [] : tenantRights(tenantIdentities(tenant, access.index), access, requests);
}

/** What read verdicts already weighed: whether somebody of the tenant can lift the guard that they found. */
const WEIGHED: ReadonlySet<string> = new Set(['PSA_ENFORCED', 'NOT_PROVEN']);

/**
 * The verdict where somebody of the tenant can lift what refused privileged pods, or where that is not known; undefined
 * where nobody can. Guards that reading did not find may look at whatever labels the namespace has.
 */
export function relaxation(
  namespace: Namespace,
  tenant: Tenant,
  read: Observation,
  { byPodSecurity, context }: { readonly byPodSecurity: boolean; readonly context: PodAdmissionContext },
): Observation | undefined {
  if (WEIGHED.has(read.reason)) return undefined;
  if (read.outcome === 'fail' && read.reason !== 'PRIVILEGED_PODS_ADMITTED') return read;
  const { access, severity, model } = context;
  const { name } = namespace.metadata;
  if ('state' in access) return notEvaluatedBecause(subjectOf(namespace), access);
  const labelling = rightsOf(tenant, access, labelWrites(name));
  const rights = byPodSecurity ? labelling : [...rightsOf(tenant, access, exceptionWrites(name)), ...labelling];
  if (rights.length === 0) return undefined;
  const reason = byPodSecurity ? 'TENANT_CAN_RELAX_PSA' : 'TENANT_CAN_EXEMPT';
  return relaxable(reason, rights, { namespace, tenant, severity, model });
}
