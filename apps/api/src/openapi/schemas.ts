import { z } from 'zod';

/** A part of the document. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The keywords of JSON Schema 2020-12 that our schemas use. */
export interface JsonSchema extends JsonObject {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}
type Direction = 'input' | 'output';

const COMPONENTS = '#/components/schemas/';

/** zod writes its own number bounds and format patterns out; in a document for people they are noise. */
function tidy(direction: Direction): NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override'] {
  return ({ jsonSchema }) => {
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    if (Object.keys(Object(jsonSchema.propertyNames)).join() === 'type') delete jsonSchema.propertyNames;
    // Answers may grow: a client that refuses unknown members would break with every addition.
    if (direction === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  };
}

function mapRefs(value: unknown, rename: (ref: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => mapRefs(item, rename));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === '$ref' && typeof item === 'string' ? rename(item) : mapRefs(item, rename),
    ]),
  );
}

function refsIn(value: unknown): Set<string> {
  const found = new Set<string>();
  mapRefs(value, (ref) => {
    found.add(ref);
    return ref;
  });
  return found;
}

/**
 * Turns zod schemas into JSON Schema 2020-12, the dialect of OpenAPI 3.1, and gathers those with an id as components.
 * A schema whose request and answer forms differ becomes two components, `XInput` and `X`.
 */
export class SchemaCollector {
  readonly #found = new Map<string, JsonSchema>();
  readonly #done = { input: new Map<z.ZodType, JsonSchema>(), output: new Map<z.ZodType, JsonSchema>() };

  /** A schema with references of the form `<id>:<direction>`, to be finished with `resolve`. */
  collect(schema: z.ZodType, direction: Direction): JsonSchema {
    const known = this.#done[direction].get(schema);
    if (known) return known;
    const collected = this.#convert(schema, direction);
    this.#done[direction].set(schema, collected);
    return collected;
  }

  #convert(schema: z.ZodType, direction: Direction): JsonSchema {
    const { $schema: _, $defs = {}, ...json } = z.toJSONSchema(schema, { io: direction, override: tidy(direction) });
    const tagged = (value: unknown) => mapRefs(value, (ref) => `${ref.replace('#/$defs/', '')}:${direction}`);
    for (const [id, definition] of Object.entries($defs)) {
      const { id: _id, ...body } = tagged(definition) as Record<string, unknown>;
      this.#found.set(`${id}:${direction}`, body);
    }
    return tagged(json) as JsonSchema;
  }

  /** Replaces the references by those of the finished document. */
  resolve<T>(value: T): T {
    const split = this.#split();
    return mapRefs(value, (ref) => (ref.startsWith('#') ? ref : COMPONENTS + componentName(ref, split))) as T;
  }

  components(): Record<string, JsonSchema> {
    const split = this.#split();
    const entries = [...this.#found].map(([key, body]) => [componentName(key, split), this.resolve(body)] as const);
    return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Ids whose two forms differ, in themselves or in what they refer to. */
  #split(): ReadonlySet<string> {
    const ids = [...new Set([...this.#found.keys()].map((key) => key.split(':')[0] ?? ''))];
    const both = ids.filter((id) => this.#found.has(`${id}:input`) && this.#found.has(`${id}:output`));
    const plain = (key: string) => JSON.stringify(mapRefs(this.#found.get(key), (ref) => ref.split(':')[0] ?? ''));
    const split = new Set(both.filter((id) => plain(`${id}:input`) !== plain(`${id}:output`)));
    for (let grew = true; grew;) {
      const more = both.filter(
        (id) =>
          !split.has(id) &&
          [...refsIn(this.#found.get(`${id}:output`))].some((ref) => split.has(ref.split(':')[0] ?? '')),
      );
      for (const id of more) split.add(id);
      grew = more.length > 0;
    }
    return split;
  }
}

function componentName(key: string, split: ReadonlySet<string>): string {
  const [id = '', direction] = key.split(':');
  return direction === 'input' && split.has(id) ? `${id}Input` : id;
}
