import { describe, expect, it } from 'vitest';
import { type ControlRow, tableOf } from '../../../../test/support/expect-control.js';
import { PLUGIN_SIGNATURES } from './cni-signatures.js';
import { cniSupportsPolicies as control } from './net-01-cni-supports-policies.js';

interface SetOptions {
  readonly namespace?: string;
  readonly ready?: number;
  readonly desired?: number;
  readonly nodeSelector?: Record<string, string>;
}
const daemonSet = (
  name: string,
  containers: readonly object[] = [{ name, image: `example/${name}:v1` }],
  options: SetOptions = {},
) => {
  const { namespace = 'kube-system', ready = 3, desired = 3, nodeSelector } = options;
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace },
    containers,
    ...(nodeSelector && { nodeSelector }),
    status: { desired, ready },
  };
};
const config = (path: string, data: Record<string, string>) => {
  const [namespace, name] = path.split('/');
  return { apiVersion: 'v1', kind: 'PlatformConfigMap', metadata: { namespace, name }, data };
};
const node = (name: string, labels: Record<string, string> = {}, more: { k3s?: boolean; args?: unknown } = {}) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    labels,
    ...(more.args !== undefined && {
      annotations: { 'k3s.io/node-args': typeof more.args === 'string' ? more.args : JSON.stringify(more.args) },
    }),
  },
  spec: {},
  status: { nodeInfo: { kubeletVersion: more.k3s ? 'v1.36.3+k3s1' : 'v1.36.3' } },
});
const k3s = (args?: unknown, labels: Record<string, string> = { 'node-role.kubernetes.io/control-plane': 'true' }) =>
  node(`server-${JSON.stringify(labels).length}`, labels, { k3s: true, ...(args !== undefined && { args }) });
const fluxPod = (nodeName: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'source-controller-0', namespace: 'flux-system' },
  spec: { nodeName, containers: [{ name: 'manager', image: 'ghcr.io/fluxcd/source-controller:v1.9.4' }] },
});
const aws = (args: readonly string[] | undefined, env?: Record<string, string>) =>
  daemonSet('aws-node', [
    { name: 'aws-node', image: 'amazon-k8s-cni:v1.19.0' },
    ...(args
      ? [{ name: 'aws-eks-nodeagent', image: 'aws-network-policy-agent:v1.1.5', args, ...(env && { env }) }]
      : []),
  ]);
const cilium = (data?: Record<string, string>, namespace = 'kube-system') => [
  daemonSet('cilium', undefined, { namespace }),
  ...(data ? [config(`${namespace}/cilium-config`, data)] : []),
];
const kindnet = (tag: string) =>
  daemonSet('kindnet', [{ name: 'kindnet-cni', image: `docker.io/kindest/kindnetd:${tag}` }]);
const flannel = daemonSet('kube-flannel-ds', undefined, { namespace: 'kube-flannel' });
const OK = 'pass POLICIES_ENFORCED';
const OFF = 'fail POLICIES_DISABLED';
const NONE = 'fail POLICIES_UNSUPPORTED';

const ROWS: ControlRow[] = [
  ['Flannel only', [flannel], NONE, { severity: 'high', verdicts: ['fail POLICIES_UNSUPPORTED Cluster/cluster'] }],
  ['Canal', [daemonSet('canal'), flannel], OK],
  ['Flannel, and Calico for policies', [flannel, daemonSet('calico-node')], OK],
  ['Flannel and kube-network-policies', [flannel, daemonSet('kube-network-policies')], OK],
  ['Calico of the operator', [daemonSet('calico-node', undefined, { namespace: 'calico-system' })], OK],
  ['Calico by its image', [daemonSet('network', [{ name: 'x', image: 'mirror.example/calico/node:v3.30.0' }])], OK],
  ['Calico of Rancher', [daemonSet('rke-network', [{ name: 'x', image: 'rancher/mirrored-calico-node:v3.30.0' }])], OK],
  ['aws-node, switched off', [aws(['--enable-network-policy=false'])], OFF],
  [
    'aws-node, switched on',
    [aws(['--enable-ipv6=false', '--enable-network-policy=true'])],
    OK,
    { message: /standard mode/ },
  ],
  [
    'aws-node, switched on, strict',
    [aws(['--enable-network-policy=true'], { NETWORK_POLICY_ENFORCING_MODE: 'strict' })],
    OK,
  ],
  ['aws-node, the last occurrence', [aws(['--enable-network-policy=true', '--enable-network-policy=false'])], OFF],
  ['aws-node without the flag', [aws([])], OFF],
  ['aws-node before 1.14', [aws(undefined)], OFF, { message: /1\.14/ }],
  [
    'aws-node switched off, Calico for policies',
    [aws(['--enable-network-policy=false']), daemonSet('calico-node')],
    OK,
  ],
  ['EKS Auto Mode', [config('kube-system/amazon-vpc-cni', { 'enable-network-policy-controller': 'true' })], OK],
  [
    'EKS Auto Mode, switched off',
    [config('kube-system/amazon-vpc-cni', { 'enable-network-policy-controller': 'false' })],
    OFF,
  ],
  ['Cilium', cilium({ 'enable-policy': 'default' }), OK],
  ['Cilium, always', cilium({ 'enable-policy': 'always' }), OK],
  ['Cilium, no settings', cilium({}), OK],
  ['Cilium, never', cilium({ 'enable-policy': 'never' }), OFF, { message: /enable-policy: never/ }],
  ['Cilium, audit only', cilium({ 'policy-audit-mode': 'true' }), OFF],
  ['Cilium, only its own policies', cilium({ 'enable-k8s-networkpolicy': 'false' }), OFF],
  ['Cilium in a namespace of its own', cilium({ 'enable-policy': 'never' }, 'cilium'), OFF],
  [
    'Cilium by its image',
    [
      daemonSet('net', [{ name: 'x', image: 'quay.io/cilium/cilium:v1.18.0' }]),
      config('kube-system/cilium-config', {}),
    ],
    OK,
  ],
  ['Cilium whose settings were not read', cilium(), 'notEvaluated CNI_UNDECIDED'],
  ['Cilium whose settings were not read, and Calico', [...cilium(), daemonSet('calico-node')], OK],
  ['GKE Dataplane V2', [daemonSet('anetd')], OK],
  ['Antrea', [daemonSet('antrea-agent')], OK],
  ['OpenShift', [daemonSet('ovnkube-node', undefined, { namespace: 'openshift-ovn-kubernetes' })], OK],
  ['OpenShift SDN', [daemonSet('sdn', undefined, { namespace: 'openshift-sdn' })], OK],
  ['something called sdn', [daemonSet('sdn')], 'notEvaluated CNI_UNKNOWN'],
  [
    'Weave Net',
    [
      daemonSet('weave-net', [
        { name: 'weave', image: 'weave-kube' },
        { name: 'weave-npc', image: 'weave-npc' },
      ]),
    ],
    'warn PLUGIN_ARCHIVED',
  ],
  ['Weave Net without its controller', [daemonSet('weave-net', [{ name: 'weave', image: 'weave-kube' }])], OFF],
  [
    'Weave Net with EXPECT_NPC=0',
    [
      daemonSet('weave-net', [
        { name: 'weave', image: 'weave-kube', env: { EXPECT_NPC: '0' } },
        { name: 'weave-npc', image: 'weave-npc' },
      ]),
    ],
    OFF,
  ],
  [
    'kube-router',
    [daemonSet('kube-router', [{ name: 'kube-router', image: 'kube-router', args: ['--run-router=true'] }])],
    OK,
  ],
  [
    'kube-router without its firewall',
    [daemonSet('kube-router', [{ name: 'kube-router', image: 'kube-router', args: ['--run-firewall=false'] }])],
    OFF,
  ],
  ['Azure NPM', [daemonSet('azure-npm')], OK],
  ['kindnet of kind v0.24', [kindnet('v20240813-c6f155d6')], OK],
  ['kindnet of kind v0.23', [kindnet('v20240513-cd2ac642')], NONE],
  ['kindnet of unknown age', [kindnet('latest')], 'notEvaluated CNI_UNDECIDED'],
  ['k3s', [k3s([])], OK],
  ['k3s without policies', [k3s(['server', '--disable-network-policy'])], OFF],
  ['k3s without policies, in its configuration', [k3s(['disable-network-policy', 'true'])], OFF],
  ['k3s, not without policies', [k3s(['--disable-network-policy=false'])], OK],
  ['k3s with another plugin', [k3s(['--flannel-backend', 'none'])], 'notEvaluated CNI_UNDECIDED'],
  ['k3s with Calico', [k3s(['--flannel-backend=none', '--disable-network-policy']), daemonSet('calico-node')], OK],
  ['k3s whose server does not tell its arguments', [k3s(), k3s([], {})], 'notEvaluated CNI_UNDECIDED'],
  ['k3s whose agent does not tell', [k3s([]), k3s(undefined, { a: 'b' })], OK],
  ['k3s with strange arguments', [k3s('{')], 'notEvaluated CNI_UNDECIDED'],
  ['an unknown plugin', [daemonSet('my-network')], 'notEvaluated CNI_UNKNOWN'],
  ['no plugin', [node('a')], 'notEvaluated CNI_UNKNOWN'],
  [
    'no pod of the plugin is ready',
    [daemonSet('calico-node', undefined, { ready: 0 })],
    OFF,
    { message: /no ready pod/ },
  ],
  ['one pod of the plugin is not ready', [daemonSet('calico-node', undefined, { ready: 2 })], 'warn PLUGIN_NOT_READY'],
  [
    'Flux on a node that the plugin leaves out',
    [
      daemonSet('calico-node', undefined, { nodeSelector: { pool: 'a' } }),
      node('n1', { pool: 'a' }),
      node('n2'),
      fluxPod('n2'),
    ],
    'fail NODE_WITHOUT_PLUGIN',
    { verdicts: ['fail NODE_WITHOUT_PLUGIN Node/n2', 'pass POLICIES_ENFORCED Cluster/cluster'] },
  ],
  [
    'nobody on a node that the plugin leaves out',
    [
      daemonSet('calico-node', undefined, { nodeSelector: { pool: 'a' } }),
      node('n1', { pool: 'a' }),
      node('n2'),
      fluxPod('n1'),
    ],
    OK,
  ],
  [
    'a plugin for each kind of node',
    [
      daemonSet('calico-node', undefined, { nodeSelector: { 'kubernetes.io/os': 'linux' } }),
      daemonSet('calico-node-windows', undefined, { nodeSelector: { 'kubernetes.io/os': 'windows' } }),
      node('n1', { 'kubernetes.io/os': 'linux' }),
      node('n2', { 'kubernetes.io/os': 'windows' }),
      fluxPod('n2'),
    ],
    OK,
  ],
  [
    'a node that the plugin leaves out, and who is on it cannot be told',
    [daemonSet('calico-node', undefined, { nodeSelector: { pool: 'a' } }), node('n2')],
    'notEvaluated RBAC_DENIED_READ',
    { unavailable: { podGroups: 'forbidden' } },
  ],
  [
    'Flux on Fargate',
    [aws(['--enable-network-policy=true']), node('f1', { 'eks.amazonaws.com/compute-type': 'fargate' }), fluxPod('f1')],
    'fail FLUX_ON_FARGATE',
  ],
  [
    'others on Fargate',
    [aws(['--enable-network-policy=true']), node('f1', { 'eks.amazonaws.com/compute-type': 'fargate' })],
    OK,
  ],
];

describe('FLUX-NET-01', () => {
  tableOf(control)(ROWS);

  it('has a row for every plugin that it knows', () => {
    const inputs = JSON.stringify(ROWS);
    const untested = PLUGIN_SIGNATURES.filter(
      ({ names }) =>
        !names.test('') && ![...inputs.matchAll(/"name":"([\w-]+)"/g)].some(([, name]) => names.test(name ?? '')),
    );
    expect(untested.map(({ plugin }) => plugin)).toEqual([]);
  });
});
