import type { SimulatedObject } from '../simulated-object.js';
import { workerNode } from './nodes.js';

const RBAC = 'rbac.authorization.k8s.io';
const POLICY = 'networking.k8s.io/v1';

/** The label and taint that keep other pods off the nodes of Flux. */
const FLUX_POOL = 'flux';
const POOL = 'example.com/pool';
export const FLUX_PLACEMENT = {
  nodeSelector: { 'kubernetes.io/os': 'linux', [POOL]: FLUX_POOL },
  tolerations: [{ key: POOL, operator: 'Equal', value: FLUX_POOL, effect: 'NoSchedule' }],
} as const;
/** Where the pods of Flux run, and where all others do. */
const FLUX_NODE = 'flux-1';
const WORKERS = ['node-1', 'node-2'];

/** Nodes: one pool for Flux, which nobody else tolerates, and one for everybody. */
export function nodes(): SimulatedObject[] {
  const flux = workerNode(FLUX_NODE, { [POOL]: FLUX_POOL });
  const taints = [{ key: POOL, value: FLUX_POOL, effect: 'NoSchedule' }];
  return [
    { ...flux, spec: { ...(flux.spec as object), taints } },
    ...WORKERS.map((name) => workerNode(name, { [POOL]: 'apps' })),
  ];
}

/** Cilium, enforcing network policies on every node. */
export function cilium(): SimulatedObject[] {
  const metadata = { name: 'cilium', namespace: 'kube-system', labels: { 'k8s-app': 'cilium' } };
  const count = WORKERS.length + 1;
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata,
      spec: {
        selector: { matchLabels: metadata.labels },
        template: {
          metadata: { labels: metadata.labels },
          spec: {
            containers: [{ name: 'cilium-agent', image: 'quay.io/cilium/cilium:v1.18.1' }],
            tolerations: [{ operator: 'Exists' }],
          },
        },
      },
      status: {
        desiredNumberScheduled: count,
        currentNumberScheduled: count,
        numberReady: count,
        numberAvailable: count,
      },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'cilium-config', namespace: 'kube-system' },
      data: { 'enable-policy': 'default', 'policy-audit-mode': 'false' },
    },
  ];
}

/** The three policies that come with Flux since v2.9.4. */
export function fluxPolicies(namespace = 'flux-system'): SimulatedObject[] {
  const policy = (name: string, spec: object): SimulatedObject => ({
    apiVersion: POLICY,
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec,
  });
  return [
    policy('allow-egress', {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: {} }] }],
      egress: [{}],
    }),
    policy('allow-scraping', {
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 8080, protocol: 'TCP' }] }],
    }),
    policy('allow-webhooks', {
      podSelector: { matchLabels: { app: 'notification-controller' } },
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 9292, protocol: 'TCP' }] }],
    }),
  ];
}

/** What a platform team gives a namespace of a tenant: closed network, pod security, and a reconciler of its own. */
export function tenantGuardrails(namespace: string, reconciler: string): SimulatedObject[] {
  const role = { apiGroup: RBAC, kind: 'Role', name: reconciler };
  const metadata = { name: reconciler, namespace };
  return [
    {
      apiVersion: POLICY,
      kind: 'NetworkPolicy',
      metadata: { name: 'default-deny', namespace },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    },
    {
      apiVersion: POLICY,
      kind: 'NetworkPolicy',
      metadata: { name: 'allow-dns', namespace },
      spec: {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [
          {
            to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }],
            ports: [
              { port: 53, protocol: 'UDP' },
              { port: 53, protocol: 'TCP' },
            ],
          },
        ],
      },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'Role',
      metadata,
      rules: [
        {
          apiGroups: ['apps'],
          resources: ['deployments'],
          verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
        },
        {
          apiGroups: [''],
          resources: ['services', 'configmaps'],
          verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
        },
      ],
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: role,
      subjects: [{ kind: 'ServiceAccount', name: reconciler, namespace }],
    },
  ];
}

/** A group with one ClusterRole, everywhere. */
export function groupEverywhere(name: string, group: string, clusterRole: string): SimulatedObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: clusterRole },
    subjects: [{ kind: 'Group', apiGroup: RBAC, name: group }],
  };
}

export const CLUSTER_ADMIN: SimulatedObject = {
  apiVersion: `${RBAC}/v1`,
  kind: 'ClusterRole',
  metadata: { name: 'cluster-admin', labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } },
  rules: [
    { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    { nonResourceURLs: ['*'], verbs: ['*'] },
  ],
};
