import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { ClusterAccess } from '#libs/kubernetes';
import { CredentialRepository, type ClusterRecord } from '#libs/persistence';
import { credentialAad, Keyring } from '#libs/platform';
import { Problem } from '../http/problem.js';

const CREDENTIAL = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('token'), token: z.string() }),
  z.strictObject({ kind: z.literal('clientCertificate'), certData: z.string(), keyData: z.string() }),
]);

/** Opens the stored credential of a cluster, for one use. */
@Injectable()
export class StoredAccess {
  constructor(
    private readonly credentials: CredentialRepository,
    private readonly keyring: Keyring,
  ) {}

  /** @throws {Problem} `verify-failed` where the cluster has no credential */
  async open({ id, name, connection }: ClusterRecord): Promise<ClusterAccess> {
    const stored = await this.credentials.sealedFor(id);
    if (!stored) {
      throw new Problem('verify-failed', `No credential is stored for the cluster "${name}".`, {
        reason: 'noCredential',
        fix: 'Store one: POST /api/v1/clusters/{clusterRef}/credentials.',
      });
    }
    const secret = this.keyring.open(stored.sealed, credentialAad(stored.id, id));
    await this.credentials.touch(stored.id);
    return { ...connection, credential: CREDENTIAL.parse(JSON.parse(secret.toString())) };
  }
}
