import { describe, expect, it } from 'vitest';
import type { Registration } from '#libs/core';
import { SHARED, fluxObject } from '../../../../../test/support/flux-installation.js';
import { type SnapshotOptions, snapshotOf } from '../../../../../test/support/snapshot-of.js';
import { secretReaderQuestions } from './secret-readers.js';

const sealer = {
  apiVersion: 'v1',
  kind: 'OperatorPod',
  metadata: { name: 'sealed-secrets-7d', namespace: 'sealing' },
  program: 'sealed-secrets-controller',
  container: { name: 'controller', image: 'bitnami/sealed-secrets-controller:0.36.6' },
};
const decrypts = (path: string) =>
  fluxObject('Kustomization', path, { decryption: { provider: 'sops', secretRef: { name: 'k' } } });
const declared: Partial<Registration> = {
  ...SHARED,
  tenants: [{ ...SHARED.tenants[0], principals: { groups: ['developers-a'] } }, SHARED.tenants[1]],
};

function asked(input: readonly object[], options: SnapshotOptions = { registration: declared }): readonly string[] {
  const { artifacts } = snapshotOf(input, options);
  return secretReaderQuestions(artifacts).map(
    ({ user, groups, verb, resource, namespace }) => `${user || groups[0]} ${verb} ${resource} ${namespace}`,
  );
}

describe('questions about Secrets with keys', () => {
  it('ask for each place about everybody else, declared principals first', () => {
    expect(asked([sealer, decrypts('team-a/apps')])).toEqual([
      'developers-a get secrets sealing',
      'system:serviceaccount:team-a:default get secrets sealing',
      'system:serviceaccount:team-b:default get secrets sealing',
      'system:serviceaccount:team-b:default get secrets team-a',
    ]);
  });

  it('are few, however many places and tenants there are', () => {
    const many = Array.from({ length: 100 }, (_each, index) => decrypts(`n-${index}/apps`));
    expect(asked(many)).toHaveLength(40);
  });

  it.each<[string, readonly object[], SnapshotOptions]>([
    ['nothing is decrypted', [], { registration: declared }],
    ['there are no tenants', [sealer], { registration: { role: 'standalone' } }],
    ['rights could not be read', [sealer], { registration: declared, unavailable: { rbac: 'forbidden' } }],
    [
      'nothing else could be read',
      [sealer, decrypts('team-a/apps')],
      { registration: declared, unavailable: { operatorPods: 'forbidden', kustomizations: 'forbidden' } },
    ],
  ])('are none where %s', (_title, input, options) => {
    expect(asked(input, options)).toEqual([]);
  });
});
