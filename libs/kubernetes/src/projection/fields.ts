import type { JsonObject } from '#libs/core';
import { ClusterError } from '../cluster-error.js';

/** No single text in an object that is read comes near this; etcd's own limit is 1.5 MiB for the whole object. */
const MAX_TEXT = 256 * 1024;
/** No field of Kubernetes' own API is deeper. */
const MAX_DEPTH = 12;

/**
 * A strict view of one JSON object from a cluster. A field is absent (or null), or has the type that it must have;
 * anything else throws `ClusterError('malformed')` with the path of the field, because a value that was silently taken
 * for absent could turn into a false pass.
 */
export class Fields {
  private constructor(
    private readonly value: Readonly<Record<string, unknown>>,
    /** Path from the object's root, for errors: `spec.chart`. */
    private readonly at: string,
  ) {}

  static of(value: unknown, at = ''): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(at);
    return new Fields(value as Readonly<Record<string, unknown>>, at);
  }

  keys(): readonly string[] {
    return Object.keys(this.value).filter(isSafeKey);
  }

  has(key: string): boolean {
    return this.raw(key) !== undefined;
  }

  /** Any JSON value; the caller checks it. */
  raw(key: string): unknown {
    const value = Object.hasOwn(this.value, key) ? this.value[key] : undefined;
    return value === null ? undefined : value;
  }

  text(key: string): string | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || value.length > MAX_TEXT) throw malformed(this.path(key));
    return value;
  }

  /** A text that must be there and not be empty. */
  needText(key: string): string {
    const value = this.text(key);
    if (value === undefined || value === '') throw malformed(this.path(key));
    return value;
  }

  /** One of a few texts. */
  choice<const T extends string>(key: string, choices: readonly T[]): T | undefined {
    const value = this.text(key);
    if (value === undefined) return undefined;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw malformed(this.path(key));
    return found;
  }

  flag(key: string): boolean | undefined {
    const value = this.raw(key);
    if (value === undefined || typeof value === 'boolean') return value;
    throw malformed(this.path(key));
  }

  count(key: string): number | undefined {
    const value = this.raw(key);
    if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
    throw malformed(this.path(key));
  }

  /** `intstr.IntOrString`, as ports have it. */
  numberOrText(key: string): number | string | undefined {
    return typeof this.raw(key) === 'number' ? this.count(key) : this.text(key);
  }

  texts(key: string): readonly string[] | undefined {
    return this.elements(key)?.map((value, i) => {
      if (typeof value !== 'string' || value.length > MAX_TEXT) throw malformed(`${this.path(key)}.${i}`);
      return value;
    });
  }

  /** A map of texts, only the keys that `keep` takes. */
  textMap(key: string, keep: (key: string) => boolean = () => true): Readonly<Record<string, string>> | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    const entries = Object.entries(Fields.of(value, this.path(key)).value).filter(
      ([name]) => isSafeKey(name) && keep(name),
    );
    for (const [, text] of entries) {
      if (typeof text !== 'string' || text.length > MAX_TEXT) throw malformed(this.path(key));
    }
    return entries.length === 0 ? undefined : Object.fromEntries(entries as [string, string][]);
  }

  child(key: string): Fields | undefined {
    const value = this.raw(key);
    return value === undefined ? undefined : Fields.of(value, this.path(key));
  }

  needChild(key: string): Fields {
    return Fields.of(this.raw(key), this.path(key));
  }

  children(key: string): readonly Fields[] | undefined {
    return this.elements(key)?.map((value, i) => Fields.of(value, `${this.path(key)}.${i}`));
  }

  /** Lists of objects within a list. */
  nested(key: string): readonly (readonly Fields[])[] | undefined {
    return this.elements(key)?.map((list, i) => {
      const at = `${this.path(key)}.${i}`;
      if (!Array.isArray(list)) throw malformed(at);
      return (list as readonly unknown[]).map((value, j) => Fields.of(value, `${at}.${j}`));
    });
  }

  /** Lists of texts within a list. */
  nestedTexts(key: string): readonly (readonly string[])[] | undefined {
    return this.elements(key)?.map((list, i) => Fields.of({ [i]: list }, this.path(key)).texts(String(i)) ?? []);
  }

  /** Plain JSON of any shape, as far as it is not deeper than a Kubernetes field ever is. */
  json(key: string, maxDepth = MAX_DEPTH): JsonObject | undefined {
    const value = this.child(key)?.value;
    return value && (copyJson(value, this.path(key), maxDepth) as JsonObject);
  }

  jsonList(key: string, maxDepth = MAX_DEPTH): readonly JsonObject[] | undefined {
    return this.children(key)?.map(({ value, at }) => copyJson(value, at, maxDepth) as JsonObject);
  }

  /** The error that says that a field, which has the right type, is wrong nevertheless. To be thrown. */
  malformed(key: string): ClusterError {
    return malformed(this.path(key));
  }

  private elements(key: string): readonly unknown[] | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw malformed(this.path(key));
    return value as readonly unknown[];
  }

  private path(key: string): string {
    return this.at === '' ? key : `${this.at}.${key}`;
  }
}

/** Leaves out what is undefined, so that absent fields are absent. */
export function defined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

/** As `defined`; undefined where nothing is left. */
export function filled<T extends object>(object: T): T | undefined {
  const kept = defined(object);
  return Object.keys(kept).length === 0 ? undefined : kept;
}

function copyJson(value: unknown, at: string, levels: number): unknown {
  if (levels < 0) throw malformed(at);
  if (Array.isArray(value)) return value.map((element) => copyJson(element, at, levels - 1));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => isSafeKey(key));
  return Object.fromEntries(entries.map(([key, inner]) => [key, copyJson(inner, at, levels - 1)]));
}

function isSafeKey(key: string): boolean {
  return key !== '__proto__';
}

/** `at` is made of our own field names and numbers. */
function malformed(at: string): ClusterError {
  return new ClusterError('malformed', { detail: at === '' ? 'object' : at });
}
