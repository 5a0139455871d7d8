import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Problem, type ProblemError } from './problem.js';
import { anyOf, Flag, whole } from './schema.js';
import { ValidationPipe } from './validation.pipe.js';

const pipe = new ValidationPipe();

function errorsOf(schema: z.ZodType, value: unknown, type: 'body' | 'query' = 'body'): readonly ProblemError[] {
  try {
    pipe.transform(value, { type, schema });
  } catch (error) {
    if (error instanceof Problem) return error.extensions.errors ?? [];
    throw error;
  }
  return [];
}

const BODY = z.strictObject({
  name: z.string().max(5),
  labels: z.record(z.string().regex(/^[a-z/~]+$/, 'This is not a valid label key.'), z.string()).optional(),
  items: z.array(z.strictObject({ id: z.int() })).optional(),
  way: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('a'), x: z.string() }),
      z.strictObject({ kind: z.literal('b') }),
    ])
    .optional(),
});

describe('bodies', () => {
  it.each<[unknown, ProblemError['pointer'], string]>([
    [{}, '/name', 'invalid-type'],
    [undefined, '/name', 'invalid-type'],
    [{ name: 'too long' }, '/name', 'too-big'],
    [{ name: 'a', extra: 1 }, '/extra', 'unknown-field'],
    [{ name: 'a', 'a/b~c': 1 }, '/a~1b~0c', 'unknown-field'],
    [{ name: 'a', labels: { 'x/y': 1 } }, '/labels/x~1y', 'invalid-type'],
    [{ name: 'a', labels: { 'NO!': 'x' } }, '/labels/NO!', 'invalid-key'],
    [{ name: 'a', items: [{ id: 1 }, { id: 'x' }] }, '/items/1/id', 'invalid-type'],
    [{ name: 'a', way: { kind: 'a' } }, '/way/x', 'invalid-type'],
    [{ name: 'a', way: { kind: 'b', x: 'y' } }, '/way/x', 'unknown-field'],
    [{ name: 'a', way: { kind: 'c' } }, '/way/kind', 'invalid-union'],
    [[], '', 'invalid-type'],
    ['text', '', 'invalid-type'],
  ])('%j is wrong at %s', (body, pointer, code) => {
    expect(errorsOf(BODY, body)).toContainEqual(expect.objectContaining({ pointer, code }));
  });

  it.each([
    [BODY, [], 'The body must be an object.'],
    [BODY, 'text', 'The body must be an object.'],
    [z.record(z.string(), z.unknown()), 1, 'The body must be an object.'],
    [z.array(z.string()), {}, 'The body must be an array.'],
  ])('says what the whole must be', (schema, body, detail) => {
    expect(() => pipe.transform(body, { type: 'body', schema })).toThrow(
      expect.objectContaining({
        detail,
        extensions: { errors: [{ pointer: '', code: 'invalid-type', detail }] },
      }),
    );
  });

  it('names the alternative that was meant', () => {
    const schema = z.union([
      z.strictObject({ token: z.string() }),
      z.strictObject({ link: z.string(), other: z.string() }),
    ]);
    expect(errorsOf(schema, { token: 1 })).toEqual([expect.objectContaining({ pointer: '/token' })]);
  });

  it('stops at fifty errors', () => {
    expect(
      errorsOf(
        z.array(z.string()),
        Array.from({ length: 1000 }, () => 1),
      ),
    ).toHaveLength(50);
  });

  it('never repeats a value', () => {
    const errors = errorsOf(z.strictObject({ token: z.string().max(3), kind: z.enum(['a']) }), {
      token: 'CANARY-VALUE',
      kind: 'CANARY-VALUE',
    });
    expect(JSON.stringify(errors)).not.toContain('CANARY');
  });
});

describe('queries', () => {
  const QUERY = z.strictObject({ limit: whole(1, 1000, 50), severity: anyOf(z.enum(['high', 'low'])), join: Flag });

  it.each([
    [{}, { limit: 50 }],
    [{ limit: '7' }, { limit: 7 }],
    [{ severity: 'high' }, { limit: 50, severity: ['high'] }],
    [{ severity: ['high', 'low'] }, { limit: 50, severity: ['high', 'low'] }],
    [{ join: 'true' }, { limit: 50, join: true }],
    [{ join: 'false' }, { limit: 50, join: false }],
  ])('%j is read as %j', (query, parsed) => {
    expect(pipe.transform(query, { type: 'query', schema: QUERY })).toEqual(parsed);
  });

  it.each([
    [{ limit: '0' }, 'limit'],
    [{ limit: '1001' }, 'limit'],
    [{ limit: '1.5' }, 'limit'],
    [{ limit: ['1', '2'] }, 'limit'],
    [{ severity: 'bad' }, 'severity'],
    [{ join: 'yes' }, 'join'],
    [{ unknown: 'x' }, 'unknown'],
  ])('%j is wrong at %s', (query, parameter) => {
    expect(errorsOf(QUERY, query, 'query')).toContainEqual(expect.objectContaining({ parameter }));
  });
});

it('passes on what has no schema', () => {
  expect(pipe.transform('x', { type: 'param' })).toBe('x');
});
