import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, fluxObject } from '../../../../test/support/flux-installation.js';
import { immutableReferences as control } from './x-03-immutable-references.js';

const judges = tableOf(control);
const VERIFIED = { status: { conditions: [{ type: 'SourceVerified', status: 'True' }] } };
const source = (kind: string, spec: object, more: object = {}, namespace = 'apps') => ({
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind,
  metadata: { name: 'app', namespace },
  spec: { url: 'x://host/app', ...spec },
  ...more,
});
const oci = (ref?: object, more: object = {}, verify?: object) => source('OCIRepository', { ref, verify }, more);
const git = (ref?: object, verify?: object, more: object = verify ? VERIFIED : {}) =>
  source('GitRepository', { ref, verify }, more);
const DIGEST = `sha256:${'a'.repeat(64)}`;
const sourceRef = { kind: 'HelmRepository', name: 'charts' };
const release = (version?: string, from: object = sourceRef, more: object = {}) =>
  fluxObject('HelmRelease', 'apps/app', { chart: { spec: { chart: 'app', version, sourceRef: from } } }, more);
const policy = (digestReflectionPolicy?: string) => ({
  apiVersion: 'image.toolkit.fluxcd.io/v1',
  kind: 'ImagePolicy',
  metadata: { name: 'app', namespace: 'apps' },
  spec: { digestReflectionPolicy },
});

describe('artifacts', () => {
  judges([
    ['nothing', [], 'notApplicable NO_REFERENCE'],
    ['a digest', [oci({ digest: DIGEST })], 'pass PINNED'],
    ['a digest beside a tag', [oci({ tag: 'latest', digest: DIGEST })], 'pass PINNED'],
    [
      'latest',
      [oci({ tag: 'latest' })],
      'fail LATEST',
      { severity: 'medium', verdicts: ['fail LATEST OCIRepository/apps/app'] },
    ],
    ['no reference', [oci()], 'fail LATEST', { message: /since it names none/ }],
    ['an empty reference', [oci({})], 'fail LATEST'],
    ['a tag', [oci({ tag: 'v1' })], 'fail TAG_WITHOUT_DIGEST'],
    ['a tag whose signature is verified', [oci({ tag: 'v1' }, VERIFIED, {})], 'warn TAG_WITHOUT_DIGEST'],
    ['a tag that is to be verified', [oci({ tag: 'v1' }, {}, {})], 'fail TAG_WITHOUT_DIGEST'],
    ['a range', [oci({ semver: '1.x' })], 'warn VERSION_RANGE', { severity: 'low' }],
    ['a range without an end, beside a tag', [oci({ tag: 'v1', semver: '>=1.0.0' })], 'fail ANY_VERSION'],
  ]);
});

describe('Git', () => {
  judges([
    ['a commit', [git({ commit: 'abc', branch: 'main' })], 'pass PINNED'],
    ['a branch', [git({ branch: 'main' })], 'fail BRANCH_NOT_VERIFIED', { message: /the branch main/ }],
    ['no reference', [git()], 'fail BRANCH_NOT_VERIFIED', { message: /default branch/ }],
    ['a branch that is verified', [git({ branch: 'main' }, { mode: 'HEAD' })], 'pass BRANCH_VERIFIED'],
    [
      'a branch that is verified by the older word',
      [git({ branch: 'main' }, { mode: 'head' })],
      'pass BRANCH_VERIFIED',
    ],
    ['a branch of which tags are verified', [git({ branch: 'main' }, { mode: 'Tag' })], 'fail BRANCH_NOT_VERIFIED'],
    ['a branch whose verification fails', [git({ branch: 'main' }, { mode: 'HEAD' }, {})], 'fail BRANCH_NOT_VERIFIED'],
    ['a branch by its whole name', [git({ name: 'refs/heads/main' })], 'fail BRANCH_NOT_VERIFIED'],
    ['a pull request', [git({ name: 'refs/pull/420/head' })], 'fail BRANCH_NOT_VERIFIED'],
    ['a tag', [git({ tag: 'v1' })], 'warn MUTABLE_TAG'],
    ['a tag by its whole name', [git({ name: 'refs/tags/v1' })], 'warn MUTABLE_TAG'],
    ['a tag that is verified', [git({ tag: 'v1' }, { mode: 'Tag' })], 'pass TAG_VERIFIED'],
    ['a range', [git({ semver: '>=1.0.0 <2.0.0' })], 'warn VERSION_RANGE'],
  ]);
});

describe('charts', () => {
  judges([
    ...(
      [
        ['6.5.0', 'pass EXACT_VERSION'],
        ['=6.5.0', 'pass EXACT_VERSION'],
        ['v6.5.0-rc.1+build', 'pass EXACT_VERSION'],
        ['6.x', 'warn VERSION_RANGE'],
        ['6', 'warn VERSION_RANGE'],
        ['~6.5', 'warn VERSION_RANGE'],
        ['^6.5.0', 'warn VERSION_RANGE'],
        ['>=6.0.0 <7.0.0', 'warn VERSION_RANGE'],
        ['6.0.0 - 6.9.9', 'warn VERSION_RANGE'],
        ['*', 'fail ANY_VERSION'],
        ['x', 'fail ANY_VERSION'],
        ['x.x.x', 'fail ANY_VERSION'],
        ['>=6.0.0', 'fail ANY_VERSION'],
        ['> 6', 'fail ANY_VERSION'],
        ['>0.0.0-0', 'fail ANY_VERSION'],
        ['<1.0.0 || >=6.0.0', 'fail ANY_VERSION'],
        ['', 'fail ANY_VERSION'],
      ] as const
    ).map(([version, verdict]) => [`version "${version}"`, [release(version)], verdict] as const),
    ['no version', [release()], 'fail ANY_VERSION', { message: /since it names none/ }],
    ['a chart in Git', [release(undefined, { kind: 'GitRepository', name: 'x' })], 'notApplicable NO_REFERENCE'],
    ['a HelmChart', [source('HelmChart', { chart: 'app', version: '*', sourceRef })], 'fail ANY_VERSION'],
    [
      'a HelmChart in a Bucket',
      [source('HelmChart', { chart: 'app', sourceRef: { kind: 'Bucket', name: 'x' } })],
      'notApplicable NO_REFERENCE',
    ],
    [
      'a HelmChart that was made for a release',
      [
        release('1.0.0', sourceRef, { status: { helmChart: 'apps/app' } }),
        source('HelmChart', { version: '*', sourceRef }),
      ],
      'pass EXACT_VERSION',
    ],
  ]);
});

describe('image policies', () => {
  judges([
    ['no digest', [policy()], 'warn NO_DIGEST', { severity: 'low' }],
    ['never', [policy('Never')], 'warn NO_DIGEST'],
    ['always', [policy('Always')], 'pass DIGEST_REFLECTED'],
    ['if it is not there', [policy('IfNotPresent')], 'pass DIGEST_REFLECTED'],
    ['unreadable', [], 'notEvaluated RBAC_DENIED_READ', { unavailable: { imagePolicies: 'forbidden' } }],
  ]);
});

describe('whose and what for', () => {
  judges([
    [
      'of a tenant',
      [source('OCIRepository', {}, {}, 'team-a')],
      'warn LATEST',
      { registration: SHARED, severity: 'low', message: /team-a/ },
    ],
    ['not for production', [oci()], 'warn LATEST', { registration: { labels: { environment: 'Staging' } } }],
    [
      'for production',
      [oci()],
      'fail LATEST',
      { registration: { labels: { environment: 'production', team: 'test' } } },
    ],
    ['one kind cannot be read', [oci()], 'fail LATEST', { unavailableSources: { GitRepository: 'forbidden' } }],
    [
      'one kind cannot be read, and all else is well',
      [oci({ digest: DIGEST })],
      'notEvaluated RBAC_DENIED_READ',
      { unavailableSources: { GitRepository: 'forbidden' } },
    ],
  ]);
});

it('points at what is written', () => {
  const [first] = judge(control, [oci({ tag: 'v1' })]).observations;
  expect(first?.evidence[0]).toMatchObject({ pointer: '/spec/ref/tag', observed: 'v1' });
  const [second] = judge(control, [release()]).observations;
  expect(second?.evidence[0]).toMatchObject({ pointer: '/spec/chart/spec/version', observed: null });
});
