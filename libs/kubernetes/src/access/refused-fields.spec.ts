import { describe, expect, it } from 'vitest';
import { CertificateAuthority } from '#libs/simulator';
import { base64, codesOf, kubeconfig, type Part } from '../../test/kubeconfigs.js';

const authority = await CertificateAuthority.create();
const client = await authority.issueClient('auditor', ['readers']);
const other = await authority.issueClient('other');

describe('fields that are refused', () => {
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'aws', args: ['eks', 'get-token'] };
  it.each<[string, Part, string[]]>([
    ['exec', { token: undefined, exec }, ['/users/0/user/exec exec']],
    ['exec beside a token', { exec }, ['/users/0/user/exec exec']],
    [
      'auth-provider',
      { token: undefined, 'auth-provider': { name: 'azure' } },
      ['/users/0/user/auth-provider authProvider'],
    ],
    ['tokenFile', { token: undefined, tokenFile: '/var/run/token' }, ['/users/0/user/tokenFile tokenFile']],
    ['an empty tokenFile', { tokenFile: '' }, ['/users/0/user/tokenFile tokenFile']],
    [
      'client-certificate',
      { token: undefined, 'client-certificate': 'a.crt' },
      ['/users/0/user/client-certificate clientCertificateFile'],
    ],
    ['client-key', { token: undefined, 'client-key': 'a.key' }, ['/users/0/user/client-key clientKeyFile']],
    ['username', { username: 'a' }, ['/users/0/user/username usernamePassword']],
    ['password', { password: 'a' }, ['/users/0/user/password usernamePassword']],
    ['as', { as: 'root' }, ['/users/0/user/as impersonation']],
    ['as-uid', { 'as-uid': '1' }, ['/users/0/user/as-uid impersonation']],
    ['as-groups', { 'as-groups': ['system:masters'] }, ['/users/0/user/as-groups impersonation']],
    ['as-user-extra', { 'as-user-extra': {} }, ['/users/0/user/as-user-extra impersonation']],
    ['extensions', { extensions: [] }, ['/users/0/user/extensions extensions']],
    ['an unknown field', { impersonate: 'x' }, ['/users/0/user/impersonate unknownField']],
    ['a field that every object has', { constructor: 'x' }, ['/users/0/user/constructor unknownField']],
    ['a field name that is not repeated', { 'a\u0000b secret': 'x' }, ['/users/0/user/? unknownField']],
    ['no credential', { token: undefined }, ['/users/0/user noCredential']],
    ['an empty token', { token: '' }, ['/users/0/user/token tokenInvalid']],
    ['a token on two lines', { token: 'a\nHost: b' }, ['/users/0/user/token tokenInvalid']],
    [
      'a token that YAML reads as a number',
      { token: 12345 },
      ['/users/0/user/token wrongType', '/users/0/user noCredential'],
    ],
    [
      'a certificate without its key',
      { token: undefined, 'client-certificate-data': 'YQ==' },
      ['/users/0/user/client-key-data clientKeyMissing'],
    ],
    [
      'a key without its certificate',
      { token: undefined, 'client-key-data': 'YQ==' },
      ['/users/0/user/client-certificate-data clientCertificateMissing'],
    ],
    [
      'token and certificate',
      { 'client-certificate-data': 'YQ==', 'client-key-data': 'YQ==' },
      ['/users/0/user ambiguousCredential'],
    ],
  ])('of the user: %s', (_title, user, expected) => {
    expect(codesOf(kubeconfig({ user }))).toEqual(expected);
  });

  it.each<[string, Part, string[]]>([
    [
      'certificate-authority',
      { 'certificate-authority': '/etc/ca.crt' },
      ['/clusters/0/cluster/certificate-authority certificateAuthorityFile'],
    ],
    [
      'insecure-skip-tls-verify',
      { 'insecure-skip-tls-verify': true },
      ['/clusters/0/cluster/insecure-skip-tls-verify insecureSkipTlsVerify'],
    ],
    [
      'insecure-skip-tls-verify as text',
      { 'insecure-skip-tls-verify': 'false' },
      ['/clusters/0/cluster/insecure-skip-tls-verify insecureSkipTlsVerify'],
    ],
    ['proxy-url', { 'proxy-url': 'http://10.0.0.1' }, ['/clusters/0/cluster/proxy-url proxyUrl']],
    ['extensions', { extensions: [{ name: 'x' }] }, ['/clusters/0/cluster/extensions extensions']],
    ['an unknown field', { api: 'v1' }, ['/clusters/0/cluster/api unknownField']],
    ['no server', { server: undefined }, ['/clusters/0/cluster/server serverMissing']],
    ['a bad server name', { 'tls-server-name': 'a b' }, ['/clusters/0/cluster/tls-server-name tlsServerNameInvalid']],
    [
      'a CA that is not base64',
      { 'certificate-authority-data': '!!!' },
      ['/clusters/0/cluster/certificate-authority-data caNotBase64'],
    ],
    [
      'a CA that is no PEM',
      { 'certificate-authority-data': base64('hello') },
      ['/clusters/0/cluster/certificate-authority-data caNotPem'],
    ],
    [
      'a CA that is cut off',
      { 'certificate-authority-data': base64('-----BEGIN CERTIFICATE-----\nMII') },
      ['/clusters/0/cluster/certificate-authority-data caNotPem'],
    ],
    [
      'a CA that is no certificate',
      { 'certificate-authority-data': base64('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n') },
      ['/clusters/0/cluster/certificate-authority-data caNotPem'],
    ],
  ])('of the cluster: %s', (_title, cluster, expected) => {
    expect(codesOf(kubeconfig({ cluster }))).toEqual(expected);
  });

  it('a CA with a private key beside it', () => {
    const cluster = { 'certificate-authority-data': base64(`${authority.certPem}\n${client.keyPem}`) };
    expect(codesOf(kubeconfig({ cluster }))).toEqual(['/clusters/0/cluster/certificate-authority-data caNotPem']);
  });

  it.each([
    ['http://host', 'serverNotHttps'],
    ['ftp://host', 'serverNotHttps'],
    ['file:///etc/passwd', 'serverNotHttps'],
    ['javascript:alert(1)', 'serverNotHttps'],
    ['host:6443', 'serverNotHttps'],
    ['https://user:pass@host', 'serverCredentials'],
    ['https://user@host', 'serverCredentials'],
    ['https://host?x=1', 'serverQuery'],
    ['https://host/?', 'serverQuery'],
    ['https://host#x', 'serverFragment'],
    ['https://host/#', 'serverFragment'],
    ['https://', 'serverInvalid'],
    ['https:host', 'serverInvalid'],
    ['https://host:0', 'serverInvalid'],
    ['https://host:99999', 'serverInvalid'],
    ['https://host/a/../b', 'serverInvalid'],
    ['https://host/a/./b', 'serverInvalid'],
    ['https://host/%2e%2e/b', 'serverInvalid'],
    ['https://host//b', 'serverInvalid'],
    ['https://host\\b', 'serverInvalid'],
    ['https://ho st', 'serverInvalid'],
    [' https://host', 'serverInvalid'],
    ['https://ex\u00e4mple.com', 'serverInvalid'],
    ['nonsense', 'serverInvalid'],
  ])('the server %j', (server, code) => {
    expect(codesOf(kubeconfig({ cluster: { server } }))).toEqual([`/clusters/0/cluster/server ${code}`]);
  });

  it('a server of 3,000 characters', () => {
    const server = `https://host/${'a'.repeat(3000)}`;
    expect(codesOf(kubeconfig({ cluster: { server } }))).toEqual(['/clusters/0/cluster/server serverInvalid']);
  });

  it.each<[string, () => Part, string[]]>([
    [
      'certificate not base64',
      () => ({ 'client-certificate-data': '?', 'client-key-data': base64(client.keyPem) }),
      ['client-certificate-data certificateNotBase64'],
    ],
    [
      'certificate no PEM',
      () => ({ 'client-certificate-data': base64('x'), 'client-key-data': base64(client.keyPem) }),
      ['client-certificate-data certificateNotPem'],
    ],
    [
      'key not base64',
      () => ({ 'client-certificate-data': base64(client.certPem), 'client-key-data': '?' }),
      ['client-key-data keyNotBase64'],
    ],
    [
      'key no PEM',
      () => ({ 'client-certificate-data': base64(client.certPem), 'client-key-data': base64('x') }),
      ['client-key-data keyNotPem'],
    ],
    [
      'certificate in the key’s place',
      () => ({ 'client-certificate-data': base64(client.certPem), 'client-key-data': base64(client.certPem) }),
      ['client-key-data keyNotPem'],
    ],
    [
      'an encrypted key',
      () => ({
        'client-certificate-data': base64(client.certPem),
        'client-key-data': base64(client.keyPem.replaceAll('PRIVATE KEY', 'ENCRYPTED PRIVATE KEY')),
      }),
      ['client-key-data keyEncrypted'],
    ],
    [
      'the key of another certificate',
      () => ({ 'client-certificate-data': base64(client.certPem), 'client-key-data': base64(other.keyPem) }),
      ['client-key-data keyMismatch'],
    ],
    [
      'both wrong',
      () => ({ 'client-certificate-data': '?', 'client-key-data': '?' }),
      ['client-certificate-data certificateNotBase64', 'client-key-data keyNotBase64'],
    ],
  ])('of the client certificate: %s', (_title, user, expected) => {
    const text = kubeconfig({ user: { token: undefined, ...user() } });
    expect(codesOf(text)).toEqual(expected.map((end) => `/users/0/user/${end}`));
  });

  it('all of them at once, each with its pointer', () => {
    const text = kubeconfig({
      cluster: { 'proxy-url': 'x', server: 'http://a' },
      user: { exec: {}, as: 'x' },
      top: { extensions: [] },
    });
    expect(codesOf(text)).toEqual([
      '/extensions extensions',
      '/clusters/0/cluster/proxy-url proxyUrl',
      '/users/0/user/exec exec',
      '/users/0/user/as impersonation',
      '/clusters/0/cluster/server serverNotHttps',
    ]);
  });
});
