import { defineControl } from '#libs/core';
import {
  CONTEXT_ARTIFACTS,
  CONTROLLER_ARTIFACTS,
  inspectControllers,
} from '../controller-flags/inspect-controllers.js';
import { judgeFlags } from '../controller-flags/judge-flags.js';
import { mustBeOn } from '../controller-flags/rules.js';
import { severityByTenancy } from '../controller-flags/weigh.js';

const NO_REMOTE_BASES = mustBeOn('no-remote-bases', {
  advice:
    'Flux recommends the flag, so that all that is built comes from the source, with its checks, and not from other places that a kustomization.yaml names. ' +
    'Set it, after a look for remote git bases in the sources: Kustomizations that use them will stop with BuildFailed. ' +
    'The multitenancy switch of the Helm chart does not set it.',
});

export const kustomizeNoRemoteBases = defineControl({
  id: 'FLUX-KC-03',
  title: 'kustomize-controller runs with --no-remote-bases=true',
  family: 'Kustomize Controller',
  severity: 'high',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Without this flag a kustomization.yaml may build on git repositories that are no Flux source. ' +
    'What is applied is then not what was reviewed, signed and pinned in the source, and it changes when the other place does.',
  audit:
    'Every container of kustomize-controller counts: shards, all namespaces, pods with several controllers, bare pods. ' +
    'Arguments are read as Kubernetes expands them and as the controller parses them. ' +
    'It fails where the flag is absent or false in a running pod or in the template of the Deployment, where the arguments stop the controller, and below v0.25.0 (Flux 0.30), which has no such flag. ' +
    'The flag covers remote git bases; single files by http(s) are fetched all the same, and need a look at the sources.',
  remediation:
    'Look for remote bases in the sources first, and copy them into the source or make them sources of their own. ' +
    'Then add `--no-remote-bases=true` to every kustomize-controller, shards included. ' +
    'With the Flux Operator `spec.cluster.multitenant: true` sets it; with the Helm chart use `kustomizeController.container.additionalArgs`.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#kustomize-controller',
    'https://fluxcd.io/flux/installation/configuration/multitenancy/',
  ],
  requires: CONTROLLER_ARTIFACTS,
  optional: CONTEXT_ARTIFACTS,
  examples: {
    passing: [
      {
        title: 'the flag is set',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata:
            name: kustomize-controller-7c9d-q8lzr
            namespace: flux-system
            labels: { app: kustomize-controller, pod-template-hash: 7c9d }
            ownerReferences:
              - { apiVersion: apps/v1, kind: ReplicaSet, name: kustomize-controller-7c9d, uid: 9f21 }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                args: [--watch-all-namespaces=true, --no-remote-bases=true]`,
      },
    ],
    failing: [
      {
        title: 'a selector without a value takes the flag for its value',
        yaml: `
          apiVersion: apps/v1
          kind: Deployment
          metadata:
            name: kustomize-controller
            namespace: flux-system
            labels: { app.kubernetes.io/part-of: flux, helm.sh/chart: flux2-2.18.3 }
          spec:
            template:
              spec:
                containers:
                  - name: manager
                    image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                    args: [--watch-label-selector, --no-remote-bases=true]`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const inspection = inspectControllers(artifacts, context);
    return judgeFlags(
      {
        components: ['kustomize-controller'],
        rules: () => [NO_REMOTE_BASES],
        severity: severityByTenancy(inspection, 'high', 'medium'),
      },
      inspection,
    );
  },
});
