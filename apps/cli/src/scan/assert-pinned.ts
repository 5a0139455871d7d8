import { createHash, X509Certificate } from 'node:crypto';
import type { ClusterAccess } from '#libs/kubernetes';
import { CliError, ExitCode } from '../exit-codes.js';
import type { RegistryEntry } from './registry-file.js';

const address = (url: string) => {
  const { protocol, hostname, port, pathname } = new URL(url.includes('://') ? url : `https://${url}`);
  return `${protocol}//${hostname.toLowerCase()}:${port || '443'}${pathname.replace(/\/+$/, '')}`;
};

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** sha256, in hex, of the public key (SubjectPublicKeyInfo, RFC 5280) of each certificate. */
function keyHashes(pem: string): readonly string[] {
  return [...pem.matchAll(CERTIFICATES)].map(([certificate]) => {
    const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
    return createHash('sha256').update(key).digest('hex');
  });
}

/**
 * The registry may pin where a cluster is and which CA vouches for it. A kubeconfig that leads elsewhere is not used.
 * @throws {CliError} before anything is sent
 */
export function assertPinned(access: ClusterAccess, entry: RegistryEntry): void {
  const { apiServer, caSpkiSha256 } = entry;
  if (apiServer !== undefined && (!URL.canParse(address(apiServer)) || address(apiServer) !== address(access.server))) {
    throw new CliError(
      ExitCode.usage,
      `The registry says that the API server is ${apiServer}; the kubeconfig leads to ${access.server}.`,
      'Choose the right context, or correct apiServer in the registry file.',
    );
  }
  const wanted = caSpkiSha256?.replaceAll(':', '').toLowerCase();
  if (wanted !== undefined && !keyHashes(access.caData ?? '').includes(wanted)) {
    throw new CliError(
      ExitCode.usage,
      'The CA in the kubeconfig is not the one that the registry pins (caSpkiSha256).',
      'Choose the right context, or correct caSpkiSha256 in the registry file.',
    );
  }
}
