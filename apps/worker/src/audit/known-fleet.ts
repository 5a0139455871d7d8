import type { FleetCluster } from '#libs/core';
import { caSpkiSha256, withPort } from '#libs/kubernetes';
import type { KnownCluster } from '#libs/persistence';

/** The registered clusters as controls compare remote applies with them. */
export function knownFleet(known: readonly KnownCluster[], auditedId: string): readonly FleetCluster[] {
  return known.map(({ id, name, role, tenancy, delivery, connection, clusterUid, tenants }) => {
    const spki = connection.caData === undefined ? undefined : caSpkiSha256(connection.caData);
    return {
      name,
      ...(role && { role }),
      ...(tenancy && { tenancy }),
      ...(delivery && { delivery }),
      server: withPort(connection.server),
      ...(spki !== undefined && { caSpkiSha256: spki }),
      ...(clusterUid !== null && { uid: clusterUid }),
      tenants,
      ...(id === auditedId && { self: true }),
    };
  });
}
