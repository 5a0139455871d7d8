import { expect, it } from 'vitest';
import type { ArtifactName } from '#libs/core';
import { fleetCluster, kubeSecret } from '../../../../test/support/kubeconfig-facts.js';
import { kustomization } from '../../../../test/support/remote-apply-objects.js';
import { snapshotOf } from '../../../../test/support/snapshot-of.js';
import { remoteAppliesOf } from './remote-applies.js';

const snapshot = (artifact?: ArtifactName, reason: 'notCollected' | 'forbidden' = 'notCollected') =>
  snapshotOf([kustomization(), kubeSecret(), fleetCluster('spoke-a')], {
    ...(artifact && { unavailable: { [artifact]: reason } }),
  });

it('tells where the objects of a management cluster lead', () => {
  const { remoteApplies } = remoteAppliesOf({ controls: null }, snapshot());
  expect(remoteApplies).toMatchObject({ edges: [{ target: { cluster: 'spoke-a' } }], unread: [] });
});

it('tells nothing where a run of some controls read only a part', () => {
  const run = { controls: ['FLUX-RA-03'] };
  expect(remoteAppliesOf(run, snapshot('secretFacts'))).toEqual({});
  expect(remoteAppliesOf(run, snapshot()).remoteApplies?.edges).toHaveLength(1);
  expect(remoteAppliesOf(run, snapshot('secretFacts', 'forbidden')).remoteApplies?.edges).toHaveLength(1);
});

it('tells what it can where the profile does not read everything', () => {
  const { remoteApplies } = remoteAppliesOf({ controls: null }, snapshot('secretFacts'));
  expect(remoteApplies).toMatchObject({ edges: [{ target: { state: 'unknown' }, auth: { method: 'unknown' } }] });
});
