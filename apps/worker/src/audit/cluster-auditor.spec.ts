import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AddressInfo } from 'node:net';
import { catalog, DEFAULT_PROFILE, profiles } from '#libs/controls';
import type { ClusterAccess } from '#libs/kubernetes';
import type { TargetWork } from '#libs/persistence';
import { createLogger, EgressPolicy, KeyringError } from '#libs/platform';
import { FLUX_RESOURCES, SimulatedCluster, SimulatedServer } from '#libs/simulator';
import { ClusterAuditor } from './cluster-auditor.js';

const egress = new EgressPolicy({ allowCidrs: ['127.0.0.0/8'], allowPorts: [] });
const log = createLogger('test', { level: 'silent' });
const auditor = new ClusterAuditor({ catalog, profiles, egress, userAgent: 'plimsoll-test', log });
const cluster = new SimulatedCluster({ name: 'spoke', resources: FLUX_RESOURCES });
let server: SimulatedServer;
let silent: Server;

const work = (changes: Partial<Pick<TargetWork, 'expectedUid' | 'run'>> = {}): TargetWork => ({
  target: { id: 'tgt_1', runId: 'run_1', clusterId: 'cls_1', clusterName: 'spoke', lane: 'fast', attempt: 1 },
  run: {
    id: 'run_1',
    profile: DEFAULT_PROFILE,
    tailoring: null,
    controls: null,
    budgetSeconds: null,
    deadlineAt: '2100-01-01T00:00:00Z',
  },
  connection: { server: 'https://unused' },
  expectedUid: null,
  labels: {},
  registration: { name: 'spoke' },
  sightings: { firstSeen: {} },
  ...changes,
});
const access = (changes: Partial<ClusterAccess> = {}): ClusterAccess => ({
  server: server.urlOf(cluster),
  caData: server.caPem,
  credential: { kind: 'token', token: cluster.user.token },
  ...changes,
});
const limits = (changes: { readonly budgetMs?: number; readonly stop?: AbortSignal } = {}) => ({
  budgetMs: 30_000,
  stop: new AbortController().signal,
  ...changes,
});

beforeAll(async () => {
  server = await SimulatedServer.start({ clusters: cluster });
  // Takes connections and never says a word.
  silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
});
afterAll(async () => {
  await server.close();
  silent.close();
});
afterEach(() => {
  cluster.clearFaults();
  cluster.allowAgain();
});

describe('ClusterAuditor', () => {
  it('judges a cluster that it can read', async () => {
    const { assessment, snapshot, facts } = await auditor.audit(work(), access, limits());
    expect(assessment.cluster).toEqual({ name: 'spoke', uid: cluster.uid, serverVersion: 'v1.36.3' });
    expect(assessment.results.map(({ controlId }) => controlId)).toEqual(profiles[0]?.controls);
    // It has no network plugin, so nobody can tell whether policies count.
    const unknown = assessment.results.filter(({ outcome }) => outcome === 'notEvaluated');
    expect(unknown.map(({ controlId, reason }) => `${controlId} ${reason}`)).toEqual(['FLUX-NET-01 CNI_UNKNOWN']);
    expect(facts).toMatchObject({ fluxDetected: false, fluxVersion: null, stats: { requests: expect.any(Number) } });
    expect(snapshot?.cluster.uid).toBe(cluster.uid);
  });

  it('runs only the controls that the run asks for', async () => {
    const run = { ...work().run, controls: ['FLUX-RA-03'] };
    const { assessment } = await auditor.audit(work({ run }), access, limits());
    expect(assessment.results.map(({ controlId }) => controlId)).toEqual(['FLUX-RA-03']);
  });

  it.each<[string, () => void, Partial<ClusterAccess>, string]>([
    ['refuses the credential', () => {}, { credential: { kind: 'token', token: 'wrong' } }, 'unauthenticated'],
    ['cannot be reached', () => {}, { server: 'https://127.0.0.1:1' }, 'unreachable'],
    ['has an address that may not be called', () => {}, { server: 'https://169.254.169.254' }, 'unreachable'],
    ['is no Kubernetes', () => cluster.injectFault({ kind: 'garbage' }), {}, 'unreachable'],
    ['shows another CA', () => {}, { caData: undefined }, 'unreachable'],
    ['fails all the time', () => cluster.injectFault({ kind: 'status', status: 500 }), {}, 'transient'],
    [
      'forbids to read who it is',
      () => cluster.deny({ verb: 'get', group: '', resource: 'namespaces' }),
      {},
      'forbidden',
    ],
  ])('answers notEvaluated for a cluster that %s', async (_, prepare, changes, cause) => {
    prepare();
    const { assessment, snapshot } = await auditor.audit(work(), () => access(changes), limits());
    expect(snapshot).toBeUndefined();
    expect(new Set(assessment.results.map((result) => result.outcome))).toEqual(new Set(['notEvaluated']));
    expect(new Set(assessment.results.map((result) => result.cause))).toEqual(new Set([cause]));
    expect(assessment.coverage.evaluated).toBe(0);
  });

  it('judges nothing on a cluster that is not the registered one', async () => {
    const expectedUid = '00000000-0000-4000-8000-000000000000';
    const { assessment } = await auditor.audit(work({ expectedUid }), access, limits());
    expect(new Set(assessment.results.map(({ cause }) => cause))).toEqual(new Set(['identityMismatch']));
    expect(assessment.cluster.uid).toBe(expectedUid);
  });

  it('notices a cluster that is swapped while it is read', async () => {
    const uid = '00000000-0000-4000-8000-000000000001';
    cluster.injectFault({ kind: 'swapIdentity', uid, path: /kube-system/, after: 1 });
    const { assessment, snapshot } = await auditor.audit(work(), access, limits());
    expect(snapshot).toBeUndefined();
    expect(new Set(assessment.results.map(({ cause }) => cause))).toEqual(new Set(['identityMismatch']));
  });

  it('says that the profile is not known, for every control', async () => {
    const run = { ...work().run, profile: 'other@2020.01' };
    const { assessment } = await auditor.audit(work({ run }), access, limits());
    expect(assessment.profile).toBe('other@2020.01');
    expect(assessment.results).toHaveLength(profiles[0]?.controls.length ?? 0);
    expect(new Set(assessment.results.map(({ cause }) => cause))).toEqual(new Set(['notCollected']));
  });

  it('takes a secret that cannot be opened for a refused credential', async () => {
    const open = () => {
      throw new KeyringError('notAuthentic', 'k1');
    };
    const { assessment } = await auditor.audit(work(), open, limits());
    expect(new Set(assessment.results.map(({ cause }) => cause))).toEqual(new Set(['unauthenticated']));
  });

  it('takes a defect of its own for an answer, so that the run goes on', async () => {
    const open = () => {
      throw new TypeError('a defect');
    };
    const { assessment } = await auditor.audit(work(), open, limits());
    expect(new Set(assessment.results.map(({ cause }) => cause))).toEqual(new Set(['parseError']));
    expect(JSON.stringify(assessment)).not.toContain('a defect');
  });

  it('keeps the time of a cluster that takes requests and never answers', async () => {
    cluster.injectFault({ kind: 'hang' });
    const startedAt = Date.now();
    const { assessment } = await auditor.audit(work(), access, limits({ budgetMs: 1_000 }));
    expect(Date.now() - startedAt).toBeLessThan(8_000);
    expect(new Set(assessment.results.map(({ cause }) => cause))).toEqual(new Set(['timeout']));
  });

  it('keeps the time of a machine that takes connections and never speaks', async () => {
    const { port } = silent.address() as AddressInfo;
    const hung = () => access({ server: `https://127.0.0.1:${port}` });
    const { assessment } = await auditor.audit(work(), hung, limits({ budgetMs: 1_000 }));
    expect(new Set(assessment.results.map(({ cause }) => cause))).toEqual(new Set(['timeout']));
  });

  it('keeps the time of a client that does not keep its own', async () => {
    const stuck = Object.assign(new EgressPolicy({ allowCidrs: [], allowPorts: [] }), {
      resolve: () => new Promise<never>(() => undefined),
    });
    const patient = new ClusterAuditor({ catalog, profiles, egress: stuck, userAgent: 'plimsoll-test', log });
    const { assessment } = await patient.audit(work(), access, limits({ budgetMs: 100 }));
    expect(new Set(assessment.results.map(({ cause }) => cause))).toEqual(new Set(['timeout']));
  });

  it('reports what it could read of a cluster that is too large for its time', async () => {
    cluster.injectFault({ kind: 'hang', path: /kustomizations/ });
    const { assessment, snapshot } = await auditor.audit(work(), access, limits({ budgetMs: 3_000 }));
    expect(snapshot?.artifacts.kustomizations).toMatchObject({ state: 'unavailable', reason: 'budgetExceeded' });
    expect(assessment.results.some(({ cause }) => cause === 'budgetExceeded')).toBe(true);
  });

  it('leaves without an answer where the process has to stop', async () => {
    cluster.injectFault({ kind: 'hang' });
    const stop = new AbortController();
    const audit = auditor.audit(work(), access, limits({ stop: stop.signal }));
    const reason = new Error('this process stops');
    stop.abort(reason);
    await expect(audit).rejects.toBe(reason);
  });
});
