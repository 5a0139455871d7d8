import { describe, expect, it } from 'vitest';
import { CertificateAuthority } from '#libs/simulator';
import { base64, codesOf, kubeconfig } from '../../test/kubeconfigs.js';
import { parseKubeconfig } from './parse-kubeconfig.js';

const authority = await CertificateAuthority.create();
const client = await authority.issueClient('auditor', ['readers']);

describe('an accepted kubeconfig', () => {
  it('gives the server and the token of the current context', () => {
    expect(parseKubeconfig(kubeconfig())).toEqual({
      server: 'https://api.example.com:6443',
      credential: { kind: 'token', token: 'secret-token' },
    });
  });

  it('gives CA, server name and client certificate', () => {
    const text = kubeconfig({
      cluster: { 'certificate-authority-data': base64(authority.certPem), 'tls-server-name': 'kubernetes.default.svc' },
      user: {
        token: undefined,
        'client-certificate-data': base64(client.certPem),
        'client-key-data': base64(client.keyPem),
      },
    });
    const access = parseKubeconfig(text);
    expect(access).toMatchObject({
      tlsServerName: 'kubernetes.default.svc',
      credential: { kind: 'clientCertificate' },
    });
    expect(access.caData).toContain('BEGIN CERTIFICATE');
  });

  it('keeps of a bundle only its certificates', () => {
    const bundle = `# subject=CN = root\n${authority.certPem}\n# and again\n${authority.certPem}`;
    const access = parseKubeconfig(kubeconfig({ cluster: { 'certificate-authority-data': base64(bundle) } }));
    expect(access.caData?.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(access.caData).not.toContain('#');
  });

  it.each<[string, Parameters<typeof kubeconfig>[0]]>([
    ['a namespace in the context', { context: { namespace: 'team-a' } }],
    ['empty preferences', { top: { preferences: {} } }],
    ['disable-compression', { cluster: { 'disable-compression': true } }],
    ['insecure-skip-tls-verify spelled out as false', { cluster: { 'insecure-skip-tls-verify': false } }],
    ['no apiVersion and kind', { top: { apiVersion: undefined, kind: undefined } }],
  ])('may have %s', (_title, parts) => {
    expect(parseKubeconfig(kubeconfig(parts)).server).toBe('https://api.example.com:6443');
  });

  it('may be JSON', () => {
    const text = JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: 'https://10.0.0.1' } }],
      users: [{ name: 'u', user: { token: 't' } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    });
    expect(parseKubeconfig(text, { context: 'x' }).server).toBe('https://10.0.0.1');
  });

  it('takes the context that is asked for and drops the others unread', () => {
    const text = kubeconfig({
      top: {
        users: [
          { name: 'u', user: { token: 't' } },
          { name: 'evil', user: { exec: { command: '/bin/false' } } },
        ],
        contexts: [
          { name: 'prod', context: { cluster: 'c', user: 'evil', extensions: [] } },
          { name: 'safe', context: { cluster: 'c', user: 'u' } },
        ],
      },
    });
    expect(parseKubeconfig(text, { context: 'safe' }).credential).toEqual({ kind: 'token', token: 't' });
    expect(codesOf(text)).toContain('/users/1/user/exec exec');
  });

  it.each([
    ['https://host', 'https://host'],
    ['https://HOST:443/', 'https://host'],
    ['https://host:6443/k8s/clusters/c-1', 'https://host:6443/k8s/clusters/c-1'],
    ['https://host/k8s/clusters/c-1/', 'https://host/k8s/clusters/c-1'],
    ['https://[2001:db8::1]:6443', 'https://[2001:db8::1]:6443'],
    ['https://10.1.2.3:6443', 'https://10.1.2.3:6443'],
  ])('may have the server %s', (server, expected) => {
    expect(parseKubeconfig(kubeconfig({ cluster: { server } })).server).toBe(expected);
  });
});

describe('the choice of the context', () => {
  const named = (name: string, field: string, value: unknown) => ({ name, [field]: value });
  it.each<[string, string, string | undefined, string]>([
    [
      'none chosen',
      kubeconfig({ top: { 'current-context': undefined } }),
      undefined,
      '/current-context contextNotChosen',
    ],
    ['an empty one', kubeconfig({ top: { 'current-context': '' } }), undefined, '/current-context contextNotChosen'],
    ['not there', kubeconfig(), 'staging', '/contexts contextMissing'],
    ['no contexts', kubeconfig({ top: { contexts: undefined } }), undefined, '/contexts contextMissing'],
    ['contexts that are no list', kubeconfig({ top: { contexts: {} } }), undefined, '/contexts contextMissing'],
    ['cluster not there', kubeconfig({ context: { cluster: 'x' } }), undefined, '/clusters clusterMissing'],
    ['user not there', kubeconfig({ context: { user: 'x' } }), undefined, '/users userMissing'],
    ['user empty', kubeconfig({ top: { users: [{ name: 'u' }] } }), undefined, '/users/0/user userMissing'],
    [
      'two clusters of the name',
      kubeconfig({
        top: {
          clusters: [named('c', 'cluster', { server: 'https://a' }), named('c', 'cluster', { server: 'https://b' })],
        },
      }),
      undefined,
      '/clusters/1/name duplicateName',
    ],
    [
      'extensions in the context',
      kubeconfig({ context: { extensions: [] } }),
      undefined,
      '/contexts/0/context/extensions extensions',
    ],
    [
      'an unknown field beside the name',
      kubeconfig({ top: { users: [{ name: 'u', user: { token: 't' }, exec: {} }] } }),
      undefined,
      '/users/0/exec unknownField',
    ],
    [
      'an unknown field at the top',
      kubeconfig({ top: { credentialPluginPolicy: 'AllowAll' } }),
      undefined,
      '/credentialPluginPolicy unknownField',
    ],
    ['another kind', kubeconfig({ top: { kind: 'Secret' } }), undefined, ' notKubeconfig'],
    ['another version', kubeconfig({ top: { apiVersion: 'v2' } }), undefined, ' notKubeconfig'],
    ['a list', '- a', undefined, ' notKubeconfig'],
    ['a text', 'hello', undefined, ' notKubeconfig'],
  ])('%s', (_title, text, context, expected) => {
    expect(codesOf(text, context)).toEqual([expected]);
  });
});
