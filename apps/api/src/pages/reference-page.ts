import type { OpenApiDocument } from '../openapi/document.js';
import type { JsonSchema } from '../openapi/schemas.js';
import { html, type Html } from './html.js';
import { paragraphs } from './paragraphs.js';
import { schemaTable, typeOf } from './schema-table.js';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

interface Media {
  readonly schema: JsonSchema;
  readonly example?: unknown;
}

interface Response {
  readonly description: string;
  readonly content?: Readonly<Record<string, Media>>;
}

interface Reference {
  readonly $ref: string;
}

interface OperationObject {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security?: readonly unknown[];
  readonly 'x-required-permission'?: string;
  readonly parameters: readonly (Parameter | Reference)[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Response | Reference>>;
}

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly operation: OperationObject;
}

/** What a reference into the components stands for; other values as they are. */
function dereferenced<T extends object>(document: OpenApiDocument, value: T | Reference): T {
  if (!('$ref' in value)) return value;
  const [, , kind = '', name = ''] = value.$ref.split('/');
  return document.components[kind]?.[name] as T;
}

function parameterTable(parameters: readonly Parameter[]): Html | null {
  if (parameters.length === 0) return null;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Parameter</th>
        <th scope="col">In</th>
        <th scope="col">Type</th>
        <th scope="col">Description</th>
      </tr>
    </thead>
    <tbody>
      ${parameters.map(
        ({ name, in: place, required, description, schema }) =>
          html`<tr>
            <td><code>${name}</code>${required ? ' (required)' : ''}</td>
            <td>${place}</td>
            <td>${typeOf(schema)}</td>
            <td>${description === undefined ? null : paragraphs(description, true)}</td>
          </tr> `,
      )}
    </tbody>
  </table>`;
}

function media(content: Readonly<Record<string, Media>> | undefined): Html | null {
  const [type, first] = Object.entries(content ?? {})[0] ?? [];
  if (!first || type === 'application/problem+json') return null;
  const example = typeof first.example === 'string' ? first.example : JSON.stringify(first.example, null, 2);
  return html`<p><code>${type}</code>: ${typeOf(first.schema)}</p>
    ${example === undefined ? null : html`<pre>${example}</pre>`}`;
}

function access(operation: OperationObject): string {
  if (operation.security?.length === 0) return 'Needs no token.';
  const permission = operation['x-required-permission'];
  return permission === undefined ? 'Needs any valid token.' : `Needs the permission ${permission}.`;
}

function answerDetails(status: string, { description, content }: Response): Html {
  return html`<details>
    <summary><strong>${status}</strong> ${paragraphs(description, true)}</summary>
    ${media(content)}
  </details> `;
}

function operationArticle(document: OpenApiDocument, { method, path, operation }: Entry): Html {
  const parameters = operation.parameters.map((parameter) => dereferenced(document, parameter));
  return html`<article id="${operation.operationId}">
    <h3><a href="#${operation.operationId}">${operation.summary}</a></h3>
    <p>
      <code><span class="method">${method.toUpperCase()}</span> ${path}</code>
    </p>
    ${operation.description === undefined ? null : paragraphs(operation.description)}
    <p>${access(operation)}</p>
    ${parameterTable(parameters)}
    ${
      operation.requestBody
        ? html`<details open>
            <summary>Request body</summary>
            ${media(operation.requestBody.content)}
          </details>`
        : null
    }
    ${Object.entries(operation.responses).map(([status, response]) =>
      answerDetails(status, dereferenced(document, response)),
    )}
  </article>`;
}

function entriesOf(document: OpenApiDocument): Entry[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method,
      path,
      operation: operation as unknown as OperationObject,
    })),
  );
}

/** The API reference as one page, made from the OpenAPI document; works without a network and without scripts. */
export function referencePage(document: OpenApiDocument): Html {
  const entries = entriesOf(document);
  const sections = document.tags.map((tag) => ({
    ...tag,
    entries: entries.filter(({ operation }) => operation.tags.includes(tag.name)),
  }));
  return html`<header>
      <h1>Plimsoll API</h1>
      <p>
        Version ${String(document.info['version'])} · <a href="/api/v1/openapi.json">OpenAPI document</a> ·
        <a href="/problems">Problems</a>
      </p>
      ${paragraphs(String(document.info['description']))}
    </header>
    <nav aria-label="Operations">
      ${sections.map(
        ({ name, entries: own }) =>
          html`<h2 id="nav-${name}">${name}</h2>
            <ul>
              ${own.map(
                ({ operation }) => html`<li><a href="#${operation.operationId}">${operation.summary}</a></li> `,
              )}
            </ul> `,
      )}
    </nav>
    <main>
      ${sections.map(
        ({ name, description, entries: own }) =>
          html`<section>
            <h2 id="${name}">${name}</h2>
            <p>${description}</p>
            ${own.map((entry) => operationArticle(document, entry))}
          </section> `,
      )}
      <section>
        <h2 id="schemas">Schemas</h2>
        ${Object.entries(document.components['schemas'] ?? {}).map(([name, schema]) => schemaTable(name, schema as JsonSchema))}
      </section>
    </main>`;
}
