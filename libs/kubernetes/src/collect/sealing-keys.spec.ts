import { describe, expect, it } from 'vitest';
import type { SimulatedCluster } from '#libs/simulator';
import { collect, object, pod, valueOf } from '../../test/collected-objects.js';
import { SECRET, type Json } from '../../test/objects.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import { writeSnapshot } from '../snapshot/write-snapshot.js';

describe('the keys of the Sealed Secrets controller', () => {
  const LABEL = 'sealedsecrets.bitnami.com/sealed-secrets-key';
  const controller = pod([{ image: 'bitnami/sealed-secrets-controller:0.38.4' }], { namespace: 'sealing', name: 'x' });
  const secret = (name: string, namespace: string, labels: Json) =>
    object('v1', 'Secret', name, { data: { 'tls.key': SECRET }, type: 'kubernetes.io/tls' }, { namespace, labels });
  const secrets = [
    secret('key', 'sealing', { [LABEL]: 'active' }),
    secret('unlabelled', 'sealing', {}),
    secret('elsewhere', 'team-a', { [LABEL]: 'active' }),
  ];
  const lists = (cluster: SimulatedCluster) => cluster.requests.requests.filter(({ path }) => /\/secrets\?/.test(path));

  it('are read as metadata, from its namespace alone', async () => {
    const { snapshot, cluster } = await collect([controller, ...secrets]);
    const keys = valueOf(snapshot, 'sealingKeys');
    expect(keys).toMatchObject([
      {
        kind: 'Secret',
        metadata: {
          name: 'key',
          labels: { [LABEL]: 'active' },
          managedFields: [{ manager: 'kubectl', time: '2026-10-01T00:00:00Z' }],
        },
      },
    ]);
    expect(keys).toHaveLength(1);
    expect(JSON.stringify(snapshot)).not.toContain(SECRET);
    expect(lists(cluster).map(({ path }) => path)).toEqual([
      `/api/v1/namespaces/sealing/secrets?limit=500&labelSelector=${encodeURIComponent(LABEL)}`,
    ]);
    expect(readSnapshot(writeSnapshot(snapshot)).artifacts.sealingKeys).toEqual(snapshot.artifacts.sealingKeys);
  });

  it('are not asked for where it does not run', async () => {
    const { snapshot, cluster } = await collect(secrets);
    expect(valueOf(snapshot, 'sealingKeys')).toEqual([]);
    expect(lists(cluster)).toEqual([]);
  });

  it('are unavailable where they may not be listed, with the permission', async () => {
    const missing = { verb: 'list', group: '', resource: 'secrets', namespace: 'sealing' };
    const { snapshot } = await collect([controller, ...secrets], (cluster) => cluster.deny(missing));
    expect(snapshot.artifacts.sealingKeys).toMatchObject({
      state: 'unavailable',
      reason: 'forbidden',
      missing: [missing],
    });
  });

  it('are not asked for everywhere because pods everywhere look like it', async () => {
    const decoys = Array.from({ length: 21 }, (_, i) =>
      pod([{ image: 'sealed-secrets-controller' }], { namespace: `decoy-${i}`, name: 'x' }),
    );
    const { snapshot, cluster } = await collect(decoys);
    expect(snapshot.artifacts.sealingKeys).toMatchObject({ state: 'unavailable', reason: 'budgetExceeded' });
    expect(lists(cluster)).toEqual([]);
  });
});
