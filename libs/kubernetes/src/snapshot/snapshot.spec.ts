import { describe, expect, it } from 'vitest';
import {
  ARTIFACT_NAMES,
  type BreakGlassEntry,
  collected,
  provenAbsent,
  SOURCE_KINDS,
  unavailable,
  type Snapshot,
} from '#libs/core';
import { SECRET } from '../../test/objects.js';
import { readSnapshot } from './read-snapshot.js';
import { SnapshotRejected } from './snapshot-rejected.js';
import { writeSnapshot } from './write-snapshot.js';

const metadata = { name: 'app', namespace: 'team-a' };
const record = { method: 'GET', path: '/api/v1/namespaces?limit=500', status: 200, resourceVersion: '42' } as const;
const missing = [{ verb: 'list', group: '', resource: 'pods' }];

const snapshot: Snapshot = {
  schemaVersion: 1,
  cluster: { name: 'prod', uid: 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6', serverVersion: 'v1.36.3' },
  collectedAt: '2026-11-01T00:00:00.000Z',
  stats: { requests: 20, bytes: 1_000, durationMs: 300 },
  artifacts: {
    ...(Object.fromEntries(
      ARTIFACT_NAMES.map((name) => [name, unavailable('notCollected', 'The snapshot was recorded without it.')]),
    ) as unknown as Snapshot['artifacts']),
    registration: collected({
      name: 'prod',
      role: 'management',
      delivery: 'remoteApply',
      labels: { env: 'prod' },
      tenants: [
        {
          name: 'team-a',
          isolation: 'high',
          namespaces: { names: ['team-a'], matchLabels: { team: 'a' } },
          principals: { groups: ['team-a'] },
          gitPaths: [{ repo: 'https://host/a', paths: ['tenants/a'] }],
        },
      ],
      platformPrincipals: { users: ['alice'] },
      breakGlass: [
        { name: 'admin' },
        {
          name: 'edge',
          principals: { users: ['break-glass:edge'], groups: ['system:masters'] },
          authMethod: 'clientCertificate',
          apiServer: 'https://edge.example.com:6443',
          network: { via: 'bastion', sharedWithPrimary: false },
          identityProvider: 'sso',
          identityProviderShared: true,
          credentialRef: 'vault:edge',
          credentialStores: ['vault', 'offline'],
          owner: 'on-call',
          approvers: ['ada', 'grace'],
          mfaAttestedAt: '2026-10-01T00:00:00Z',
          rotationDays: 180,
          drillDays: 90,
          rotatedAt: '2026-09-01T00:00:00Z',
          expiresAt: '2027-09-01T00:00:00Z',
          runbookUrl: 'https://runbooks.example.com/edge',
          runbookReachableAt: '2026-11-01T00:00:00Z',
          alertOnUse: { rule: 'bg-use', testedAt: '2026-11-01T00:00:00Z' },
          auditFeed: true,
          lastDrill: { at: '2026-11-01T00:00:00Z', by: 'ada', result: 'failed', failedStep: 'a', evidence: 'b' },
        } satisfies Required<BreakGlassEntry>,
      ],
      suspendGraceHours: 24,
      sandboxHandlers: ['kata-qemu'],
      trustedRegistries: ['registry.example.com'],
      recoveryRecipients: ['age1recovery'],
      rotationDays: 90,
      watcher: { testedAt: '2026-11-01T00:00:00Z' },
      activeVerification: {
        enabled: true,
        networkProbe: true,
        alertCanary: false,
        pauseImage: 'registry.example/pause',
      },
    }),
    sightings: collected({ firstSeen: { 'FLUX-RA-03/notReady/Kustomization/team-a/app': '2026-10-01T00:00:00Z' } }),
    discovery: collected({ serverVersion: 'v1.36.3', resources: ['/v1/pods'], stale: ['a.io/v1'] }, [record]),
    namespaces: collected(
      [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a', labels: { a: 'b' } } }],
      [record],
    ),
    pods: unavailable('forbidden', 'pods could not be read.', missing, [{ ...record, status: 403 }]),
    deployments: collected([]),
    configMaps: collected({
      'flux-system/a': collected({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1' } }),
      'flux-system/b': collected(null),
      'flux-system/c': unavailable('forbidden', 'It could not be read.', missing),
    }),
    kustomizations: collected([
      {
        apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
        kind: 'Kustomization',
        metadata,
        spec: { interval: '5m', suspend: true },
      },
    ]),
    helmReleases: provenAbsent([]),
    sources: collected({
      GitRepository: collected([
        { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'GitRepository', metadata, spec: { url: 'https://host/a' } },
      ]),
      OCIRepository: provenAbsent([]),
      HelmRepository: unavailable('transient', 'It could not be read.'),
      HelmChart: collected([]),
      Bucket: collected([]),
      ExternalArtifact: provenAbsent([]),
    }),
    alerts: collected([]),
    providers: collected([]),
    serviceAccounts: collected([{ apiVersion: 'v1', kind: 'ServiceAccount', metadata }]),
    fluxInstances: collected([{ apiVersion: 'fluxcd.controlplane.io/v1', kind: 'FluxInstance', metadata }]),
  },
};

/** The snapshot as plain JSON, changed. */
function changed(change: (value: Record<string, unknown>) => void): string {
  const value = JSON.parse(writeSnapshot(snapshot)) as Record<string, unknown>;
  change(value);
  return JSON.stringify(value);
}

function codeOf(text: string): string {
  try {
    readSnapshot(text);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof SnapshotRejected)) throw error;
    return error.field === undefined ? error.code : `${error.code} ${error.field}`;
  }
}

describe('a snapshot', () => {
  it('is read as it was written', () => {
    expect(readSnapshot(writeSnapshot(snapshot))).toEqual(snapshot);
  });

  it('is written with sorted keys, so that equal ones are equal texts', () => {
    const { artifacts, ...rest } = snapshot;
    const reordered = {
      artifacts: Object.fromEntries(Object.entries(artifacts).toReversed()),
      ...rest,
    } as unknown as Snapshot;
    expect(writeSnapshot(reordered)).toBe(writeSnapshot(snapshot));
    expect(writeSnapshot(snapshot).endsWith('}\n')).toBe(true);
  });

  it('lacks what did not exist when it was recorded', () => {
    const text = changed((value) => delete (value['artifacts'] as Record<string, unknown>)['serviceAccounts']);
    expect(readSnapshot(text).artifacts.serviceAccounts).toMatchObject({
      state: 'unavailable',
      reason: 'notCollected',
    });
  });

  it('lets nothing in that could not have been collected', () => {
    const text = changed((value) => {
      const artifacts = value['artifacts'] as Record<string, { value: Record<string, unknown>[] }>;
      Object.assign(artifacts['kustomizations']?.value[0]?.['spec'] as object, { patches: SECRET, images: SECRET });
      Object.assign(artifacts['namespaces']?.value[0] as object, { spec: SECRET });
      Object.assign(value, { extra: SECRET });
      Object.assign(artifacts, { secrets: SECRET });
    });
    const read = readSnapshot(text);
    expect(read).toEqual(snapshot);
    expect(JSON.stringify(read)).not.toContain(SECRET);
  });

  it('has every artifact', () => {
    expect(Object.keys(readSnapshot(writeSnapshot(snapshot)).artifacts).toSorted()).toEqual(ARTIFACT_NAMES.toSorted());
  });
});

describe('a text that is no snapshot', () => {
  const set = (path: readonly string[], value: unknown) =>
    changed((root) => {
      const parent = path.slice(0, -1).reduce((at, key) => at[key] as Record<string, unknown>, root);
      parent[path.at(-1) ?? ''] = value;
    });

  it.each([
    ['nothing', '', 'notJson'],
    ['half of one', writeSnapshot(snapshot).slice(0, 500), 'notJson'],
    ['a list', '[]', 'malformed object'],
    ['null', 'null', 'malformed object'],
    ['something else', '{"kind":"PodList"}', 'notSnapshot'],
    ['only a version', '{"schemaVersion":1}', 'notSnapshot'],
    ['a later version', set(['schemaVersion'], 2), 'otherSchema'],
    ['a version in words', set(['schemaVersion'], '1'), 'otherSchema'],
    ['no cluster', set(['cluster'], undefined), 'malformed cluster'],
    ['no identity', set(['cluster', 'uid'], ''), 'malformed cluster.uid'],
    ['no time', set(['collectedAt'], 'yesterday'), 'malformed collectedAt'],
    ['an artifact that is a list', set(['artifacts', 'pods'], []), 'malformed artifacts.pods'],
    ['a third state', set(['artifacts', 'pods', 'state'], 'partial'), 'malformed artifacts.pods.state'],
    ['no state', set(['artifacts', 'pods', 'state'], undefined), 'accepted'],
    ['an unknown reason', set(['artifacts', 'pods', 'reason'], 'because'), 'malformed artifacts.pods.reason'],
    ['no reason', set(['artifacts', 'pods', 'reason'], undefined), 'malformed reason'],
    ['no value', set(['artifacts', 'alerts', 'value'], undefined), 'malformed value'],
    ['a value that is a map', set(['artifacts', 'alerts', 'value'], {}), 'malformed value'],
    [
      'an object without a name',
      set(['artifacts', 'namespaces', 'value'], [{ metadata: {} }]),
      'malformed metadata.name',
    ],
    [
      'an object without a version',
      set(['artifacts', 'kustomizations', 'value'], [{ metadata, spec: {} }]),
      'malformed apiVersion',
    ],
    [
      'a wrong type',
      set(['artifacts', 'kustomizations', 'value', '0', 'spec', 'suspend'], 'yes'),
      'malformed spec.suspend',
    ],
    [
      'an unknown role',
      set(['artifacts', 'registration', 'value', 'role'], 'boss'),
      'malformed artifacts.registration.value.role',
    ],
    [
      'a source kind that is gone',
      set(['artifacts', 'sources', 'value', SOURCE_KINDS[0]], undefined),
      'malformed artifacts.sources.value.GitRepository',
    ],
    [
      'a depth of 100,000',
      `{"schemaVersion":1,"artifacts":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`,
      'malformed cluster',
    ],
  ])('%s', (_title, text, expected) => {
    expect(codeOf(text)).toBe(expected);
  });

  it('is not read where it is too large', () => {
    expect(codeOf(' '.repeat(256 * 1024 ** 2 + 1))).toBe('tooLarge');
  });
});
