import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { EgressPolicy } from '#libs/platform';
import { CertificateAuthority } from '#libs/simulator';
import { kubeconfig } from '../../test/kubeconfigs.js';
import { failureOf, openClient, withServer } from '../../test/hostile-cluster.js';
import { HostileServer, sendJson, type Handler } from '../../test/hostile-server.js';
import { parseKubeconfig } from '../access/parse-kubeconfig.js';

const authority = await CertificateAuthority.create();
const stranger = await CertificateAuthority.create('another-ca');
const ours = await authority.issueServer(['127.0.0.1', 'localhost']);
const named = await authority.issueServer(['kubernetes.default.svc']);
const past = new Date(Date.now() - 60_000);
const expired = await authority.issueServer(['127.0.0.1'], { notBefore: new Date(0), notAfter: past });
const future = { notBefore: new Date(Date.now() + 3_600_000) };
const early = await authority.issueServer(['127.0.0.1'], future);
const client = await authority.issueClient('auditor');

const tls = ({ certPem, keyPem }: { certPem: string; keyPem: string }) => ({ cert: certPem, key: keyPem });
const answer: Handler = (_q, r) => sendJson(r, { ok: true });
const certificate = ({ certPem, keyPem }: { certPem: string; keyPem: string }) =>
  ({ kind: 'clientCertificate', certData: certPem, keyData: keyPem }) as const;

/** Uses a client for a server of its own; the access is changed as given. */
async function connect(
  options: Parameters<typeof HostileServer.start>[0],
  access: Partial<Parameters<typeof openClient>[0]> = {},
): Promise<string> {
  const server = await HostileServer.start(options, answer);
  const cluster = await openClient({ server: server.url, caData: authority.certPem, ...access });
  try {
    return await cluster.getJson('/version').then(
      () => 'connected',
      (error: unknown) => failureOf(Promise.reject(error)).then(({ code }) => code),
    );
  } finally {
    await cluster.close();
    await server.close();
  }
}

describe('TLS', () => {
  it.each([
    ['the registered CA', () => connect(tls(ours)), 'connected'],
    ['one CA of several', () => connect(tls(ours), { caData: stranger.certPem + authority.certPem }), 'connected'],
    ['an unknown CA', () => connect(tls(ours), { caData: stranger.certPem }), 'tlsUnknownCa'],
    ['no CA registered', () => connect(tls(ours), { caData: undefined }), 'tlsUnknownCa'],
    ['a certificate for another host', () => connect(tls(named)), 'tlsHostname'],
    [
      'the name that is expected instead',
      () => connect(tls(named), { tlsServerName: 'kubernetes.default.svc' }),
      'connected',
    ],
    [
      'a name that the certificate lacks',
      () => connect(tls(ours), { tlsServerName: 'kubernetes.default.svc' }),
      'tlsHostname',
    ],
    ['an expired certificate', () => connect(tls(expired)), 'tlsExpired'],
    ['a certificate from the future', () => connect(tls(early)), 'tlsExpired'],
    [
      'TLS 1.1',
      () => connect({ ...tls(ours), minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
      'tlsFailed',
    ],
    ['TLS 1.2', () => connect({ ...tls(ours), maxVersion: 'TLSv1.2' }), 'connected'],
  ])('%s', async (_title, run, expected) => {
    expect(await run()).toBe(expected);
  });

  it('a client certificate that the server knows', async () => {
    const asking = { ...tls(ours), ca: authority.certPem, requestCert: true, rejectUnauthorized: true };
    expect(await connect(asking, { credential: certificate(client) })).toBe('connected');
    expect(await connect(asking)).toBe('connectionLost');
  });

  it('a port that does not speak it', async () => {
    const plain: Server = createServer((_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const server = `https://127.0.0.1:${(plain.address() as AddressInfo).port}`;
    const cluster = await openClient({ server });
    expect((await failureOf(cluster.getJson('/version'))).code).toBe('tlsFailed');
    await cluster.close();
    await new Promise((resolve) => plain.close(resolve));
  });

  it('facts are told: version, end, fingerprint', async () => {
    await withServer({ ...tls(ours), caPem: authority.certPem }, answer, {}, async (cluster) => {
      expect(cluster.tls).toBeUndefined();
      await cluster.getJson('/version');
      expect(cluster.tls).toEqual({
        protocol: 'TLSv1.3',
        notAfter: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
    });
  });
});

describe('an access that is not usable', () => {
  it.each<[string, Parameters<typeof openClient>[0], string]>([
    ['http', { server: 'http://127.0.0.1' }, 'invalidAccess'],
    ['a slash at the end', { server: 'https://127.0.0.1/' }, 'invalidAccess'],
    ['user info', { server: 'https://a:b@127.0.0.1' }, 'invalidAccess'],
    ['a proxy', { server: 'https://127.0.0.1', proxyUrl: 'http://127.0.0.1:3128' }, 'proxyUnsupported'],
  ])('%s', async (_title, access, code) => {
    expect((await failureOf(openClient(access))).code).toBe(code);
  });

  it('a port where nobody listens', async () => {
    const server = await HostileServer.start(tls(ours), answer);
    const { url } = server;
    await server.close();
    const cluster = await openClient({ server: url });
    expect(await failureOf(cluster.getJson('/version'))).toMatchObject({ code: 'unreachable', detail: 'ECONNREFUSED' });
    expect(cluster.stats().requests).toBe(1);
    await cluster.close();
  });

  it.each([
    ['a CA that is none', { caData: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----' }],
    ['a certificate that is none', { credential: { kind: 'clientCertificate', certData: 'x', keyData: 'y' } as const }],
  ])('%s', async (_title, access) => {
    const error = await failureOf(openClient({ server: 'https://127.0.0.1:1', ...access }));
    expect(error.code).toBe('invalidAccess');
  });
});

describe('where a connection may go', () => {
  const closed = new EgressPolicy({ allowCidrs: [], allowPorts: [] });
  it.each([
    ['https://127.0.0.1:6443', 'loopback'],
    ['https://localhost:6443', 'loopback'],
    ['https://[::1]:6443', 'loopback'],
    ['https://2130706433', 'loopback'],
    ['https://0x7f.1', 'loopback'],
    ['https://127.1', 'loopback'],
    ['https://[::ffff:127.0.0.1]', 'loopback'],
    ['https://169.254.169.254', 'metadata'],
    ['https://[fd00:ec2::254]', 'metadata'],
    ['https://100.100.100.200', 'metadata'],
    ['https://169.254.1.1', 'linkLocal'],
    ['https://10.0.0.1:6443', 'private'],
    ['https://0.0.0.0', 'unspecified'],
    ['https://224.0.0.1', 'multicast'],
  ])('not to %s', async (server, detail) => {
    const access = parseKubeconfig(kubeconfig({ cluster: { server } }));
    const error = await failureOf(openClient(access, { egress: closed }));
    expect(error).toMatchObject({ code: 'egressDenied', detail });
  });

  it('not where one of several addresses is denied', async () => {
    const egress = new EgressPolicy({
      allowCidrs: [],
      allowPorts: [],
      resolver: () => Promise.resolve([{ address: '8.8.8.8' }, { address: '127.0.0.1' }]),
    });
    expect(await failureOf(openClient({ server: 'https://api.example.com' }, { egress }))).toMatchObject({
      code: 'egressDenied',
      detail: 'loopback',
    });
  });

  it('nowhere for a name that does not resolve', async () => {
    const egress = new EgressPolicy({ allowCidrs: [], allowPorts: [], resolver: () => Promise.resolve([]) });
    expect((await failureOf(openClient({ server: 'https://api.example.com' }, { egress }))).code).toBe('unresolvable');
  });

  it('only to the address that was checked, whatever the name leads to later', async () => {
    const server = await HostileServer.start(tls(ours), answer);
    const answers = ['127.0.0.2', '127.0.0.1', '127.0.0.1'];
    let asked = 0;
    const egress = new EgressPolicy({
      allowCidrs: ['127.0.0.2/32'],
      allowPorts: [],
      resolver: () => Promise.resolve([{ address: answers[asked++] ?? '127.0.0.1' }]),
    });
    const url = `https://cluster.example.com:${server.port}`;
    const cluster = await openClient(
      { server: url, caData: authority.certPem },
      { egress, timeouts: { connectMs: 1_000 } },
    );
    for (let i = 0; i < 3; i++) {
      const { code } = await failureOf(cluster.getJson('/version'));
      expect(code).toBe('unreachable');
    }
    expect(asked).toBe(1);
    expect(server.connections).toBe(0);
    await cluster.close();
    await server.close();
  });
});
