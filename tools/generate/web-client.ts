import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import openapiTS, { astToString, type OpenAPI3, type SchemaObject } from 'openapi-typescript';
import type { GeneratedFile } from './catalog.js';

const CONTRACT = 'docs/openapi.json';
const TYPES = 'apps/web/src/api/schema.generated.ts';
const NOTE = `// Made from ${CONTRACT} by \`npm run generate\`. Do not edit.\n`;

/** Examples are half of the contract, and types have no use for them. */
function withoutExamples(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExamples);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([key, member]) => !isExample(key, member));
  return Object.fromEntries(members.map(([key, member]) => [key, withoutExamples(member)]));
}

/** A property may be called `example` too; its schema is an object with a type. */
function isExample(key: string, member: unknown): boolean {
  if (key === 'examples') return Array.isArray(member) || !isSchema(member);
  return key === 'example' && !isSchema(member);
}

function isSchema(member: unknown): boolean {
  return typeof member === 'object' && member !== null && ('type' in member || '$ref' in member || 'anyOf' in member);
}

/** A schema that stands for any JSON value refers to itself, which TypeScript does not take from a member of a type. */
const ANY_JSON = /^__schema\d+$/;

function withPlainJson({ components, ...document }: OpenAPI3): OpenAPI3 {
  const schemas = { ...components?.schemas };
  for (const name of Object.keys(schemas)) if (ANY_JSON.test(name)) schemas[name] = {} as SchemaObject;
  return { ...document, components: { ...components, schemas } };
}

/**
 * The types of the dashboard's REST client. Arrays are mutable in them, because openapi-fetch cannot read the types of
 * readonly ones.
 */
export async function generate(root: string): Promise<readonly GeneratedFile[]> {
  const contract = path.join(root, CONTRACT);
  if (!existsSync(contract)) return [];
  const document = withoutExamples(JSON.parse(readFileSync(contract, 'utf8'))) as OpenAPI3;
  const types = astToString(await openapiTS(withPlainJson(document)));
  return [{ path: TYPES, content: NOTE + types }];
}
