import {
  accessFromParts,
  credentialDetails,
  KubeconfigRejected,
  parseKubeconfig,
  type ClusterAccess,
} from '#libs/kubernetes';
import type { ClusterConnection, NewCredential } from '#libs/persistence';
import { credentialAad, newId, type Keyring } from '#libs/platform';
import type { Connection, CredentialInput } from '../credentials/credentials.dto.js';
import { invalid, Problem } from '../http/problem.js';

const POINTERS = {
  server: '/connection/server',
  certificateAuthorityData: '/connection/caData',
  tlsServerName: '/connection/tlsServerName',
  proxyUrl: '/connection',
  token: '/credential/token',
  clientCertificateData: '/credential/certData',
  clientKeyData: '/credential/keyData',
  user: '/credential',
};

const KUBECONFIG_POINTER = '/credential/kubeconfig';

/**
 * The access that a request describes: from a kubeconfig, which is only ever parsed as data, or from its parts.
 * @throws {Problem} `kubeconfig-rejected` with a code and a pointer for each field that is refused
 */
export function readAccess(connection: Connection | undefined, credential: CredentialInput): ClusterAccess {
  if (credential.kind === 'kubeconfig') {
    if (connection) {
      const detail = 'The kubeconfig names the server; leave the connection out.';
      throw invalid([{ pointer: '/connection', code: 'ambiguous', detail }]);
    }
    const { kubeconfig, context } = credential;
    return accepted(`${KUBECONFIG_POINTER}#`, () =>
      parseKubeconfig(kubeconfig, context === undefined ? {} : { context }),
    );
  }
  if (!connection) throw invalid([{ pointer: '/connection', code: 'required', detail: 'The address is missing.' }]);
  const parts = {
    server: connection.server,
    ...(connection.caData !== undefined && { certificateAuthorityData: connection.caData }),
    ...(connection.tlsServerName !== undefined && { tlsServerName: connection.tlsServerName }),
    ...(credential.kind === 'token'
      ? { token: credential.token }
      : { clientCertificateData: credential.certData, clientKeyData: credential.keyData }),
  };
  return accepted('', () => accessFromParts(parts, POINTERS));
}

function accepted(prefix: string, read: () => ClusterAccess): ClusterAccess {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof KubeconfigRejected)) throw error;
    const errors = error.errors.map(({ pointer, code, message, fix }) => ({
      pointer: prefix + pointer,
      code,
      detail: `${message} ${fix}`,
    }));
    throw new Problem('kubeconfig-rejected', error.errors[0].message, { fix: error.fix, errors });
  }
}

export function connectionOf({ server, caData, tlsServerName }: ClusterAccess): ClusterConnection {
  return {
    server,
    ...(caData !== undefined && { caData }),
    ...(tlsServerName !== undefined && { tlsServerName }),
  };
}

/** Seals a credential for its row. */
export function sealCredential(keyring: Keyring, clusterId: string, access: ClusterAccess): NewCredential {
  const id = newId('crd');
  const sealed = keyring.seal(JSON.stringify(access.credential), credentialAad(id, clusterId));
  return { id, ...credentialDetails(access), sealed };
}
