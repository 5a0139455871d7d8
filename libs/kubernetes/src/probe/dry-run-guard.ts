/** A probe in its final form: what goes on the wire. Header names in lower case. */
export interface ProbeRequest {
  readonly method: string;
  readonly url: string;
  /** `impersonate-group` may stand for several. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

export interface ProbeLimits {
  /** The cluster's `ClusterAccess.server`. */
  readonly server: string;
  /** The run that the probe belongs to: the value of the marker. */
  readonly marker: string;
  /**
   * API groups of which any version is served by somebody else than the API server itself (an APIService with
   * `spec.service`): they get the request as it is sent, whether they know dry-run or not.
   */
  readonly foreignGroups: ReadonlySet<string>;
}

/** A probe that could change the cluster. Always a mistake of ours, never the cluster's. */
export class ProbeRefused extends Error {
  constructor(reason: string) {
    super(`Refused to send a probe to a cluster: ${reason}.`);
    this.name = 'ProbeRefused';
  }
}

/** Extra attribute of the impersonated user that the guard policy of the cluster looks for. */
export const MARKER_KEY = 'plimsoll/probe';
/** The header that sets it; a key in a header name is percent-encoded. */
export const MARKER_HEADER = 'impersonate-extra-plimsoll%2fprobe';

const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const GROUP = '[a-z0-9]([-a-z0-9.]*[a-z0-9])?';
const PATH = new RegExp(
  `^/(?:api/v1|apis/(?<group>${GROUP})/v\\d+(?:(?:alpha|beta)\\d+)?)(?:/namespaces/(?<namespace>${GROUP}))?/(?<resource>[a-z0-9]+)(?:/(?<name>[a-z0-9]([-a-z0-9.:]*[a-z0-9])?))?(?:/(?<subresource>[a-z]+))?$`,
);
/** `/api/v1/namespaces/<name>` and what is below it: a Namespace itself, not something in it. */
const NAMESPACE = new RegExp(`^/api/v1/namespaces(?:/(?<name>${GROUP})(?:/(?<subresource>status|finalize))?)?$`);

/** The only parts of objects that a dry-run may touch; each of them honours it. */
const SUBRESOURCES: ReadonlySet<string> = new Set(['status', 'finalize', 'scale']);

/** No admission sees these, so a dry-run proves nothing, and neither does the guard policy protect them. */
const NEVER: Readonly<Record<string, ReadonlySet<string> | 'all'>> = {
  'admissionregistration.k8s.io': new Set([
    'validatingadmissionpolicies',
    'validatingadmissionpolicybindings',
    'mutatingadmissionpolicies',
    'mutatingadmissionpolicybindings',
  ]),
  // A dry-run of a token request answers with a token that works; reviews are asked elsewhere.
  'authentication.k8s.io': 'all',
  'authorization.k8s.io': 'all',
  'certificates.k8s.io': 'all',
  '': new Set(['bindings', 'componentstatuses']),
};

const CONTENT_TYPES: Readonly<Record<string, ReadonlySet<string>>> = {
  POST: new Set(['application/json']),
  PUT: new Set(['application/json']),
  PATCH: new Set([
    'application/merge-patch+json',
    'application/json-patch+json',
    'application/strategic-merge-patch+json',
  ]),
  DELETE: new Set(['application/json']),
};
const HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'content-type',
  'impersonate-user',
  'impersonate-group',
  MARKER_HEADER,
]);
const MAX_BODY = 64 * 1024;

/**
 * The one gate of everything that is sent to a cluster and is no read and no review. It looks at the final bytes, not at
 * what somebody meant: the API server takes `dryRun` from the query only if its name is spelled exactly so, and for a
 * DELETE with a body from that body alone, so both must say it. A POST, PUT or PATCH can say it in the query only.
 * Throws `ProbeRefused`.
 *
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
 */
export function assertDryRun(request: ProbeRequest, limits: ProbeLimits): void {
  assertHeaders(request, assertDryRunBytes(request, limits), limits);
}

/**
 * What every dry-run is held to, whoever it is sent as: where it goes, that query and body say that it is one, and that
 * what it is about honours that. Answers what it is about. Throws `ProbeRefused`.
 */
export function assertDryRunBytes(
  request: ProbeRequest,
  limits: Pick<ProbeLimits, 'server' | 'foreignGroups'>,
): DryRunTarget {
  const path = pathOf(request.url, limits.server);
  const target = targetOf(path);
  assertTarget(request.method, target, limits);
  assertBody(request);
  return target;
}

export interface DryRunTarget {
  readonly group: string;
  readonly resource: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** The path below the server, after the URL as a whole was found to be what it seems. */
function pathOf(text: string, server: string): string {
  const url = new URL(text);
  const base = new URL(server);
  if (`${url.origin}${url.pathname}${url.search}` !== text) throw new ProbeRefused('the URL is not in canonical form');
  if (url.origin !== base.origin || url.username !== '' || url.password !== '' || url.hash !== '') {
    throw new ProbeRefused('the URL leads elsewhere');
  }
  // Byte for byte: a name of another spelling, or a second one, would make it a real write.
  if (url.search !== '?dryRun=All') throw new ProbeRefused('the query is not exactly dryRun=All');
  const prefix = base.pathname === '/' ? '' : base.pathname;
  if (!url.pathname.startsWith(`${prefix}/`)) throw new ProbeRefused('the path is outside the API server');
  return url.pathname.slice(prefix.length);
}

function targetOf(path: string): DryRunTarget {
  const namespace = NAMESPACE.exec(path)?.groups;
  if (namespace) {
    return { group: '', resource: 'namespaces', name: namespace['name'], subresource: namespace['subresource'] };
  }
  const found = PATH.exec(path)?.groups;
  if (!found?.['resource']) throw new ProbeRefused('the path is not that of a resource');
  return {
    group: found['group'] ?? '',
    resource: found['resource'],
    name: found['name'],
    subresource: found['subresource'],
  };
}

function assertTarget(
  method: string,
  { group, resource, name, subresource }: DryRunTarget,
  limits: Pick<ProbeLimits, 'foreignGroups'>,
): void {
  if (limits.foreignGroups.has(group)) throw new ProbeRefused('another server than the API server would get it');
  const never = Object.hasOwn(NEVER, group) ? NEVER[group] : undefined;
  if (never === 'all' || never?.has(resource)) throw new ProbeRefused('no dry-run can be trusted there');
  if (subresource !== undefined && !SUBRESOURCES.has(subresource)) {
    throw new ProbeRefused('the subresource may act although it is a dry-run');
  }
  switch (method) {
    case 'POST':
      if (name !== undefined) throw new ProbeRefused('a create names an object or a subresource');
      return;
    case 'PUT':
    case 'PATCH':
      if (name === undefined) throw new ProbeRefused('a change names no object');
      return;
    case 'DELETE':
      // Without a name it would be the deletion of a whole collection.
      if (name === undefined || subresource !== undefined) throw new ProbeRefused('a deletion names no single object');
      return;
    default:
      throw new ProbeRefused('the method is not one of a probe');
  }
}

function assertHeaders({ method, headers }: ProbeRequest, target: DryRunTarget, { marker }: ProbeLimits): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADERS.has(name)) throw new ProbeRefused('an unexpected header');
    if (typeof value !== 'string' && name !== 'impersonate-group') throw new ProbeRefused('a header stands twice');
    const values: readonly string[] = typeof value === 'string' ? [value] : value;
    for (const each of values) {
      if (each === '' || each !== each.trim() || /\p{Cc}/u.test(each)) throw new ProbeRefused('a header is not plain');
    }
  }
  if (headers['impersonate-user'] === undefined) throw new ProbeRefused('nobody is impersonated');
  if (marker === '' || headers[MARKER_HEADER] !== marker) throw new ProbeRefused('the marker of the run is missing');
  const type = headers['content-type'];
  if (typeof type !== 'string' || !CONTENT_TYPES[method]?.has(type))
    throw new ProbeRefused('an unexpected content type');
  // A dry-run may answer with the object; of a Secret that would be its data.
  const accept = target.group === '' && target.resource === 'secrets' ? METADATA_ONLY : undefined;
  if (headers['accept'] !== (accept ?? 'application/json') && headers['accept'] !== METADATA_ONLY) {
    throw new ProbeRefused('the answer could hold what must not be read');
  }
}

function assertBody({ method, body }: ProbeRequest): void {
  if (body === undefined || body.length > MAX_BODY) throw new ProbeRefused('a probe without a proper body');
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new ProbeRefused('the body is not JSON');
  }
  // Only the one way of writing a value: no duplicate keys that two parsers could read differently.
  if (typeof parsed !== 'object' || parsed === null || JSON.stringify(parsed) !== body) {
    throw new ProbeRefused('the body is not in its canonical form');
  }
  if (method === 'DELETE') assertDeleteOptions(parsed);
  else if (!Array.isArray(parsed) && 'kind' in parsed && parsed.kind === 'DeleteOptions') {
    throw new ProbeRefused('the body is one of a deletion');
  }
}

function assertDeleteOptions(options: object): void {
  const { apiVersion, kind, dryRun, preconditions, ...rest } = options as Readonly<Record<string, unknown>>;
  if (apiVersion !== 'v1' || kind !== 'DeleteOptions' || Object.keys(rest).length > 0) {
    throw new ProbeRefused('the body is not exactly the options of a deletion');
  }
  if (!Array.isArray(dryRun) || dryRun.length !== 1 || dryRun[0] !== 'All') {
    throw new ProbeRefused('the body does not say dryRun');
  }
  const { uid, ...others } = (preconditions ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof uid !== 'string' || uid === '' || Object.keys(others).length > 0) {
    throw new ProbeRefused('the deletion is not limited to one uid');
  }
}

/** The body of a deletion that deletes nothing, and would only ever concern this one object. */
export function deleteOptions(uid: string): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', dryRun: ['All'], preconditions: { uid } });
}

/**
 * The one marked request that is no dry-run: a GET through the proxy of a Service that does not exist, which the guard
 * policy of the cluster has to refuse. Nothing could answer it. Throws `ProbeRefused` for anything else.
 */
export function assertGuardTest(url: string, headers: Readonly<Record<string, string>>, server: string): void {
  const { origin, pathname, search, hash, username } = new URL(url);
  const base = new URL(server);
  const prefix = base.pathname === '/' ? '' : base.pathname;
  const path = pathname.startsWith(prefix) ? pathname.slice(prefix.length) : '';
  if (origin !== base.origin || search !== '' || hash !== '' || username !== '' || `${origin}${pathname}` !== url) {
    throw new ProbeRefused('the URL is not that of the self-test');
  }
  if (!/^\/api\/v1\/namespaces\/[a-z0-9]([-a-z0-9]*[a-z0-9])?\/services\/plimsoll-none\/proxy\/$/.test(path)) {
    throw new ProbeRefused('the path is not that of the self-test');
  }
  const { accept, 'impersonate-user': user, [MARKER_HEADER]: marker, ...rest } = headers;
  if (accept !== 'application/json' || !user || !marker || Object.keys(rest).length > 0) {
    throw new ProbeRefused('the headers are not those of the self-test');
  }
}
