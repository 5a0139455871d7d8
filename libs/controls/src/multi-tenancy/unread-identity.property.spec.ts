import { type Arbitrary, array, assert, boolean, constantFrom, option, property, record, sample } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ArtifactName,
  type Control,
  type ControlResult,
  type RbacObject,
  SOURCE_KINDS,
  subjectKey,
} from '#libs/core';
import { type JudgeOptions, judge } from '../../../../test/support/expect-control.js';
import {
  type ControllerOptions,
  controller,
  fluxObject,
  namespace,
} from '../../../../test/support/flux-installation.js';
import {
  DEFAULT_ROLES,
  account,
  bindEverywhere,
  bindIn,
  clusterRole,
  group,
  rule,
  serviceAccount,
} from '../../../../test/support/rbac-objects.js';
import { effectiveIdentity } from './mt-03-effective-identity.js';
import { defaultAccountRights } from './mt-04-default-account-rights.js';
import { noControllerIdentity } from './mt-07-no-controller-identity.js';

/** A cluster, as documents and a registration. */
interface Case {
  readonly documents: readonly object[];
  readonly options: JudgeOptions;
}

const HOMES = ['team-a', 'team-b', 'flux-system', 'apps'] as const;
const NAMES = ['default', 'deployer', 'kustomize-controller'] as const;

const fromConfigMap: ControllerOptions = {
  env: [{ name: 'SA', valueFrom: { configMapKeyRef: { name: 'env', key: 'sa' } } }],
};
const lane = record({
  args: constantFrom<readonly string[]>([], ['--default-service-account=default'], ['--default-service-account=$(SA)']),
  shard: boolean(),
  owns: boolean(),
});

function controllers(lanes: readonly { args: readonly string[]; shard: boolean; owns: boolean }[]): object[] {
  return lanes.flatMap(({ args, shard, owns }, index) => {
    const scope = [
      ...(shard ? ['--watch-label-selector=shard=one'] : []),
      ...(owns ? ['--watch-all-namespaces=false'] : []),
    ];
    const name = `kustomize-controller-${index}`;
    return controller('kustomize-controller', [...scope, ...args], {
      ...fromConfigMap,
      name,
      serviceAccountName: 'kustomize-controller',
    });
  });
}

const kustomization = record({
  home: constantFrom(...HOMES),
  named: option(constantFrom(...NAMES), { nil: undefined }),
  sharded: boolean(),
  kubeConfig: constantFrom('none', 'none', 'self', 'spoke', 'map'),
  source: constantFrom('app', 'fleet'),
  decrypts: boolean(),
});

type Drawn = typeof kustomization extends Arbitrary<infer T> ? T : never;

function kustomizations(all: readonly Drawn[]): object[] {
  return all.map(({ home, named, sharded, kubeConfig, source, decrypts }, index) => {
    const object = fluxObject('Kustomization', `${home}/app-${index}`, {
      ...(named !== undefined && { serviceAccountName: named }),
      sourceRef:
        source === 'app'
          ? { kind: 'GitRepository', name: 'app' }
          : { kind: 'GitRepository', name: 'fleet', namespace: 'flux-system' },
      path: './tenants/a',
      ...((kubeConfig === 'self' || kubeConfig === 'spoke') && { kubeConfig: { secretRef: { name: kubeConfig } } }),
      ...(kubeConfig === 'map' && { kubeConfig: { configMapRef: { name: 'map' } } }),
      ...(decrypts && { decryption: { provider: 'sops' } }),
    });
    const { metadata } = object as { metadata: object };
    return { ...object, metadata: { ...metadata, labels: sharded ? { shard: 'one' } : {} } };
  });
}

const SUBJECTS = [
  ...HOMES.flatMap((home) => NAMES.map((name) => account(`${home}/${name}`))),
  group('system:serviceaccounts:team-a'),
  group('system:serviceaccounts'),
  group('team-a'),
];
const binding: Arbitrary<(index: number) => RbacObject> = record({
  role: constantFrom('cluster-admin', 'edit', 'view', 'secrets'),
  subject: constantFrom(...SUBJECTS),
  place: constantFrom(undefined, ...HOMES),
}).map(({ role, subject, place }) => (index: number) => {
  const found = place === undefined ? bindEverywhere(role, subject) : bindIn(place, role, subject);
  return { ...found, metadata: { ...found.metadata, name: `b-${index}` } } as RbacObject;
});

const secretFacts = (name: string, server: string): object => ({
  kind: 'SecretFacts',
  keys: ['value'],
  digest: 'd',
  lengths: {},
  kubeConfig: { server, fields: [], token: { kind: 'jwt', subject: 'system:serviceaccount:team-a:deployer' } },
  name,
});

const FIXED: readonly object[] = [
  ...DEFAULT_ROLES,
  clusterRole('secrets', [rule('get', 'secrets')]),
  bindEverywhere('cluster-admin', account('flux-system/kustomize-controller')),
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'env', namespace: 'flux-system' }, data: { sa: 'tenant' } },
  ...HOMES.map((home) => namespace(home, { tenant: home })),
  ...HOMES.flatMap((home) => ['default', 'deployer'].map((name) => serviceAccount(`${home}/${name}`))),
  ...HOMES.flatMap((home) =>
    [secretFacts('self', 'https://kubernetes.default.svc'), secretFacts('spoke', 'https://spoke.example.com')].map(
      (facts) => {
        const { name, ...rest } = facts as { name: string };
        return { ...rest, metadata: { namespace: home, name } };
      },
    ),
  ),
  ...HOMES.map((home) => ({
    kind: 'KubeConfigMapFacts',
    metadata: { namespace: home, name: 'map' },
    provider: 'generic',
    address: 'https://kubernetes.default.svc',
  })),
  { kind: 'FleetCluster', name: 'here', server: 'https://here.example.com', tenants: [], self: true },
  ...HOMES.map((home) => ({
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: home === 'flux-system' ? 'fleet' : 'app', namespace: home },
    spec: { url: `https://git.example.com/${home}`, ref: { branch: 'main' } },
  })),
  {
    kind: 'GitTree',
    url: 'https://git.example.com/team-a',
    ref: 'main',
    commit: 'c',
    files: [
      {
        path: 'tenants/a/s.yaml',
        documents: [{ kind: 'Secret', sops: { hasMac: true, groups: [[{ id: 'aws:k' }]] } }],
      },
    ],
  },
];

const cases: Arbitrary<Case> = record({
  lanes: array(lane, { minLength: 1, maxLength: 3 }),
  objects: array(kustomization, { minLength: 1, maxLength: 4 }),
  bindings: array(binding, { maxLength: 3 }),
  principals: boolean(),
  byLabel: boolean(),
  gitPaths: boolean(),
}).map(({ lanes, objects, bindings, principals, byLabel, gitPaths }) => {
  const tenants = ['team-a', 'team-b'].map((name) => ({
    name,
    namespaces: byLabel ? { matchLabels: { tenant: name } } : { names: [name] },
    ...(principals && { principals: { groups: [name] } }),
    ...(gitPaths &&
      name === 'team-a' && { gitPaths: [{ repo: 'https://git.example.com/flux-system', paths: ['tenants/a'] }] }),
  }));
  return {
    documents: [
      ...controllers(lanes),
      ...kustomizations(objects),
      ...FIXED,
      ...bindings.map((make, index) => make(index)),
    ],
    options: { registration: { role: 'tenant', tenancy: 'shared', tenants } },
  };
});

const clean = ({ observations }: ControlResult): ReadonlySet<string> =>
  new Set(
    observations.flatMap(({ outcome, subject }) =>
      outcome === 'pass' || outcome === 'notApplicable' ? [subjectKey(subject)] : [],
    ),
  );

/** Subjects that all is well with after something went dark, and that were not before. */
function cleared(control: Control, { documents, options }: Case, dark: JudgeOptions, hidden = documents): string[] {
  const before = judge(control, documents, options);
  const after = judge(control, hidden, { ...options, ...dark });
  expect([before.outcome, after.outcome]).not.toContain('error');
  const wasClean = clean(before);
  const now = [...clean(after)].filter((key) => !wasClean.has(key));
  const allWell = ['pass', 'notApplicable'];
  return allWell.includes(after.outcome) && !allWell.includes(before.outcome) ? [...now, 'the whole'] : now;
}

/** The same cluster, with a shell in front of one controller. */
function behindShell({ documents }: Case): readonly object[] {
  return documents.map((document) => {
    const text = JSON.stringify(document);
    if (!/"kind":"(Pod|Deployment)"/.test(text) || !text.includes('kustomize-controller-0')) return document;
    return JSON.parse(text.replaceAll('"name":"manager"', '"name":"manager","command":["sh","-c","x | y"]')) as object;
  });
}

describe.each<[Control]>([[effectiveIdentity], [defaultAccountRights], [noControllerIdentity]])('$id', (control) => {
  // Without the answers of the API server a control judges by RBAC alone, and says so.
  const artifacts = [...control.requires, ...control.optional].filter((name) => name !== 'accessReviews');

  it.each<[ArtifactName]>(artifacts.map((name) => [name]))('clears nobody without %s', (name) => {
    assert(
      property(cases, (each) => {
        expect(cleared(control, each, { unavailable: { [name]: 'transient' } })).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it.each(SOURCE_KINDS.map((kind) => [kind]))('clears nobody without the sources of kind %s', (kind) => {
    assert(
      property(cases, (each) => {
        expect(cleared(control, each, { unavailableSources: { [kind]: 'forbidden' } })).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  it('clears nobody when the arguments of a controller cannot be told', () => {
    assert(
      property(cases, (each) => {
        expect(cleared(control, each, {}, behindShell(each))).toEqual([]);
        const configMap = { unavailableConfigMaps: { 'flux-system/env': 'forbidden' } } as const;
        expect(cleared(control, each, configMap)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

it('judges what it generates: all outcomes come up', () => {
  const outcomes = sample(cases, { numRuns: 250, seed: 4 }).flatMap(({ documents, options }) =>
    judge(effectiveIdentity, documents, options).observations.map(({ reason }) => reason),
  );
  expect([...new Set(outcomes)]).toEqual(
    expect.arrayContaining([
      'RUNS_AS_CONTROLLER',
      'SA_OVERPRIVILEGED',
      'TENANT_SOURCE_AS_ADMIN',
      'LEAST_PRIVILEGE',
      'PLATFORM_MANAGED',
      'PLATFORM_OBJECT',
      'NAMESPACE_ADMIN',
      'REMOTE_APPLY',
      'NOT_SERVED',
    ]),
  );
});
