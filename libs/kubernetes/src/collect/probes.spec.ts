import { describe, expect, it, vi } from 'vitest';
import { type ApiService, type Probe, type Snapshot, collected, unavailable } from '#libs/core';
import { SimulatedCluster } from '#libs/simulator';
import { snapshotOf } from '../../../../test/support/snapshot-of.js';
import { collectFrom } from '../../test/collecting.js';
import type { ClusterClient, ProbeReply } from '../client/cluster-client.js';
import { ClusterError } from '../cluster-error.js';
import { ProbeRefused } from '../probe/dry-run-guard.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import { writeSnapshot } from '../snapshot/write-snapshot.js';
import { collectProbes } from './probes.js';

const PROBE: Probe = {
  key: 'a',
  control: 'X',
  as: { user: 'ann', groups: ['team-a'] },
  method: 'DELETE',
  target: { group: '', version: 'v1', resource: 'namespaces', name: 'flux' },
  uid: 'u-1',
  what: 'deletes the Namespace flux',
};
const ON = { name: 'c', activeVerification: { enabled: true } };
const apiService = (group: string, served = false): ApiService => ({
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: `v1.${group}` },
  spec: { group, version: 'v1', ...(served && { service: { namespace: 'n', name: 's' } }) },
});
const artifactsOf = (documents: readonly object[], more: Partial<Snapshot['artifacts']> = {}) => ({
  ...snapshotOf(documents, { registration: ON }).artifacts,
  ...more,
});
const plan = (...probes: readonly Probe[]) => ({ plan: () => probes, marker: 'run_1' });
const STOPPED: ProbeReply = {
  status: 422,
  body: {
    reason: 'Invalid',
    message:
      "services \"plimsoll-none\" is forbidden: ValidatingAdmissionPolicy 'plimsoll-dryrun-only' with binding 'plimsoll-dryrun-only' denied request: plimsoll probes must be dry-run",
  },
};

/** A cluster whose guard works, and which answers to each probe with one of these in turn. */
function clientOf(answers: readonly ProbeReply[], more: Partial<Record<keyof ClusterClient, unknown>> = {}) {
  const replies = [{ status: 201, body: {} }, ...answers];
  const probe = vi.fn(() => Promise.resolve(replies.shift()));
  const whoami = { body: { status: { userInfo: { username: 'plimsoll' } } } };
  const list = () => Promise.resolve({ items: [{ uid: 'u-1' }] });
  const client = {
    review: () => Promise.resolve(whoami),
    guardTest: () => Promise.resolve(STOPPED),
    list,
    probe,
    ...more,
  };
  return { client: client as unknown as ClusterClient, probe };
}

describe('dry-runs of an audit', () => {
  it('are recorded with what was sent, as whom, and the number of the audit log', async () => {
    const auditId = '5f3b1c1e-0000-4000-8000-000000000000';
    const { client } = clientOf([{ status: 200, body: {}, auditId }]);
    const report = await collectProbes(client, plan(PROBE), artifactsOf([]));
    expect(report).toEqual({
      state: 'collected',
      value: { results: [{ probe: PROBE, verdict: { kind: 'accepted' }, status: 200, auditId }], left: 0 },
      requests: [
        {
          method: 'DELETE',
          path: '/api/v1/namespaces/flux?dryRun=All',
          status: 200,
          dryRun: true,
          as: 'ann',
          auditId,
        },
      ],
    });
    const snapshot = { ...snapshotOf([]), artifacts: artifactsOf([], { probes: report }) };
    expect(readSnapshot(writeSnapshot(snapshot)).artifacts.probes).toEqual(report);
  });

  it('are not sent where nothing is planned, nor is the guard asked', async () => {
    const { client, probe } = clientOf([]);
    const report = await collectProbes(client, plan(), artifactsOf([]));
    expect([report, probe.mock.calls]).toEqual([collected({ results: [], left: 0 }), []]);
  });

  it.each<[string, Partial<Snapshot['artifacts']>, object]>([
    [
      'it is not switched on',
      { registration: collected({ name: 'c' }) },
      { reason: 'notCollected', message: /activeVerification\.enabled/ },
    ],
    [
      'it is switched off',
      { registration: collected({ name: 'c', activeVerification: { enabled: false } }) },
      { reason: 'notCollected', message: /Active verification is off/ },
    ],
    [
      'it is not known which groups other servers answer',
      { apiServices: unavailable('forbidden', 'No.', [{ verb: 'list', group: 'g', resource: 'apiservices' }]) },
      { reason: 'forbidden', message: /Nothing was tried/, missing: [{ resource: 'apiservices' }] },
    ],
  ])('are not sent where %s', async (_why, artifacts, expected) => {
    const { client, probe } = clientOf([]);
    const report = await collectProbes(client, plan(PROBE), artifactsOf([], artifacts));
    const { message, ...rest } = expected as { readonly message: RegExp };
    expect(report).toMatchObject({ state: 'unavailable', message: expect.stringMatching(message), ...rest });
    expect(probe).not.toHaveBeenCalled();
  });

  it('are not sent where the auditor does not know who it is', async () => {
    const review = () => Promise.reject(new ClusterError('notFound'));
    const { client, probe } = clientOf([], { review });
    const report = await collectProbes(client, plan(PROBE), artifactsOf([]));
    expect(report).toMatchObject({ state: 'unavailable', message: expect.stringContaining('SelfSubjectReview') });
    expect(probe).not.toHaveBeenCalled();
  });

  it('are not sent where the guard policy does not work', async () => {
    const { client, probe } = clientOf([], { guardTest: () => Promise.resolve({ status: 404, body: {} }) });
    const report = await collectProbes(client, plan(PROBE), artifactsOf([]));
    expect(report).toMatchObject({ state: 'unavailable', reason: 'notCollected' });
    expect(probe).not.toHaveBeenCalled();
  });

  it('know the groups that other servers answer', async () => {
    const { client, probe } = clientOf([{ status: 200, body: {} }]);
    const services = collected([apiService('apps'), apiService('metrics.k8s.io', true)]);
    await collectProbes(client, plan(PROBE), artifactsOf([], { apiServices: services }));
    expect(probe.mock.calls.map((call) => (call as unknown[])[1])).toEqual([
      { marker: 'run_1', foreignGroups: new Set(['metrics.k8s.io']) },
      { marker: 'run_1', foreignGroups: new Set(['metrics.k8s.io']) },
    ]);
  });

  it.each([
    ['another', [{ uid: 'another' }]],
    ['gone', []],
    ['on its way out', [{ uid: 'u-1', deletionTimestamp: '2026-11-01T00:00:00Z' }]],
  ])('end the audit where an object is not what it was: %s', async (_what, items) => {
    const list = () => Promise.resolve({ items });
    const { client } = clientOf([{ status: 200, body: {} }], { list });
    await expect(collectProbes(client, plan(PROBE), artifactsOf([]))).rejects.toMatchObject({
      code: 'probeChangedObject',
      reason: 'identityMismatch',
    });
  });

  it('keep their answer where the object cannot be read again', async () => {
    const list = () => Promise.reject(new ClusterError('forbidden', { status: 403 }));
    const { client } = clientOf([{ status: 200, body: {} }], { list });
    const report = await collectProbes(client, plan(PROBE), artifactsOf([]));
    expect(report).toMatchObject({ value: { results: [{ verdict: { kind: 'accepted' } }] } });
  });

  it('have no answer where the time is over', async () => {
    const guardTest = () => Promise.reject(new ClusterError('budgetExceeded'));
    const { client } = clientOf([], { guardTest });
    const report = await collectProbes(client, plan(PROBE), artifactsOf([]));
    expect(report).toMatchObject({ state: 'unavailable', reason: 'budgetExceeded' });
  });

  it('are left where the time ends among them', async () => {
    const { client, probe } = clientOf([]);
    probe.mockImplementationOnce(() => Promise.resolve({ status: 201, body: {} }));
    probe.mockImplementationOnce(() => Promise.resolve({ status: 404, body: {} }));
    probe.mockImplementationOnce(() => Promise.reject(new ClusterError('budgetExceeded')));
    const second = { ...PROBE, key: 'b' };
    const report = await collectProbes(client, plan(PROBE, second, { ...PROBE, key: 'c' }), artifactsOf([]));
    expect(report).toMatchObject({ value: { results: [{ probe: PROBE, verdict: { kind: 'unreadable' } }], left: 2 } });
  });

  it('that may not be sent as they are end nothing', async () => {
    const { client, probe } = clientOf([]);
    probe.mockImplementationOnce(() => Promise.resolve({ status: 201, body: {} }));
    probe.mockImplementationOnce(() => Promise.reject(new ProbeRefused('a header is not plain')));
    probe.mockImplementationOnce(() => Promise.resolve({ status: 200, body: {} }));
    const report = await collectProbes(client, plan(PROBE, { ...PROBE, key: 'b' }), artifactsOf([]));
    expect(report).toMatchObject({
      value: { results: [{ verdict: { kind: 'unreadable' } }, { verdict: { kind: 'accepted' } }], left: 0 },
    });
  });

  it('are planned last, from what was read, and only where a control needs them', async () => {
    const cluster = new SimulatedCluster({ name: 'c' });
    const planned = vi.fn((_artifacts: Snapshot['artifacts']): readonly Probe[] => []);
    const probes = { plan: planned, marker: 'run_1' };
    await collectFrom(cluster, { needs: ['namespaces'], registration: ON, probes });
    expect(planned).not.toHaveBeenCalled();
    const { artifacts } = await collectFrom(cluster, {
      needs: ['namespaces', 'accessReviews', 'probes'],
      registration: ON,
      planReviews: () => [],
      probes,
    });
    expect(artifacts.probes).toEqual(collected({ results: [], left: 0 }));
    const [seen] = planned.mock.calls[0] ?? [];
    expect(seen).toMatchObject({
      namespaces: { state: 'collected' },
      accessReviews: { state: 'collected' },
      apiServices: { state: 'collected' },
      probes: { state: 'unavailable' },
    });
    expect(cluster.requests.mutating.filter(({ method }) => method !== 'POST')).toEqual([]);
  });
});

describe('a recording of dry-runs', () => {
  const result = { probe: PROBE, verdict: { kind: 'accepted' }, status: 200 };
  const recorded = (results: unknown) =>
    JSON.stringify({
      ...snapshotOf([]),
      artifacts: { probes: { state: 'collected', value: { results, left: 3 } } },
    });
  it.each([
    ['denied by a policy', { kind: 'denied', by: { mechanism: 'validatingAdmissionPolicy', name: 'p', binding: 'b' } }],
    ['denied by a webhook', { kind: 'denied', by: { mechanism: 'webhook', name: 'w' } }],
    ['denied otherwise', { kind: 'denied', by: { mechanism: 'admission' } }],
    ['a policy that only fails', { kind: 'brokenPolicy', name: 'p' }],
    ['a webhook that is down', { kind: 'webhookDown' }],
    ['no dry-run', { kind: 'dryRunUnsupported', name: 'w' }],
    ['no answer', { kind: 'unreadable' }],
  ])('is read as it was written: %s', (_what, verdict) => {
    const body = [{ op: 'remove', path: '/subjects/0' }];
    const results = [
      { ...result, verdict },
      { ...result, probe: { ...PROBE, key: 'b', method: 'PATCH', body } },
    ];
    expect(readSnapshot(recorded(results)).artifacts.probes).toEqual(collected({ results, left: 3 }));
  });

  it.each([
    ['an unknown verdict', [{ ...result, verdict: { kind: 'fine' } }]],
    ['a denial by nobody', [{ ...result, verdict: { kind: 'denied' } }]],
    ['a method that is none', [{ ...result, probe: { ...PROBE, method: 'GET' } }]],
    ['nobody', [{ ...result, probe: { ...PROBE, as: {} } }]],
  ])('is refused with %s', (_what, results) => {
    expect(() => readSnapshot(recorded(results))).toThrow('The snapshot is damaged');
  });
});
