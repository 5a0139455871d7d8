import type { Benchmark } from '#libs/core';
import type { ControlId } from '../catalog.generated.js';
import { type Procedure, requirement } from './requirement.js';

const procedure = (title: string, ...controls: readonly ControlId[]): Procedure => ({ title, controls });

/** The recommendations of the page with the audit procedures of each, in its order. */
const REQUIREMENTS = [
  requirement(
    'helm-controller-kubeconfig-exec',
    'helm-controller was not started with --insecure-kubeconfig-exec=true',
    [procedure('Look for the flag on helm-controller', 'FLUX-HC-01')],
  ),
  requirement('helm-controller-kubeconfig-tls', 'helm-controller was not started with --insecure-kubeconfig-tls=true', [
    procedure('Look for the flag on helm-controller', 'FLUX-HC-02'),
  ]),
  requirement(
    'kustomize-controller-kubeconfig-exec',
    'kustomize-controller was not started with --insecure-kubeconfig-exec=true',
    [procedure('Look for the flag on kustomize-controller', 'FLUX-KC-01')],
  ),
  requirement(
    'kustomize-controller-kubeconfig-tls',
    'kustomize-controller was not started with --insecure-kubeconfig-tls=true',
    [procedure('Look for the flag on kustomize-controller', 'FLUX-KC-02')],
  ),
  requirement('kustomize-controller-no-remote-bases', 'kustomize-controller was started with --no-remote-bases=true', [
    procedure('Look for the flag on kustomize-controller', 'FLUX-KC-03'),
  ]),
  requirement('secret-decryption', 'Secret decryption is enabled, and sources hold no secrets in plain text', [
    procedure('Look for plain-text secrets in the sources, in their history too'),
    procedure('Look for spec.decryption on each Kustomization'),
  ]),
  requirement(
    'shared-no-cross-namespace-refs',
    'Shared clusters: the controllers were started with --no-cross-namespace-refs=true',
    [procedure('Look for the flag on the controllers', 'FLUX-MT-01')],
  ),
  requirement(
    'shared-default-service-account',
    'Shared clusters: the controllers were started with --default-service-account',
    [procedure('Look for the flag on kustomize- and helm-controller', 'FLUX-MT-02')],
  ),
  requirement(
    'shared-workload-identity-defaults',
    'Shared clusters: the controllers were started with default service accounts for workload identity',
    [procedure('Look for the flags on the controllers', 'FLUX-MT-06')],
  ),
  requirement('shared-secret-isolation', 'Shared clusters: secret decryption keeps tenants apart', [
    procedure('Check that the secret provider keeps the keys of tenants apart and is hardened'),
    procedure('Check that sealed secrets are bound to their namespace'),
  ]),
  requirement(
    'shared-resource-isolation',
    'Shared clusters: mission-critical workloads have their own Flux controllers',
    [procedure('Check that each controller watches a label selector of its own')],
  ),
  requirement(
    'shared-node-isolation',
    'Shared clusters: nodes are not shared between tenants and the Flux controllers',
    [
      procedure('Check that nodes are isolated as the guidelines say'),
      procedure('Check that admission refuses privileged containers of tenants'),
      procedure('Check that workloads are sandboxed by a RuntimeClass where nodes are shared'),
      procedure('Check that taints and affinity enforce the separation'),
    ],
  ),
  requirement(
    'shared-network-isolation',
    'Shared clusters: the network plugin supports and enforces network policies',
    [
      procedure('Check that networks are isolated as the guidelines say'),
      procedure('Check that policies are there and enforced by the network plugin'),
    ],
  ),
  requirement(
    'dedicated-platform-access',
    'Dedicated clusters: tenants cannot revoke the access of the platform admins, and a loss is noticed',
    [
      procedure('Check that a failing remote apply raises an alert', 'FLUX-RA-03'),
      procedure('Check that the permissions of tenants are not excessive'),
      procedure('Check that admission protects the access of the platform admins'),
    ],
  ),
];

/** https://fluxcd.io/flux/security/best-practices/ as published in 2026-11, in its order. */
export const fluxSecurityBestPractices: Benchmark = {
  id: 'flux-security-best-practices@2026.11',
  title: 'Flux security best practices',
  source: 'https://fluxcd.io/flux/security/best-practices/',
  requirements: REQUIREMENTS,
};
