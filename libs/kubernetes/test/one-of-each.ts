import type { SimulatedObject } from '#libs/simulator';

/** A namespace, and in and around it one object of each kind of Kubernetes' own that is read; each is called `own…`. */
export function oneOfEach(namespace: string): readonly SimulatedObject[] {
  const here = { name: 'own', namespace };
  const anywhere = { name: 'own' };
  const RBAC = 'rbac.authorization.k8s.io';
  const ADMISSION = 'admissionregistration.k8s.io/v1';
  const labels = { app: 'own' };
  const subjects = [{ kind: 'Group', apiGroup: RBAC, name: namespace }];
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];
  const match = { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['DELETE'], resources: ['deployments'] };
  const container = { name: 'agent', image: 'example.com/agent:1' };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } },
    { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata: here, rules },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: here,
      subjects,
      roleRef: { apiGroup: RBAC, kind: 'Role', name: 'own' },
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: anywhere,
      rules: [],
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] },
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: anywhere,
      subjects,
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'own' },
    },
    {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'own-node' },
      spec: { taints: [{ key: 'pool', value: 'flux', effect: 'NoSchedule' }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: here,
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    },
    { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: anywhere, handler: 'runsc' },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: here,
      spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 'http' }] }] },
    },
    {
      apiVersion: ADMISSION,
      kind: 'ValidatingWebhookConfiguration',
      metadata: anywhere,
      webhooks: [
        {
          name: 'own.example.com',
          clientConfig: { service: { namespace, name: 'own' } },
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          failurePolicy: 'Ignore',
          rules: [match],
          // It stops nothing: nothing has this label.
          objectSelector: { matchLabels: { 'example.com/never': 'true' } },
        },
      ],
    },
    {
      apiVersion: ADMISSION,
      kind: 'ValidatingAdmissionPolicy',
      metadata: anywhere,
      spec: { matchConstraints: { resourceRules: [match] }, validations: [{ expression: 'true' }] },
    },
    {
      apiVersion: ADMISSION,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: anywhere,
      spec: { policyName: 'own', validationActions: ['Audit'] },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: here,
      spec: { selector: labels, ports: [{ port: 80, targetPort: 'http' }] },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: here,
      spec: { minAvailable: 1, selector: { matchLabels: labels } },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: here,
      spec: {
        tls: [{ hosts: ['own.example.com'], secretName: 'own' }],
        rules: [
          {
            host: 'own.example.com',
            http: {
              paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'own', port: { number: 80 } } } }],
            },
          },
        ],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'own-sealed-secrets', namespace },
      spec: {
        nodeName: 'own-node',
        hostPID: true,
        containers: [
          {
            name: 'controller',
            image: 'docker.io/bitnami/sealed-secrets-controller:0.38.4',
            args: ['--key-renew-period=0'],
            resources: { requests: { cpu: '1m' } },
          },
        ],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'own-key', namespace, labels: { 'sealedsecrets.bitnami.com/sealed-secrets-key': 'active' } },
      data: { 'tls.key': 'bm90IGZvciB5b3U=' },
    },
    // The last, because nothing counts what is there already.
    { apiVersion: 'v1', kind: 'ResourceQuota', metadata: here, spec: { hard: { pods: '10' } } },
  ];
}
