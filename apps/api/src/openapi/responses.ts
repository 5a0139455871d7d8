import { z } from 'zod';
import { PROBLEM_MEDIA_TYPE } from '../http/problem.js';
import { PROBLEM_CODES, PROBLEMS, type ProblemCode } from '../http/problem-codes.js';
import { exampleOf } from '../http/schema.js';
import type { DescribedOperation } from './described-operation.js';
import { groupBy } from './group-by.js';
import { problemsOf } from './implied-problems.js';
import { exampleProblem, ProblemSchema } from './problem-schema.js';
import type { JsonObject, SchemaCollector } from './schemas.js';

export const RESPONSE_HEADERS = {
  'X-Request-Id': { description: 'Id of the request in the log.', schema: { type: 'string' } },
  ETag: { description: 'Version of the object, for If-Match and If-None-Match.', schema: { type: 'string' } },
  Location: { description: 'Path of the object that was made.', schema: { type: 'string', format: 'uri-reference' } },
  Link: { description: 'The next page as `rel="next"` (RFC 8288).', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds until asking again is worth it.', schema: { type: 'string' } },
  RateLimit: { description: 'What is left: `"requests";r=<requests>;t=<seconds>`.', schema: { type: 'string' } },
} as const;
type ResponseHeader = keyof typeof RESPONSE_HEADERS;

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted; the work goes on.',
  204: 'Done; there is nothing to return.',
  304: 'You have the current version.',
};

function headersOf({ definition, method, query }: DescribedOperation, status: number): ResponseHeader[] {
  const headers: ResponseHeader[] = ['X-Request-Id'];
  if (definition.access !== 'public') headers.push('RateLimit');
  if (definition.etag && status !== 204) headers.push('ETag');
  if (status === 201 || status === 202) headers.push('Location');
  if (status === 202) headers.push('Retry-After');
  if (method === 'get' && query && 'cursor' in query.shape) headers.push('Link');
  return headers;
}

function refs(headers: readonly ResponseHeader[]): JsonObject {
  return Object.fromEntries(headers.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function contentOf(
  answer: DescribedOperation['definition']['answers'][number],
  collector: SchemaCollector,
): JsonObject {
  if (answer === null || answer === undefined) return {};
  if (!(answer instanceof z.ZodType)) {
    return { content: { [answer.mediaType]: { schema: { type: 'string' }, example: answer.example } } };
  }
  const example: unknown = exampleOf(answer);
  return {
    content: {
      'application/json': {
        schema: collector.collect(answer, 'output'),
        ...(example !== undefined && { example }),
      },
    },
  };
}

function successes(operation: DescribedOperation, collector: SchemaCollector): [string, JsonObject][] {
  const { definition } = operation;
  const answers = Object.entries(definition.answers).map(([status, answer]): [string, JsonObject] => [
    status,
    {
      description: DESCRIPTIONS[Number(status)] ?? 'Success',
      headers: refs(headersOf(operation, Number(status))),
      ...contentOf(answer, collector),
    },
  ]);
  if (definition.etag && operation.method === 'get') {
    answers.push(['304', { description: DESCRIPTIONS[304], headers: refs(['X-Request-Id', 'ETag']) }]);
  }
  return answers;
}

/** The problems of an operation by status. Operations that share a set share its description, as a component. */
function failuresOf(operation: DescribedOperation): { readonly status: number; readonly codes: ProblemCode[] }[] {
  const byStatus = groupBy(problemsOf(operation), (code) => PROBLEMS[code].status);
  return [...byStatus].map(([status, codes]) => ({ status, codes }));
}

const nameOf = (codes: readonly ProblemCode[]) => codes.join('.');

function failure(status: number, codes: readonly ProblemCode[], collector: SchemaCollector): JsonObject {
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
    headers: refs(status === 429 || status === 503 ? ['X-Request-Id', 'Retry-After'] : ['X-Request-Id']),
    content: {
      [PROBLEM_MEDIA_TYPE]: {
        schema: collector.collect(ProblemSchema, 'output'),
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}

/** The components that `responsesOf` refers to. */
export function sharedResponses(operations: readonly DescribedOperation[], collector: SchemaCollector): JsonObject {
  const all = operations
    .flatMap(failuresOf)
    .map(({ status, codes }) => [nameOf(codes), failure(status, codes, collector)] as const);
  return Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

export function responsesOf(operation: DescribedOperation, collector: SchemaCollector): JsonObject {
  const failures = failuresOf(operation).map(({ status, codes }): [string, JsonObject] => [
    String(status),
    { $ref: `#/components/responses/${nameOf(codes)}` },
  ]);
  const all = [...successes(operation, collector), ...failures];
  return Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

export function problemExamples(): JsonObject {
  return Object.fromEntries(
    PROBLEM_CODES.map((code) => [code, { summary: PROBLEMS[code].title, value: exampleProblem(code) }]),
  );
}
