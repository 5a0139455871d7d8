import { describe, expect, it } from 'vitest';
import { SECRET, type Json } from '../../test/objects.js';
import { ClusterError } from '../cluster-error.js';
import { projectAdmissionPolicy, projectWebhookConfiguration } from './admission.js';
import { projectEnginePolicy } from './engine-policies.js';
import { keptNodeArguments } from './k3s-arguments.js';
import { projectNetworkPolicy, projectRecordedNativePolicy } from './network-policies.js';
import { projectNode } from './nodes.js';
import { projectPlatformConfigMap } from './platform-config-maps.js';
import { projectRbac, projectRecordedRbac } from './rbac-objects.js';

const metadata = { name: 'x', namespace: 'team-a' };
const policy = (spec: unknown, rest: Json = {}): Json => ({
  apiVersion: 'kyverno.io/v1',
  kind: 'Policy',
  metadata,
  spec,
  ...rest,
});
const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });

describe('what cannot be understood is an error, never an empty answer', () => {
  it.each<[string, () => unknown]>([
    ['a policy of a hundred levels', () => projectEnginePolicy(policy(deep(100)))],
    [
      'a policy of two megabytes',
      () => projectEnginePolicy(policy({ a: Array.from({ length: 20 }, () => 'x'.repeat(100_000)) })),
    ],
    ['a policy whose spec is a text', () => projectEnginePolicy(policy('Enforce'))],
    ['a policy of an unknown group', () => projectEnginePolicy(policy({}, { apiVersion: 'v1' }))],
    ['a policy whose kind is markup', () => projectEnginePolicy(policy({}, { kind: '<b>' }))],
    ['a policy without a kind', () => projectEnginePolicy(policy({}, { kind: undefined }))],
    ['a recorded policy of an unknown plugin', () => projectRecordedNativePolicy(policy({}))],
    ['a recorded role of an unknown kind', () => projectRecordedRbac('v1')({ kind: 'Secret', metadata })],
    ['rules that are a map', () => projectRbac('Role', 'v1')({ metadata, rules: {} })],
    ['a verb that is a number', () => projectRbac('Role', 'v1')({ metadata, rules: [{ verbs: [1] }] })],
    ['a binding without a role', () => projectRbac('RoleBinding', 'v1')({ metadata, subjects: [] })],
    ['a role of no namespace', () => projectRbac('Role', 'v1')({ metadata: { name: 'x' } })],
    [
      'a port that is a list',
      () => projectNetworkPolicy('v1')({ metadata, spec: { ingress: [{ ports: [{ port: [80] }] }] } }),
    ],
    ['a selector that is a text', () => projectNetworkPolicy('v1')({ metadata, spec: { podSelector: 'app=a' } })],
    [
      'a peer whose block has no range',
      () => projectNetworkPolicy('v1')({ metadata, spec: { egress: [{ to: [{ ipBlock: {} }] }] } }),
    ],
    [
      'a webhook without a name',
      () => projectWebhookConfiguration('MutatingWebhookConfiguration', 'v1')({ metadata, webhooks: [{}] }),
    ],
    [
      'an admission policy without a spec',
      () => projectAdmissionPolicy('ValidatingAdmissionPolicy', 'v1')({ metadata }),
    ],
    ['a taint without an effect', () => projectNode({ metadata: { name: 'n' }, spec: { taints: [{ key: 'a' }] } })],
  ])('%s', (_title, project) => {
    expect(project).toThrow(ClusterError);
  });

  it('while depth and size that real policies have are taken', () => {
    expect(projectEnginePolicy(policy(deep(40)))).toMatchObject({ spec: { a: {} } });
    expect(projectEnginePolicy(policy({ a: 'x'.repeat(200_000) })).spec['a']).toHaveLength(200_000);
  });

  it('and a key that would change all objects is left out', () => {
    const spec = JSON.parse('{"__proto__":{"polluted":true},"a":{"__proto__":1}}') as unknown;
    expect(projectEnginePolicy(policy(spec)).spec).toEqual({ a: {} });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('the arguments of a k3s node', () => {
  it.each<[string, string | undefined]>([
    ['["server"]', '[]'],
    ['["server","--disable-network-policy","--token","s3cret"]', '["--disable-network-policy"]'],
    ['["server","--disable-network-policy=true"]', '["--disable-network-policy=true"]'],
    ['["server","--disable-network-policy","true"]', '["--disable-network-policy","true"]'],
    ['["server","--flannel-backend","none","--x"]', '["--flannel-backend","none"]'],
    ['["server","--flannel-backend=wireguard-native"]', '["--flannel-backend=wireguard-native"]'],
    ['["server","disable-network-policy"]', '["disable-network-policy"]'],
    ['["server","--disable","network-policy"]', '[]'],
    ['["--flannel-backend","a b; s3cret"]', '["--flannel-backend"]'],
    ['server --disable-network-policy', undefined],
    ['{"a":"--disable-network-policy"}', undefined],
    ['[1]', undefined],
    ['', undefined],
  ])('%s', (text, expected) => {
    expect(keptNodeArguments(text)).toBe(expected);
  });
});

describe('a ConfigMap of the platform', () => {
  const awsAuth = (mapRoles: string) =>
    projectPlatformConfigMap({ metadata: { name: 'aws-auth', namespace: 'kube-system' }, data: { mapRoles } }).data?.[
      'mapRoles'
    ];

  it.each<[string, string, string]>([
    ['no roles', '[]', '[]'],
    ['an empty text', ' \n', '[]'],
    ['a role', '- rolearn: a\n  username: b\n  groups:\n  - c', '[{"rolearn":"a","username":"b","groups":["c"]}]'],
    ['an anchor', '- &a {rolearn: x}\n- *a', 'null'],
    ['no list', 'rolearn: a', 'null'],
    ['no YAML', '{', 'null'],
    ['what is no role', '- 5\n- [x]\n- null', '["5",null,null]'],
    ['groups that are no texts', `- {rolearn: a, groups: [1, {b: ${SECRET}}, c]}`, '[{"rolearn":"a","groups":["c"]}]'],
  ])('with %s', (_title, text, expected) => {
    expect(awsAuth(text)).toBe(expected);
    // And what is kept stays when it is read from a record.
    expect(awsAuth(expected)).toBe(expected);
  });

  it('keeps of a configuration of kube-state-metrics which kinds it is about', () => {
    const text = `kind: CustomResourceStateMetrics
spec:
  resources:
    - groupVersionKind: {group: helm.toolkit.fluxcd.io, version: v2, kind: "HelmRelease"}
      metrics: [{name: ${SECRET}}]
    - groupVersionKind:
        kind: Kustomization
    - groupVersionKind: {"kind":"*"}`;
    const project = (value: string) =>
      projectPlatformConfigMap({
        metadata: { name: 'ksm', namespace: 'monitoring' },
        data: { 'config.yaml': value, a: SECRET },
      });
    const kept = ['CustomResourceStateMetrics', 'HelmRelease', 'Kustomization', '*'].map((kind) => `kind: "${kind}"`);
    expect(project(text).data).toEqual({ 'config.yaml': kept.join('\n') });
    expect(project(kept.join('\n')).data).toEqual({ 'config.yaml': kept.join('\n') });
    expect(project('kind: Secret').data).toBeUndefined();
  });

  it('keeps nothing of a switch that is no switch', () => {
    const found = projectPlatformConfigMap({
      metadata: { name: 'cilium-config', namespace: 'kube-system' },
      data: { 'enable-policy': SECRET.repeat(20), 'policy-audit-mode': 'true', token: SECRET },
    });
    expect(found.data).toEqual({ 'enable-policy': '', 'policy-audit-mode': 'true' });
  });
});
