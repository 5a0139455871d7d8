import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { procedureComplete as control } from './bg-01-procedure-complete.js';

const judges = tableOf(control);
const ENTRY = {
  name: 'edge',
  principals: { users: ['bg'], groups: ['system:masters'] },
  authMethod: 'clientCertificate',
  credentialRef: 'vault:edge',
  owner: 'on-call',
  approvers: ['ada', 'grace'],
  mfaAttestedAt: '2026-10-01T00:00:00Z',
  rotationDays: 180,
  drillDays: 90,
  runbookUrl: 'https://runbooks.example.com/edge',
};
const DEDICATED = { kind: 'Registration', role: 'tenant', tenancy: 'dedicated', tenants: [{ name: 'team-a' }] };
const without = (field: string) => Object.fromEntries(Object.entries(ENTRY).filter(([key]) => key !== field));
const cluster = (...breakGlass: object[]) => [{ ...DEDICATED, breakGlass }];

describe('an entry', () => {
  judges([
    ['a: complete', cluster(ENTRY), 'pass COMPLETE', { verdicts: ['pass COMPLETE BreakGlass/edge'] }],
    ['b: missing', [DEDICATED], 'fail NO_ENTRY', { verdicts: ['fail NO_ENTRY Cluster/cluster'] }],
    ['b: an empty list', cluster(), 'fail NO_ENTRY'],
    ['q: missing on a management cluster', [{ kind: 'Registration', role: 'management' }], 'fail NO_ENTRY'],
    ...['principals', 'authMethod', 'credentialRef', 'owner', 'runbookUrl', 'rotationDays', 'drillDays'].map(
      (field) =>
        [
          `without ${field}`,
          cluster(without(field)),
          'fail INCOMPLETE',
          { message: new RegExp(`\\(${field}\\)`) },
        ] as const,
    ),
    [
      'principals that name nobody',
      cluster({ ...ENTRY, principals: { users: [] } }),
      'fail INCOMPLETE',
      { message: /who the credential is/ },
    ],
    ['an owner that is empty', cluster({ ...ENTRY, owner: '' }), 'fail INCOMPLETE'],
    ['one approver', cluster({ ...ENTRY, approvers: ['ada'] }), 'warn TOO_FEW_APPROVERS'],
    ['one approver twice', cluster({ ...ENTRY, approvers: ['ada', 'ada'] }), 'warn TOO_FEW_APPROVERS'],
    ['no approvers', cluster(without('approvers')), 'warn TOO_FEW_APPROVERS', { message: /^Nobody is named/ }],
    ['no second factor attested', cluster(without('mfaAttestedAt')), 'warn MFA_NOT_ATTESTED'],
    [
      'attested half a year ago and more',
      cluster({ ...ENTRY, mfaAttestedAt: '2026-05-01T00:00:00Z' }),
      'warn MFA_NOT_ATTESTED',
    ],
    ['attested exactly 180 days ago', cluster({ ...ENTRY, mfaAttestedAt: '2026-05-05T12:00:00Z' }), 'pass COMPLETE'],
    [
      'attested in a year to come',
      cluster({ ...ENTRY, mfaAttestedAt: '2027-05-01T00:00:00Z' }),
      'warn MFA_NOT_ATTESTED',
    ],
    ['attested at no time', cluster({ ...ENTRY, mfaAttestedAt: 'soon' }), 'warn MFA_NOT_ATTESTED'],
    ['runbook fetched last week', cluster({ ...ENTRY, runbookReachableAt: '2026-10-25T00:00:00Z' }), 'pass COMPLETE'],
    [
      'runbook not fetched since spring',
      cluster({ ...ENTRY, runbookReachableAt: '2026-03-01T00:00:00Z' }),
      'warn RUNBOOK_UNREACHABLE',
    ],
    [
      'two entries, one incomplete',
      cluster(ENTRY, { name: 'other' }),
      'fail INCOMPLETE',
      {
        verdicts: [
          'fail INCOMPLETE BreakGlass/other',
          'warn MFA_NOT_ATTESTED BreakGlass/other',
          'warn TOO_FEW_APPROVERS BreakGlass/other',
          'pass COMPLETE BreakGlass/edge',
        ],
      },
    ],
  ]);

  it('never shows where the credential is', () => {
    expect(JSON.stringify(judge(control, cluster({ ...ENTRY, owner: undefined })))).not.toContain('vault:edge');
  });
});

describe('where it applies', () => {
  const remote = {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: 'a', namespace: 'spoke' },
    spec: { kubeConfig: { secretRef: { name: 'k' } } },
  };
  judges([
    ['standalone', [{ kind: 'Registration', role: 'standalone' }], 'notApplicable NO_TENANT_BOUNDARY'],
    ['shared', [{ ...DEDICATED, tenancy: 'shared' }], 'notApplicable NOT_DEDICATED'],
    ['nothing stated and nothing seen', [], 'notApplicable NO_TENANT_BOUNDARY'],
    ['derived to be a management cluster', [remote], 'fail NO_ENTRY'],
    ['not stated, and unreadable', [], 'notEvaluated RBAC_DENIED_READ', { unavailable: { namespaces: 'forbidden' } }],
    [
      'stated, and unreadable',
      [DEDICATED],
      'fail NO_ENTRY',
      { unavailable: { namespaces: 'forbidden', pods: 'timeout' } },
    ],
  ]);

  it('is heuristic where the role is derived', () => {
    expect(judge(control, [remote]).observations[0]?.confidence).toBe('heuristic');
  });
});
