import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CANARY, startApi, type TestApi } from '../../../../test/support/api/harness.js';

let api: TestApi;
let folder: string;
beforeAll(async () => {
  api = await startApi();
  folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-hostile-'));
  await writeFile(path.join(folder, 'secret'), `${CANARY}-from-a-file`);
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

type Part = Readonly<Record<string, unknown>>;

function kubeconfig(user: Part, cluster: Part = {}): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  });
}

const token = { token: `${CANARY}-token` };
const touch = () => path.join(folder, 'touched');
const secret = () => path.join(folder, 'secret');

/** Each: what it tries, the kubeconfig, the pointer and the code of the refusal. */
const HOSTILE: [string, () => string, string, string][] = [
  [
    'run a program',
    () =>
      kubeconfig({
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: 'touch',
          args: [touch()],
          interactiveMode: 'Never',
        },
      }),
    '/users/0/user/exec',
    'exec',
  ],
  [
    'run a program of an auth provider',
    () => kubeconfig({ 'auth-provider': { name: 'azure', config: { 'cmd-path': 'touch', 'cmd-args': touch() } } }),
    '/users/0/user/auth-provider',
    'authProvider',
  ],
  ['read a token from a file', () => kubeconfig({ tokenFile: secret() }), '/users/0/user/tokenFile', 'tokenFile'],
  [
    'read a certificate from a file',
    () => kubeconfig({ 'client-certificate': secret(), 'client-key': secret() }),
    '/users/0/user/client-certificate',
    'clientCertificateFile',
  ],
  [
    'read a CA from a file',
    () => kubeconfig(token, { 'certificate-authority': secret() }),
    '/clusters/0/cluster/certificate-authority',
    'certificateAuthorityFile',
  ],
  [
    'send a password',
    () => kubeconfig({ username: 'admin', password: `${CANARY}-password` }),
    '/users/0/user/username',
    'usernamePassword',
  ],
  ['be somebody else', () => kubeconfig({ ...token, as: 'system:admin' }), '/users/0/user/as', 'impersonation'],
  [
    'trust any certificate',
    () => kubeconfig(token, { 'insecure-skip-tls-verify': true }),
    '/clusters/0/cluster/insecure-skip-tls-verify',
    'insecureSkipTlsVerify',
  ],
  [
    'go through a proxy',
    () => kubeconfig(token, { 'proxy-url': 'http://169.254.169.254' }),
    '/clusters/0/cluster/proxy-url',
    'proxyUrl',
  ],
  [
    'speak plain HTTP',
    () => kubeconfig(token, { server: 'http://127.0.0.1:1' }),
    '/clusters/0/cluster/server',
    'serverNotHttps',
  ],
  [
    'hide a password in the address',
    () => kubeconfig(token, { server: `https://user:${CANARY}@127.0.0.1` }),
    '/clusters/0/cluster/server',
    'serverCredentials',
  ],
  ['carry extensions', () => kubeconfig({ ...token, extensions: [] }), '/users/0/user/extensions', 'extensions'],
  [
    'carry a field that nobody knows',
    () => kubeconfig({ ...token, surprise: CANARY }),
    '/users/0/user/surprise',
    'unknownField',
  ],
  ['explode in memory', () => `a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n`, '', 'anchor'],
  ['be several documents', () => `${kubeconfig(token)}---\n${kubeconfig(token)}`, '', 'severalDocuments'],
  ['use a tag', () => kubeconfig(token).replace('kind: Config', 'kind: !!js/function "return 1"'), '', 'tag'],
  ['be deep', () => `${'['.repeat(2_000)}${']'.repeat(2_000)}`, '', 'tooDeep'],
  ['be large', () => `# ${'x'.repeat(270_000)}\n${kubeconfig(token)}`, '', 'tooLarge'],
  ['not be YAML', () => `apiVersion: v1\n  kind: [`, '', 'notYaml'],
];

describe.each(['POST /clusters', 'PUT /clusters/x', 'POST /clusters/known/credentials', 'POST /clusters:batch'])(
  '%s',
  (operation) => {
    beforeAll(async () => {
      const connection = { server: 'https://127.0.0.1:1' };
      await api.put('/clusters/known?verify=false', { connection, credential: { kind: 'token', ...token } });
    });

    async function attempt(
      text: string,
    ): Promise<{ status: number; code: string; fix: string; errors: { pointer: string; code: string }[] }> {
      const credential = { kind: 'kubeconfig', kubeconfig: text };
      if (operation === 'POST /clusters:batch') {
        const { body } = await api.post('/clusters:batch', { items: [{ name: 'x', credential }] });
        return body.items[0].problem;
      }
      const [method = '', url = ''] = operation.split(' ');
      const body = operation === 'POST /clusters' ? { name: 'x', credential } : { credential };
      return (await api.call(method, url, body, { key: 'x'.repeat(9) + Math.random() })).body;
    }

    it.each(HOSTILE)('refuses a kubeconfig that tries to %s', async (_, make, pointer, code) => {
      const problem = await attempt(make());
      expect([problem.status, problem.code]).toEqual([422, 'kubeconfig-rejected']);
      expect(problem.errors).toContainEqual(
        expect.objectContaining({ pointer: `/credential/kubeconfig#${pointer}`, code }),
      );
      expect(problem.fix).not.toBe('');
      expect((await api.get('/clusters/x')).status).toBe(404);
      expect(existsSync(touch())).toBe(false);
    });
  },
);
