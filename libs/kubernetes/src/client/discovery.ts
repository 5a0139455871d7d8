import { ARTIFACT_READS, type ApiDiscovery, type RequestRecord } from '#libs/core';
import { DISCOVERY_READS } from '../auditor/auditor-reads.js';
import { ClusterError } from '../cluster-error.js';
import { Fields } from '../projection/fields.js';
import type { ClusterClient } from './cluster-client.js';

/**
 * Aggregated discovery (v2 since Kubernetes 1.30, v2beta1 in 1.26–1.34), else the older form in several requests
 * (https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery).
 */
const ACCEPT = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',');

/** Groups asked for one by one where the server only knows the older form: those that are read or tell how Flux came there. */
const RELEVANT: ReadonlySet<string> = new Set([
  ...Object.values(ARTIFACT_READS).flatMap((rules) => rules.map(({ group }) => group)),
  ...DISCOVERY_READS.map(({ group }) => group),
  'clusterconfig.azure.com',
]);

/** Names in discovery, as Kubernetes restricts them. */
const GROUP = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)?$/;
const VERSION = /^v\d+((alpha|beta)\d+)?$/;
const RESOURCE = /^[a-z0-9][-a-z0-9.]{0,252}$/;

export interface Discovery {
  readonly api: ApiDiscovery;
  readonly requests: readonly RequestRecord[];
}

interface Found {
  /** `group/version/resource`. */
  readonly resources: string[];
  /** `group/version`. */
  readonly stale: string[];
  readonly requests: RequestRecord[];
}

/**
 * What the API server serves. A server that does not know aggregated discovery is asked only about the groups that are read
 * here; the absence of any other group from the answer then means nothing.
 */
export async function readDiscovery(client: ClusterClient, serverVersion: string): Promise<Discovery> {
  const found: Found = { resources: [], stale: [], requests: [] };
  for (const path of ['/api', '/apis']) {
    const { body, record } = await client.getJson(path, { accept: ACCEPT });
    found.requests.push(record);
    const answer = Fields.of(body);
    const kind = answer.text('kind');
    if (kind === 'APIGroupDiscoveryList') readAggregated(answer, found);
    else if (kind === 'APIVersions') await readLegacy(client, [{ group: '', versions: versionsOf(answer) }], found);
    else if (kind === 'APIGroupList') await readLegacy(client, groupsOf(answer), found);
    else throw new ClusterError('malformed', { detail: 'kind' });
  }
  const { resources, stale, requests } = found;
  return { api: { serverVersion, resources, stale }, requests };
}

function readAggregated(answer: Fields, found: Found): void {
  for (const item of answer.children('items') ?? []) {
    const group = checked(item.child('metadata')?.text('name') ?? '', GROUP);
    for (const version of item.children('versions') ?? []) {
      const groupVersion = `${group}/${checked(version.needText('version'), VERSION)}`;
      if (version.text('freshness') === 'Stale') found.stale.push(groupVersion);
      for (const resource of version.children('resources') ?? []) {
        found.resources.push(`${groupVersion}/${checked(resource.needText('resource'), RESOURCE)}`);
      }
    }
  }
}

interface LegacyGroup {
  readonly group: string;
  readonly versions: readonly string[];
}

function versionsOf(answer: Fields): readonly string[] {
  return (answer.texts('versions') ?? []).map((version) => checked(version, VERSION));
}

function groupsOf(answer: Fields): readonly LegacyGroup[] {
  return (answer.children('groups') ?? []).map((group) => ({
    group: checked(group.needText('name'), GROUP),
    versions: (group.children('versions') ?? []).map((version) => checked(version.needText('version'), VERSION)),
  }));
}

async function readLegacy(client: ClusterClient, groups: readonly LegacyGroup[], found: Found): Promise<void> {
  for (const { group, versions } of groups.filter(({ group }) => RELEVANT.has(group))) {
    for (const version of versions) {
      const groupVersion = `${group}/${version}`;
      try {
        const { body, record } = await client.getJson(group === '' ? `/api/${version}` : `/apis/${groupVersion}`);
        found.requests.push(record);
        for (const resource of Fields.of(body).children('resources') ?? []) {
          const name = resource.needText('name');
          // `pods/log` and the like are subresources.
          if (!name.includes('/')) found.resources.push(`${groupVersion}/${checked(name, RESOURCE)}`);
        }
      } catch (error) {
        // Listed, but whoever serves it does not answer: installed and unreadable, which is not absence.
        if (!(error instanceof ClusterError) || (error.code !== 'transient' && error.code !== 'notFound')) throw error;
        found.stale.push(groupVersion);
      }
    }
  }
}

function checked(text: string, form: RegExp): string {
  if (!form.test(text)) throw new ClusterError('malformed', { detail: 'name' });
  return text;
}
