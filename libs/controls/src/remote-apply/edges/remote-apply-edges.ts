import type { Collected, RemoteApplyEdge, RemoteApplyKind, RemoteApplyReading, Snapshot } from '#libs/core';
import { excerpt } from '#libs/flux';
import { type TenantModel, tenantModel } from '../../tenants/tenant-model.js';
import { coverageOfCluster } from '../coverage-of-cluster.js';
import { impersonationBy } from '../impersonation.js';
import { ServingFlags } from '../kubeconfig-flags.js';
import { kubeConfigUses } from '../kubeconfig-uses.js';
import { ClusterDirectory } from '../match-cluster.js';
import { type Surroundings, factsOf } from '../object-facts.js';
import { sightingsByObject } from '../object-sightings.js';
import { HOUR, type RemoteApplyObject, remoteApplyObjects, timeOf } from '../remote-apply-object.js';
import { type SourceIndex, indexSources } from '../source-index.js';
import { type EdgeAccess, NO_ACCESS, edgeAccess } from './edge-access.js';
import { edgeAlerting } from './edge-alerts.js';
import { edgeState } from './edge-state.js';

type SnapshotArtifacts = Snapshot['artifacts'];

/** Where sightings of failing objects are kept. */
const SIGHTINGS_OF = 'FLUX-RA-03';
/** A test of the watcher counts for so long, as in FLUX-RA-04. */
const WATCHER_TEST = 7 * 24 * HOUR;
const SUSPEND_GRACE_HOURS = 24;

/** Artifacts without which edges are known in part only. */
export const REMOTE_APPLY_ARTIFACTS = [
  'kustomizations',
  'helmReleases',
  'secretFacts',
  'kubeConfigMaps',
  'alerts',
  'providers',
  'deployments',
  'pods',
] as const;

/**
 * Every Flux object that is applied to another cluster, as far as the snapshot tells: where to, by which credential and
 * as whom, how it stands, and who hears of it when it fails. What could not be read is `unknown` or null, never a good
 * answer. Holds no credential.
 * @param now milliseconds since the epoch
 */
export function remoteApplyEdges(artifacts: SnapshotArtifacts, now: number): RemoteApplyReading {
  const { kustomizations, helmReleases } = artifacts;
  const objects = remoteApplyObjects(valueOf(kustomizations), valueOf(helmReleases));
  const unread = [...unreadKind('Kustomization', kustomizations), ...unreadKind('HelmRelease', helmReleases)];
  if (objects.length === 0) return { edges: [], unread };
  const accessOf = accessByObject(objects, artifacts);
  const tenants = tenantsOf(artifacts);
  const sources = indexSources(artifacts.sources);
  const surroundings = surroundingsOf(artifacts, sources, now);
  const sightings = artifacts.sightings.state === 'collected' ? artifacts.sightings.value : { firstSeen: {} };
  const sightingsOf = sightingsByObject(SIGHTINGS_OF, sightings, now);
  const flags = new ServingFlags(artifacts, now);
  const alertsOf = edgeAlerting({
    coverage: coverageOf(artifacts, now),
    sources,
    events: artifacts.alertEvents,
    watched: isWatched(artifacts, now),
  });
  const edges = objects.map((object): RemoteApplyEdge => {
    const { apiVersion, kind, metadata } = object;
    const { namespace = '', name, uid } = metadata;
    const { target, auth, identity } = accessOf(object);
    const state = edgeState(factsOf(object, sightingsOf(object), surroundings));
    const tenant = tenants?.tenantOf(namespace)?.name;
    return {
      object: { apiVersion, kind, namespace, name, ...(uid !== undefined && { uid }) },
      ...(tenant !== undefined && { tenant }),
      target,
      auth,
      identity: { ...identity, ...impersonated(object, flags) },
      ...state,
      ...alertsOf(object, state),
    };
  });
  return { edges, unread };
}

function valueOf<T>(artifact: Collected<readonly T[]>): readonly T[] {
  return artifact.state === 'collected' ? artifact.value : [];
}

function unreadKind(kind: RemoteApplyKind, artifact: Collected<unknown>): RemoteApplyReading['unread'] {
  return artifact.state === 'unavailable' ? [{ kind, reason: artifact.reason }] : [];
}

function accessByObject(
  objects: readonly RemoteApplyObject[],
  artifacts: SnapshotArtifacts,
): (object: RemoteApplyObject) => EdgeAccess {
  const { fleet } = artifacts;
  const directory: Collected<ClusterDirectory> =
    fleet.state === 'collected' ? { state: 'collected', value: new ClusterDirectory(fleet.value) } : fleet;
  const byObject = new Map<RemoteApplyObject, EdgeAccess>();
  for (const use of kubeConfigUses(objects, artifacts)) {
    const access = edgeAccess(use, directory);
    for (const object of use.objects) byObject.set(object, access);
  }
  return (object) => byObject.get(object) ?? NO_ACCESS;
}

function tenantsOf(artifacts: SnapshotArtifacts): TenantModel | undefined {
  const { registration } = artifacts;
  if (registration.state === 'unavailable') return undefined;
  return tenantModel({ ...artifacts, registration: registration.value });
}

function surroundingsOf(artifacts: SnapshotArtifacts, sources: SourceIndex, now: number): Surroundings {
  const { registration } = artifacts;
  const hours = registration.state === 'collected' ? registration.value.suspendGraceHours : undefined;
  return {
    now,
    suspendGrace: (hours ?? SUSPEND_GRACE_HOURS) * HOUR,
    sources,
    isImpersonated: impersonationBy(artifacts),
  };
}

function coverageOf(artifacts: SnapshotArtifacts, now: number): Parameters<typeof edgeAlerting>[0]['coverage'] {
  const { alerts, providers, deployments, pods } = artifacts;
  if (alerts.state === 'unavailable') return alerts;
  if (providers.state === 'unavailable') return providers;
  if (deployments.state === 'unavailable') return deployments;
  if (pods.state === 'unavailable') return pods;
  const value = coverageOfCluster(
    {
      ...artifacts,
      alerts: alerts.value,
      providers: providers.value,
      deployments: deployments.value,
      pods: pods.value,
    },
    now,
  );
  return { state: 'collected', value };
}

function isWatched({ registration }: SnapshotArtifacts, now: number): boolean {
  const tested = registration.state === 'collected' ? timeOf(registration.value.watcher?.testedAt) : undefined;
  return tested !== undefined && tested <= now && now - tested <= WATCHER_TEST;
}

/** The account whose rights limit the object on the target cluster: the one it names, or the controller's default. */
function impersonated(object: RemoteApplyObject, flags: ServingFlags): { readonly impersonates?: string | null } {
  const named = object.spec.serviceAccountName;
  const account = named === undefined || named === '' ? flags.defaultAccount(object) : named;
  if (account === null) return {};
  if (account === undefined) return { impersonates: null };
  return { impersonates: `${object.metadata.namespace ?? ''}/${excerpt(account, 100)}` };
}
