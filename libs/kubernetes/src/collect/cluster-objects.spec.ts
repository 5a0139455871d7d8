import { describe, expect, it } from 'vitest';
import { inTeam, kept, object, pod } from '../../test/collected-objects.js';
import { SECRET, type Json } from '../../test/objects.js';

const selector = { matchLabels: { app: 'a' }, matchExpressions: [{ key: 'b', operator: 'Exists' }] };

describe('of a cluster is kept', () => {
  it('every role and every binding, whole', async () => {
    const RBAC = 'rbac.authorization.k8s.io/v1';
    const rules = [
      { verbs: ['get'], apiGroups: [''], resources: ['secrets'], resourceNames: ['a'] },
      { verbs: ['get'], nonResourceURLs: ['/metrics'] },
    ];
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:x' };
    const subjects = [
      { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'alice' },
      { kind: 'ServiceAccount', name: 'default' },
      { kind: 'ServiceAccount', name: 'default', namespace: 'team-b' },
    ];
    const aggregationRule = { clusterRoleSelectors: [selector] };
    const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' };
    const found = await kept(
      'rbac',
      object(RBAC, 'Role', 'r', { rules }, inTeam),
      object(RBAC, 'RoleBinding', 'rb', { subjects, roleRef }, inTeam),
      object(RBAC, 'ClusterRole', 'system:x', { rules: null, aggregationRule }, { annotations }),
      object(RBAC, 'ClusterRoleBinding', 'crb', { roleRef }),
    );
    const own = found.filter(({ metadata }) => ['r', 'rb', 'system:x', 'crb'].includes(metadata.name));
    expect(own).toMatchObject([
      { apiVersion: RBAC, kind: 'Role', metadata: { name: 'r', namespace: 'team-a' }, rules },
      {
        kind: 'RoleBinding',
        roleRef: { kind: 'ClusterRole', name: 'system:x' },
        subjects: [
          { kind: 'User', name: 'alice' },
          { kind: 'ServiceAccount', name: 'default' },
          { kind: 'ServiceAccount', name: 'default', namespace: 'team-b' },
        ],
      },
      { kind: 'ClusterRole', metadata: { annotations }, aggregationRule },
      { kind: 'ClusterRoleBinding', roleRef: { name: 'system:x' } },
    ]);
    // Flux brings its own.
    expect(found.length).toBeGreaterThan(6);
  });

  it('of nodes where pods may run, and of the arguments of k3s those about network policies', async () => {
    const node = (name: string, args: string) =>
      object(
        'v1',
        'Node',
        name,
        {
          spec: { taints: [{ key: 'pool', value: 'flux', effect: 'NoSchedule', timeAdded: 't' }], unschedulable: true },
          status: {
            conditions: [{ type: 'Ready', status: name === 'a' ? 'True' : 'Unknown' }],
            nodeInfo: { kubeletVersion: 'v1.36.3+k3s1', osImage: 'SLES', machineID: SECRET },
            images: [{ names: [SECRET] }],
          },
        },
        { annotations: { 'k3s.io/node-args': args }, labels: { pool: 'flux' } },
      );
    const [a, b] = await kept(
      'nodes',
      node('a', JSON.stringify(['server', '--token', SECRET, '--disable-network-policy', '--flannel-backend', 'none'])),
      node('b', `not a list ${SECRET}`),
    );
    expect(a).toMatchObject({
      kind: 'Node',
      metadata: {
        labels: { pool: 'flux' },
        annotations: { 'k3s.io/node-args': '["--disable-network-policy","--flannel-backend","none"]' },
      },
      spec: { taints: [{ key: 'pool', value: 'flux', effect: 'NoSchedule' }], unschedulable: true },
      status: { nodeInfo: { kubeletVersion: 'v1.36.3+k3s1', osImage: 'SLES' }, ready: true },
    });
    expect(b?.metadata.annotations).toBeUndefined();
    expect(b?.status?.ready).toBe(false);
  });

  it('of DaemonSets which plugin runs, and what decides about policies', async () => {
    const daemonSet = (name: string, containers: readonly Json[]) =>
      object(
        'apps/v1',
        'DaemonSet',
        name,
        {
          spec: { template: { spec: { containers, nodeSelector: { os: 'linux' } } } },
          status: { desiredNumberScheduled: 3, numberReady: 2 },
        },
        { namespace: 'kube-system' },
      );
    const secret = { args: [SECRET], env: [{ name: 'TOKEN', value: SECRET }] };
    const [aws, router, other, weave] = await kept(
      'daemonSets',
      daemonSet('aws-node', [
        {
          name: 'aws-node',
          image: 'amazon-k8s-cni:v1',
          ...secret,
          env: [{ name: 'NETWORK_POLICY_ENFORCING_MODE', value: 'standard' }],
        },
        { name: 'aws-eks-nodeagent', image: 'aws-network-policy-agent:v1', args: ['--enable-network-policy=true'] },
      ]),
      daemonSet('kube-router', [
        { name: 'kube-router', image: 'kube-router', command: ['kube-router', '--run-firewall=false'] },
      ]),
      daemonSet('other', [{ name: 'agent', image: 'agent:v1', ...secret }]),
      daemonSet('weave-net', [
        {
          name: 'weave',
          image: 'weave-kube',
          env: [
            { name: 'EXPECT_NPC', value: '0' },
            { name: 'WEAVE_PASSWORD', value: SECRET },
          ],
        },
        { name: 'weave-npc', image: 'weave-npc' },
      ]),
    );
    expect(aws).toMatchObject({ nodeSelector: { os: 'linux' }, status: { desired: 3, ready: 2 } });
    expect(aws?.containers).toEqual([
      { name: 'aws-node', image: 'amazon-k8s-cni:v1', env: { NETWORK_POLICY_ENFORCING_MODE: 'standard' } },
      { name: 'aws-eks-nodeagent', image: 'aws-network-policy-agent:v1', args: ['--enable-network-policy=true'] },
    ]);
    expect(router?.containers[0]?.command).toEqual(['kube-router', '--run-firewall=false']);
    expect(other?.containers).toEqual([{ name: 'agent', image: 'agent:v1' }]);
    expect(weave?.containers[0]?.env).toEqual({ EXPECT_NPC: '0' });
  });

  it('runtime classes and API services', async () => {
    expect(
      await kept('runtimeClasses', object('node.k8s.io/v1', 'RuntimeClass', 'gvisor', { handler: 'runsc' })),
    ).toMatchObject([{ apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', handler: 'runsc' }]);
    const service = { namespace: 'a', name: 'b', port: 443 };
    const spec = { group: 'metrics.k8s.io', version: 'v1beta1', service, caBundle: SECRET };
    expect(
      await kept('apiServices', object('apiregistration.k8s.io/v1', 'APIService', 'v1beta1.metrics.k8s.io', { spec })),
    ).toMatchObject([
      { spec: { group: 'metrics.k8s.io', version: 'v1beta1', service: { namespace: 'a', name: 'b' } } },
    ]);
  });

  it('of aws-auth who is mapped to whom, of a configuration its switches', async () => {
    const mapRoles = `- rolearn: arn:aws:iam::1:role/a
  username: system:node:{{EC2PrivateDNSName}}
  groups: [system:nodes]
  note: ${SECRET}`;
    const plugin = {
      spec: { template: { spec: { containers: [{ name: 'agent', image: 'quay.io/cilium/cilium:v1' }] } } },
    };
    const found = await kept(
      'platformConfigMaps',
      object('apps/v1', 'DaemonSet', 'own-name', plugin, { namespace: 'network' }),
      object(
        'v1',
        'ConfigMap',
        'aws-auth',
        { data: { mapRoles, mapUsers: `{${SECRET}`, other: SECRET } },
        { namespace: 'kube-system' },
      ),
      object(
        'v1',
        'ConfigMap',
        'cilium-config',
        { data: { 'enable-policy': 'never', identity: SECRET } },
        { namespace: 'network' },
      ),
    );
    const ksm = pod(
      [{ image: 'kube-state-metrics:v2', args: ['--custom-resource-state-config-file=/etc/c/config.yaml'] }],
      { namespace: 'monitoring', name: 'ksm' },
    );
    const volumes = [{ name: 'c', configMap: { name: 'custom' } }];
    const metrics = { 'config.yaml': `kind: CustomResourceStateMetrics\nnote: ${SECRET}\nkind: HelmRelease` };
    const more = await kept(
      'platformConfigMaps',
      { ...ksm, spec: { ...(ksm['spec'] as Json), volumes } },
      object('v1', 'ConfigMap', 'custom', { data: metrics }, { namespace: 'monitoring' }),
    );
    expect(more['monitoring/custom']).toMatchObject({
      value: { data: { 'config.yaml': 'kind: "CustomResourceStateMetrics"\nkind: "HelmRelease"' } },
    });
    const identity = {
      rolearn: 'arn:aws:iam::1:role/a',
      username: 'system:node:{{EC2PrivateDNSName}}',
      groups: ['system:nodes'],
    };
    expect(found).toMatchObject({
      'kube-system/aws-auth': { value: { data: { mapRoles: JSON.stringify([identity]), mapUsers: 'null' } } },
      'kube-system/amazon-vpc-cni': { state: 'collected', value: null },
      'network/cilium-config': { value: { data: { 'enable-policy': 'never' } } },
    });
  });
});
