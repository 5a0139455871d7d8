import { describe, expect, it } from 'vitest';
import type { ProbeVerdict } from '#libs/core';
import {
  DEMANDS_ACCOUNT,
  clusterPolicy,
  kyvernoWebhook,
  nativePolicy,
} from '../../../../test/support/admission-policies.js';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, controller, namespace } from '../../../../test/support/flux-installation.js';
import { ACCEPTED, type Answer, BY_QUOTA, byPolicy, byWebhook, tried } from '../../../../test/support/probe-results.js';
import { account, bindEverywhere, bindIn, clusterRole, group, rule } from '../../../../test/support/rbac-objects.js';
import { snapshotOf } from '../../../../test/support/snapshot-of.js';
import { crossNamespaceRefs } from '../multi-tenancy/mt-01-cross-namespace-refs.js';
import { defaultServiceAccount } from '../multi-tenancy/mt-02-default-service-account.js';
import { noGlobalDecryption } from '../secret-decryption/kek-02-no-global-decryption.js';
import { tenantSources } from '../tenant-access/x-21-tenant-sources.js';
import { planProbes } from './plan-probes.js';
import { PROBED_RESOURCES } from './probed-resources.js';

const principals = { groups: ['tenants'] };
const registration = { ...SHARED, tenants: SHARED.tenants.map((tenant) => ({ ...tenant, principals })) };
const options = { registration };
const creator = clusterRole('creator', [
  rule('create', 'kustomizations', 'kustomize.toolkit.fluxcd.io'),
  rule('create', 'helmreleases', 'helm.toolkit.fluxcd.io'),
  rule('create', 'gitrepositories', 'source.toolkit.fluxcd.io'),
]);
const places = [namespace('team-a'), namespace('team-b')];
const base = [...places, creator, bindEverywhere('creator', group('tenants'))];
/** Harmless objects are let in; what is not named is answered alike. */
const answers =
  (otherwise: ProbeVerdict, named: Readonly<Record<string, ProbeVerdict | undefined>> = {}): Answer =>
  ({ key }) => {
    if (key in named) return named[key];
    return key.startsWith('control ') ? ACCEPTED : otherwise;
  };
const run = (objects: readonly object[], answer: Answer, more: object = {}) =>
  tried([...base, ...objects], answer, { ...options, ...more });
const KYVERNO = byWebhook('validate.kyverno.svc-fail');
const kyverno = (kinds: readonly string[], validate: object, more: object = {}) => [
  clusterPolicy(kinds, validate, more),
  kyvernoWebhook(),
];

describe('FLUX-MT-02, tried', () => {
  const flux = [...controller('kustomize-controller', []), ...controller('helm-controller', [])];
  const policy = kyverno(['Kustomization', 'HelmRelease'], DEMANDS_ACCOUNT);
  const FIRST = 'Kustomization without account in team-a';

  tableOf(defaultServiceAccount)([
    [
      'refused by the policy',
      run([...flux, ...policy], answers(KYVERNO)),
      'pass COMPENSATED',
      { ...options, message: /refused them in dry-runs in the name of tenants, such as plimsoll:member \(tenants\)/ },
    ],
    ['not tried', [...base, ...flux, ...policy], 'warn COMPENSATED', options],
    [
      'let in all the same',
      run([...flux, ...policy], answers(KYVERNO, { [FIRST]: ACCEPTED })),
      'fail FLAG_ABSENT',
      { ...options, message: /seems to stand in for it and does not.*without spec.serviceAccountName in team-a/ },
    ],
    ['kept out by a quota', run([...flux, ...policy], answers(BY_QUOTA)), 'fail FLAG_ABSENT', options],
    ['refused by something else', run([...flux, ...policy], answers(byPolicy('other'))), 'warn COMPENSATED', options],
    [
      'refused by another webhook',
      run([...flux, ...policy], answers(byWebhook('x.example'))),
      'warn COMPENSATED',
      options,
    ],
    [
      'refused together with what should be let in',
      run([...flux, ...policy], () => KYVERNO),
      'warn COMPENSATED',
      options,
    ],
    [
      'no answer about one namespace',
      run([...flux, ...policy], answers(KYVERNO, { [FIRST]: undefined })),
      'warn COMPENSATED',
      options,
    ],
    [
      'refused by the policy as the API server enforces it for the engine',
      run([...flux, ...policy], answers(byPolicy('cpol-tenants'))),
      'pass COMPENSATED',
      options,
    ],
    [
      'a policy that only reports',
      run(
        [...flux, ...kyverno(['Kustomization', 'HelmRelease'], DEMANDS_ACCOUNT, { action: 'Audit' })],
        answers(KYVERNO),
      ),
      'fail FLAG_ABSENT',
      options,
    ],
    [
      'the flag is there',
      run([...controller('kustomize-controller', ['--default-service-account=default']), ...policy], answers(ACCEPTED)),
      'pass FLAG_SET',
      options,
    ],
  ]);

  it('leaves out namespaces where nobody of a tenant may create such objects', () => {
    const some = [...places, creator, bindIn('team-a', 'creator', group('tenants')), ...flux, ...policy];
    expect(judge(defaultServiceAccount, tried(some, answers(KYVERNO), options), options)).toMatchObject({
      outcome: 'pass',
      reason: 'COMPENSATED',
    });
    // Who is not known may be allowed to.
    const undeclared = {
      registration: { ...SHARED, tenants: [{ ...SHARED.tenants[0], principals }, SHARED.tenants[1]] },
    };
    expect(judge(defaultServiceAccount, tried(some, answers(KYVERNO), undeclared), undeclared)).toMatchObject({
      outcome: 'warn',
    });
  });
});

describe('FLUX-MT-01, tried', () => {
  const flux = controller('kustomize-controller', []);
  const expression = '!has(object.spec.sourceRef.namespace) || object.spec.sourceRef.namespace == request.namespace';
  const policy = nativePolicy(expression, ['kustomizations']);

  tableOf(crossNamespaceRefs)([
    ['refused by the policy', run([...flux, ...policy], answers(byPolicy('tenants'))), 'pass COMPENSATED', options],
    ['not tried', [...base, ...flux, ...policy], 'warn COMPENSATED', options],
    ['let in', run([...flux, ...policy], answers(ACCEPTED)), 'fail FLAG_ABSENT', options],
    ['refused by another policy', run([...flux, ...policy], answers(byPolicy('x'))), 'warn COMPENSATED', options],
  ]);
});

describe('FLUX-KEK-02, tried', () => {
  const flux = controller('kustomize-controller', ['--sops-age-secret=platform']);
  const policy = nativePolicy('!has(object.spec.decryption) || has(object.spec.decryption.secretRef)', [
    'kustomizations',
  ]);
  const flag = (objects: readonly object[]) =>
    judge(noGlobalDecryption, objects, options).observations.find(({ subject }) => subject.field === 'sops-age-secret');

  it.each<[string, readonly object[], object]>([
    [
      'refused by the policy',
      run([...flux, ...policy], answers(byPolicy('tenants'))),
      { outcome: 'pass', reason: 'COMPENSATED' },
    ],
    ['not tried', [...base, ...flux, ...policy], { outcome: 'warn', reason: 'COMPENSATED' }],
    ['let in', run([...flux, ...policy], answers(ACCEPTED)), { outcome: 'fail', reason: 'GLOBAL_AGE_KEY' }],
    ['refused by another policy', run([...flux, ...policy], answers(byPolicy('x'))), { outcome: 'warn' }],
  ])('%s', (_state, objects, expected) => {
    expect(flag(objects)).toMatchObject(expected);
  });
});

describe('FLUX-X-21, tried', () => {
  const flux = controller('source-controller', []);
  const policy = nativePolicy("object.spec.url.startsWith('https://git.example.com/')", ['gitrepositories']);
  const high = {
    registration: {
      ...SHARED,
      tenants: SHARED.tenants.map((each) => ({ ...each, principals, isolation: 'high' as const })),
    },
  };

  tableOf(tenantSources)([
    [
      'refused by the policy',
      run([...flux, ...policy], answers(byPolicy('tenants'))),
      'pass SOURCES_RESTRICTED',
      { ...options, message: /and refused them in dry-runs/ },
    ],
    [
      'let in although a policy reads as if it refused',
      run([...flux, ...policy], answers(ACCEPTED), high),
      'fail ANY_SOURCE',
      { ...high, message: /GitRepository of example.invalid in team-a was not refused/ },
    ],
    ['let in, and isolation is not declared', run([...flux, ...policy], answers(ACCEPTED)), 'warn ANY_SOURCE', options],
    [
      'not tried',
      [...base, ...flux, ...policy],
      'pass SOURCES_RESTRICTED',
      { ...options, message: /as far as its text tells/ },
    ],
    [
      'refused by something that reading does not know',
      run(flux, answers(byWebhook('x.example'))),
      'warn ANY_SOURCE',
      options,
    ],
  ]);
});

describe('dry-runs of Flux objects', () => {
  const planned = (objects: readonly object[], more: object = {}) =>
    planProbes(snapshotOf(objects, { ...options, ...more }).artifacts);
  const policy = kyverno(['Kustomization', 'HelmRelease'], DEMANDS_ACCOUNT);

  it('are of what a policy refuses, with the harmless object, and of sources', () => {
    expect(
      planned([...base, ...policy])
        .map(({ key }) => key)
        .filter((key) => key.endsWith('team-a')),
    ).toEqual([
      'control Kustomization in team-a',
      'Kustomization without account in team-a',
      'control HelmRelease in team-a',
      'HelmRelease without account in team-a',
      'GitRepository of unknown host in team-a',
    ]);
    expect(planned(base).map(({ key }) => key)).toEqual([
      'GitRepository of unknown host in team-a',
      'GitRepository of unknown host in team-b',
    ]);
  });

  it('use the newest version that is served', () => {
    const versions = planned([...base, ...policy]).map(({ target }) => `${target.resource} ${target.version}`);
    expect(new Set(versions)).toEqual(new Set(['kustomizations v1', 'helmreleases v2', 'gitrepositories v1']));
  });

  it('are none of kinds that are not served, and none where that is not known', () => {
    expect(planned(base, { notServed: ['source.toolkit.fluxcd.io'] })).toEqual([]);
    expect(planned(base, { unavailable: { discovery: 'forbidden' } })).toEqual([]);
  });

  it('refer to the namespace of Flux', () => {
    const refers = nativePolicy(
      '!has(object.spec.sourceRef.namespace) || object.spec.sourceRef.namespace == request.namespace',
      ['kustomizations'],
    );
    const foreign = planned([...base, ...refers]).find(
      ({ key }) => key === 'Kustomization with foreign source in team-a',
    );
    expect(foreign?.body).toMatchObject({
      spec: { sourceRef: { namespace: 'flux-system' }, serviceAccountName: 'plimsoll-probe' },
    });
  });

  it('are of what the manifest of active verification names', () => {
    const objects = [
      ...places,
      clusterRole('all', [rule('*', '*', '*')]),
      bindIn('team-a', 'all', account('team-a/default')),
    ];
    const probes = planned([...objects, ...policy]);
    expect(probes.length).toBeGreaterThan(15);
    for (const { target } of probes) {
      const named = PROBED_RESOURCES.some(
        ({ verb, group: of, resource }) => verb === 'create' && of === target.group && resource === target.resource,
      );
      expect([target.resource, named]).toEqual([target.resource, true]);
    }
  });
});
