import { sample } from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type AttachedLab, attachLab } from '../../../test/lab/attach.js';
import type { AdminClient } from '../../../test/lab/admin-client.js';
import { eventually } from '../../../test/lab/poll.js';
import { rbacCase } from '../../../test/support/random-rbac.js';
import { isAllowed } from './decide.js';
import { type Identity, userIdentity } from './identity.js';
import { RBAC_GROUP, type RbacObject } from '#libs/core';
import { indexRbac } from './rbac-index.js';
import { type AccessRequest, asAuthorized, isPathRequest } from './request.js';

/** Fixed, so that a failure can be repeated. */
const SEED = 20_261_124;
const REVIEWS = process.env['CI'] === 'true' ? 20_000 : 2_000;
/** Cases share the cluster, so each has names of its own; the bindings of all count for every decision. */
const CASES = REVIEWS / 200;
const NAMESPACES = ['rbac-lab-a', 'rbac-lab-b'] as const;
const LABEL = 'plimsoll.dev/rbac-lab';
const AT_ONCE = 16;

const inNamespace = (kind: 'Role' | 'RoleBinding', fields: object): RbacObject =>
  ({
    apiVersion: `${RBAC_GROUP}/v1`,
    kind,
    metadata: { name: 'rbac-lab-last', namespace: NAMESPACES[0] },
    ...fields,
  }) as RbacObject;
const inCluster = (kind: 'ClusterRole' | 'ClusterRoleBinding', fields: object): RbacObject =>
  ({ apiVersion: `${RBAC_GROUP}/v1`, kind, metadata: { name: 'rbac-lab-last' }, ...fields }) as RbacObject;

/** Written last: once these count, so does every object before them. One role of each kind, each with a binding. */
const watcher = userIdentity('rbac-lab-watcher');
const subjects = [{ kind: 'User', name: watcher.user }];
const rules = (resource: string) => [{ verbs: ['get'], apiGroups: ['lab.example.com'], resources: [resource] }];
const LAST: readonly RbacObject[] = [
  inCluster('ClusterRole', { rules: rules('far') }),
  inNamespace('Role', { rules: [...rules('near'), { verbs: ['get'], apiGroups: [''], resources: ['namespaces'] }] }),
  inCluster('ClusterRoleBinding', { subjects, roleRef: { kind: 'ClusterRole', name: 'rbac-lab-last' } }),
  inNamespace('RoleBinding', { subjects, roleRef: { kind: 'Role', name: 'rbac-lab-last' } }),
];

async function review(admin: AdminClient, { user, groups }: Identity, asked: AccessRequest): Promise<boolean> {
  const request = asAuthorized(asked);
  const attributes = isPathRequest(request) ? { nonResourceAttributes: request } : { resourceAttributes: request };
  const { status, json, text } = await admin.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user, groups, ...attributes },
  });
  if (status !== 201) throw new Error(`The review was refused: HTTP ${status} ${text}`);
  return (json as { status: { allowed: boolean } }).status.allowed;
}

async function inBatches<T>(all: readonly T[], act: (each: T) => Promise<void>): Promise<void> {
  const queue = all.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const each of queue) await act(each);
    }),
  );
}

describe.skipIf(inject('lab') === null)('isAllowed and a real API server [needs lab]', () => {
  let lab: AttachedLab;
  let admin: AdminClient;
  const cases = Array.from({ length: CASES }, (_, number) =>
    sample(rbacCase({ prefix: `rbac-lab-${number}-`, namespaces: NAMESPACES, storable: true }), {
      seed: SEED + number,
      numRuns: 1,
    }),
  ).flat();
  const objects = [...cases.flatMap((each) => each.objects), ...LAST];
  const index = indexRbac(objects);

  beforeAll(async () => {
    lab = attachLab(inject('lab'));
    admin = lab['tenant-b'].admin;
    for (const name of NAMESPACES) await admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    const store = (object: RbacObject) =>
      admin.apply({ ...object, metadata: { ...object.metadata, labels: { [LABEL]: '' } } }).then(() => undefined);
    await inBatches(objects.slice(0, -LAST.length), store);
    for (const object of LAST) await store(object);
    await eventually('the API server knows all roles and bindings', async () => {
      const far = await review(admin, watcher, { verb: 'get', group: 'lab.example.com', resource: 'far' });
      const near = { verb: 'get', group: 'lab.example.com', resource: 'near', namespace: NAMESPACES[0] };
      return far && (await review(admin, watcher, near)) ? true : undefined;
    });
  });

  afterAll(async () => {
    const query = `?labelSelector=${encodeURIComponent(LABEL)}`;
    const root = `/apis/${RBAC_GROUP}/v1`;
    const kinds = ['clusterrolebindings', 'clusterroles'];
    for (const name of NAMESPACES)
      for (const kind of ['rolebindings', 'roles']) kinds.push(`namespaces/${name}/${kind}`);
    for (const kind of kinds) await admin.request('DELETE', `${root}/${kind}${query}`);
    for (const name of NAMESPACES) await admin.delete({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    await lab.close();
  });

  it(`agree on ${REVIEWS} reviews (seed ${SEED})`, { timeout: 170_000 }, async () => {
    const pairs = cases.flatMap(({ identities, requests }) =>
      identities.flatMap((identity) => requests.map((request) => ({ identity, request }))),
    );
    // Evenly over all cases and identities.
    const asked = Array.from({ length: REVIEWS }, (_, number) => pairs[Math.floor((number * pairs.length) / REVIEWS)]);
    const different: string[] = [];
    let allowed = 0;
    await inBatches(asked, async (pair) => {
      if (pair === undefined) return;
      const { identity, request } = pair;
      const theirs = await review(admin, identity, request);
      if (theirs) allowed += 1;
      if (theirs !== isAllowed(index, identity, request).allowed)
        different.push(JSON.stringify({ identity, request, theirs }));
    });
    expect(different.slice(0, 5)).toEqual([]);
    // Both answers must be well represented, or the comparison says little.
    expect(allowed).toBeGreaterThan(REVIEWS / 10);
    expect(REVIEWS - allowed).toBeGreaterThan(REVIEWS / 10);
  });

  it.each<[string, AccessRequest]>([
    [`/api/v1/namespaces/${NAMESPACES[0]}`, { verb: 'get', resource: 'namespaces', name: NAMESPACES[0] }],
    [
      `/api/v1/namespaces/${NAMESPACES[0]}/status`,
      { verb: 'get', resource: 'namespaces', subresource: 'status', name: NAMESPACES[0] },
    ],
    [`/api/v1/namespaces/${NAMESPACES[1]}`, { verb: 'get', resource: 'namespaces', name: NAMESPACES[1] }],
    ['/api/v1/namespaces', { verb: 'list', resource: 'namespaces' }],
    [
      `/api/v1/namespaces?fieldSelector=metadata.name%3D${NAMESPACES[0]}`,
      { verb: 'list', resource: 'namespaces', name: NAMESPACES[0] },
    ],
  ])('agree on GET %s', async (path, request) => {
    const { status } = await admin.request('GET', path, undefined, { 'impersonate-user': watcher.user });
    expect(status).toBe(isAllowed(index, watcher, request).allowed ? 200 : 403);
  });
});
