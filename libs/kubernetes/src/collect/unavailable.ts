import { unavailable, type AccessRule, type Collected, type RequestRecord } from '#libs/core';
import type { ClusterError } from '../cluster-error.js';

/**
 * An artifact whose reading failed.
 *
 * @param what for people: `kustomizations.kustomize.toolkit.fluxcd.io`
 * @param missing the permissions that the reading needs; told only where they are what is missing
 */
export function unreadable(
  error: ClusterError,
  what: string,
  missing: readonly AccessRule[],
  path?: string,
): Collected<never> {
  const requests: readonly RequestRecord[] | undefined =
    path !== undefined && error.status !== undefined ? [{ method: 'GET', path, status: error.status }] : undefined;
  const where = error.code === 'malformed' && error.detail !== undefined ? ` Field: ${error.detail}.` : '';
  return unavailable(
    error.reason,
    `${what} could not be read. ${error.message}${where} ${error.hint}`,
    error.code === 'forbidden' ? (error.missing.length > 0 ? error.missing : missing) : [],
    requests,
  );
}
