import { describe, expect, it } from 'vitest';
import { type SnapshotOptions, snapshotOf } from '../../../../test/support/snapshot-of.js';
import { SHARED, controller } from '../../../../test/support/flux-installation.js';
import { type TenantArtifacts, describePrincipal, principalsOf, tenantModel, unlessTenants } from './tenant-model.js';

function modelOf(input: string | readonly object[], options?: SnapshotOptions) {
  const { artifacts } = snapshotOf(input, options);
  const { registration } = artifacts;
  if (registration.state !== 'collected') throw new Error('A snapshot of a test has a registration.');
  return tenantModel({ ...artifacts, registration: registration.value } as TenantArtifacts);
}

const namespace = (name: string, labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

describe('tenantModel', () => {
  it('knows whose a namespace is', () => {
    const model = modelOf(
      [namespace('team-a'), namespace('b-1', { team: 'b' }), ...controller('kustomize-controller', [])],
      {
        registration: {
          role: 'tenant',
          tenancy: 'shared',
          platformNamespaces: ['monitoring'],
          tenants: [
            {
              name: 'team-a',
              isolation: 'high',
              namespaces: { names: ['team-a'] },
              principals: { groups: ['team-a'] },
            },
            { name: 'team-b', criticality: 'critical', namespaces: { matchLabels: { team: 'b' } } },
          ],
        },
      },
    );
    expect(['team-a', 'b-1', 'flux-system', undefined].map((each) => model.tenantOf(each)?.name)).toEqual([
      'team-a',
      'team-b',
      undefined,
      undefined,
    ]);
    expect(['flux-system', 'kube-system', 'monitoring', 'team-a'].map((each) => model.isPlatform(each))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(model.tenants).toMatchObject([
      { isolation: 'high', declaredHigh: true, criticality: 'normal', declared: true, principalsDeclared: true },
      { isolation: 'high', declaredHigh: false, criticality: 'critical', declared: true, principalsDeclared: false },
    ]);
    expect(unlessTenants(model)).toBeUndefined();
  });

  it('is made once for the same artifacts', () => {
    const { artifacts } = snapshotOf([namespace('team-a')], { registration: SHARED });
    if (artifacts.registration.state !== 'collected' || artifacts.namespaces.state !== 'collected') throw new Error();
    const registration = artifacts.registration.value;
    const whole = tenantModel({ ...artifacts, registration } as TenantArtifacts);
    expect(tenantModel({ ...artifacts, registration } as TenantArtifacts)).toBe(whole);
  });

  it.each<[string, SnapshotOptions, string | undefined]>([
    ['a standalone cluster', { registration: { role: 'standalone' } }, 'notApplicable NO_TENANT_BOUNDARY'],
    ['nothing stated, nothing seen', {}, 'notApplicable NO_TENANT_BOUNDARY'],
    [
      'shared, no tenant to be seen',
      { registration: { role: 'tenant', tenancy: 'shared' } },
      'notEvaluated TENANTS_UNDEFINED',
    ],
    [
      'dedicated, no tenant named',
      { registration: { role: 'tenant', tenancy: 'dedicated' } },
      'notEvaluated TENANTS_UNDEFINED',
    ],
    [
      'tenants by label, namespaces not read',
      {
        registration: {
          tenancy: 'shared',
          role: 'tenant',
          tenants: [{ name: 'a', namespaces: { matchLabels: { team: 'a' } } }],
        },
        unavailable: { namespaces: 'forbidden' },
      },
      'notEvaluated RBAC_DENIED_READ',
    ],
    ['nothing stated, namespaces not read', { unavailable: { namespaces: 'transient' } }, 'notEvaluated TRANSIENT'],
    ['tenants named', { registration: SHARED }, undefined],
  ])('%s', (_title, options, expected) => {
    const answer = unlessTenants(modelOf([], options));
    expect(answer && `${answer.outcome} ${answer.reason}`).toBe(expected);
  });
});

describe('principalsOf', () => {
  it('gives each principal the groups that the API server would', () => {
    const identities = principalsOf({
      users: ['alice'],
      groups: ['team-a'],
      serviceAccounts: ['team-a/deployer', 'system:serviceaccount:team-a:ci', 'nonsense'],
    });
    expect(identities.map(describePrincipal)).toEqual([
      'user alice',
      'group team-a',
      'service account team-a/deployer',
      'service account team-a/ci',
    ]);
    expect(identities.map(({ groups }) => groups.includes('system:authenticated'))).toEqual([true, true, true, true]);
    expect(identities[2]?.groups).toContain('system:serviceaccounts:team-a');
  });
});
