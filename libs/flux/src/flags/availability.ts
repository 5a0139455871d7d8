import type { Component } from '../components.js';
import { type Version, isOlder } from '../versions/version.js';

/**
 * The first version of a controller that has a flag, for the flags that are audited; from the tags of each
 * controller. A flag that is not listed is taken to be as old as the controller.
 */
const FIRST_VERSION: Readonly<Record<string, Readonly<Partial<Record<Component, Version>>>>> = {
  'insecure-kubeconfig-exec': { 'kustomize-controller': '0.23.0', 'helm-controller': '0.19.0' },
  'insecure-kubeconfig-tls': { 'kustomize-controller': '0.23.0', 'helm-controller': '0.19.0' },
  'no-remote-bases': { 'kustomize-controller': '0.25.0' },
  'no-cross-namespace-refs': {
    'kustomize-controller': '0.20.0',
    'helm-controller': '0.16.0',
    'notification-controller': '0.21.0',
    'image-reflector-controller': '0.16.0',
    'image-automation-controller': '0.20.0',
    'source-watcher': '2.0.0',
  },
  // For kustomize- and helm-controller the account to impersonate, for the others workload identity.
  'default-service-account': {
    'kustomize-controller': '0.20.0',
    'helm-controller': '0.16.0',
    'source-controller': '1.7.0',
    'notification-controller': '1.7.0',
    'image-reflector-controller': '1.0.0',
    'image-automation-controller': '1.0.0',
  },
  'default-decryption-service-account': { 'kustomize-controller': '1.7.0' },
  'default-kubeconfig-service-account': { 'kustomize-controller': '1.7.0', 'helm-controller': '1.4.0' },
  'watch-label-selector': {
    'source-controller': '1.0.0',
    'kustomize-controller': '1.0.0',
    'helm-controller': '0.32.0',
    'image-reflector-controller': '0.27.0',
    'image-automation-controller': '0.32.0',
    'source-watcher': '2.0.0',
  },
  'sops-age-secret': { 'kustomize-controller': '1.7.0' },
  'sops-vault-configmap': { 'kustomize-controller': '1.9.0' },
  'feature-gates': {
    'kustomize-controller': '0.33.0',
    'helm-controller': '0.28.0',
    'source-controller': '0.25.0',
    'notification-controller': '0.31.0',
    'image-reflector-controller': '0.24.0',
    'image-automation-controller': '0.23.0',
  },
};

/** The first Flux release that ships a flag on every controller that has it. */
const FIRST_FLUX: Readonly<Record<string, Version>> = {
  'insecure-kubeconfig-exec': '0.29.0',
  'insecure-kubeconfig-tls': '0.29.0',
  'no-remote-bases': '0.30.0',
  'no-cross-namespace-refs': '0.26.0',
  'default-decryption-service-account': '2.7.0',
  'default-kubeconfig-service-account': '2.7.0',
};

/** Undefined where the controller had the flag from its beginning, or where nobody looked. */
export function firstVersionOf(flag: string, component: Component): Version | undefined {
  return FIRST_VERSION[flag]?.[component];
}

export function firstFluxOf(flag: string, component: Component): Version | undefined {
  if (flag !== 'default-service-account') return FIRST_FLUX[flag];
  return component === 'kustomize-controller' || component === 'helm-controller' ? '0.26.0' : '2.7.0';
}

/** Whether a build of this version knows the flag. A build of unknown version is taken to. */
export function hasFlag(flag: string, component: Component, version: Version | undefined): boolean {
  const first = firstVersionOf(flag, component);
  return version === undefined || first === undefined || !isOlder(version, first);
}
