import { CONTROLLERS } from '../controllers.js';
import { VERSION } from '../version.js';
import { describeApi, type OpenApiDocument } from './document.js';

/**
 * The OpenAPI 3.1 document of the whole API. Needs neither a database nor a running application.
 * @param url of the installation; an example address where it is absent
 */
export function buildOpenApiDocument(url?: string): OpenApiDocument {
  return describeApi(CONTROLLERS, { version: VERSION, ...(url !== undefined && { url }) });
}
