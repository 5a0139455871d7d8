import { describe, expect, it } from 'vitest';
import { collected } from '#libs/core';
import { evaluate } from '#libs/engine';
import { judge } from '../../../../test/support/expect-control.js';
import { snapshotOf } from '../../../../test/support/snapshot-of.js';
import { breakGlassIndependent } from '../break-glass/bg-03-independent.js';
import { noRevocationByTenants } from './ded-01-no-revocation-by-tenants.js';

const [CLEAN] = noRevocationByTenants.examples.passing;
const RESCUE = `
kind: Registration
role: tenant
tenancy: dedicated
platformPrincipals: { groups: [platform-admins] }
tenants: [{ name: team-a, namespaces: { names: [team-a] }, principals: { groups: [team-a] } }]
breakGlass:
  - name: edge-001
    principals: { groups: [rescue] }
    authMethod: clientCertificate
    credentialStores: [vault, offline]
    network: { via: bastion }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: cluster-admin }
rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: rescue }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: Group, apiGroup: rbac.authorization.k8s.io, name: rescue }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: platform }
rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: platform }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: platform }
subjects: [{ kind: Group, apiGroup: rbac.authorization.k8s.io, name: platform-admins }]
`;
const kustomization = (name: string) => `
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { namespace: flux-system, name: self }
spec: { interval: 10m, prune: true, kubeConfig: { secretRef: { name: ${name} } } }
`;

describe('a kubeconfig of which nothing is known', () => {
  it.each(['self', 'toString', '__proto__'])('leaves open who the platform is: Secret %s', (name) => {
    const snapshot = snapshotOf((CLEAN?.yaml ?? '') + kustomization(name));
    const artifacts = { ...snapshot.artifacts, secretFacts: collected({}) };
    const profile = { id: 'test@1', ruleSetVersion: 'test', controls: [noRevocationByTenants.id] };
    const [result] = evaluate([noRevocationByTenants], profile, { ...snapshot, artifacts }).results;
    expect(result).toMatchObject({ outcome: 'notEvaluated', reason: 'NOT_COLLECTED' });
  });
});

describe('a kubeconfig that may not be read', () => {
  const forbidden = { unavailableEntries: { secretFacts: { 'flux-system/self': 'forbidden' } } } as const;
  const yaml = RESCUE + kustomization('self');

  it('leaves open who the platform of a dedicated cluster is', () => {
    expect(judge(breakGlassIndependent, yaml, forbidden)).toMatchObject({
      outcome: 'notEvaluated',
      reason: 'RBAC_DENIED_READ',
    });
  });

  it('leads elsewhere, as a rule, from a cluster that manages others', () => {
    const hub = yaml.replace('role: tenant', 'role: management');
    expect(hub).not.toBe(yaml);
    expect(judge(breakGlassIndependent, hub, forbidden).outcome).toBe('pass');
  });
});
