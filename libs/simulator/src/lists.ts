import { groupVersionOf, type ApiResource } from './api-resources.js';
import { indexAfter, type Collection } from './collection.js';
import { json, type Reply } from './reply.js';
import { fieldFilter, labelFilter, SelectorError, type ObjectFilter } from './selectors.js';
import type { SimulatedObject } from './simulated-object.js';
import { badRequest, notFound, type ResourceRequest } from './statuses.js';

/** Makes a stored object what the API server shows: uid, times and the version that was asked for. */
type Presenter = (object: SimulatedObject, resource: ApiResource) => SimulatedObject;

export interface ReadContext {
  readonly collection: Collection;
  readonly resource: ApiResource;
  readonly request: ResourceRequest;
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly now: number;
  readonly resourceVersion: number;
  readonly present: Presenter;
  /** Every page says that there is one more. */
  readonly endless: boolean;
}

const META = 'meta.k8s.io/v1';

export function getObject({ collection, resource, request, accept, now, present }: ReadContext): Reply {
  const key = resource.namespaced ? `${request.namespace}/${request.name}` : (request.name ?? '');
  const object = collection.find(key, now);
  if (object === undefined) return json(404, notFound(request));
  const shown = present(object, resource);
  return json(200, accept.includes('as=PartialObjectMetadata;') ? partial(shown) : shown);
}

export function listObjects(context: ReadContext): Reply {
  const { collection, resource, request, query, accept, resourceVersion } = context;
  let filter: ObjectFilter;
  let start: number;
  let limit: number;
  try {
    filter = filterOf(context);
    start = startOf(collection, query.get('continue'));
    limit = limitOf(query);
  } catch (error) {
    if (error instanceof SelectorError) return json(400, badRequest(error.message));
    throw error;
  }
  const { chosen, next } = page(context, filter, start, limit);
  const asMetadata = accept.includes('as=PartialObjectMetadataList');
  const selected = [query.get('labelSelector'), query.get('fieldSelector')].some((text) => (text ?? '') !== '');
  const more = next !== undefined || context.endless;
  const lastKey = next ?? collection.keyAt(0);
  const metadata = {
    // A custom resource list spells out an empty token.
    ...(resource.custom && !asMetadata && !more && { continue: '' }),
    resourceVersion: String(resourceVersion),
    ...(more && { continue: continueToken(context.endless ? '' : lastKey, resourceVersion) }),
    ...(next !== undefined && !selected && { remainingItemCount: remaining(context, next) }),
  };
  const head = asMetadata
    ? { kind: 'PartialObjectMetadataList', apiVersion: META, metadata }
    : { kind: `${resource.kind}List`, apiVersion: groupVersionOf(request), metadata };
  return { status: 200, body: listBody(head, chosen, context, asMetadata) };
}

/** Objects are made one by one, as they are sent. */
function* listBody(
  head: unknown,
  chosen: readonly number[],
  { collection, resource, present, now }: ReadContext,
  asMetadata: boolean,
): Generator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"items":[`;
  let separator = '';
  for (const index of chosen) {
    const ready = asMetadata ? undefined : collection.itemJson?.(index);
    yield `${separator}${ready ?? itemJson(present(collection.at(index, now), resource), resource, asMetadata)}`;
    separator = ',';
  }
  yield ']}\n';
}

function itemJson(
  { apiVersion, kind, ...rest }: SimulatedObject,
  { custom }: ApiResource,
  asMetadata: boolean,
): string {
  if (asMetadata) return JSON.stringify({ kind: 'PartialObjectMetadata', apiVersion: META, metadata: rest.metadata });
  return JSON.stringify(custom ? { apiVersion, kind, ...rest } : rest);
}

function filterOf({ request, resource, query }: ReadContext): ObjectFilter {
  const labels = labelFilter(query.get('labelSelector'));
  const fields = fieldFilter(query.get('fieldSelector'), resource.kind);
  const namespace = resource.namespaced ? request.namespace : undefined;
  return (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (labels?.(object) ?? true) &&
    (fields?.(object) ?? true);
}

/** The places of one page's objects, and the key after which the next page starts. */
function page(
  { collection, now }: ReadContext,
  filter: ObjectFilter,
  start: number,
  limit: number,
): { chosen: readonly number[]; next: string | undefined } {
  const chosen: number[] = [];
  let index = start;
  for (; index < collection.size && chosen.length < limit; index += 1)
    if (filter(collection.at(index, now))) chosen.push(index);
  // As etcd does it: one more match must exist for the list to go on.
  let follows = false;
  for (let ahead = index; ahead < collection.size && !follows; ahead += 1) follows = filter(collection.at(ahead, now));
  const last = chosen.at(-1);
  return { chosen, next: follows && last !== undefined ? collection.keyAt(last) : undefined };
}

function remaining({ collection, request, resource, now }: ReadContext, after: string): number {
  const from = indexAfter(collection, after);
  if (!resource.namespaced || request.namespace === undefined) return collection.size - from;
  let count = 0;
  for (let index = from; index < collection.size; index += 1)
    if (collection.at(index, now).metadata.namespace === request.namespace) count += 1;
  return count;
}

/** `resourceVersion=0` makes a real API server ignore the limit. */
function limitOf(query: URLSearchParams): number {
  const limit = query.get('limit') ?? '';
  if (limit !== '' && !/^-?\d+$/.test(limit))
    throw new SelectorError(`strconv.ParseInt: parsing "${limit}": invalid syntax`);
  if (query.get('resourceVersion') === '0' || Number(limit) <= 0) return Number.POSITIVE_INFINITY;
  return Number(limit);
}

function startOf(collection: Collection, token: string | null): number {
  if (token === null || token === '') return 0;
  try {
    const { start } = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as { start: string };
    // As etcd's range: `/<key>` and a zero byte, the smallest key after it.
    const key = start.slice(1, -1);
    return key === '' ? 0 : indexAfter(collection, key);
  } catch {
    throw new SelectorError('invalid continue token: continue key is not valid');
  }
}

function continueToken(key: string, resourceVersion: number): string {
  const token = JSON.stringify({ v: META, rv: resourceVersion, start: `/${key}\u0000` });
  return Buffer.from(token).toString('base64url');
}

function partial({ metadata }: SimulatedObject): unknown {
  return { kind: 'PartialObjectMetadata', apiVersion: META, metadata };
}
