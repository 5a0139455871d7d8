import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { AdminClient, Manifest } from '../../../../test/lab/admin-client.js';
import { type AttachedLab, attachLab } from '../../../../test/lab/attach.js';
import { eventually } from '../../../../test/lab/poll.js';
import { judge, verdicts } from '../../../../test/support/expect-control.js';
import { controller, fluxObject } from '../../../../test/support/flux-installation.js';
import {
  account,
  bindEverywhere,
  bindIn,
  clusterRole,
  group,
  rule,
  serviceAccount,
} from '../../../../test/support/rbac-objects.js';
import { snapshotOf } from '../../../../test/support/snapshot-of.js';
import { type AccessQuestion, type AccessReview, RBAC_GROUP, type RbacObject } from '#libs/core';
import { accountIdentity } from '#libs/rbac';
import { tenantAccountQuestions } from '../access/questions/tenant-questions.js';
import { effectiveIdentity } from './mt-03-effective-identity.js';
import { defaultAccountRights } from './mt-04-default-account-rights.js';

const A = 'ident-lab-a';
const B = 'ident-lab-b';
const FLUX = 'ident-lab-flux';
const userOf = (name: string): string => accountIdentity({ namespace: A, name }).user;
const registration = {
  role: 'tenant',
  tenancy: 'shared',
  fluxNamespaces: [FLUX],
  tenants: [
    { name: 'a', namespaces: { names: [A] } },
    { name: 'b', namespaces: { names: [B] } },
  ],
} as const;

const named = (name: string, object: RbacObject): RbacObject =>
  ({ ...object, metadata: { ...object.metadata, name: `ident-lab-${name}` } }) as RbacObject;
const SECRETS = 'ident-lab-secrets';
const PODS = 'ident-lab-pods';
const BINDER = 'ident-lab-binder';
const READER = 'ident-lab-reader';
const ROLES = [
  clusterRole(SECRETS, [rule('get', 'secrets')]),
  clusterRole(PODS, [rule('create', 'pods')]),
  clusterRole(BINDER, [rule('create', 'clusterrolebindings', RBAC_GROUP)]),
  clusterRole(READER, [rule('get list watch', 'pods configmaps')]),
];

/** What each account of tenant a is bound to, and what FLUX-MT-03 says of an object that acts as it. */
const ACCOUNTS: readonly (readonly [name: string, verdict: string, ...bindings: readonly RbacObject[]])[] = [
  // As `flux create tenant` and many platforms set tenants up.
  ['tenant', 'warn NAMESPACE_ADMIN', bindIn(A, 'cluster-admin', account(`${A}/tenant`))],
  ['admin', 'fail SA_OVERPRIVILEGED', bindEverywhere('cluster-admin', account(`${A}/admin`))],
  ['binder', 'fail SA_OVERPRIVILEGED', bindEverywhere(BINDER, account(`${A}/binder`))],
  ['neighbour', 'fail SA_OVERPRIVILEGED', bindIn(B, SECRETS, account(`${A}/neighbour`))],
  ['beside', 'fail SA_OVERPRIVILEGED', bindIn(FLUX, PODS, { kind: 'User', name: `system:serviceaccount:${A}:beside` })],
  ['reader', 'pass LEAST_PRIVILEGE', bindEverywhere(READER, account(`${A}/reader`))],
  ['inside', 'pass LEAST_PRIVILEGE', bindIn(A, SECRETS, account(`${A}/inside`))],
  ['nothing', 'pass LEAST_PRIVILEGE'],
];
const BINDINGS = ACCOUNTS.flatMap(([name, , ...bindings]) => bindings.map((binding) => named(name, binding)));
/** Written last: once it counts, so do those before it. */
const LAST = named('last', bindIn(B, PODS, group('ident-lab-last')));

const OBJECTS = [
  ...controller('kustomize-controller', ['--default-service-account=default'], { namespace: FLUX }),
  ...ACCOUNTS.flatMap(([name]) => [
    serviceAccount(`${A}/${name}`),
    fluxObject('Kustomization', `${A}/${name}`, { serviceAccountName: name }),
  ]),
];

describe.skipIf(inject('lab') === null)('accounts of tenants and a real API server [needs lab]', () => {
  let lab: AttachedLab;
  let admin: AdminClient;
  let rbac: readonly RbacObject[] = [];
  let answers: readonly AccessReview[] = [];

  async function ask(question: AccessQuestion): Promise<AccessReview> {
    const { user, groups, ...resourceAttributes } = question;
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user, groups, resourceAttributes },
    };
    const { json, status } = await admin.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', body);
    expect(status).toBe(201);
    return { question, allowed: (json as { status: { allowed: boolean } }).status.allowed };
  }

  /** Roles and bindings of Kubernetes itself and of this file; others use the cluster, too. */
  async function readRbac(): Promise<readonly RbacObject[]> {
    const kinds = {
      clusterroles: 'ClusterRole',
      clusterrolebindings: 'ClusterRoleBinding',
      roles: 'Role',
      rolebindings: 'RoleBinding',
    };
    const lists = await Promise.all(
      Object.entries(kinds).map(async ([plural, kind]) => {
        const { json } = await admin.request('GET', `/apis/${RBAC_GROUP}/v1/${plural}`);
        return (json as { items: readonly RbacObject[] }).items.map((item) => ({
          ...item,
          apiVersion: `${RBAC_GROUP}/v1`,
          kind,
        }));
      }),
    );
    return (lists.flat() as readonly RbacObject[]).filter(
      ({ metadata: { name, labels } }) =>
        name.startsWith('ident-lab-') || labels?.['kubernetes.io/bootstrapping'] === 'rbac-defaults',
    );
  }

  beforeAll(async () => {
    lab = attachLab(inject('lab'));
    admin = lab['tenant-a'].admin;
    const apply = (object: unknown) => admin.apply(object as Manifest);
    for (const name of [A, B, FLUX]) await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    for (const object of [...ROLES, ...BINDINGS, LAST]) await apply(object);
    await eventually('the API server knows all bindings', async () => {
      const question = {
        user: 'x',
        groups: ['ident-lab-last'],
        verb: 'create',
        group: '',
        resource: 'pods',
        namespace: B,
      };
      return (await ask(question)).allowed === true ? true : undefined;
    });
    rbac = await readRbac();
    const questions = tenantAccountQuestions(snapshotOf([...OBJECTS, ...rbac], { registration }).artifacts);
    answers = await Promise.all(questions.map(ask));
  });

  afterAll(async () => {
    for (const object of [LAST, ...BINDINGS, ...ROLES]) await admin.delete(object as unknown as Manifest);
    for (const name of [A, B, FLUX]) await admin.delete({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    await lab.close();
  });

  it.each(ACCOUNTS.map(([name, verdict]) => [name, verdict]))('agree on account %s: %s', (name, verdict) => {
    const lines = verdicts(judge(effectiveIdentity, [...OBJECTS, ...rbac], { registration }));
    expect(lines).toContain(`${verdict} Kustomization/${A}/${name}`);
    const own = answers.filter(({ question }) => question.user === userOf(name));
    expect(own.length).toBeGreaterThan(2);
    expect(own.some(({ allowed }) => allowed)).toBe(verdict.startsWith('fail'));
  });

  it('agree in the same words when the answers are known, and are surer', () => {
    const reviews = answers.map((answer) => ({ kind: 'AccessReview', ...answer }));
    const before = judge(effectiveIdentity, [...OBJECTS, ...rbac], { registration });
    const after = judge(effectiveIdentity, [...OBJECTS, ...rbac, ...reviews], { registration });
    expect(verdicts(after)).toEqual(verdicts(before));
    expect(after.observations.filter(({ message }) => message.includes('The API server confirms'))).toHaveLength(4);
  });

  it('agree on what a cluster-admin of one namespace may do in it', async () => {
    const base = { user: userOf('tenant'), groups: ['system:authenticated'], verb: '*', group: '*', resource: '*' };
    expect((await ask({ ...base, namespace: A })).allowed).toBe(true);
    expect((await ask({ ...base, namespace: B })).allowed).toBe(false);
    expect((await ask(base)).allowed).toBe(false);
  });

  it('a default account holds nothing beyond what this Kubernetes gives to everybody', () => {
    expect(rbac.filter(({ kind }) => kind === 'ClusterRoleBinding').length).toBeGreaterThan(20);
    const result = judge(defaultAccountRights, [...OBJECTS, ...rbac], { registration });
    expect(verdicts(result)).toEqual([A, B].map((name) => `pass NO_RIGHTS ServiceAccount/${name}/default`));
  });
});
