import type { FlagRule } from './flag-rule.js';
import { mustBeOff } from './rules.js';

const UPGRADE =
  'Such builds use everything that a kubeconfig holds, the exec section included (CVE-2022-24817). Upgrade Flux.';

function tooOld(_component: unknown, first: string): ReturnType<FlagRule['tooOld']> {
  return {
    reason: 'UNSAFE_VERSION',
    what: `is older than v${first}, the first version that limits what kubeconfigs may do`,
    advice: UPGRADE,
    notByArgument: true,
  };
}

/** `--insecure-kubeconfig-exec`, the same flag in kustomize-controller and helm-controller. */
export const KUBECONFIG_EXEC = mustBeOff('insecure-kubeconfig-exec', {
  advice:
    'Flux recommends to keep it off, so that the exec section of kubeconfigs is not used. ' +
    'Remove the argument, and let objects use spec.kubeConfig.configMapRef (Flux 2.7) or a kubeconfig with its own short-lived token.',
  tooOld,
});

/** `--insecure-kubeconfig-tls`, the same flag in kustomize-controller and helm-controller. */
export const KUBECONFIG_TLS = mustBeOff('insecure-kubeconfig-tls', {
  advice:
    'Flux recommends to keep it off, so that the certificates of target clusters are verified. ' +
    'Remove the argument, and put the CA into the kubeconfig (certificate-authority-data). ' +
    'The flag says nothing about servers with a plain http address: look at those in the kubeconfigs themselves.',
  tooOld,
});
