import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CertificateAuthority } from '#libs/simulator';
import { kubeconfig } from '../../test/kubeconfigs.js';
import { localClusterAccess, localContexts } from './local-cluster-access.js';

const authority = await CertificateAuthority.create();
const client = await authority.issueClient('me');
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-local-'));
afterAll(() => rmSync(folder, { recursive: true }));

const path = join(folder, 'config');
const write = (text: string, name = 'config') => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const plugin = (output: string) => ({
  token: undefined,
  exec: {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: ['-e', output],
    interactiveMode: 'Never',
  },
});
const credential = (status: unknown) =>
  `process.stdout.write(${JSON.stringify(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status }))})`;

const failure = async (options = { path }) =>
  localClusterAccess(options).then(
    () => 'accepted',
    (error: { code?: string; errors?: { code: string }[]; message: string; hint?: string }) => {
      expect(error.message + (error.hint ?? '')).not.toContain('hunter2');
      return error.code ?? error.errors?.map(({ code }) => code).join();
    },
  );

describe('the kubeconfig of the person at this machine', () => {
  beforeEach(() => vi.unstubAllEnvs());

  it('gives the current context', async () => {
    write(kubeconfig());
    expect(await localClusterAccess({ path })).toEqual({
      context: 'prod',
      access: { server: 'https://api.example.com:6443', credential: { kind: 'token', token: 'secret-token' } },
    });
    expect(await localContexts({ path })).toEqual(['prod']);
  });

  it('gives another context, and may lead to this machine', async () => {
    const text = kubeconfig({
      cluster: { server: 'https://127.0.0.1:6443' },
      top: {
        contexts: [
          { name: 'a', context: { cluster: 'c', user: 'gone' } },
          { name: 'kind', context: { cluster: 'c', user: 'u' } },
        ],
      },
    });
    write(text);
    expect(await localClusterAccess({ path, context: 'kind' })).toMatchObject({
      context: 'kind',
      access: { server: 'https://127.0.0.1:6443' },
    });
  });

  it('may name files', async () => {
    write(client.certPem, 'client.crt');
    write(client.keyPem, 'client.key');
    write(authority.certPem, 'ca.crt');
    write(
      kubeconfig({
        cluster: { 'certificate-authority': 'ca.crt' },
        user: { token: undefined, 'client-certificate': 'client.crt', 'client-key': join(folder, 'client.key') },
      }),
    );
    const { access } = await localClusterAccess({ path });
    expect(access.caData).toContain('BEGIN CERTIFICATE');
    expect(access.credential).toMatchObject({
      kind: 'clientCertificate',
      keyData: expect.stringContaining('PRIVATE KEY'),
    });
  });

  it('may name a token file', async () => {
    write('from-a-file\n', 'token');
    const provider = { name: 'tokenFile', config: { tokenFile: join(folder, 'token') } };
    write(kubeconfig({ user: { token: undefined, 'auth-provider': provider } }));
    expect((await localClusterAccess({ path })).access.credential).toEqual({ kind: 'token', token: 'from-a-file' });
  });

  it('may run a plugin for a token', async () => {
    write(kubeconfig({ user: plugin(credential({ token: 'from-a-plugin' })) }));
    expect((await localClusterAccess({ path })).access.credential).toEqual({ kind: 'token', token: 'from-a-plugin' });
  });

  it('may run a plugin for a certificate', async () => {
    const status = { clientCertificateData: client.certPem, clientKeyData: client.keyPem };
    write(kubeconfig({ user: plugin(credential(status)) }));
    expect((await localClusterAccess({ path })).access.credential.kind).toBe('clientCertificate');
  });

  it('is found by KUBECONFIG', async () => {
    vi.stubEnv('KUBECONFIG', write(kubeconfig({ user: { token: 'from-the-environment' } }), 'another'));
    expect((await localClusterAccess()).access.credential).toEqual({ kind: 'token', token: 'from-the-environment' });
  });
});

describe('a local kubeconfig that cannot be used', () => {
  it.each<[string, string, string]>([
    [
      'a plugin that fails',
      kubeconfig({ user: plugin('console.error("hunter2"); process.exit(1)') }),
      'credentialPluginFailed',
    ],
    ['a plugin that says nothing', kubeconfig({ user: plugin('') }), 'credentialPluginFailed'],
    [
      'a plugin that is not there',
      kubeconfig({ user: { token: undefined, exec: { command: '/hunter2/none' } } }),
      'credentialPluginFailed',
    ],
    ['no such context', kubeconfig({ top: { 'current-context': 'x' } }), 'contextMissing'],
    ['no such cluster', kubeconfig({ context: { cluster: 'x' } }), 'clusterMissing'],
    ['no such user', kubeconfig({ context: { user: 'x' } }), 'userMissing'],
    ['http', kubeconfig({ cluster: { server: 'http://127.0.0.1:8001' } }), 'serverNotHttps'],
    ['insecure TLS', kubeconfig({ cluster: { 'insecure-skip-tls-verify': true } }), 'insecureSkipTlsVerify'],
    ['a proxy', kubeconfig({ cluster: { 'proxy-url': 'http://127.0.0.1:3128' } }), 'proxyUrl'],
    ['impersonation', kubeconfig({ user: { as: 'root' } }), 'impersonation'],
    ['a password', kubeconfig({ user: { token: undefined, username: 'a', password: 'hunter2' } }), 'usernamePassword'],
    ['no credential', kubeconfig({ user: { token: undefined } }), 'noCredential'],
    ['no YAML', 'a: [hunter2', 'notYaml'],
  ])('%s', async (_title, text, expected) => {
    write(text);
    expect(await failure()).toBe(expected);
  });

  it('a file that is not there', async () => {
    expect(await failure({ path: join(folder, 'none') })).toBe('kubeconfigUnreadable');
  });
});
