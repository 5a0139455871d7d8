import { type JsonObject, RBAC_GROUP } from '#libs/core';
import { ProbeRefused, type ProbeRequest } from './dry-run-guard.js';

/** The one thing that a live drill writes. */
export interface LiveRestore {
  /** Of the ClusterRoleBinding: `platform-admin-restore-` and ten random letters or digits. */
  readonly name: string;
  /** The break-glass principal, which has every right already: the binding gives nobody anything. */
  readonly user: string;
  /** Once it was created: what may be deleted. */
  readonly uid?: string;
}

const NAME = /^platform-admin-restore-[a-z0-9]{10}$/;
const PATH = `/apis/${RBAC_GROUP}/v1/clusterrolebindings`;
const ACCEPT = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

/** The binding that a live drill creates: the break-glass principal itself to `cluster-admin`. */
export function liveBinding({ name, user }: LiveRestore): JsonObject {
  return {
    apiVersion: `${RBAC_GROUP}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'plimsoll' } },
    roleRef: { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'User', apiGroup: RBAC_GROUP, name: user }],
  };
}

/** Options of a deletion that can only concern the object that was created. */
export function liveDeletion(uid: string): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } });
}

/**
 * The gate of the only writes that this software ever makes in a cluster it audits: to create the one binding of a live
 * drill that two other tokens approved, and to delete that very object. Every byte is compared with what it has to be.
 * Throws `ProbeRefused`.
 *
 * @param server the cluster's `ClusterAccess.server`
 */
export function assertLiveRestore(request: ProbeRequest, server: string, restore: LiveRestore): void {
  const { name, user, uid } = restore;
  if (!NAME.test(name)) throw new ProbeRefused('the binding has not the name of a drill');
  if (user === '') throw new ProbeRefused('nobody is named who would be bound');
  const { accept, 'content-type': type, ...rest } = request.headers;
  if (accept !== ACCEPT || type !== 'application/json' || Object.keys(rest).length > 0) {
    throw new ProbeRefused('the headers are not those of a drill');
  }
  const isCreation =
    uid === undefined &&
    request.method === 'POST' &&
    request.url === `${server}${PATH}` &&
    request.body === JSON.stringify(liveBinding(restore));
  const isDeletion =
    uid !== undefined &&
    uid !== '' &&
    request.method === 'DELETE' &&
    request.url === `${server}${PATH}/${name}` &&
    request.body === liveDeletion(uid);
  if (!isCreation && !isDeletion) throw new ProbeRefused('it is not the one binding of the drill');
}
