import { type ResourceRequest, indexRbac } from '#libs/rbac';
import { tenantModel, unlessTenants } from '../../tenants/tenant-model.js';
import { questionOf } from '../access.js';
import type { QuestionPlanner } from '../plan-access-reviews.js';
import { tenantIdentities } from '../tenant-identities.js';

/**
 * Changing a Namespace, and with it the labels that Pod Security Admission and policies go by: each of these can.
 * https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export function labelWrites(namespace: string): readonly ResourceRequest[] {
  // As authorizers see it: a request for one Namespace carries that namespace, so that a RoleBinding in it counts.
  const object = { resource: 'namespaces', name: namespace, namespace };
  return [
    { verb: 'patch', ...object },
    { verb: 'update', ...object },
    { verb: 'patch', ...object, subresource: 'status' },
    { verb: 'update', ...object, subresource: 'status' },
    { verb: 'update', ...object, subresource: 'finalize' },
  ];
}

/** Exempting objects of a namespace from policies of Kyverno. */
export function exceptionWrites(namespace: string): readonly ResourceRequest[] {
  return ['kyverno.io', 'policies.kyverno.io'].map((group) => ({
    verb: 'create',
    group,
    resource: 'policyexceptions',
    namespace,
  }));
}

/** Room for the questions of other topics. */
const MAX_QUESTIONS = 40;

/** Whether the declared principals of tenants can take their own namespaces out of the reach of admission (NODE-02). */
export const namespaceLabelQuestions: QuestionPlanner = ({ registration, rbac, ...others }) => {
  if (registration.state === 'unavailable' || rbac.state === 'unavailable') return [];
  const { namespaces, kustomizations, helmReleases, deployments, pods, configMaps } = others;
  const context = { namespaces, kustomizations, helmReleases, deployments, pods, configMaps };
  const model = tenantModel({ registration: registration.value, ...context });
  if (unlessTenants(model)) return [];
  const index = indexRbac(rbac.value);
  const places = model.tenants.flatMap((tenant) =>
    tenantIdentities(tenant, index)
      .filter(({ declared }) => declared)
      .flatMap(({ identity }) => tenant.namespaces.map((namespace) => ({ identity, namespace }))),
  );
  const requests = (namespace: string): readonly ResourceRequest[] => [
    ...labelWrites(namespace),
    ...exceptionWrites(namespace),
  ];
  // One request for all before the next one, so that a limit leaves nobody out.
  return requests('')
    .flatMap((_, place) => places.map(({ identity, namespace }) => ({ identity, request: requests(namespace)[place] })))
    .flatMap(({ identity, request }) => (request ? [questionOf(identity, request)] : []))
    .slice(0, MAX_QUESTIONS);
};
