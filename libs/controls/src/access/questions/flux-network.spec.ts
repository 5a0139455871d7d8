import { describe, expect, it } from 'vitest';
import { SHARED, controller } from '../../../../../test/support/flux-installation.js';
import { type SnapshotOptions, snapshotOf } from '../../../../../test/support/snapshot-of.js';
import { fluxNetworkQuestions } from './flux-network.js';

const registration = {
  ...SHARED,
  tenants: [{ ...SHARED.tenants[0], principals: { groups: ['team-a'] } }, SHARED.tenants[1]],
};
const ask = (options: SnapshotOptions = {}) =>
  fluxNetworkQuestions(snapshotOf(controller('source-controller', []), { registration, ...options }).artifacts).map(
    ({ groups, verb, resource, subresource, namespace }) =>
      `${groups[0]} ${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`} ${namespace}`,
  );

describe('questions about the network of Flux', () => {
  it('asks for the declared principals of tenants', () => {
    expect(ask()).toEqual([
      ...['create', 'patch', 'update', 'delete'].map((verb) => `team-a ${verb} networkpolicies flux-system`),
      'team-a get pods/proxy flux-system',
      'team-a create pods/proxy flux-system',
      'team-a get services/proxy flux-system',
      'team-a create services/proxy flux-system',
      'team-a create pods/portforward flux-system',
    ]);
  });

  it('asks nothing where there is nobody to ask for', () => {
    expect(ask({ registration: SHARED })).toEqual([]);
    expect(ask({ registration: { role: 'standalone' } })).toEqual([]);
    expect(ask({ unavailable: { rbac: 'forbidden' } })).toEqual([]);
  });

  it('leaves room for other topics', () => {
    const groups = Array.from({ length: 50 }, (_, index) => `g${index}`);
    expect(
      ask({
        registration: { ...SHARED, tenants: [{ ...SHARED.tenants[0], principals: { groups } }, SHARED.tenants[1]] },
      }),
    ).toHaveLength(40);
  });
});
