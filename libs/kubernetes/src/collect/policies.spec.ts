import { describe, expect, it } from 'vitest';
import { inTeam, kept, object } from '../../test/collected-objects.js';
import { SECRET } from '../../test/objects.js';

const selector = { matchLabels: { app: 'a' }, matchExpressions: [{ key: 'b', operator: 'Exists' }] };
const rule = { apiGroups: ['*'], apiVersions: ['*'], operations: ['DELETE'], resources: ['*/*'], scope: '*' };

describe('of policies is kept', () => {
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
});
