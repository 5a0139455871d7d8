import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CertificateAuthority } from '#libs/simulator';
import { outcomeOf, withServer } from '../../test/hostile-cluster.js';
import { MARKER, sendJson, type Handler } from '../../test/hostile-server.js';
import type { ClusterClient } from './cluster-client.js';

const authority = await CertificateAuthority.create();
const { certPem, keyPem } = await authority.issueServer(['127.0.0.1']);
const pki = { cert: certPem, key: keyPem, caPem: authority.certPem };

const PODS = { group: '', version: 'v1', resource: 'pods' };
const getVersion = (client: ClusterClient): Promise<unknown> => client.getJson('/version');
const listPods = (client: ClusterClient) => client.list(PODS, { project: (item) => item });
const page = (items: readonly unknown[], metadata = {}) => ({ kind: 'PodList', apiVersion: 'v1', metadata, items });

const outcome = (handler: Handler, use = getVersion, options: Parameters<typeof outcomeOf>[3] = {}) =>
  outcomeOf(pki, handler, use, options);

const HTML = { 'content-type': 'text/html', 'www-authenticate': MARKER };

describe('an answer that is no answer', () => {
  it.each<[string, Handler, string, number]>([
    ['a login page', (_q, r) => r.writeHead(200, HTML).end(`<html>${MARKER}</html>`), 'notKubernetes', 1],
    ['401 as a page', (_q, r) => r.writeHead(401, HTML).end(MARKER), 'notKubernetes', 1],
    ['403 as a page', (_q, r) => r.writeHead(403, HTML).end(MARKER), 'notKubernetes', 1],
    ['404 as a page', (_q, r) => r.writeHead(404, HTML).end(MARKER), 'notKubernetes', 1],
    ['JSON called text', (_q, r) => r.writeHead(200, { 'content-type': 'text/plain' }).end('{}'), 'notKubernetes', 1],
    ['JSON without a type', (_q, r) => r.writeHead(200).end('{}'), 'notKubernetes', 1],
    [
      'protobuf',
      (_q, r) => r.writeHead(200, { 'content-type': 'application/vnd.kubernetes.protobuf' }).end('k8s\0'),
      'notKubernetes',
      1,
    ],
    ['204', (_q, r) => r.writeHead(204).end(), 'rejected', 1],
    [
      'broken JSON',
      (_q, r) => r.writeHead(200, { 'content-type': 'application/json' }).end(`{"${MARKER}`),
      'malformed',
      1,
    ],
    ['a JSON list', (_q, r) => sendJson(r, [MARKER]), 'malformed', 1],
    ['null', (_q, r) => sendJson(r, null), 'malformed', 1],
    ['401', (_q, r) => sendJson(r, { message: MARKER }, 401), 'unauthenticated', 1],
    ['403', (_q, r) => sendJson(r, { message: MARKER }, 403), 'forbidden', 1],
    ['404', (_q, r) => sendJson(r, { message: MARKER }, 404), 'notFound', 1],
    ['400', (_q, r) => sendJson(r, { message: MARKER }, 400), 'rejected', 1],
    ['406', (_q, r) => sendJson(r, { message: MARKER }, 406), 'rejected', 1],
    ['500', (_q, r) => sendJson(r, { message: MARKER }, 500), 'transient', 3],
    ['503 in plain text', (_q, r) => r.writeHead(503, { 'content-type': 'text/plain' }).end(MARKER), 'transient', 3],
    ['502 as a page', (_q, r) => r.writeHead(502, HTML).end(MARKER), 'transient', 3],
    ['429 in plain text', (_q, r) => r.writeHead(429, { 'retry-after': '0' }).end(MARKER), 'transient', 3],
    ['a status that does not exist', (_q, r) => r.writeHead(799).end(MARKER), 'transient', 3],
    ['a reset at once', (q) => q.socket.destroy(), 'connectionLost', 3],
    ['garbage in the place of HTTP', (q) => q.socket.end(`${MARKER}\r\n\r\n`), 'notKubernetes', 1],
    [
      'endless headers',
      (q) => q.socket.write(`HTTP/1.1 200 OK\r\n${`x: ${MARKER}\r\n`.repeat(5_000)}`),
      'notKubernetes',
      1,
    ],
    [
      'half of what was promised',
      (_q, r) =>
        void r
          .writeHead(200, { 'content-type': 'application/json', 'content-length': 100 })
          .write('{', () => r.destroy()),
      'connectionLost',
      3,
    ],
    [
      'a cut in the middle of a chunk',
      (_q, r) => void r.writeHead(200, { 'content-type': 'application/json' }).write('{', () => r.destroy()),
      'connectionLost',
      3,
    ],
    [
      'an unknown encoding',
      (_q, r) => r.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'br' }).end('{}'),
      'malformed',
      1,
    ],
    [
      'gzip that is none',
      (_q, r) => r.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(MARKER),
      'malformed',
      1,
    ],
    [
      'gzip that is cut off',
      (_q, r) =>
        r
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
          .end(gzipSync('{}').subarray(0, 12)),
      'connectionLost',
      3,
    ],
  ])('%s', async (_title, handler, code, requests) => {
    expect(await outcome(handler)).toMatchObject({ code, requests });
  });

  it.each([301, 302, 303, 307, 308])('a redirect with %i is not followed', async (status) => {
    await withServer(
      pki,
      (_q, r) => sendJson(r, {}),
      {},
      async (_client, elsewhere) => {
        const handler: Handler = (_q, r) => r.writeHead(status, { location: `${elsewhere.url}/version` }).end(MARKER);
        expect(await outcome(handler)).toMatchObject({ code: 'redirected', status, requests: 1 });
        expect(elsewhere.connections).toBe(0);
      },
    );
  });

  it.each<[string, unknown]>([
    ['no list', { kind: 'Status', metadata: {} }],
    ['no kind', { metadata: {}, items: [] }],
    ['no metadata', { kind: 'PodList', items: [] }],
    ['a continue that is no text', page([], { continue: 5 })],
    ['a continue of a megabyte', page([], { continue: 'a'.repeat(100_000) })],
  ])('a list with %s', async (_title, body) => {
    expect(await outcome((_q, r) => sendJson(r, body), listPods)).toMatchObject({ code: 'malformed', requests: 1 });
  });
});
