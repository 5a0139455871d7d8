import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations, type ContractOperation } from '../../../../test/support/api/contract.js';
import { startApi, type TestApi } from '../../../../test/support/api/harness.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

/** As it goes over the wire: the helpers of the harness leave the content type out where there is no body. */
async function send(method: string, path: string, headers: Readonly<Record<string, string>> = {}, payload = '') {
  const { statusCode, body } = await api.app
    .getHttpAdapter()
    .getInstance()
    .inject({
      method: method.toUpperCase() as 'GET',
      url: path,
      headers: { authorization: `Bearer ${api.tokens.admin}`, ...headers },
      payload,
    });
  return { status: statusCode, body: body === '' ? null : JSON.parse(body) };
}

describe('a path parameter', () => {
  const withParameter = operations
    .filter(({ path, security }) => path.includes('{') && security?.length !== 0)
    .map((operation): [string, ContractOperation] => [operation.operationId, operation]);

  it.each(withParameter)('of %s has no control characters and is not endless', async (_, { method, path }) => {
    const refused = method === 'put' ? [422, 'validation-failed'] : [404, 'not-found'];
    for (const text of ['%00', 'a%00b', '%0A', '%1B', '%7F', '%C2%85']) {
      const { status, body } = await send(method, path.replaceAll(/\{\w+\}/g, text));
      expect([text, status, body.code]).toEqual([text, ...refused]);
    }
    const { status, body } = await send(method, path.replaceAll(/\{\w+\}/g, 'a'.repeat(301)));
    expect([status, body.code]).toEqual([414, 'uri-too-long']);
  });

  it('is looked at only for who may ask', async () => {
    expect((await send('GET', '/api/v1/clusters/%00', { authorization: 'Bearer nobody' })).status).toBe(401);
  });
});

describe('a content type without a body', () => {
  const JSON_TYPE = { 'content-type': 'application/json' };

  it('does not stand in the way of what takes none', async () => {
    const made = await api.post('/tenants', { name: 'short-lived' });
    const ifMatch = { ...JSON_TYPE, 'if-match': made.headers['etag'] ?? '' };
    expect((await send('DELETE', '/api/v1/tenants/short-lived', ifMatch)).status).toBe(204);
    const retried = await send('POST', '/api/v1/deliveries/dlv_nothing/retry', JSON_TYPE);
    expect([retried.status, retried.body.code]).toEqual([404, 'not-found']);
  });

  it.each(['application/json', 'application/merge-patch+json'])('is %s and no body', async (type) => {
    const { status, body } = await send('POST', '/api/v1/tenants', { 'content-type': type });
    expect([status, body.errors]).toEqual([422, [expect.objectContaining({ pointer: '/name' })]]);
  });

  it.each(['{', ' ', 'nonsense', '{"__proto__": {}}'])('is not %j, which cannot be read', async (text) => {
    const { status, body } = await send('POST', '/api/v1/tenants', JSON_TYPE, text);
    expect([status, body.code]).toEqual([400, 'malformed']);
  });
});

it('a body of the wrong type is told what it must be', async () => {
  const { status, body } = await api.post('/tenants', []);
  expect([status, body.detail]).toEqual([422, 'The body must be an object.']);
});
