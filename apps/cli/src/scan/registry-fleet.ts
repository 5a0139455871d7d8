import type { FleetCluster } from '#libs/core';
import { caSpkiSha256, withPort, type ClusterAccess } from '#libs/kubernetes';
import { entriesOf, roleOf, type WrittenEntry } from './registry-file.js';

/**
 * The clusters of a registry file as controls compare remote applies with them. The audited one is where the kubeconfig
 * leads; of the others those that say where they are.
 *
 * @param wanted the audited cluster's name; of a file with one entry that one is meant
 */
export function registryFleet(
  text: string,
  wanted: string,
  access: Pick<ClusterAccess, 'server' | 'caData'>,
): readonly FleetCluster[] {
  const entries = entriesOf(text);
  return entries.flatMap((entry) => {
    const isAudited = nameOf(entry) === wanted || entries.length === 1;
    const server = isAudited ? access.server : entry.apiServer;
    if (server === undefined) return [];
    const pinned = entry.caSpkiSha256?.replaceAll(':', '').toLowerCase();
    const spki = pinned ?? (isAudited && access.caData !== undefined ? caSpkiSha256(access.caData) : undefined);
    return [
      {
        name: nameOf(entry) ?? wanted,
        ...roleOf(entry),
        ...(entry.delivery && { delivery: entry.delivery }),
        server: withPort(server.includes('://') ? server : `https://${server}`),
        ...(spki !== undefined && { caSpkiSha256: spki }),
        ...(entry.clusterUid !== undefined && { uid: entry.clusterUid }),
        tenants: (entry.tenants ?? []).flatMap(({ id, name }) => name ?? id ?? []),
        ...(isAudited && { self: true }),
      },
    ];
  });
}

function nameOf({ id, name }: WrittenEntry): string | undefined {
  return id ?? name;
}
