import {
  type AnyBinding,
  type Artifacts,
  type Collected,
  type HelmRelease,
  type Kustomization,
  type UnavailableReason,
  derived,
  nameList,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { type RbacIndex, accountOf } from '#libs/rbac';
import { type ClusterReading, FACT_ARTIFACTS, clusterFactsOf } from '../access/cluster-facts.js';
import { type TenantModel, tenantModel } from '../tenants/tenant-model.js';
import type { AccessObject } from './access-object.js';
import { platformObjectsOf } from './platform-objects.js';
import { type PlatformPrincipal, platformPrincipals } from './platform-principals.js';
import { sharedObjects } from './shared-objects.js';
import { rbacIndexOf } from './tenant-principals.js';
import { type TenantReach, tenantReach } from './tenant-reach.js';

/** What the access graph is made of. Lists that decide what tenants can do are required: nothing passes without them. */
export const ANALYSIS_ARTIFACTS = [
  'registration',
  'rbac',
  ...FACT_ARTIFACTS,
  'deployments',
  'pods',
  'kustomizations',
  'helmReleases',
  'webhookConfigurations',
  'admissionPolicies',
] as const;

export const ANALYSIS_CONTEXT = [
  'accessReviews',
  'configMaps',
  'enginePolicies',
  'fleet',
  'nodes',
  'platformConfigMaps',
  'secretFacts',
] as const;

export type AnalysisArtifacts = Pick<Artifacts, (typeof ANALYSIS_ARTIFACTS)[number]> & {
  readonly [N in (typeof ANALYSIS_CONTEXT)[number]]: Collected<Artifacts[N]>;
};

export interface AccessAnalysis {
  readonly model: TenantModel;
  readonly index: RbacIndex;
  readonly reading: ClusterReading;
  readonly platform: readonly PlatformPrincipal[];
  /** Bindings that name a principal of the platform and give it what it has. */
  readonly platformBindings: readonly AnyBinding[];
  /** Everything by which the platform's access can be taken away. */
  readonly objects: readonly AccessObject[];
  /** How far the rights of each tenant lead, with what of `objects` they reach. */
  readonly reach: readonly TenantReach[];
}

/** The access graph of a cluster: who is the platform, what its access rests on, and how far tenants reach. */
export function analyseAccess(artifacts: AnalysisArtifacts): AccessAnalysis {
  const model = tenantModel(artifacts);
  const index = rbacIndexOf(artifacts.rbac);
  const reading = clusterFactsOf(artifacts);
  const platform = platformPrincipals(
    artifacts.registration,
    reading.instances,
    artifacts.secretFacts,
    artifacts.fleet,
  );
  const own = platformObjectsOf(platform, index, artifacts.serviceAccounts, artifacts.namespaces);
  const shared = sharedOf(
    model,
    reading,
    artifacts.discovery,
    artifacts.webhookConfigurations,
    artifacts.admissionPolicies,
    artifacts.enginePolicies,
    artifacts.kustomizations,
    platform,
  );
  const objects = joined(own.objects, shared);
  return {
    model,
    index,
    reading,
    platform,
    platformBindings: own.bindings,
    objects,
    reach: tenantReach(model, artifacts.rbac, artifacts.accessReviews, artifacts.serviceAccounts, reading, objects),
  };
}

/** What is of the platform by two reasons counts by the first. */
const joined = derived((own: readonly AccessObject[], shared: readonly AccessObject[]): readonly AccessObject[] => {
  const known = new Set(own.map(({ kind, name }) => `${kind} ${name}`));
  return [...own, ...shared.filter(({ kind, name }) => name === undefined || !known.has(`${kind} ${name}`))];
});

const sharedOf = derived(
  (
    model: TenantModel,
    reading: ClusterReading,
    discovery: Artifacts['discovery'],
    webhookConfigurations: Artifacts['webhookConfigurations'],
    admissionPolicies: Artifacts['admissionPolicies'],
    enginePolicies: Collected<Artifacts['enginePolicies']>,
    kustomizations: Artifacts['kustomizations'],
    platform: readonly PlatformPrincipal[],
  ): readonly AccessObject[] =>
    sharedObjects({
      model,
      discovery,
      webhookConfigurations,
      admissionPolicies,
      enginePolicies: enginePolicies.state === 'collected' ? enginePolicies.value : [],
      kustomizations,
      instances: reading.instances.state === 'collected' ? reading.instances.value : [],
      homes: platform.flatMap(({ identity }) => accountOf(identity.user)?.namespace ?? []),
      awsAuth: reading.possible.awsAuth,
    }),
);

type Unread = Extract<Collected<unknown>, { state: 'unavailable' }>;

/**
 * Why the platform may be more than is known: there are kubeconfigs, and whom they are for could not be read. Each
 * reason is told once. On a cluster that manages others, kubeconfigs lead elsewhere as a rule, so that a single Secret
 * that could not be read says nothing about who the platform is there.
 */
export function unknownPlatform(artifacts: AnalysisArtifacts): readonly Unread[] {
  const remote = [...artifacts.kustomizations, ...artifacts.helmReleases].filter(({ spec }) => spec.kubeConfig);
  if (remote.length === 0) return [];
  const { secretFacts, fleet } = artifacts;
  const whole = [secretFacts, fleet].flatMap((artifact) => (artifact.state === 'unavailable' ? [artifact] : []));
  if (secretFacts.state === 'unavailable' || tenantModel(artifacts).tenancy.role === 'management') return whole;
  return [...whole, ...unreadKubeConfigs(remote, secretFacts.value)];
}

/** Kubeconfigs whose Secret could not be read, or was not looked at; one answer for each reason. */
function unreadKubeConfigs(
  remote: readonly (Kustomization | HelmRelease)[],
  secretFacts: Artifacts['secretFacts'],
): readonly Unread[] {
  const keys = new Set(
    remote.flatMap(({ metadata, spec }) => {
      const name = spec.kubeConfig?.secretRef?.name;
      return name === undefined ? [] : [`${metadata.namespace ?? ''}/${name}`];
    }),
  );
  const byReason = new Map<UnavailableReason, (readonly [key: string, missing: Unread['missing']])[]>();
  for (const key of keys) {
    const entry = Object.hasOwn(secretFacts, key) ? secretFacts[key] : undefined;
    if (entry?.state === 'collected') continue;
    const reason = entry?.reason ?? 'notCollected';
    const known = byReason.get(reason) ?? [];
    byReason.set(reason, known);
    known.push([key, entry?.missing ?? []]);
  }
  return [...byReason].map(([reason, secrets]) => ({
    state: 'unavailable',
    reason,
    message:
      `The kubeconfig of Secret ${nameList(secrets.map(([key]) => excerpt(key, 120)))} was not read. ` +
      'It may lead back to this cluster, and then whoever it is for belongs to the platform, so what the platform’s access rests on is not fully known. Let the auditor read it.',
    missing: secrets.flatMap(([, missing]) => missing),
  }));
}
