import { defineControl } from '#libs/core';
import {
  CONTEXT_ARTIFACTS,
  CONTROLLER_ARTIFACTS,
  inspectControllers,
} from '../controller-flags/inspect-controllers.js';
import { judgeFlags } from '../controller-flags/judge-flags.js';
import { KUBECONFIG_TLS } from '../controller-flags/kubeconfig-rules.js';
import { isProduction, kubeconfigUse } from '../controller-flags/weigh.js';

export const kustomizeKubeconfigTls = defineControl({
  id: 'FLUX-KC-02',
  title: 'kustomize-controller runs without --insecure-kubeconfig-tls',
  family: 'Kustomize Controller',
  severity: 'high',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'With this flag kustomize-controller accepts kubeconfigs that switch TLS verification off. ' +
    'Flux recommends to keep it off: the identity of a target cluster is proven by its certificate alone, and what is applied there may hold secrets.',
  audit:
    'Every container of kustomize-controller counts: shards, all namespaces, pods with several controllers, bare pods. ' +
    'Arguments are read as Kubernetes expands them and as the controller parses them: the last occurrence wins, a bare flag means true, what follows `--` has no effect. ' +
    'It fails where the flag is true in a running pod or in the template of the Deployment, where the arguments stop the controller, and below v0.23.0, which had no such limit. ' +
    'It is not evaluated where an argument depends on a Secret or a shell script.',
  remediation:
    'Remove the argument, or the patch or chart value that adds it, from every instance. ' +
    'Put the CA of the target cluster into the kubeconfig (`certificate-authority-data`). ' +
    'Off, the flag still lets `server: http://…` through: check the addresses in kubeconfigs too.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#kustomize-controller',
    'https://fluxcd.io/flux/components/kustomize/kustomizations/#kubeconfig-remote-clusters',
  ],
  requires: CONTROLLER_ARTIFACTS,
  optional: CONTEXT_ARTIFACTS,
  examples: {
    passing: [
      {
        title: 'the flag is not set',
        yaml: `
          apiVersion: apps/v1
          kind: Deployment
          metadata:
            name: kustomize-controller
            namespace: flux-system
            labels: { app.kubernetes.io/part-of: flux, app.kubernetes.io/component: kustomize-controller }
          spec:
            template:
              spec:
                containers:
                  - name: manager
                    image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                    args: [--watch-all-namespaces, --log-level=info, --enable-leader-election]
          ---
          apiVersion: v1
          kind: Pod
          metadata:
            name: kustomize-controller-6d5f7c9b8-x2x7q
            namespace: flux-system
            labels: { app: kustomize-controller, pod-template-hash: 6d5f7c9b8 }
            ownerReferences:
              - { apiVersion: apps/v1, kind: ReplicaSet, name: kustomize-controller-6d5f7c9b8, uid: 3c0b }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                args: [--watch-all-namespaces, --log-level=info, --enable-leader-election]`,
      },
    ],
    failing: [
      {
        title: 'the flag is set, here without a value, which means true',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata:
            name: kustomize-controller-6d5f7c9b8-x2x7q
            namespace: flux-system
            labels: { app: kustomize-controller, pod-template-hash: 6d5f7c9b8 }
            ownerReferences:
              - { apiVersion: apps/v1, kind: ReplicaSet, name: kustomize-controller-6d5f7c9b8, uid: 3c0b }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                args: [--watch-all-namespaces, --insecure-kubeconfig-tls]`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const inspection = inspectControllers(artifacts, context);
    return judgeFlags(
      {
        components: ['kustomize-controller'],
        rules: () => [KUBECONFIG_TLS],
        severity: isProduction(inspection) ? 'critical' : 'high',
        ...kubeconfigUse(artifacts.kustomizations, 'Kustomizations'),
      },
      inspection,
    );
  },
});
