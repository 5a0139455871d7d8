import { describe, expect, it } from 'vitest';
import {
  type Artifacts,
  type HelmRelease,
  type Kustomization,
  type RbacObject,
  collected,
  unavailable,
} from '#libs/core';
import { snapshotOf } from '../../../../test/support/snapshot-of.js';
import { accessOf } from '../access/access.js';
import { ownerOf, sameRepository } from './ownership.js';
import { type TenantArtifacts, tenantModel } from './tenant-model.js';

const SOURCES = `
  apiVersion: source.toolkit.fluxcd.io/v1
  kind: GitRepository
  metadata: { name: fleet, namespace: flux-system }
  spec: { url: "ssh://git@git.example.com/fleet.git" }
  ---
  apiVersion: source.toolkit.fluxcd.io/v1
  kind: GitRepository
  metadata: { name: own, namespace: team-a }
  spec: { url: "https://git.example.com/team-a/apps" }`;
const TENANTS = [
  {
    name: 'team-a',
    namespaces: { names: ['team-a'] },
    principals: { groups: ['team-a'] },
    gitPaths: [{ repo: 'https://git.example.com/fleet', paths: ['tenants/team-a'] }],
  },
  { name: 'team-b', namespaces: { names: ['team-b'] } },
];
const EDIT: readonly RbacObject[] = [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'flux-edit' },
    rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['create'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'edit', namespace: 'team-a' },
    subjects: [{ kind: 'Group', name: 'team-a' }],
    roleRef: { kind: 'ClusterRole', name: 'flux-edit' },
  },
];

const { artifacts } = snapshotOf(SOURCES, { registration: { role: 'tenant', tenancy: 'shared', tenants: TENANTS } });
if (artifacts.registration.state !== 'collected') throw new Error();
const model = tenantModel({ ...artifacts, registration: artifacts.registration.value } as TenantArtifacts);

function kustomization(namespace: string, sourceNamespace: string, name: string, path?: string): Kustomization {
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: 'app', namespace },
    spec: {
      sourceRef: { kind: 'GitRepository', namespace: sourceNamespace, name },
      ...(path !== undefined && { path }),
    },
  };
}
const release: HelmRelease = {
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  metadata: { name: 'app', namespace: 'team-a' },
  spec: { chart: { spec: { sourceRef: { kind: 'HelmRepository', namespace: 'flux-system', name: 'charts' } } } },
};

describe('ownerOf', () => {
  it.each<[string, Kustomization | HelmRelease, readonly RbacObject[] | undefined, string]>([
    [
      'platform object, platform source',
      kustomization('flux-system', 'flux-system', 'fleet', './infra'),
      EDIT,
      'platform',
    ],
    [
      'platform object on a path of the tenant',
      kustomization('flux-system', 'flux-system', 'fleet', './tenants/team-a/apps'),
      EDIT,
      'tenant team-a',
    ],
    [
      'a path that only begins like it',
      kustomization('flux-system', 'flux-system', 'fleet', './tenants/team-ab'),
      EDIT,
      'platform',
    ],
    [
      'platform object, source in a tenant namespace',
      kustomization('flux-system', 'team-a', 'own'),
      EDIT,
      'tenant team-a',
    ],
    [
      'tenant object, tenant may write',
      kustomization('team-a', 'flux-system', 'fleet', './infra'),
      EDIT,
      'tenant team-a',
    ],
    [
      'tenant namespace, nobody of it may write',
      kustomization('team-a', 'flux-system', 'fleet', './infra'),
      [],
      'platformManaged team-a',
    ],
    ['the same, a release', release, [], 'platformManaged team-a'],
    [
      'the same, rights unknown',
      kustomization('team-a', 'flux-system', 'fleet', './infra'),
      undefined,
      'tenant team-a',
    ],
    ['principals not declared', kustomization('team-b', 'flux-system', 'fleet', './infra'), [], 'tenant team-b'],
  ])('%s', (_title, object, rbac, expected) => {
    const access = rbac && accessOf(rbac, unavailable('notCollected', 'not asked'));
    const owner = ownerOf(object, model, artifacts.sources, access);
    expect(owner.kind === 'platform' ? 'platform' : `${owner.kind} ${owner.tenant.name}`).toBe(expected);
  });

  it('is only a guess where the principals are not declared', () => {
    const access = accessOf([], collected([]));
    expect(ownerOf(kustomization('team-b', 'team-b', 'x'), model, artifacts.sources, access)).toMatchObject({
      confidence: 'heuristic',
    });
  });

  it('goes by namespaces where the sources could not be read', () => {
    const unread = unavailable('transient', 'no') as Extract<typeof artifacts.sources, { state: 'unavailable' }>;
    const owner = ownerOf(kustomization('flux-system', 'team-a', 'own'), model, unread, undefined);
    expect(owner.kind).toBe('tenant');
    const sources: Artifacts['sources'] | undefined =
      artifacts.sources.state === 'collected' ? artifacts.sources.value : undefined;
    expect(sources?.GitRepository.state).toBe('collected');
  });
});

describe('sameRepository', () => {
  it.each([
    ['https://git.example.com/fleet', 'ssh://git@git.example.com/fleet.git', true],
    ['https://git.example.com/fleet/', 'git@git.example.com:fleet.git', true],
    ['https://GIT.example.com:443/fleet', 'https://git.example.com/fleet', true],
    ['https://git.example.com/fleet', 'https://git.example.com/fleet2', false],
    ['https://git.example.com/a/fleet', 'https://git.example.com/b/fleet', false],
    ['https://git.example.com:8443/fleet', 'https://git.example.com/fleet', false],
  ])('%s and %s: %j', (left, right, same) => {
    expect(sameRepository(left, right)).toBe(same);
  });
});
