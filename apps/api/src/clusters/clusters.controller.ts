import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ClusterRepository } from '#libs/persistence';
import { created, noContent, wouldBe, type Answer } from '../http/answer.js';
import { changedMeanwhile, entityTag, requireMatch } from '../http/entity-tag.js';
import { Lists } from '../http/lists.js';
import { Operation } from '../http/operation.js';
import type { Page } from '../http/page.js';
import { patched, WriteQuery } from '../http/patching.js';
import { invalid, notFound, Problem } from '../http/problem.js';
import { nameParameter } from '../shared/name-parameter.js';
import { ClusterRegistry } from './cluster-registry.js';
import { findCluster, present } from './present-cluster.js';
import { ClusterQuery, DeleteQuery, filterOf, RegisterQuery } from './cluster-queries.dto.js';
import {
  Cluster,
  ClusterPage,
  ClusterPatch,
  ClusterRegistration,
  ClusterSettings,
  ClusterUpsert,
  settingsOf,
  toCluster,
} from './clusters.dto.js';
import { readAccess } from './read-access.js';
import { sameConnection } from './same-connection.js';

@Controller('api/v1/clusters')
export class ClustersController {
  constructor(
    private readonly clusters: ClusterRepository,
    private readonly registry: ClusterRegistry,
    private readonly lists: Lists,
  ) {}

  @Get()
  @Operation({
    id: 'listClusters',
    tag: 'Clusters',
    summary: 'List clusters',
    access: 'fleet.read',
    answers: { 200: ClusterPage },
  })
  async list(@Query({ schema: ClusterQuery }) query: ClusterQuery): Promise<Answer<Page<Cluster>>> {
    const filter = filterOf(query);
    return this.lists.answer('/clusters', query, (window) => this.clusters.list({ ...window, filter }), toCluster);
  }

  @Post()
  @Operation({
    id: 'registerCluster',
    tag: 'Clusters',
    summary: 'Register a cluster',
    description:
      'Contacts the cluster first, unless `verify=false`. Where that fails, the cluster is stored with the reason in its conditions, unless `requireVerified=true`.',
    access: 'clusters.write',
    etag: true,
    answers: { 201: Cluster, 200: Cluster },
    errors: ['name-taken', 'cluster-duplicate', 'kubeconfig-rejected', 'egress-denied', 'verify-failed'],
  })
  async register(
    @Body({ schema: ClusterRegistration }) input: ClusterRegistration,
    @Query({ schema: RegisterQuery }) { verify, requireVerified, dryRun }: RegisterQuery,
  ): Promise<Answer<Cluster>> {
    const cluster = await this.registry.register(input, { verify, requireVerified, dryRun });
    const body = toCluster(cluster);
    if (dryRun) return wouldBe(body);
    return created(body, { location: `/api/v1/clusters/${cluster.id}`, etag: entityTag(cluster.version, body) });
  }

  @Get(':clusterRef')
  @Operation({
    id: 'getCluster',
    tag: 'Clusters',
    summary: 'Read a cluster',
    access: 'fleet.read',
    etag: true,
    answers: { 200: Cluster },
  })
  async get(@Param('clusterRef') reference: string): Promise<Answer<Cluster>> {
    return present(await findCluster(this.clusters, reference));
  }

  @Put(':clusterRef')
  @Operation({
    id: 'upsertCluster',
    tag: 'Clusters',
    summary: 'Register a cluster, or bring its registration to this state',
    description:
      'For declarative tools. The credential may be left out for a registered cluster while its connection stays the same.',
    access: 'clusters.write',
    etag: true,
    ifMatch: true,
    answers: { 200: Cluster, 201: Cluster },
    errors: ['cluster-duplicate', 'identity-mismatch', 'kubeconfig-rejected', 'egress-denied', 'verify-failed'],
  })
  async upsert(
    @Param('clusterRef') reference: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: ClusterUpsert }) input: ClusterUpsert,
    @Query({ schema: RegisterQuery }) { verify, requireVerified, dryRun }: RegisterQuery,
  ): Promise<Answer<Cluster>> {
    const options = { verify, requireVerified, dryRun };
    const cluster = await this.clusters.get(reference);
    const { connection, credential, ...settings } = input;
    if (!cluster) {
      const name = nameParameter(reference, 'clusterRef');
      if (ifMatch !== undefined) throw new Problem('etag-mismatch', `There is no cluster "${name}" to change.`);
      if (!credential) throw credentialRequired('A new cluster needs a credential.');
      return this.register({ name, connection, credential, ...settings }, options);
    }
    requireMatch(ifMatch, cluster.version);
    if (!credential && connection && !sameConnection(connection, cluster.connection)) {
      throw credentialRequired('A new address needs its credential: a stored one is never sent elsewhere.');
    }
    const address = connection ?? cluster.connection;
    const access = credential && readAccess(credential.kind === 'kubeconfig' ? connection : address, credential);
    const changed = await this.registry.change(cluster, settings, access, options);
    return dryRun ? wouldBe(toCluster(changed)) : present(changed);
  }

  @Patch(':clusterRef')
  @Operation({
    id: 'updateCluster',
    tag: 'Clusters',
    summary: 'Change what is declared about a cluster',
    access: 'clusters.write',
    etag: true,
    ifMatch: true,
    answers: { 200: Cluster },
  })
  async update(
    @Param('clusterRef') reference: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: ClusterPatch }) patch: ClusterPatch,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<Cluster>> {
    const cluster = await findCluster(this.clusters, reference);
    requireMatch(ifMatch, cluster.version);
    const settings = patched(ClusterSettings, settingsOf(cluster), patch);
    const options = { verify: false, requireVerified: false, dryRun };
    const changed = await this.registry.change(cluster, settings, undefined, options);
    return dryRun ? wouldBe(toCluster(changed)) : present(changed);
  }

  @Delete(':clusterRef')
  @Operation({
    id: 'deleteCluster',
    tag: 'Clusters',
    summary: 'Delete a cluster and its credential',
    description: 'Its history stays, unless `purge=true`.',
    access: 'clusters.write',
    ifMatch: true,
    answers: { 204: null },
    errors: ['has-running-audit'],
  })
  async delete(
    @Param('clusterRef') reference: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Query({ schema: DeleteQuery }) { purge, dryRun }: DeleteQuery,
  ): Promise<Answer<undefined>> {
    const cluster = await findCluster(this.clusters, reference);
    requireMatch(ifMatch, cluster.version);
    if (dryRun) return noContent();
    const result = await this.clusters.delete(cluster.id, cluster.version, { purge });
    if (result === 'notFound') throw notFound('cluster', reference);
    if (result === 'stale') throw changedMeanwhile((await findCluster(this.clusters, cluster.id)).version);
    if (result === 'hasRunningAudit') {
      throw new Problem('has-running-audit', `The cluster "${cluster.name}" is part of a run that has not finished.`);
    }
    return noContent();
  }
}

function credentialRequired(detail: string): Problem {
  return invalid([{ pointer: '/credential', code: 'required', detail }]);
}
