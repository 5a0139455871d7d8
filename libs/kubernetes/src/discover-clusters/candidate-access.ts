import type { CandidateReason, CredentialReference, DiscoveredConnection } from '#libs/core';
import { kubeConfigKey } from '#libs/flux';
import { caSpkiSha256 } from '../access/ca-spki.js';
import type { ClusterAccess } from '../access/cluster-access.js';
import { KubeconfigRejected } from '../access/kubeconfig-rejected.js';
import { parseKubeconfig } from '../access/parse-kubeconfig.js';
import { parseServerUrl } from '../access/server-url.js';
import type { ClusterClient } from '../client/cluster-client.js';
import { ClusterError } from '../cluster-error.js';
import { kubeConfigFacts } from '../facts/kubeconfig-facts.js';
import { secretData } from '../facts/secret-facts.js';
import { Fields } from '../projection/fields.js';
import { argoCdAccess } from './argo-cd-access.js';
import { kubeconfigReasons, reason } from './candidate-reasons.js';
import { accessFromParts } from '../access/access-parts.js';

/** What a reference leads to: an access that can be used, or why there is none. */
export type CandidateAccess =
  | { readonly access: ClusterAccess }
  | {
      /** Not empty. */
      readonly reasons: readonly CandidateReason[];
      /** As far as it could be read nevertheless. */
      readonly connection?: DiscoveredConnection;
      readonly caSpkiSha256?: string;
    };

type SecretData = ReadonlyMap<string, Buffer>;

const SECRETS = { group: '', version: 'v1', resource: 'secrets' };

/**
 * Reads the Secret that a reference names and makes an access of it, through the same allow-list as every kubeconfig. The
 * credential is in the answer and nowhere else. Never throws for anything that the cluster does or holds.
 *
 * @param connection where the cluster is, for a credential that does not say so itself
 */
export async function readCandidateAccess(
  client: ClusterClient,
  credential: CredentialReference,
  connection?: DiscoveredConnection,
): Promise<CandidateAccess> {
  const { namespace, name } = credential;
  try {
    const answer = await client.getObject(SECRETS, { namespace, name });
    if (!answer) return { reasons: [reason('secretMissing')] };
    const object = Fields.of(answer.body);
    const metadata = object.needChild('metadata');
    if (metadata.text('name') !== name || metadata.text('namespace') !== namespace)
      return { reasons: [reason('secretMalformed')] };
    return candidateAccess(secretData(object), credential, connection);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    if (error.code === 'cancelled') throw error;
    if (error.code === 'forbidden') return { reasons: [reason('secretForbidden')] };
    return { reasons: [reason(error.code === 'malformed' ? 'secretMalformed' : 'secretUnreadable')] };
  }
}

/** As `readCandidateAccess`, from the decoded data of the Secret. */
export function candidateAccess(
  data: SecretData,
  credential: CredentialReference,
  connection?: DiscoveredConnection,
): CandidateAccess {
  if (credential.format === 'argocd') return argoCdAccess(data);
  const key = keyOf(data, credential);
  const bytes = key === undefined ? undefined : data.get(key);
  if (bytes === undefined || bytes.length === 0) return { reasons: [reason('keyMissing')] };
  if (credential.format === 'token') return tokenAccess(bytes, connection);
  return kubeconfigAccess(bytes, credential.context);
}

function keyOf(data: SecretData, { format, key }: CredentialReference): string | undefined {
  if (format === 'token') return key ?? 'token';
  return kubeConfigKey([...data.keys()], key);
}

function kubeconfigAccess(bytes: Buffer, context: string | undefined): CandidateAccess {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { reasons: [reason('kubeconfigNotText')] };
  }
  return accepted(
    () => parseKubeconfig(text, context === undefined ? {} : { context }),
    () => placeIn(bytes),
  );
}

function tokenAccess(bytes: Buffer, connection: DiscoveredConnection | undefined): CandidateAccess {
  if (!connection) return { reasons: [reason('notReady')] };
  const { server, caData, tlsServerName } = connection;
  return accepted(
    () =>
      accessFromParts({
        server,
        token: bytes.toString('utf8').trim(),
        ...(caData !== undefined && { certificateAuthorityData: caData }),
        ...(tlsServerName !== undefined && { tlsServerName }),
      }),
    () => ({ connection }),
  );
}

/** Where a kubeconfig that is refused would have led, as far as that can be told. */
function placeIn(bytes: Buffer): Pick<Extract<CandidateAccess, { reasons: unknown }>, 'connection' | 'caSpkiSha256'> {
  try {
    const facts = kubeConfigFacts(bytes, () => '');
    const parsed = parseServerUrl(facts.server ?? '');
    return {
      ...('server' in parsed && { connection: { server: parsed.server } }),
      ...(facts.caSpkiSha256 !== undefined && { caSpkiSha256: facts.caSpkiSha256 }),
    };
  } catch (error) {
    if (error instanceof ClusterError) return {};
    throw error;
  }
}

/** @param place what is told of the place where the access is refused */
function accepted(
  read: () => ClusterAccess,
  place: () => Pick<Extract<CandidateAccess, { reasons: unknown }>, 'connection' | 'caSpkiSha256'>,
): CandidateAccess {
  try {
    return { access: read() };
  } catch (error) {
    if (!(error instanceof KubeconfigRejected)) throw error;
    return { reasons: kubeconfigReasons(error.errors), ...place() };
  }
}

/** Where an access leads, without its credential. */
export function placeOf({ server, caData, tlsServerName }: ClusterAccess): {
  readonly connection: DiscoveredConnection;
  readonly caSpkiSha256?: string;
} {
  const spki = caData === undefined ? undefined : caSpkiSha256(caData);
  return {
    connection: {
      server,
      ...(caData !== undefined && { caData }),
      ...(tlsServerName !== undefined && { tlsServerName }),
    },
    ...(spki !== undefined && { caSpkiSha256: spki }),
  };
}
