import { READABLE, resourceKey } from '../auditor/auditor-reads.js';
import { LISTED_SECRETS, METADATA_ALONE } from './secrets-as-metadata.js';

/** The final form of a request: what goes on the wire. */
export interface GuardedRequest {
  readonly method: string;
  readonly url: string;
  /** The form that is asked for. */
  readonly accept?: string;
  readonly body?: string;
}

/** A request that this service must never send. Always a mistake of ours, never the cluster's. */
export class RequestRefused extends Error {
  constructor(reason: string) {
    super(`Refused to send a request to a cluster: ${reason}.`);
    this.name = 'RequestRefused';
  }
}

/**
 * Every request to a cluster passes here last, in its final form. Allowed are GET of the API's own description, GET of the
 * resources that collectors read (never a subresource: `exec`, `proxy` and `portforward` act on GET; Secrets and ConfigMaps
 * only one by one), and POST of reviews about rights, which the API server answers and does not store. Anything else throws.
 *
 * @param server the cluster's `ClusterAccess.server`
 */
export function assertAllowed(server: string, request: GuardedRequest): void {
  const url = new URL(request.url);
  const base = new URL(server);
  // Put together from its parts, so that a lone "?" or "#" is seen too.
  if (`${url.origin}${url.pathname}${url.search}` !== request.url)
    throw new RequestRefused('the URL is not in its canonical form');
  if (url.origin !== base.origin || url.username !== '' || url.password !== '' || url.hash !== '') {
    throw new RequestRefused('the URL leads elsewhere');
  }
  const prefix = base.pathname === '/' ? '' : base.pathname;
  if (!url.pathname.startsWith(`${prefix}/`)) throw new RequestRefused('the path is outside the API server');
  const path = url.pathname.slice(prefix.length);
  if (!/^(\/[a-z0-9]([-a-z0-9.]*[a-z0-9])?)+$/.test(path)) throw new RequestRefused('the path is not plain');
  if (request.method === 'GET') return assertReading(path, url, request);
  if (request.method === 'POST') return assertReview(path, url, request.body);
  throw new RequestRefused('the method is neither GET nor POST');
}

const GROUP = '[a-z0-9]([-a-z0-9.]*[a-z0-9])?';
const VERSION = 'v\\d+((alpha|beta)\\d+)?';
const NAME = GROUP;
const DESCRIPTION = new RegExp(`^/(version|api|apis|api/v1|apis/${GROUP}/${VERSION})$`);
const RESOURCE = new RegExp(
  `^/(?:api/v1|apis/(?<group>${GROUP})/${VERSION})(?:/namespaces/(?<namespace>${NAME}))?/(?<resource>[a-z0-9]+)(?:/(?<name>${NAME}))?$`,
);
const QUERY: Readonly<Record<string, RegExp>> = {
  limit: /^[1-9]\d{0,3}$/,
  continue: /^.{1,4096}$/,
  labelSelector: /^.{1,1024}$/,
  fieldSelector: /^.{1,1024}$/,
};

/** Of the core group: read where an object names them, and never as a list. */
const BY_NAME: ReadonlySet<string> = new Set(['secrets', 'configmaps']);

function assertReading(path: string, url: URL, { accept, body }: GuardedRequest): void {
  if (body !== undefined) throw new RequestRefused('a GET has a body');
  if (DESCRIPTION.test(path)) {
    if (url.search !== '') throw new RequestRefused('a query where none belongs');
    return;
  }
  const target = RESOURCE.exec(path)?.groups;
  if (!target?.resource) throw new RequestRefused('the resource is not one that is read');
  const { group = '', resource } = target;
  const isByName = group === '' && BY_NAME.has(resource);
  if (isByName && target.name === undefined) assertListOfSecrets(resource, target.namespace, url, accept);
  else if (isByName && target.namespace === undefined) throw new RequestRefused('the object is in no namespace');
  else if (!isByName && !READABLE.has(resourceKey(group, resource)) && !READABLE.has(resourceKey(group, '*')))
    throw new RequestRefused('the resource is not one that is read');
  if (target.name !== undefined && url.search !== '') throw new RequestRefused('a query where none belongs');
  const seen = new Set<string>();
  for (const [key, value] of url.searchParams) {
    // A list without resourceVersion is consistent; `resourceVersion=0` may be stale and ignores `limit`. `watch` never ends.
    if (!Object.hasOwn(QUERY, key) || !QUERY[key]?.test(value)) throw new RequestRefused('an unexpected query');
    if (seen.has(key)) throw new RequestRefused('a query parameter stands twice');
    seen.add(key);
  }
}

/**
 * The only lists of Secrets: the keys of the Sealed Secrets controller, or the clusters of Argo CD, in one namespace, as
 * metadata and nothing else, so that no data leaves the API server.
 */
function assertListOfSecrets(
  resource: string,
  namespace: string | undefined,
  url: URL,
  accept: string | undefined,
): void {
  const selector = url.searchParams.get('labelSelector');
  const isOne = resource === 'secrets' && namespace !== undefined && selector !== null && LISTED_SECRETS.has(selector);
  if (!isOne || accept !== METADATA_ALONE) throw new RequestRefused(`${resource} are not listed`);
}

export const SUBJECT_ACCESS_REVIEWS = '/apis/authorization.k8s.io/v1/subjectaccessreviews';

/** Path → `apiVersion` and `kind` that the body must have. */
const REVIEWS: Readonly<Record<string, readonly [string, string]>> = {
  [SUBJECT_ACCESS_REVIEWS]: ['authorization.k8s.io/v1', 'SubjectAccessReview'],
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': ['authorization.k8s.io/v1', 'SelfSubjectAccessReview'],
  '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews': ['authorization.k8s.io/v1', 'SelfSubjectRulesReview'],
  '/apis/authentication.k8s.io/v1/selfsubjectreviews': ['authentication.k8s.io/v1', 'SelfSubjectReview'],
  '/apis/authentication.k8s.io/v1beta1/selfsubjectreviews': ['authentication.k8s.io/v1beta1', 'SelfSubjectReview'],
};

/** A person may be in hundreds of groups. */
const MAX_BODY = 16_384;

function assertReview(path: string, url: URL, body: string | undefined): void {
  const review = Object.hasOwn(REVIEWS, path) ? REVIEWS[path] : undefined;
  if (!review) throw new RequestRefused('the POST is not a review of rights');
  if (url.search !== '') throw new RequestRefused('a query where none belongs');
  if (body === undefined || body.length > MAX_BODY) throw new RequestRefused('a review without a proper body');
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new RequestRefused('the body is not JSON');
  }
  // Only the one way of writing a value: no duplicate keys that two parsers could read differently.
  if (typeof parsed !== 'object' || parsed === null || JSON.stringify(parsed) !== body) {
    throw new RequestRefused('the body is not in its canonical form');
  }
  const { apiVersion, kind, spec, ...rest } = parsed as Readonly<Record<string, unknown>>;
  if (apiVersion !== review[0] || kind !== review[1] || Object.keys(rest).length > 0) {
    throw new RequestRefused('the body is not the review that the path names');
  }
  if (spec !== undefined && (typeof spec !== 'object' || spec === null)) throw new RequestRefused('the spec is no map');
  if (path === SUBJECT_ACCESS_REVIEWS) assertQuestion(spec);
}

const ATTRIBUTES: ReadonlySet<string> = new Set(['verb', 'group', 'resource', 'subresource', 'namespace', 'name']);

/** Who may do what with a resource, and nothing else: no `extra`, no `uid`, no paths. */
function assertQuestion(spec: object | undefined): void {
  const { user, groups, resourceAttributes, ...rest } = (spec ?? {}) as Readonly<Record<string, unknown>>;
  const isNamed = typeof user === 'string' && isTexts(groups) && Object.keys(rest).length === 0;
  // Somebody of a group needs no name; the API server wants one of the two.
  if (!isNamed || (user === '' && groups.length === 0)) {
    throw new RequestRefused('the review is not about one user with groups');
  }
  if (typeof resourceAttributes !== 'object' || resourceAttributes === null)
    throw new RequestRefused('the review is not about a resource');
  const attributes = Object.entries(resourceAttributes);
  const { verb, resource } = resourceAttributes as Readonly<Record<string, unknown>>;
  const isResource =
    attributes.every(([key, value]) => ATTRIBUTES.has(key) && typeof value === 'string') && !!verb && !!resource;
  if (!isResource) throw new RequestRefused('the review is not about a resource');
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'string');
}
