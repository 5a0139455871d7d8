import { describe, expect, it } from 'vitest';
import { CertificateAuthority } from '#libs/simulator';
import { failureOf, withServer } from '../../test/hostile-cluster.js';
import { sendJson, type Handler } from '../../test/hostile-server.js';
import { readDiscovery } from './discovery.js';

const authority = await CertificateAuthority.create();
const { certPem, keyPem } = await authority.issueServer(['127.0.0.1']);
const pki = { cert: certPem, key: keyPem, caPem: authority.certPem };

/** Answers each path with a body, or a status; everything else with 404. */
const answering =
  (bodies: Readonly<Record<string, unknown>>): Handler =>
  (request, response) => {
    const body = bodies[request.url ?? ''];
    if (typeof body === 'number') response.writeHead(body, { 'content-type': 'text/plain' }).end('x');
    else if (body === undefined) sendJson(response, { kind: 'Status' }, 404);
    else sendJson(response, body);
  };
const read = (bodies: Readonly<Record<string, unknown>>) =>
  withServer(pki, answering(bodies), {}, async (client) => (await readDiscovery(client, 'v1.30.0')).api);

const aggregated = (...items: unknown[]) => ({
  kind: 'APIGroupDiscoveryList',
  apiVersion: 'apidiscovery.k8s.io/v2',
  items,
});
const group = (name: string, version: string, ...resources: string[]) => ({
  metadata: { name },
  versions: [
    { version, freshness: 'Current', resources: resources.map((resource) => ({ resource, verbs: ['list'] })) },
  ],
});
const core = aggregated(group('', 'v1', 'pods', 'namespaces'));

describe('aggregated discovery', () => {
  it('lists what is served, and what does not answer', async () => {
    const stale = { metadata: { name: 'b.io' }, versions: [{ version: 'v1', freshness: 'Stale' }] };
    expect(await read({ '/api': core, '/apis': aggregated(group('apps', 'v1', 'deployments'), stale) })).toEqual({
      serverVersion: 'v1.30.0',
      resources: ['/v1/pods', '/v1/namespaces', 'apps/v1/deployments'],
      stale: ['b.io/v1'],
    });
  });

  it.each<[string, unknown]>([
    ['another kind', { kind: 'Status' }],
    ['items that are no list', { kind: 'APIGroupDiscoveryList', items: {} }],
    ['a group with a slash', aggregated(group('a/b', 'v1', 'c'))],
    ['a group that leads upwards', aggregated(group('../x', 'v1', 'c'))],
    ['a version that is none', aggregated(group('a.io', 'latest', 'c'))],
    ['a resource with a slash', aggregated(group('a.io', 'v1', 'pods/exec'))],
    [
      'a resource that is no text',
      aggregated({ metadata: { name: 'a' }, versions: [{ version: 'v1', resources: [{ resource: 5 }] }] }),
    ],
  ])('is malformed with %s', async (_title, body) => {
    expect((await failureOf(read({ '/api': core, '/apis': body }))).code).toBe('malformed');
  });
});

describe('the older form of discovery', () => {
  const versions = { kind: 'APIVersions', versions: ['v1'] };
  const groups = (...list: [string, ...string[]][]) => ({
    kind: 'APIGroupList',
    groups: list.map(([name, ...all]) => ({
      name,
      versions: all.map((version) => ({ version, groupVersion: `${name}/${version}` })),
    })),
  });
  const resources = (...names: string[]) => ({ kind: 'APIResourceList', resources: names.map((name) => ({ name })) });

  it('asks about the groups that are read, and leaves out subresources', async () => {
    const api = await read({
      '/api': versions,
      '/api/v1': resources('pods', 'pods/exec'),
      '/apis': groups(['apps', 'v1'], ['other.io', 'v1'], ['helm.toolkit.fluxcd.io', 'v2', 'v2beta2']),
      '/apis/apps/v1': resources('deployments', 'deployments/status'),
      '/apis/helm.toolkit.fluxcd.io/v2': resources('helmreleases'),
      '/apis/helm.toolkit.fluxcd.io/v2beta2': 503,
    });
    expect(api.resources).toEqual(['/v1/pods', 'apps/v1/deployments', 'helm.toolkit.fluxcd.io/v2/helmreleases']);
    expect(api.stale).toEqual(['helm.toolkit.fluxcd.io/v2beta2']);
  });

  it('takes a group that is listed and not found for one that does not answer', async () => {
    const api = await read({ '/api': versions, '/api/v1': resources('pods'), '/apis': groups(['apps', 'v1']) });
    expect(api.stale).toEqual(['apps/v1']);
  });

  it('fails where it may not ask', async () => {
    const bodies = { '/api': versions, '/api/v1': 403, '/apis': groups() };
    expect((await failureOf(read(bodies))).code).toBe('forbidden');
  });
});
