import type { AccessQuestion } from '#libs/core';
import { kubernetesTime } from './simulated-object.js';
import { json, type Reply } from './reply.js';
import { badRequest } from './statuses.js';
import { isAllowed, type SimulatedUser } from './users.js';

interface ResourceAttributes {
  readonly verb?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** SelfSubjectAccessReview: may the caller do this? */
export function accessReview(user: SimulatedUser, body: string): Reply {
  const spec = (parse(body) as { spec?: { resourceAttributes?: ResourceAttributes; nonResourceAttributes?: unknown } })
    ?.spec;
  const attributes = spec?.resourceAttributes;
  if (attributes === undefined) return json(400, badRequest('spec.resourceAttributes: Required value'));
  const given = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''));
  const { verb = '', group = '', resource = '', subresource, namespace, name } = given as ResourceAttributes;
  const allowed = isAllowed(user, {
    verb,
    group,
    plural: resource,
    ...(subresource !== undefined && { subresource }),
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
  });
  return json(201, {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec: { resourceAttributes: given },
    status: allowed
      ? {
          allowed,
          reason: `RBAC: allowed by ClusterRoleBinding "auditor" of ClusterRole "auditor" to User "${user.name}"`,
        }
      : { allowed },
  });
}

/** Whether somebody has a right; undefined where nothing is known of it, which is a "no". */
export type AccessAnswers = (question: AccessQuestion) => boolean | undefined;

/** SubjectAccessReview: may somebody do this? */
export function subjectAccessReview(user: SimulatedUser, answers: AccessAnswers, body: string): Reply {
  const { spec } = (parse(body) ?? {}) as { spec?: SubjectReviewSpec };
  const attributes = spec?.resourceAttributes;
  if (spec?.user === undefined && !spec?.groups?.length)
    return json(422, { ...badRequest('spec.user: at least one of user or group must be specified'), code: 422 });
  if (attributes === undefined)
    return json(422, {
      ...badRequest('exactly one of nonResourceAttributes or resourceAttributes must be specified'),
      code: 422,
    });
  const given = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''));
  const { verb = '', group = '', resource = '', subresource, namespace, name } = given as ResourceAttributes;
  const where = {
    ...(subresource !== undefined && { subresource }),
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
  };
  const who = { user: spec.user ?? '', groups: spec.groups ?? [] };
  // The API server knows this group itself; no object gives it its rights.
  const known = who.groups.includes('system:masters') || answers({ ...who, verb, group, resource, ...where });
  const allowed = known ?? (who.user === user.name && isAllowed(user, { verb, group, plural: resource, ...where }));
  return json(201, {
    kind: 'SubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec: { resourceAttributes: given, user: who.user, groups: who.groups },
    status: allowed
      ? { allowed, reason: `RBAC: allowed by ClusterRoleBinding "some" of ClusterRole "some" to User "${who.user}"` }
      : { allowed },
  });
}

interface SubjectReviewSpec {
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly resourceAttributes?: ResourceAttributes;
}

/** SelfSubjectReview: who is the caller? */
export function subjectReview(user: SimulatedUser, now: number): Reply {
  return json(201, {
    kind: 'SelfSubjectReview',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { creationTimestamp: kubernetesTime(now) },
    status: { userInfo: { username: user.name, groups: [...user.groups, 'system:authenticated'] } },
  });
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
