import { assert, array, constant, constantFrom, dictionary, oneof, option, property, record, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assertDryRun,
  assertGuardTest,
  deleteOptions,
  MARKER_HEADER,
  type ProbeRequest,
  ProbeRefused,
} from './dry-run-guard.js';

const SERVER = 'https://api.example.com:6443';
const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const MERGE = 'application/merge-patch+json';
const BINDING = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/platform-admin';
const QUERY = '?dryRun=All';
const limits = { server: SERVER, marker: 'run_1', foreignGroups: new Set(['metrics.k8s.io']) };

const headers = (changes: Readonly<Record<string, string>> = {}) => ({
  accept: METADATA,
  'content-type': 'application/json',
  'impersonate-user': 'system:serviceaccount:team-a:deployer',
  [MARKER_HEADER]: 'run_1',
  ...changes,
});
const deletion = (changes: Partial<ProbeRequest> = {}): ProbeRequest => ({
  method: 'DELETE',
  url: `${SERVER}${BINDING}${QUERY}`,
  headers: headers(),
  body: deleteOptions('uid-1'),
  ...changes,
});
const change = (path: string, body: unknown, changes: Partial<ProbeRequest> = {}): ProbeRequest => ({
  method: 'PATCH',
  url: `${SERVER}${path}${QUERY}`,
  headers: headers({ 'content-type': MERGE }),
  body: JSON.stringify(body),
  ...changes,
});

describe('probes that pass', () => {
  it.each<[string, ProbeRequest]>([
    ['a deletion', deletion()],
    ['a deletion of a Namespace', deletion({ url: `${SERVER}/api/v1/namespaces/team-a${QUERY}` })],
    ['a deletion of a Secret', deletion({ url: `${SERVER}/api/v1/namespaces/a/secrets/token${QUERY}` })],
    ['a change', change(BINDING, { subjects: [] })],
    [
      'a JSON patch',
      change(BINDING, [{ op: 'remove', path: '/subjects/0' }], {
        headers: headers({ 'content-type': 'application/json-patch+json' }),
      }),
    ],
    ['a change of the status of a Namespace', change('/api/v1/namespaces/team-a/status', { metadata: { labels: {} } })],
    [
      'a change of the scale of a Deployment',
      change('/apis/apps/v1/namespaces/a/deployments/b/scale', { spec: { replicas: 0 } }),
    ],
    ['a create', change('/api/v1/namespaces/a/pods', { kind: 'Pod' }, { method: 'POST', headers: headers() })],
    [
      'a create that shows the object',
      change(
        '/api/v1/namespaces/a/pods',
        { kind: 'Pod' },
        { method: 'POST', headers: headers({ accept: 'application/json' }) },
      ),
    ],
    ['with a group', deletion({ headers: headers({ 'impersonate-group': 'team-a' }) })],
    ['with groups', deletion({ headers: { ...headers(), 'impersonate-group': ['team-a', 'team-b'] } })],
    ['a name with a colon', change('/apis/rbac.authorization.k8s.io/v1/clusterroles/system:admin', { rules: [] })],
  ])('%s', (_what, request) => {
    expect(() => assertDryRun(request, limits)).not.toThrow();
  });
});

describe('probes that are refused', () => {
  const url = `${SERVER}${BINDING}`;
  it.each<[string, ProbeRequest]>([
    ['no dry-run in the query', deletion({ url })],
    ['a query of another spelling', deletion({ url: `${url}?dryrun=All` })],
    ['another value', deletion({ url: `${url}?dryRun=all` })],
    ['the value twice', deletion({ url: `${url}?dryRun=All&dryRun=All` })],
    ['more in the query', deletion({ url: `${url}?dryRun=All&propagationPolicy=Background` })],
    ['an encoded query', deletion({ url: `${url}?dryRun=%41ll` })],
    ['a fragment', deletion({ url: `${url}?dryRun=All#x` })],
    ['another server', deletion({ url: `https://evil.example.com${BINDING}${QUERY}` })],
    ['a user in the URL', deletion({ url: `https://a@api.example.com:6443${BINDING}${QUERY}` })],
    ['dots in the path', deletion({ url: `${SERVER}/api/v1/namespaces/../pods${QUERY}` })],
    ['no body', { ...deletion(), body: undefined } as unknown as ProbeRequest],
    ['an empty body', deletion({ body: '' })],
    ['a body of nothing', deletion({ body: '{}' })],
    ['null', deletion({ body: 'null' })],
    [
      'no dry-run in the body',
      deletion({ body: '{"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"u"}}' }),
    ],
    ['an empty dry-run', deletion({ body: deleteOptions('u').replace('["All"]', '[]') })],
    ['another spelling', deletion({ body: deleteOptions('u').replace('dryRun', 'dryrun') })],
    ['both spellings', deletion({ body: deleteOptions('u').replace('"dryRun"', '"dryrun":[],"dryRun"') })],
    ['the key twice', deletion({ body: deleteOptions('u').replace('"dryRun"', '"dryRun":[],"dryRun"') })],
    [
      'a policy of propagation',
      deletion({ body: deleteOptions('u').replace('"dryRun"', '"propagationPolicy":"Orphan","dryRun"') }),
    ],
    ['no uid', deletion({ body: deleteOptions('') })],
    [
      'a version as precondition',
      deletion({ body: deleteOptions('u').replace('"uid"', '"resourceVersion":"1","uid"') }),
    ],
    ['spaces in the body', deletion({ body: `${deleteOptions('u')} ` })],
    ['a collection', deletion({ url: `${SERVER}/apis/rbac.authorization.k8s.io/v1/clusterrolebindings${QUERY}` })],
    ['all namespaces', deletion({ url: `${SERVER}/api/v1/namespaces${QUERY}` })],
    ['a subresource', deletion({ url: `${SERVER}/api/v1/namespaces/a/pods/b/status${QUERY}` })],
    ['GET', deletion({ method: 'GET' })],
    ['a method in lower case', deletion({ method: 'delete' })],
    [
      'nobody impersonated',
      deletion({ headers: { accept: METADATA, 'content-type': 'application/json', [MARKER_HEADER]: 'run_1' } }),
    ],
    ['the marker of another run', deletion({ headers: headers({ [MARKER_HEADER]: 'run_2' }) })],
    ['a header of another sort', deletion({ headers: headers({ 'x-http-method-override': 'POST' }) })],
    ['a header with a line break', deletion({ headers: headers({ 'impersonate-user': 'a\r\nx: y' }) })],
    [
      'a Secret shown',
      deletion({
        url: `${SERVER}/api/v1/namespaces/a/secrets/b${QUERY}`,
        headers: headers({ accept: 'application/json' }),
      }),
    ],
    ['a group that another server serves', change('/apis/metrics.k8s.io/v1/namespaces/a/pods/b', {})],
    ['an admission policy', change('/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/a', {})],
    ['a binding of one', change('/apis/admissionregistration.k8s.io/v1beta1/mutatingadmissionpolicybindings/a', {})],
    ['a token', change('/api/v1/namespaces/a/serviceaccounts/b/token', {}, { method: 'POST', headers: headers() })],
    ['a shell', change('/api/v1/namespaces/a/pods/b/exec', {}, { method: 'POST', headers: headers() })],
    ['an eviction', change('/api/v1/namespaces/a/pods/b/eviction', {}, { method: 'POST', headers: headers() })],
    ['a change of a proxy', change('/api/v1/namespaces/a/services/b/proxy', {})],
    ['a certificate request', change('/apis/certificates.k8s.io/v1/certificatesigningrequests/a', {})],
    [
      'a review of a token',
      change('/apis/authentication.k8s.io/v1/tokenreviews', {}, { method: 'POST', headers: headers() }),
    ],
    ['a change without an object', change('/api/v1/namespaces/a/pods', {})],
    [
      'a change sent as YAML',
      change(BINDING, {}, { headers: headers({ 'content-type': 'application/apply-patch+yaml' }) }),
    ],
    [
      'options of a deletion as an object',
      change('/api/v1/namespaces/a/pods', { kind: 'DeleteOptions' }, { method: 'POST', headers: headers() }),
    ],
    ['a body that is too large', change(BINDING, { a: 'x'.repeat(70_000) })],
  ])('%s', (_what, request) => {
    expect(() => assertDryRun(request, limits)).toThrow(ProbeRefused);
  });
});

describe('the self-test', () => {
  const path = '/api/v1/namespaces/plimsoll/services/plimsoll-none/proxy/';
  const sent = { accept: 'application/json', 'impersonate-user': 'a', [MARKER_HEADER]: 'run_1' };
  it('passes as it is', () => {
    expect(() => assertGuardTest(SERVER + path, sent, SERVER)).not.toThrow();
    expect(() => assertGuardTest(`${SERVER}/k8s${path}`, sent, `${SERVER}/k8s`)).not.toThrow();
  });
  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['another Service', SERVER + path.replace('plimsoll-none', 'web'), sent],
    ['a path behind it', `${SERVER}${path}delete`, sent],
    ['a query', `${SERVER}${path}?a=b`, sent],
    ['another kind', SERVER + path.replace('services', 'pods'), sent],
    ['another server', `https://evil.example.com${path}`, sent],
    ['no marker', SERVER + path, { accept: 'application/json', 'impersonate-user': 'a' }],
    ['nobody impersonated', SERVER + path, { accept: 'application/json', [MARKER_HEADER]: 'run_1' }],
    ['another header', SERVER + path, { ...sent, cookie: 'a' }],
  ])('is refused with %s', (_what, url, sentHeaders) => {
    expect(() => assertGuardTest(url, sentHeaders, SERVER)).toThrow(ProbeRefused);
  });
});

/** What the API server would make of a request, written down independently of the guard. */
function wouldWrite({ method, url, headers: sent, body }: ProbeRequest): boolean {
  if (method === 'GET') return false;
  const { pathname, search } = new URL(url);
  // The query counts by exact names; of a deletion with a body only the body does.
  const inQuery = new URLSearchParams(search).getAll('dryRun').join() === 'All';
  const options: unknown = method === 'DELETE' && body !== undefined && body !== '' ? JSON.parse(body) : undefined;
  const inBody =
    options === undefined ? inQuery : JSON.stringify((options as { dryRun?: unknown } | null)?.dryRun) === '["All"]';
  // `<resource>/<name>/<subresource>`, after the group and the namespace.
  const [, , subresource] = pathname
    .replace(/^\/(api\/v1|apis\/[^/]+\/[^/]+)(\/namespaces\/[^/]+(?=\/[^/]+))?\//, '')
    .split('/');
  const acts =
    (subresource !== undefined && !['status', 'scale', 'finalize'].includes(subresource)) ||
    pathname.endsWith('/tokenreviews');
  const unseen = /\/apis\/admissionregistration\.k8s\.io\/[^/]+\/(validating|mutating)admission/.test(pathname);
  const foreign = pathname.startsWith('/apis/metrics.k8s.io/');
  const collection =
    method === 'DELETE' &&
    /^\/(api\/v1|apis\/[^/]+\/[^/]+)(\/namespaces\/[^/]+)?\/[^/]+$/.test(pathname) &&
    !/^\/api\/v1\/namespaces\/[^/]+$/.test(pathname);
  const unmarked = sent[MARKER_HEADER] !== 'run_1' || sent['impersonate-user'] === undefined;
  return !inQuery || !inBody || acts || unseen || foreign || collection || unmarked;
}

it('lets none of 100,000 generated calls through that could write', () => {
  const segment = constantFrom(
    'pods',
    'a',
    'secrets',
    'namespaces',
    'clusterrolebindings',
    'deployments',
    'token',
    'exec',
    'status',
    'scale',
    'proxy',
    'serviceaccounts',
    'validatingadmissionpolicies',
    'services',
    '..',
    'A',
    '%2e',
  );
  const prefix = constantFrom(
    '/api/v1',
    '/apis/apps/v1',
    '/apis/rbac.authorization.k8s.io/v1',
    '/apis/admissionregistration.k8s.io/v1',
    '/apis/metrics.k8s.io/v1',
    '/apis/authentication.k8s.io/v1',
    '/APIS/apps/v1',
    '',
  );
  const query = oneof(
    { weight: 6, arbitrary: constant(QUERY) },
    constantFrom(
      '',
      '?dryrun=All',
      '?dryRun=all',
      '?dryRun=All&dryRun=All',
      '?dryRun=',
      '?DryRun=All',
      '?x=1&dryRun=All',
      '?dryRun=All#',
      '?dryRun=All&fieldManager=x',
    ),
  );
  const body = oneof(
    { weight: 4, arbitrary: constant(deleteOptions('u')) },
    constantFrom(
      undefined,
      '',
      '{}',
      'null',
      '[]',
      '{"dryRun":[]}',
      '{"dryrun":["All"]}',
      '{"kind":"Pod"}',
      '{"propagationPolicy":"Background"}',
      '{"apiVersion":"v1","kind":"DeleteOptions","dryRun":["All"]}',
    ),
    dictionary(string({ maxLength: 8 }), string({ maxLength: 8 }), { maxKeys: 3 }).map((value) =>
      JSON.stringify(value),
    ),
  );
  const call = record({
    method: constantFrom('POST', 'PUT', 'PATCH', 'DELETE', 'DELETE', 'delete', 'GET'),
    prefix,
    segments: array(segment, { minLength: 1, maxLength: 5 }),
    query,
    body,
    user: option(constant('alice'), { nil: undefined, freq: 8 }),
    marker: constantFrom('run_1', 'run_1', 'run_1', 'run_2', ''),
    type: constantFrom('application/json', MERGE),
    accept: constantFrom(METADATA, 'application/json'),
  });
  let sent = 0;
  assert(
    property(call, ({ method, prefix: start, segments, query: search, body: text, user, marker, type, accept }) => {
      const request: ProbeRequest = {
        method,
        url: `${SERVER}${start}/${segments.join('/')}${search}`,
        headers: {
          accept,
          'content-type': type,
          ...(user !== undefined && { 'impersonate-user': user }),
          [MARKER_HEADER]: marker,
        },
        ...(text !== undefined && { body: text }),
      };
      try {
        assertDryRun(request, limits);
      } catch (error) {
        if (error instanceof ProbeRefused) return;
        throw error;
      }
      sent += 1;
      if (wouldWrite(request)) throw new Error(`It would write: ${JSON.stringify(request)}`);
      const shows = /^\/api\/v1(\/namespaces\/[^/]+)?\/secrets(\/|$)/.test(new URL(request.url).pathname);
      if (shows && accept !== METADATA) throw new Error(`It would show a Secret: ${JSON.stringify(request)}`);
    }),
    { numRuns: 100_000 },
  );
  // Or the generator makes nothing that passes, and the property says nothing.
  expect(sent).toBeGreaterThan(300);
});
