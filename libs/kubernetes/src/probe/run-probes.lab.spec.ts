import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Probe, ProbeVerdict } from '#libs/core';
import type { Manifest } from '../../../../test/lab/admin-client.js';
import { createServiceAccount, requestToken } from '../../../../test/lab/identities.js';
import { startLab, type Lab, type RunningCluster } from '../../../../test/lab/lab.js';
import { eventually } from '../../../../test/lab/poll.js';
import { openClient } from '../../test/hostile-cluster.js';
import type { ClusterClient } from '../client/cluster-client.js';
import { MARKER_HEADER } from './dry-run-guard.js';
import { GUARD_ACCOUNT, GUARD_NAMESPACE, GUARD_POLICY, guardManifest } from './guard-manifest.js';
import { runProbes } from './run-probes.js';

const shared = inject('lab');
const RBAC = 'rbac.authorization.k8s.io';
const AUDITOR = 'system:serviceaccount:plimsoll:prober';
const TENANT = { user: 'system:serviceaccount:team-a:deployer', groups: [] };
const options = {
  marker: 'run_1',
  auditor: AUDITOR,
  foreignGroups: new Set<string>(),
  guardNamespace: GUARD_NAMESPACE,
};
const PROTECTED: Manifest = {
  apiVersion: `${RBAC}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'platform-admin', labels: { protected: 'yes' } },
  roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ kind: 'Group', apiGroup: RBAC, name: 'platform' }],
};
const policy = (name: string, spec: object): Manifest[] => [
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: [RBAC],
            apiVersions: ['*'],
            operations: ['UPDATE', 'DELETE'],
            resources: ['clusterrolebindings'],
          },
        ],
      },
      ...spec,
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  },
];
const PROTECTION = {
  validations: [
    {
      expression:
        "!(has(oldObject.metadata.labels) && 'protected' in oldObject.metadata.labels) || request.userInfo.groups.exists(g, g == 'system:masters')",
      message: 'protected',
    },
  ],
};

describe.skipIf(!shared)('probes on a real API server [needs lab]', () => {
  let lab: Lab;
  let cluster: RunningCluster;
  let token: string;
  let binding: { readonly metadata: { readonly uid: string; readonly resourceVersion: string } };

  beforeAll(async () => {
    if (!shared) return;
    lab = await startLab({ programs: shared.programs, clusters: [{ name: 'probed', controllerManager: false }] });
    cluster = lab.cluster('probed');
    const { admin } = cluster;
    for (const object of guardManifest()) await admin.apply(object as Manifest);
    await createServiceAccount(admin, {
      namespace: 'plimsoll',
      name: 'prober',
      rules: [
        {
          apiGroups: [''],
          resources: ['serviceaccounts'],
          verbs: ['impersonate'],
          resourceNames: ['deployer', GUARD_ACCOUNT],
        },
        { apiGroups: ['authentication.k8s.io'], resources: ['userextras/plimsoll/probe'], verbs: ['impersonate'] },
        { apiGroups: [RBAC], resources: ['clusterrolebindings'], verbs: ['get', 'list'] },
      ],
    });
    await createServiceAccount(admin, {
      namespace: 'team-a',
      name: 'deployer',
      rules: [
        { apiGroups: [RBAC], resources: ['clusterrolebindings'], verbs: ['delete', 'patch'] },
        { apiGroups: [''], resources: ['pods', 'configmaps'], verbs: ['create'] },
      ],
    });
    token = await requestToken(admin, 'plimsoll', 'prober');
    binding = await admin.apply(PROTECTED);
    await steadily('the guard is at work', async () => (await probed([create('pods')])).state === 'collected');
  });
  afterAll(() => lab?.stop());

  async function withClient<T>(use: (client: ClusterClient) => Promise<T>): Promise<T> {
    const access = { server: cluster.server, caData: cluster.caPem };
    const client = await openClient({ ...access, credential: { kind: 'token', token } });
    try {
      return await use(client);
    } finally {
      await client.close();
    }
  }
  const probed = (probes: readonly Probe[]) => withClient((client) => runProbes(client, probes, options));

  async function verdicts(...probes: readonly Probe[]): Promise<readonly ProbeVerdict[]> {
    const report = await probed(probes);
    if (report.state !== 'collected') throw new Error(report.message);
    return report.value.results.map(({ verdict }) => verdict);
  }

  const target = { group: RBAC, version: 'v1', resource: 'clusterrolebindings', name: 'platform-admin' };
  const remove = (uid = binding.metadata.uid): Probe => ({
    key: 'delete',
    control: 'X',
    as: TENANT,
    method: 'DELETE',
    target,
    uid,
    what: '',
  });
  const change = (body: Probe['body']): Probe => ({
    key: 'patch',
    control: 'X',
    as: TENANT,
    method: 'PATCH',
    target,
    uid: binding.metadata.uid,
    body: body ?? {},
    what: '',
  });
  const create = (resource: string, namespace = 'team-a'): Probe => ({
    key: resource,
    control: 'X',
    as: TENANT,
    method: 'POST',
    target: { group: '', version: 'v1', resource, namespace },
    body:
      resource === 'pods'
        ? {
            apiVersion: 'v1',
            kind: 'Pod',
            metadata: { name: 'probe' },
            spec: { containers: [{ name: 'a', image: 'a' }] },
          }
        : { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'probe' } },
    what: '',
    show: ['/spec/serviceAccountName'],
  });
  const owner = { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'none', uid: 'none' }] } };

  /** Policies come into effect a moment after they are written, and for another moment not in every request. */
  const steadily = (what: string, holds: () => Promise<boolean>) => {
    let inARow = 0;
    return eventually(what, async () => {
      inARow = (await holds()) ? inARow + 1 : 0;
      return inARow >= 8 ? true : undefined;
    });
  };

  /** Runs a test under a policy of its own. */
  async function under(name: string, spec: object, test: () => Promise<void>): Promise<void> {
    const denies = async () => (await verdicts(remove()))[0]?.kind !== 'accepted';
    for (const object of policy(name, spec)) await cluster.admin.apply(object);
    await steadily('the policy is at work', denies);
    await test();
    for (const object of policy(name, spec).toReversed()) await cluster.admin.delete(object);
    await steadily('the policy is gone', async () => !(await denies()));
  }

  it('tells what would go through, and changes nothing', async () => {
    expect(await verdicts(remove(), change(owner), create('configmaps'))).toEqual([
      { kind: 'accepted' },
      { kind: 'accepted' },
      { kind: 'accepted' },
    ]);
    const { metadata } = await cluster.admin.get(PROTECTED);
    expect([metadata.uid, metadata.resourceVersion]).toEqual([binding.metadata.uid, binding.metadata.resourceVersion]);
    expect((await cluster.admin.request('GET', '/api/v1/namespaces/team-a/configmaps/probe')).status).toBe(404);
  });

  it('tells what authorization refuses', async () => {
    const secret = { ...create('secrets'), body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'probe' } } };
    const bind = change([{ op: 'add', path: '/subjects/-', value: { kind: 'User', apiGroup: RBAC, name: 'me' } }]);
    expect(await verdicts(secret, bind)).toEqual([{ kind: 'unauthorized' }, { kind: 'unauthorized' }]);
  });

  it('tells which policy protects', async () => {
    await under('protect', PROTECTION, async () => {
      const by = { mechanism: 'validatingAdmissionPolicy', name: 'protect', binding: 'protect' };
      const denied = { kind: 'denied', by };
      expect(await verdicts(remove(), change(owner))).toEqual([denied, denied]);
    });
  });

  it('tells a policy that only ever fails from one that protects', async () => {
    const validations = [{ expression: "oldObject.metadata.labels['none'] == 'x'", message: 'm' }];
    await under('broken', { validations }, async () => {
      expect(await verdicts(remove())).toEqual([{ kind: 'brokenPolicy', name: 'broken' }]);
    });
  });

  it('does not take another object of the same name for it', async () => {
    expect(await verdicts(remove('another-uid'))).toEqual([{ kind: 'inconclusive' }]);
  });

  it('asks in the name of nobody it may not impersonate', async () => {
    const stranger = { ...remove(), as: { user: 'system:serviceaccount:team-b:deployer', groups: [] } };
    const user = { ...remove(), as: { user: 'alice', groups: ['team-a'] } };
    expect(await verdicts(stranger, user)).toEqual([
      // The name of the account is what it may impersonate, in any namespace.
      { kind: 'unauthorized' },
      { kind: 'cannotImpersonate' },
    ]);
  });

  it('is stopped by the policy of the cluster where it is no dry-run', async () => {
    const headers = { 'impersonate-user': TENANT.user, [MARKER_HEADER]: 'run_1' };
    const real = await fetchAs(headers, `/api/v1/namespaces/team-a/configmaps`);
    expect([real.status, real.text]).toEqual([422, expect.stringContaining('plimsoll probes must be dry-run')]);
  });

  async function fetchAs(headers: Readonly<Record<string, string>>, path: string) {
    // What a mistake of ours would look like: written by the test, for the client cannot send it.
    return cluster.admin.request('POST', path, create('configmaps').body, headers);
  }

  it('probes nothing on a cluster without the guard', async () => {
    const binding = guardManifest().at(-1) as Manifest;
    await cluster.admin.delete(binding);
    await steadily('the guard is off', async () => (await probed([remove()])).state === 'unavailable');
    const report = await probed([remove()]);
    expect(report).toMatchObject({ state: 'unavailable', message: expect.stringContaining(GUARD_POLICY) });
    await cluster.admin.apply(binding);
    await steadily('the guard is back', async () => (await probed([remove()])).state === 'collected');
  });
});
