import { createHash } from 'node:crypto';
import { groupVersionOf, type ApiResource } from './api-resources.js';
import { json, pageNotFound, text, type Reply } from './reply.js';
import { notAcceptable } from './statuses.js';

/** What discovery is answered from. */
export interface DiscoveryState {
  readonly resources: readonly ApiResource[];
  /** Group versions whose server does not answer, as `group/version`: listed as stale, without resources. */
  readonly stale: readonly string[];
  /** Newest version of aggregated discovery that is served: v2 since Kubernetes 1.30, v2beta1 before. */
  readonly aggregated: 'v2' | 'v2beta1' | 'none';
}

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

interface GroupVersion {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly ApiResource[];
  readonly stale: boolean;
}

function groupVersions({ resources, stale }: DiscoveryState): GroupVersion[] {
  const found = new Map<string, GroupVersion>();
  for (const { group, version } of [...resources, ...stale.map(splitGroupVersion)]) {
    const key = groupVersionOf({ group, version });
    const isStale = stale.includes(key);
    found.set(key, {
      group,
      version,
      stale: isStale,
      resources: isStale ? [] : resources.filter((other) => other.group === group && other.version === version),
    });
  }
  return [...found.values()];
}

function splitGroupVersion(text: string): { group: string; version: string } {
  const [group = '', version = ''] = text.split('/');
  return { group, version };
}

/** `/api` and `/apis`, aggregated where the client asks for that. */
export function discoveryRoot(state: DiscoveryState, root: 'api' | 'apis', accept: string, ifNoneMatch: string): Reply {
  const versions = groupVersions(state).filter(({ group }) => (group === '') === (root === 'api'));
  const wanted = accept.includes('as=APIGroupDiscoveryList');
  const version = (['v2', 'v2beta1'] as const).find(
    (candidate) =>
      accept.includes(`g=apidiscovery.k8s.io;v=${candidate};`) &&
      (state.aggregated === 'v2' || state.aggregated === candidate),
  );
  if (wanted && version !== undefined) return aggregated(versions, version, ifNoneMatch);
  if (wanted && !/(^|,)\s*(application\/json|\*\/\*)\s*(,|$)/.test(accept)) return json(406, notAcceptable());
  if (root === 'api')
    return json(200, {
      kind: 'APIVersions',
      versions: versions.map(({ version }) => version),
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1:443' }],
    });
  return json(200, {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groupNames(versions).map((name) => group(versions, name)),
  });
}

export function discoveryGroup(state: DiscoveryState, name: string): Reply {
  const versions = groupVersions(state);
  if (!versions.some((version) => version.group === name)) return pageNotFound();
  return json(200, { kind: 'APIGroup', apiVersion: 'v1', ...group(versions, name) });
}

export function discoveryGroupVersion(state: DiscoveryState, groupName: string, version: string): Reply {
  const found = groupVersions(state).find((entry) => entry.group === groupName && entry.version === version);
  if (found === undefined) return pageNotFound();
  if (found.stale) return text(503, 'service unavailable\n');
  return json(200, {
    kind: 'APIResourceList',
    ...(groupName !== '' && { apiVersion: 'v1' }),
    groupVersion: groupVersionOf(found),
    resources: found.resources.map(({ plural, kind, namespaced }) => ({
      name: plural,
      singularName: kind.toLowerCase(),
      namespaced,
      kind,
      verbs: VERBS,
    })),
  });
}

function groupNames(versions: readonly GroupVersion[]): string[] {
  return [...new Set(versions.map(({ group }) => group))];
}

function group(versions: readonly GroupVersion[], name: string): Readonly<Record<string, unknown>> {
  const served = versions
    .filter((entry) => entry.group === name)
    .map((entry) => ({ groupVersion: groupVersionOf(entry), version: entry.version }));
  return { name, versions: served, preferredVersion: served[0] };
}

function aggregated(versions: readonly GroupVersion[], version: 'v2' | 'v2beta1', ifNoneMatch: string): Reply {
  const items = groupNames(versions).map((name) => ({
    metadata: name === '' ? {} : { name },
    versions: versions
      .filter(({ group }) => group === name)
      .map((entry) => ({
        version: entry.version,
        ...(entry.resources.length > 0 && { resources: entry.resources.map(aggregatedResource) }),
        freshness: entry.stale ? 'Stale' : 'Current',
      })),
  }));
  const body = `${JSON.stringify({ kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items })}\n`;
  const etag = `"${createHash('sha256').update(body).digest('hex').toUpperCase()}"`;
  const headers = {
    'content-type': `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
    etag,
    vary: 'Accept',
  };
  return ifNoneMatch === etag ? { status: 304, headers, body: '' } : { status: 200, headers, body };
}

function aggregatedResource({ group, version, plural, kind, namespaced, custom }: ApiResource): unknown {
  return {
    resource: plural,
    responseKind: custom ? { group, version, kind } : { group: '', version: '', kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.toLowerCase(),
    verbs: VERBS,
  };
}
