import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import type { KubeConfigFacts } from '#libs/core';
import { CertificateAuthority } from '#libs/simulator';
import { base64, kubeconfig, type Part } from '../../test/kubeconfigs.js';
import { SECRET } from '../../test/objects.js';
import { caSpkiSha256 } from '../access/ca-spki.js';
import { ClusterError } from '../cluster-error.js';
import { kubeConfigFacts } from './kubeconfig-facts.js';

const authority = await CertificateAuthority.create('spoke');
const other = await CertificateAuthority.create('other');
const client = await authority.issueClient('admin', ['system:masters', 'platform'], {
  notBefore: new Date('2026-01-02T03:04:05Z'),
  notAfter: new Date('2030-01-02T03:04:05Z'),
});
const digest = (parts: readonly string[]) => `${parts.length}:${parts.join('').length}`;
const jwt = (claims: unknown) => ['e30', Buffer.from(JSON.stringify(claims)).toString('base64url'), SECRET].join('.');

/** Facts of a text; throws where a credential can be seen in them. */
function factsOf(text: string): KubeConfigFacts {
  const facts = kubeConfigFacts(Buffer.from(text), digest);
  const visible = JSON.stringify(facts);
  if ([SECRET, 'BEGIN', base64('-----BEGIN')].some((secret) => visible.includes(secret)))
    throw new Error('the facts hold a credential');
  return facts;
}
const of = (parts: { cluster?: Part; user?: Part; context?: Part; top?: Part }) =>
  factsOf(kubeconfig({ ...parts, user: { token: SECRET, ...parts.user } }));

describe('facts of a kubeconfig', () => {
  it('tell the address, the CA and the form of the credential', () => {
    expect(of({ cluster: { 'certificate-authority-data': base64(authority.certPem) } })).toEqual({
      server: 'https://api.example.com:6443',
      hasCaData: true,
      caSpkiSha256: caSpkiSha256(authority.certPem),
      fields: ['certificate-authority-data', 'token'],
      credentialDigest: '2:19',
      token: { kind: 'opaque' },
      contexts: 1,
    });
    expect(caSpkiSha256(authority.certPem)).toMatch(/^[0-9a-f]{64}$/);
    expect(caSpkiSha256(other.certPem)).not.toBe(caSpkiSha256(authority.certPem));
  });

  it.each([
    ['10.0.0.1:6443', '10.0.0.1:6443'],
    ['http://10.0.0.1:8080', 'http://10.0.0.1:8080'],
    [`https://user:${SECRET}@api/k8s/clusters/c-1?t=${SECRET}`, 'https://api/k8s/clusters/c-1'],
    [`user:${SECRET}@api:6443`, 'api:6443'],
    ['https://api\u0000\u202e', 'https://api'],
    [`https://${'a'.repeat(5_000)}`, `https://${'a'.repeat(1_016)}`],
  ])('keep of the server %j its address as it was written', (server, expected) => {
    expect(of({ cluster: { server } }).server).toBe(expected);
  });

  it('tell what changes how the cluster is reached', () => {
    const cluster = {
      'insecure-skip-tls-verify': true,
      'tls-server-name': 'api.internal',
      'proxy-url': `socks5://u:${SECRET}@proxy:1080/${SECRET}`,
      'certificate-authority': `/etc/${SECRET}`,
    };
    const user = {
      token: undefined,
      tokenFile: `/var/${SECRET}`,
      exec: { command: SECRET, args: [SECRET] },
      'auth-provider': { name: SECRET },
      as: SECRET,
      'as-groups': [SECRET],
      username: SECRET,
      password: SECRET,
      extensions: [{ name: SECRET }],
      [SECRET]: SECRET,
    };
    expect(of({ cluster, user })).toEqual({
      server: 'https://api.example.com:6443',
      hasCaData: false,
      tlsServerName: 'api.internal',
      proxyUrl: 'socks5://proxy:1080',
      insecureSkipTlsVerify: true,
      fields: [
        'certificate-authority',
        'insecure-skip-tls-verify',
        'proxy-url',
        'tls-server-name',
        'as',
        'as-groups',
        'auth-provider',
        'exec',
        'password',
        'tokenFile',
        'username',
      ],
      credentialDigest: expect.any(String),
      contexts: 1,
    });
  });

  it('do not count what is there and says nothing', () => {
    const cluster = { 'insecure-skip-tls-verify': false, 'proxy-url': '', 'certificate-authority-data': null };
    const user = { token: '', as: '', 'as-groups': [], exec: null };
    const facts = of({ cluster, user });
    expect(facts).toMatchObject({ fields: [], hasCaData: false });
    expect(facts).not.toHaveProperty('credentialDigest');
  });

  it('tell the claims of a token, unverified', () => {
    const claims = {
      iss: 'https://kubernetes.default.svc',
      sub: 'system:serviceaccount:flux:spoke',
      aud: ['https://hub', 'b'],
      iat: 1_700_000_000,
      exp: 1_893_456_000,
      private: SECRET,
    };
    expect(of({ user: { token: jwt(claims) } }).token).toEqual({
      kind: 'jwt',
      issuer: 'https://kubernetes.default.svc',
      subject: 'system:serviceaccount:flux:spoke',
      audiences: ['https://hub', 'b'],
      issuedAt: '2023-11-14T22:13:20.000Z',
      expiresAt: '2030-01-01T00:00:00.000Z',
    });
    expect(of({ user: { token: jwt({ iss: 'kubernetes/serviceaccount', aud: 'one' }) } }).token).toEqual({
      kind: 'jwt',
      issuer: 'kubernetes/serviceaccount',
      audiences: ['one'],
    });
    expect(of({ user: { token: jwt([SECRET]) } }).token).toEqual({ kind: 'opaque' });
  });

  it('tell who a client certificate is for, and for how long', () => {
    const user = {
      token: undefined,
      'client-certificate-data': base64(client.certPem),
      'client-key-data': base64(client.keyPem),
    };
    expect(of({ user })).toMatchObject({
      fields: ['client-certificate-data', 'client-key-data'],
      certificate: {
        commonName: 'admin',
        organizations: ['system:masters', 'platform'],
        notBefore: '2026-01-02T03:04:05.000Z',
        notAfter: '2030-01-02T03:04:05.000Z',
      },
    });
  });

  it('tell nothing of a certificate that is none', () => {
    const data = base64('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----');
    const facts = of({
      cluster: { 'certificate-authority-data': data },
      user: { token: undefined, 'client-certificate-data': data, 'client-key-data': data },
    });
    expect(facts).toMatchObject({ hasCaData: true, fields: expect.arrayContaining(['client-certificate-data']) });
    expect(facts).not.toHaveProperty('caSpkiSha256');
    expect(facts).not.toHaveProperty('certificate');
  });

  it('are of the current context alone', () => {
    const text = stringify({
      'current-context': 'b',
      contexts: [
        { name: 'a', context: { cluster: 'a', user: 'a' } },
        { name: 'b', context: { cluster: 'b', user: 'b' } },
      ],
      clusters: [
        { name: 'a', cluster: { server: 'https://a', 'insecure-skip-tls-verify': true } },
        { name: 'b', cluster: { server: 'https://b' } },
      ],
      users: [
        { name: 'a', user: { exec: { command: 'x' } } },
        { name: 'b', user: { token: SECRET } },
      ],
    });
    expect(factsOf(text)).toMatchObject({ server: 'https://b', fields: ['token'], contexts: 2 });
    expect(factsOf(text)).not.toHaveProperty('insecureSkipTlsVerify');
  });

  it('have one digest for one credential, whatever is around it', () => {
    const digestOf = (parts: Parameters<typeof of>[0]) => of(parts).credentialDigest;
    expect(digestOf({ cluster: { server: 'https://x' } })).toBe(digestOf({}));
  });
});

describe('a kubeconfig that Flux cannot use', () => {
  it.each<[string, string, KubeConfigFacts['problem']]>([
    ['is empty', '', 'NO_CURRENT_CONTEXT'],
    ['is a comment', '# nothing', 'NO_CURRENT_CONTEXT'],
    ['names no context', kubeconfig({ top: { 'current-context': undefined } }), 'NO_CURRENT_CONTEXT'],
    ['names a context that is not there', kubeconfig({ top: { 'current-context': 'x' } }), 'NO_CURRENT_CONTEXT'],
    ['names a context like a method', kubeconfig({ top: { 'current-context': 'constructor' } }), 'NO_CURRENT_CONTEXT'],
    ['has no contexts', kubeconfig({ top: { contexts: null } }), 'NO_CURRENT_CONTEXT'],
    ['names a cluster that is not there', kubeconfig({ context: { cluster: 'x' } }), 'NO_CLUSTER'],
    ['names a user that is not there', kubeconfig({ context: { user: 'x' } }), 'NO_USER'],
    ['names nobody', kubeconfig({ context: { user: undefined } }), 'NO_USER'],
    ['is no YAML', 'a: [', 'NOT_YAML'],
    ['is a text', 'hello', 'NOT_YAML'],
    ['is a list', '[]', 'NOT_YAML'],
    ['has a list for a text', kubeconfig({ cluster: { server: ['x'] } }), 'NOT_YAML'],
    ['has a number for a token', kubeconfig({ user: { token: 42 } }), 'NOT_YAML'],
    ['has a map for a list', kubeconfig({ top: { users: {} } }), 'NOT_YAML'],
    ['has a text for an entry', kubeconfig({ top: { users: ['u'] } }), 'NOT_YAML'],
    ['has a text for a user', kubeconfig({ top: { users: [{ name: 'u', user: 'x' }] } }), 'NOT_YAML'],
  ])('because it %s', (_title, text, problem) => {
    expect(factsOf(text).problem).toBe(problem);
  });

  it('because it is not UTF-8', () => {
    expect(kubeConfigFacts(Buffer.from([0xff, 0xfe, 0x00]), digest).problem).toBe('NOT_YAML');
  });

  it('is still told by what it says', () => {
    expect(of({ context: { user: 'x' } })).toMatchObject({
      server: 'https://api.example.com:6443',
      problem: 'NO_USER',
    });
  });
});

describe('a kubeconfig that another reader may read differently is not told at all', () => {
  const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(',')}]`);
  it.each([
    ['aliases that multiply', `l0: &l0 [x]\n${levels.join('\n')}`],
    ['an anchor', kubeconfig().replace('cluster: c', 'cluster: &c c')],
    ['a tag', kubeconfig().replace('cluster: c', 'cluster: !!str c')],
    ['a merge key', `${kubeconfig()}\n<<: {}\n`],
    ['a key twice', `${kubeconfig()}\ncurrent-context: other\n`],
    ['two documents', `${kubeconfig()}\n---\n${kubeconfig()}`],
    ['two users of one name', kubeconfig({ top: { users: [1, 2].map(() => ({ name: 'u', user: {} })) } })],
    ['a great depth', `a: ${'['.repeat(5_000)}${']'.repeat(5_000)}`],
    ['a megabyte', `${kubeconfig()}# ${'x'.repeat(1024 * 1024)}`],
    ['a million entries', `a: [${'1,'.repeat(100_000)}1]`],
  ])('%s', (_title, text) => {
    const started = performance.now();
    expect(() => kubeConfigFacts(Buffer.from(text), digest)).toThrow(ClusterError);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('and says so in our words', () => {
    const error = errorOf(() => kubeConfigFacts(Buffer.from(`a: &${SECRET} 1`), digest));
    expect(error).toMatchObject({ code: 'malformed', detail: 'kubeconfig' });
    expect(`${String(error)}${JSON.stringify(error)}`).not.toContain(SECRET);
  });
});

function errorOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}
