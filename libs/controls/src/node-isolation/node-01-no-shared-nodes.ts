import { type Observation, CLUSTER_SUBJECT, count, defineControl, pass, warn } from '#libs/core';
import { TENANT_CONTEXT, tenantModel, unlessTenants } from '../tenants/tenant-model.js';
import { judgeSharings } from './judge-sharings.js';
import { lastingTaints } from './scheduling.js';
import { sandboxesOf, sharingAmongTenants, sharingWithFlux } from './shared-nodes.js';
import { fluxNotFound, noWorkloads } from './nothing-to-judge.js';
import { type NodeUse, fluxNodesOf, hasTenantPods, nodeUses, shown } from './tenant-pods.js';

const ID = 'FLUX-NODE-01';

export const noSharedNodes = defineControl({
  id: ID,
  title: 'Nodes are not shared between tenants and Flux, nor between tenants of high isolation',
  family: 'Node isolation',
  severity: 'high',
  scope: ['shared', 'management', 'dedicated'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'The Flux controllers hold the rights and credentials by which the whole cluster is managed. ' +
    'Flux recommends to run them on nodes that tenants have no workloads on, so that a container that breaks out of its bounds meets no other tenant and no controller.',
  audit:
    'Takes every pod in a namespace of a tenant and the node that it runs on. Static pods and DaemonSets of the platform are the own of the nodes and are left out; Fargate and virtual nodes are shared by nobody. ' +
    'A tenant fails whose pods run on a node of a Flux controller, and a tenant of high isolation whose pods share a node with another tenant. ' +
    'Pods that are all sandboxed by their RuntimeClass (gVisor, Kata Containers, Firecracker) make the first a warning and the second a pass. ' +
    'Pods together for less than 10 minutes are a warning (RECENT), since nodes may be drained; the start of the pods and earlier sightings tell. ' +
    'Where nobody shares a node now, and the nodes of Flux have taints that keep others away, the control passes; without taints it is a warning, since this may change at any time (FLUX-NODE-04).',
  remediation:
    'Give Flux nodes of its own with a label and a taint, and let the Flux Deployments select the label and tolerate the taint, by a patch in the FluxInstance or in the Kustomization of flux-system. ' +
    'Give tenants of high isolation node pools of their own in the same way.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/',
    'https://kubernetes.io/docs/concepts/security/multi-tenancy/#node-isolation',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/',
  ],
  requires: ['registration', 'sightings', 'podGroups', 'nodes', 'deployments', 'pods'],
  optional: ['runtimeClasses', ...TENANT_CONTEXT.filter((name) => name !== 'deployments' && name !== 'pods')],
  examples: {
    passing: [
      {
        title: 'Flux has a tainted node to itself',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, isolation: low, namespaces: { names: [team-b] } }]
          ---
          apiVersion: v1
          kind: Node
          metadata: { name: flux-1 }
          spec: { taints: [{ key: dedicated, value: flux, effect: NoSchedule }] }
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
            nodeName: flux-1
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
          nodes: { worker-1: { count: 3, oldestStart: '2026-11-01T08:00:00Z' } }`,
      },
    ],
    failing: [
      {
        title: 'a tenant has run a pod beside a controller for 3 hours',
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
          risks: [privileged]
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
    const fluxNodes = fluxNodesOf(model);
    const uses = nodeUses(nodes, podGroups, model);
    const sandboxes = sandboxesOf(runtimeClasses, registration);
    const sharings = [...sharingWithFlux(uses, sandboxes), ...sharingAmongTenants(uses, sandboxes)];
    const judged = judgeSharings(sharings, { id: ID, sightings, now, model, nodes: uses.length, runtimeClasses });
    const { observations, clean } = judged;
    if (!fluxNodes || fluxNodes.size === 0) return [...observations, fluxNotFound()];
    return clean ? [...observations, separated(uses)] : observations;
  },
});

/** Nobody shares a node: whether that will last, the taints of the nodes of Flux tell. */
function separated(uses: readonly NodeUse[]): Observation {
  const flux = uses.filter((use) => use.flux);
  const open = flux.filter(({ node, virtual }) => !virtual && lastingTaints(node).length === 0);
  const said = `No tenant has a pod on ${count(flux.length, 'node', 'nodes')} of the Flux controllers, and no tenant of high isolation shares a node with another outside of a sandbox`;
  if (open.length === 0) {
    return pass(CLUSTER_SUBJECT, 'SEPARATED', `${said}: observed now, and enforced by taints of the nodes of Flux.`, {
      confidence: 'derived',
    });
  }
  return warn(
    CLUSTER_SUBJECT,
    'OBSERVED_ONLY',
    `${said}: observed only, for these nodes have no taint that keeps other pods away: ${shown(open.map(({ node }) => node.metadata.name))}. ` +
      'The scheduler may put a pod of a tenant there at any time. Taint the nodes of Flux, and let its Deployments tolerate the taint.',
    { severity: 'low', confidence: 'derived' },
  );
}
