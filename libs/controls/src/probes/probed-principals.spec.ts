import { describe, expect, it } from 'vitest';
import { probedPrincipals } from './probed-principals.js';

const tenant = (more: object) => ({ name: 'team-a', ...more });

describe('in whose name dry-runs are sent', () => {
  it('is who the registry declares, and the default account of each namespace', () => {
    expect(
      probedPrincipals({
        name: 'c',
        tenants: [
          tenant({
            namespaces: { names: ['team-a', 'team-a-dev'] },
            principals: { users: ['ann'], groups: ['team-a'], serviceAccounts: ['team-a/deployer', 'team-a/default'] },
          }),
        ],
      }),
    ).toEqual({
      users: ['ann', 'plimsoll:member'],
      groups: ['team-a'],
      serviceAccounts: [
        { namespace: 'team-a', name: 'deployer' },
        { namespace: 'team-a', name: 'default' },
        { namespace: 'team-a-dev', name: 'default' },
      ],
    });
  });

  it('is nobody of the platform, of emergencies, or of the system', () => {
    expect(
      probedPrincipals({
        name: 'c',
        platformPrincipals: { users: ['root'], groups: ['platform'], serviceAccounts: ['team-a/flux'] },
        breakGlass: [{ name: 'b', principals: { users: ['bg'], groups: ['emergency'] } }],
        tenants: [
          tenant({
            namespaces: { names: ['team-a', 'kube-system'] },
            principals: {
              users: ['root', 'bg', 'system:admin', 'system:kube-controller-manager'],
              groups: ['platform', 'emergency', 'system:masters', 'system:nodes', 'kubeadm:cluster-admins'],
              serviceAccounts: ['team-a/flux', 'kube-system/default'],
            },
          }),
        ],
      }),
    ).toEqual({ users: [], groups: [], serviceAccounts: [{ namespace: 'team-a', name: 'default' }] });
  });

  it('is nobody where nobody is declared', () => {
    expect(probedPrincipals({ name: 'c' })).toEqual({ users: [], groups: [], serviceAccounts: [] });
  });
});
