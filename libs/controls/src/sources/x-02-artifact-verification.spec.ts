import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, fluxObject } from '../../../../test/support/flux-installation.js';
import { artifactVerification as control } from './x-02-artifact-verification.js';

const judges = tableOf(control);
const ISSUER = '^https://token.actions.githubusercontent.com$';
const SUBJECT = '^https://github.com/org/app/.*$';
const KEYLESS = { provider: 'cosign', matchOIDCIdentity: [{ issuer: ISSUER, subject: SUBJECT }] };
const KEY = { provider: 'cosign', secretRef: { name: 'cosign' } };
const status = (value = 'True') => ({
  conditions: [{ type: 'SourceVerified', status: value, reason: 'R', message: 'm' }],
});
const object = (kind: string, spec: object, more: object = {}, namespace = 'apps', name = 'app') => ({
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind,
  metadata: { name, namespace },
  spec,
  ...more,
});
const oci = (verify?: object, more: object = { status: status() }, namespace = 'apps') =>
  object('OCIRepository', { url: 'oci://ghcr.io/org/app', ...(verify && { verify }) }, more, namespace);
const withSubject = (subject: string, issuer = ISSUER) =>
  oci({ provider: 'cosign', matchOIDCIdentity: [{ issuer, subject }] });
const secret = (key: string, length = 100) => ({
  kind: 'SecretFacts',
  metadata: { name: 'cosign', namespace: 'apps' },
  keys: [key],
  digest: 'd',
  lengths: { [key]: length },
});
const REGISTRY = object('HelmRepository', { type: 'oci', url: 'oci://ghcr.io/org/charts' }, {}, 'apps', 'charts');
const HTTP = object('HelmRepository', { url: 'https://charts.example' }, {}, 'apps', 'charts');
const sourceRef = { kind: 'HelmRepository', name: 'charts' };
const release = (
  verify?: object,
  more: object = { status: { helmChart: 'apps/apps-app' } },
  from: object = sourceRef,
) =>
  fluxObject(
    'HelmRelease',
    'apps/app',
    { chart: { spec: { chart: 'app', version: '1.0.0', sourceRef: from, ...(verify && { verify }) } } },
    more,
  );
const chart = (verify?: object, more: object = { status: status() }, name = 'apps-app') =>
  object('HelmChart', { chart: 'app', sourceRef, ...(verify && { verify }) }, more, 'apps', name);
const O = 'OCIRepository/apps/app';

describe('artifacts', () => {
  judges([
    ['nothing from registries', [], 'notApplicable NO_ARTIFACT'],
    ['not verified', [oci()], 'fail NOT_VERIFIED', { severity: 'high', verdicts: [`fail NOT_VERIFIED ${O}`] }],
    ['one workflow may sign', [oci(KEYLESS)], 'pass VERIFIED', { verdicts: [`pass VERIFIED ${O}`] }],
    ['anyone may sign', [oci({ provider: 'cosign' })], 'fail ANYONE_SIGNS'],
    [
      'anyone may sign, for an empty list of identities',
      [oci({ provider: 'cosign', matchOIDCIdentity: [] })],
      'fail ANYONE_SIGNS',
    ],
    ['no provider, which is cosign', [oci({})], 'fail ANYONE_SIGNS'],
    ['every subject', [withSubject('.*')], 'fail IDENTITY_TOO_BROAD'],
    ['every issuer', [withSubject(SUBJECT, '.*')], 'fail IDENTITY_TOO_BROAD'],
    ['every repository of a host', [withSubject('^https://github.com/.*$')], 'fail IDENTITY_TOO_BROAD'],
    [
      'a subject without anchors',
      [withSubject('https://github.com/org/app')],
      'fail IDENTITY_UNANCHORED',
      { message: /\^ at its start and no \$ at its end/ },
    ],
    [
      'an issuer without anchors',
      [withSubject(SUBJECT, 'https://token.actions.githubusercontent.com')],
      'warn ISSUER_UNANCHORED',
      { severity: 'low' },
    ],
    [
      'a second identity that is everybody',
      [oci({ matchOIDCIdentity: [...KEYLESS.matchOIDCIdentity, { issuer: '.*', subject: '.*' }] })],
      'fail IDENTITY_TOO_BROAD',
    ],
    ['a pattern that Go refuses', [withSubject('(')], 'notEvaluated PATTERN_UNKNOWN'],
    ['a key', [oci(KEY), secret('cosign.pub')], 'pass VERIFIED'],
    ['a Secret without a public key', [oci(KEY), secret('cosign.key')], 'fail NO_KEYS'],
    ['an empty key', [oci(KEY), secret('cosign.pub', 0)], 'fail NO_KEYS'],
    ['a Secret that does not exist', [oci(KEY)], 'fail NO_KEYS'],
    ['notation with a certificate', [oci({ ...KEY, provider: 'notation' }), secret('ca.crt')], 'pass VERIFIED'],
    ['notation without a Secret', [oci({ provider: 'notation' })], 'fail NO_KEYS'],
    ['a provider that is not known', [oci({ provider: 'x' })], 'notEvaluated UNKNOWN_PROVIDER'],
    ['the verification fails', [oci(KEYLESS, { status: status('False') })], 'fail VERIFICATION_FAILED'],
    [
      'anyone may sign, and nobody did',
      [oci({}, { status: status('False') })],
      'fail ANYONE_SIGNS',
      {
        verdicts: [`fail ANYONE_SIGNS ${O}`, `fail VERIFICATION_FAILED ${O}`],
      },
    ],
    ['a source of a tenant', [oci(undefined, {}, 'team-a')], 'notApplicable TENANT_SOURCE', { registration: SHARED }],
    [
      'a source of a tenant that anyone may sign',
      [oci({}, { status: status() }, 'team-a')],
      'fail ANYONE_SIGNS',
      { registration: SHARED },
    ],
  ]);
});

describe('charts', () => {
  judges([
    ['a release, not verified', [release(), REGISTRY], 'fail NOT_VERIFIED'],
    [
      'a release that anyone may sign',
      [release({ provider: 'cosign' }), REGISTRY, chart({ provider: 'cosign' })],
      'fail ANYONE_SIGNS',
      { verdicts: ['fail ANYONE_SIGNS HelmRelease/apps/app'], message: /OCIRepository/ },
    ],
    [
      'a release with a key',
      [release(KEY), REGISTRY, chart(KEY), secret('cosign.pub')],
      'pass VERIFIED',
      { verdicts: ['pass VERIFIED HelmRelease/apps/app'] },
    ],
    [
      'a release with a key, the verification fails',
      [release(KEY), REGISTRY, chart(KEY, { status: status('False') }), secret('cosign.pub')],
      'fail VERIFICATION_FAILED',
    ],
    [
      'a release with a key that was not reconciled',
      [release(KEY, {}), REGISTRY, secret('cosign.pub')],
      'warn NOT_YET_VERIFIED',
      { severity: 'low' },
    ],
    ['over HTTP', [release(), HTTP], 'warn CANNOT_BE_VERIFIED', { severity: 'medium' }],
    ['from a repository that does not exist', [release()], 'fail NOT_VERIFIED'],
    ['from Git', [release(undefined, {}, { kind: 'GitRepository', name: 'x' })], 'notApplicable NO_ARTIFACT'],
    [
      'by reference',
      [fluxObject('HelmRelease', 'apps/app', { chartRef: { kind: 'OCIRepository', name: 'app' } }), oci(KEYLESS)],
      'pass VERIFIED',
    ],
    [
      'a HelmChart of somebody',
      [chart(undefined, {}, 'own'), REGISTRY],
      'fail NOT_VERIFIED',
      { verdicts: ['fail NOT_VERIFIED HelmChart/apps/own'] },
    ],
    ['a HelmChart of somebody, with an identity', [chart(KEYLESS, undefined, 'own'), REGISTRY], 'pass VERIFIED'],
    [
      'a release of a tenant',
      [{ ...release(), metadata: { name: 'app', namespace: 'team-a' } }, REGISTRY],
      'fail NOT_VERIFIED',
      {
        registration: {
          ...SHARED,
          tenants: [
            { name: 'x', namespaces: { names: ['x'] } },
            { name: 'y', namespaces: { names: ['y'] } },
          ],
        },
      },
    ],
    [
      'the repository is in another namespace',
      [release(undefined, {}, { ...sourceRef, namespace: 'apps' }), REGISTRY],
      'fail NOT_VERIFIED',
    ],
  ]);
});

describe('what could not be read', () => {
  judges([
    [
      'OCIRepositories',
      [oci()],
      'notEvaluated RBAC_DENIED_READ',
      { unavailableSources: { OCIRepository: 'forbidden' } },
    ],
    [
      'HelmRepositories',
      [release(), HTTP],
      'notEvaluated RBAC_DENIED_READ',
      { unavailableSources: { HelmRepository: 'forbidden' } },
    ],
    [
      'HelmCharts',
      [release(KEY), REGISTRY, secret('cosign.pub')],
      'notEvaluated RBAC_DENIED_READ',
      { unavailableSources: { HelmChart: 'forbidden' } },
    ],
    [
      'the Secret',
      [oci(KEY), secret('cosign.pub')],
      'notEvaluated RBAC_DENIED_READ',
      { unavailableEntries: { secretFacts: { 'apps/cosign': 'forbidden' } } },
    ],
    ['HelmReleases', [oci(KEYLESS)], 'notEvaluated RBAC_DENIED_READ', { unavailable: { helmReleases: 'forbidden' } }],
  ]);
});

it('moves the chart of a release to an OCIRepository, with the names that are there', () => {
  const [found] = judge(control, [release({ provider: 'cosign' }), REGISTRY]).observations;
  expect(found?.fixes?.[0]?.content).toMatch(/url: "oci:\/\/ghcr\.io\/org\/charts\/app"\n {2}ref:\n {4}tag: "1\.0\.0"/);
  expect(found?.evidence[0]).toMatchObject({ pointer: '/spec/chart/spec/verify/secretRef', observed: null });
});
