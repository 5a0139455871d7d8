import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLogger } from '#libs/platform';
import { CANARY, startApi, type TestApi } from '../../../../test/support/api/harness.js';

const lines: string[] = [];
const destination = new Writable({
  write: (chunk: Buffer, _encoding, done) => {
    lines.push(...chunk.toString().trim().split('\n'));
    done();
  },
});

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ logger: createLogger('api', { level: 'debug', destination }) });
});
afterAll(() => api.close());

interface Line {
  readonly msg: string;
  readonly level: string;
  readonly path?: string;
  readonly requestId?: string;
}
const requests = (path: string) =>
  lines.map((line) => JSON.parse(line) as Line).filter((line) => line.msg === 'request' && line.path === path);

it('each request is one line: who asked for what, how it ended, under which id', async () => {
  const { headers } = await api.get('/clusters?q=something', { as: 'viewer' });
  expect(requests('/api/v1/clusters')).toEqual([
    expect.objectContaining({
      level: 'info',
      requestId: headers['x-request-id'],
      method: 'GET',
      status: 200,
      ms: expect.any(Number),
      tokenId: api.tokenIds.viewer,
    }),
  ]);
  await api.get('/livez', { as: null });
  expect(requests('/livez')).toEqual([expect.objectContaining({ level: 'debug' })]);
});

it('no line holds a secret of a request, whatever becomes of it', async () => {
  const credential = { kind: 'token', token: `${CANARY}-token` };
  const connection = { server: 'https://127.0.0.1:1' };
  await api.post('/clusters', { name: 'x', connection, credential });
  await api.post('/clusters', { name: 'x', connection, credential, extra: CANARY });
  await api.post('/channels', { name: 'x', kind: 'webhook', secret: { url: `https://127.0.0.1:1/${CANARY}` } });
  await api.post('/channels/x/test');
  await api.post('/auth/session', { token: `plm_pat_${CANARY}` }, { as: null });
  await api.get(`/clusters?q=${CANARY}`).catch(() => undefined);
  await api.post('/tenants', `{"name": "${CANARY}`);
  const { query } = api.store.dataSource;
  api.store.dataSource.query = () => Promise.reject(Object.assign(new Error('failed'), { parameters: [CANARY] }));
  await api.get('/readyz', { as: null });
  api.store.dataSource.query = query;
  const log = lines.join('\n');
  expect(log.length).toBeGreaterThan(1000);
  expect(log).not.toContain(CANARY);
  for (const token of Object.values(api.tokens)) expect(log).not.toContain(token);
});
