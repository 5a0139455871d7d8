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
- {name: admin, principals: {users: [bg]}, runbookUrl: https://example.com}
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
        breakGlass: [{ name: 'admin', principals: { users: ['bg'] }, runbookUrl: 'https://example.com' }],
      },
    });
  });

  it('reads a way in for emergencies, and what else only people know', () => {
    const text = `
breakGlass:
- name: edge
  principals: {users: ["break-glass:edge"], groups: ["system:masters"]}
  authMethod: clientCertificate
  apiServer: https://edge.example.com:6443
  network: {via: bastion, sharedWithPrimary: false}
  identityProvider: corp-sso
  identityProviderShared: true
  credentialRef: vault:platform/break-glass/edge
  credentialStores: [vault, offline]
  owner: Platform on-call
  approvers: [ada, grace]
  mfaAttestedAt: 2026-10-01
  rotationDays: 180
  drillDays: 90
  rotatedAt: 2026-09-01T00:00:00Z
  expiresAt: 2027-09-01T00:00:00+02:00
  runbookUrl: https://runbooks.example.com/edge
  runbookReachableAt: 2026-11-01T00:00:00Z
  alertOnUse: {rule: bg-use, testedAt: 2026-11-01T00:00:00Z}
  auditFeed: true
  lastDrill: {at: 2026-11-01T00:00:00Z, by: ada, result: failed, failedStep: connect, evidence: "wiki:drills/7"}
sandboxHandlers: [kata-qemu]
trustedRegistries: [registry.example.com/mirror]
recoveryRecipients: [age1recovery]
rotationDays: 90
watcher: {testedAt: 2026-11-01T00:00:00Z}
activeVerification: {enabled: true, pauseImage: registry.example.com/pause}
`;
    expect(parseRegistryFile(text, 'ctx').registration).toEqual({
      name: 'ctx',
      breakGlass: [
        {
          name: 'edge',
          principals: { users: ['break-glass:edge'], groups: ['system:masters'] },
          authMethod: 'clientCertificate',
          apiServer: 'https://edge.example.com:6443',
          network: { via: 'bastion', sharedWithPrimary: false },
          identityProvider: 'corp-sso',
          identityProviderShared: true,
          credentialRef: 'vault:platform/break-glass/edge',
          credentialStores: ['vault', 'offline'],
          owner: 'Platform on-call',
          approvers: ['ada', 'grace'],
          mfaAttestedAt: '2026-10-01T00:00:00Z',
          rotationDays: 180,
          drillDays: 90,
          rotatedAt: '2026-09-01T00:00:00Z',
          expiresAt: '2027-09-01T00:00:00+02:00',
          runbookUrl: 'https://runbooks.example.com/edge',
          runbookReachableAt: '2026-11-01T00:00:00Z',
          alertOnUse: { rule: 'bg-use', testedAt: '2026-11-01T00:00:00Z' },
          auditFeed: true,
          lastDrill: {
            at: '2026-11-01T00:00:00Z',
            by: 'ada',
            result: 'failed',
            failedStep: 'connect',
            evidence: 'wiki:drills/7',
          },
        },
      ],
      sandboxHandlers: ['kata-qemu'],
      trustedRegistries: ['registry.example.com/mirror'],
      recoveryRecipients: ['age1recovery'],
      rotationDays: 90,
      watcher: { testedAt: '2026-11-01T00:00:00Z' },
      activeVerification: { enabled: true, pauseImage: 'registry.example.com/pause' },
    });
  });

  it('takes no credential for a reference, and does not repeat it', () => {
    const token = `ghp_${'a1'.repeat(18)}`;
    const text = `breakGlass: [{name: a, credentialRef: "${token}"}]`;
    expect(() => parseRegistryFile(text, 'ctx')).toThrow(/breakGlass\.0\.credentialRef: This looks like a token/);
    expect(() => parseRegistryFile(text, 'ctx')).not.toThrow(token);
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
    ['an unknown field of a way in', 'breakGlass: [{name: a, runbook: x}]'],
    ['a way in without a name', 'breakGlass: [{owner: a}]'],
    ['a time that is none', 'breakGlass: [{name: a, expiresAt: soon}]'],
    ['no days', 'breakGlass: [{name: a, drillDays: 0}]'],
    ['an unknown store', 'breakGlass: [{name: a, credentialStores: [desk]}]'],
    ['a service account without its namespace', 'platformPrincipals: {serviceAccounts: [deployer]}'],
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
