import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CertificateAuthority } from '#libs/simulator';
import { outcomeOf, withServer } from '../../test/hostile-cluster.js';
import { MARKER, sendJson, type Handler } from '../../test/hostile-server.js';
import { ClusterError } from '../cluster-error.js';
import type { ClusterClient } from './cluster-client.js';

const authority = await CertificateAuthority.create();
const { certPem, keyPem } = await authority.issueServer(['127.0.0.1']);
const pki = { cert: certPem, key: keyPem, caPem: authority.certPem };

const PODS = { group: '', version: 'v1', resource: 'pods' };
const nameOf = (item: unknown) => (item as { name: string }).name;
const listPods = (client: ClusterClient) => client.list(PODS, { project: nameOf });
const names = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => ({ name: `pod-${from + i}` }));
const list = (items: readonly unknown[] | null, next?: string) => ({
  kind: 'PodList',
  apiVersion: 'v1',
  metadata: { resourceVersion: '42', ...(next !== undefined && { continue: next }) },
  items,
});
const expired = { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410, metadata: { continue: MARKER } };

/** Pages of `size`, the start of the next in the token. */
const paged =
  (total: number, size: number): Handler =>
  (request, response) => {
    const start = Number(new URL(request.url ?? '', 'https://x').searchParams.get('continue') ?? 0);
    const end = Math.min(start + size, total);
    sendJson(response, list(names(start, end), end < total ? String(end) : undefined));
  };

describe('a list', () => {
  it('follows the pages to the end', async () => {
    await withServer(pki, paged(1_234, 500), {}, async (client, server) => {
      const { items, record } = await listPods(client);
      expect(items).toEqual(names(0, 1_234).map(nameOf));
      expect(server.requests.map(({ url }) => url)).toEqual([
        '/api/v1/pods?limit=500',
        '/api/v1/pods?limit=500&continue=500',
        '/api/v1/pods?limit=500&continue=1000',
      ]);
      expect(record).toEqual({ method: 'GET', path: '/api/v1/pods?limit=500', status: 200, resourceVersion: '42' });
    });
  });

  it('is whole where the server ignores the limit', async () => {
    await withServer(
      pki,
      (_q, r) => sendJson(r, list(names(0, 20_000))),
      {},
      async (client, server) => {
        expect((await listPods(client)).items).toHaveLength(20_000);
        expect(server.requests).toHaveLength(1);
      },
    );
  });

  it('may be compressed', async () => {
    const body = gzipSync(JSON.stringify(list(names(0, 5_000))));
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    await withServer(
      pki,
      (_q, r) => r.writeHead(200, headers).end(body),
      {},
      async (client) => {
        expect((await listPods(client)).items).toHaveLength(5_000);
      },
    );
  });

  it.each([
    ['no items', list([])],
    ['null items', list(null)],
    ['an empty continue, as custom resources have it', list([], '')],
  ])('may have %s', async (_title, body) => {
    await withServer(
      pki,
      (_q, r) => sendJson(r, body),
      {},
      async (client) => {
        expect((await listPods(client)).items).toEqual([]);
      },
    );
  });

  it('drops what the projection drops', async () => {
    await withServer(pki, paged(10, 3), {}, async (client) => {
      const project = (item: unknown) => (nameOf(item).endsWith('7') ? item : undefined);
      expect((await client.list(PODS, { project })).items).toEqual([{ name: 'pod-7' }]);
    });
  });

  it('keeps the audit id of a real API server and nothing else of the headers', async () => {
    const headers = { 'content-type': 'application/json', 'audit-id': '0f2b7e6c-8f5c-4f86-9d46-0d7f3a8f6a11' };
    const body = JSON.stringify(list([]));
    await withServer(
      pki,
      (_q, r) => r.writeHead(200, headers).end(body),
      {},
      async (client) => {
        expect((await listPods(client)).record.auditId).toBe(headers['audit-id']);
      },
    );
    const other = { ...headers, 'audit-id': MARKER };
    await withServer(
      pki,
      (_q, r) => r.writeHead(200, other).end(body),
      {},
      async (client) => {
        expect((await listPods(client)).record.auditId).toBeUndefined();
      },
    );
  });

  it('works below the path of a gateway', async () => {
    await withServer(pki, paged(1, 1), {}, async (_client, server) => {
      const { openClient } = await import('../../test/hostile-cluster.js');
      const client = await openClient({ server: `${server.url}/k8s/clusters/c-1`, caData: pki.caPem });
      const { record } = await listPods(client);
      await client.close();
      expect(server.requests[0]?.url).toBe('/k8s/clusters/c-1/api/v1/pods?limit=500');
      expect(record.path).toBe('/api/v1/pods?limit=500');
    });
  });

  it('repeats a page that failed, and counts nothing twice', async () => {
    const handler: Handler = (request, response, nth) => {
      const isCut = nth === 2;
      if (!isCut) return paged(9, 3)(request, response, nth);
      response.writeHead(200, { 'content-type': 'application/json' });
      return void response.write('{"kind":"PodList","metadata":{},"items":[{"name":"pod-3"},', () =>
        response.destroy(),
      );
    };
    await withServer(pki, handler, {}, async (client) => {
      expect((await listPods(client)).items).toEqual(names(0, 9).map(nameOf));
    });
  });
});

describe('a continue token that expired', () => {
  const expiring =
    (times: number): Handler =>
    (request, response, nth) => {
      const isContinued = request.url?.includes('continue') === true;
      if (isContinued && times > 0) {
        times -= 1;
        return sendJson(response, expired, 410);
      }
      return paged(9, 3)(request, response, nth);
    };

  it('restarts the list once', async () => {
    await withServer(pki, expiring(1), {}, async (client, server) => {
      expect((await listPods(client)).items).toEqual(names(0, 9).map(nameOf));
      expect(server.requests.map(({ url }) => url.split('continue=')[1] ?? '-')).toEqual(['-', '3', '-', '3', '6']);
    });
  });

  it('makes the list incomplete the second time', async () => {
    expect(await outcomeOf(pki, expiring(2), listPods)).toMatchObject({ code: 'incompleteList', requests: 4 });
  });
});

describe('what is made of a list while it arrives', () => {
  const counting = { start: () => ({ seen: [] as string[] }), weigh: () => 1, add: addNames };
  function addNames(state: { readonly seen: string[] }, items: readonly string[]): number {
    state.seen.push(...items);
    return 0;
  }
  const count = (client: ClusterClient) => client.gather(PODS, { project: nameOf }, counting);

  it('holds each element once, also where the list was restarted or a page repeated', async () => {
    const failing = new Map([
      [2, (response: ServerResponse) => sendJson(response, expired, 410)],
      [
        4,
        (response: ServerResponse) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.write('{"kind":"PodList","metadata":{},"items":[{"name":"pod-3"},', () => response.destroy());
        },
      ],
    ]);
    const handler: Handler = (request, response, nth) =>
      (failing.get(nth) ?? (() => paged(9, 3)(request, response, nth)))(response);
    await withServer(pki, handler, {}, async (client, server) => {
      const { value, record } = await count(client);
      expect(value.seen).toEqual(names(0, 9).map(nameOf));
      expect(record.path).toBe('/api/v1/pods?limit=500');
      expect(server.requests).toHaveLength(6);
    });
  });

  it('may take up memory for what stays alone, not for all that passes by', async () => {
    const heavy = { ...counting, weigh: () => 50 * 1024 ** 2 };
    await withServer(pki, paged(9, 3), {}, async (client) => {
      await expect(client.gather(PODS, { project: nameOf }, heavy)).resolves.toBeDefined();
    });
    const staying = { ...heavy, add: (_state: object, _items: readonly string[], weight: number) => weight };
    const gather = (client: ClusterClient) => client.gather(PODS, { project: nameOf }, staying);
    expect(await outcomeOf(pki, paged(9, 3), gather)).toMatchObject({ code: 'budgetExceeded', detail: 'memory' });
  });
});

describe('a list without end', () => {
  it.each<[string, Handler, string]>([
    ['the same token again', (_q, r) => sendJson(r, list([], 'again')), 'pages'],
    ['two tokens in turn', (_q, r, nth) => sendJson(r, list([], `token-${nth % 2}`)), 'pages'],
    ['a new token each time', (_q, r, nth) => sendJson(r, list(names(nth, nth + 1), `token-${nth}`)), 'requests'],
  ])('%s', async (_title, handler, detail) => {
    const result = await outcomeOf(pki, handler, listPods, { budget: { requests: 50 } });
    expect(result).toMatchObject({ code: 'budgetExceeded', detail });
  });
});

it('an object that cannot be understood makes the list malformed', async () => {
  const project = () => {
    throw new ClusterError('malformed', { detail: 'spec' });
  };
  const result = await outcomeOf(pki, paged(9, 3), (client) => client.list(PODS, { project }));
  expect(result).toMatchObject({ code: 'malformed', detail: 'spec', requests: 1 });
});

it('a mistake of ours is not blamed on the cluster', async () => {
  const project = () => {
    throw new TypeError('a mistake');
  };
  await withServer(pki, paged(9, 3), {}, async (client) => {
    await expect(client.list(PODS, { project })).rejects.toThrow(TypeError);
  });
});
