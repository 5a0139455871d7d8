import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ClusterRepository, CredentialRepository } from '#libs/persistence';
import { ClusterRegistry } from '../clusters/cluster-registry.js';
import { RegisterQuery } from '../clusters/cluster-queries.dto.js';
import { findCluster } from '../clusters/present-cluster.js';
import { readAccess } from '../clusters/read-access.js';
import { created, ok, type Answer } from '../http/answer.js';
import { Operation } from '../http/operation.js';
import type { View } from '../http/schema.js';
import { CredentialList, CredentialReplacement, toCredential } from './credentials.dto.js';

@Controller('api/v1/clusters/:clusterRef/credentials')
export class CredentialsController {
  constructor(
    private readonly clusters: ClusterRepository,
    private readonly credentials: CredentialRepository,
    private readonly registry: ClusterRegistry,
  ) {}

  @Get()
  @Operation({
    id: 'listCredentials',
    tag: 'Credentials',
    summary: 'What is known of a cluster’s credential; never the secret',
    access: 'fleet.read',
    answers: { 200: CredentialList },
  })
  async list(@Param('clusterRef') reference: string): Promise<Answer<View<typeof CredentialList>>> {
    const cluster = await findCluster(this.clusters, reference);
    return ok(await this.#of(cluster.id));
  }

  @Post()
  @Operation({
    id: 'replaceCredential',
    tag: 'Credentials',
    summary: 'Replace a cluster’s credential, and its address if it moved',
    description:
      'Contacts the cluster first, unless `verify=false`; another cluster than the registered one is refused. The old credential is erased.',
    access: 'clusters.write',
    answers: { 201: CredentialList, 200: CredentialList },
    errors: ['kubeconfig-rejected', 'egress-denied', 'verify-failed', 'identity-mismatch', 'cluster-duplicate'],
  })
  async replace(
    @Param('clusterRef') reference: string,
    @Body({ schema: CredentialReplacement }) { connection, credential }: CredentialReplacement,
    @Query({ schema: RegisterQuery }) { verify, requireVerified, dryRun }: RegisterQuery,
  ): Promise<Answer<View<typeof CredentialList>>> {
    const cluster = await findCluster(this.clusters, reference);
    const address = credential.kind === 'kubeconfig' ? connection : (connection ?? cluster.connection);
    const access = readAccess(address, credential);
    await this.registry.change(cluster, {}, access, { verify, requireVerified, dryRun });
    const body = await this.#of(cluster.id);
    return dryRun ? ok(body) : created(body, { location: `/api/v1/clusters/${cluster.id}/credentials` });
  }

  async #of(clusterId: string): Promise<View<typeof CredentialList>> {
    return { items: (await this.credentials.ofCluster(clusterId)).map(toCredential) };
  }
}
