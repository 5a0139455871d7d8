import type { Benchmark } from '#libs/core';
import type { ControlId } from '../catalog.generated.js';

interface Requirement {
  readonly id: string;
  readonly title: string;
  /** Empty where no control automates it yet. */
  readonly controls: readonly ControlId[];
}

const REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'helm-controller-kubeconfig-exec',
    title: 'helm-controller was not started with --insecure-kubeconfig-exec=true',
    controls: ['FLUX-HC-01'],
  },
  {
    id: 'helm-controller-kubeconfig-tls',
    title: 'helm-controller was not started with --insecure-kubeconfig-tls=true',
    controls: ['FLUX-HC-02'],
  },
  {
    id: 'kustomize-controller-kubeconfig-exec',
    title: 'kustomize-controller was not started with --insecure-kubeconfig-exec=true',
    controls: ['FLUX-KC-01'],
  },
  {
    id: 'kustomize-controller-kubeconfig-tls',
    title: 'kustomize-controller was not started with --insecure-kubeconfig-tls=true',
    controls: ['FLUX-KC-02'],
  },
  {
    id: 'kustomize-controller-no-remote-bases',
    title: 'kustomize-controller was started with --no-remote-bases=true',
    controls: ['FLUX-KC-03'],
  },
  {
    id: 'secret-decryption',
    title: 'Secret decryption is enabled, and sources hold no secrets in plain text',
    controls: [],
  },
  {
    id: 'shared-no-cross-namespace-refs',
    title: 'Shared clusters: the controllers were started with --no-cross-namespace-refs=true',
    controls: ['FLUX-MT-01'],
  },
  {
    id: 'shared-default-service-account',
    title: 'Shared clusters: the controllers were started with --default-service-account',
    controls: ['FLUX-MT-02'],
  },
  {
    id: 'shared-workload-identity-defaults',
    title: 'Shared clusters: the controllers were started with default service accounts for workload identity',
    controls: ['FLUX-MT-06'],
  },
  {
    id: 'shared-secret-isolation',
    title: 'Shared clusters: secret decryption keeps tenants apart',
    controls: [],
  },
  {
    id: 'shared-resource-isolation',
    title: 'Shared clusters: mission-critical workloads have their own Flux controllers',
    controls: [],
  },
  {
    id: 'shared-node-isolation',
    title: 'Shared clusters: nodes are not shared between tenants and the Flux controllers',
    controls: [],
  },
  {
    id: 'shared-network-isolation',
    title: 'Shared clusters: the network plugin supports and enforces network policies',
    controls: [],
  },
  {
    id: 'dedicated-platform-access',
    title: 'Dedicated clusters: tenants cannot revoke the access of the platform admins, and a loss is noticed',
    controls: ['FLUX-RA-03'],
  },
];

/** https://fluxcd.io/flux/security/best-practices/ as published in 2026-11, in its order. */
export const fluxSecurityBestPractices: Benchmark = {
  id: 'flux-security-best-practices@2026.11',
  title: 'Flux security best practices',
  source: 'https://fluxcd.io/flux/security/best-practices/',
  requirements: REQUIREMENTS,
};
