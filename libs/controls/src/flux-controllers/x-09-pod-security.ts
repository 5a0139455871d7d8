import {
  type Namespace,
  type Observation,
  CLUSTER_SUBJECT,
  defineControl,
  notApplicable,
  notEvaluated,
  objectReference,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { COMPONENTS, excerpt, fluxNamespacesOf } from '#libs/flux';
import {
  CONTEXT_ARTIFACTS,
  CONTROLLER_ARTIFACTS,
  inspectControllers,
  withState,
} from '../controller-flags/inspect-controllers.js';
import { unseenControllers } from '../controller-flags/unseen-controllers.js';
import { shellText } from '../git-sources/shell-text.js';
import { hasConstraints } from '../node-isolation/open-shift.js';
import { judgeHardening } from './judge-hardening.js';

const ENFORCE = 'pod-security.kubernetes.io/enforce';

/** Whether the API server refuses pods in the namespace of Flux that are not confined. Upstream only warns. */
function judgeNamespace(name: string, namespaces: ReadonlyMap<string, Namespace>): Observation {
  const namespace = namespaces.get(name);
  if (!namespace) {
    const message = `The namespace ${name}, where Flux runs, is not in the list of namespaces, so its labels are not known. Run the audit again.`;
    return notEvaluated({ kind: 'Namespace', name }, 'undecidable', 'NAMESPACE_MISSING', message);
  }
  const subject = subjectOf(namespace);
  const level = namespace.metadata.labels?.[ENFORCE];
  if (level === 'restricted') {
    return pass(
      subject,
      'RESTRICTED',
      `The API server admits only restricted pods to ${name}. There is nothing to do.`,
    );
  }
  const state = level === undefined ? 'enforces no pod security level' : `enforces the level "${excerpt(level, 40)}"`;
  const message =
    `The namespace ${name}, where Flux runs, ${state}. Its manifests are restricted, but other pods there need not be, and they are near the credentials of Flux. ` +
    `Label it ${ENFORCE}=restricted, after a trial that shows which pods do not fit.`;
  const labels = namespace.metadata.labels !== undefined;
  const command = (dryRun: string) =>
    `kubectl label${dryRun} --overwrite namespace ${shellText(name)} ${ENFORCE}=restricted`;
  return warn(subject, 'NOT_ENFORCED', message, {
    severity: 'low',
    evidence: [
      {
        object: objectReference(namespace),
        pointer: labels ? `/metadata/labels/${ENFORCE.replace('/', '~1')}` : '/metadata/labels',
        observed: level === undefined ? null : excerpt(level, 40),
        expected: 'restricted',
      },
    ],
    fixes: [
      {
        form: 'steps',
        title: 'Enforce the level restricted',
        content: `# Prints the pods that are there and would be refused; those must be changed first.\n${command(' --dry-run=server')}\n${command('')}\n`,
      },
    ],
  });
}

export const podSecurity = defineControl({
  id: 'FLUX-X-09',
  title: 'Pods of Flux controllers are confined as upstream ships them',
  family: 'Flux controllers',
  severity: 'medium',
  scope: ['shared', 'management', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'Controllers of Flux unpack archives, render templates and run decryption on what comes from outside. ' +
    'Upstream confines their containers, so that a flaw there does not become power over the node. Containers that somebody adds to their pods share their network and may use their accounts.',
  audit:
    'Fails a controller whose container may run as root or gain privileges, keeps or adds capabilities, can write to its root file system, or has no seccomp profile (on OpenShift the platform gives one). ' +
    'The same for a pod in the network of its node or with paths of it, and for containers that are none of Flux; those of a known service mesh are a warning. ' +
    'A namespace of Flux that does not enforce the pod security level `restricted` is a warning, for upstream labels it to warn only.',
  remediation:
    'Remove the patches that loosen the manifests of Flux, and what adds containers to its pods. ' +
    'Label the namespace of Flux `pod-security.kubernetes.io/enforce=restricted`.',
  references: [
    'https://fluxcd.io/flux/security/#pod-security-standard',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/concepts/security/pod-security-admission/',
  ],
  requires: [...CONTROLLER_ARTIFACTS, 'namespaces', 'discovery'],
  optional: CONTEXT_ARTIFACTS.filter((name) => name !== 'namespaces' && name !== 'discovery'),
  examples: {
    passing: [
      {
        title: 'as Flux ships it, in a namespace that enforces it',
        yaml: `
          apiVersion: v1
          kind: Namespace
          metadata: { name: flux-system, labels: { pod-security.kubernetes.io/enforce: restricted } }
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: helm-controller-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/helm-controller:v1.6.3
                securityContext:
                  allowPrivilegeEscalation: false
                  capabilities: { drop: [ALL] }
                  readOnlyRootFilesystem: true
                  runAsNonRoot: true
                  seccompProfile: { type: RuntimeDefault }`,
      },
    ],
    failing: [
      {
        title: 'a container without a securityContext, on the network of its node',
        yaml: `
          apiVersion: v1
          kind: Namespace
          metadata: { name: flux-system, labels: { pod-security.kubernetes.io/warn: restricted } }
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: helm-controller-0, namespace: flux-system }
          spec:
            hostNetwork: true
            containers: [{ name: manager, image: "ghcr.io/fluxcd/helm-controller:v1.6.3" }]`,
      },
      {
        title: 'a container of somebody beside the controller',
        yaml: `
          apiVersion: v1
          kind: Namespace
          metadata: { name: flux-system }
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: helm-controller-0, namespace: flux-system }
          spec:
            securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
            containers:
              - name: manager
                image: ghcr.io/fluxcd/helm-controller:v1.6.3
                securityContext:
                  allowPrivilegeEscalation: false
                  capabilities: { drop: [ALL] }
                  readOnlyRootFilesystem: true
              - { name: debug, image: "docker.io/library/busybox:latest" }`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const { discovery, namespaces } = artifacts;
    const inspection = inspectControllers(
      { ...artifacts, discovery: withState(discovery), namespaces: withState(namespaces) },
      context,
    );
    const { instances } = inspection;
    const unseen = unseenControllers(COMPONENTS, inspection);
    if (instances.length + unseen.length === 0) {
      return [notApplicable(CLUSTER_SUBJECT, 'NO_CONTROLLER', 'No controller of Flux runs in this cluster.')];
    }
    const facts = { inspection, openShift: hasConstraints(discovery) };
    const byName = new Map(namespaces.map((namespace) => [namespace.metadata.name, namespace]));
    return [
      ...unseen,
      ...instances.flatMap((instance) => judgeHardening(instance, facts)),
      ...fluxNamespacesOf(instances).map((name) => judgeNamespace(name, byName)),
    ];
  },
});
