import 'reflect-metadata';
import { buildOpenApiDocument } from '../../apps/api/src/openapi/build-openapi-document.js';
import type { GeneratedFile } from './catalog.js';

/** The contract of the REST API, from the controllers and their schemas; no database is needed. */
export function generate(): readonly GeneratedFile[] {
  return [{ path: 'docs/openapi.json', content: `${JSON.stringify(buildOpenApiDocument(), null, 2)}\n` }];
}
