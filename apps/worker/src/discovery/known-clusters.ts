import type { DiscoveredCluster } from '#libs/core';
import { caSpkiSha256, withPort } from '#libs/kubernetes';
import type { KnownCluster } from '#libs/persistence';

/**
 * Which registered cluster a found one is: the one with the same address and the same key of its CA. Undefined where there
 * is none or several; who it really is shows when it is contacted.
 */
export function knownClusterOf(known: readonly KnownCluster[]): (found: DiscoveredCluster) => string | undefined {
  const ids = new Map<string, string[]>();
  for (const { id, connection } of known) {
    const spki = connection.caData === undefined ? undefined : caSpkiSha256(connection.caData);
    const key = placeKey(connection.server, spki);
    ids.set(key, [...(ids.get(key) ?? []), id]);
  }
  return ({ connection, caSpkiSha256: spki }) => {
    const [only, ...others] = (connection && ids.get(placeKey(connection.server, spki))) ?? [];
    return others.length === 0 ? only : undefined;
  };
}

function placeKey(server: string, spki: string | undefined): string {
  return `${withPort(server)} ${spki ?? ''}`;
}
