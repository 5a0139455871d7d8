import { z } from 'zod';
import type { DescribedOperation } from './described-operation.js';
import type { JsonObject, SchemaCollector } from './schemas.js';

type Parameter = JsonObject;

const REFERENCE = 'Name or id.';

/** Every path parameter of the API. One that is missing here fails the build of the document. */
const PATH: Readonly<Record<string, { readonly description: string; readonly example: string }>> = {
  benchmarkId: { description: 'Id of a benchmark.', example: 'flux-security-best-practices@2026.11' },
  channelRef: { description: REFERENCE, example: 'platform-slack' },
  clusterRef: { description: REFERENCE, example: 'edge-001' },
  code: { description: 'Code of a problem.', example: 'validation-failed' },
  controlId: { description: 'Id of a control.', example: 'FLUX-HC-01' },
  deliveryId: { description: 'Id of a delivery.', example: 'dlv_01JD9YZ3M6Q8R5T7V9X1Z3B5D7' },
  drillId: { description: 'Id of a drill.', example: 'drl_01JD9YZ3M6Q8R5T7V9X1Z3B5D7' },
  evidenceId: { description: 'Id of a piece of evidence.', example: 'evd_01JD9YZ3M6Q8R5T7V9X1Z3B5D7' },
  findingId: { description: 'Id of a finding.', example: 'fnd_01JD9YZ3M6Q8R5T7V9X1Z3B5D7' },
  profileRef: {
    description: 'Id of a profile of the release, or the name of an own one, with or without its current version.',
    example: 'our-fleet',
  },
  remoteApplyId: { description: 'Id of a remote apply.', example: 'rap_01JD9YZ3M6Q8R5T7V9X1Z3B5D7' },
  runId: { description: 'Id of a run.', example: 'run_01JD9YZ3M6Q8R5T7V9X1Z3B5D7' },
  scheduleRef: { description: REFERENCE, example: 'nightly' },
  sourceRef: { description: REFERENCE, example: 'mgmt-eu' },
  tenantRef: { description: REFERENCE, example: 'team-a' },
  tokenId: { description: 'Id of a token.', example: 'tok_01JD9YZ3M6Q8R5T7V9X1Z3B5D7' },
  waiverId: { description: 'Id of a waiver.', example: 'wvr_01JD9YZ3M6Q8R5T7V9X1Z3B5D7' },
};

function pathParameter(name: string): Parameter {
  const known = PATH[name];
  if (!known) throw new Error(`Path parameter "${name}" has no description. Add it to openapi/parameters.ts.`);
  return {
    name,
    in: 'path',
    required: true,
    description: known.description,
    schema: { type: 'string' },
    example: known.example,
  };
}

function queryParameters(query: z.ZodObject, collector: SchemaCollector): Parameter[] {
  return Object.entries(query.shape).map(([name, field]) => {
    const { description, default: _, ...schema } = collector.collect(field as z.ZodType, 'output');
    const absent = z.safeParse(field, undefined);
    return {
      name,
      in: 'query',
      required: !absent.success,
      ...(description !== undefined && { description }),
      schema: { ...schema, ...(absent.data !== undefined && { default: absent.data }) },
      ...(schema['type'] === 'array' && { style: 'form', explode: true }),
    };
  });
}

/** Headers that requests may or must have, as components. */
export const HEADER_PARAMETERS = {
  RequestId: {
    name: 'X-Request-Id',
    in: 'header',
    description: 'Comes back in the answer, in problems and in the log. Made by the service where it is absent.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,128}$' },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    required: true,
    description: 'ETag of the object as you read it.',
    schema: { type: 'string' },
    example: '"3"',
  },
  IfMatchToReplace: {
    name: 'If-Match',
    in: 'header',
    description: 'ETag of the object as you read it; required where it exists.',
    schema: { type: 'string' },
    example: '"3"',
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: 'ETag that you have; where it is still the current one, the answer is 304.',
    schema: { type: 'string' },
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
  IdempotencyKeyRequired: {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    description:
      'A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
    example: '6f3c2a54-0a3e-4c0e-9d51-7a0f7f6b1c11',
  },
  PreferWait: {
    name: 'Prefer',
    in: 'header',
    description:
      '`wait=<seconds>` (1 to 60): answer when the object changes, at the latest after this time (RFC 7240).',
    schema: { type: 'string' },
    example: 'wait=30',
  },
} as const satisfies Record<string, Parameter>;

function headerNames({ definition, method }: DescribedOperation): (keyof typeof HEADER_PARAMETERS)[] {
  const names: (keyof typeof HEADER_PARAMETERS)[] = [];
  if (definition.ifMatch) names.push(method === 'put' ? 'IfMatchToReplace' : 'IfMatch');
  if (method === 'post' && definition.access !== 'public') {
    names.push(definition.idempotencyKey === 'required' ? 'IdempotencyKeyRequired' : 'IdempotencyKey');
  }
  if (definition.waits) names.push('PreferWait');
  if (definition.etag && method === 'get') names.push('IfNoneMatch');
  return [...names, 'RequestId'];
}

export function parametersOf(operation: DescribedOperation, collector: SchemaCollector): Parameter[] {
  return [
    ...operation.pathParameters.map(pathParameter),
    ...(operation.query ? queryParameters(operation.query, collector) : []),
    ...headerNames(operation).map((name) => ({ $ref: `#/components/parameters/${name}` })),
  ];
}
