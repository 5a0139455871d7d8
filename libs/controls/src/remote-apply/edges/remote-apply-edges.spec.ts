import { describe, expect, it } from 'vitest';
import { ARTIFACT_NAMES, type ArtifactName, type RemoteApplyEdge } from '#libs/core';
import { PAGER, RULES, alert, emitters } from '../../../../../test/support/alerting-objects.js';
import { HUB, byMap, fleetCluster, kubeMap, kubeSecret } from '../../../../../test/support/kubeconfig-facts.js';
import {
  ago,
  chart,
  failingSince,
  fleet,
  helmRelease,
  kustomization,
  ready,
  status,
} from '../../../../../test/support/remote-apply-objects.js';
import { type SnapshotOptions, snapshotOf } from '../../../../../test/support/snapshot-of.js';
import { remoteApplyEdges } from './remote-apply-edges.js';

const SPOKE = fleetCluster('spoke-a', { tenants: ['a'] });
const ALERTED = [...emitters(), alert(), ...PAGER, ...RULES];
const DENIED = status(
  ready('False', 'ReconciliationFailed', '1m', 'Namespace/x dry-run failed (Forbidden): is forbidden: User "x"\n'),
);

function reading(objects: readonly object[], options: SnapshotOptions = {}) {
  const snapshot = snapshotOf(objects, options);
  return remoteApplyEdges(snapshot.artifacts, Date.parse(snapshot.collectedAt));
}
function edgeOf(objects: readonly object[], options: SnapshotOptions = {}): RemoteApplyEdge {
  const [edge] = reading(objects, options).edges;
  if (!edge) throw new Error('There is no edge.');
  return edge;
}
const of = (config: object | undefined, ...more: readonly object[]) => [
  kustomization(),
  fleet(),
  kubeSecret(config),
  SPOKE,
  HUB,
  ...more,
];

describe('where an object leads', () => {
  it.each<[string, readonly object[], object]>([
    [
      'address and CA',
      of({}),
      { state: 'registered', cluster: 'spoke-a', matchedBy: 'caAndAddress', confidence: 'proven' },
    ],
    [
      'the address alone',
      of({ caSpkiSha256: 'zz' }),
      { state: 'registered', matchedBy: 'address', confidence: 'derived' },
    ],
    [
      'the CA alone',
      of({ server: 'https://10.9.9.9' }),
      { state: 'registered', matchedBy: 'ca', confidence: 'heuristic' },
    ],
    ['itself', of({ server: 'https://hub.example.com:6443', caSpkiSha256: 'hub' }), { state: 'self', cluster: 'hub' }],
    [
      'a cluster that nobody registered; its path and user stay out',
      of({ server: 'https://root:pw@rancher.example.com/k8s/clusters/c-1', caSpkiSha256: 'zz' }),
      { state: 'unregistered', address: 'https://rancher.example.com:443' },
    ],
    ['two clusters', of({}, fleetCluster('twin')), { state: 'ambiguous', address: 'https://10.0.0.1:6443' }],
    ['no Secret', [kustomization(), fleet(), SPOKE], { state: 'broken' }],
    ['neither Secret nor ConfigMap', [kustomization({ spec: { kubeConfig: {} } }), SPOKE], { state: 'broken' }],
    ['a ConfigMap', [kustomization({ spec: byMap }), kubeMap(), SPOKE], { state: 'registered', cluster: 'spoke-a' }],
  ])('%s', (_name, objects, target) => {
    expect(edgeOf(objects).target).toMatchObject(target);
    expect(JSON.stringify(edgeOf(objects))).not.toMatch(/root:pw|k8s\/clusters/);
  });

  it('is not known where the Secret or the registry was not read', () => {
    const unreadable = { unavailableEntries: { secretFacts: { 'spoke-a/kubeconfig': 'forbidden' } } } as const;
    expect(edgeOf([kustomization(), SPOKE], unreadable)).toMatchObject({
      target: { state: 'unknown' },
      auth: { method: 'unknown', source: { kind: 'Secret', namespace: 'spoke-a', name: 'kubeconfig' } },
      identity: { kind: 'unknown' },
    });
    expect(edgeOf(of({}), { unavailable: { fleet: 'notCollected' } }).target).toMatchObject({
      state: 'unknown',
      address: 'https://10.0.0.1:6443',
    });
  });
});

describe('by which credential, and as whom', () => {
  const certificate = { commonName: 'flux', organizations: ['ops'], notBefore: ago('1d'), notAfter: ago('-9d') };
  it.each<[string, readonly object[], object, object]>([
    [
      'a token of a service account',
      of({}),
      { method: 'serviceAccountToken', expiresAt: '2026-11-20T12:00:00Z' },
      { kind: 'serviceAccount', name: 'flux/remote' },
    ],
    [
      'a certificate, which wins over a token',
      of({ certificate }),
      { method: 'clientCertificate', expiresAt: ago('-9d') },
      { kind: 'certificate', name: 'flux', groups: ['ops'] },
    ],
    ['an opaque token', of({ token: { kind: 'opaque' } }), { method: 'token' }, { kind: 'unknown' }],
    [
      'a token of a person',
      of({ token: { kind: 'jwt', subject: 'ada@example.com' } }),
      { method: 'token' },
      { kind: 'user', name: 'ada@example.com' },
    ],
    ['a program', of({ token: undefined, fields: ['exec'] }), { method: 'exec' }, { kind: 'unknown' }],
    [
      'a password',
      of({ token: undefined, fields: ['username', 'password'] }),
      { method: 'basic' },
      { kind: 'unknown' },
    ],
    ['nothing', of({ token: undefined, fields: [] }), { method: 'none' }, { kind: 'unknown' }],
    [
      'workload identity',
      [kustomization({ spec: byMap }), kubeMap({ provider: 'aws', cluster: 'arn:aws:eks:eu-1:1:cluster/a' }), SPOKE],
      { method: 'workloadIdentity', provider: 'aws', source: { kind: 'ConfigMap', name: 'kubeconfig' } },
      { kind: 'cloud', name: 'spoke-a/platform' },
    ],
  ])('%s', (_name, objects, auth, identity) => {
    expect(edgeOf(objects)).toMatchObject({ auth, identity });
  });

  it.each<[string, readonly object[], string | null | undefined]>([
    [
      'the account that the object names',
      [kustomization({ spec: { serviceAccountName: 'deployer' } }), ...emitters()],
      'spoke-a/deployer',
    ],
    [
      'the default account of its controller',
      [kustomization(), ...emitters({ kustomize: ['--default-service-account=default'] })],
      'spoke-a/default',
    ],
    ['nobody', [kustomization(), ...emitters()], null],
  ])('impersonates %s', (_name, objects, account) => {
    expect(edgeOf(objects).identity.impersonates).toBe(account);
  });

  it('does not say whom it impersonates where the flags could not be read', () => {
    expect(edgeOf([kustomization(), ...emitters()], { unavailable: { pods: 'forbidden' } }).identity).toEqual({
      kind: 'unknown',
    });
  });
});

describe('how an object stands', () => {
  it.each<[string, object, SnapshotOptions, object]>([
    ['ready', kustomization(), {}, { ready: 'True', suspended: false, overdue: false }],
    [
      'denied since our first sight, which is earlier than its condition',
      kustomization(DENIED),
      failingSince('3h'),
      { ready: 'False', failingSince: ago('3h'), cause: { code: 'ACCESS_REVOKED' } },
    ],
    [
      'trying again after it failed',
      kustomization(status(ready('Unknown', 'Progressing', '1m'))),
      {
        sightings: {
          ...failingSince('3h').sightings,
          'FLUX-RA-03/cause/Kustomization/spoke-a/apps/NETWORK': ago('3h'),
        },
      },
      { ready: 'Unknown', failingSince: ago('3h'), cause: { code: 'NETWORK' } },
    ],
    [
      'suspended, whatever its condition says',
      kustomization({ ...DENIED, spec: { suspend: true } }),
      {},
      { suspended: true, cause: undefined, failingSince: undefined, silent: false },
    ],
    [
      'deleted and still there',
      kustomization({ metadata: { deletionTimestamp: ago('2h') } }),
      {},
      { ready: 'True', failingSince: ago('2h'), cause: { code: 'STUCK_DELETION' } },
    ],
    [
      'never looked at',
      kustomization({ ...status(), metadata: { creationTimestamp: ago('1h') } }),
      {},
      { ready: 'Unknown', failingSince: ago('1h'), cause: { code: 'NOT_RECONCILED' } },
    ],
    [
      'ready, and not reconciled since',
      kustomization(status(ready('True', 'ReconciliationSucceeded', '5h'))),
      {},
      { ready: 'True', overdue: true, cause: undefined },
    ],
  ])('%s', (_name, object, options, expected) => {
    const edge = edgeOf([object, fleet(), kubeSecret(), SPOKE], options);
    expect({ cause: undefined, failingSince: undefined, ...edge }).toMatchObject(expected);
  });
});

describe('who hears of it', () => {
  it('names the Alerts, their Providers and their health', () => {
    const edge = edgeOf(of({}, ...ALERTED));
    expect(edge).toMatchObject({ alertCovered: true, silent: false, watched: false });
    expect(edge.alerts).toEqual([
      {
        namespace: 'spoke-a',
        name: 'remote-apply',
        names: 'object',
        provider: { namespace: 'spoke-a', name: 'pager', type: 'slack' },
        health: 'delivers',
      },
    ]);
    expect(edge.uncovered).toEqual([]);
  });

  it('says why nothing would fire', () => {
    const edge = edgeOf([...of({}), ...emitters()]);
    expect(edge).toMatchObject({ alerts: [], alertCovered: false, silent: false });
    expect(edge.uncovered).toContainEqual(
      expect.objectContaining({ mode: 'APPLY_DENIED', essential: true, state: 'uncovered', code: 'NO_ALERT' }),
    );
  });

  it('tells a Provider that does not exist, and an Alert of which messages were lost', () => {
    expect(edgeOf([...of({}), ...emitters(), alert()]).alerts).toMatchObject([
      { health: 'silent', code: 'PROVIDER_MISSING' },
    ]);
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e', namespace: 'spoke-a' },
      involvedObject: { kind: 'Alert', namespace: 'spoke-a', name: 'remote-apply' },
      reason: 'NotificationDispatchFailed',
      message: 'failed to send notification for Kustomization/spoke-a/apps',
    };
    expect(edgeOf(of({}, ...ALERTED, event)).alerts).toMatchObject([{ health: 'silent', code: 'SEND_FAILED' }]);
  });

  it.each<[string, readonly object[], boolean | null]>([
    ['an Alert that fires', of({}, ...ALERTED).with(0, kustomization(DENIED)), false],
    ['no Alert', [...of({}), ...emitters()].with(0, kustomization(DENIED)), true],
    [
      'a deletion that hangs, of which nothing tells',
      of({}, ...ALERTED).with(0, kustomization({ metadata: { deletionTimestamp: ago('2h') } })),
      true,
    ],
    [
      'a HelmRelease whose target denies access, with an Alert and no rule on metrics',
      [
        helmRelease(status(ready('False', 'StateError', '1h', 'secrets is forbidden: User "x" cannot list'))),
        chart(),
        kubeSecret(),
        SPOKE,
        ...emitters(),
        alert(),
        ...PAGER,
      ],
      true,
    ],
  ])('is silent or not: %s', (_name, objects, silent) => {
    expect(edgeOf(objects).silent).toBe(silent);
  });

  it('is told by a watcher that was tested', () => {
    const registration = { watcher: { testedAt: ago('1d') } };
    const objects = [...of({}), ...emitters()].with(0, kustomization(DENIED));
    expect(edgeOf(objects, { registration })).toMatchObject({ watched: true, alertCovered: true, silent: false });
  });
});

it('names the tenant of the namespace, and leaves out what is applied here', () => {
  const registration = { role: 'management', tenants: [{ name: 'a', namespaces: { names: ['spoke-a'] } }] } as const;
  const local = kustomization({ metadata: { name: 'local' }, spec: { kubeConfig: undefined } });
  const { edges } = reading([...of({}), local], { registration });
  expect(edges.map(({ object, tenant }) => [object.name, tenant])).toEqual([['apps', 'a']]);
});

it('says which kinds could not be read', () => {
  const { edges, unread } = reading([kustomization(), helmRelease()], { unavailable: { helmReleases: 'forbidden' } });
  expect(edges.map(({ object }) => object.kind)).toEqual(['Kustomization']);
  expect(unread).toEqual([{ kind: 'HelmRelease', reason: 'forbidden' }]);
});

describe('an artifact that could not be read never makes an edge better', () => {
  const objects = of({}, ...ALERTED);
  const whole = edgeOf(objects);
  const failing = objects.with(0, kustomization(DENIED)).filter((object) => ![...PAGER, ...RULES].includes(object));
  it.each(ARTIFACT_NAMES.filter((name): name is ArtifactName => name !== 'kustomizations'))('%s', (name) => {
    const options = { unavailable: { [name]: 'forbidden' } } as SnapshotOptions;
    const edge = edgeOf(objects, options);
    expect([whole.target.state, 'unknown']).toContain(edge.target.state);
    expect(edge.alertCovered === true && whole.alertCovered !== true).toBe(false);
    const worse = edgeOf(failing, options);
    expect(worse.alertCovered).not.toBe(true);
    expect(worse.silent).not.toBe(false);
  });
});
