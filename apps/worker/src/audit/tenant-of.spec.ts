import { describe, expect, it } from 'vitest';
import { collected, unavailable, type Finding, type Snapshot, type TenantRegistration } from '#libs/core';
import { tenantsOf } from './tenant-of.js';

const namespace = (name: string, labels: Readonly<Record<string, string>> = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace' as const,
  metadata: { name, labels },
});
const TENANTS: readonly TenantRegistration[] = [
  { name: 'team-a', namespaces: { names: ['a-prod'] } },
  { name: 'team-b', namespaces: { matchLabels: { tenant: 'b' } } },
];
const snapshotOf = (namespaces: Snapshot['artifacts']['namespaces']) =>
  ({ artifacts: { registration: collected({ name: 'x', tenants: TENANTS }), namespaces } }) as unknown as Snapshot;
const about = (subject: Finding['subject']) => ({ subject }) as Finding;

describe('tenantsOf', () => {
  const tenantOf = tenantsOf(
    snapshotOf(collected([namespace('a-prod'), namespace('blue', { tenant: 'b' }), namespace('other')])),
  );

  it.each([
    ['by the name of its namespace', { kind: 'Kustomization', namespace: 'a-prod', name: 'x' }, 'team-a'],
    ['by a label of its namespace', { kind: 'Kustomization', namespace: 'blue', name: 'x' }, 'team-b'],
    ['of the namespace itself', { kind: 'Namespace', name: 'blue' }, 'team-b'],
    ["of nobody's namespace", { kind: 'Pod', namespace: 'other', name: 'x' }, undefined],
    ['of a namespace that is gone', { kind: 'Pod', namespace: 'gone', name: 'x' }, undefined],
    ['of no namespace', { kind: 'Cluster', name: 'cluster' }, undefined],
  ])('%s', (_, subject, tenant) => {
    expect(tenantOf(about(subject))).toBe(tenant);
  });

  it('knows nothing where namespaces could not be read', () => {
    const blind = tenantsOf(snapshotOf(unavailable('forbidden', 'No.')));
    expect(blind(about({ kind: 'Pod', namespace: 'a-prod', name: 'x' }))).toBeUndefined();
  });
});
