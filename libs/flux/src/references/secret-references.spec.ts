import { parseAllDocuments } from 'yaml';
import { describe, expect, it } from 'vitest';
import { dedent, type HelmRelease, type Kustomization } from '#libs/core';
import { kubeConfigKey, kubeConfigOf } from './kube-config-of.js';
import { kubeConfigMapReferences, secretReferences, type ReferringObjects } from './secret-references.js';

const LISTS: Readonly<Record<string, keyof ReferringObjects>> = {
  Kustomization: 'kustomizations',
  HelmRelease: 'helmReleases',
  GitRepository: 'sources',
  Bucket: 'sources',
  Provider: 'providers',
  Receiver: 'receivers',
  ImageRepository: 'imageRepositories',
  ImageUpdateAutomation: 'imageUpdateAutomations',
  ResourceSetInputProvider: 'resourceSets',
};

/** Objects of namespace `team-a`, called `x`, from `kind` and `spec`. */
function objectsOf(text: string): ReferringObjects {
  const lists: Partial<Record<keyof ReferringObjects, unknown[]>> = {};
  for (const document of parseAllDocuments(dedent(text))) {
    const { kind, spec } = document.toJS() as { kind: string; spec: unknown };
    const list = LISTS[kind] ?? 'kustomizations';
    (lists[list] ??= []).push({ apiVersion: 'v1', kind, metadata: { namespace: 'team-a', name: 'x' }, spec });
  }
  return lists as ReferringObjects;
}

/** `role namespace/name[key]` of each reference. */
const found = (text: string) =>
  secretReferences(objectsOf(text)).map(
    ({ role, namespace, name, key }) => `${role} ${namespace}/${name}${key === undefined ? '' : `[${key}]`}`,
  );

describe('Secrets that Flux objects name', () => {
  it.each<[string, string, readonly string[]]>([
    ['a kubeconfig', 'kind: Kustomization\nspec: {kubeConfig: {secretRef: {name: kc}}}', ['kubeConfig team-a/kc']],
    [
      'a kubeconfig under a key',
      'kind: HelmRelease\nspec: {kubeConfig: {secretRef: {name: kc, key: spoke}}}',
      ['kubeConfig team-a/kc[spoke]'],
    ],
    [
      'a kubeconfig under an empty key, which names none',
      'kind: HelmRelease\nspec: {kubeConfig: {secretRef: {name: kc, key: ""}}}',
      ['kubeConfig team-a/kc'],
    ],
    [
      'a decryption key',
      'kind: Kustomization\nspec: {decryption: {provider: sops, secretRef: {name: age}}}',
      ['decryption team-a/age'],
    ],
    [
      'everything of a source',
      'kind: GitRepository\nspec: {secretRef: {name: a}, verify: {secretRef: {name: b}}, proxySecretRef: {name: c}}',
      ['source team-a/a', 'verification team-a/b', 'proxy team-a/c'],
    ],
    ['certificates of a Bucket', 'kind: Bucket\nspec: {certSecretRef: {name: a}}', ['certificates team-a/a']],
    [
      'the key that a chart is verified with, in the namespace of its repository',
      'kind: HelmRelease\nspec: {chart: {spec: {sourceRef: {kind: HelmRepository, name: r, namespace: charts}, verify: {secretRef: {name: k}}}}}',
      ['verification charts/k'],
    ],
    [
      'the key that a chart is verified with, in the own namespace',
      'kind: HelmRelease\nspec: {chart: {spec: {sourceRef: {kind: HelmRepository, name: r}, verify: {secretRef: {name: k}}}}}',
      ['verification team-a/k'],
    ],
    [
      'everything of a Provider',
      'kind: Provider\nspec: {secretRef: {name: a}, certSecretRef: {name: b}, proxySecretRef: {name: c}}',
      ['provider team-a/a', 'certificates team-a/b', 'proxy team-a/c'],
    ],
    ['a Receiver', 'kind: Receiver\nspec: {secretRef: {name: a}}', ['receiver team-a/a']],
    ['an image repository', 'kind: ImageRepository\nspec: {secretRef: {name: a}}', ['image team-a/a']],
    [
      'a signing key',
      'kind: ImageUpdateAutomation\nspec: {git: {signingKey: {secretRef: {name: a}}}}',
      ['signingKey team-a/a'],
    ],
    [
      'an input provider',
      'kind: ResourceSetInputProvider\nspec: {secretRef: {name: a}, certSecretRef: {name: b}}',
      ['inputProvider team-a/a', 'certificates team-a/b'],
    ],
    ['none', 'kind: Kustomization\nspec: {decryption: {provider: sops}}', []],
    ['an empty name', 'kind: Kustomization\nspec: {decryption: {secretRef: {name: ""}}}', []],
    ['values, which nobody reads', 'kind: HelmRelease\nspec: {valuesFrom: [{kind: Secret, name: a}]}', []],
  ])('%s', (_title, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('are told with the object that names them, once for each place', () => {
    const [first, second] = secretReferences(
      objectsOf('kind: Kustomization\nspec: {kubeConfig: {secretRef: {name: s}}, decryption: {secretRef: {name: s}}}'),
    );
    const from = { kind: 'Kustomization', namespace: 'team-a', name: 'x' };
    expect(first).toEqual({ namespace: 'team-a', name: 's', role: 'kubeConfig', from });
    expect(second).toEqual({ namespace: 'team-a', name: 's', role: 'decryption', from });
  });

  it('are none where nothing was read', () => {
    expect(secretReferences({})).toEqual([]);
  });
});

it('ConfigMaps of remote clusters stand once, in order', () => {
  const { kustomizations = [], helmReleases = [] } = objectsOf(`
    kind: Kustomization
    spec: {kubeConfig: {configMapRef: {name: z}}}
    ---
    kind: HelmRelease
    spec: {kubeConfig: {configMapRef: {name: z}}}
    ---
    kind: HelmRelease
    spec: {kubeConfig: {configMapRef: {name: a}}}
    ---
    kind: HelmRelease
    spec: {kubeConfig: {secretRef: {name: b}}}
  `);
  const objects: readonly (Kustomization | HelmRelease)[] = [...kustomizations, ...helmReleases];
  expect(kubeConfigMapReferences(objects)).toEqual([
    { namespace: 'team-a', name: 'a' },
    { namespace: 'team-a', name: 'z' },
  ]);
});

describe('the key of a kubeconfig', () => {
  it.each<[readonly string[], string | undefined, string | undefined]>([
    [['value', 'value.yaml'], undefined, 'value'],
    [['value.yaml'], undefined, 'value.yaml'],
    [['value.yaml'], '', 'value.yaml'],
    [['kubeconfig'], undefined, undefined],
    [['kubeconfig', 'value'], 'kubeconfig', 'kubeconfig'],
    [['value'], 'kubeconfig', undefined],
  ])('of a Secret with %j, where the reference names %j, is %j', (keys, named, expected) => {
    expect(kubeConfigKey(keys, named)).toBe(expected);
  });

  it('chooses among several kubeconfigs of one Secret', () => {
    const one = { fields: [], server: 'https://one' };
    const two = { fields: [], server: 'https://two' };
    expect(kubeConfigOf({ kubeConfig: one }, { name: 's', key: 'any' })).toBe(one);
    const both = { kubeConfig: one, kubeConfigs: { '': one, spoke: two } };
    expect(kubeConfigOf(both, { name: 's' })).toBe(one);
    expect(kubeConfigOf(both, { name: 's', key: 'spoke' })).toBe(two);
    expect(kubeConfigOf(both, { name: 's', key: 'constructor' })).toBeUndefined();
  });
});
