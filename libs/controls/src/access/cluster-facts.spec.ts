import { describe, expect, it } from 'vitest';
import type { Registration } from '#libs/core';
import { clusterPolicy, kyvernoWebhook } from '../../../../test/support/admission-policies.js';
import { type SnapshotOptions, snapshotOf } from '../../../../test/support/snapshot-of.js';
import { namespace, serviceAccount } from '../../../../test/support/rbac-text.js';
import { clusterFactsOf } from './cluster-facts.js';

function facts(input: readonly object[], options: SnapshotOptions = {}) {
  const { artifacts } = snapshotOf(input, options);
  const registration: Registration = { name: 'test' };
  return clusterFactsOf({ ...artifacts, registration });
}

const GATE = '--feature-gates=ObjectLevelWorkloadIdentity=true';
const SECRET_NAME = { name: 'NAME', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } };
const controller = (component: string, ...args: string[]) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `${component}-0`, namespace: 'flux-system' },
  spec: {
    serviceAccountName: component,
    containers: [{ name: 'manager', image: `ghcr.io/fluxcd/${component}:v1.9.4`, args, env: [SECRET_NAME] }],
  },
});
const group = (more: object) => ({
  kind: 'PodGroup',
  namespace: 'a',
  owner: { kind: 'Deployment', name: 'web' },
  serviceAccountName: 'app',
  risks: [],
  mirror: false,
  nodes: { n1: { count: 1 }, n2: { count: 2 } },
  ...more,
});
const ENFORCE = 'pod-security.kubernetes.io/enforce';
const hook = (resources: string[]) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'hook' },
  webhooks: [{ name: 'h', rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources }] }],
});

describe('what the cluster shows', () => {
  it('is who is there', () => {
    const { certain } = facts([namespace('a'), serviceAccount('a/app'), group({})]);
    expect(certain).toMatchObject({
      kubernetesMinor: 36,
      namespaces: ['a'],
      serviceAccounts: [{ namespace: 'a', name: 'app' }],
      pods: [{ namespace: 'a', name: 'web', serviceAccount: 'app' }],
      credentials: [{ namespace: 'a', of: { user: 'system:serviceaccount:a:app' } }],
    });
    expect(certain.flux).toBeUndefined();
  });

  it('are the same facts for the same artifacts', () => {
    const { artifacts } = snapshotOf([namespace('a')]);
    const sources = { ...artifacts, registration: Object.freeze({ name: 'test' }) };
    expect(clusterFactsOf(sources)).toBe(clusterFactsOf({ ...sources }));
  });

  it('are the names of the pods of a StatefulSet, and no static pods', () => {
    const { certain } = facts([
      group({ owner: { kind: 'StatefulSet', name: 'db' } }),
      group({ owner: { kind: 'Node', name: 'n1' }, mirror: true }),
    ]);
    expect(certain.pods.map(({ name }) => name)).toEqual(['db-0', 'db-1', 'db-2']);
  });

  it.each([
    ['v1.34.2+k3s1', 34, 34],
    ['unknown', 36, 34],
  ])('is the version %s', (serverVersion, certainMinor, possibleMinor) => {
    const { certain, possible } = facts([], { serverVersion });
    expect([certain.kubernetesMinor, possible.kubernetesMinor]).toEqual([certainMinor, possibleMinor]);
  });

  it.each<[string, object[], string[], string[]]>([
    ['restricted', [namespace('a', { [ENFORCE]: 'restricted' })], [], []],
    ['baseline', [namespace('a', { [ENFORCE]: 'baseline' })], [], []],
    ['no label', [namespace('a')], [], ['a']],
    ['privileged', [namespace('a', { [ENFORCE]: 'privileged' })], ['a'], ['a']],
    ['privileged, and a webhook for pods', [namespace('a', { [ENFORCE]: 'privileged' }), hook(['pods'])], [], ['a']],
    [
      'privileged, and a webhook for others',
      [namespace('a', { [ENFORCE]: 'privileged' }), hook(['services'])],
      ['a'],
      ['a'],
    ],
  ])('where privileged pods are let through: %s', (_state, input, certainly, possibly) => {
    const { certain, possible } = facts(input);
    expect([certain.privilegedNamespaces, possible.privilegedNamespaces]).toEqual([certainly, possibly]);
  });

  const registration: Registration = { name: 'test', tenants: [{ name: 't', namespaces: { names: ['a'] } }] };
  const engine = [kyvernoWebhook(), clusterPolicy(['Pod'], { podSecurity: { level: 'baseline', version: 'latest' } })];
  it.each<[string, object[], SnapshotOptions, string[]]>([
    ['an engine refuses them to the tenant', [namespace('a'), ...engine], {}, []],
    [
      'an engine is there, and its policies cannot be read',
      [namespace('a'), ...engine],
      { unavailable: { enginePolicies: 'forbidden' } },
      ['a'],
    ],
    ['the namespace is nobody’s', [namespace('b'), ...engine], {}, ['b']],
  ])('what an engine refuses: %s', (_state, input, options, possibly) => {
    const { artifacts } = snapshotOf(input, options);
    expect(clusterFactsOf({ ...artifacts, registration }).possible.privilegedNamespaces).toEqual(possibly);
  });

  it('does not call a namespace privileged where webhooks could not be read', () => {
    const input = [namespace('a', { [ENFORCE]: 'privileged' })];
    const { certain, possible } = facts(input, { unavailable: { webhookConfigurations: 'forbidden' } });
    expect([certain.privilegedNamespaces, possible.privilegedNamespaces]).toEqual([[], ['a']]);
  });

  const authMap = {
    apiVersion: 'v1',
    kind: 'PlatformConfigMap',
    metadata: { namespace: 'kube-system', name: 'aws-auth' },
  };
  it('is whether cloud identities are mapped here', () => {
    expect(facts([authMap]).certain.awsAuth).toBe(true);
    const { certain, possible } = facts([authMap], { unavailable: { platformConfigMaps: 'forbidden' } });
    expect([certain.awsAuth, possible.awsAuth]).toEqual([false, true]);
  });

  it('are the nodes of the control plane', () => {
    const node = (labels: object) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', labels }, spec: {} });
    expect(facts([node({ 'node-role.kubernetes.io/control-plane': '' })]).certain.controlPlaneNodes).toBe(true);
    expect(facts([node({})]).possible.controlPlaneNodes).toBe(false);
    expect(facts([node({})], { unavailable: { nodes: 'timeout' } }).possible.controlPlaneNodes).toBe(true);
  });

  it('are the operators that act on what objects say', () => {
    const argo = group({
      owner: { kind: 'StatefulSet', name: 'argocd-application-controller' },
      serviceAccountName: 'argo',
    });
    expect(facts([argo]).certain.operators).toEqual([
      { group: 'argoproj.io', resource: 'applications', account: { namespace: 'a', name: 'argo' } },
    ]);
  });
});

describe('Flux', () => {
  const flux = (...pods: object[]) => facts(pods);
  it.each<[string, object[], object | undefined, object | undefined]>([
    ['no controller that applies', [controller('source-controller')], undefined, undefined],
    [
      'no default account',
      [controller('kustomize-controller')],
      {
        unlocked: 'all',
        genericKubeConfig: true,
        controllers: [{ namespace: 'flux-system', name: 'kustomize-controller' }],
      },
      { unlocked: 'all' },
    ],
    [
      'both defaults',
      [
        controller(
          'kustomize-controller',
          '--default-service-account=d',
          '--default-kubeconfig-service-account=d',
          GATE,
        ),
      ],
      { unlocked: [], genericKubeConfig: false },
      { unlocked: [], genericKubeConfig: false },
    ],
    [
      'a default on one of two',
      [controller('kustomize-controller', '--default-service-account=d'), controller('helm-controller')],
      { unlocked: 'all' },
      { unlocked: 'all' },
    ],
    [
      'only its own namespace',
      [controller('kustomize-controller', '--watch-all-namespaces=false')],
      { unlocked: ['flux-system'] },
      { unlocked: ['flux-system'] },
    ],
    [
      'a value that cannot be told',
      [controller('kustomize-controller', '--default-service-account=$(NAME)')],
      { unlocked: [] },
      { unlocked: 'all' },
    ],
  ])('%s', (_state, pods, certain, possible) => {
    const { certain: sure, possible: likely } = flux(...pods);
    expect({ certain: sure.flux, possible: likely.flux }).toMatchObject({ certain, possible });
  });
});
