import { CLUSTER_SUBJECT, defineControl, notEvaluatedBecause } from '#libs/core';
import { accessOf } from '../access/access.js';
import { ADMISSION_ARTIFACTS, admissionView } from '../admission/admission-view.js';
import { probeAnswers } from '../probes/probe-answers.js';
import { TENANT_CONTEXT, tenantModel, unlessTenants } from '../tenants/tenant-model.js';
import { judgePlacement, workloadsOf } from './judge-placement.js';
import { fluxNotFound } from './nothing-to-judge.js';
import { judgeTenantPlacement } from './tenant-placement.js';

export const enforcedSeparation = defineControl({
  id: 'FLUX-NODE-04',
  title: 'Taints and affinity keep tenants off the nodes of Flux',
  family: 'Node isolation',
  severity: 'medium',
  scope: ['shared', 'management', 'dedicated'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'That no tenant has a pod on a node of Flux now says nothing about the next pod. ' +
    'Flux recommends taints, which keep other pods away, together with affinity, which keeps the controllers on their nodes.',
  audit:
    'For every Deployment of Flux: the nodes of its pods must have a taint with NoSchedule or NoExecute; taints of Kubernetes itself about the state of a node do not count. It fails where none has. ' +
    'Where nodeSelector and required node affinity leave the Deployment nodes without a taint, or name no more than the operating system, it may leave its pool, which is a warning. ' +
    'Taint and affinity pass where an admission policy keeps pods of tenants from tolerating the taint and from naming a node; without one that is understood it is a warning (NOT_PROVEN), for a tenant writes the tolerations of its own pods. ' +
    'With active verification both are tried as server-side dry-runs in the namespaces of tenants: a pod that is let in, and could run on a node of Flux with what the API server sets on it, is a warning (TENANT_MAY_LAND); none in any namespace passes as proven. ' +
    'It fails where somebody of a tenant may change Nodes or their status, and with them labels and taints. Pods of tenants that tolerate the taint of Flux, or everything, are listed as warnings.',
  remediation:
    'Label and taint the nodes of Flux, and give its Deployments the toleration and a required node affinity, by a patch in the FluxInstance or in the Kustomization of flux-system. ' +
    'Let an admission policy refuse pods of tenants that set `spec.nodeName` or tolerate the taint, or switch the plugins PodNodeSelector and PodTolerationRestriction on.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/',
    'https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#podtolerationrestriction',
  ],
  requires: ['registration', 'nodes', 'podGroups', 'deployments', 'pods'],
  optional: [
    'rbac',
    'accessReviews',
    ...ADMISSION_ARTIFACTS,
    'probes',
    ...TENANT_CONTEXT.filter((name) => name !== 'deployments' && name !== 'pods'),
  ],
  examples: {
    passing: [
      {
        title: 'a taint, affinity, and a policy about tolerations',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: v1
          kind: Node
          metadata: { name: flux-1, labels: { role: flux } }
          spec: { taints: [{ key: role, value: flux, effect: NoSchedule }] }
          ---
          apiVersion: v1
          kind: Node
          metadata: { name: worker-1, labels: { role: worker } }
          spec: {}
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: kustomize-controller-0, namespace: flux-system }
          spec:
            nodeName: flux-1
            nodeSelector: { role: flux }
            tolerations: [{ key: role, operator: Equal, value: flux, effect: NoSchedule }]
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
          ---
          apiVersion: admissionregistration.k8s.io/v1
          kind: ValidatingAdmissionPolicy
          metadata: { name: placement }
          spec:
            failurePolicy: Fail
            matchConstraints:
              resourceRules: [{ apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods] }]
            matchConditions:
              - { name: tenants, expression: "request.namespace in ['team-a', 'team-b']" }
            validations:
              - { expression: "request.operation != 'CREATE' || !has(object.spec.nodeName)" }
              - { expression: "object.spec.?tolerations.orValue([]).all(t, t.?key.orValue('').startsWith('node.kubernetes.io/'))" }
          ---
          apiVersion: admissionregistration.k8s.io/v1
          kind: ValidatingAdmissionPolicyBinding
          metadata: { name: placement }
          spec: { policyName: placement, validationActions: [Deny] }`,
      },
    ],
    failing: [
      {
        title: 'a nodeSelector for the operating system, and no taint',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: v1
          kind: Node
          metadata: { name: worker-1, labels: { kubernetes.io/os: linux } }
          spec: {}
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: kustomize-controller-0, namespace: flux-system }
          spec:
            nodeName: worker-1
            nodeSelector: { kubernetes.io/os: linux }
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4`,
      },
    ],
  },
  evaluate: (artifacts) => {
    const { nodes, podGroups, rbac, accessReviews } = artifacts;
    const model = tenantModel(artifacts);
    const early = unlessTenants(model);
    if (early) return [early];
    if (model.instances.state === 'unavailable') return [notEvaluatedBecause(CLUSTER_SUBJECT, model.instances)];
    const workloads = workloadsOf(model.instances.value, nodes);
    if (workloads.length === 0) return [fluxNotFound()];
    const view = admissionView(artifacts);
    const answers = probeAnswers(artifacts.probes);
    const placed = workloads.map((workload) => judgePlacement(workload, { model, view, nodes, answers }));
    return [
      ...placed,
      ...judgeTenantPlacement({
        model,
        podGroups,
        fluxNodes: workloads.flatMap(({ on }) => on),
        access: rbac.state === 'collected' ? accessOf(rbac.value, accessReviews) : rbac,
      }),
    ];
  },
});
