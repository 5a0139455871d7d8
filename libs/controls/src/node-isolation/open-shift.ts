import {
  type ApiDiscovery,
  type Namespace,
  type Observation,
  fail,
  leastSure,
  notEvaluatedBecause,
  objectReference,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { unbindFix } from '../access/right-evidence.js';
import { tenantIdentities } from '../access/tenant-identities.js';
import { describeTenantRights, tenantRightEvidence, tenantRights } from '../access/tenant-rights.js';
import type { Tenant } from '../tenants/tenant-model.js';
import type { PodAdmissionContext } from './pod-admission.js';

const GROUP = 'security.openshift.io';
/** Constraints that let a pod out of its bounds; each is granted by the verb `use`. */
const WIDE = ['privileged', 'anyuid', 'hostaccess'];

/** OpenShift decides about pods by SecurityContextConstraints, beside Pod Security Admission. */
export function hasConstraints({ resources }: ApiDiscovery): boolean {
  return resources.some(
    (resource) => resource.startsWith(`${GROUP}/`) && resource.endsWith('/securitycontextconstraints'),
  );
}

/**
 * Whether somebody of a tenant may use a wide constraint.
 * https://docs.redhat.com/en/documentation/openshift_container_platform/latest/html/authentication_and_authorization/managing-pod-security-policies
 */
export function judgeConstraints(
  namespace: Namespace,
  tenant: Tenant,
  { access, model, severity }: PodAdmissionContext,
): Observation {
  const subject = subjectOf(namespace);
  const { name } = namespace.metadata;
  if ('state' in access) return notEvaluatedBecause(subject, access);
  const rights = tenantRights(
    tenantIdentities(tenant, access.index),
    access,
    WIDE.map((constraint) => ({
      verb: 'use',
      group: GROUP,
      resource: 'securitycontextconstraints',
      name: constraint,
      namespace: name,
    })),
  );
  if (rights.length > 0) {
    return fail(
      subject,
      'SCC_TOO_WIDE',
      `${describeTenantRights(rights)}. Pods of ${excerpt(tenant.name, 80)} may so be privileged, or run as any user, whatever the default constraint says. ` +
        'Bind the restricted constraints only, or make a narrow one for what the workload needs.',
      {
        severity,
        confidence: leastSure(model.confidence, 'derived'),
        evidence: tenantRightEvidence(rights, tenant, model, `no use of the constraints ${WIDE.join(', ')}`),
        fixes: unbindFix(rights.flatMap(({ right }) => (right ? [right] : []))),
      },
    );
  }
  return warn(
    subject,
    'NOT_PROVEN',
    `SecurityContextConstraints of OpenShift govern pods in ${name} of ${excerpt(tenant.name, 80)}, and nobody of the tenant may use a wide one, as far as RBAC tells. ` +
      'That was not tried. Label the namespace pod-security.kubernetes.io/enforce=restricted as well.',
    {
      severity: 'low',
      confidence: 'heuristic',
      evidence: [
        {
          object: objectReference(namespace),
          pointer: '/metadata/name',
          observed: name,
          expected: 'pods under a restricted constraint',
        },
      ],
    },
  );
}
