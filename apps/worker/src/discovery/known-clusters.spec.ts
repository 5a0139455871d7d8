import { expect, it } from 'vitest';
import type { DiscoveredCluster } from '#libs/core';
import type { KnownCluster } from '#libs/persistence';
import { knownClusterOf } from './known-clusters.js';

const known = (id: string, server: string): KnownCluster => ({
  id,
  name: id,
  role: null,
  tenancy: null,
  delivery: null,
  connection: { server },
  clusterUid: null,
  tenants: [],
});
const found = (server: string | undefined, caSpkiSha256?: string): DiscoveredCluster => ({
  key: 'k',
  name: 'n',
  object: { kind: 'Secret', namespace: 'a', name: 'b' },
  labels: {},
  reasons: [],
  ...(server !== undefined && { connection: { server } }),
  ...(caSpkiSha256 !== undefined && { caSpkiSha256 }),
});

it.each<[string, DiscoveredCluster, string | undefined]>([
  ['with the same address', found('https://a.example.com:443'), 'cls_a'],
  ['with another address', found('https://b.example.com'), undefined],
  ['with another CA', found('https://a.example.com', 'ab'), undefined],
  ['without an address', found(undefined), undefined],
  ['that two are', found('https://twice.example.com'), undefined],
])('a found cluster %s', (_title, cluster, id) => {
  const match = knownClusterOf([
    known('cls_a', 'https://a.example.com'),
    known('cls_b', 'https://twice.example.com'),
    known('cls_c', 'https://twice.example.com:443'),
  ]);
  expect(match(cluster)).toBe(id);
});
