import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { AccessRule, Probe } from '#libs/core';
import type { Manifest } from '../../../../test/lab/admin-client.js';
import { requestToken } from '../../../../test/lab/identities.js';
import { startLab, type Lab, type RunningCluster } from '../../../../test/lab/lab.js';
import { eventually } from '../../../../test/lab/poll.js';
import { openClient } from '../../test/hostile-cluster.js';
import { whoAmI } from '../client/reviews.js';
import { GUARD_NAMESPACE } from '../probe/guard-manifest.js';
import { runProbes } from '../probe/run-probes.js';
import type { PolicyRule } from './cluster-role.js';
import { proberManifest } from './prober-manifest.js';

const shared = inject('lab');
const RBAC = 'rbac.authorization.k8s.io';
const auditor = { namespace: GUARD_NAMESPACE, name: 'plimsoll-reader' };
/** One request of each sort. */
const REACH: readonly AccessRule[] = [
  { verb: 'create', group: '', resource: 'pods' },
  { verb: 'delete', group: RBAC, resource: 'clusterrolebindings' },
  { verb: 'patch', group: '', resource: 'namespaces/status' },
  { verb: 'update', group: '', resource: 'namespaces/finalize' },
];
const METHODS: Readonly<Record<string, Probe['method']>> = {
  create: 'POST',
  delete: 'DELETE',
  patch: 'PATCH',
  update: 'PUT',
};

/** A manifest of rules, and one of them as small as a rule can be. */
type Role = Manifest & { readonly rules: readonly PolicyRule[] };
const isRole = (object: object): object is Role => 'rules' in object;

/** The smallest rules that together are the same. */
function atoms({ rules }: Role): readonly PolicyRule[] {
  return rules.flatMap(({ apiGroups, resources, resourceNames, verbs }) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) =>
        (resourceNames ?? [undefined]).map((name) => ({
          apiGroups,
          resources: [resource],
          verbs: [verb],
          ...(name !== undefined && { resourceNames: [name] }),
        })),
      ),
    ),
  );
}

function probeOf({ verb, group, resource }: AccessRule, as: Probe['as'], key: string): Probe {
  const [plural = '', subresource] = resource.split('/');
  const method = METHODS[verb] ?? 'PATCH';
  const target = {
    group,
    version: 'v1',
    resource: plural,
    ...(verb === 'create' ? { namespace: 'team-a' } : { name: 'platform' }),
    ...(subresource !== undefined && { subresource: subresource as 'status' | 'finalize' }),
  };
  return { key, control: 'X', as, method, target, uid: 'none', body: { metadata: { name: 'platform' } }, what: '' };
}
const PEOPLE = { user: 'ann', groups: ['team-a'] };
const ACCOUNT = { user: 'system:serviceaccount:team-a:default', groups: [] };
const [FIRST] = REACH as [AccessRule];
const PROBES: readonly Probe[] = [
  ...REACH.map((rule, i) => probeOf(rule, PEOPLE, `person ${i}`)),
  probeOf(FIRST, ACCOUNT, 'account'),
];

describe.skipIf(!shared)('the manifest of active verification on a real API server [needs lab]', () => {
  let lab: Lab;
  let cluster: RunningCluster;
  let token: string;

  beforeAll(async () => {
    if (!shared) return;
    lab = await startLab({ programs: shared.programs, clusters: [{ name: 'manifest', controllerManager: false }] });
    cluster = lab.cluster('manifest');
    await cluster.admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } });
    await cluster.admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: GUARD_NAMESPACE } });
    await cluster.admin.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: auditor });
    token = await requestToken(cluster.admin, auditor.namespace, auditor.name);
  });
  afterAll(() => lab?.stop());

  /** The probes that were sent in nobody's name, or why none was. */
  async function refused(): Promise<readonly string[]> {
    const access = { server: cluster.server, caData: cluster.caPem };
    const client = await openClient({ ...access, credential: { kind: 'token', token } });
    try {
      const report = await runProbes(client, PROBES, {
        marker: 'run_1',
        auditor: (await whoAmI(client))?.name ?? '',
        foreignGroups: new Set(),
        guardNamespace: GUARD_NAMESPACE,
      });
      if (report.state !== 'collected') return [report.message];
      return report.value.results.flatMap(({ probe, verdict }) =>
        verdict.kind === 'cannotImpersonate' ? [probe.key] : [],
      );
    } finally {
      await client.close();
    }
  }
  const works = () =>
    eventually('everything can be tried', async () => ((await refused()).length === 0 ? true : undefined));

  describe.each([
    ['that knows constrained impersonation', 'v1.36.3'],
    ['of which that is not known', 'v1.35.0'],
  ])('for a server %s', (_what, serverVersion) => {
    const manifest = proberManifest({
      users: ['ann'],
      groups: ['team-a'],
      serviceAccounts: [{ namespace: 'team-a', name: 'default' }],
      reach: REACH,
      serverVersion,
      auditor,
    }) as readonly Manifest[];
    const roles = manifest.filter(isRole);

    it('suffices, and nothing of it can be taken away', async () => {
      for (const object of manifest) await cluster.admin.apply(object);
      await works();
      let taken = 0;
      for (const role of roles) {
        const all = atoms(role);
        for (const atom of all) {
          await cluster.admin.apply({ ...role, rules: all.filter((each) => each !== atom) });
          await eventually(
            `something is missing without ${JSON.stringify(atom)}`,
            async () => ((await refused()).length > 0 ? true : undefined),
            { deadlineMs: 20_000 },
          );
          await cluster.admin.apply(role);
          await works();
          taken += 1;
        }
      }
      // Four roles: of people, of the tenant's namespace, of the guard's, and of the guard itself.
      expect(roles).toHaveLength(4);
      expect(taken).toBeGreaterThan(6);
    }, 240_000);
  });

  it('lets nobody else be impersonated', async () => {
    const access = { server: cluster.server, caData: cluster.caPem };
    const client = await openClient({ ...access, credential: { kind: 'token', token } });
    const others = [
      { user: 'bob', groups: [] },
      { user: 'ann', groups: ['platform-admins'] },
      { user: 'ann', groups: ['system:masters'] },
      { user: 'system:admin', groups: [] },
      { user: 'system:serviceaccount:kube-system:default', groups: [] },
      { user: 'system:serviceaccount:team-a:other', groups: [] },
    ];
    const report = await runProbes(
      client,
      others.map((as, i) => probeOf(FIRST, as, `other ${i}`)),
      {
        marker: 'run_1',
        auditor: (await whoAmI(client))?.name ?? '',
        foreignGroups: new Set(),
        guardNamespace: GUARD_NAMESPACE,
      },
    );
    await client.close();
    if (report.state !== 'collected') throw new Error(report.message);
    expect(report.value.results.map(({ verdict }) => verdict.kind)).toEqual(others.map(() => 'cannotImpersonate'));
  });
});
