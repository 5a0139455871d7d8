import type { JsonObject } from '#libs/core';
import { defined, type Fields } from './fields.js';

/** Schemas and patterns in policies go deeper than Kubernetes' own fields; nothing sensible goes deeper than this. */
const MAX_DEPTH = 64;
/** etcd's own limit for an object. */
const MAX_CHARACTERS = 1.5 * 1024 ** 2;

/** The spec of a policy whose schema is not Kubernetes' own: JSON of any shape, of bounded depth and size. */
export function policyBody(object: Fields): { readonly spec: JsonObject; readonly specs?: readonly JsonObject[] } {
  const body = defined({
    spec: object.json('spec', MAX_DEPTH) ?? {},
    specs: object.jsonList('specs', MAX_DEPTH),
  });
  if (JSON.stringify(body).length > MAX_CHARACTERS) throw object.malformed('spec');
  return body;
}
