import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { defineControl, pass, CLUSTER_SUBJECT, type ArtifactName, type Control } from '#libs/core';
import type { TargetWork } from '#libs/persistence';
import { ClusterError } from '#libs/kubernetes';
import { createLogger, EgressPolicy, type Logger } from '#libs/platform';
import { FLUX_RESOURCES, SimulatedCluster, SimulatedServer } from '#libs/simulator';
import { ClusterAuditor, type AuditorTools } from './cluster-auditor.js';

const cluster = new SimulatedCluster({ name: 'hub', resources: FLUX_RESOURCES, accessAnswers: () => true });
let server: SimulatedServer;
beforeAll(async () => {
  server = await SimulatedServer.start({ clusters: cluster });
});
afterAll(() => server.close());

function controlOf(...requires: readonly ArtifactName[]): Control {
  return defineControl({
    id: 'TEST-01',
    title: 'Test',
    family: 'Test',
    severity: 'low',
    scope: ['standalone'],
    mode: 'read',
    since: '1.0.0',
    rationale: 'Test.',
    audit: 'Test.',
    remediation: 'Test.',
    references: [],
    requires,
    examples: { passing: [], failing: [] },
    evaluate: () => [pass(CLUSTER_SUBJECT, 'OK', 'Fine.')],
  });
}

const work: TargetWork = {
  target: { id: 'tgt_1', runId: 'run_1', clusterId: 'cls_1', clusterName: 'hub', lane: 'fast', attempt: 1 },
  run: {
    id: 'run_1',
    profile: 'test@1',
    tailoring: null,
    controls: null,
    budgetSeconds: null,
    deadlineAt: '2100-01-01T00:00:00Z',
  },
  connection: { server: 'https://unused' },
  expectedUid: null,
  labels: {},
  registration: { name: 'hub', role: 'management' },
  sightings: { firstSeen: {} },
};
const question = { user: 'alice', groups: [], verb: 'get', group: '', resource: 'secrets' };

/** Audits the cluster with one control that needs these artifacts. */
async function audit(needs: readonly ArtifactName[], tools: Partial<AuditorTools>) {
  return (await auditOf(needs, tools)).snapshot?.artifacts;
}

async function auditOf(needs: readonly ArtifactName[], tools: Partial<AuditorTools>, target: TargetWork = work) {
  const catalog = [controlOf(...needs)];
  const auditor = new ClusterAuditor({
    catalog,
    profiles: [{ id: 'test@1', ruleSetVersion: '1', controls: ['TEST-01'] }],
    egress: new EgressPolicy({ allowCidrs: ['127.0.0.0/8'], allowPorts: [] }),
    userAgent: 'plimsoll-test',
    log: createLogger('test', { level: 'silent' }),
    ...tools,
  });
  const credential = { kind: 'token', token: cluster.user.token } as const;
  const access = () => ({ server: server.urlOf(cluster), caData: server.caPem, credential });
  return auditor.audit(target, access, { budgetMs: 30_000, stop: new AbortController().signal });
}

describe('what an auditor is given', () => {
  it('is used where a control needs it', async () => {
    const fleet = vi.fn(() => Promise.resolve([{ name: 'hub', server: 'https://hub:443', tenants: [], self: true }]));
    const planReviews = vi.fn(() => [question]);
    const artifacts = await audit(['fleet', 'accessReviews'], { fleet, planReviews });
    expect(fleet.mock.calls).toEqual([['cls_1']]);
    expect(planReviews).toHaveBeenCalledTimes(1);
    expect(artifacts).toMatchObject({
      fleet: { state: 'collected', value: [{ name: 'hub', self: true }] },
      accessReviews: { state: 'collected', value: [{ question, allowed: true }] },
    });
  });

  it('is left alone where no control needs it', async () => {
    const fleet = vi.fn(() => Promise.resolve([]));
    const planReviews = vi.fn(() => [question]);
    const artifacts = await audit(['namespaces'], { fleet, planReviews });
    expect(fleet).not.toHaveBeenCalled();
    expect(planReviews).not.toHaveBeenCalled();
    expect(artifacts).toMatchObject({
      fleet: { reason: 'notCollected' },
      accessReviews: { reason: 'notCollected' },
      secretFacts: { reason: 'notCollected' },
    });
  });

  it('may fail without ending the audit', async () => {
    const fleet = () => Promise.reject(new Error('the database is gone'));
    const artifacts = await audit(['fleet', 'namespaces'], { fleet });
    expect(artifacts).toMatchObject({
      fleet: { state: 'unavailable', reason: 'transient' },
      namespaces: { state: 'collected' },
    });
  });
});

describe('active verification', () => {
  const on: TargetWork = { ...work, registration: { ...work.registration, activeVerification: { enabled: true } } };

  it('tries nothing where it is not switched on for the cluster', async () => {
    const planProbes = vi.fn(() => []);
    expect(await audit(['probes'], { planProbes })).toMatchObject({
      probes: { reason: 'notCollected', message: expect.stringContaining('activeVerification.enabled') },
    });
    expect(planProbes).not.toHaveBeenCalled();
  });

  it('tries what is planned where it is', async () => {
    const planProbes = vi.fn(() => []);
    const { snapshot } = await auditOf(['probes'], { planProbes }, on);
    expect(snapshot?.artifacts.probes).toMatchObject({ state: 'collected', value: { results: [] } });
    expect(planProbes).toHaveBeenCalledTimes(1);
  });

  it('ends the audit of a cluster in which a dry-run changed something, and says so loudly', async () => {
    const log = { info: vi.fn(), error: vi.fn() };
    const planProbes = () => {
      throw new ClusterError('probeChangedObject');
    };
    const { assessment, snapshot } = await auditOf(['probes'], { planProbes, log: log as unknown as Logger }, on);
    expect(snapshot).toBeUndefined();
    expect(assessment.results).toMatchObject([
      {
        outcome: 'notEvaluated',
        cause: 'identityMismatch',
        message: expect.stringContaining('After a probe an object was not what it had been before'),
      },
    ]);
    expect(log.error).toHaveBeenCalledWith(
      expect.objectContaining({ targetId: 'tgt_1', clusterId: 'cls_1' }),
      expect.any(String),
    );
    expect(log.info).not.toHaveBeenCalled();
  });
});
