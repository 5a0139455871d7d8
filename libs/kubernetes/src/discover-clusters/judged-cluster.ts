import type { CandidateReason, CredentialReference, DiscoveredCluster, DiscoveredConnection } from '#libs/core';
import { placeOf, readCandidateAccess } from './candidate-access.js';
import type { DiscoveryContext } from './discovery-context.js';

/** A cluster of which it is not known yet whether its credential can be used. */
export type FoundCluster = Omit<DiscoveredCluster, 'credential' | 'reasons' | 'caSpkiSha256'>;

/**
 * Looks at the credential of a found cluster and tells whether it can be used. Of the credential nothing is kept.
 *
 * @param more reasons that stand whatever the credential is; the credential is then read for its address alone
 */
export async function judgedCluster(
  { client }: DiscoveryContext,
  found: FoundCluster,
  credential: CredentialReference,
  more: readonly CandidateReason[] = [],
): Promise<DiscoveredCluster> {
  const known: DiscoveredConnection | undefined = found.connection;
  const read = await readCandidateAccess(client, credential, known);
  if ('access' in read) {
    return { ...found, ...placeOf(read.access), ...(more.length === 0 && { credential }), reasons: more };
  }
  const { reasons, connection = known, caSpkiSha256 } = read;
  return {
    ...found,
    ...(connection && { connection }),
    ...(caSpkiSha256 !== undefined && { caSpkiSha256 }),
    ...(more.length === 0 && { credential }),
    reasons: more.length > 0 ? more : reasons,
  };
}
