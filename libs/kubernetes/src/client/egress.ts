import { EgressDenied, type CheckedAddress, type EgressPolicy } from '#libs/platform';
import { ClusterError } from '../cluster-error.js';

/** What is needed of an `EgressPolicy`: it resolves a host once and checks every address. Throws `EgressDenied`. */
export type EgressResolver = Pick<EgressPolicy, 'resolve'>;

/** Resolves the API server's host once. Throws `egressDenied` or `unresolvable`. */
export async function checkedAddress(egress: EgressResolver, server: string): Promise<CheckedAddress> {
  try {
    return await egress.resolve(new URL(server));
  } catch (error) {
    if (!(error instanceof EgressDenied)) throw error;
    if (error.code === 'unresolvable') throw new ClusterError('unresolvable');
    throw new ClusterError('egressDenied', { detail: error.code });
  }
}
