import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, controller, namespace } from '../../../../test/support/flux-installation.js';
import { gitVerification as control } from './x-01-git-verification.js';

const judges = tableOf(control);
const VERIFY = { mode: 'HEAD', secretRef: { name: 'signers' } };
const condition = (status: string, more: object = {}) => ({
  conditions: [
    { type: 'Ready', status: 'True' },
    { type: 'SourceVerified', status, reason: 'R', message: 'no matching key', ...more },
  ],
});
const TRUE = condition('True');
const git = (
  verify: object | undefined,
  status: object | undefined = TRUE,
  place = 'flux-system',
  more: object = {},
) => ({
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind: 'GitRepository',
  metadata: { name: 'fleet', namespace: place, generation: 3 },
  spec: { url: 'https://github.com/org/fleet', ...(verify && { verify }), ...more },
  ...(status && { status }),
});
const secret = (lengths: Record<string, number> = { 'a.asc': 100 }, place = 'flux-system') => ({
  kind: 'SecretFacts',
  metadata: { name: 'signers', namespace: place },
  keys: Object.keys(lengths),
  digest: 'd',
  lengths,
});
const G = 'GitRepository/flux-system/fleet';

describe('sources of the platform', () => {
  judges([
    ['no GitRepository', [], 'notApplicable NO_GIT_SOURCE'],
    ['verified', [git(VERIFY), secret()], 'pass VERIFIED', { verdicts: [`pass VERIFIED ${G}`] }],
    ['not verified', [git(undefined)], 'fail NOT_VERIFIED', { severity: 'high', verdicts: [`fail NOT_VERIFIED ${G}`] }],
    ['on a standalone cluster', [git(undefined)], 'fail NOT_VERIFIED', { registration: { role: 'standalone' } }],
    [
      'the verification fails',
      [git(VERIFY, condition('False')), secret()],
      'fail VERIFICATION_FAILED',
      { message: /no matching key/ },
    ],
    ['nobody knows', [git(VERIFY, condition('Unknown')), secret()], 'fail VERIFICATION_FAILED'],
    ['no word about it', [git(VERIFY, { conditions: [] }), secret()], 'fail NOT_YET_VERIFIED', { severity: 'medium' }],
    ['no status', [{ ...git(VERIFY), status: undefined }, secret()], 'fail NOT_YET_VERIFIED'],
    [
      'verified before a change',
      [git(VERIFY, condition('True', { observedGeneration: 2 })), secret()],
      'warn NOT_YET_VERIFIED',
      { severity: 'low' },
    ],
    ['verified after a change', [git(VERIFY, condition('True', { observedGeneration: 3 })), secret()], 'pass VERIFIED'],
    ['no Secret named', [git({ mode: 'HEAD' })], 'fail NO_KEYS'],
    ['the Secret does not exist', [git(VERIFY)], 'fail NO_KEYS', { message: /does not exist/ }],
    ['the Secret is empty', [git(VERIFY), secret({})], 'fail NO_KEYS'],
    ['its keys are empty', [git(VERIFY), secret({ 'a.asc': 0 })], 'fail NO_KEYS'],
    [
      'a hostile name',
      [git(undefined, TRUE, 'flux-system\nx')],
      'fail NOT_VERIFIED',
      { message: /^GitRepository flux-system x\/fleet is/ },
    ],
  ]);
});

describe('sources of tenants', () => {
  const shared = { registration: SHARED };
  judges([
    ['not verified', [git(undefined, TRUE, 'team-a')], 'notApplicable TENANT_SOURCE', shared],
    [
      'not verified, and one of the platform is',
      [git(undefined, TRUE, 'team-a'), git(VERIFY), secret()],
      'pass VERIFIED',
      shared,
    ],
    [
      'the verification fails',
      [git(VERIFY, condition('False'), 'team-a'), secret(undefined, 'team-a')],
      'fail VERIFICATION_FAILED',
      shared,
    ],
    [
      'a whole repository of a tenant',
      [git(undefined)],
      'notApplicable TENANT_SOURCE',
      {
        registration: {
          ...SHARED,
          tenants: [
            {
              name: 'x',
              namespaces: { names: ['x'] },
              gitPaths: [{ repo: 'git@github.com:org/fleet.git', paths: [] }],
            },
          ],
        },
      },
    ],
    [
      'a repository that a tenant shares with the platform',
      [git(undefined)],
      'fail NOT_VERIFIED',
      {
        registration: {
          ...SHARED,
          tenants: [
            {
              name: 'x',
              namespaces: { names: ['x'] },
              gitPaths: [{ repo: 'https://github.com/org/fleet', paths: ['x'] }],
            },
          ],
        },
      },
    ],
    [
      'a tenant by label',
      [
        git(undefined, TRUE, 'a'),
        namespace('a', { 'toolkit.fluxcd.io/tenant': 'a' }),
        namespace('b', { 'toolkit.fluxcd.io/tenant': 'b' }),
        ...controller('source-controller', []),
      ],
      'notApplicable TENANT_SOURCE',
    ],
    [
      'a tenant by label, and nobody knows where Flux runs',
      [
        git(undefined, TRUE, 'a'),
        namespace('a', { 'toolkit.fluxcd.io/tenant': 'a' }),
        namespace('b', { 'toolkit.fluxcd.io/tenant': 'b' }),
      ],
      'fail NOT_VERIFIED',
      { unavailable: { pods: 'forbidden' } },
    ],
    [
      'a namespace of the platform that has the label of a tenant',
      [
        git(undefined, TRUE, 'flux-system'),
        namespace('flux-system', { 'toolkit.fluxcd.io/tenant': 'flux-system' }),
        namespace('b', { 'toolkit.fluxcd.io/tenant': 'b' }),
        ...controller('source-controller', []),
      ],
      'fail NOT_VERIFIED',
    ],
  ]);
});

describe('what could not be read', () => {
  judges([
    [
      'GitRepositories',
      [git(VERIFY), secret()],
      'notEvaluated RBAC_DENIED_READ',
      { unavailableSources: { GitRepository: 'forbidden' } },
    ],
    ['Buckets', [git(VERIFY), secret()], 'pass VERIFIED', { unavailableSources: { Bucket: 'forbidden' } }],
    [
      'the Secret',
      [git(VERIFY), secret()],
      'notEvaluated RBAC_DENIED_READ',
      { unavailableEntries: { secretFacts: { 'flux-system/signers': 'forbidden' } } },
    ],
    [
      'the Secret, where verification fails',
      [git(VERIFY, condition('False')), secret()],
      'fail VERIFICATION_FAILED',
      { unavailable: { secretFacts: 'forbidden' } },
    ],
    [
      'namespaces of a tenant',
      [git(undefined, TRUE, 'team-a')],
      'fail NOT_VERIFIED',
      {
        registration: { ...SHARED, tenants: [{ name: 'a', namespaces: { matchLabels: { a: 'b' } } }] },
        unavailable: { namespaces: 'forbidden' },
      },
    ],
  ]);
});

it('says how to verify, with the names that are there', () => {
  const [found] = judge(control, [git(undefined)]).observations;
  expect(found?.fixes?.[0]?.content).toMatch(/name: fleet\n {2}namespace: flux-system\n[^]*name: fleet-signers/);
});
