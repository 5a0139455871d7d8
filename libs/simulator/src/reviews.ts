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
