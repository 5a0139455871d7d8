import { beforeAll, describe, expect, it } from 'vitest';
import type { CredentialReference } from '#libs/core';
import { CertificateAuthority } from '#libs/simulator';
import { base64, kubeconfig, type Part } from '../../test/kubeconfigs.js';
import { candidateAccess, placeOf, type CandidateAccess } from './candidate-access.js';

const SERVER = 'https://api.example.com:6443';
const TOKEN = 'hunter2-token';
let ca = '';
beforeAll(async () => {
  ca = (await CertificateAuthority.create('candidates')).certPem;
});

const dataOf = (data: Readonly<Record<string, string | Buffer>>) =>
  new Map(Object.entries(data).map(([key, value]) => [key, Buffer.from(value)]));
const reference = (more: Partial<CredentialReference> = {}): CredentialReference => ({
  format: 'kubeconfig',
  namespace: 'team-a',
  name: 'prod-kubeconfig',
  ...more,
});

/** The codes of what is refused; nothing of a refusal may hold the credential. */
function codesOf(result: CandidateAccess): readonly string[] {
  if ('access' in result) return [];
  expect(JSON.stringify(result)).not.toContain(TOKEN);
  for (const { message, fix } of result.reasons) expect(`${message} ${fix}`).toMatch(/^[A-Za-z].+[.)]$/s);
  return result.reasons.map(({ code }) => code);
}

const good = (parts: { readonly cluster?: Part; readonly user?: Part; readonly top?: Part } = {}) =>
  kubeconfig({ ...parts, user: { token: TOKEN, ...parts.user } });
const anchors = `a: &a [x]\nb: [*a, *a]\n${'  '.repeat(3)}`;
const deep = `${'['.repeat(50)}${']'.repeat(50)}`;

describe('a kubeconfig in a Secret', () => {
  it.each<[string, Readonly<Record<string, string>>, string | undefined]>([
    ['under value', { value: good(), other: 'x' }, undefined],
    ['under value.yaml', { 'value.yaml': good() }, undefined],
    ['under the key that is named', { value: 'x', spoke: good() }, 'spoke'],
  ])('is taken %s', (_title, data, key) => {
    const result = candidateAccess(dataOf(data), reference(key === undefined ? {} : { key }));
    expect(result).toEqual({ access: { server: SERVER, credential: { kind: 'token', token: TOKEN } } });
  });

  it('is read in the context that is named', () => {
    const contexts = [{ name: 'other', context: { cluster: 'c', user: 'u' } }];
    const config = good({ top: { contexts, 'current-context': 'gone' } });
    expect(codesOf(candidateAccess(dataOf({ value: config }), reference()))).toEqual(['contextMissing']);
    expect(candidateAccess(dataOf({ value: config }), reference({ context: 'other' }))).toHaveProperty('access');
  });

  it('tells where it leads without its credential', () => {
    const cluster = { 'certificate-authority-data': base64(ca) };
    const result = candidateAccess(dataOf({ value: good({ cluster }) }), reference());
    if (!('access' in result)) throw new Error('it was refused');
    expect(placeOf(result.access)).toEqual({
      connection: { server: SERVER, caData: expect.stringContaining('BEGIN CERTIFICATE') },
      caSpkiSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.stringify(placeOf(result.access))).not.toContain(TOKEN);
  });

  it.each<[string, Readonly<Record<string, string | Buffer>>, readonly string[]]>([
    ['the key is missing', { other: good() }, ['keyMissing']],
    ['the key is empty', { value: '' }, ['keyMissing']],
    ['there is no data', {}, ['keyMissing']],
    ['it runs a program', { value: good({ user: { token: undefined, exec: { command: 'sh' } } }) }, ['exec']],
    [
      'nobody is checked',
      { value: good({ cluster: { 'insecure-skip-tls-verify': true } }) },
      ['insecureSkipTlsVerify'],
    ],
    [
      'it names files',
      { value: good({ cluster: { 'certificate-authority': '/etc/x' } }) },
      ['certificateAuthorityFile'],
    ],
    ['it goes over http', { value: good({ cluster: { server: 'http://a' } }) }, ['serverNotHttps']],
    ['it is no text', { value: Buffer.from([0xff, 0xfe, 0x00]) }, ['kubeconfigNotText']],
    ['it is no kubeconfig', { value: '- a' }, ['notKubeconfig']],
    ['it is too large', { value: `a: ${'x'.repeat(300 * 1024)}` }, ['tooLarge']],
    ['it has anchors', { value: anchors }, ['anchor']],
    ['it is deeper than anything', { value: deep }, ['tooDeep']],
  ])('is refused where %s', (_title, data, codes) => {
    expect(codesOf(candidateAccess(dataOf(data), reference()))).toEqual(codes);
  });

  it('still tells its address where it is refused', () => {
    const config = good({ user: { token: undefined, exec: { command: 'sh' } } });
    expect(candidateAccess(dataOf({ value: config }), reference())).toMatchObject({ connection: { server: SERVER } });
  });
});

describe('a cluster Secret of Argo CD', () => {
  const tls = () => ({ tlsClientConfig: { caData: base64(ca), serverName: 'api.internal' } });
  const argo = (config: unknown, server = SERVER) =>
    candidateAccess(
      dataOf({ name: 'prod', server, config: typeof config === 'string' ? config : JSON.stringify(config) }),
      reference({ format: 'argocd' }),
    );

  it('is taken with a token and its CA', () => {
    expect(argo({ bearerToken: TOKEN, username: '', ...tls() })).toEqual({
      access: {
        server: SERVER,
        caData: expect.stringContaining('BEGIN CERTIFICATE'),
        tlsServerName: 'api.internal',
        credential: { kind: 'token', token: TOKEN },
      },
    });
  });

  it.each<[string, unknown, readonly string[]]>([
    ['exec', { bearerToken: TOKEN, execProviderConfig: { command: 'argocd-k8s-auth' } }, ['execProvider']],
    ['AWS', { awsAuthConfig: { clusterName: 'prod' } }, ['awsAuth']],
    ['insecure', { bearerToken: TOKEN, tlsClientConfig: { insecure: true } }, ['insecure']],
    ['a password', { username: 'u', password: TOKEN }, ['usernamePassword']],
    ['a proxy', { bearerToken: TOKEN, proxyUrl: 'http://x' }, ['proxyUrl']],
    ['all of it', { execProviderConfig: {}, tlsClientConfig: { insecure: true } }, ['execProvider', 'insecure']],
    ['no credential', {}, ['noCredential']],
    ['half a certificate', { tlsClientConfig: { certData: 'eA==' } }, ['clientKeyMissing']],
    ['a CA that is none', { bearerToken: TOKEN, tlsClientConfig: { caData: base64('x') } }, ['caNotPem']],
    ['no JSON', `{"bearerToken": "${TOKEN}"`, ['configNotJson']],
    ['a list', [], ['configNotJson']],
    ['a token of another type', { bearerToken: { a: TOKEN } }, ['configNotJson']],
    ['insecure of another type', { bearerToken: TOKEN, tlsClientConfig: { insecure: 'true' } }, ['configNotJson']],
    ['a bomb', '['.repeat(200_000), ['configNotJson']],
    ['too much', JSON.stringify({ bearerToken: TOKEN, x: 'x'.repeat(300 * 1024) }), ['configNotJson']],
  ])('is refused with %s', (_title, config, codes) => {
    expect(codesOf(argo(config))).toEqual(codes);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['no server', { config: '{}' }, 'keyMissing'],
    ['no config', { server: SERVER }, 'keyMissing'],
    ['its own cluster', { server: 'https://kubernetes.default.svc/', config: '{}' }, 'hubItself'],
    ['an address with a password', { server: 'https://u:p@a', config: '{"bearerToken":"t"}' }, 'serverCredentials'],
  ])('is refused with %s in its data', (_title, data, code) => {
    expect(codesOf(candidateAccess(dataOf(data), reference({ format: 'argocd' })))).toEqual([code]);
  });
});

describe('a token in a Secret', () => {
  const token = reference({ format: 'token', key: 'token' });
  it('goes with the address that its profile names', () => {
    const result = candidateAccess(dataOf({ token: `${TOKEN}\n` }), token, { server: SERVER });
    expect(result).toEqual({ access: { server: SERVER, credential: { kind: 'token', token: TOKEN } } });
  });
  it('leads nowhere without an address', () => {
    expect(codesOf(candidateAccess(dataOf({ token: TOKEN }), token))).toEqual(['notReady']);
    expect(codesOf(candidateAccess(dataOf({ other: TOKEN }), token, { server: SERVER }))).toEqual(['keyMissing']);
    const odd = candidateAccess(dataOf({ token: 'a b' }), token, { server: SERVER });
    expect(codesOf(odd)).toEqual(['tokenInvalid']);
  });
});
