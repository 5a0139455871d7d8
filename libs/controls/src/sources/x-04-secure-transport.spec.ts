import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { secureTransport as control } from './x-04-secure-transport.js';

const judges = tableOf(control);
const source = (kind: string, spec: object) => ({
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind,
  metadata: { name: 'app', namespace: 'apps' },
  spec,
});
const git = (url: string, more: object = {}) => source('GitRepository', { url, ...more });
const helm = (url: string, more: object = {}) => source('HelmRepository', { url, ...more });
const oci = (url: string, insecure?: boolean) => source('OCIRepository', { url, insecure });
const bucket = (endpoint: string, more: object = {}) => source('Bucket', { endpoint, bucketName: 'b', ...more });
const image = (name: string | undefined, insecure?: boolean) => ({
  apiVersion: 'image.toolkit.fluxcd.io/v1',
  kind: 'ImageRepository',
  metadata: { name: 'app', namespace: 'apps' },
  spec: { image: name, insecure },
});
const secret = (name: string, lengths: Record<string, number>, more: object = {}) => ({
  kind: 'SecretFacts',
  metadata: { name, namespace: 'apps' },
  keys: Object.keys(lengths),
  digest: 'd',
  lengths,
  ...more,
});
const SSH = { secretRef: { name: 'key' } };
const KNOWN = secret('key', { identity: 400, known_hosts: 200 });

describe('addresses', () => {
  judges([
    ['nothing', [], 'notApplicable NO_SOURCE'],
    [
      'https',
      [git('https://github.com/a'), helm('https://charts.example'), oci('oci://ghcr.io/a'), bucket('s3.example.com')],
      'pass TRANSPORT_SOUND',
    ],
    [
      'Git over http',
      [git('http://git.example/a')],
      'fail PLAIN_HTTP',
      { severity: 'high', verdicts: ['fail PLAIN_HTTP GitRepository/apps/app'] },
    ],
    ['Git over HTTP in capitals', [git('HTTP://git.example/a')], 'fail PLAIN_HTTP'],
    [
      'Git inside the cluster',
      [git('http://gitea.gitea.svc.cluster.local:3000/a')],
      'warn PLAIN_HTTP',
      { severity: 'low', message: /inside the cluster/ },
    ],
    ['Git at a name that looks like it', [git('http://gitea.svcs.example/a')], 'fail PLAIN_HTTP'],
    ['charts over http', [helm('http://charts.example')], 'fail PLAIN_HTTP'],
    ['a bucket over http', [bucket('http://minio.example:9000')], 'fail PLAIN_HTTP'],
    [
      'a bucket whose tokens come over http',
      [bucket('s3.example', { stsEndpoint: 'http://sts.example' })],
      'fail STS_PLAIN_HTTP',
    ],
    [
      'a bucket, both over http',
      [bucket('http://minio.example', { stsEndpoint: 'http://sts.example' })],
      'fail PLAIN_HTTP',
      {
        verdicts: ['fail PLAIN_HTTP Bucket/apps/app', 'fail STS_PLAIN_HTTP Bucket/apps/app'],
      },
    ],
    ['a chart has no address', [source('HelmChart', { chart: 'x' })], 'notApplicable NO_SOURCE'],
  ]);
});

describe('without TLS', () => {
  judges([
    ['an artifact', [oci('oci://registry.example/a', true)], 'fail INSECURE', { severity: 'high' }],
    [
      'an artifact of a registry in the cluster',
      [oci('oci://registry.registry.svc:5000/a', true)],
      'warn INSECURE',
      { severity: 'low' },
    ],
    ['said not to be', [oci('oci://registry.example/a', false)], 'pass TRANSPORT_SOUND'],
    ['charts', [helm('oci://registry.example/a', { insecure: true, type: 'oci' })], 'fail INSECURE'],
    ['a bucket', [bucket('minio.example:9000', { insecure: true })], 'fail INSECURE'],
    ['a bucket in the cluster', [bucket('minio.minio.svc:9000', { insecure: true })], 'warn INSECURE'],
    [
      'images',
      [image('registry.example/a', true)],
      'fail INSECURE',
      { verdicts: ['fail INSECURE ImageRepository/apps/app'] },
    ],
    ['images of a registry in the cluster', [image('registry.infra.svc:5000/a', true)], 'warn INSECURE'],
    ['images of Docker Hub', [image('library/nginx', true)], 'fail INSECURE', { message: /docker\.io/ }],
    ['images without a name', [image(undefined, true)], 'fail INSECURE'],
    ['images with TLS', [image('registry.example/a')], 'pass TRANSPORT_SOUND'],
    [
      'credentials for every host',
      [helm('https://charts.example', { passCredentials: true })],
      'fail PASS_CREDENTIALS',
      { severity: 'medium' },
    ],
  ]);
});

describe('Secrets', () => {
  const proxied = (origin?: string) => [
    git('https://github.com/a', { proxySecretRef: { name: 'proxy' } }),
    secret('proxy', { address: 20 }, origin === undefined ? {} : { address: { origin, hasPath: false } }),
  ];
  judges([
    ['SSH to a known host', [git('ssh://git@github.com/a', SSH), KNOWN], 'pass TRANSPORT_SOUND'],
    [
      'SSH in the short form',
      [git('git@github.com:org/a', SSH), secret('key', { identity: 1 })],
      'fail NO_KNOWN_HOSTS',
    ],
    [
      'SSH to whoever answers',
      [git('ssh://git@github.com/a', SSH), secret('key', { identity: 1 })],
      'fail NO_KNOWN_HOSTS',
      { severity: 'high' },
    ],
    [
      'empty known_hosts',
      [git('ssh://git@github.com/a', SSH), secret('key', { identity: 1, known_hosts: 0 })],
      'fail NO_KNOWN_HOSTS',
    ],
    ['a Secret that does not exist', [git('ssh://git@github.com/a', SSH)], 'pass TRANSPORT_SOUND'],
    [
      'https needs no known_hosts',
      [git('https://github.com/a', SSH), secret('key', { password: 1 })],
      'pass TRANSPORT_SOUND',
    ],
    ['a proxy over http', proxied('http://proxy.example:3128'), 'fail PROXY_PLAIN_HTTP', { severity: 'medium' }],
    ['a proxy over http in the cluster', proxied('http://proxy.infra.svc'), 'warn PROXY_PLAIN_HTTP'],
    ['a proxy over https', proxied('https://proxy.example'), 'pass TRANSPORT_SOUND'],
    ['a proxy without an address', proxied(), 'pass TRANSPORT_SOUND'],
  ]);
});

describe('what could not be read', () => {
  const forbidden = { unavailableEntries: { secretFacts: { 'apps/key': 'forbidden' } } } as const;
  judges([
    ['the Secret', [git('ssh://git@github.com/a', SSH), KNOWN], 'notEvaluated RBAC_DENIED_READ', forbidden],
    ['the Secret of a source over http', [git('http://git.example/a', SSH), KNOWN], 'fail PLAIN_HTTP', forbidden],
    [
      'a kind of sources',
      [helm('https://a.example')],
      'notEvaluated RBAC_DENIED_READ',
      { unavailableSources: { Bucket: 'forbidden' } },
    ],
    [
      'a kind that does not connect',
      [helm('https://a.example')],
      'pass TRANSPORT_SOUND',
      { unavailableSources: { HelmChart: 'forbidden' } },
    ],
    [
      'image repositories',
      [helm('https://a.example')],
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { imageRepositories: 'forbidden' } },
    ],
  ]);
});

it('points into the Secret', () => {
  const [found] = judge(control, [git('ssh://git@github.com/a', SSH), secret('key', { identity: 1 })]).observations;
  expect(found?.evidence[0]).toMatchObject({
    object: { kind: 'Secret', name: 'key' },
    pointer: '/keys',
    observed: ['identity'],
  });
});
