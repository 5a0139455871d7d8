import { describe, expect, it } from 'vitest';
import type { KnownCluster } from '#libs/persistence';
import { CertificateAuthority } from '#libs/simulator';
import { knownFleet } from './known-fleet.js';

const known = (changes: Partial<KnownCluster>): KnownCluster => ({
  id: 'cls_1',
  name: 'spoke',
  role: null,
  tenancy: null,
  delivery: null,
  connection: { server: 'https://api.example.com' },
  clusterUid: null,
  tenants: [],
  ...changes,
});

describe('the registered clusters as a fleet', () => {
  it('have what is known of them, and nothing that is not', () => {
    expect(knownFleet([known({})], 'cls_2')).toEqual([
      { name: 'spoke', server: 'https://api.example.com:443', tenants: [] },
    ]);
  });

  it('have the key of their CA, and never the certificate', async () => {
    const { certPem } = await CertificateAuthority.create('spoke');
    const [cluster] = knownFleet(
      [
        known({
          role: 'tenant',
          tenancy: 'dedicated',
          delivery: 'remoteApply',
          connection: { server: 'https://API.example.com:6443/k8s/c-1/', caData: certPem },
          clusterUid: 'uid',
          tenants: ['a'],
        }),
      ],
      'cls_1',
    );
    expect(cluster).toEqual({
      name: 'spoke',
      role: 'tenant',
      tenancy: 'dedicated',
      delivery: 'remoteApply',
      server: 'https://api.example.com:6443/k8s/c-1',
      caSpkiSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      uid: 'uid',
      tenants: ['a'],
      self: true,
    });
  });

  it('stay without a key where their CA is none', () => {
    const [cluster] = knownFleet([known({ connection: { server: 'https://x', caData: 'nonsense' } })], 'cls_2');
    expect(cluster).not.toHaveProperty('caSpkiSha256');
  });
});
