import { type Observation, CLUSTER_SUBJECT, defineControl, notApplicable, warn } from '#libs/core';
import { ADMISSION_ARTIFACTS, admissionView } from '../admission/admission-view.js';
import { probeAnswers } from '../probes/probe-answers.js';
import { TENANT_CONTEXT, type Tenant, tenantModel, unlessTenants } from '../tenants/tenant-model.js';
import { type SandboxContext, judgeSandboxes } from './judge-sandboxes.js';
import { type SharingContext, keyOf, lasts } from './judge-sharings.js';
import { fluxNotFound, noWorkloads } from './nothing-to-judge.js';
import { type Sharing, sandboxesOf, sharingAmongTenants, sharingWithFlux } from './shared-nodes.js';
import { fluxNodesOf, hasTenantPods, nodeUses, sandboxingOf } from './tenant-pods.js';

const ID = 'FLUX-NODE-03';

export const sandboxedPods = defineControl({
  id: ID,
  title: 'Tenants of high isolation run sandboxed where they share nodes',
  family: 'Node isolation',
  severity: 'medium',
  scope: ['shared', 'management', 'dedicated'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'Where a node of its own for each tenant is too much, a sandbox keeps the pods of one tenant apart from the kernel that all pods of a node share. ' +
    'Flux recommends sandboxes such as gVisor or Kata Containers for workloads that are not trusted.',
  audit:
    'Applies where a tenant of high isolation shares a node with Flux or with another tenant, as FLUX-NODE-01 sees it. ' +
    'Its pods there must have a RuntimeClass whose handler is a known sandbox (runsc, gvisor, the kata handlers, firecracker, and those of the registry), or run on a node of GKE that sandboxes. ' +
    'It fails without one, and also where the cluster has no RuntimeClass at all; where the node is shared for less than 10 minutes, by the start of the pods and by earlier sightings, that is a warning (RECENT). An unknown handler is a warning. ' +
    'Pods that are sandboxed now, while no admission policy demands a runtime class in the namespaces of the tenant, are a warning too: the next pod may have none. ' +
    'With active verification a pod without a runtime class is tried as a server-side dry-run in the namespaces of the tenant, and what the API server sets on it decides.',
  remediation:
    'Install a sandboxed runtime on the nodes, create its RuntimeClass, and set `spec.runtimeClassName` on the pods of the tenant. ' +
    'Let an admission policy demand or set it in the namespaces of the tenant. Handlers of your own belong into `sandboxHandlers` of the registry.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/',
    'https://kubernetes.io/docs/concepts/containers/runtime-class/',
    'https://kubernetes.io/docs/concepts/security/multi-tenancy/#sandboxing-containers',
  ],
  requires: ['registration', 'sightings', 'podGroups', 'nodes', 'runtimeClasses', 'deployments', 'pods'],
  optional: [
    ...ADMISSION_ARTIFACTS,
    'probes',
    ...TENANT_CONTEXT.filter((name) => name !== 'deployments' && name !== 'pods'),
  ],
  examples: {
    passing: [
      {
        title: 'a sandbox that a policy demands',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, isolation: low, namespaces: { names: [team-b] } }]
          ---
          apiVersion: v1
          kind: Node
          metadata: { name: worker-1 }
          spec: {}
          ---
          apiVersion: node.k8s.io/v1
          kind: RuntimeClass
          metadata: { name: gvisor }
          handler: runsc
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: kustomize-controller-0, namespace: flux-system }
          spec:
            nodeName: worker-1
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
          ---
          kind: PodGroup
          namespace: team-a
          owner: { kind: Deployment, name: web }
          serviceAccountName: default
          runtimeClassName: gvisor
          risks: []
          mirror: false
          nodes: { worker-1: { count: 1, oldestStart: '2026-11-01T09:00:00Z' } }
          ---
          apiVersion: admissionregistration.k8s.io/v1
          kind: ValidatingAdmissionPolicy
          metadata: { name: sandbox }
          spec:
            failurePolicy: Fail
            matchConstraints:
              resourceRules: [{ apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods] }]
            matchConditions:
              - { name: tenants, expression: "request.namespace == 'team-a'" }
            validations:
              - { expression: "object.spec.?runtimeClassName.orValue('') == 'gvisor'" }
          ---
          apiVersion: admissionregistration.k8s.io/v1
          kind: ValidatingAdmissionPolicyBinding
          metadata: { name: sandbox }
          spec: { policyName: sandbox, validationActions: [Deny] }`,
      },
    ],
    failing: [
      {
        title: 'beside Flux, without a sandbox',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: v1
          kind: Node
          metadata: { name: worker-1 }
          spec: {}
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: kustomize-controller-0, namespace: flux-system }
          spec:
            nodeName: worker-1
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
          ---
          kind: PodGroup
          namespace: team-a
          owner: { kind: Deployment, name: web }
          serviceAccountName: default
          risks: []
          mirror: false
          nodes: { worker-1: { count: 1, oldestStart: '2026-11-01T09:00:00Z' } }`,
      },
    ],
  },
  evaluate: (artifacts, { now }) => {
    const { registration, sightings, podGroups, nodes, runtimeClasses } = artifacts;
    const model = tenantModel(artifacts);
    const early = unlessTenants(model);
    if (early) return [early];
    if (!hasTenantPods(podGroups, model)) return [noWorkloads()];
    const uses = nodeUses(nodes, podGroups, model);
    const sandboxes = sandboxesOf({ state: 'collected', value: runtimeClasses }, registration);
    const shared = new Map<Tenant, Sharing[]>();
    for (const sharing of [...sharingWithFlux(uses, sandboxes), ...sharingAmongTenants(uses, sandboxes)]) {
      if (sharing.tenant.isolation !== 'high') continue;
      const places = shared.get(sharing.tenant) ?? [];
      shared.set(sharing.tenant, places);
      places.push(sharing);
    }
    const context: SandboxContext = {
      model,
      sandboxes,
      runtimeClasses,
      view: admissionView(artifacts),
      answers: probeAnswers(artifacts.probes),
    };
    const judged = [...shared].map(([tenant, places]) =>
      judgeShared(tenant, places, context, { sightings, now, id: ID }),
    );
    const fluxNodes = fluxNodesOf(model);
    if (!fluxNodes || fluxNodes.size === 0) return [...judged, fluxNotFound()];
    return judged.length > 0 ? judged : [notShared()];
  },
});

/** What holds on the nodes that a tenant shares; on those that it shares since a moment ago, a fail is a warning. */
function judgeShared(
  tenant: Tenant,
  sharings: readonly Sharing[],
  context: SandboxContext,
  history: Pick<SharingContext, 'sightings' | 'now' | 'id'>,
): Observation {
  const on = (some: readonly Sharing[]) => [...new Set(some.map(({ use }) => use))];
  const { runtimeClasses, handlers } = context.sandboxes;
  // Only pods without a sandbox are remembered: sandboxed ones wait for nothing.
  const open = sharings.filter(({ use }) =>
    use.pods.some(
      (pods) => pods.tenant === tenant && sandboxingOf(pods.group, use.node, runtimeClasses, handlers) === 'none',
    ),
  );
  const sighted = open.length > 0 ? { sightings: open.map((sharing) => keyOf(sharing, ID)) } : {};
  // Pods that tell no start are not known to be new.
  const lasting = open.filter((sharing) => sharing.since === undefined || lasts(sharing, history));
  if (lasting.length > 0) return { ...judgeSandboxes(tenant, on(lasting), context), ...sighted };
  const now = judgeSandboxes(tenant, on(sharings), context);
  const [first, ...more] = now.evidence;
  if (now.outcome !== 'fail' || !first) return { ...now, ...sighted };
  return warn(
    now.subject,
    'RECENT',
    `${now.message} The node is shared for less than 10 minutes, as it happens while nodes are drained. It fails where it lasts.`,
    { severity: 'low', confidence: now.confidence, evidence: [first, ...more], ...sighted },
  );
}

function notShared(): Observation {
  return notApplicable(
    CLUSTER_SUBJECT,
    'NODES_NOT_SHARED',
    'No tenant of high isolation shares a node with Flux or with another tenant, so that no sandbox is needed.',
  );
}
