import { describe, expect, it } from 'vitest';
import type { Artifacts, Collected, HelmRelease, Kustomization } from '#libs/core';
import { type ControllerOptions, controller, fluxObject } from '../../../../test/support/flux-installation.js';
import { NOW, type SnapshotOptions, snapshotOf } from '../../../../test/support/snapshot-of.js';
import { discoverControllers } from '../inventory/discover-controllers.js';
import { lanesOf } from '../lanes/lanes.js';
import type { TargetFacts } from './apply-target.js';
import { effectiveIdentities } from './effective-identity.js';
import type { EffectiveIdentity } from './identity.js';

function valueOf<T>(artifact: Collected<T>): T {
  if (artifact.state !== 'collected') throw new Error('not collected');
  return artifact.value;
}

/** `team-a/default by default`, for each identity of an object. */
function identities(object: object, cluster: readonly object[], options: SnapshotOptions = {}): readonly string[] {
  return found(object, cluster, options).map(textOf);
}

function found(
  object: object,
  cluster: readonly object[],
  options: SnapshotOptions = {},
): readonly EffectiveIdentity[] {
  const { artifacts } = snapshotOf(cluster, options);
  const [deployments, pods, configMaps]: [Artifacts['deployments'], Artifacts['pods'], Artifacts['configMaps']] = [
    valueOf(artifacts.deployments),
    valueOf(artifacts.pods),
    valueOf(artifacts.configMaps),
  ];
  const lanes = lanesOf(discoverControllers({ deployments, pods, configMaps }), Date.parse(NOW));
  return effectiveIdentities(object as Kustomization | HelmRelease, lanes, artifacts satisfies TargetFacts);
}

function textOf(identity: EffectiveIdentity): string {
  switch (identity.kind) {
    case 'account':
      return `${identity.account.namespace}/${identity.account.name} by ${identity.origin}${identity.pending ? ' (pending)' : ''}`;
    case 'credential':
      return [identity.user, ...identity.groups].join(' ');
    case 'remote':
      return 'remote';
    default:
      return `unknown ${identity.code}`;
  }
}

const kustomize = (args: readonly string[] = [], options: ControllerOptions = {}): object[] =>
  controller('kustomize-controller', args, options);
const DEFAULT = '--default-service-account=default';
const app = (spec: object = {}, more: object = {}): object => fluxObject('Kustomization', 'team-a/app', spec, more);
const sharded = {
  ...app(),
  metadata: { namespace: 'team-a', name: 'app', labels: { 'sharding.fluxcd.io/key': 'shard1' } },
};
const shard = (args: readonly string[]): object[] =>
  kustomize(['--watch-label-selector=sharding.fluxcd.io/key=shard1', ...args], { name: 'kustomize-controller-shard1' });

describe('an object without spec.kubeConfig', () => {
  it.each<[string, object, object[], readonly string[]]>([
    ['names an account', app({ serviceAccountName: 'deployer' }), kustomize([DEFAULT]), ['team-a/deployer by named']],
    [
      'names an account, and no controller is there',
      app({ serviceAccountName: 'deployer' }),
      [],
      ['team-a/deployer by named'],
    ],
    ['names the empty account', app({ serviceAccountName: '' }), kustomize([DEFAULT]), ['team-a/default by default']],
    ['names none, with a default', app(), kustomize([DEFAULT]), ['team-a/default by default']],
    [
      'names none, with an empty default',
      app(),
      kustomize(['--default-service-account=']),
      ['flux-system/kustomize-controller by controller'],
    ],
    ['names none, without a default', app(), kustomize(), ['flux-system/kustomize-controller by controller']],
    [
      'names none; the controller runs as nobody in particular',
      app(),
      kustomize([], { serviceAccountName: '' }),
      ['flux-system/default by controller'],
    ],
    [
      'a default of the other controller does not count',
      app(),
      [...kustomize(), ...controller('helm-controller', [DEFAULT])],
      ['flux-system/kustomize-controller by controller'],
    ],
    [
      'a HelmRelease has the default of helm-controller',
      fluxObject('HelmRelease', 'team-a/app', {}),
      [...kustomize(), ...controller('helm-controller', [DEFAULT])],
      ['team-a/default by default'],
    ],
    [
      'the template lost the default',
      app(),
      kustomize([], { podArgs: [DEFAULT] }),
      ['team-a/default by default', 'flux-system/kustomize-controller by controller (pending)'],
    ],
    [
      'scaled to zero: the template decides',
      app(),
      kustomize([DEFAULT], { state: 'scaledToZero' }),
      ['team-a/default by default'],
    ],
    [
      'a pod on its way out does not count',
      app(),
      kustomize([DEFAULT], { terminatingArgs: [] }),
      ['team-a/default by default'],
    ],
    [
      'in the lane of a shard without a default',
      sharded,
      [...kustomize(['--watch-label-selector=!sharding.fluxcd.io/key', DEFAULT]), ...shard([])],
      ['flux-system/kustomize-controller by controller'],
    ],
    [
      'in two lanes with different defaults',
      sharded,
      [...kustomize([DEFAULT]), ...shard(['--default-service-account=tenant'])],
      ['team-a/default by default', 'team-a/tenant by default'],
    ],
    [
      'a controller that watches its own namespace only',
      app(),
      kustomize([DEFAULT, '--watch-all-namespaces=false']),
      ['unknown NOT_SERVED'],
    ],
    ['no controller', app(), [], ['unknown NOT_SERVED']],
    [
      'the default comes from a Secret',
      app(),
      kustomize(['--default-service-account=$(ACCOUNT)'], {
        env: [{ name: 'ACCOUNT', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
      }),
      ['unknown UNRESOLVED_ENV'],
    ],
    [
      'a shell starts the controller',
      app(),
      kustomize([], { command: ['sh', '-c', 'exec kustomize-controller $ARGS'] }),
      ['unknown SHELL_WRAPPER'],
    ],
    [
      'one lane is known, another is hidden',
      app(),
      [...kustomize([DEFAULT]), ...kustomize([], { name: 'other', command: ['sh', '-c', 'x | y'] })],
      ['team-a/default by default', 'unknown SHELL_WRAPPER'],
    ],
  ])('%s', (_title, object, cluster, expected) => {
    expect(identities(object, cluster)).toEqual(expected);
  });

  it('says where the name stands', () => {
    const [identity] = found(app(), kustomize([DEFAULT]));
    expect(identity).toMatchObject({
      sources: [
        { pointer: '/spec/serviceAccountName', observed: null },
        { object: { kind: 'Pod' }, pointer: '/spec/containers/0/args/4', observed: DEFAULT },
      ],
    });
    expect(found(app(), kustomize())[0]).toMatchObject({
      sources: [{ observed: null }, { pointer: '/spec/serviceAccountName', observed: 'kustomize-controller' }],
    });
  });
});

const bySecret = app({ kubeConfig: { secretRef: { name: 'kc' } } });
const byMap = app({ kubeConfig: { configMapRef: { name: 'kc' } } });
const secret = (kubeConfig: object): object => ({
  kind: 'SecretFacts',
  metadata: { namespace: 'team-a', name: 'kc' },
  keys: ['value'],
  digest: 'd',
  lengths: { value: 1 },
  kubeConfig: { fields: [], ...kubeConfig },
});
const map = (facts: object): object => ({
  kind: 'KubeConfigMapFacts',
  metadata: { namespace: 'team-a', name: 'kc' },
  ...facts,
});
const self = {
  kind: 'FleetCluster',
  name: 'hub',
  server: 'https://hub.example.com:6443',
  caSpkiSha256: 'aa',
  cloudId: 'arn:hub',
  tenants: [],
  self: true,
};
const spoke = {
  ...self,
  name: 'spoke',
  server: 'https://spoke.example.com',
  caSpkiSha256: 'bb',
  cloudId: 'arn:spoke',
  self: false,
};
const certificate = { commonName: 'ops', organizations: ['system:masters'], notBefore: '', notAfter: '' };
const token = { kind: 'jwt', subject: 'system:serviceaccount:flux-system:flux' };
const IN_CLUSTER = 'https://kubernetes.default.svc';

describe('an object with spec.kubeConfig', () => {
  it.each<[string, object, readonly object[], readonly string[]]>([
    ['another cluster', bySecret, [self, secret({ server: 'https://spoke.example.com', token })], ['remote']],
    ['a cluster of the fleet, by address', bySecret, [spoke, secret({ server: 'SPOKE.example.com:443/' })], ['remote']],
    ['back, by address', bySecret, [self, secret({ server: 'https://HUB.example.com:6443/', token })], [token.subject]],
    [
      'back, by CA',
      bySecret,
      [self, secret({ server: 'https://10.0.0.1', caSpkiSha256: 'aa', certificate })],
      ['ops system:masters'],
    ],
    ['back, by the name that pods use', bySecret, [secret({ server: IN_CLUSTER, token })], [token.subject]],
    [
      'back, by the long name',
      bySecret,
      [secret({ server: 'https://kubernetes.default.svc.cluster.local:443', token })],
      [token.subject],
    ],
    [
      'a host that only begins like it',
      bySecret,
      [self, secret({ server: 'https://kubernetes.default.example.com' })],
      ['remote'],
    ],
    [
      'back, with a token that says nothing',
      bySecret,
      [secret({ server: IN_CLUSTER, token: { kind: 'opaque' } })],
      ['unknown UNKNOWN_CREDENTIAL'],
    ],
    [
      'nobody knows how this cluster is reached',
      bySecret,
      [secret({ server: 'https://x.example.com' })],
      ['unknown UNKNOWN_TARGET'],
    ],
    ['no such Secret', bySecret, [self, bySecret], ['unknown KUBECONFIG_UNUSABLE']],
    ['nobody read the Secret', bySecret, [self], ['unknown NOT_COLLECTED']],
    ['not a kubeconfig', bySecret, [self, secret({ problem: 'NOT_YAML' })], ['unknown KUBECONFIG_UNUSABLE']],
    ['names nothing', app({ kubeConfig: {} }), [self], ['unknown KUBECONFIG_UNUSABLE']],
    ['a ConfigMap of another cluster', byMap, [self, map({ provider: 'aws', cluster: 'arn:spoke' })], ['remote']],
    [
      'a ConfigMap back, with an identity of the cloud',
      byMap,
      [self, map({ provider: 'aws', cluster: 'arn:hub' })],
      ['unknown UNKNOWN_CREDENTIAL'],
    ],
    [
      'a ConfigMap back, with a named account',
      byMap,
      [...kustomize([DEFAULT]), map({ provider: 'generic', address: IN_CLUSTER, serviceAccountName: 'deployer' })],
      ['team-a/deployer by named'],
    ],
    [
      'a ConfigMap back, with the default account of kubeconfigs',
      byMap,
      [
        ...kustomize(['--feature-gates=ObjectLevelWorkloadIdentity=true', '--default-kubeconfig-service-account=kc']),
        map({ provider: 'generic', address: IN_CLUSTER }),
      ],
      ['team-a/kc by default'],
    ],
    [
      'a ConfigMap back, with no account: the default of local objects does not bind it',
      byMap,
      [...kustomize([DEFAULT]), map({ provider: 'generic', address: IN_CLUSTER })],
      ['flux-system/kustomize-controller by controller'],
    ],
  ])('%s', (_title, object, cluster, expected) => {
    expect(identities(object, cluster)).toEqual(expected);
  });

  it.each<[string, SnapshotOptions]>([
    ['Secrets', { unavailable: { secretFacts: 'forbidden' } }],
    ['the fleet', { unavailable: { fleet: 'notCollected' } }],
  ])('is not known where %s could not be read', (_title, options) => {
    const cluster = [self, secret({ server: 'https://spoke.example.com' })];
    expect(identities(bySecret, cluster, options)).toEqual([
      expect.stringMatching(/^unknown (RBAC_DENIED_READ|NOT_COLLECTED)$/),
    ]);
  });

  it('says which key of the Secret', () => {
    const facts = { ...secret({}), kubeConfigs: { 'a/b': { fields: [], server: IN_CLUSTER, token } } };
    const object = app({ kubeConfig: { secretRef: { name: 'kc', key: 'a/b' } } });
    expect(found(object, [facts])[0]).toMatchObject({
      sources: [{ object: { kind: 'Secret' }, pointer: '/kubeConfigs/a~1b/token/subject', observed: token.subject }],
    });
  });
});
