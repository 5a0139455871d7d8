import { describe, expect, it } from 'vitest';
import { CliError } from '../exit-codes.js';
import { parseRegistryFile } from './registry-file.js';

describe('parseRegistryFile', () => {
  it.each([
    ['role: management', { role: 'management' }],
    ['role: standalone', { role: 'standalone' }],
    ['role: shared', { role: 'tenant', tenancy: 'shared' }],
    ['role: dedicated', { role: 'tenant', tenancy: 'dedicated' }],
    ['role: tenant\ntenancy: shared', { role: 'tenant', tenancy: 'shared' }],
    ['delivery: other', { delivery: 'other' }],
    ['{}', {}],
  ])('reads the role of %j', (text, expected) => {
    expect(parseRegistryFile(text, 'ctx').registration).toEqual({ name: 'ctx', ...expected });
  });

  it('reads a whole entry', () => {
    const text = `
id: prod-eu-1
role: shared
clusterUid: 11111111-2222-3333-4444-555555555555
fluxNamespaces: [flux-system]
platformNamespaces: [flux-system, kube-system]
tenants:
- id: team-a
  isolation: high
  namespaces: {names: [team-a], matchLabels: {toolkit.fluxcd.io/tenant: team-a}}
  principals: {groups: [oidc:team-a]}
platformPrincipals: {users: [alice]}
breakGlass:
- {name: admin, principals: {users: [bg]}, runbook: https://example.com}
`;
    expect(parseRegistryFile(text, 'some-context')).toEqual({
      expectedUid: '11111111-2222-3333-4444-555555555555',
      registration: {
        name: 'prod-eu-1',
        role: 'tenant',
        tenancy: 'shared',
        fluxNamespaces: ['flux-system'],
        platformNamespaces: ['flux-system', 'kube-system'],
        tenants: [
          {
            name: 'team-a',
            isolation: 'high',
            namespaces: { names: ['team-a'], matchLabels: { 'toolkit.fluxcd.io/tenant': 'team-a' } },
            principals: { groups: ['oidc:team-a'] },
          },
        ],
        platformPrincipals: { users: ['alice'] },
        breakGlass: [{ name: 'admin', principals: { users: ['bg'] } }],
      },
    });
  });

  it('takes the wanted entry of a list, or the only one', () => {
    const two = 'clusters: [{id: a, role: management}, {id: b, role: dedicated}]';
    expect(parseRegistryFile(two, 'b').registration.name).toBe('b');
    expect(parseRegistryFile('clusters: [{id: a}]', 'ctx').registration.name).toBe('a');
    expect(() => parseRegistryFile(two, 'c')).toThrow(/no cluster "c"/);
  });

  it.each([
    ['unknown field', 'rolle: shared'],
    ['unknown role', 'role: boss'],
    ['unknown tenant field', 'tenants: [{id: a, isolated: true}]'],
    ['a tenant without a name', 'tenants: [{isolation: high}]'],
    ['not YAML', 'role: [unclosed'],
    ['a list', '- role: shared'],
    ['an alias bomb', `a: &a [x]\nb: &b [${'*a,'.repeat(200)}]\nc: [${'*b,'.repeat(200)}]`],
    ['empty', ''],
  ])('refuses %s with a usage error', (_name, text) => {
    expect(() => parseRegistryFile(text, 'ctx')).toThrow(CliError);
  });

  it('names the field that is wrong', () => {
    expect(() => parseRegistryFile('clusters: [{id: a, role: boss}]', 'a')).toThrow(/role/);
  });
});
