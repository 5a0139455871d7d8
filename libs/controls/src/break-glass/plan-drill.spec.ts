import { describe, expect, it } from 'vitest';
import type { BreakGlassEntry, Registration, RbacObject } from '#libs/core';
import { planDrill, restoredBindings } from './plan-drill.js';
import { RECOVERY_RIGHTS } from './recovery-rights.js';

const ENTRY: BreakGlassEntry = { name: 'edge', principals: { users: ['bg'], groups: ['system:masters'] } };
const suffix = 'a1b2c3d4e5';
const plan = (entry: Partial<BreakGlassEntry> = {}, platformPrincipals?: Registration['platformPrincipals']) =>
  planDrill({ ...ENTRY, ...entry }, { ...(platformPrincipals && { platformPrincipals }) }, { mode: 'dryRun', suffix });

describe('the plan of a drill', () => {
  it('asks for every right of a recovery', () => {
    expect(plan().rights).toHaveLength(RECOVERY_RIGHTS.length);
    expect(plan().rights).toContainEqual({
      verb: 'create',
      group: '',
      resource: 'serviceaccounts',
      subresource: 'token',
      namespace: 'kube-system',
      title: 'create tokens of service accounts in kube-system',
    });
  });

  it.each<[string, BreakGlassEntry['principals'], ReturnType<typeof plan>['identities']]>([
    ['a user with groups', { users: ['bg'], groups: ['g'] }, [{ user: 'bg', groups: ['g'] }]],
    ['a group', { groups: ['g'] }, [{ user: '', groups: ['g'] }]],
    [
      'a service account',
      { serviceAccounts: ['rescue/bg'] },
      [
        {
          user: 'system:serviceaccount:rescue:bg',
          groups: ['system:serviceaccounts', 'system:serviceaccounts:rescue'],
        },
      ],
    ],
    ['nobody', undefined, []],
  ])('expects %s', (_what, principals, identities) => {
    expect(plan({ principals }).identities).toEqual(identities);
  });

  it('expects the address of the entry, and that of the registry where the entry names none', () => {
    const circumstances = { mode: 'verify', suffix, apiServer: 'https://registered:6443', clusterUid: 'u' } as const;
    expect(planDrill({ ...ENTRY, apiServer: 'https://rescue:6443' }, {}, circumstances).apiServer).toBe(
      'https://rescue:6443',
    );
    expect(planDrill(ENTRY, {}, circumstances)).toMatchObject({
      apiServer: 'https://registered:6443',
      clusterUid: 'u',
    });
    expect(plan()).not.toHaveProperty('apiServer');
  });

  it.each<[string, Registration['platformPrincipals'], unknown]>([
    ['the platform', { groups: ['platform'] }, [{ kind: 'Group', name: 'platform' }]],
    [
      'its accounts',
      { users: ['ada'], serviceAccounts: ['flux-system/flux'] },
      [
        { kind: 'User', name: 'ada' },
        { kind: 'ServiceAccount', namespace: 'flux-system', name: 'flux' },
      ],
    ],
    ['the break-glass principal where no platform is declared', undefined, [{ kind: 'User', name: 'bg' }]],
  ])('would restore %s', (_what, principals, subjects) => {
    expect(plan({}, principals).restore).toMatchObject({
      metadata: { name: `platform-admin-restore-${suffix}` },
      roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
      subjects,
    });
  });
});

describe('what a restore would create anew', () => {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const roleRef = { kind: 'ClusterRole', name: 'cluster-admin' };
  const role: RbacObject = {
    apiVersion,
    kind: 'ClusterRole',
    metadata: { name: 'cluster-admin' },
    rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  };
  const binding = (name: string, group: string): RbacObject => ({
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef,
    subjects: [{ kind: 'Group', name: group }],
  });
  const objects = [role, binding('ours', 'platform'), binding('theirs', 'team-a')];

  it('are the bindings of the declared principals', () => {
    const found = restoredBindings({ platformPrincipals: { groups: ['platform'] } })(objects);
    expect(found.map(({ metadata }) => metadata.name)).toEqual(['ours']);
  });

  it('are none where nobody is declared', () => {
    expect(restoredBindings({})(objects)).toEqual([]);
  });
});
