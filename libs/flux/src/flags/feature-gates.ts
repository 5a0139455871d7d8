import type { Component } from '../components.js';
import { type Version, isOlder } from '../versions/version.js';

/** Lets objects name the service account whose cloud identity they use (Flux 2.6). */
export const WORKLOAD_IDENTITY_GATE = 'ObjectLevelWorkloadIdentity';

/** Gates of each controller in the releases of `FLAGS_AS_OF`, with their defaults. */
const GATES: Record<Component, Readonly<Record<string, boolean>>> = {
  'source-controller': { CacheSecretsAndConfigMaps: false, [WORKLOAD_IDENTITY_GATE]: false },
  'kustomize-controller': {
    AdditiveCELDependencyCheck: false,
    CacheSecretsAndConfigMaps: false,
    CancelHealthCheckOnNewRevision: false,
    DirectSourceFetch: false,
    DisableConfigWatchers: false,
    DisableFailFastBehavior: false,
    DisableStatusPollerCache: true,
    ExternalArtifact: false,
    GroupChangeLog: false,
    MigrateAPIVersion: false,
    [WORKLOAD_IDENTITY_GATE]: false,
    StrictPostBuildSubstitutions: true,
  },
  'helm-controller': {
    AdditiveCELDependencyCheck: false,
    AdoptLegacyReleases: false,
    AllowDNSLookups: false,
    CacheSecretsAndConfigMaps: false,
    CancelHealthCheckOnNewRevision: false,
    CorrectDrift: false,
    DefaultToRetryOnFailure: false,
    DetectDrift: false,
    DirectSourceFetch: false,
    DisableChartDigestTracking: false,
    DisableConfigWatchers: false,
    ExternalArtifact: false,
    OOMWatch: false,
    [WORKLOAD_IDENTITY_GATE]: false,
    UseHelm3Defaults: false,
  },
  'notification-controller': {
    CacheSecretsAndConfigMaps: false,
    DisableConfigWatchers: false,
    [WORKLOAD_IDENTITY_GATE]: false,
  },
  'image-reflector-controller': {
    CacheSecretsAndConfigMaps: false,
    FluxStorage: false,
    [WORKLOAD_IDENTITY_GATE]: false,
  },
  'image-automation-controller': {
    CacheSecretsAndConfigMaps: false,
    GitAllBranchReferences: true,
    GitForcePushBranch: true,
    GitShallowClone: true,
    GitSparseCheckout: false,
    [WORKLOAD_IDENTITY_GATE]: false,
  },
  'source-watcher': {},
};

const FIRST_VERSION: Readonly<Record<string, Readonly<Partial<Record<Component, Version>>>>> = {
  [WORKLOAD_IDENTITY_GATE]: {
    'source-controller': '1.6.0',
    'kustomize-controller': '1.6.0',
    'notification-controller': '1.6.0',
    'image-reflector-controller': '0.35.0',
    'image-automation-controller': '0.41.0',
    'helm-controller': '1.4.0',
  },
  ExternalArtifact: { 'kustomize-controller': '1.7.0', 'helm-controller': '1.4.0' },
  AllowDNSLookups: { 'helm-controller': '0.31.0' },
};

/** Whether the gate exists in the newest known build. source-watcher defines its gates in no place that was read. */
export function knowsGate(gate: string, component: Component): boolean | undefined {
  return component === 'source-watcher' ? undefined : gate in GATES[component];
}

/** The default of a gate that is not mentioned. */
export function gateDefault(gate: string, component: Component): boolean {
  return GATES[component][gate] ?? false;
}

/** Whether a build of this version has the gate, as far as its first version is known. */
export function hasGate(gate: string, component: Component, version: Version | undefined): boolean {
  const first = FIRST_VERSION[gate]?.[component];
  return version === undefined || first === undefined || !isOlder(version, first);
}
