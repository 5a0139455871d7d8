import type { Type } from '@nestjs/common';
import { z } from 'zod';
import { exampleOf } from '../http/schema.js';
import { TAGS } from '../http/tags.js';
import { groupBy } from './group-by.js';
import { operationsOf, type DescribedOperation } from './described-operation.js';
import { problemsOf } from './implied-problems.js';
import { HEADER_PARAMETERS, parametersOf } from './parameters.js';
import { EXAMPLE_URL } from './problem-schema.js';
import { problemExamples, RESPONSE_HEADERS, responsesOf, sharedResponses } from './responses.js';
import { SchemaCollector, type JsonObject } from './schemas.js';

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: JsonObject;
  readonly servers: readonly { readonly url: string; readonly description: string }[];
  readonly security: readonly JsonObject[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const DESCRIPTION = `
Audits a fleet of Kubernetes clusters that run Flux.

**Names or ids.** A path parameter that ends in \`Ref\` takes a name or an id: ids hold an underscore, names never do.

**Lists** take \`limit\` (1 to 1000), \`cursor\`, up to three \`sort\` keys (\`-\` in front: descending) and filters; a filter
may be repeated, which means "or". A cursor is valid for an hour, for the same filters and the same order. \`page.total\` is
\`exact\` or \`atLeast\`.

**Writes** refuse unknown fields. Changing or deleting an object needs \`If-Match\` with its ETag. \`PATCH\` takes a JSON
merge patch (RFC 7396). With \`?dryRun=true\` everything is checked and nothing is stored.

**Repeating a POST** with the same \`Idempotency-Key\` within 24 hours returns the answer of the first one, with
\`Idempotency-Replayed: true\`. Only successes are kept.

**Errors** are problem details (RFC 9457). Branch on \`code\`; \`type\` is the address of a page that explains it.

**Limits:** 600 requests a minute for each token, of which 120 may write. Bodies have at most 1 MiB, batches 5 MiB.

**Browsers** use a session cookie instead of a token; it works only from the pages of this service.
`.trim();

const MERGE_PATCH = 'application/merge-patch+json';

function requestBody(operation: DescribedOperation, collector: SchemaCollector): JsonObject {
  const { body, method } = operation;
  if (!body) return {};
  const example: unknown = exampleOf(body);
  const content = { schema: collector.collect(body, 'input'), ...(example !== undefined && { example }) };
  return {
    requestBody: {
      required: !z.safeParse(body, {}).success,
      content:
        method === 'patch' ? { [MERGE_PATCH]: content, 'application/json': content } : { 'application/json': content },
    },
  };
}

function operationObject(operation: DescribedOperation, collector: SchemaCollector): JsonObject {
  const { id, tag, summary, description, access } = operation.definition;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    ...(access === 'public' ? { security: [] } : access !== 'authenticated' && { 'x-required-permission': access }),
    'x-problem-codes': problemsOf(operation),
    parameters: parametersOf(operation, collector),
    ...requestBody(operation, collector),
    responses: responsesOf(operation, collector),
  };
}

function pathsOf(operations: readonly DescribedOperation[], collector: SchemaCollector): OpenApiDocument['paths'] {
  const byPath = groupBy(operations, ({ path }) => path);
  return Object.fromEntries(
    [...byPath]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, items]) => [
        path,
        Object.fromEntries(items.map((item) => [item.method, operationObject(item, collector)])),
      ]),
  );
}

/** The OpenAPI 3.1 document of some controllers; needs no running application. */
export function describeApi(
  controllers: readonly Type[],
  { version, url = EXAMPLE_URL }: { readonly version: string; readonly url?: string },
): OpenApiDocument {
  const collector = new SchemaCollector();
  const operations = operationsOf(controllers);
  const paths = pathsOf(operations, collector);
  const responses = sharedResponses(operations, collector);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Plimsoll',
      version,
      summary: 'Fleet audit for Kubernetes clusters that run Flux.',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url, description: 'This installation' }],
    security: [{ bearer: [] }, { session: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths: collector.resolve(paths),
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'plm_pat_…', description: 'An API token.' },
        session: { type: 'apiKey', in: 'cookie', name: 'plimsoll_session', description: 'Browser session.' },
      },
      parameters: HEADER_PARAMETERS,
      headers: RESPONSE_HEADERS,
      responses: collector.resolve(responses),
      examples: problemExamples(),
      schemas: collector.components(),
    },
  };
}
