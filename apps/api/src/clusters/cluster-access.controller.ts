import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { catalog } from '#libs/controls';
import { ClusterRepository } from '#libs/persistence';
import { ok, type Answer } from '../http/answer.js';
import { Operation } from '../http/operation.js';
import { ClusterRegistry } from './cluster-registry.js';
import { ClusterVerifier, conditionsOf, verified } from './cluster-verifier.js';
import { activeManifest, installManifest } from './install-manifest.js';
import { findCluster } from './present-cluster.js';
import { StoredAccess } from './stored-access.js';
import {
  Capabilities,
  ClusterManifestQuery,
  ManifestQuery,
  toCapabilities,
  toVerification,
  Verification,
} from './verification.dto.js';

const MANIFEST = { mediaType: 'application/yaml', example: 'apiVersion: v1\nkind: Namespace\n…\n' } as const;

/** What the auditor may do in a cluster, and what it takes. */
@Controller('api/v1')
export class ClusterAccessController {
  constructor(
    private readonly clusters: ClusterRepository,
    private readonly access: StoredAccess,
    private readonly verifier: ClusterVerifier,
    private readonly registry: ClusterRegistry,
  ) {}

  @Post('clusters/:clusterRef/verify')
  @Operation({
    id: 'verifyCluster',
    tag: 'Clusters',
    summary: 'Contact a cluster now: identity, version, and what may be read',
    description:
      'Pins the identity at the first contact, and puts what it finds into the conditions. Changes nothing in the cluster.',
    access: 'clusters.write',
    answers: { 200: Verification },
    errors: ['verify-failed', 'identity-mismatch', 'cluster-duplicate'],
  })
  async verify(@Param('clusterRef') reference: string): Promise<Answer<Verification>> {
    const cluster = await findCluster(this.clusters, reference);
    const result = await this.verifier.verify(await this.access.open(cluster), cluster.clusterUid);
    const versions = 'preflight' in result ? { kubernetesVersion: result.preflight.serverVersion } : {};
    await this.clusters.recordConditions(cluster.id, conditionsOf(result), versions);
    const preflight = verified(result);
    await this.registry.pin(cluster, preflight.uid);
    return ok(toVerification(preflight));
  }

  @Get('clusters/:clusterRef/capabilities')
  @Operation({
    id: 'getCapabilities',
    tag: 'Clusters',
    summary: 'Which controls can be judged, and which permissions are missing',
    description: 'As the last contact showed; nothing is asked of the cluster now.',
    access: 'fleet.read',
    answers: { 200: Capabilities },
  })
  async capabilities(@Param('clusterRef') reference: string): Promise<Answer<Capabilities>> {
    return ok(toCapabilities(await findCluster(this.clusters, reference), catalog));
  }

  @Get('install-manifest')
  @Operation({
    id: 'getInstallManifest',
    tag: 'Clusters',
    summary: 'Manifest to apply before a cluster is registered',
    access: 'fleet.read',
    answers: { 200: MANIFEST },
  })
  async manifest(@Query({ schema: ManifestQuery }) _query: unknown): Promise<Answer<string>> {
    return yaml(installManifest());
  }

  @Get('clusters/:clusterRef/install-manifest')
  @Operation({
    id: 'getClusterInstallManifest',
    tag: 'Clusters',
    summary: 'Manifest that brings a registered cluster’s auditor up to date',
    description:
      'With `mode=active` it names the principals that the registry declares for the tenants of the cluster, so fetch it again when these change. Nobody of the platform or of break-glass is among them.',
    access: 'fleet.read',
    answers: { 200: MANIFEST },
  })
  async clusterManifest(
    @Param('clusterRef') reference: string,
    @Query({ schema: ClusterManifestQuery }) { mode }: ClusterManifestQuery,
  ): Promise<Answer<string>> {
    const cluster = await findCluster(this.clusters, reference);
    if (mode !== 'active') return yaml(installManifest());
    const registration = (await this.clusters.registration(cluster.id)) ?? { name: cluster.name };
    return yaml(activeManifest(registration, cluster.kubernetesVersion ?? undefined));
  }
}

function yaml(body: string): Answer<string> {
  return { status: 200, body, headers: { 'content-type': 'application/yaml; charset=utf-8' } };
}
