import { describe, expect, it } from 'vitest';
import { catalog, DEFAULT_PROFILE, profileById } from '#libs/controls';
import { ARTIFACT_NAMES, subjectKey, type Snapshot } from '#libs/core';
import { evaluate } from '#libs/engine';
import {
  FLUX_OPERATOR_RESOURCES,
  FLUX_RESOURCES,
  fluxObjects,
  gitRepository,
  helmRelease,
  kustomization,
  SimulatedCluster,
  SimulatedServer,
  tenantNamespace,
  type FluxInstallationOptions,
} from '#libs/simulator';
import { snapshotOf } from '../../../../test/support/snapshot-of.js';
import { openClient } from '../../test/hostile-cluster.js';
import { collectSnapshot } from '../collect/collect-snapshot.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import { writeSnapshot } from '../snapshot/write-snapshot.js';

/** All results, as far as they are said of the objects themselves. */
function judged(snapshot: Snapshot) {
  const profile = profileById(DEFAULT_PROFILE);
  if (!profile) throw new Error('there is no default profile');
  return evaluate(catalog, profile, snapshot).results;
}

const examples = catalog.flatMap(({ id, examples: { passing, failing } }) =>
  [...passing, ...failing].map(({ title, yaml }) => ({ id, title, yaml })),
);

describe('what a projection drops, no control reads', () => {
  it.each(examples)('$id: $title', ({ yaml }) => {
    const whole = snapshotOf(yaml);
    const projected = readSnapshot(writeSnapshot(whole));
    expect(judged(projected)).toEqual(judged(whole));
  });

  it('has examples to look at', () => {
    expect(examples.length).toBeGreaterThan(15);
  });
});

describe('a cluster that is read is judged like its objects', () => {
  const KUSTOMIZATIONS = [
    'healthy',
    'accessRevoked',
    'targetUnreachable',
    'credentialMissing',
    'sourceMissing',
    'stale',
    'suspended',
    'neverReconciled',
    'stuckDeletion',
    'notHandled',
  ] as const;
  const HELM_RELEASES = ['healthy', 'accessRevoked', 'credentialMissing', 'frozen', 'suspended'] as const;
  const place = (name: string) => ({ namespace: 'team-a', name: name.toLowerCase(), kubeconfigSecret: 'kubeconfig' });
  const reconciled = [
    ...KUSTOMIZATIONS.flatMap((state) => [kustomization({ ...place(state), state }), gitRepository(place(state))]),
    ...HELM_RELEASES.map((state) => helmRelease({ ...place(`chart-${state}`), state })),
  ];
  const LAYOUTS: readonly (readonly [string, FluxInstallationOptions])[] = [
    ['locked down', {}],
    ['open', { lockDown: 'none' }],
    ['with shards', { shards: ['shard1'] }],
    ['all in one', { allInOne: true }],
    ['from another registry', { registry: 'registry.example.com:5000/mirror/fluxcd' }],
    ['old', { release: 'v2.6.4', lockDown: 'multiTenancy' }],
    ['by the Flux Operator', { fluxOperator: true }],
    ['with an unsafe flag', { editArguments: (_component, args) => [...args, '--insecure-kubeconfig-exec=true'] }],
  ];

  /** What a cluster says that is in none of these objects: what it serves, refuses to show, or is not asked. */
  const BEYOND = [
    'discovery',
    'secretFacts',
    'kubeConfigMaps',
    'accessReviews',
    'gitTrees',
    'fleet',
    'platformConfigMaps',
    'probes',
  ] as const;

  it.each(LAYOUTS)('Flux %s', async (_title, options) => {
    const now = Date.now();
    const live = reconciled.map((object) => object(now));
    const cluster = new SimulatedCluster({
      name: 'c',
      resources: [...FLUX_RESOURCES, ...FLUX_OPERATOR_RESOURCES],
      objects: [...fluxObjects(options), tenantNamespace({ tenant: 'team-a' }), ...live],
    });
    const server = await SimulatedServer.start({ clusters: cluster });
    const credential = { kind: 'token', token: cluster.user.token } as const;
    const client = await openClient({ server: server.urlOf(cluster), caData: server.caPem, credential });
    const collected = await collectSnapshot(client, {
      name: 'c',
      registration: { name: 'c', role: 'management', tenancy: 'shared' },
      sightings: { firstSeen: {} },
      needs: ARTIFACT_NAMES,
    });
    await client.close();
    await server.close();

    const objects = [...fluxObjects(options), tenantNamespace({ tenant: 'team-a' }), ...live];
    const known = snapshotOf(
      objects.filter(({ kind }) => kind !== 'ReplicaSet'),
      { registration: { name: 'c', role: 'management', tenancy: 'shared' }, at: collected.collectedAt },
    );
    const artifacts = {
      ...known.artifacts,
      ...Object.fromEntries(BEYOND.map((name) => [name, collected.artifacts[name]])),
    };
    const direct = { ...known, artifacts };
    const outcomes = (snapshot: Snapshot) =>
      judged(snapshot).flatMap(({ controlId, observations }) =>
        observations.map(({ outcome, reason, subject }) => ({
          controlId,
          outcome,
          reason,
          subject: subjectKey(subject),
        })),
      );
    expect(outcomes(collected)).toEqual(outcomes(direct));
    expect(outcomes(collected).some(({ outcome }) => outcome === 'pass' || outcome === 'fail')).toBe(true);
  });
});
