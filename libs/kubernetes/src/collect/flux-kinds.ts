import type { Alert, FluxInstance, HelmRelease, Kustomization, Provider, Source, SourceKind } from '#libs/core';
import { projectAlert, projectProvider } from '../projection/flux-notifications.js';
import { projectFluxInstance } from '../projection/flux-operator.js';
import { projectHelmRelease, projectKustomization } from '../projection/flux-reconciled.js';
import { projectSource } from '../projection/flux-sources.js';
import type { ListedKind } from './list-served.js';

export const KUSTOMIZATIONS: ListedKind<Kustomization> = {
  group: 'kustomize.toolkit.fluxcd.io',
  resource: 'kustomizations',
  versions: ['v1', 'v1beta2', 'v1beta1'],
  project: projectKustomization,
};

export const HELM_RELEASES: ListedKind<HelmRelease> = {
  group: 'helm.toolkit.fluxcd.io',
  resource: 'helmreleases',
  versions: ['v2', 'v2beta2', 'v2beta1'],
  project: projectHelmRelease,
};

export const ALERTS: ListedKind<Alert> = {
  group: 'notification.toolkit.fluxcd.io',
  resource: 'alerts',
  versions: ['v1beta3', 'v1beta2', 'v1beta1'],
  project: projectAlert,
};

export const PROVIDERS: ListedKind<Provider> = {
  group: 'notification.toolkit.fluxcd.io',
  resource: 'providers',
  versions: ['v1beta3', 'v1beta2', 'v1beta1'],
  project: projectProvider,
};

export const FLUX_INSTANCES: ListedKind<FluxInstance> = {
  group: 'fluxcd.controlplane.io',
  resource: 'fluxinstances',
  versions: ['v1'],
  project: projectFluxInstance,
};

const SOURCE_RESOURCES: Record<SourceKind, string> = {
  GitRepository: 'gitrepositories',
  OCIRepository: 'ocirepositories',
  HelmRepository: 'helmrepositories',
  HelmChart: 'helmcharts',
  Bucket: 'buckets',
  ExternalArtifact: 'externalartifacts',
};

export function sourcesOf(kind: SourceKind): ListedKind<Source> {
  return {
    group: 'source.toolkit.fluxcd.io',
    resource: SOURCE_RESOURCES[kind],
    versions: ['v1', 'v1beta2', 'v1beta1'],
    project: (version) => projectSource(kind, version),
  };
}
