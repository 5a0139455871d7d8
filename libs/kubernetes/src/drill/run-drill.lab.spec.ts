import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { AnyBinding, DrillPlan, DrillReport } from '#libs/core';
import type { Manifest } from '../../../../test/lab/admin-client.js';
import { FaultyProxy } from '../../../../test/lab/faulty-proxy.js';
import { createServiceAccount, requestToken } from '../../../../test/lab/identities.js';
import { startLab, type Lab, type RunningCluster } from '../../../../test/lab/lab.js';
import { eventually } from '../../../../test/lab/poll.js';
import { openClient } from '../../test/hostile-cluster.js';
import type { ClusterCredential } from '../access/cluster-access.js';
import { liveBinding } from '../probe/live-restore-guard.js';
import { checkReadiness, runDrill } from './run-drill.js';

const shared = inject('lab');
const RBAC = 'rbac.authorization.k8s.io';
const NAME = 'platform-admin-restore-a1b2c3d4e5';
const RIGHTS: DrillPlan['rights'] = [
  { verb: 'create', group: RBAC, resource: 'clusterrolebindings', title: 'create ClusterRoleBindings' },
  { verb: 'bind', group: RBAC, resource: 'clusterroles', name: 'cluster-admin', title: 'bind cluster-admin' },
  {
    verb: 'create',
    group: '',
    resource: 'serviceaccounts',
    subresource: 'token',
    namespace: 'kube-system',
    title: 'create tokens',
  },
  { verb: 'get', group: '', resource: 'secrets', title: 'read Secrets' },
];
const binding = (name: string, subject: object, labels: Readonly<Record<string, string>> = {}): Manifest => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name, labels },
  roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ apiGroup: RBAC, ...subject }],
});
const PLATFORM = binding('platform-admin', { kind: 'Group', name: 'platform' }, { protected: 'yes' });
const RESCUE = binding('rescue', { kind: 'User', name: 'rescue' });
const policy = (operations: readonly string[], expression: string): Manifest[] => [
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'protect' },
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: [RBAC], apiVersions: ['*'], operations, resources: ['clusterrolebindings'] }],
      },
      validations: [{ expression, message: 'protected' }],
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'protect' },
    spec: { policyName: 'protect', validationActions: ['Deny'] },
  },
];

describe.skipIf(!shared)('drills on a real API server [needs lab]', () => {
  let lab: Lab;
  let cluster: RunningCluster;
  let rescue: ClusterCredential;
  let masters: ClusterCredential;

  beforeAll(async () => {
    if (!shared) return;
    lab = await startLab({ programs: shared.programs, clusters: [{ name: 'drilled', controllerManager: false }] });
    cluster = lab.cluster('drilled');
    await cluster.admin.applyAll([PLATFORM, RESCUE]);
    rescue = await certificateOf('rescue');
    masters = await certificateOf('break-glass', ['system:masters']);
    await eventually('the rescue user has its rights', async () =>
      (await drill(rescue)).steps[2]?.state === 'passed' ? true : undefined,
    );
  });
  afterAll(() => lab?.stop());

  async function certificateOf(
    user: string,
    groups: readonly string[] = [],
    notAfter?: Date,
  ): Promise<ClusterCredential> {
    const { certPem, keyPem } = await cluster.certificate({ user, groups, ...(notAfter && { notAfter }) });
    return { kind: 'clientCertificate', certData: certPem, keyData: keyPem };
  }
  function planOf(more: Partial<DrillPlan>): DrillPlan {
    return {
      mode: 'dryRun',
      apiServer: cluster.server,
      clusterUid: cluster.uid,
      identities: [{ user: 'rescue', groups: [] }],
      rights: RIGHTS,
      restore: liveBinding({ name: NAME, user: 'rescue' }),
      ...more,
    };
  }
  function drill(credential: ClusterCredential, more: Partial<DrillPlan> = {}, server = cluster.server) {
    return runDrill(planOf(more), {
      server,
      open: (onRequest) => openClient({ server, caData: cluster.caPem, credential }, { onRequest }),
      bindingsOf: (objects) =>
        objects.filter(
          (object): object is AnyBinding =>
            object.kind === 'ClusterRoleBinding' && object.metadata.name === 'platform-admin',
        ),
    });
  }
  const told = ({ outcome, steps }: DrillReport) =>
    `${outcome}: ${steps.map(({ state, cause }) => (state === 'skipped' ? '–' : (cause ?? state))).join(', ')}`;
  const PASSED = 'passed: passed, passed, passed, passed, passed';

  /** Every binding of the cluster, with its version: what a write would change. */
  async function bindings(): Promise<readonly string[]> {
    const all = await cluster.admin.list(`${RBAC}/v1`, 'ClusterRoleBinding');
    return all.map(({ metadata }) => `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`).toSorted();
  }

  /** Policies come into effect a moment after they are written, and for another moment not in every request. */
  async function under(manifests: readonly Manifest[], test: () => Promise<void>): Promise<void> {
    const steadily = (denied: boolean) => {
      let inARow = 0;
      return eventually(`the policy is ${denied ? 'at work' : 'gone'}`, async () => {
        inARow = ((await drill(rescue)).outcome === 'failed') === denied ? inARow + 1 : 0;
        return inARow >= 4 ? true : undefined;
      });
    };
    await cluster.admin.applyAll(manifests);
    try {
      await steadily(true);
      await test();
    } finally {
      for (const object of manifests.toReversed()) await cluster.admin.delete(object);
    }
    await steadily(false);
  }

  it('passes with a certificate that works, tells the audit id of every call, and changes nothing', async () => {
    const before = await bindings();
    const report = await drill(rescue);
    expect([told(report), report.writes]).toEqual([PASSED, 0]);
    const calls = report.steps.flatMap(({ requests }) => requests);
    for (const { auditId } of calls) expect(auditId).toMatch(/^[0-9a-f-]{36}$/);
    const writing = calls.filter(({ method, path }) => method !== 'GET' && !path.includes('reviews'));
    expect(writing.every(({ dryRun, path }) => dryRun && path.endsWith('?dryRun=All'))).toBe(true);
    // The restore, the platform's binding once more, and its deletion.
    expect(calls.filter(({ dryRun }) => dryRun).map(({ status }) => status)).toEqual([201, 409, 200]);
    expect(await bindings()).toEqual(before);
  });

  it('passes for a member of system:masters, whom no binding names', async () => {
    const identities = [{ user: 'break-glass', groups: ['system:masters'] }];
    expect(told(await drill(masters, { identities }))).toBe(PASSED);
  });

  it('sends no write without a dry-run, as seen on the wire', async () => {
    await createServiceAccount(cluster.admin, {
      namespace: 'rescue',
      name: 'break-glass',
      clusterRole: 'cluster-admin',
    });
    const token = await requestToken(cluster.admin, 'rescue', 'break-glass');
    const user = 'system:serviceaccount:rescue:break-glass';
    const identities = [{ user, groups: ['system:serviceaccounts', 'system:serviceaccounts:rescue'] }];
    const proxy = await FaultyProxy.start(cluster);
    try {
      const report = await eventually('the account has its rights', async () => {
        proxy.requests.length = 0;
        const found = await drill({ kind: 'token', token }, { identities, apiServer: proxy.url }, proxy.url);
        return found.outcome === 'passed' ? found : undefined;
      });
      expect(report.steps.flatMap(({ requests }) => requests).map(({ method, path }) => `${method} ${path}`)).toEqual(
        proxy.requests,
      );
      const writing = proxy.requests.filter(
        (request) => !/^GET |^POST \/apis\/auth[a-z]+\.k8s\.io\/v1\/[a-z]+reviews$/.test(request),
      );
      expect(writing).toHaveLength(3);
      expect(writing.every((request) => request.endsWith('?dryRun=All'))).toBe(true);
    } finally {
      await proxy.stop();
    }
  });

  it('names the step: a credential that expired, or that another authority signed', async () => {
    const expired = await certificateOf('rescue', [], new Date(Date.now() - 60_000));
    expect(told(await drill(expired))).toBe('failed: passed, unauthenticated, –, –, –');
    expect(told(await drill({ kind: 'token', token: 'not-a-token' }))).toBe('failed: passed, unauthenticated, –, –, –');
  });

  it('names the step: somebody else’s credential, or another cluster', async () => {
    expect(told(await drill(masters))).toBe('failed: passed, OTHER_USER, –, –, –');
    expect(told(await drill(await certificateOf('rescue', ['more'])))).toBe('failed: passed, OTHER_GROUPS, –, –, –');
    expect(told(await drill(rescue, { clusterUid: '5f3c2f0e-0000-4c7e-9a57-000000000001' }))).toBe(
      'failed: passed, identityMismatch, –, –, –',
    );
  });

  it('names the step: a path that leads nowhere', async () => {
    const nowhere = 'https://127.0.0.1:1';
    expect(told(await drill(rescue, { apiServer: nowhere }, nowhere))).toBe('failed: unreachable, –, –, –, –');
  });

  it('names the step: a binding that was removed', async () => {
    const lost = await certificateOf('lost');
    const report = await drill(lost, { identities: [{ user: 'lost', groups: [] }], clusterUid: undefined });
    expect(told(report)).toBe('failed: passed, passed, RIGHT_MISSING, –, –');
    expect(report.steps[2]?.message).toContain('create ClusterRoleBindings');
  });

  it('names the step: admission that denies the restore', async () => {
    await under(policy(['CREATE'], "request.userInfo.username == 'system:admin'"), async () => {
      const report = await drill(rescue);
      expect(told(report)).toBe('failed: passed, passed, passed, ADMISSION_DENIES, –');
      expect(report.steps[3]?.message).toContain('validatingAdmissionPolicy protect');
    });
  });

  it('names the step: a policy that protects bindings from the way in as well', async () => {
    const expression = "!(has(oldObject.metadata.labels) && 'protected' in oldObject.metadata.labels)";
    await under(policy(['DELETE'], expression), async () => {
      const before = await bindings();
      expect(told(await drill(rescue))).toBe('failed: passed, passed, passed, passed, ADMISSION_DENIES');
      expect(await bindings()).toEqual(before);
    });
  });

  it('writes one binding where it is live, and leaves nothing', async () => {
    const before = await bindings();
    const report = await drill(rescue, { mode: 'live' });
    expect([told(report), report.writes]).toEqual([PASSED, 2]);
    const written = report.steps
      .flatMap(({ requests }) => requests)
      .filter(({ method, path, dryRun }) => method !== 'GET' && !dryRun && !path.includes('reviews'));
    expect(written.map(({ method, path, status }) => `${method} ${path.split('/').at(-1)} ${status}`)).toEqual([
      'POST clusterrolebindings 201',
      `DELETE ${NAME} 200`,
    ]);
    expect(await bindings()).toEqual(before);
  });

  it('finds out without the credential who holds every right, and who does not', async () => {
    await createServiceAccount(cluster.admin, {
      namespace: 'plimsoll',
      name: 'auditor',
      rules: [
        { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
        { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
      ],
    });
    const token = await requestToken(cluster.admin, 'plimsoll', 'auditor');
    const check = (identities: DrillPlan['identities']) =>
      checkReadiness(planOf({ mode: 'verify', identities }), {
        open: (onRequest) =>
          openClient(
            { server: cluster.server, caData: cluster.caPem, credential: { kind: 'token', token } },
            { onRequest },
          ),
      });
    const report = await eventually('the auditor may ask', async () => {
      const found = await check([{ user: 'rescue', groups: [] }]);
      return found.outcome === 'unknown' ? undefined : found;
    });
    expect(told(report)).toBe('passed: passed, –, passed, –, –');
    expect(told(await check([{ user: 'anybody', groups: ['system:masters'] }]))).toBe(
      'passed: passed, –, passed, –, –',
    );
    expect(told(await check([{ user: '', groups: ['system:masters'] }]))).toBe('passed: passed, –, passed, –, –');
    expect(told(await check([{ user: 'lost', groups: [] }]))).toBe('failed: passed, –, RIGHT_MISSING, –, –');
  });
});
