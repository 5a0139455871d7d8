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
    procedure('Look for the flag on kustomize-controller', 'FLUX-KC-03', 'FLUX-KC-04'),
  ]),
  requirement('secret-decryption', 'Secret decryption is enabled, and sources hold no secrets in plain text', [
    procedure('Look for plain-text secrets in the sources, in their history too'),
    procedure('Look for spec.decryption on each Kustomization', 'FLUX-SEC-03'),
  ]),
  requirement(
    'shared-no-cross-namespace-refs',
    'Shared clusters: the controllers were started with --no-cross-namespace-refs=true',
    [procedure('Look for the flag on the controllers', 'FLUX-MT-01', 'FLUX-MT-05')],
  ),
  requirement(
    'shared-default-service-account',
    'Shared clusters: the controllers were started with --default-service-account',
    [procedure('Look for the flag on kustomize- and helm-controller', 'FLUX-MT-02', 'FLUX-MT-03', 'FLUX-MT-04')],
  ),
  requirement(
    'shared-workload-identity-defaults',
    'Shared clusters: the controllers were started with default service accounts for workload identity',
    [procedure('Look for the flags on the controllers', 'FLUX-MT-06', 'FLUX-MT-07')],
  ),
  requirement('shared-secret-isolation', 'Shared clusters: secret decryption keeps tenants apart', [
    procedure(
      'Check that the secret provider keeps the keys of tenants apart and is hardened',
      'FLUX-KEK-01',
      'FLUX-KEK-02',
      'FLUX-KEK-03',
    ),
    procedure('Check that sealed secrets are bound to their namespace', 'FLUX-SS-01', 'FLUX-SS-02'),
  ]),
  requirement(
    'shared-resource-isolation',
    'Shared clusters: mission-critical workloads have their own Flux controllers',
    [
      procedure(
        'Check that each controller watches a label selector of its own',
        'FLUX-RES-01',
        'FLUX-RES-02',
        'FLUX-RES-03',
        'FLUX-RES-04',
      ),
    ],
  ),
  requirement(
    'shared-node-isolation',
    'Shared clusters: nodes are not shared between tenants and the Flux controllers',
    [
      procedure('Check that nodes are isolated as the guidelines say', 'FLUX-NODE-01'),
      procedure('Check that admission refuses privileged containers of tenants', 'FLUX-NODE-02'),
      procedure('Check that workloads are sandboxed by a RuntimeClass where nodes are shared', 'FLUX-NODE-03'),
      procedure('Check that taints and affinity enforce the separation', 'FLUX-NODE-04'),
    ],
  ),
  requirement(
    'shared-network-isolation',
    'Shared clusters: the network plugin supports and enforces network policies',
    [
      procedure('Check that networks are isolated as the guidelines say', 'FLUX-NET-04'),
      procedure(
        'Check that policies are there and enforced by the network plugin',
        'FLUX-NET-01',
        'FLUX-NET-02',
        'FLUX-NET-03',
      ),
    ],
  ),
  requirement(
    'dedicated-platform-access',
    'Dedicated clusters: tenants cannot revoke the access of the platform admins, and a loss is noticed',
    [
      procedure(
        'Check that a failing remote apply raises an alert',
        'FLUX-RA-01',
        'FLUX-RA-02',
        'FLUX-RA-03',
        'FLUX-RA-04',
        'FLUX-RA-05',
        'FLUX-RA-06',
      ),
      procedure('Check that the permissions of tenants are not excessive', 'FLUX-DED-01', 'FLUX-DED-03'),
      procedure(
        'Check that admission protects the access of the platform admins, and that there is a way in when all else fails',
        'FLUX-DED-02',
        'FLUX-DED-04',
        'FLUX-BG-01',
        'FLUX-BG-02',
        'FLUX-BG-03',
        'FLUX-BG-04',
        'FLUX-BG-05',
      ),
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
