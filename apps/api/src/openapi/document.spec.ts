import { describe, expect, it } from 'vitest';
import { document, operations, schemaErrors } from '../../../../test/support/api/contract.js';
import { PERMISSIONS } from '../auth/permissions.js';
import { PROBLEM_CODES } from '../http/problem-codes.js';
import { TAGS } from '../http/tags.js';

const mediaOf = (content: object | undefined) =>
  Object.entries((content ?? {}) as Record<string, { schema: never; example?: unknown }>);

/** Words that name a secret where they stand alone; `credentials` and the like are metadata. */
const SECRET = /^(?:token|kubeconfig|secret|sealed|password|hash|certData|keyData|signingSecrets?|url)$/;

function propertiesIn(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(propertiesIn);
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties, ...rest } = schema as { properties?: Record<string, unknown> };
  const own = properties ? [...Object.keys(properties), ...Object.values(properties).flatMap(propertiesIn)] : [];
  return [...own, ...Object.values(rest).flatMap(propertiesIn)];
}

/** The schema with everything that it refers to, once. */
function resolved(schema: unknown, seen = new Set<string>()): unknown {
  if (Array.isArray(schema)) return schema.map((item) => resolved(item, seen));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, ...rest } = schema as { $ref?: string };
  const name = $ref?.split('/').at(-1) ?? '';
  const target =
    $ref === undefined || seen.has(name) ? {} : resolved(document.components['schemas']?.[name], seen.add(name));
  return { ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, resolved(value, seen)])), target };
}

describe('the OpenAPI document', () => {
  it('has operations, each with a unique id, one known tag and a summary', () => {
    expect(operations.length).toBeGreaterThan(60);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { tags } of operations) expect(Object.keys(TAGS)).toEqual(expect.arrayContaining([...tags]));
    expect(operations.filter(({ tags }) => tags.length !== 1)).toEqual([]);
  });

  it('has examples that fit their schemas', () => {
    for (const { operationId, requestBody, responses } of operations) {
      const requests = mediaOf(requestBody?.content).map(([type, media]) => [`${operationId} ${type}`, media] as const);
      const answers = Object.entries(responses)
        .filter(([status]) => status < '300')
        .flatMap(([status, { content }]) =>
          mediaOf(content).map(([type, media]) => [`${operationId} ${status} ${type}`, media] as const),
        );
      const wrong = [...requests, ...answers].map(([where, { schema, example }]) => [
        where,
        example === undefined ? 'there is none' : schemaErrors(`example ${where}`, schema, example),
      ]);
      expect(wrong.filter(([, error]) => error !== '')).toEqual([]);
    }
  });

  it('has a page and an example for each problem that an operation can answer with', () => {
    const used = new Set(operations.flatMap((operation) => operation['x-problem-codes']));
    expect([...used].filter((code) => !PROBLEM_CODES.includes(code as never))).toEqual([]);
    expect(PROBLEM_CODES.filter((code) => !used.has(code))).toEqual([]);
  });

  it('says which permission an operation needs, and lets only a few do without a token', () => {
    const open = operations.filter(({ security }) => security?.length === 0).map(({ operationId }) => operationId);
    expect(open.toSorted()).toEqual([
      'getApiReference',
      'getLiveness',
      'getOpenApiDocument',
      'getProblem',
      'getReadiness',
      'listProblems',
      'openSession',
    ]);
    const permissions = new Set(operations.flatMap((operation) => operation['x-required-permission'] ?? []));
    expect(Object.keys(PERMISSIONS).filter((permission) => !permissions.has(permission))).toEqual([]);
  });

  it('has no secret in any answer, but for those that are shown once', () => {
    const shown = operations.flatMap(({ operationId, responses }) =>
      Object.values(responses)
        .flatMap(({ content }) => mediaOf(content).flatMap(([, { schema }]) => propertiesIn(resolved(schema))))
        .filter((name) => SECRET.test(name))
        .map((name) => `${operationId}: ${name}`),
    );
    expect([...new Set(shown)].toSorted()).toEqual([
      'createChannel: signingSecret',
      'createLoginLink: url',
      'createToken: token',
    ]);
  });

  it('refuses unknown members of requests', () => {
    const open = operations.flatMap(({ operationId, method, requestBody }) =>
      mediaOf(requestBody?.content)
        // Merge patches and the items of a batch are checked by the handler.
        .filter(() => method !== 'patch' && operationId !== 'registerClusters')
        .filter(([, { schema }]) => schemaErrors(`closed ${operationId}`, schema, { 'no-such-member': 1 }) === '')
        .map(() => operationId),
    );
    expect(open).toEqual([]);
  });

  it('is the same every time', async () => {
    const { buildOpenApiDocument } = await import('./build-openapi-document.js');
    expect(JSON.stringify(buildOpenApiDocument())).toBe(JSON.stringify(document));
  });
});
