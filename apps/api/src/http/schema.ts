import { z } from 'zod';

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** What an answer with that schema looks like: values from the store are read-only, and stay so. */
export type View<S extends z.ZodType> = DeepReadonly<z.infer<S>>;

/** Gives a schema its name in the OpenAPI document, with an example that a test holds against it. */
export function named<S extends z.ZodType>(
  id: string,
  schema: S,
  description: string,
  example: DeepReadonly<z.input<S>>,
): S {
  return schema.meta({ id, description, examples: [example] });
}

/** The example of a named schema; undefined for one without a name. */
export function exampleOf<S extends z.ZodType>(schema: S): z.input<S> {
  const { examples } = schema.meta() ?? {};
  return (Array.isArray(examples) ? examples[0] : undefined) as z.input<S>;
}

export const DateTime = z.iso.datetime({ offset: true }).describe('RFC 3339 time.');

/**
 * Names of objects: a DNS label (RFC 1123), as namespaces have. Ids hold an underscore and names never do, so that
 * one path parameter takes either.
 */
export const Name = z
  .string()
  .max(63)
  .regex(
    /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/,
    'Use lower-case letters, digits and dashes; start and end with a letter or digit.',
  )
  .describe('Lower-case letters, digits and dashes.');

const LABEL_KEY = /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** Label syntax of Kubernetes. */
export const Labels = named(
  'Labels',
  z
    .record(
      z.string().regex(LABEL_KEY, 'This is not a valid label key.'),
      z.string().regex(LABEL_VALUE, 'This is not a valid label value.'),
    )
    .refine((labels) => Object.keys(labels).length <= 64, 'At most 64 labels are kept.'),
  'Kubernetes labels.',
  { env: 'prod', site: 'lyon' },
);

const PLAIN = /^(?:\P{Cc}|[\t\n\r])*$/u;

/** A text that people write: line breaks and tabs, but no other control characters. */
export function text(max: number): z.ZodString {
  return z
    .string()
    .max(max)
    .refine((value) => PLAIN.test(value), 'Control characters are not allowed.');
}

/** A query parameter that may be repeated: `?severity=high&severity=critical` means either. */
export function anyOf<S extends z.ZodType>(schema: S) {
  return z
    .preprocess(
      (value) => (value === undefined || Array.isArray(value) ? value : [value]),
      z.array(schema).min(1).max(50),
    )
    .optional();
}

const bool = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .pipe(z.boolean());

/** A query parameter that is `true` or `false`; undefined where it is absent. */
export const Flag = bool.optional();

/** A query parameter that is `true` or `false`, with what its absence means. */
export function flag(absent: boolean) {
  return bool.prefault(absent ? 'true' : 'false');
}

/** A query parameter that is a whole number. */
export function whole(min: number, max: number, fallback: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, 'This must be a whole number.')
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .prefault(String(fallback));
}
