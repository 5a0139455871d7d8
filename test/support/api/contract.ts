import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { buildOpenApiDocument } from '../../../apps/api/src/openapi/build-openapi-document.js';

type Json = Readonly<Record<string, unknown>>;

interface OperationObject {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly tags: readonly string[];
  readonly parameters: readonly Json[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Json; readonly example?: unknown }>>;
  };
  readonly 'x-required-permission'?: string;
  readonly 'x-problem-codes': readonly string[];
  readonly responses: Readonly<
    Record<
      string,
      { readonly content?: Readonly<Record<string, { readonly schema: Json; readonly example?: unknown }>> }
    >
  >;
}

export interface ContractOperation extends OperationObject {
  readonly method: string;
  readonly path: string;
}

export interface Exchange {
  readonly method: string;
  /** With or without a query. */
  readonly url: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
}

export const document = buildOpenApiDocument();

export const operations: readonly ContractOperation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    ...(operation as unknown as OperationObject),
    responses: Object.fromEntries(
      Object.entries((operation as unknown as OperationObject).responses).map(([status, response]) => [
        status,
        dereferenced(response),
      ]),
    ),
    method,
    path,
  })),
);

function dereferenced(response: OperationObject['responses'][string]): OperationObject['responses'][string] {
  const { $ref } = response as { readonly $ref?: string };
  const name = $ref?.replace('#/components/responses/', '') ?? '';
  return (document.components['responses']?.[name] as typeof response | undefined) ?? response;
}

/** Closes every object, so that a member that the document does not mention is found. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)] as const);
  const own = Object.fromEntries(entries);
  const open = 'properties' in own && !('additionalProperties' in own) && !('unevaluatedProperties' in own);
  return open ? { ...own, additionalProperties: false } : own;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'document', components: closed(document.components) as object });

const validators = new Map<string, ValidateFunction>();

function validator(key: string, schema: Json): ValidateFunction {
  let found = validators.get(key);
  if (!found) {
    const text = JSON.stringify(closed(schema)).replaceAll('"#/components/', '"document#/components/');
    found = ajv.compile(JSON.parse(text) as object);
    validators.set(key, found);
  }
  return found;
}

/** What is wrong with a value, by a schema of the document; empty where nothing is. */
export function schemaErrors(key: string, schema: Json, value: unknown): string {
  const validate = validator(key, schema);
  return validate(value) ? '' : ajv.errorsText(validate.errors, { dataVar: '' });
}

const PATTERNS = operations.map((operation) => ({
  operation,
  pattern: new RegExp(`^${operation.path.replaceAll(/[.:]/g, '\\$&').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}));

function operationAt(method: string, url: string): ContractOperation | undefined {
  const path = url.split('?', 1)[0] ?? '';
  const candidates = PATTERNS.filter(
    ({ operation, pattern }) => operation.method === method.toLowerCase() && pattern.test(path),
  );
  // `/clusters/{ref}` also fits `/clusters:batch`; the one with fewer parameters was meant.
  return candidates.toSorted((a, b) => a.operation.path.split('{').length - b.operation.path.split('{').length)[0]
    ?.operation;
}

/** @throws {Error} where an answer is not one that the document promises */
export function checkExchange({ method, url, status, contentType, body }: Exchange): void {
  const operation = operationAt(method, url);
  const where = `${method} ${url} → ${status}`;
  const mediaType = contentType.split(';', 1)[0] ?? '';
  if (status >= 400 && !(mediaType === 'application/problem+json' || url.startsWith('/readyz'))) {
    throw new Error(`${where}: a failure must be application/problem+json, not "${mediaType}".`);
  }
  if (!operation) {
    if (status < 400) throw new Error(`${where}: there is no such operation in the document.`);
    return;
  }
  const response = operation.responses[status];
  if (!response) throw new Error(`${where} (${operation.operationId}): the status is not documented.`);
  const { code } = Object(body) as { readonly code?: string };
  if (mediaType === 'application/problem+json' && !operation['x-problem-codes'].includes(code ?? '')) {
    throw new Error(`${where} (${operation.operationId}): the code "${code}" is not documented.`);
  }
  if (!response.content) {
    if (body !== undefined && body !== '') throw new Error(`${where}: a body came where none is documented.`);
    return;
  }
  const media = response.content[mediaType];
  if (!media) throw new Error(`${where}: the media type "${mediaType}" is not documented.`);
  const errors = schemaErrors(`${operation.operationId} ${status} ${mediaType}`, media.schema, body);
  if (errors !== '')
    throw new Error(`${where} (${operation.operationId}): ${errors}\n${JSON.stringify(body, null, 1)}`);
}
