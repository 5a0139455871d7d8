import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CertificateAuthority } from '#libs/simulator';
import { FAST, outcomeOf } from '../../test/hostile-cluster.js';
import { pour, type Handler } from '../../test/hostile-server.js';
import type { ClusterClient } from './cluster-client.js';

const authority = await CertificateAuthority.create();
const { certPem, keyPem } = await authority.issueServer(['127.0.0.1']);
const pki = { cert: certPem, key: keyPem, caPem: authority.certPem };

const PODS = { group: '', version: 'v1', resource: 'pods' };
const getVersion = (client: ClusterClient): Promise<unknown> => client.getJson('/version');
const listPods = (client: ClusterClient) => client.list(PODS, { project: (item) => item });
const outcome = (handler: Handler, use = getVersion, options: Parameters<typeof outcomeOf>[3] = {}) =>
  outcomeOf(pki, handler, use, options);

describe('an answer that does not end', () => {
  const timeouts = { headersMs: 150, bodyIdleMs: 150, totalMs: 300 };
  const json = { 'content-type': 'application/json' };

  it('slow headers', async () => {
    expect(await outcome(() => {}, getVersion, { timeouts })).toMatchObject({ code: 'timeout', requests: 3 });
  });

  it('a body that stops', async () => {
    const handler: Handler = (_q, r) => void r.writeHead(200, json).write('{"a":"');
    expect(await outcome(handler, getVersion, { timeouts })).toMatchObject({ code: 'timeout', requests: 3 });
  });

  it('a body that drips', async () => {
    const handler: Handler = (_q, r) => {
      r.writeHead(200, json);
      const timer = setInterval(() => r.write(' '), 40);
      r.on('close', () => clearInterval(timer));
    };
    expect(await outcome(handler, getVersion, { timeouts })).toMatchObject({ code: 'timeout', requests: 3 });
  });

  it('the time of the whole budget', async () => {
    expect(await outcome(() => {}, getVersion, { budget: { wallMs: 1_500 } })).toMatchObject({
      code: 'budgetExceeded',
      detail: 'time',
      requests: 1,
    });
  });

  it('a cancelled run', async () => {
    const cancel = new AbortController();
    const handler: Handler = () => cancel.abort();
    expect(await outcome(handler, getVersion, { signal: cancel.signal })).toMatchObject({
      code: 'cancelled',
      requests: 1,
    });
    expect(await outcome(() => {}, getVersion, { signal: cancel.signal })).toMatchObject({
      code: 'cancelled',
      requests: 0,
    });
  });

  const MIB = 1024 ** 2;
  const megabyte = Buffer.alloc(MIB, 'a');
  it.each<[string, Handler, (client: ClusterClient) => Promise<unknown>, string, number]>([
    [
      '100 MB that are no JSON',
      (_q, r) => pour(r.writeHead(200, json), megabyte, 100),
      getVersion,
      'malformed',
      17 * MIB,
    ],
    ['100 MB that are no list', (_q, r) => pour(r.writeHead(200, json), megabyte, 100), listPods, 'malformed', MIB],
    [
      'a text without end in a list',
      (_q, r) => {
        r.writeHead(200, json).write('{"items":[{"a":"');
        pour(r, megabyte);
      },
      listPods,
      'malformed',
      9 * MIB,
    ],
    [
      'an envelope without end',
      (_q, r) => {
        r.writeHead(200, json).write('{"metadata":{"a":"');
        pour(r, megabyte);
      },
      listPods,
      'malformed',
      MIB,
    ],
    [
      'spaces without end',
      (_q, r) => {
        r.writeHead(200, json).write('{"items":[');
        pour(r, Buffer.alloc(MIB, ' '));
      },
      listPods,
      'budgetExceeded',
      FAST.bytes + MIB,
    ],
    [
      'items without end',
      (_q, r) => {
        r.writeHead(200, json).write('{"items":[{}');
        pour(r, Buffer.from(`,{"a":"${'b'.repeat(10_000)}"}`));
      },
      (client) => client.list(PODS, { project: () => undefined }),
      'budgetExceeded',
      FAST.bytes + MIB,
    ],
  ])('%s', async (_title, handler, use, code, most) => {
    const { bytes, requests, ...rest } = await outcome(handler, use);
    expect(rest).toMatchObject({ code });
    expect(requests).toBe(1);
    expect(bytes).toBeLessThan(most);
  });

  const gzip = { ...json, 'content-encoding': 'gzip' };
  const bomb = Buffer.concat([gzipSync('{"items":['), gzipSync(Buffer.alloc(512 * MIB, ' '), { level: 9 })]);
  it.each<[string, (client: ClusterClient) => Promise<unknown>, string, number]>([
    ['an object', getVersion, 'malformed', 17 * MIB],
    ['a list', listPods, 'budgetExceeded', FAST.bytes + MIB],
  ])('half a gigabyte in half a megabyte, as %s', async (_title, use, code, most) => {
    expect(bomb.length).toBeLessThan(MIB);
    const { bytes, ...rest } = await outcome((_q, r) => r.writeHead(200, gzip).end(bomb), use);
    expect(rest).toMatchObject({ code, requests: 1 });
    expect(bytes).toBeLessThan(most);
  });

  it('gzip that never yields a byte', async () => {
    // The header of a gzip member, then stored blocks of length zero, none of them the last.
    const header = Buffer.from('1f8b0800000000000003', 'hex');
    const empty = Buffer.concat(Array.from({ length: 200_000 }, () => Buffer.from('000000ffff', 'hex')));
    const handler: Handler = (_q, r) => {
      r.writeHead(200, gzip).write(header);
      pour(r, empty);
    };
    const budget = { bytes: 16 * MIB };
    expect(await outcome(handler, getVersion, { budget })).toMatchObject({
      code: 'budgetExceeded',
      detail: 'bytes',
      bytes: 0,
    });
  });

  it('a million small objects that would all be kept', async () => {
    const handler: Handler = (_q, r) => {
      r.writeHead(200, json).write('{"items":[{}');
      pour(r, Buffer.from(`,{"a":"${'b'.repeat(1_000_000)}"}`));
    };
    const budget = { bytes: 1024 * MIB };
    expect(await outcome(handler, listPods, { budget })).toMatchObject({ code: 'budgetExceeded', detail: 'memory' });
  });
});
