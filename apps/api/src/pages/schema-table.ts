import type { JsonSchema } from '../openapi/schemas.js';
import { html, type Html } from './html.js';
import { paragraphs } from './paragraphs.js';

function join(parts: readonly Html[], separator: string): Html {
  return html`${parts.map((part, index) => (index === 0 ? part : html`${separator}${part}`))}`;
}

/** A schema in a few words, with links to the components that it refers to. */
export function typeOf(schema: JsonSchema): Html {
  const { $ref, type = 'any', items, additionalProperties: values, format, minimum, maximum } = schema;
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1);
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum) {
    const members = schema.enum.map((member) => html`<code>${JSON.stringify(member)}</code>`);
    return join(members, ' | ');
  }
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return join(alternatives.map(typeOf), ' | ');
  if (type === 'array') return html`list of ${typeOf(items ?? {})}`;
  if (type === 'object' && typeof values === 'object') return html`map to ${typeOf(values)}`;
  const limits = [
    format && `(${format})`,
    minimum !== undefined && `from ${minimum}`,
    maximum !== undefined && `to ${maximum}`,
  ];
  return html`${[type, ...limits].filter((word) => typeof word === 'string').join(' ')}`;
}

function rows({ properties = {}, required = [] }: JsonSchema, prefix = ''): Html[] {
  return Object.entries(properties).flatMap(([name, property]) => [
    html`<tr>
      <td><code>${prefix}${name}</code>${required.includes(name) ? null : ' (optional)'}</td>
      <td>${typeOf(property)}</td>
      <td>${property.description === undefined ? null : paragraphs(property.description, true)}</td>
    </tr> `,
    ...rows(property, `${prefix}${name}.`),
  ]);
}

export function schemaTable(name: string, schema: JsonSchema): Html {
  const properties = rows(schema);
  return html`<article id="schema-${name}">
    <h3>${name}</h3>
    ${schema.description === undefined ? null : paragraphs(schema.description)}
    ${
      properties.length === 0
        ? html`<p>${typeOf(schema)}</p>`
        : html`<table>
            <thead>
              <tr>
                <th scope="col">Property</th>
                <th scope="col">Type</th>
                <th scope="col">Description</th>
              </tr>
            </thead>
            <tbody>
              ${properties}
            </tbody>
          </table>`
    }
  </article>`;
}
