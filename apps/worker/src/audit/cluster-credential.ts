import { ClusterError, type ClusterCredential } from '#libs/kubernetes';
import { z } from 'zod';

const CREDENTIAL = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('token'), token: z.string().min(1) }),
  z.strictObject({ kind: z.literal('clientCertificate'), certData: z.string().min(1), keyData: z.string().min(1) }),
]);

/**
 * The credential in an opened secret.
 * @throws {ClusterError} `invalidAccess`, without a word of what the secret holds
 */
export function clusterCredential(secret: Buffer): ClusterCredential {
  try {
    return CREDENTIAL.parse(JSON.parse(secret.toString('utf8')));
  } catch {
    throw new ClusterError('invalidAccess');
  } finally {
    secret.fill(0);
  }
}
