import { describe, expect, it } from 'vitest';
import type { Artifacts, Collected, Registration } from '#libs/core';
import { type SnapshotOptions, snapshotOf } from '../../../../test/support/snapshot-of.js';
import { resolveTenancy } from './resolve-tenancy.js';

function tenancy(yaml: string, registration: Partial<Registration> = {}, options: SnapshotOptions = {}) {
  const { artifacts } = snapshotOf(yaml, { ...options, registration });
  return resolveTenancy({ ...artifacts, registration: registrationOf(artifacts.registration) }, ['flux-system']);
}

function registrationOf(artifact: Collected<Artifacts['registration']>): Registration {
  if (artifact.state !== 'collected') throw new Error('registration');
  return artifact.value;
}

function namespace(
  name: string,
  labels: Record<string, string> = {},
  annotations: Record<string, string> = {},
): string {
  return `
apiVersion: v1
kind: Namespace
metadata: ${JSON.stringify({ name, labels, annotations })}
`;
}

function kustomization(path: string, spec: object = {}, labels: object = {}): string {
  const [namespace, name] = path.split('/');
  return `
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: ${JSON.stringify({ name, namespace, labels })}
spec: ${JSON.stringify({ sourceRef: { kind: 'GitRepository', name: 'repo' }, ...spec })}
`;
}

function helmRelease(path: string, spec: object = {}, labels: object = {}): string {
  const [namespace, name] = path.split('/');
  return `
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: ${JSON.stringify({ name, namespace, labels })}
spec: ${JSON.stringify(spec)}
`;
}

const documents = (...parts: string[]): string => parts.join('---');
const tenantLabel = (name: string) => ({ 'toolkit.fluxcd.io/tenant': name });
const appliedByRoot = {
  'kustomize.toolkit.fluxcd.io/name': 'flux-system',
  'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
};
const root = kustomization('flux-system/flux-system', {}, appliedByRoot);
const fromRoot = { sourceRef: { kind: 'GitRepository', name: 'repo', namespace: 'flux-system' } };

const TWO = documents(
  namespace('flux-system'),
  namespace('a-1', tenantLabel('team-a')),
  namespace('a-2', tenantLabel('team-a')),
  namespace('b', tenantLabel('team-b')),
);
const NONE = documents(namespace('flux-system'), namespace('default'), root);

describe('what the registry states', () => {
  it.each<[string, Partial<Registration>, object]>([
    [
      'standalone',
      { role: 'standalone' },
      { role: 'standalone', declared: true, severalTenants: 'no', confidence: 'proven' },
    ],
    [
      'dedicated',
      { role: 'tenant', tenancy: 'dedicated' },
      { role: 'dedicated', declared: true, severalTenants: 'no' },
    ],
    [
      'dedicated, and two tenants on it',
      { role: 'tenant', tenancy: 'dedicated', tenants: [{ name: 'a' }, { name: 'b' }] },
      { role: 'dedicated', severalTenants: 'yes', confidence: 'proven' },
    ],
    [
      'shared, with its tenants',
      { role: 'tenant', tenancy: 'shared', tenants: [{ name: 'a', namespaces: { names: ['a-1'] } }] },
      { role: 'shared', declared: true, severalTenants: 'yes', tenants: [{ name: 'a', namespaces: ['a-1'] }] },
    ],
    [
      'management, dedicated',
      { role: 'management', tenancy: 'dedicated' },
      { role: 'management', severalTenants: 'no' },
    ],
    [
      'management, shared by tenants',
      { role: 'management', tenancy: 'shared', tenants: [{ name: 'a' }] },
      { role: 'management', declared: true, severalTenants: 'yes' },
    ],
    [
      'only two tenants',
      { tenants: [{ name: 'a' }, { name: 'b', namespaces: { matchLabels: { team: 'b' } } }] },
      { role: 'shared', declared: false, severalTenants: 'yes', confidence: 'derived' },
    ],
    ['only one tenant', { tenants: [{ name: 'a' }] }, { role: 'dedicated', declared: false, severalTenants: 'no' }],
  ])('%s', (_title, registration, expected) => {
    expect(tenancy(NONE, registration)).toMatchObject(expected);
  });

  it('needs no read of the cluster', () => {
    const options: SnapshotOptions = {
      unavailable: { namespaces: 'forbidden', kustomizations: 'forbidden', helmReleases: 'forbidden' },
    };
    expect(tenancy('', { role: 'standalone' }, options)).toMatchObject({ severalTenants: 'no' });
    expect(tenancy('', { role: 'tenant', tenancy: 'dedicated' }, options)).toMatchObject({ severalTenants: 'no' });
    expect(tenancy('', { tenants: [{ name: 'a' }, { name: 'b' }] }, options)).toMatchObject({ severalTenants: 'yes' });
  });

  it('finds the namespaces of declared tenants by label', () => {
    const yaml = documents(namespace('b-1', { team: 'b' }), namespace('x'));
    const { tenants } = tenancy(yaml, {
      tenants: [{ name: 'a' }, { name: 'b', namespaces: { names: ['b-0'], matchLabels: { team: 'b' } } }],
    });
    expect(tenants[1]).toEqual({ name: 'b', namespaces: ['b-0', 'b-1'] });
  });
});

describe('what the cluster suggests', () => {
  it.each<[string, string, Partial<Registration>, object]>([
    [
      'two labelled tenants',
      TWO,
      {},
      {
        role: 'shared',
        declared: false,
        severalTenants: 'yes',
        confidence: 'heuristic',
        tenants: [
          { name: 'team-a', namespaces: ['a-1', 'a-2'] },
          { name: 'team-b', namespaces: ['b'] },
        ],
      },
    ],
    ['nothing', NONE, {}, { role: 'standalone', declared: false, severalTenants: 'no', confidence: 'heuristic' }],
    [
      'objects for other clusters',
      documents(NONE, kustomization('flux-system/spoke', { kubeConfig: { secretRef: { name: 'spoke' } } })),
      {},
      { role: 'management', declared: false, severalTenants: 'no' },
    ],
    [
      'a management cluster with two spokes in namespaces of their own',
      documents(
        namespace('spoke-a'),
        namespace('spoke-b'),
        kustomization('spoke-a/apps', { kubeConfig: { secretRef: { name: 'k' } } }),
        helmRelease('spoke-b/apps', { kubeConfig: { secretRef: { name: 'k' } } }),
      ),
      { role: 'management' },
      { role: 'management', declared: true, severalTenants: 'yes', confidence: 'heuristic' },
    ],
    [
      'one labelled tenant',
      documents(namespace('a', tenantLabel('team-a')), root),
      {},
      { severalTenants: 'unknown', problem: { code: 'TENANTS_AMBIGUOUS', message: /: a\. Declare/ } },
    ],
    [
      'one labelled tenant, which is the platform: from the root repository, as the controller',
      documents(namespace('monitoring', tenantLabel('platform')), root, kustomization('monitoring/stack', fromRoot)),
      {},
      { severalTenants: 'unknown', problem: { code: 'TENANTS_AMBIGUOUS', cause: 'tenantsAmbiguous' } },
    ],
    [
      'two labelled tenants, one of which is the Flux namespace',
      documents(namespace('flux-system', tenantLabel('platform')), namespace('a', tenantLabel('team-a'))),
      {},
      { severalTenants: 'unknown', problem: { code: 'TENANTS_AMBIGUOUS', message: /a, flux-system/ } },
    ],
    [
      'three labelled tenants, one of which is the Flux namespace',
      documents(TWO, namespace('flux-system-2', tenantLabel('x'))),
      { fluxNamespaces: ['flux-system-2'] },
      { severalTenants: 'yes', tenants: [{ name: 'team-a' }, { name: 'team-b' }] },
    ],
    [
      'a labelled namespace that the registry calls the platform',
      documents(namespace('monitoring', tenantLabel('platform'))),
      { platformNamespaces: ['monitoring'] },
      { role: 'standalone', severalTenants: 'no' },
    ],
    [
      'labels of its own',
      documents(namespace('a', { team: 'a', ...tenantLabel('x') }), namespace('b', { team: 'b', ...tenantLabel('x') })),
      { tenantLabels: ['team'] },
      { severalTenants: 'yes', tenants: [{ name: 'a' }, { name: 'b' }] },
    ],
    [
      'Capsule',
      documents(
        namespace('a', { 'capsule.clastix.io/tenant': 'oil' }),
        namespace('b', { 'capsule.clastix.io/tenant': 'gas' }),
      ),
      {},
      { severalTenants: 'yes', tenants: [{ name: 'oil' }, { name: 'gas' }] },
    ],
    [
      'namespace trees',
      documents(
        namespace('org-a', { 'org-a.tree.hnc.x-k8s.io/depth': '0' }),
        namespace('app-a', { 'org-a.tree.hnc.x-k8s.io/depth': '1', 'app-a.tree.hnc.x-k8s.io/depth': '0' }),
        namespace('org-b', { 'org-b.tree.hnc.x-k8s.io/depth': '0' }),
        namespace('app-b', { 'org-b.tree.hnc.x-k8s.io/depth': '1', 'app-b.tree.hnc.x-k8s.io/depth': '0' }),
        namespace('alone', { 'alone.tree.hnc.x-k8s.io/depth': '0' }),
      ),
      {},
      {
        tenants: [
          { name: 'org-a', namespaces: ['org-a', 'app-a'] },
          { name: 'org-b', namespaces: ['org-b', 'app-b'] },
        ],
      },
    ],
    [
      'Rancher projects',
      documents(
        namespace('kube-system', {}, { 'field.cattle.io/projectId': 'c:p-system' }),
        namespace('cattle-system', {}, { 'field.cattle.io/projectId': 'c:p-system' }),
        namespace('a', {}, { 'field.cattle.io/projectId': 'c:p-a' }),
        namespace('b', {}, { 'field.cattle.io/projectId': 'c:p-b' }),
      ),
      {},
      { tenants: [{ name: 'c:p-a' }, { name: 'c:p-b' }] },
    ],
    [
      'namespaces with Flux objects of their own',
      documents(
        namespace('a'),
        namespace('b'),
        root,
        kustomization('a/apps'),
        helmRelease('b/app', { serviceAccountName: 'b' }),
      ),
      {},
      { role: 'shared', severalTenants: 'yes', tenants: [{ name: 'a' }, { name: 'b' }] },
    ],
    [
      "namespaces with the platform's releases are none",
      documents(
        namespace('ingress'),
        namespace('monitoring'),
        root,
        helmRelease('ingress/nginx', {}, appliedByRoot),
        kustomization('monitoring/stack', { ...fromRoot, serviceAccountName: 'flux' }),
      ),
      {},
      { role: 'standalone', severalTenants: 'no' },
    ],
    [
      'an account of its own makes a tenant of it',
      documents(
        namespace('a', tenantLabel('team-a')),
        namespace('b', tenantLabel('team-b')),
        root,
        kustomization('a/apps', { ...fromRoot, serviceAccountName: 'team-a' }),
      ),
      {},
      { severalTenants: 'yes', tenants: [{ name: 'team-a' }, { name: 'team-b' }] },
    ],
    [
      'a tenant cluster without a trace of tenants',
      NONE,
      { role: 'tenant' },
      { severalTenants: 'unknown', problem: { code: 'TENANTS_UNDEFINED' } },
    ],
    [
      'a shared cluster without a trace of tenants',
      NONE,
      { role: 'tenant', tenancy: 'shared' },
      {
        role: 'shared',
        declared: true,
        severalTenants: 'unknown',
        problem: { code: 'TENANTS_UNDEFINED', cause: 'tenantsUndefined' },
      },
    ],
    [
      'a shared cluster with tenants that nobody declared',
      TWO,
      { role: 'tenant', tenancy: 'shared' },
      { role: 'shared', declared: true, severalTenants: 'yes', confidence: 'heuristic' },
    ],
  ])('%s', (_title, yaml, registration, expected) => {
    const result = tenancy(yaml, registration);
    const { problem, ...others } = expected as { problem?: { message?: RegExp } };
    const { message, ...fields } = problem ?? {};
    expect(result).toMatchObject({ ...others, ...(problem && { problem: fields }) });
    expect(result.problem?.message ?? '').toMatch(message ?? /^/);
  });

  it.each(['namespaces', 'kustomizations', 'helmReleases'] as const)('cannot tell without %s', (name) => {
    const result = tenancy(TWO, {}, { unavailable: { [name]: 'forbidden' } });
    expect(result).toMatchObject({
      role: undefined,
      severalTenants: 'unknown',
      problem: { code: 'RBAC_DENIED_READ', cause: 'forbidden' },
    });
    expect(result.problem?.missing).toHaveLength(1);
  });
});
