import { defineControl } from '#libs/core';
import {
  CONTEXT_ARTIFACTS,
  CONTROLLER_ARTIFACTS,
  inspectControllers,
} from '../controller-flags/inspect-controllers.js';
import { judgeFlags } from '../controller-flags/judge-flags.js';
import { KUBECONFIG_EXEC } from '../controller-flags/kubeconfig-rules.js';
import { kubeconfigUse, severityByTenancy } from '../controller-flags/weigh.js';

export const helmKubeconfigExec = defineControl({
  id: 'FLUX-HC-01',
  title: 'helm-controller runs without --insecure-kubeconfig-exec',
  family: 'Helm Controller',
  severity: 'critical',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'With this flag helm-controller uses the exec section of kubeconfigs that HelmReleases refer to. ' +
    'Flux recommends to keep it off, above all where tenants create such objects: a kubeconfig should hold its own credential.',
  audit:
    'Every container of helm-controller counts: shards, all namespaces, pods with several controllers, bare pods. ' +
    'Arguments are read as Kubernetes expands them and as the controller parses them: the last occurrence wins, a bare flag means true, what follows `--` has no effect. ' +
    'It fails where the flag is true in a running pod or in the template of the Deployment, where the arguments stop the controller, and below v0.19.0, which had no such limit. ' +
    'It is not evaluated where an argument depends on a Secret or a shell script.',
  remediation:
    'Remove the argument, or the patch or chart value that adds it, from every instance. ' +
    'Use `spec.kubeConfig.configMapRef` with a cloud provider or OIDC (Flux 2.7 and later), or kubeconfigs with a static, short-lived token, in place of exec plugins.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#helm-controller',
    'https://github.com/fluxcd/flux2/security/advisories/GHSA-vvmq-fwmg-2gjc',
    'https://fluxcd.io/flux/components/helm/helmreleases/#kubeconfig-remote-clusters',
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
            name: helm-controller
            namespace: flux-system
            labels: { app.kubernetes.io/part-of: flux, app.kubernetes.io/component: helm-controller }
          spec:
            template:
              spec:
                containers:
                  - name: manager
                    image: ghcr.io/fluxcd/helm-controller:v1.6.3
                    args: [--watch-all-namespaces, --log-level=info, --enable-leader-election]
          ---
          apiVersion: v1
          kind: Pod
          metadata:
            name: helm-controller-6d5f7c9b8-x2x7q
            namespace: flux-system
            labels: { app: helm-controller, pod-template-hash: 6d5f7c9b8 }
            ownerReferences:
              - { apiVersion: apps/v1, kind: ReplicaSet, name: helm-controller-6d5f7c9b8, uid: 3c0b }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/helm-controller:v1.6.3
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
            name: helm-controller-6d5f7c9b8-x2x7q
            namespace: flux-system
            labels: { app: helm-controller, pod-template-hash: 6d5f7c9b8 }
            ownerReferences:
              - { apiVersion: apps/v1, kind: ReplicaSet, name: helm-controller-6d5f7c9b8, uid: 3c0b }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/helm-controller:v1.6.3
                args: [--watch-all-namespaces, --insecure-kubeconfig-exec]`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const inspection = inspectControllers(artifacts, context);
    return judgeFlags(
      {
        components: ['helm-controller'],
        rules: () => [KUBECONFIG_EXEC],
        severity: severityByTenancy(inspection, 'critical', 'high'),
        ...kubeconfigUse(artifacts.helmReleases, 'HelmReleases'),
      },
      inspection,
    );
  },
});
