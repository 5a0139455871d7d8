import {
  CLUSTER_SUBJECT,
  defineControl,
  notApplicable,
  notEvaluated,
  objectReference,
  subjectOf,
  unavailable,
} from '#libs/core';
import { discoverControllers, unrecognisedControllers } from '#libs/flux';
import { accessOf } from '../access/access.js';
import { controllerAccounts } from './controller-accounts.js';
import { judgeControllerRights } from './judge-controller-rights.js';

export const controllerRights = defineControl({
  id: 'FLUX-X-08',
  title: 'Flux controllers have no more rights than they need',
  family: 'Flux controllers',
  severity: 'high',
  scope: ['shared', 'management', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Kustomize- and helm-controller apply what is in the sources, and upstream lets them do everything. The other controllers fetch, notify and write to Git; they need their own objects, Secrets to read, and events. ' +
    'What a controller may do beyond that is at stake whenever something is wrong with what it processes.',
  audit:
    'Collects the rights of the service account of every Flux controller from all roles and bindings. ' +
    '`cluster-admin` is expected of kustomize- and helm-controller and fails for any other controller; where they share one account with others it is a warning. ' +
    "Rights to change something that upstream's ClusterRole `crd-controller` does not have are a warning, and so is the right to create tokens of service accounts while the feature gate `ObjectLevelWorkloadIdentity` is off.",
  remediation:
    'Bind the ClusterRole `crd-controller` to the accounts of source-, notification- and image controllers and source-watcher, and nothing else. ' +
    'Where every object names a service account, kustomize- and helm-controller need no more than the right to impersonate (`multitenancy.privileged: false` of the Helm chart).',
  references: [
    'https://fluxcd.io/flux/security/#controller-permissions',
    'https://fluxcd.io/flux/security/best-practices/',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
  ],
  requires: ['deployments', 'pods', 'rbac'],
  optional: ['configMaps'],
  examples: {
    passing: [
      {
        title: 'source-controller reads Secrets and writes its own objects',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata: { name: source-controller-0, namespace: flux-system }
          spec:
            serviceAccountName: source-controller
            containers:
              - { name: manager, image: "ghcr.io/fluxcd/source-controller:v1.9.4" }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: crd-controller }
          rules:
            - { apiGroups: [source.toolkit.fluxcd.io], resources: ["*"], verbs: ["*"] }
            - { apiGroups: [""], resources: [secrets, namespaces], verbs: [get, list, watch] }
            - { apiGroups: [""], resources: [events], verbs: [create, patch] }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRoleBinding
          metadata: { name: crd-controller }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: crd-controller }
          subjects: [{ kind: ServiceAccount, name: source-controller, namespace: flux-system }]`,
      },
    ],
    failing: [
      {
        title: 'source-controller may do everything',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata: { name: source-controller-0, namespace: flux-system }
          spec:
            serviceAccountName: source-controller
            containers:
              - { name: manager, image: "ghcr.io/fluxcd/source-controller:v1.9.4" }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: cluster-admin }
          rules:
            - { apiGroups: ["*"], resources: ["*"], verbs: ["*"] }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRoleBinding
          metadata: { name: flux }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
          subjects: [{ kind: ServiceAccount, name: source-controller, namespace: flux-system }]`,
      },
    ],
  },
  evaluate: ({ deployments, pods, rbac, configMaps }) => {
    const instances = discoverControllers({
      deployments,
      pods,
      ...(configMaps.state === 'collected' && { configMaps: configMaps.value }),
    });
    const { index } = accessOf(rbac, unavailable('notCollected', 'It is not needed for what roles say.'));
    const judged = controllerAccounts(instances).flatMap((account) => judgeControllerRights(account, index));
    const unseen = unrecognisedControllers({ deployments, pods }, instances).map(({ object, pointer, image }) => {
      const message = `${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name} looks like a Flux controller, and its image does not say which one, so its rights are not judged. Give its Deployment the labels app.kubernetes.io/part-of=flux and app.kubernetes.io/component.`;
      const evidence = { object: objectReference(object), pointer, observed: image, expected: 'an image of Flux' };
      return notEvaluated(subjectOf(object), 'undecidable', 'CONTROLLER_UNRECOGNISED', message, {
        evidence: [evidence],
      });
    });
    if (judged.length + unseen.length > 0) return [...judged, ...unseen];
    return [notApplicable(CLUSTER_SUBJECT, 'NO_CONTROLLER', 'No controller of Flux runs in this cluster.')];
  },
});
