import {
  type Evidence,
  type Observation,
  type RuntimeClass,
  CLUSTER_SUBJECT,
  defineControl,
  fail,
  leastSure,
  notApplicable,
  objectReference,
  pass,
  warn,
} from '#libs/core';
import { namesRuntimeClass } from '#libs/admission';
import { excerpt } from '#libs/flux';
import {
  ADMISSION_ARTIFACTS,
  type AdmissionView,
  admissionView,
  coverageOf,
  describeRules,
  placesOf,
  ruleEvidence,
} from '../admission/admission-view.js';
import { TENANT_CONTEXT, type Tenant, type TenantModel, tenantModel, unlessTenants } from '../tenants/tenant-model.js';
import { fluxNotFound, noWorkloads } from './nothing-to-judge.js';
import { SHARED_GRACE, type Sandboxes, sandboxesOf, sharingAmongTenants, sharingWithFlux } from './shared-nodes.js';
import {
  type NodeUse,
  type TenantPods,
  describePods,
  fluxNodesOf,
  hasTenantPods,
  isSandbox,
  nodeUses,
  sandboxingOf,
  shown,
} from './tenant-pods.js';

export const sandboxedPods = defineControl({
  id: 'FLUX-NODE-03',
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
    'Applies where a tenant of high isolation has shared a node with Flux or with another tenant for 10 minutes, as FLUX-NODE-01 sees it. ' +
    'Its pods there must have a RuntimeClass whose handler is a known sandbox (runsc, gvisor, the kata handlers, firecracker, and those of the registry), or run on a node of GKE that sandboxes. ' +
    'It fails without one, and also where the cluster has no RuntimeClass at all. An unknown handler is a warning. ' +
    'Pods that are sandboxed now, while no admission policy demands a runtime class in the namespaces of the tenant, are a warning too: the next pod may have none.',
  remediation:
    'Install a sandboxed runtime on the nodes, create its RuntimeClass, and set `spec.runtimeClassName` on the pods of the tenant. ' +
    'Let an admission policy demand or set it in the namespaces of the tenant. Handlers of your own belong into `sandboxHandlers` of the registry.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/',
    'https://kubernetes.io/docs/concepts/containers/runtime-class/',
    'https://kubernetes.io/docs/concepts/security/multi-tenancy/#sandboxing-containers',
  ],
  requires: ['registration', 'podGroups', 'nodes', 'runtimeClasses', 'deployments', 'pods'],
  optional: [...ADMISSION_ARTIFACTS, ...TENANT_CONTEXT.filter((name) => name !== 'deployments' && name !== 'pods')],
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
    const { registration, podGroups, nodes, runtimeClasses } = artifacts;
    const model = tenantModel(artifacts);
    const early = unlessTenants(model);
    if (early) return [early];
    if (!hasTenantPods(podGroups, model)) return [noWorkloads()];
    const uses = nodeUses(nodes, podGroups, model);
    const sandboxes = sandboxesOf({ state: 'collected', value: runtimeClasses }, registration);
    const shared = new Map<Tenant, Set<NodeUse>>();
    for (const { tenant, use, since = 0 } of [
      ...sharingWithFlux(uses, sandboxes),
      ...sharingAmongTenants(uses, sandboxes),
    ]) {
      if (tenant.isolation !== 'high' || now - since < SHARED_GRACE) continue;
      const places = shared.get(tenant) ?? new Set();
      shared.set(tenant, places.add(use));
    }
    const context: SandboxContext = { model, sandboxes, runtimeClasses, view: admissionView(artifacts) };
    const judged = [...shared].map(([tenant, places]) => judgeTenant(tenant, [...places], context));
    const fluxNodes = fluxNodesOf(model);
    if (!fluxNodes || fluxNodes.size === 0) return [...judged, fluxNotFound()];
    return judged.length > 0 ? judged : [notShared()];
  },
});

interface SandboxContext {
  readonly model: TenantModel;
  readonly sandboxes: Sandboxes;
  readonly runtimeClasses: readonly RuntimeClass[];
  readonly view: AdmissionView;
}

interface Placed {
  readonly use: NodeUse;
  readonly pods: TenantPods;
}

function judgeTenant(tenant: Tenant, uses: readonly NodeUse[], context: SandboxContext): Observation {
  const { model, sandboxes, runtimeClasses, view } = context;
  const subject = { kind: 'Tenant', name: tenant.name };
  const name = excerpt(tenant.name, 80);
  const placed = uses.flatMap((use) =>
    use.pods.filter((pods) => pods.tenant === tenant).map((pods): Placed => ({ use, pods })),
  );
  const by = (kind: ReturnType<typeof sandboxingOf>): readonly Placed[] =>
    placed.filter(
      ({ use, pods }) => sandboxingOf(pods.group, use.node, sandboxes.runtimeClasses, sandboxes.handlers) === kind,
    );
  const [open, unknown] = [by('none'), by('unknownHandler')];
  const confidence = leastSure(model.confidence, 'derived');
  if (open.length > 0) {
    const none = runtimeClasses.length === 0;
    return fail(
      subject,
      none ? 'NO_RUNTIME_CLASS' : 'NOT_SANDBOXED',
      `Pods of ${name} run on nodes that they share, and without a sandbox: ${describe(open)}.${none ? ' The cluster has no RuntimeClass, so that no pod can have one.' : ''} ` +
        'On a shared node a sandbox is all that keeps them apart from the kernel that the others use. ' +
        'Give the tenant nodes of its own (FLUX-NODE-01), or set spec.runtimeClassName of its pods to a sandboxed runtime.',
      { severity: 'medium', confidence, evidence: evidenceOf(open) },
    );
  }
  if (unknown.length > 0) {
    const names = shown(unknown.map(({ pods }) => pods.group.runtimeClassName ?? ''));
    return warn(
      subject,
      'UNKNOWN_HANDLER',
      `Pods of ${name} run on nodes that they share, with a RuntimeClass whose handler is no known sandbox: ${names}. ` +
        'Whether it keeps them apart is not known. Name the handler in sandboxHandlers of the registry where it does.',
      { severity: 'low', confidence, evidence: evidenceOf(unknown) },
    );
  }
  const places = model.unknownNamespaces ? [] : placesOf([tenant]);
  const coverage = coverageOf(view, [namesRuntimeClass], places);
  const loose = runtimeClasses.filter(({ handler }) => !isSandbox(handler, sandboxes.handlers));
  const said = `Pods of ${name} on nodes that they share are all sandboxed`;
  if (coverage.state === 'enforced' && loose.length === 0) {
    return pass(
      subject,
      'SANDBOXED',
      `${said}, and ${describeRules(coverage.by)} demands a runtime class of every pod.`,
      {
        confidence,
        evidence: ruleEvidence(coverage.by, 'demands a runtime class'),
      },
    );
  }
  const why =
    coverage.state === 'enforced'
      ? `the runtime classes ${shown(loose.map(({ metadata }) => metadata.name))} are no known sandboxes, and a pod may ask for them`
      : 'no admission policy that is understood demands a runtime class';
  return warn(
    subject,
    'SANDBOX_NOT_FORCED',
    `${said} now, but ${why}, so that the next pod may run without. Let an admission policy demand or set spec.runtimeClassName in the namespaces of the tenant.`,
    { severity: 'low', confidence, evidence: evidenceOf(placed) },
  );
}

const MAX_EVIDENCE = 10;

function describe(placed: readonly Placed[]): string {
  return shown(
    placed.map(({ use, pods }) => `${describePods(pods)} on ${use.node.metadata.name}`),
    5,
  );
}

function evidenceOf(placed: readonly Placed[]): [Evidence, ...Evidence[]] {
  const [first, ...more] = placed.slice(0, MAX_EVIDENCE).map(({ use, pods }): Evidence => ({
    object: objectReference(use.node),
    pointer: '/metadata/name',
    observed: use.node.metadata.name,
    expected: 'a node where every pod of the tenant is sandboxed',
    note: `${describePods(pods)}: ${pods.group.runtimeClassName === undefined ? 'no runtime class' : `runtime class ${excerpt(pods.group.runtimeClassName, 80)}`}.`,
  }));
  if (!first) throw new TypeError('A verdict on sandboxes needs a pod.');
  return [first, ...more];
}

function notShared(): Observation {
  return notApplicable(
    CLUSTER_SUBJECT,
    'NODES_NOT_SHARED',
    'No tenant of high isolation shares a node with Flux or with another tenant, so that no sandbox is needed.',
  );
}
