import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from './hostile-server.js';

/** What the scripted API server is asked for, such as `POST clusterrolebindings` or `GET version`. */
export type Asked = string;

export interface Answered {
  readonly status?: number;
  readonly body?: unknown;
}

export const UID = '5f3c2f0e-0d0c-4c7e-9a57-000000000001';
const RBAC = 'rbac.authorization.k8s.io/v1';

export const PLATFORM_ADMIN = {
  apiVersion: RBAC,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'platform-admin', uid: 'uid-platform', resourceVersion: '7', labels: { protected: 'yes' } },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'platform' }],
};

const list = (kind: string, items: readonly unknown[]) => ({
  apiVersion: RBAC,
  kind: `${kind}List`,
  metadata: { resourceVersion: '9' },
  items,
});
const failure = (status: number, reason: string, message: string): Answered => ({
  status,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, code: status },
});

export const exists = failure(409, 'AlreadyExists', 'clusterrolebindings "platform-admin" already exists');
export const policyDenies = failure(
  422,
  'Invalid',
  `clusterrolebindings "platform-admin" is forbidden: ValidatingAdmissionPolicy 'protect' with binding 'protect' denied request: protected`,
);
export const webhookDown = failure(
  500,
  'InternalError',
  'Internal error occurred: failed calling webhook "guard.example.com": failed to call webhook: no endpoints available',
);
export const mayNot = failure(
  403,
  'Forbidden',
  'clusterrolebindings is forbidden: User "break-glass" cannot create resource "clusterrolebindings" at the cluster scope',
);
export const unauthenticated = failure(401, 'Unauthorized', 'Unauthorized');

/** A cluster in which everything is as it should be. */
const SOUND: Readonly<Record<Asked, Answered>> = {
  'GET version': { body: { gitVersion: 'v1.36.3', major: '1', minor: '36' } },
  'GET kube-system': { body: { metadata: { name: 'kube-system', uid: UID } } },
  'POST selfsubjectreviews': {
    status: 201,
    body: { status: { userInfo: { username: 'break-glass', groups: ['rescue', 'system:authenticated'] } } },
  },
  'POST selfsubjectaccessreviews': {
    status: 201,
    body: { kind: 'SelfSubjectAccessReview', status: { allowed: true } },
  },
  'POST subjectaccessreviews': { status: 201, body: { kind: 'SubjectAccessReview', status: { allowed: true } } },
  'POST selfsubjectrulesreviews': { status: 201, body: { status: { resourceRules: [{}], incomplete: true } } },
  'GET roles': { body: list('Role', []) },
  'GET rolebindings': { body: list('RoleBinding', []) },
  'GET clusterroles': { body: list('ClusterRole', []) },
  'GET clusterrolebindings': { body: list('ClusterRoleBinding', [PLATFORM_ADMIN]) },
  'GET platform-admin': { body: PLATFORM_ADMIN },
  'POST clusterrolebindings': { status: 201, body: { metadata: { name: 'a', uid: 'uid-new' } } },
  'DELETE platform-admin': { status: 200, body: { kind: 'Status', status: 'Success' } },
};

/** Answers as the changes say, else as a sound cluster. A function decides by the body, and by how often it was asked. */
export function breakGlassServer(
  changes: Readonly<Record<Asked, Answered | 'drop' | ((body: string, nth: number) => Answered)>> = {},
) {
  const counts = new Map<string, number>();
  return (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname } = new URL(request.url ?? '/', 'https://x');
    const key = `${request.method} ${pathname.split('/').at(-1)}`;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const nth = (counts.get(key) ?? 0) + 1;
      counts.set(key, nth);
      const found = changes[key] ?? SOUND[key] ?? { status: 404, body: { kind: 'Status' } };
      if (found === 'drop') {
        request.socket.destroy();
        return;
      }
      const { status = 200, body } = typeof found === 'function' ? found(Buffer.concat(chunks).toString(), nth) : found;
      sendJson(response, body, status);
    });
  };
}
