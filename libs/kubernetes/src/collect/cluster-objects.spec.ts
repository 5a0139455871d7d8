import { describe, expect, it } from 'vitest';
import { ARTIFACT_NAMES, type ArtifactName, type Snapshot } from '#libs/core';
import {
  FLUX_RESOURCES,
  fluxObjects,
  GATEKEEPER_RESOURCES,
  GATEWAY_RESOURCES,
  KYVERNO_RESOURCES,
  MUTATING_POLICY_RESOURCES,
  NETWORK_PLUGIN_RESOURCES,
  READ_EVERYTHING,
  SimulatedCluster,
  SimulatedServer,
  type SimulatedObject,
} from '#libs/simulator';
import { openClient } from '../../test/hostile-cluster.js';
import { podObject, SECRET, type Json } from '../../test/objects.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import { writeSnapshot } from '../snapshot/write-snapshot.js';
import { collectSnapshot } from './collect-snapshot.js';

const RESOURCES = [
  FLUX_RESOURCES,
  GATEWAY_RESOURCES,
  NETWORK_PLUGIN_RESOURCES,
  KYVERNO_RESOURCES,
  GATEKEEPER_RESOURCES,
  MUTATING_POLICY_RESOURCES,
].flat();

/** An object with what must not be kept in its annotations. */
function object(apiVersion: string, kind: string, name: string, rest: Json = {}, metadata: Json = {}): SimulatedObject {
  const annotations = { note: SECRET, ...(metadata['annotations'] as Json | undefined) };
  const managedFields = [{ manager: 'kubectl', operation: 'Update', time: '2026-10-01T00:00:00Z', fieldsV1: SECRET }];
  return { apiVersion, kind, metadata: { name, ...metadata, annotations, managedFields }, ...rest };
}

const inFlux = { namespace: 'flux-system' };
const inTeam = { namespace: 'team-a' };
const pod = (containers: readonly Json[], options: Parameters<typeof podObject>[1]) =>
  ({ apiVersion: 'v1', kind: 'Pod', ...podObject(containers, options) }) as unknown as SimulatedObject;

async function collect(
  objects: readonly SimulatedObject[],
  change: (cluster: SimulatedCluster) => void = () => {},
  registration: Readonly<Record<string, unknown>> = {},
): Promise<{ snapshot: Snapshot; cluster: SimulatedCluster }> {
  const cluster = new SimulatedCluster({
    name: 'c',
    resources: RESOURCES,
    objects: [...fluxObjects({}), ...objects],
    user: { allowed: READ_EVERYTHING, denied: [] },
  });
  change(cluster);
  const server = await SimulatedServer.start({ clusters: cluster });
  const credential = { kind: 'token', token: cluster.user.token } as const;
  const client = await openClient({ server: server.urlOf(cluster), caData: server.caPem, credential });
  try {
    const snapshot = await collectSnapshot(client, {
      name: 'c',
      registration: { name: 'c', ...registration },
      sightings: { firstSeen: {} },
      needs: ARTIFACT_NAMES,
    });
    return { snapshot, cluster };
  } finally {
    await client.close();
    await server.close();
  }
}

function valueOf<N extends ArtifactName>({ artifacts }: Snapshot, name: N) {
  const artifact = artifacts[name];
  if (artifact.state !== 'collected') throw new Error(`${name}: ${artifact.message}`);
  return artifact.value as Extract<Snapshot['artifacts'][N], { state: 'collected' }>['value'];
}

/** Collects these, checks that the record of it is the same, and that nothing of it is a secret. */
async function kept<N extends ArtifactName>(name: N, ...objects: readonly SimulatedObject[]) {
  const { snapshot } = await collect(objects);
  const read = readSnapshot(writeSnapshot(snapshot));
  expect(read.artifacts[name]).toEqual(snapshot.artifacts[name]);
  const value = valueOf(snapshot, name);
  expect(JSON.stringify(value)).not.toContain(SECRET);
  return value;
}

const selector = { matchLabels: { app: 'a' }, matchExpressions: [{ key: 'b', operator: 'Exists' }] };
const rule = { apiGroups: ['*'], apiVersions: ['*'], operations: ['DELETE'], resources: ['*/*'], scope: '*' };

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

  it('network policies, what is empty and what is absent in them alike', async () => {
    const spec = {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {},
        {
          from: [],
          ports: [
            { protocol: 'TCP', port: 'http' },
            { port: 80, endPort: 90 },
          ],
        },
        {
          from: [
            { namespaceSelector: {}, podSelector: selector },
            { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
          ],
        },
      ],
      egress: [{ to: [{ podSelector: {} }] }],
    };
    const found = await kept(
      'networkPolicies',
      object('networking.k8s.io/v1', 'NetworkPolicy', 'own', { spec }, inTeam),
    );
    expect(found.find(({ metadata }) => metadata.name === 'own')?.spec).toEqual(spec);
  });

  it('policies of network plugins', async () => {
    const spec = { endpointSelector: {}, ingress: [{ fromEntities: ['cluster'] }] };
    const found = await kept(
      'nativePolicies',
      object('cilium.io/v2', 'CiliumNetworkPolicy', 'a', { spec }, inTeam),
      object('cilium.io/v2', 'CiliumClusterwideNetworkPolicy', 'b', { specs: [spec] }),
      object('crd.projectcalico.org/v1', 'NetworkPolicy', 'c', { spec }, inTeam),
      object('policy.networking.k8s.io/v1alpha1', 'BaselineAdminNetworkPolicy', 'default', { spec }),
    );
    expect(found).toHaveLength(4);
    expect(found).toMatchObject([
      { apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'BaselineAdminNetworkPolicy', spec },
      { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: inTeam, spec },
      { kind: 'CiliumClusterwideNetworkPolicy', spec: {}, specs: [spec] },
      { apiVersion: 'crd.projectcalico.org/v1', kind: 'NetworkPolicy', spec },
    ]);
  });

  it('webhooks without their CA and address', async () => {
    const webhook = {
      name: 'a.example.com',
      failurePolicy: 'Ignore',
      sideEffects: 'None',
      matchPolicy: 'Equivalent',
      rules: [rule],
      namespaceSelector: selector,
      objectSelector: {},
      matchConditions: [{ name: 'x', expression: 'true' }],
    };
    const clientConfig = { service: { namespace: 'a', name: 'b', path: `/${SECRET}` }, caBundle: SECRET };
    const GROUP = 'admissionregistration.k8s.io/v1';
    const found = await kept(
      'webhookConfigurations',
      object(GROUP, 'ValidatingWebhookConfiguration', 'v', { webhooks: [{ ...webhook, clientConfig }] }),
      object(GROUP, 'MutatingWebhookConfiguration', 'm', {
        webhooks: [{ ...webhook, clientConfig: { url: `https://x/${SECRET}` } }],
      }),
      object(GROUP, 'MutatingWebhookConfiguration', 'none'),
    );
    expect(found).toMatchObject([
      { kind: 'ValidatingWebhookConfiguration', webhooks: [{ ...webhook, service: { namespace: 'a', name: 'b' } }] },
      { kind: 'MutatingWebhookConfiguration', webhooks: [webhook] },
      { kind: 'MutatingWebhookConfiguration', webhooks: [] },
    ]);
  });

  it('admission policies and their bindings', async () => {
    const GROUP = 'admissionregistration.k8s.io/v1';
    const matchConstraints = { resourceRules: [rule], namespaceSelector: {}, matchPolicy: 'Equivalent' };
    const spec = {
      failurePolicy: 'Fail',
      matchConstraints,
      variables: [{ name: 'a', expression: '1' }],
      validations: [{ expression: 'false', message: 'no', reason: 'Forbidden' }],
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
    };
    const binding = {
      policyName: 'p',
      validationActions: ['Deny'],
      matchResources: { namespaceSelector: selector },
      paramRef: { name: 'x', parameterNotFoundAction: 'Deny' },
    };
    const found = await kept(
      'admissionPolicies',
      object(GROUP, 'ValidatingAdmissionPolicy', 'p', { spec }),
      object(GROUP, 'ValidatingAdmissionPolicyBinding', 'b', { spec: binding }),
      object('admissionregistration.k8s.io/v1beta1', 'MutatingAdmissionPolicy', 'm', { spec: { mutations: [SECRET] } }),
    );
    expect(found).toMatchObject([
      { apiVersion: GROUP, kind: 'ValidatingAdmissionPolicy', spec },
      { apiVersion: GROUP, kind: 'ValidatingAdmissionPolicyBinding', spec: binding },
      { apiVersion: 'admissionregistration.k8s.io/v1beta1', kind: 'MutatingAdmissionPolicy', spec: {} },
    ]);
  });

  it('policies of engines: every kind of constraint, and of rules of Kyverno not what they generate', async () => {
    const rules = [
      {
        name: 'a',
        match: { any: [{ resources: { kinds: ['Pod'] } }] },
        validate: { pattern: { spec: { '=(hostPID)': false } } },
        generate: { data: { stringData: { password: SECRET } } },
        context: [{ name: 'x', apiCall: { service: { headers: [{ key: 'a', value: SECRET }] } } }],
      },
    ];
    const match = { kinds: [{ apiGroups: [''], kinds: ['Pod'] }] };
    const found = await kept(
      'enginePolicies',
      object('kyverno.io/v1', 'ClusterPolicy', 'a', { spec: { validationFailureAction: 'Enforce', rules } }),
      object('kyverno.io/v2', 'PolicyException', 'b', { spec: { exceptions: [] } }, inTeam),
      object('templates.gatekeeper.sh/v1', 'ConstraintTemplate', 'c', { spec: { targets: [] } }),
      object('constraints.gatekeeper.sh/v1beta1', 'K8sPSPPrivilegedContainer', 'd', {
        spec: { enforcementAction: 'deny', match },
        status: SECRET,
      }),
    );
    expect(found).toMatchObject([
      {
        kind: 'ClusterPolicy',
        spec: {
          validationFailureAction: 'Enforce',
          rules: [{ match: rules[0]?.match, validate: rules[0]?.validate, generate: {}, context: [{ name: 'x' }] }],
        },
      },
      { kind: 'PolicyException', metadata: inTeam },
      { kind: 'ConstraintTemplate' },
      { apiVersion: 'constraints.gatekeeper.sh/v1beta1', kind: 'K8sPSPPrivilegedContainer', spec: { match } },
    ]);
  });

  it('of aws-auth who is mapped to whom, of the configuration of Cilium its switches', async () => {
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

describe('around Flux is kept', () => {
  const service = (metadata: Json, name = 'source-controller') =>
    object(
      'v1',
      'Service',
      name,
      {
        spec: { type: 'NodePort', selector: { app: 'x' }, ports: [{ port: 80, targetPort: 'http', nodePort: 30_080 }] },
      },
      metadata,
    );
  const quota = (metadata: Json) =>
    object(
      'v1',
      'ResourceQuota',
      'own',
      {
        spec: {
          hard: { pods: '10' },
          scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['x'] }] },
        },
        status: { used: { pods: SECRET } },
      },
      metadata,
    );

  it('what is in its namespaces, and in those that the registry names', async () => {
    const objects = [inFlux, inTeam, { namespace: 'other' }].flatMap((home) => [
      service(home, 'own'),
      quota(home),
      object('policy/v1', 'PodDisruptionBudget', 'own', { spec: { selector } }, home),
    ]);
    const { snapshot, cluster } = await collect(objects, undefined, { fluxNamespaces: ['other'] });
    const names = ['flux-system', 'other'];
    for (const name of ['services', 'resourceQuotas', 'disruptionBudgets'] as const) {
      const own = valueOf(snapshot, name).filter(({ metadata }) => metadata.name === 'own');
      expect(own.map(({ metadata }) => metadata.namespace)).toEqual(names);
    }
    expect(valueOf(snapshot, 'services').find(({ metadata }) => metadata.name === 'own')).toMatchObject({
      spec: { type: 'NodePort', selector: { app: 'x' }, ports: [{ port: 80, targetPort: 'http', nodePort: 30_080 }] },
    });
    expect(cluster.requests.requests.filter(({ path }) => /v1\/services/.test(path))).toEqual([]);
    expect(JSON.stringify(snapshot.artifacts.resourceQuotas)).not.toContain(SECRET);
    expect(readSnapshot(writeSnapshot(snapshot)).artifacts.resourceQuotas).toEqual(snapshot.artifacts.resourceQuotas);
  });

  it('the ingresses that may lead there', async () => {
    const http = (service: string) => ({
      http: { paths: [{ path: '/x', backend: { service: { name: service, port: { number: 80 } } } }] },
    });
    const ingress = (name: string, spec: Json, metadata: Json) =>
      object('networking.k8s.io/v1', 'Ingress', name, { spec }, metadata);
    const found = await kept(
      'ingresses',
      ingress(
        'near',
        {
          tls: [{ hosts: ['a.example.com'], secretName: 'x' }],
          defaultBackend: { service: { name: 'd', port: { name: 'http' } } },
          rules: [{ host: 'a.example.com', ...http('s') }],
        },
        inFlux,
      ),
      ingress('detour', { rules: [http('webhook-receiver')] }, inTeam),
      ingress('far', { rules: [http('shop')] }, inTeam),
    );
    expect(found.map(({ metadata }) => metadata.name)).toEqual(['near', 'detour']);
    expect(found[0]?.spec).toEqual({
      tls: true,
      tlsHosts: ['a.example.com'],
      backends: [
        { service: 'd', port: 'http' },
        { host: 'a.example.com', path: '/x', service: 's', port: 80 },
      ],
    });
    expect(found[1]?.spec).toMatchObject({ tls: false, tlsHosts: [] });
  });

  it('the routes of gateways that lead there, copies of requests among them', async () => {
    const to = { name: 'webhook-receiver', port: 80 };
    const route = (kind: string, version: string, name: string, rules: readonly Json[], metadata: Json) =>
      object(`gateway.networking.k8s.io/${version}`, kind, name, { spec: { rules } }, metadata);
    const found = await kept(
      'gatewayRoutes',
      route(
        'HTTPRoute',
        'v1',
        'near',
        [{ matches: [{ path: { value: '/hook' } }], backendRefs: [to, { ...to, namespace: 'team-a' }] }],
        inFlux,
      ),
      route('HTTPRoute', 'v1', 'across', [{ backendRefs: [{ ...to, namespace: 'flux-system' }] }], inTeam),
      route(
        'HTTPRoute',
        'v1',
        'mirror',
        [{ filters: [{ requestMirror: { backendRef: { ...to, namespace: 'flux-system' } } }] }],
        inTeam,
      ),
      route('HTTPRoute', 'v1', 'far', [{ backendRefs: [to] }], inTeam),
      route('HTTPRoute', 'v1', 'no-service', [{ backendRefs: [{ ...to, group: 'x', kind: 'Bucket' }] }], inFlux),
      route('TCPRoute', 'v1alpha2', 'tcp', [{ backendRefs: [to] }], inFlux),
    );
    const backend = { namespace: 'flux-system', service: 'webhook-receiver', port: 80 };
    expect(found.map(({ kind, metadata, spec }) => [kind, metadata.name, spec.backends])).toEqual([
      ['HTTPRoute', 'near', [{ ...backend, path: '/hook' }]],
      ['HTTPRoute', 'across', [backend]],
      ['HTTPRoute', 'mirror', [backend]],
      ['TCPRoute', 'tcp', [backend]],
    ]);
  });

  it('found with one list, where somebody makes it seem to run everywhere', async () => {
    const decoys = Array.from({ length: 12 }, (_, i) =>
      pod([{ image: 'ghcr.io/fluxcd/source-controller:v1.9.4' }], { namespace: `decoy-${i}`, name: 'x' }),
    );
    const { snapshot, cluster } = await collect([...decoys, service({ namespace: 'decoy-1' }), service(inTeam)]);
    const homes = valueOf(snapshot, 'services').map(({ metadata }) => metadata.namespace);
    expect(homes).toContain('decoy-1');
    expect(homes).not.toContain('team-a');
    expect(cluster.requests.requests.filter(({ path }) => path.includes('/services'))).toHaveLength(1);
  });
});

describe('the keys of the Sealed Secrets controller', () => {
  const LABEL = 'sealedsecrets.bitnami.com/sealed-secrets-key';
  const controller = pod([{ image: 'bitnami/sealed-secrets-controller:0.38.4' }], { namespace: 'sealing', name: 'x' });
  const secret = (name: string, namespace: string, labels: Json) =>
    object('v1', 'Secret', name, { data: { 'tls.key': SECRET }, type: 'kubernetes.io/tls' }, { namespace, labels });
  const secrets = [
    secret('key', 'sealing', { [LABEL]: 'active' }),
    secret('unlabelled', 'sealing', {}),
    secret('elsewhere', 'team-a', { [LABEL]: 'active' }),
  ];
  const lists = (cluster: SimulatedCluster) => cluster.requests.requests.filter(({ path }) => /\/secrets\?/.test(path));

  it('are read as metadata, from its namespace alone', async () => {
    const { snapshot, cluster } = await collect([controller, ...secrets]);
    const keys = valueOf(snapshot, 'sealingKeys');
    expect(keys).toMatchObject([
      {
        kind: 'Secret',
        metadata: {
          name: 'key',
          labels: { [LABEL]: 'active' },
          managedFields: [{ manager: 'kubectl', time: '2026-10-01T00:00:00Z' }],
        },
      },
    ]);
    expect(keys).toHaveLength(1);
    expect(JSON.stringify(snapshot)).not.toContain(SECRET);
    expect(lists(cluster).map(({ path }) => path)).toEqual([
      `/api/v1/namespaces/sealing/secrets?limit=500&labelSelector=${encodeURIComponent(LABEL)}`,
    ]);
    expect(readSnapshot(writeSnapshot(snapshot)).artifacts.sealingKeys).toEqual(snapshot.artifacts.sealingKeys);
  });

  it('are not asked for where it does not run', async () => {
    const { snapshot, cluster } = await collect(secrets);
    expect(valueOf(snapshot, 'sealingKeys')).toEqual([]);
    expect(lists(cluster)).toEqual([]);
  });

  it('are unavailable where they may not be listed, with the permission', async () => {
    const missing = { verb: 'list', group: '', resource: 'secrets', namespace: 'sealing' };
    const { snapshot } = await collect([controller, ...secrets], (cluster) => cluster.deny(missing));
    expect(snapshot.artifacts.sealingKeys).toMatchObject({
      state: 'unavailable',
      reason: 'forbidden',
      missing: [missing],
    });
  });

  it('are not asked for everywhere because pods everywhere look like it', async () => {
    const decoys = Array.from({ length: 21 }, (_, i) =>
      pod([{ image: 'sealed-secrets-controller' }], { namespace: `decoy-${i}`, name: 'x' }),
    );
    const { snapshot, cluster } = await collect(decoys);
    expect(snapshot.artifacts.sealingKeys).toMatchObject({ state: 'unavailable', reason: 'budgetExceeded' });
    expect(lists(cluster)).toEqual([]);
  });
});
