import { describe, expect, it } from 'vitest';
import { collected, unavailable, type Snapshot } from '#libs/core';
import { snapshotOf } from '../../../../test/support/snapshot-of.js';
import { SECRET } from '../../test/objects.js';
import { readSnapshot } from './read-snapshot.js';
import { SnapshotRejected } from './snapshot-rejected.js';
import { writeSnapshot } from './write-snapshot.js';

const metadata = { namespace: 'team-a', name: 'kubeconfig', uid: 'u', managedFields: [{ manager: 'eso', time: 't' }] };
const kubeConfig = {
  server: 'https://api:6443',
  hasCaData: true,
  caSpkiSha256: 'a'.repeat(64),
  tlsServerName: 'api',
  proxyUrl: 'http://proxy:3128',
  insecureSkipTlsVerify: true,
  fields: ['token', 'as'],
  credentialDigest: 'c',
  token: { kind: 'jwt', issuer: 'i', subject: 's', audiences: ['a'], issuedAt: 't', expiresAt: 't' },
  certificate: { commonName: 'cn', organizations: ['o'], notBefore: 't', notAfter: 't' },
  contexts: 2,
};
const documents = [
  {
    kind: 'SecretFacts',
    metadata,
    type: 'Opaque',
    keys: ['value'],
    digest: 'd',
    lengths: { value: 12 },
    kubeConfig,
    kubeConfigs: { '': kubeConfig, spoke: { problem: 'NO_USER', fields: [] } },
    decryption: { recipients: ['age1x'] },
    address: { origin: 'https://host', hasPath: true },
  },
  { kind: 'SecretFacts', metadata: { namespace: 'team-a', name: 'empty' }, keys: [], digest: 'd', lengths: {} },
  {
    kind: 'KubeConfigMapFacts',
    metadata: { namespace: 'team-a', name: 'eks' },
    provider: 'aws',
    cluster: 'arn',
    address: 'https://x',
    hasCa: false,
    caSpkiSha256: 'b',
    audiences: ['a'],
    serviceAccountName: 'sa',
  },
  {
    kind: 'AccessReview',
    question: {
      user: 'u',
      groups: ['g'],
      verb: 'get',
      group: '',
      resource: 'pods',
      subresource: 'log',
      namespace: 'n',
      name: 'x',
    },
    allowed: true,
    reason: 'RBAC',
  },
  { kind: 'AccessReview', question: { user: 'u', groups: [], verb: 'get', group: 'a', resource: 'b' }, allowed: null },
  {
    kind: 'FleetCluster',
    name: 'spoke',
    role: 'tenant',
    tenancy: 'dedicated',
    delivery: 'remoteApply',
    server: 'https://spoke:443',
    caSpkiSha256: 'c',
    uid: 'u',
    cloudId: 'arn',
    tenants: ['team-a'],
    self: true,
  },
  { kind: 'FleetCluster', name: 'other', server: 'https://other:443', tenants: [] },
];
const whole = snapshotOf(documents, {
  unavailableEntries: {
    secretFacts: { 'team-a/closed': 'forbidden' },
    kubeConfigMaps: { 'team-a/slow': 'transient' },
  },
});

/** The recording with one artifact's value replaced. */
function recordedWith(name: keyof Snapshot['artifacts'], value: unknown): string {
  const artifacts = { ...whole.artifacts, [name]: { state: 'collected', value } };
  return JSON.stringify({ ...whole, artifacts });
}

function errorOf(text: string): unknown {
  try {
    readSnapshot(text);
  } catch (error) {
    return error;
  }
  throw new Error('it was accepted');
}

describe('facts and answers in a recording', () => {
  it.each(['secretFacts', 'kubeConfigMaps', 'accessReviews', 'fleet'] as const)(
    '%s are read as they were written',
    (name) => {
      expect(readSnapshot(writeSnapshot(whole)).artifacts[name]).toEqual(whole.artifacts[name]);
    },
  );

  it('tell that an object does not exist', () => {
    const { artifacts } = readSnapshot(
      recordedWith('secretFacts', { 'a/b': collected(null), 'a/c': { state: 'collected' } }),
    );
    expect(artifacts.secretFacts).toMatchObject({
      value: { 'a/b': { state: 'collected', value: null }, 'a/c': { state: 'collected', value: null } },
    });
  });

  it('let nothing in that could not have been collected', () => {
    const planted = {
      data: { token: SECRET },
      kubeConfig: { ...kubeConfig, user: SECRET, token: { kind: 'jwt', raw: SECRET } },
    };
    const facts = { ...documents[1], ...planted, metadata: { ...metadata, annotations: { note: SECRET } } };
    const text = writeSnapshot(readSnapshot(recordedWith('secretFacts', { 'a/b': collected(facts) })));
    expect(text).not.toContain(SECRET);
    const reviews = [
      { question: { user: 'u', verb: 'v', resource: 'r', token: SECRET }, allowed: false, spec: SECRET },
    ];
    expect(writeSnapshot(readSnapshot(recordedWith('accessReviews', reviews)))).not.toContain(SECRET);
  });

  it('keep why an artifact is missing, also of one that nobody can read back', () => {
    const gap = unavailable('notCollected', 'No control of this run needs it, so it was not read.');
    const text = JSON.stringify({ ...whole, artifacts: { ...whole.artifacts, gitTrees: gap, fleet: gap } });
    expect(readSnapshot(text).artifacts).toMatchObject({ gitTrees: gap, fleet: gap });
  });

  it.each<[string, keyof Snapshot['artifacts'], unknown]>([
    ['Secrets that are a list', 'secretFacts', []],
    ['a Secret that is a text', 'secretFacts', { 'a/b': collected('x') }],
    ['a Secret without a name', 'secretFacts', { 'a/b': collected({ keys: [], digest: 'd', lengths: {} }) }],
    ['lengths that are texts', 'secretFacts', { 'a/b': collected({ ...documents[1], lengths: { a: 'x' } }) }],
    ['a problem that is none', 'secretFacts', { 'a/b': collected({ ...documents[1], kubeConfig: { problem: 'X' } }) }],
    [
      'a certificate without an end',
      'secretFacts',
      { 'a/b': collected({ ...documents[1], kubeConfig: { certificate: {} } }) },
    ],
    ['a ConfigMap that is a list', 'kubeConfigMaps', { 'a/b': collected([]) }],
    ['an answer without a question', 'accessReviews', [{ allowed: true }]],
    ['an answer in words', 'accessReviews', [{ ...documents[3], allowed: 'yes' }]],
    ['a cluster without an address', 'fleet', [{ name: 'x', tenants: [] }]],
    ['a cluster without tenants', 'fleet', [{ name: 'x', server: 'y' }]],
    ['a cluster in an unknown role', 'fleet', [{ name: 'x', server: 'y', tenants: [], role: 'boss' }]],
  ])('are refused with %s', (_title, name, value) => {
    const error = errorOf(recordedWith(name, value));
    expect(error).toBeInstanceOf(SnapshotRejected);
    expect(error).toMatchObject({ code: 'malformed' });
  });
});
