import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, fluxObject, namespace } from '../../../../test/support/flux-installation.js';
import { imageAutomation as control } from './x-18-image-automation.js';

const judges = tableOf(control);
const SIGNED = { signingKey: { secretRef: { name: 'signing' } } };
const automation = (git: object | undefined, more: object = {}, place = 'flux-system') => ({
  apiVersion: 'image.toolkit.fluxcd.io/v1',
  kind: 'ImageUpdateAutomation',
  metadata: { name: 'apps', namespace: place },
  spec: { sourceRef: { kind: 'GitRepository', name: 'fleet' }, ...(git && { git }), ...more },
});
const repo = (ref: object | undefined, more: object = {}, name = 'fleet', place = 'flux-system') => ({
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind: 'GitRepository',
  metadata: { name, namespace: place },
  spec: { url: 'ssh://git@github.com/org/fleet', ref, ...more },
});
const MAIN = { branch: 'main' };
const applies = (name = 'fleet') =>
  fluxObject('Kustomization', 'flux-system/apps', { sourceRef: { kind: 'GitRepository', name } });
const A = 'ImageUpdateAutomation/flux-system/apps';
const DIRECT = 'fail PUSHES_TO_RECONCILED_BRANCH';

describe('branches', () => {
  judges([
    ['no automation', [repo(MAIN)], 'notApplicable NO_AUTOMATION'],
    [
      'a branch of its own',
      [automation({ ...SIGNED, pushBranch: 'updates' }), repo(MAIN)],
      'pass REVIEWED',
      { verdicts: [`pass REVIEWED ${A}`] },
    ],
    [
      'the branch that is followed',
      [automation({ ...SIGNED, pushBranch: 'main' }), repo(MAIN)],
      DIRECT,
      { severity: 'high', verdicts: [`${DIRECT} ${A}`] },
    ],
    ['no push, which is what was checked out', [automation({ ...SIGNED, checkoutBranch: 'main' }), repo(MAIN)], DIRECT],
    ['no word about Git, which is what the source follows', [automation(undefined), repo(MAIN)], DIRECT],
    ['no branch anywhere', [automation(SIGNED), repo(undefined)], DIRECT, { message: /the default branch/ }],
    [
      'another branch was checked out',
      [automation({ ...SIGNED, checkoutBranch: 'next' }), repo(MAIN)],
      'pass REVIEWED',
    ],
    [
      'another source follows the branch',
      [
        automation({ ...SIGNED, pushBranch: 'prod' }),
        repo(MAIN),
        repo({ branch: 'prod' }, { url: 'https://github.com/org/fleet.git' }, 'prod'),
      ],
      DIRECT,
      { message: /GitRepository flux-system\/prod follows/ },
    ],
    [
      'another repository has such a branch',
      [
        automation({ ...SIGNED, pushBranch: 'prod' }),
        repo(MAIN),
        repo({ branch: 'prod' }, { url: 'https://github.com/org/other' }, 'prod'),
      ],
      'pass REVIEWED',
    ],
    [
      'another source follows the default branch',
      [automation({ ...SIGNED, pushBranch: 'main' }), repo({ branch: 'next' }), repo(undefined, {}, 'x')],
      DIRECT,
    ],
    ['main is not master', [automation({ ...SIGNED, pushBranch: 'master' }), repo(MAIN)], 'pass REVIEWED'],
    [
      'a refspec to the branch',
      [automation({ ...SIGNED, pushRefspec: 'refs/heads/x:refs/heads/main' }), repo(MAIN)],
      DIRECT,
    ],
    [
      'a refspec to another',
      [automation({ ...SIGNED, pushRefspec: 'refs/heads/main:refs/heads/auto' }), repo(MAIN)],
      'pass REVIEWED',
    ],
    [
      'a branch of its own, and a refspec to main',
      [automation({ ...SIGNED, pushBranch: 'auto', pushRefspec: '+refs/heads/auto:refs/heads/main' }), repo(MAIN)],
      DIRECT,
    ],
    [
      'the branch by its whole name',
      [automation({ ...SIGNED, pushBranch: 'main' }), repo({ name: 'refs/heads/main' })],
      DIRECT,
    ],
    [
      'the source names a commit',
      [automation({ ...SIGNED, pushBranch: 'main' }), repo({ branch: 'main', commit: 'abc' })],
      'pass REVIEWED',
    ],
    [
      'the source follows tags',
      [automation({ ...SIGNED, pushBranch: 'main' }), repo({ semver: '1.x' })],
      'pass REVIEWED',
    ],
    ['the repository does not exist', [automation({ pushBranch: 'main' })], 'warn SOURCE_MISSING'],
    ['no reference to a repository', [{ ...automation(undefined), spec: {} }], 'warn SOURCE_MISSING'],
  ]);
});

describe('commits and credentials', () => {
  const own = (git: object) => [automation({ pushBranch: 'updates', ...git }), repo(MAIN)];
  judges([
    ['not signed', own({}), 'warn UNSIGNED_COMMITS', { severity: 'medium' }],
    ['a key without a Secret', own({ signingKey: {} }), 'warn UNSIGNED_COMMITS'],
    [
      'options that ask for a merge request',
      own({ ...SIGNED, pushOptions: ['merge_request.create', 'merge_request.target'] }),
      'pass REVIEWED',
    ],
    [
      'an option that skips checks',
      own({ ...SIGNED, pushOptions: ['ci.skip'] }),
      'warn PUSH_OPTIONS',
      { message: /ci\.skip/ },
    ],
    [
      'an option that merges',
      own({ ...SIGNED, pushOptions: ['merge_request.merge_when_pipeline_succeeds'] }),
      'warn PUSH_OPTIONS',
    ],
    [
      'a credential that is also for reading',
      [automation({ ...SIGNED, pushBranch: 'u' }), repo(MAIN, { secretRef: { name: 's' } }), applies()],
      'warn WRITE_CREDENTIAL_FOR_READING',
    ],
    [
      'a credential of its own',
      [automation({ ...SIGNED, pushBranch: 'u' }), repo(MAIN, { secretRef: { name: 's' } }), applies('other')],
      'pass REVIEWED',
    ],
    [
      'a chart is installed from it',
      [
        automation({ ...SIGNED, pushBranch: 'u' }),
        repo(MAIN, { secretRef: { name: 's' } }),
        fluxObject('HelmRelease', 'flux-system/x', {
          chart: { spec: { chart: './x', sourceRef: { kind: 'GitRepository', name: 'fleet' } } },
        }),
      ],
      'warn WRITE_CREDENTIAL_FOR_READING',
    ],
  ]);
});

describe('tenants', () => {
  const shared = { registration: SHARED };
  const tenants = (more: object, ...others: object[]) => [
    automation({ ...SIGNED, pushBranch: 'u' }, more, 'team-a'),
    ...others,
  ];
  judges([
    [
      'a repository of its own',
      tenants({}, repo(MAIN, { url: 'https://git.example/a' }, 'fleet', 'team-a')),
      'pass REVIEWED',
      shared,
    ],
    [
      'a source of the platform',
      tenants({ sourceRef: { kind: 'GitRepository', name: 'fleet', namespace: 'flux-system' } }, repo(MAIN)),
      'fail TENANT_WRITES_PLATFORM_REPOSITORY',
      { ...shared, message: /team-a/ },
    ],
    [
      'the same repository by a source of its own',
      tenants({}, repo(MAIN, {}, 'fleet', 'team-a'), repo({ branch: 'x' }, { url: 'git@github.com:org/fleet' })),
      'fail TENANT_WRITES_PLATFORM_REPOSITORY',
      shared,
    ],
    [
      'tenants unreadable',
      tenants({}, repo(MAIN, {}, 'fleet', 'team-a'), namespace('team-a')),
      'notEvaluated RBAC_DENIED_READ',
      {
        registration: { ...SHARED, tenants: [{ name: 'a', namespaces: { matchLabels: { t: 'a' } } }] },
        unavailable: { namespaces: 'forbidden' },
      },
    ],
  ]);
});

describe('what could not be read', () => {
  judges([
    [
      'GitRepositories',
      [automation({ pushBranch: 'main' }), repo(MAIN)],
      'notEvaluated RBAC_DENIED_READ',
      { unavailableSources: { GitRepository: 'forbidden' } },
    ],
    [
      'automations',
      [repo(MAIN)],
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { imageUpdateAutomations: 'forbidden' } },
    ],
    [
      'Kustomizations',
      [automation({ pushBranch: 'main' }), repo(MAIN)],
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { kustomizations: 'forbidden' } },
    ],
  ]);
});

it('points at what decides about the branch', () => {
  const pointerOf = (git: object | undefined) =>
    judge(control, [automation(git), repo(MAIN)]).observations[0]?.evidence[0]?.pointer;
  expect(pointerOf({ pushBranch: 'main' })).toBe('/spec/git/pushBranch');
  expect(pointerOf({ checkoutBranch: 'main' })).toBe('/spec/git/checkoutBranch');
  expect(pointerOf(undefined)).toBe('/spec/sourceRef/name');
});
