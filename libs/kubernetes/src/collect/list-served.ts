import {
  collected,
  provenAbsent,
  unavailable,
  type AccessRule,
  type ApiDiscovery,
  type ArtifactName,
  type Artifacts,
  type Collected,
} from '#libs/core';
import { ClusterError } from '../cluster-error.js';
import type { ClusterClient } from '../client/cluster-client.js';
import { resourcePath } from '../client/resource-path.js';
import { servedVersions } from './served-versions.js';
import { unreadable } from './unavailable.js';

/** A kind of object that is listed, at the best version that the cluster serves. */
export interface ListedKind<T> {
  readonly group: string;
  /** Plural, lower case. */
  readonly resource: string;
  /** Versions whose fields are understood, newest first. */
  readonly versions: readonly string[];
  readonly metadataOnly?: boolean;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** In this namespace alone; default: in all. */
  readonly namespace?: string;
  /** The permission that is told to be missing; default: to list the resource. */
  readonly rule?: AccessRule;
  /** One object of the given version as it is kept; undefined drops it. */
  readonly project: (version: string) => (item: unknown) => T | undefined;
}

/** Lists one kind of one cluster: `listServed` without what is the same for all kinds. */
export type List = <T>(kind: ListedKind<T>) => Promise<Collected<readonly T[]>>;

/** How artifacts are read that are lists and depend on nothing but discovery. */
export type ArtifactLists = {
  readonly [N in ArtifactName]?: (list: List, discovery: Collected<ApiDiscovery>) => Promise<Collected<Artifacts[N]>>;
};

/** Lists a kind completely, or says why not. Never throws for anything that the cluster does. */
export async function listServed<T>(
  client: ClusterClient,
  discovery: Collected<ApiDiscovery>,
  kind: ListedKind<T>,
): Promise<Collected<readonly T[]>> {
  const { group, resource } = kind;
  const what = group === '' ? resource : `${resource}.${group}`;
  const served = servedVersions(discovery, group, resource, kind.versions);
  if (served.state === 'absent') return provenAbsent([]);
  if (served.state === 'stale') {
    const sentence = 'The API is installed, but whoever serves it does not answer now.';
    return unavailable('transient', `${what} could not be read. ${sentence}`);
  }
  let last: { error: ClusterError; path: string } | undefined;
  for (const version of served.versions) {
    const type = { group, version, resource };
    try {
      const { items, record } = await client.list(type, {
        project: kind.project(version),
        ...(kind.metadataOnly && { metadataOnly: true }),
        ...(kind.labelSelector !== undefined && { labelSelector: kind.labelSelector }),
        ...(kind.namespace !== undefined && { namespace: kind.namespace }),
        ...(kind.fieldSelector !== undefined && { fieldSelector: kind.fieldSelector }),
      });
      return collected(items, [record]);
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      last = { error, path: resourcePath(type, kind.namespace === undefined ? {} : { namespace: kind.namespace }) };
      // A broken conversion webhook makes one version unreadable and leaves the stored one readable.
      if (error.status !== 500 && error.status !== 404) break;
    }
  }
  if (!last || (served.state === 'unknown' && last.error.code === 'notFound')) return undiscovered(discovery, what);
  return unreadable(last.error, what, [kind.rule ?? { verb: 'list', group, resource }], last.path);
}

/** Nothing was found, and discovery could not say whether there is anything to find. */
function undiscovered(discovery: Collected<ApiDiscovery>, what: string): Collected<never> {
  if (discovery.state === 'collected') return unavailable('transient', `${what} could not be read.`);
  const { reason, message, missing } = discovery;
  return unavailable(
    reason,
    `${what} was not found, and whether the cluster serves it is unknown. ${message}`,
    missing,
  );
}
