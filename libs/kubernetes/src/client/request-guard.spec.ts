import { ARTIFACT_READS } from '#libs/core';
import { describe, expect, it } from 'vitest';
import { assertAllowed, RequestRefused } from './request-guard.js';
import { resourcePath } from './resource-path.js';
import { ARGO_CD_CLUSTERS, METADATA_ALONE, SEALING_KEYS } from './secrets-as-metadata.js';

const ROOT = 'https://api.example.com:6443';
const BEHIND_A_PATH = 'https://rancher.example.com/k8s/clusters/c-1';

const review = (changes: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { verb: 'list', group: '', resource: 'pods' } },
    ...changes,
  });
const REVIEW = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

const attributes = { verb: 'get', group: '', resource: 'secrets', namespace: 'a', name: 'b' };
/** A review of somebody else, with parts of its spec replaced; `undefined` takes one away. */
const question = (changes: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user: 'alice', groups: ['system:authenticated'], resourceAttributes: attributes, ...changes },
  });
const QUESTION = '/apis/authorization.k8s.io/v1/subjectaccessreviews';

describe.each([ROOT, BEHIND_A_PATH])('requests to %s that pass', (server) => {
  it.each([
    '/version',
    '/api',
    '/apis',
    '/api/v1',
    '/apis/apps/v1',
    '/apis/kustomize.toolkit.fluxcd.io/v1beta2',
    '/api/v1/namespaces',
    '/api/v1/namespaces/kube-system',
    '/api/v1/pods?limit=500',
    '/api/v1/pods?limit=500&continue=eyJ2IjoibWV0YSJ9',
    '/api/v1/namespaces/flux-system/configmaps/flux.settings',
    '/api/v1/namespaces/team-a/secrets/kubeconfig',
    '/apis/apps/v1/deployments?limit=500&labelSelector=app.kubernetes.io%2Fpart-of%3Dflux',
    '/apis/apps/v1/namespaces/flux-system/deployments?limit=500&fieldSelector=metadata.name%3Da',
    '/apis/cluster.x-k8s.io/v1beta2/clusters?limit=500',
    '/apis/lib.projectsveltos.io/v1beta1/namespaces/mgmt/sveltosclusters?limit=500',
    '/apis/multicluster.x-k8s.io/v1alpha1/clusterprofiles?limit=500',
    ...Object.values(ARTIFACT_READS).flatMap((rules) =>
      rules
        .filter(({ verb }) => verb === 'list')
        // Every kind of constraint is a resource of its own.
        .map(({ group, resource }) => ({ group, version: 'v1', resource: resource === '*' ? 'anything' : resource }))
        .map((type) => `${resourcePath(type)}?limit=500`),
    ),
  ])('GET %s', (path) => {
    expect(() => assertAllowed(server, { method: 'GET', url: server + path })).not.toThrow();
  });

  it.each([
    [REVIEW, review()],
    [REVIEW, review({ spec: { resourceAttributes: { verb: '*', group: '*', resource: '*' } } })],
    [QUESTION, question()],
    [QUESTION, question({ user: '' })],
    [QUESTION, question({ groups: [] })],
    [
      QUESTION,
      question({
        resourceAttributes: { verb: 'create', group: 'apps', resource: 'deployments', subresource: 'scale' },
      }),
    ],
    [QUESTION, question({ groups: Array.from({ length: 300 }, (_, i) => `oidc:group-${i}`) })],
    [
      '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
      review({ kind: 'SelfSubjectRulesReview', spec: { namespace: 'default' } }),
    ],
    [
      '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      '{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}',
    ],
    [
      '/apis/authentication.k8s.io/v1beta1/selfsubjectreviews',
      '{"apiVersion":"authentication.k8s.io/v1beta1","kind":"SelfSubjectReview"}',
    ],
  ])('POST %s', (path, body) => {
    expect(() => assertAllowed(server, { method: 'POST', url: server + path, body })).not.toThrow();
  });
});

function outcome(method: string, path: string, body?: string, server = ROOT): 'sent' | 'refused' {
  const url = path.includes('://') ? path : server + path;
  try {
    assertAllowed(server, { method, url, ...(body !== undefined && { body }) });
    return 'sent';
  } catch (error) {
    if (error instanceof RequestRefused) return 'refused';
    throw error;
  }
}

describe('requests that are refused', () => {
  it.each([
    ['with all their data', 'application/json'],
    ['with all their data where metadata is not known', `${METADATA_ALONE},application/json`],
    ['as a table', 'application/json;as=Table;g=meta.k8s.io;v=v1'],
    ['in another form', undefined],
  ])('a list of Secrets %s', (_title, accept) => {
    const url = `${ROOT}/api/v1/namespaces/kube-system/secrets?limit=500&labelSelector=${encodeURIComponent(SEALING_KEYS)}`;
    const send = (form: string | undefined) =>
      assertAllowed(ROOT, { method: 'GET', url, ...(form !== undefined && { accept: form }) });
    expect(() => send(accept)).toThrow(RequestRefused);
    // The one form, of the one label in one namespace, passes.
    expect(() => send(METADATA_ALONE)).not.toThrow();
  });

  const argo = (selector: string) =>
    `/api/v1/namespaces/argocd/secrets?limit=500&labelSelector=${encodeURIComponent(selector)}`;

  it('a list of the clusters of Argo CD with their data', () => {
    const url = ROOT + argo(ARGO_CD_CLUSTERS);
    const send = (accept: string) => () => assertAllowed(ROOT, { method: 'GET', url, accept });
    expect(send('application/json')).toThrow(RequestRefused);
    expect(send(METADATA_ALONE)).not.toThrow();
  });

  it.each([
    ['all namespaces', `/api/v1/secrets?limit=500&labelSelector=${encodeURIComponent(SEALING_KEYS)}`],
    ['another label', '/api/v1/namespaces/a/secrets?limit=500&labelSelector=a'],
    ['a label and more', `/api/v1/namespaces/a/secrets?labelSelector=${encodeURIComponent(`${SEALING_KEYS},!x`)}`],
    ['no label', '/api/v1/namespaces/a/secrets?limit=500'],
    ['the repositories of Argo CD', argo('argocd.argoproj.io/secret-type=repository')],
    ['every type of Argo CD', argo('argocd.argoproj.io/secret-type')],
    ['Argo CD and more', argo(`${ARGO_CD_CLUSTERS},a`)],
    ['Argo CD everywhere', argo(ARGO_CD_CLUSTERS).replace('/namespaces/argocd', '')],
  ])('metadata of Secrets of %s', (_title, path) => {
    const request = { method: 'GET', url: ROOT + path, accept: METADATA_ALONE };
    expect(() => assertAllowed(ROOT, request)).toThrow(RequestRefused);
  });

  it.each([
    'PUT',
    'PATCH',
    'DELETE',
    'HEAD',
    'OPTIONS',
    'CONNECT',
    'TRACE',
    'get',
    'Get',
    'post',
    'GET ',
    ' GET',
    'WATCH',
    '',
  ])('the method %j', (method) => {
    expect(outcome(method, '/api/v1/pods')).toBe('refused');
    expect(outcome(method, REVIEW, review())).toBe('refused');
  });

  it.each([
    ['Secrets', '/api/v1/secrets'],
    ['Secrets of a namespace', '/api/v1/namespaces/flux-system/secrets'],
    ['a Secret of no namespace', '/api/v1/secrets/flux-system'],
    ['a status of a Secret', '/api/v1/namespaces/flux-system/secrets/flux-system/status'],
    ['Secrets of another group', '/apis/example.com/v1/namespaces/a/secrets/b'],
    ['Secrets by their name', '/api/v1/namespaces/a/secrets?fieldSelector=metadata.name%3Db'],
    ['Secrets by a label', '/api/v1/namespaces/a/secrets?labelSelector=a%3Db'],
    ['a Secret with a query', '/api/v1/namespaces/a/secrets/b?limit=1'],
    ['ConfigMaps', '/api/v1/configmaps?limit=500'],
    ['ConfigMaps of a namespace', '/api/v1/namespaces/a/configmaps'],
    ['a ConfigMap of no namespace', '/api/v1/configmaps/a'],
    ['Secrets in another case', '/api/v1/Secrets'],
    ['endpoints', '/api/v1/endpoints'],
    ['persistent volumes', '/api/v1/persistentvolumes'],
    ['leases', '/apis/coordination.k8s.io/v1/leases'],
    ['a resource of a group with the name of another', '/apis/example.com/v1/pods'],
    ['the core group in the place of apps', '/api/v1/deployments'],
    ['apps by another version word', '/apis/apps/latest/deployments'],
    ['exec', '/api/v1/namespaces/a/pods/b/exec'],
    ['attach', '/api/v1/namespaces/a/pods/b/attach'],
    ['portforward', '/api/v1/namespaces/a/pods/b/portforward'],
    ['log', '/api/v1/namespaces/a/pods/b/log'],
    ['proxy to a pod', '/api/v1/namespaces/a/pods/b/proxy'],
    ['proxy to a path of a pod', '/api/v1/namespaces/a/pods/b/proxy/metrics'],
    ['proxy to a service', '/api/v1/namespaces/a/services/b/proxy'],
    ['proxy to a node', '/api/v1/nodes/n/proxy'],
    ['status', '/api/v1/namespaces/a/pods/b/status'],
    ['status of a namespace', '/api/v1/namespaces/a/status'],
    ['finalize of a namespace', '/api/v1/namespaces/a/finalize'],
    ['the old watch path', '/api/v1/watch/pods'],
    ['the old proxy path', '/api/v1/proxy/namespaces/a/pods/b'],
    ['metrics', '/metrics'],
    ['logs', '/logs'],
    ['debug', '/debug/pprof/profile'],
    ['health', '/healthz'],
    ['OpenAPI', '/openapi/v2'],
    ['the root', '/'],
    ['nothing', ''],
    ['a path that only begins alike', '/apiv1/pods'],
    ['a version path with more', '/version/x'],
  ])('GET of %s', (_title, path) => expect(outcome('GET', path)).toBe('refused'));

  it.each([
    ['dots', '/api/v1/pods/../secrets'],
    ['dots at the end', '/api/v1/pods/..'],
    ['encoded dots', '/api/v1/pods/%2e%2e/secrets'],
    ['half encoded dots', '/api/v1/pods/.%2E/secrets'],
    ['an encoded slash', '/api/v1/namespaces/a%2Fsecrets/pods'],
    ['an encoded slash in a name', '/api/v1/namespaces/a/configmaps/b%2fproxy'],
    ['a doubly encoded slash', '/api/v1/namespaces/a/configmaps/b%252fproxy'],
    ['an encoded letter', '/api/v1/%73ecrets'],
    ['an encoded question mark', '/api/v1/pods%3Fwatch=1'],
    ['an empty segment', '/api/v1//secrets'],
    ['a leading empty segment', '//api/v1/pods'],
    ['a slash at the end', '/api/v1/pods/'],
    ['a backslash', '/api/v1\\secrets'],
    ['a semicolon', '/api/v1/pods;x=1'],
    ['a tab', '/api/v1/po\tds'],
    ['a line feed', '/api/v1/pods\n'],
    ['a space', '/api/v1/pods '],
    ['a null byte', '/api/v1/pods\u0000'],
    ['upper case', '/API/V1/pods'],
    ['upper case in a namespace', '/api/v1/namespaces/A/pods'],
    ['a wide character', '/api/v1/p\uff4fds'],
    ['a colon', '/api/v1/namespaces/a/configmaps/system:x'],
    ['a fragment', '/api/v1/pods#x'],
    ['an empty fragment', '/api/v1/pods#'],
    ['an empty query', '/api/v1/pods?'],
  ])('a path with %s', (_title, path) => {
    expect(outcome('GET', path)).toBe('refused');
    expect(outcome('GET', path, undefined, BEHIND_A_PATH)).toBe('refused');
  });

  it.each([
    ['watch', 'watch=1'],
    ['watch among others', 'limit=500&watch=true'],
    ['resourceVersion', 'resourceVersion=0'],
    ['resourceVersion in another case', 'ResourceVersion=0'],
    ['sendInitialEvents', 'sendInitialEvents=true'],
    ['timeoutSeconds', 'timeoutSeconds=86400'],
    ['dryRun', 'dryRun=All'],
    ['a key in another case', 'Limit=500'],
    ['an encoded key', '%6cimit=500&%77atch=1'],
    ['a key twice', 'limit=500&limit=1'],
    ['no limit', 'limit=0'],
    ['a negative limit', 'limit=-1'],
    ['a huge limit', 'limit=100000'],
    ['a limit that is no number', 'limit=5e2'],
    ['an empty selector', 'labelSelector='],
    ['a key of every object', 'constructor=1'],
    ['a key that is a prototype', '__proto__=1'],
    ['an endless continue', `continue=${'a'.repeat(5000)}`],
    ['pretty', 'pretty=true'],
  ])('a query with %s', (_title, query) => expect(outcome('GET', `/api/v1/pods?${query}`)).toBe('refused'));

  it('a query where one object or the description of the API is asked for', () => {
    expect(outcome('GET', '/api/v1/namespaces/kube-system?limit=1')).toBe('refused');
    expect(outcome('GET', '/version?timeout=1s')).toBe('refused');
    expect(outcome('GET', '/apis?limit=500')).toBe('refused');
  });

  it.each([
    ['another host', 'https://evil.example.com/api/v1/pods'],
    ['another port', 'https://api.example.com/api/v1/pods'],
    ['http', 'http://api.example.com:6443/api/v1/pods'],
    ['the host as a user name', 'https://api.example.com:6443@evil.example.com/api/v1/pods'],
    ['a user name', 'https://a@api.example.com:6443/api/v1/pods'],
    ['a password', 'https://a:b@api.example.com:6443/api/v1/pods'],
    ['the host in another case', 'https://API.example.com:6443/api/v1/pods'],
    ['a dot after the host', 'https://api.example.com.:6443/api/v1/pods'],
  ])('a URL with %s', (_title, url) => expect(outcome('GET', url)).toBe('refused'));

  it.each([
    ['beside the path of the server', 'https://rancher.example.com/api/v1/pods'],
    ['another cluster', 'https://rancher.example.com/k8s/clusters/c-2/api/v1/pods'],
    ['a cluster whose name begins alike', 'https://rancher.example.com/k8s/clusters/c-10/api/v1/pods'],
    ['the path of the server alone', 'https://rancher.example.com/k8s/clusters/c-1'],
    ['up from the path of the server', 'https://rancher.example.com/k8s/clusters/c-1/../c-2/api/v1/pods'],
  ])('a URL that leads %s', (_title, url) => expect(outcome('GET', url, undefined, BEHIND_A_PATH)).toBe('refused'));

  it.each(['', '{}', 'null', '{"propagationPolicy":"Background"}'])('a GET with the body %j', (body) =>
    expect(outcome('GET', '/api/v1/pods', body)).toBe('refused'),
  );

  it.each([
    ['pods', '/api/v1/namespaces/a/pods', '{"apiVersion":"v1","kind":"Pod"}'],
    ['pods with dry run', '/api/v1/namespaces/a/pods?dryRun=All', '{"apiVersion":"v1","kind":"Pod"}'],
    ['a review of somebody else with the body of one of ourselves', QUESTION, review()],
    ['a review of ourselves with the body of one of somebody else', REVIEW, question()],
    ['an older review of somebody else', '/apis/authorization.k8s.io/v1beta1/subjectaccessreviews', question()],
    [
      'a review of a token',
      '/apis/authentication.k8s.io/v1/tokenreviews',
      '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview"}',
    ],
    ['a local review', '/apis/authorization.k8s.io/v1/namespaces/a/localsubjectaccessreviews', review()],
    ['a token', '/api/v1/namespaces/a/serviceaccounts/b/token', '{}'],
    ['an eviction', '/api/v1/namespaces/a/pods/b/eviction', '{}'],
    ['exec', '/api/v1/namespaces/a/pods/b/exec', '{}'],
    ['another version', '/apis/authorization.k8s.io/v1beta1/selfsubjectaccessreviews', review()],
    ['a query', `${REVIEW}?dryRun=All`, review()],
    ['an empty query', `${REVIEW}?`, review()],
    ['a slash at the end', `${REVIEW}/`, review()],
    ['another case', REVIEW.replace('selfsubject', 'selfSubject'), review()],
    ['a key of every object', '/constructor', review()],
  ])('a POST to %s', (_title, path, body) => expect(outcome('POST', path, body)).toBe('refused'));

  it.each<[string, string | undefined]>([
    ['none', undefined],
    ['an empty one', ''],
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a text', '"SelfSubjectAccessReview"'],
    ['another kind', review({ kind: 'Pod' })],
    ['another version', review({ apiVersion: 'v1' })],
    ['more fields', review({ metadata: { name: 'x' } })],
    ['a spec that is no map', review({ spec: 'x' })],
    ['a key twice', review().replace('"kind"', '"kind":"Pod","kind"')],
    ['spaces', ` ${review()}`],
    ['two values', `${review()}${review()}`],
    ['a prototype', review().replace('"spec"', '"__proto__"')],
    ['twenty thousand bytes', review({ spec: { resourceAttributes: { name: 'a'.repeat(20_000) } } })],
  ])('a review with this body: %s', (_title, body) => expect(outcome('POST', REVIEW, body)).toBe('refused'));

  it.each<[string, string]>([
    ['nobody', question({ user: undefined })],
    ['somebody without a name or a group', question({ user: '', groups: [] })],
    ['several', question({ user: ['alice', 'bob'] })],
    ['somebody without groups', question({ groups: undefined })],
    ['groups that are none', question({ groups: 'system:masters' })],
    ['groups of other things', question({ groups: ['a', {}] })],
    ['somebody with more', question({ extra: { scopes: ['x'] } })],
    ['somebody by uid', question({ uid: 'x' })],
    ['nothing', question({ resourceAttributes: undefined })],
    ['a list', question({ resourceAttributes: [] })],
    ['a path', question({ resourceAttributes: undefined, nonResourceAttributes: { path: '/', verb: 'get' } })],
    ['no verb', question({ resourceAttributes: { ...attributes, verb: '' } })],
    ['no resource', question({ resourceAttributes: { verb: 'get', group: '' } })],
    ['a selector', question({ resourceAttributes: { ...attributes, fieldSelector: { rawSelector: 'a=b' } } })],
    ['a name that is none', question({ resourceAttributes: { ...attributes, name: 1 } })],
    ['more than anybody asks', question({ groups: Array.from({ length: 5_000 }, () => 'group') })],
    ['no spec', '{"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview"}'],
  ])('a review about %s', (_title, body) => expect(outcome('POST', QUESTION, body)).toBe('refused'));

  it('one review in the place of another', () => {
    expect(outcome('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', review())).toBe('refused');
  });
});
