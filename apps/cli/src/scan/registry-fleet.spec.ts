import { describe, expect, it } from 'vitest';
import { CertificateAuthority } from '#libs/simulator';
import { registryFleet } from './registry-fleet.js';

const FILE = `
clusters:
- id: hub
  role: management
- id: spoke
  role: dedicated
  delivery: remoteApply
  apiServer: API.spoke.example.com
  caSpkiSha256: AA:${'0'.repeat(62)}
  clusterUid: uid-spoke
  tenants: [{id: team-a}, {name: team-b}]
- id: somewhere
  role: dedicated
`;
const access = { server: 'https://hub.example.com:6443' };

describe('the fleet of a registry file', () => {
  it('is the audited cluster and those that say where they are', () => {
    expect(registryFleet(FILE, 'hub', access)).toEqual([
      { name: 'hub', role: 'management', server: 'https://hub.example.com:6443', tenants: [], self: true },
      {
        name: 'spoke',
        role: 'tenant',
        tenancy: 'dedicated',
        delivery: 'remoteApply',
        server: 'https://api.spoke.example.com:443',
        caSpkiSha256: `aa${'0'.repeat(62)}`,
        uid: 'uid-spoke',
        tenants: ['team-a', 'team-b'],
      },
    ]);
  });

  it('knows the CA of the audited cluster from its kubeconfig', async () => {
    const { certPem } = await CertificateAuthority.create('hub');
    const [hub] = registryFleet('role: management', 'context', { ...access, caData: certPem });
    expect(hub).toMatchObject({ name: 'context', self: true, caSpkiSha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });
});
