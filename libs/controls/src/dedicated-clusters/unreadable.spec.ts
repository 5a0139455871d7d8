import { describe, expect, it } from 'vitest';
import type { Control, Outcome } from '#libs/core';
import { judge } from '../../../../test/support/expect-control.js';
import { controller } from '../../../../test/support/flux-installation.js';
import { bound, clusterRole, granted, namespace, serviceAccount } from '../../../../test/support/rbac-text.js';
import { procedureComplete } from '../break-glass/bg-01-procedure-complete.js';
import { breakGlassWorks } from '../break-glass/bg-02-would-work.js';
import { breakGlassIndependent } from '../break-glass/bg-03-independent.js';
import { breakGlassFresh } from '../break-glass/bg-04-fresh.js';
import { breakGlassMonitored } from '../break-glass/bg-05-sealed-and-monitored.js';
import { driftCorrectionOn } from '../flux-objects/x-17-drift-correction-on.js';
import { noRevocationByTenants } from './ded-01-no-revocation-by-tenants.js';
import { tenantPermissions } from './ded-03-tenant-permissions.js';
import { tamperingHeals } from './ded-04-tampering-heals.js';

const CONTROLS: readonly Control[] = [
  noRevocationByTenants,
  tenantPermissions,
  tamperingHeals,
  procedureComplete,
  breakGlassWorks,
  breakGlassIndependent,
  breakGlassFresh,
  breakGlassMonitored,
  driftCorrectionOn,
];
const RBAC = 'rbac.authorization.k8s.io';
const REGISTRATION = {
  kind: 'Registration',
  role: 'tenant',
  tenancy: 'dedicated',
  platformPrincipals: { serviceAccounts: ['flux-remote/flux'] },
  tenants: [{ name: 'team-a', namespaces: { matchLabels: { team: 'a' } }, principals: { groups: ['team-a'] } }],
  breakGlass: [
    {
      name: 'bg',
      principals: { groups: ['rescue'] },
      credentialStores: ['git'],
      lastDrill: { at: '2020-01-01T00:00:00Z', result: 'passed' },
    },
  ],
};
const BASE = [
  REGISTRATION,
  namespace('team-a', { team: 'a' }),
  namespace('flux-remote'),
  serviceAccount('team-a/app'),
  serviceAccount('flux-remote/flux'),
  clusterRole('cluster-admin', ['* */*']),
  bound('*', 'cluster-admin', 'account flux-remote/flux', 'group rescue'),
];
const tenant = (place: string, ...rules: string[]) => granted(place, 'extra', rules, 'group team-a');

/** Clusters in which something is wrong that takes more than RBAC to see. */
const CLUSTERS: readonly (readonly [string, by: string, readonly object[]])[] = [
  [
    'pods of the tenant reach the platform',
    'FLUX-DED-01',
    [
      ...BASE,
      namespace('team-b', { team: 'a', 'pod-security.kubernetes.io/enforce': 'privileged' }),
      ...tenant('team-b', 'create /pods'),
      {
        kind: 'PodGroup',
        namespace: 'flux-remote',
        owner: { kind: 'Deployment', name: 'f' },
        serviceAccountName: 'flux',
        risks: [],
        mirror: false,
        nodes: {},
      },
    ],
  ],
  [
    'Flux applies as its controller',
    'FLUX-DED-01',
    [
      ...BASE,
      ...controller('kustomize-controller', []),
      ...granted('*', 'flux', ['* */*'], 'account flux-system/kustomize-controller'),
      ...tenant('team-a', 'create kustomize.toolkit.fluxcd.io/kustomizations'),
    ],
  ],
  [
    'cloud identities are mapped in the cluster',
    'FLUX-DED-01',
    [
      ...BASE,
      ...tenant('kube-system', 'update /configmaps aws-auth'),
      {
        apiVersion: 'v1',
        kind: 'PlatformConfigMap',
        metadata: { namespace: 'kube-system', name: 'aws-auth' },
        data: {},
      },
    ],
  ],
  [
    'exceptions of Kyverno',
    'FLUX-DED-01',
    [
      ...BASE,
      ...tenant('team-a', 'create kyverno.io/policyexceptions'),
      { apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy', metadata: { name: 'p' }, spec: {} },
    ],
  ],
  [
    'a webhook of the platform by name',
    'FLUX-DED-01',
    [
      ...BASE,
      ...tenant('*', 'delete admissionregistration.k8s.io/validatingwebhookconfigurations guard'),
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: 'guard' },
        webhooks: [],
      },
    ],
  ],
  [
    'a credential that leads back here',
    'FLUX-DED-01',
    [
      { ...REGISTRATION, platformPrincipals: { groups: ['system:masters'] } },
      ...BASE.slice(1),
      ...tenant('*', `delete ${RBAC}/clusterrolebindings home`),
      ...granted('*', 'home', ['* */*'], 'account home/flux'),
      {
        apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
        kind: 'Kustomization',
        metadata: { name: 'k', namespace: 'home' },
        spec: { kubeConfig: { secretRef: { name: 'kubeconfig' } } },
      },
      { kind: 'FleetCluster', name: 'here', server: 'https://here:6443', tenants: [], self: true },
      {
        kind: 'SecretFacts',
        metadata: { namespace: 'home', name: 'kubeconfig' },
        keys: ['value'],
        digest: 'd',
        lengths: {},
        kubeConfig: {
          server: 'https://here:6443/',
          fields: [],
          token: { kind: 'jwt', subject: 'system:serviceaccount:home:flux' },
        },
      },
    ],
  ],
  [
    'a mark on a Kustomization',
    'FLUX-X-17',
    [
      ...BASE,
      {
        apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
        kind: 'Kustomization',
        metadata: {
          name: 'k',
          namespace: 'flux-system',
          labels: { 'kustomize.toolkit.fluxcd.io/name': 'flux-system' },
          annotations: { 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled' },
        },
        spec: {},
      },
    ],
  ],
];

const CLEAN: readonly Outcome[] = ['pass', 'notApplicable'];

describe.each(CLUSTERS)('where %s', (_title, by, input) => {
  it('is seen', () => {
    const seen = CONTROLS.filter((control) => !CLEAN.includes(judge(control, input).outcome)).map(({ id }) => id);
    expect(seen).toContain(by);
  });

  it.each(CONTROLS.map((control) => [control.id, control] as const))(
    '%s gives no clean bill for what it cannot read',
    (_id, control) => {
      const { outcome } = judge(control, input);
      if (CLEAN.includes(outcome)) return;
      const cleaned = [...control.requires, ...control.optional].filter((name) =>
        CLEAN.includes(judge(control, input, { unavailable: { [name]: 'forbidden' } }).outcome),
      );
      expect(cleaned).toEqual([]);
    },
  );
});
