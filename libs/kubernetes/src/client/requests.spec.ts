import { describe, expect, it } from 'vitest';
import { CertificateAuthority } from '#libs/simulator';
import { outcomeOf, TOKEN, withServer } from '../../test/hostile-cluster.js';
import { MARKER, sendJson, type Handler } from '../../test/hostile-server.js';
import type { ClusterClient } from './cluster-client.js';

const authority = await CertificateAuthority.create();
const { certPem, keyPem } = await authority.issueServer(['127.0.0.1']);
const pki = { cert: certPem, key: keyPem, caPem: authority.certPem };

const getVersion = (client: ClusterClient): Promise<unknown> => client.getJson('/version');
const outcome = (handler: Handler, use = getVersion, options: Parameters<typeof outcomeOf>[3] = {}) =>
  outcomeOf(pki, handler, use, options);

describe('trying again', () => {
  const failing =
    (times: number, status: number, headers: Record<string, string> = {}): Handler =>
    (_q, r, nth) => {
      if (nth <= times) r.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(MARKER);
      else sendJson(r, { ok: true });
    };

  it.each([
    ['500', failing(2, 500)],
    ['503', failing(2, 503)],
    ['429', failing(2, 429, { 'retry-after': '0' })],
    ['a date in the past', failing(1, 429, { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' })],
    ['a Retry-After that is none', failing(1, 503, { 'retry-after': MARKER })],
    [
      'a lost connection',
      ((q, r, nth) => (nth < 3 ? q.socket.destroy() : sendJson(r, { ok: true }))) satisfies Handler,
    ],
  ])('helps after %s', async (_title, handler) => {
    await withServer(pki, handler, {}, async (client) => {
      expect((await client.getJson('/version')).body).toEqual({ ok: true });
    });
  });

  it('waits as long as the server asks', async () => {
    await withServer(pki, failing(1, 429, { 'retry-after': '1' }), {}, async (client) => {
      const started = performance.now();
      await client.getJson('/version');
      expect(performance.now() - started).toBeGreaterThan(950);
    });
  });

  it('does not wait longer than there is time', async () => {
    const handler = failing(1, 429, { 'retry-after': '86400' });
    const started = performance.now();
    expect(await outcome(handler, getVersion, { budget: { wallMs: 5_000 } })).toMatchObject({
      code: 'transient',
      requests: 1,
    });
    expect(performance.now() - started).toBeLessThan(4_000);
  });

  it('stops where the requests are used up', async () => {
    expect(await outcome(failing(9, 500), getVersion, { budget: { requests: 2 } })).toMatchObject({
      code: 'budgetExceeded',
      detail: 'requests',
      requests: 2,
    });
  });
});

describe('what is sent', () => {
  it('goes over few connections, with the token in its header, gzip, and nothing else', async () => {
    await withServer(
      pki,
      (_q, r) => sendJson(r, {}),
      {},
      async (client, server) => {
        for (let i = 0; i < 20; i++) await client.getJson('/version');
        expect(server.connections).toBeLessThanOrEqual(4);
        expect(server.requests[19]).toEqual({
          method: 'GET',
          url: '/version',
          headers: {
            accept: 'application/json',
            'accept-encoding': 'gzip',
            authorization: `Bearer ${TOKEN}`,
            connection: 'keep-alive',
            host: `127.0.0.1:${server.port}`,
            'user-agent': 'plimsoll-test',
          },
        });
      },
    );
  });

  it('goes over few connections where everything is refused, too', async () => {
    const refuse: Handler = (_q, r) => sendJson(r, { kind: 'Status', message: MARKER.repeat(50) }, 403);
    await withServer(pki, refuse, {}, async (client, server) => {
      for (let i = 0; i < 20; i++) await client.getJson('/version').catch(() => {});
      expect(server.requests).toHaveLength(20);
      expect(server.connections).toBeLessThanOrEqual(4);
    });
  });

  it('is never more than four requests at once', async () => {
    let open = 0;
    let most = 0;
    const handler: Handler = (_q, r) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        sendJson(r, {});
      }, 20);
    };
    await withServer(pki, handler, {}, async (client) => {
      await Promise.all(Array.from({ length: 24 }, () => client.getJson('/version')));
    });
    expect(most).toBe(4);
  });

  it('keeps to the rate after the burst', async () => {
    await withServer(
      pki,
      (_q, r) => sendJson(r, {}),
      { budget: { qps: 20, burst: 5 } },
      async (client) => {
        const started = performance.now();
        await Promise.all(Array.from({ length: 15 }, () => client.getJson('/version')));
        // Ten more than the burst, at 20 per second.
        expect(performance.now() - started).toBeGreaterThan(480);
      },
    );
  });
});
