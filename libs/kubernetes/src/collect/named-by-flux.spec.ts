import { describe, expect, it } from 'vitest';
import type { ArtifactName } from '#libs/core';
import { CertificateAuthority, FLUX_RESOURCES, SimulatedCluster, type SimulatedObject } from '#libs/simulator';
import { collectFrom, valueOf } from '../../test/collecting.js';
import { base64, kubeconfig } from '../../test/kubeconfigs.js';
import { SECRET } from '../../test/objects.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import { writeSnapshot } from '../snapshot/write-snapshot.js';

const namespace = 'team-a';
const NEEDS: readonly ArtifactName[] = [
  'kustomizations',
  'helmReleases',
  'sources',
  'providers',
  'receivers',
  'secretFacts',
  'kubeConfigMaps',
];

const secret = (name: string, data: Readonly<Record<string, string>>): SimulatedObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { namespace, name },
  type: 'Opaque',
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
});
const object = (apiVersion: string, kind: string, name: string, spec: unknown): SimulatedObject => ({
  apiVersion,
  kind,
  metadata: { namespace, name },
  spec,
});
const kustomization = (name: string, spec: unknown) =>
  object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', name, spec);
const remote = (name: string, secretName: string, key?: string) =>
  kustomization(name, { kubeConfig: { secretRef: { name: secretName, ...(key !== undefined && { key }) } } });

/** A cluster whose auditor may read Secrets, too. */
function clusterWith(...objects: readonly SimulatedObject[]): SimulatedCluster {
  return new SimulatedCluster({ name: 'hub', resources: FLUX_RESOURCES, objects, user: { denied: [] } });
}

/** Paths that name Secrets, in the order in which they were asked for. */
const secretPaths = (cluster: SimulatedCluster) =>
  cluster.requests.requests.map(({ path }) => path).filter((path) => path.includes('secrets'));

describe('Secrets that Flux objects name', () => {
  it('are read by name, each once, and nothing else of them', async () => {
    const cluster = clusterWith(
      remote('a', 'kubeconfig'),
      remote('b', 'kubeconfig'),
      kustomization('c', { decryption: { provider: 'sops', secretRef: { name: 'sops' } } }),
      object('notification.toolkit.fluxcd.io/v1beta3', 'Provider', 'p', {
        type: 'slack',
        secretRef: { name: 'slack' },
      }),
      object('notification.toolkit.fluxcd.io/v1', 'Receiver', 'r', { type: 'github', secretRef: { name: 'token' } }),
      object('source.toolkit.fluxcd.io/v1', 'GitRepository', 'g', { url: 'https://x', secretRef: { name: 'git' } }),
      secret('kubeconfig', { value: kubeconfig() }),
      secret('slack', { address: `https://hooks.slack.com/${SECRET}` }),
      secret('token', { token: SECRET }),
      secret('git', { username: 'git', password: SECRET }),
      secret('other', { password: SECRET }),
    );
    const snapshot = await collectFrom(cluster, { needs: NEEDS });
    const facts = valueOf(snapshot, 'secretFacts');
    expect(Object.keys(facts)).toEqual(['git', 'kubeconfig', 'slack', 'sops', 'token'].map((name) => `team-a/${name}`));
    expect(facts['team-a/kubeconfig']).toMatchObject({
      state: 'collected',
      value: { keys: ['value'], kubeConfig: { server: 'https://api.example.com:6443', token: { kind: 'opaque' } } },
      requests: [{ path: '/api/v1/namespaces/team-a/secrets/kubeconfig', status: 200 }],
    });
    expect(facts['team-a/slack']).toMatchObject({ value: { address: { origin: 'https://hooks.slack.com' } } });
    expect(facts['team-a/token']).toMatchObject({ value: { lengths: { token: SECRET.length } } });
    expect(facts['team-a/sops']).toEqual({ state: 'collected', value: null });
    expect(secretPaths(cluster).toSorted()).toEqual(
      ['git', 'kubeconfig', 'slack', 'sops', 'token'].map((name) => `/api/v1/namespaces/team-a/secrets/${name}`),
    );
  });

  it('that may not be read say which right is missing, each for itself', async () => {
    const cluster = clusterWith(remote('a', 'one'), remote('b', 'two'), secret('one', {}), secret('two', {}));
    const rule = { verb: 'get', group: '', resource: 'secrets', namespace, name: 'two' };
    cluster.deny(rule);
    const facts = valueOf(await collectFrom(cluster, { needs: NEEDS }), 'secretFacts');
    expect(facts['team-a/one']?.state).toBe('collected');
    expect(facts['team-a/two']).toMatchObject({ state: 'unavailable', reason: 'forbidden', missing: [rule] });
  });

  it('of the wrong shape, or with a name that cannot be one, spoil nothing but themselves', async () => {
    const cluster = clusterWith(
      remote('a', 'fine'),
      remote('b', 'list'),
      remote('c', 'bomb'),
      remote('d', '../../pods'),
      remote('e', 'swapped'),
      secret('fine', { value: kubeconfig() }),
      { ...secret('list', {}), data: [SECRET] },
      secret('bomb', { value: `a: &a [${SECRET}]\nb: [*a,*a,*a]` }),
    );
    cluster.injectFault({
      kind: 'json',
      body: { metadata: { namespace, name: 'another' }, data: {} },
      path: /secrets\/swapped/,
    });
    const facts = valueOf(await collectFrom(cluster, { needs: NEEDS }), 'secretFacts');
    const states = Object.entries(facts).map(([key, { state, ...rest }]) => [
      key,
      'reason' in rest ? rest.reason : state,
    ]);
    expect(Object.fromEntries(states)).toEqual({
      'team-a/../../pods': 'malformed',
      'team-a/bomb': 'malformed',
      'team-a/fine': 'collected',
      'team-a/list': 'malformed',
      'team-a/swapped': 'malformed',
    });
    expect(JSON.stringify(facts)).not.toContain(SECRET);
  });

  it('beyond 500 are not read, and say so', async () => {
    const cluster = clusterWith(
      ...Array.from({ length: 503 }, (_, i) => remote(`k${i}`, `s${String(i).padStart(4, '0')}`)),
    );
    const snapshot = await collectFrom(cluster, { needs: NEEDS, budget: { requests: 2_000 } });
    const facts = Object.values(valueOf(snapshot, 'secretFacts'));
    expect(facts.filter(({ state }) => state === 'collected')).toHaveLength(500);
    expect(facts.slice(500)).toMatchObject([1, 2, 3].map(() => ({ state: 'unavailable', reason: 'incompleteList' })));
    expect(secretPaths(cluster)).toHaveLength(500);
  });

  it('have equal digests where they are equal, in this snapshot and no other', async () => {
    const cluster = clusterWith(
      remote('a', 'one'),
      remote('b', 'two'),
      remote('c', 'three'),
      secret('one', { value: kubeconfig() }),
      secret('two', { value: kubeconfig() }),
      secret('three', { value: kubeconfig({ cluster: { server: 'https://three' } }) }),
    );
    const digestsOf = async () => {
      const facts = valueOf(await collectFrom(cluster, { needs: NEEDS }), 'secretFacts');
      return ['one', 'two', 'three'].map((name) => {
        const found = facts[`team-a/${name}`];
        const value = found?.state === 'collected' ? found.value : null;
        return { whole: value?.digest, credential: value?.kubeConfig?.credentialDigest };
      });
    };
    const [one, two, three] = await digestsOf();
    expect(one?.whole).toMatch(/^[0-9a-f]{64}$/);
    expect(two).toEqual(one);
    expect(three?.whole).not.toBe(one?.whole);
    expect(three?.credential).toBe(one?.credential);
    const [again] = await digestsOf();
    expect(again?.whole).not.toBe(one?.whole);
    expect(again?.credential).not.toBe(one?.credential);
  });

  it('are looked for as far as their objects could be read', async () => {
    const cluster = clusterWith(remote('a', 'one'), secret('one', { value: kubeconfig() }));
    cluster.deny({ verb: 'list', group: 'helm.toolkit.fluxcd.io', resource: 'helmreleases' });
    const some = await collectFrom(cluster, { needs: NEEDS });
    expect(Object.keys(valueOf(some, 'secretFacts'))).toEqual(['team-a/one']);

    cluster.deny({ verb: 'list', group: 'kustomize.toolkit.fluxcd.io', resource: 'kustomizations' });
    const none = await collectFrom(cluster, {
      needs: ['kustomizations', 'helmReleases', 'secretFacts', 'kubeConfigMaps'],
    });
    const gap = { state: 'unavailable', reason: 'forbidden', missing: [{ resource: 'kustomizations' }] };
    expect(none.artifacts.secretFacts).toMatchObject(gap);
    expect(none.artifacts.kubeConfigMaps).toMatchObject(gap);
    const alone = await collectFrom(cluster, { needs: ['secretFacts'] });
    expect(alone.artifacts.secretFacts).toMatchObject({ state: 'unavailable', reason: 'notCollected' });
  });

  it('are not read where no control needs them', async () => {
    const cluster = clusterWith(remote('a', 'one'), secret('one', { value: kubeconfig() }));
    const snapshot = await collectFrom(cluster, { needs: ['kustomizations'] });
    expect(snapshot.artifacts.secretFacts).toMatchObject({ reason: 'notCollected' });
    expect(secretPaths(cluster)).toEqual([]);
  });
});

describe('ConfigMaps of remote clusters', () => {
  it('are read by name, each with its own state', async () => {
    const remoteBy = (name: string, map: string) =>
      kustomization(name, { kubeConfig: { configMapRef: { name: map } } });
    const data = { provider: 'aws', cluster: 'arn:aws:eks:x', other: SECRET };
    const cluster = clusterWith(
      remoteBy('a', 'eks'),
      remoteBy('b', 'gone'),
      remoteBy('c', 'odd'),
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: 'eks' }, data },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: 'odd' }, data: 'x' },
    );
    const snapshot = await collectFrom(cluster, { needs: NEEDS });
    expect(valueOf(snapshot, 'kubeConfigMaps')).toMatchObject({
      'team-a/eks': { value: { provider: 'aws', cluster: 'arn:aws:eks:x' } },
      'team-a/gone': { value: null },
      'team-a/odd': { state: 'unavailable', reason: 'malformed' },
    });
    expect(writeSnapshot(snapshot)).not.toContain(SECRET);
  });
});

describe('a snapshot with Secrets', () => {
  const agekey = 'AGE-SECRET-KEY-1G0Q5K9TV4REQ3ZSQRMTMG8NSWQGYT0T7TZ33RAZEE0GZYVZN0APSU24RK7';

  async function snapshotWithSecrets() {
    const authority = await CertificateAuthority.create('spoke');
    const client = await authority.issueClient('admin', ['system:masters']);
    const jwt = ['e30', Buffer.from('{"sub":"x","exp":1893456000}').toString('base64url'), 'c2lnbmF0dXJl'].join('.');
    const certificate = {
      'client-certificate-data': base64(client.certPem),
      'client-key-data': base64(client.keyPem),
      token: undefined,
      password: SECRET,
    };
    const several = {
      spoke: kubeconfig({ user: { token: jwt }, cluster: { 'certificate-authority-data': base64(authority.certPem) } }),
      value: kubeconfig({ user: certificate }),
    };
    const cluster = clusterWith(
      remote('a', 'several'),
      remote('b', 'several', 'spoke'),
      kustomization('c', {
        decryption: { provider: 'sops', secretRef: { name: 'sops' } },
        postBuild: { substitute: { a: SECRET } },
      }),
      object('notification.toolkit.fluxcd.io/v1beta3', 'Provider', 'p', {
        type: 'slack',
        address: `https://hooks.example.com/${SECRET}`,
        secretRef: { name: 'slack' },
      }),
      secret('several', several),
      secret('sops', { 'age.agekey': agekey, 'sops.vault-token': SECRET }),
      secret('slack', { address: `https://u:${SECRET}@hooks.slack.com/${SECRET}`, token: SECRET }),
    );
    const snapshot = await collectFrom(cluster, { needs: NEEDS });
    return { snapshot, planted: { jwt, signature: 'c2lnbmF0dXJl', key: client.keyPem, certificate: client.certPem } };
  }

  it('holds no token, key or password, in any form', async () => {
    const { snapshot, planted } = await snapshotWithSecrets();
    const text = writeSnapshot(snapshot);
    // Every entry was read and looked into.
    expect(Object.values(valueOf(snapshot, 'secretFacts')).map(({ state }) => state)).toEqual(
      ['several', 'slack', 'sops'].map(() => 'collected'),
    );
    const seed = agekey.slice('AGE-SECRET-KEY-1'.length);
    const pemLine = planted.key.split('\n')[1] ?? '';
    const secrets = [SECRET, planted.jwt, planted.signature, planted.jwt.split('.')[1] ?? '', agekey, seed, pemLine];
    for (const plain of [...secrets, planted.certificate.split('\n')[1] ?? '']) {
      const forms = [plain, base64(plain), base64(plain).replace(/=+$/, ''), Buffer.from(plain).toString('hex')];
      expect(forms.filter((form) => text.includes(form))).toEqual([]);
    }
    expect(text).not.toContain('PRIVATE KEY');
    expect(text).toContain('age1lzd99uklcjnc0e7d860axevet2cz99ce9pq6tzuzd05l5nr28ams36nvun');
  });

  it('is the same when it is written down and read again', async () => {
    const { snapshot } = await snapshotWithSecrets();
    const again = readSnapshot(writeSnapshot(snapshot));
    expect(again.artifacts.secretFacts).toEqual(snapshot.artifacts.secretFacts);
    expect(again.artifacts.kubeConfigMaps).toEqual(snapshot.artifacts.kubeConfigMaps);
    expect(again).toMatchObject({
      artifacts: {
        secretFacts: { value: { 'team-a/several': { value: { kubeConfigs: { spoke: { contexts: 1 } } } } } },
      },
    });
  });
});
