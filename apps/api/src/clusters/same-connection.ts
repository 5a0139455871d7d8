import type { ClusterConnection } from '#libs/persistence';
import type { Connection } from '../credentials/credentials.dto.js';

function normalisedServer(server: string): string {
  return URL.canParse(server) ? new URL(server).href.replace(/\/$/, '') : server;
}

/** PEM, or base64 of PEM, without what does not count. */
function normalisedPem(data: string | undefined): string | undefined {
  const pem =
    data === undefined || data.includes('-----BEGIN ') ? data : Buffer.from(data, 'base64').toString('latin1');
  return pem?.replaceAll(/\s+/g, '');
}

/** Whether a stated connection is the stored one: the same address, name and CA, so that a credential fits both. */
export function sameConnection(stated: Connection, stored: ClusterConnection): boolean {
  return (
    normalisedServer(stated.server) === normalisedServer(stored.server) &&
    stated.tlsServerName === stored.tlsServerName &&
    normalisedPem(stated.caData) === normalisedPem(stored.caData)
  );
}
