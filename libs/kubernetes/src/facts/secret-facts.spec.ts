import { describe, expect, it } from 'vitest';
import { base64, kubeconfig } from '../../test/kubeconfigs.js';
import { SECRET, type Json } from '../../test/objects.js';
import { ClusterError } from '../cluster-error.js';
import { kubeConfigMapFacts } from './kube-config-map-facts.js';
import { secretFacts, type SecretUse } from './secret-facts.js';

const NOTHING: SecretUse = { kubeConfigKeys: [], isDecryption: false, isProvider: false };
const digest = (parts: readonly string[]) => `digest of ${parts.length}`;
const metadata = {
  name: 's',
  namespace: 'team-a',
  uid: 'uid',
  creationTimestamp: '2026-01-01T00:00:00Z',
  labels: { 'cluster.x-k8s.io/cluster-name': 'spoke' },
  annotations: { 'kubectl.kubernetes.io/last-applied-configuration': SECRET },
  managedFields: [{ manager: 'external-secrets', operation: 'Update', time: 't', fieldsV1: { [SECRET]: {} } }],
  ownerReferences: [{ apiVersion: 'v1', kind: 'ExternalSecret', name: 'x', uid: 'o' }],
};

/** Facts of a Secret with these texts; throws where one of them can be seen. */
function factsOf(data: Readonly<Record<string, string>>, use: Partial<SecretUse> = {}) {
  const encoded = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)]));
  const facts = secretFacts({ metadata, type: 'Opaque', data: encoded }, { ...NOTHING, ...use }, digest);
  const visible = JSON.stringify(facts);
  if (visible.includes(SECRET) || visible.includes(base64(SECRET).slice(0, 12)))
    throw new Error('the facts hold a value of the Secret');
  return facts;
}

function errorOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

describe('facts of a Secret', () => {
  it('tell its keys, their lengths and who writes it', () => {
    expect(factsOf({ token: SECRET, 'ca.crt': '' })).toEqual({
      metadata: {
        name: 's',
        namespace: 'team-a',
        uid: 'uid',
        creationTimestamp: '2026-01-01T00:00:00Z',
        labels: { 'cluster.x-k8s.io/cluster-name': 'spoke' },
        managedFields: [{ manager: 'external-secrets', operation: 'Update', time: 't' }],
        ownerReferences: metadata.ownerReferences,
      },
      type: 'Opaque',
      keys: ['ca.crt', 'token'],
      digest: 'digest of 4',
      lengths: { 'ca.crt': 0, token: SECRET.length },
    });
  });

  it('are empty where it has no data', () => {
    expect(secretFacts({ metadata }, NOTHING, digest)).toMatchObject({ keys: [], lengths: {} });
  });

  it.each<[string, Readonly<Record<string, string>>, string, string | undefined]>([
    ['under value', { value: kubeconfig(), 'value.yaml': SECRET }, '', 'https://api.example.com:6443'],
    ['under value.yaml', { 'value.yaml': kubeconfig() }, '', 'https://api.example.com:6443'],
    ['under the key that is named', { value: SECRET, spoke: kubeconfig() }, 'spoke', 'https://api.example.com:6443'],
    ['under value, although it is empty', { value: '', 'value.yaml': kubeconfig() }, '', 'NO_CURRENT_CONTEXT'],
    ['nowhere that Flux looks', { kubeconfig: kubeconfig() }, '', undefined],
    ['not under the key that is named', { value: kubeconfig() }, 'spoke', undefined],
    ['not under a key of every object', { value: kubeconfig() }, 'constructor', undefined],
  ])('have the kubeconfig %s', (_title, data, named, expected) => {
    const { kubeConfig, kubeConfigs } = factsOf(data, { kubeConfigKeys: [named] });
    expect(kubeConfig?.server ?? kubeConfig?.problem).toBe(expected);
    expect(kubeConfigs).toBeUndefined();
  });

  it('have a kubeconfig for each key that is named', () => {
    const data = { value: kubeconfig(), spoke: kubeconfig({ cluster: { server: 'https://spoke' } }) };
    const { kubeConfig, kubeConfigs } = factsOf(data, { kubeConfigKeys: ['spoke', '', 'gone'] });
    expect(kubeConfigs).toMatchObject({
      '': { server: 'https://api.example.com:6443' },
      spoke: { server: 'https://spoke' },
    });
    expect(Object.keys(kubeConfigs ?? {})).toEqual(['', 'spoke']);
    expect(kubeConfig).toBe(kubeConfigs?.['']);
  });

  it('have recipients of age keys where it decrypts', () => {
    const agekey = 'AGE-SECRET-KEY-1G0Q5K9TV4REQ3ZSQRMTMG8NSWQGYT0T7TZ33RAZEE0GZYVZN0APSU24RK7\n';
    const data = { 'age.agekey': agekey, 'age.key': agekey, 'sops.vault-token': SECRET };
    const facts = factsOf(data, { isDecryption: true });
    expect(facts.decryption).toEqual({
      recipients: ['age1lzd99uklcjnc0e7d860axevet2cz99ce9pq6tzuzd05l5nr28ams36nvun'],
    });
    expect(JSON.stringify(facts)).not.toContain('AGE-SECRET');
    expect(factsOf(data)).not.toHaveProperty('decryption');
    expect(factsOf({ 'age.key': agekey }, { isDecryption: true }).decryption).toEqual({ recipients: [] });
  });

  it.each([
    [`https://hooks.slack.com/services/${SECRET}\n`, { origin: 'https://hooks.slack.com', hasPath: true }],
    [`http://u:${SECRET}@host:8080`, { origin: 'http://host:8080', hasPath: false }],
    [SECRET, undefined],
    [`user:${SECRET}`, undefined],
  ])('tell of the address %j of a Provider where it leads', (address, expected) => {
    expect(factsOf({ address }, { isProvider: true }).address).toEqual(expected);
    expect(factsOf({ address })).not.toHaveProperty('address');
  });
});

describe('a Secret of the wrong shape is malformed', () => {
  const huge = (key: string, bytes: number) => ({ data: { [key]: 'A'.repeat(bytes) } });
  it.each<[string, Json]>([
    ['data that is a list', { data: [] }],
    ['data that is a text', { data: SECRET }],
    ['a value that is a map', { data: { a: {} } }],
    ['a value that is a number', { data: { a: 1 } }],
    ['a value that is no base64', { data: { a: `!${SECRET}` } }],
    ['base64 of the wrong length', { data: { a: 'AAAAA' } }],
    ['a key with a slash', { data: { 'a/b': '' } }],
    ['an empty key', { data: { '': '' } }],
    ['a huge key', { data: { ['a'.repeat(254)]: '' } }],
    ['a million keys', { data: Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, ''])) }],
    ['three megabytes', huge('a', 3 * 1024 ** 2)],
    ['a type that is none', { type: {} }],
    ['labels that are none', { metadata: { ...metadata, labels: 'x' } }],
    ['no name', { metadata: { namespace: 'a' } }],
    ['no namespace', { metadata: { name: 'a' } }],
    ['a kubeconfig of a megabyte', { data: { value: base64(`a: ${'x'.repeat(1024 ** 2)}`) } }],
    ['a kubeconfig with aliases', { data: { value: base64('a: &a [1]\nb: [*a, *a]') } }],
  ])('%s', (_title, parts) => {
    const use = { kubeConfigKeys: [''], isDecryption: true, isProvider: true };
    const error = errorOf(() => secretFacts({ metadata, ...parts }, use, digest));
    expect(error).toBeInstanceOf(ClusterError);
    expect(error).toMatchObject({ code: 'malformed' });
    expect(`${String(error)}${JSON.stringify(error)}`).not.toContain(SECRET);
  });

  it('but keys that are methods elsewhere are keys', () => {
    const item = JSON.parse(
      JSON.stringify({ metadata, data: { constructor: '', toString: '' } }).replace('"toString"', '"__proto__"'),
    ) as Json;
    const { keys, lengths } = secretFacts(item, NOTHING, digest);
    expect(keys).toEqual(['constructor']);
    expect(Object.getPrototypeOf(lengths)).toBe(Object.prototype);
  });
});

describe('facts of a ConfigMap that tells how to reach a cluster', () => {
  const factsOfMap = (data: Json) => kubeConfigMapFacts({ metadata, data });

  it('are its fields, without what it holds besides', () => {
    const data = {
      provider: 'generic',
      cluster: 'arn:aws:eks:eu-west-1:1:cluster/a',
      address: `https://u:${SECRET}@api.example.com`,
      'ca.crt': 'no certificate',
      audiences: 'https://a\n\n  b \n',
      serviceAccountName: 'spoke',
      other: SECRET,
    };
    const { metadata: _, ...facts } = factsOfMap(data);
    expect(facts).toEqual({
      provider: 'generic',
      cluster: 'arn:aws:eks:eu-west-1:1:cluster/a',
      address: 'https://api.example.com',
      hasCa: true,
      audiences: ['https://a', 'b'],
      serviceAccountName: 'spoke',
    });
  });

  it('are none where it is empty', () => {
    expect(Object.keys(kubeConfigMapFacts({ metadata }))).toEqual(['metadata']);
  });

  it.each<Json>([{ provider: 1 }, { audiences: [] }, { address: {} }])('are refused where it holds %j', (data) => {
    expect(() => factsOfMap(data)).toThrow(ClusterError);
  });
});
