import { assert, array, constant, constantFrom, oneof, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertDrillDryRun } from './drill-guard.js';
import { deleteOptions, ProbeRefused, type ProbeRequest } from './dry-run-guard.js';

const SERVER = 'https://api.example.com:6443';
const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const QUERY = '?dryRun=All';
const HEADERS = { accept: METADATA, 'content-type': 'application/json' };
const BINDING = JSON.stringify({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'platform-admin-restore-a1b2c3' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
});

const creation = (changes: Partial<ProbeRequest> = {}): ProbeRequest => ({
  method: 'POST',
  url: `${SERVER}${RBAC}/clusterrolebindings${QUERY}`,
  headers: HEADERS,
  body: BINDING,
  ...changes,
});
const deletion = (changes: Partial<ProbeRequest> = {}): ProbeRequest => ({
  method: 'DELETE',
  url: `${SERVER}${RBAC}/clusterrolebindings/platform-admin${QUERY}`,
  headers: HEADERS,
  body: deleteOptions('uid-1'),
  ...changes,
});

describe('what a drill may send', () => {
  it.each<[string, ProbeRequest]>([
    ['the creation of a binding', creation()],
    [
      'the creation of a binding in a namespace',
      creation({
        url: `${SERVER}${RBAC}/namespaces/team-a/rolebindings${QUERY}`,
        body: BINDING.replace('ClusterRoleBinding', 'RoleBinding'),
      }),
    ],
    ['the deletion of a binding', deletion()],
    [
      'the deletion of a binding with a colon in its name',
      deletion({ url: `${SERVER}${RBAC}/clusterrolebindings/kubeadm:cluster-admins${QUERY}` }),
    ],
  ])('%s', (_what, request) => {
    expect(() => assertDrillDryRun(request, SERVER)).not.toThrow();
  });
});

describe('what a drill may not send', () => {
  const url = `${SERVER}${RBAC}/clusterrolebindings`;
  it.each<[string, ProbeRequest]>([
    ['a creation that is no dry-run', creation({ url })],
    ['a deletion that is no dry-run', deletion({ url: `${url}/platform-admin` })],
    ['another spelling', creation({ url: `${url}?dryrun=All` })],
    ['another value', creation({ url: `${url}?dryRun=` })],
    ['the value twice', creation({ url: `${url}?dryRun=All&dryRun=All` })],
    ['more in the query', creation({ url: `${url}?dryRun=All&fieldManager=x` })],
    ['a fragment', creation({ url: `${url}?dryRun=All#x` })],
    ['another server', creation({ url: `https://evil.example.com${RBAC}/clusterrolebindings${QUERY}` })],
    ['a user in the URL', creation({ url: `https://a@api.example.com:6443${RBAC}/clusterrolebindings${QUERY}` })],
    ['a change', creation({ method: 'PATCH', url: `${url}/platform-admin${QUERY}` })],
    ['a replacement', creation({ method: 'PUT', url: `${url}/platform-admin${QUERY}` })],
    ['a read', creation({ method: 'GET' })],
    ['a role', creation({ url: `${SERVER}${RBAC}/clusterroles${QUERY}` })],
    ['a Secret', creation({ url: `${SERVER}/api/v1/namespaces/a/secrets${QUERY}` })],
    ['a token', creation({ url: `${SERVER}/api/v1/namespaces/a/serviceaccounts/b/token${QUERY}` })],
    [
      'a binding of an admission policy',
      deletion({
        url: `${SERVER}/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/a${QUERY}`,
      }),
    ],
    ['every binding', deletion({ url: `${url}${QUERY}` })],
    ['a deletion without a uid', deletion({ body: deleteOptions('') })],
    ['a deletion whose body says nothing', deletion({ body: '{}' })],
    ['a deletion without a body', { ...deletion(), body: undefined } as unknown as ProbeRequest],
    ['a deletion that is none in its body', deletion({ body: deleteOptions('u').replace('["All"]', '[]') })],
    ['a creation with options of a deletion', creation({ body: deleteOptions('u') })],
    ['an object of another kind', creation({ body: BINDING.replace('"ClusterRoleBinding"', '"ClusterRole"') })],
    ['an object of another version', creation({ body: BINDING.replace('/v1"', '/v1beta1"') })],
    ['a list', creation({ body: '[]' })],
    ['nothing', creation({ body: 'null' })],
    ['spaces in the body', creation({ body: `${BINDING} ` })],
    ['somebody impersonated', creation({ headers: { ...HEADERS, 'impersonate-user': 'system:admin' } })],
    ['a header of another sort', creation({ headers: { ...HEADERS, 'x-http-method-override': 'DELETE' } })],
    ['the whole object asked for', creation({ headers: { ...HEADERS, accept: 'application/json' } })],
    ['YAML', creation({ headers: { ...HEADERS, 'content-type': 'application/yaml' } })],
    ['no headers', creation({ headers: {} })],
  ])('%s', (_what, request) => {
    expect(() => assertDrillDryRun(request, SERVER)).toThrow(ProbeRefused);
  });
});

/** What the API server would make of a request, written down independently of the guard. */
function wouldWrite({ method, url, body }: ProbeRequest): boolean {
  const { search } = new URL(url);
  const inQuery = new URLSearchParams(search).getAll('dryRun').join() === 'All';
  if (method !== 'DELETE') return !inQuery;
  const options = JSON.parse(body ?? 'null') as { readonly dryRun?: unknown } | null;
  return !inQuery || JSON.stringify(options?.dryRun) !== '["All"]';
}

it('lets none of 100,000 generated calls through that could write, or is about anything else', () => {
  const call = record({
    method: constantFrom('POST', 'POST', 'DELETE', 'DELETE', 'PUT', 'PATCH', 'GET', 'post'),
    prefix: constantFrom(RBAC, RBAC, RBAC, RBAC, '/api/v1', '/apis/admissionregistration.k8s.io/v1', '/APIS/x/v1', ''),
    segments: oneof(
      // A few of the right shape, or hardly a call gets as far as its query, headers and body.
      constantFrom(['clusterrolebindings'], ['clusterrolebindings', 'a'], ['namespaces', 'a', 'rolebindings']),
      {
        weight: 4,
        arbitrary: array(
          constantFrom(
            'clusterrolebindings',
            'clusterrolebindings',
            'rolebindings',
            'namespaces',
            'a',
            'a',
            'clusterroles',
            'status',
            'token',
            '..',
            '%2e',
          ),
          { minLength: 1, maxLength: 4 },
        ),
      },
    ),
    query: oneof(
      { weight: 6, arbitrary: constant(QUERY) },
      constantFrom(
        '',
        '?dryrun=All',
        '?dryRun=all',
        '?dryRun=All&dryRun=All',
        '?dryRun=',
        '?x=1&dryRun=All',
        '?dryRun=All#',
      ),
    ),
    body: oneof(
      {
        weight: 3,
        arbitrary: constantFrom(BINDING, BINDING.replace('ClusterRoleBinding', 'RoleBinding'), deleteOptions('u')),
      },
      constantFrom(
        undefined,
        '',
        '{}',
        'null',
        '[]',
        '{"dryRun":[]}',
        deleteOptions('u').replace('["All"]', '[]'),
        deleteOptions(''),
      ),
    ),
    headers: oneof(
      { weight: 6, arbitrary: constant(HEADERS) },
      constantFrom({}, { ...HEADERS, 'impersonate-user': 'a' }, { ...HEADERS, accept: 'application/json' }),
    ),
  });
  let sent = 0;
  assert(
    property(call, ({ method, prefix, segments, query, body, headers }) => {
      const url = `${SERVER}${prefix}/${segments.join('/')}${query}`;
      const request: ProbeRequest = { method, url, headers, ...(body !== undefined && { body }) };
      try {
        assertDrillDryRun(request, SERVER);
      } catch (error) {
        if (error instanceof ProbeRefused) return;
        throw error;
      }
      sent += 1;
      if (wouldWrite(request)) throw new Error(`It would write: ${JSON.stringify(request)}`);
      const { pathname } = new URL(url);
      const isBinding =
        /^\/apis\/rbac\.authorization\.k8s\.io\/v1\/(?:namespaces\/a\/)?(?:cluster)?rolebindings(?:\/\w+)?$/;
      if (!isBinding.test(pathname.replace(/namespaces\/\w+\//, 'namespaces/a/'))) {
        throw new Error(`It is about something else: ${JSON.stringify(request)}`);
      }
    }),
    { numRuns: 100_000 },
  );
  // Or the generator makes nothing that passes, and the property says nothing.
  expect(sent).toBeGreaterThan(300);
});
