import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditedCluster, bad, deployment, good } from '../../../../test/support/audited-cluster.js';
import { type Store, openStore } from '../../../../test/support/store.js';

let store: Store;
let cluster: AuditedCluster;

beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  cluster = await AuditedCluster.register(store);
});

describe('identity', () => {
  it('refuses the snapshot of another cluster, and saves nothing of it', async () => {
    await cluster.audit({ 'T-1': [good('a')] });
    const stranger = {
      ...cluster.found({ 'T-1': [bad('a')] }),
      cluster: { name: 'x', uid: 'other', serverVersion: 'v1.36.0' },
    };
    const run = await store.start({ target: { clusters: [cluster.id] } });
    const target = await store.targetOf(run.id, cluster.id);
    await expect(store.saveAs(target, stranger)).rejects.toThrow(/another cluster than the one that is registered/);
    expect(await cluster.findings()).toEqual([]);
    expect(await store.runs.counts(run.id)).toMatchObject({ running: 1, done: 0 });
  });

  it('is not pinned twice: the second registration of a cluster says so', async () => {
    await cluster.audit({ 'T-1': [good('a')] });
    const twin = await store.register(`twin-of-${cluster.name}`);
    await store.audit(twin, cluster.found({ 'T-1': [good('a')] }));
    const record = await store.clusters.get(twin);
    expect(record?.clusterUid).toBeNull();
    expect(record?.conditions.find(({ type }) => type === 'IdentityVerified')).toMatchObject({
      status: 'False',
      reason: 'Duplicate',
    });
  });
});

describe('order and repetition', () => {
  it('saves a target once', async () => {
    const run = await store.start({ target: { clusters: [cluster.id] } });
    const target = await store.targetOf(run.id, cluster.id);
    const assessment = cluster.found({ 'T-1': [bad('a')] });
    expect(await store.saveAs(target, assessment)).toBe('saved');
    expect(await store.saveAs(target, assessment)).toBe('alreadyDone');
    expect(await cluster.finding()).toMatchObject({ occurrences: 1 });
    expect(await store.runs.get(run.id)).toMatchObject({ done: 1, state: 'completed' });
  });

  it('saves once when two workers finish at the same moment', async () => {
    const run = await store.start({ target: { clusters: [cluster.id] } });
    const target = await store.targetOf(run.id, cluster.id);
    const assessment = cluster.found({ 'T-1': [bad('a')] });
    const answers = await Promise.all([1, 2, 3].map(() => store.saveAs(target, assessment)));
    expect(answers.toSorted()).toEqual(['alreadyDone', 'alreadyDone', 'saved']);
    expect(await cluster.finding()).toMatchObject({ occurrences: 1 });
  });

  it('does not let an older snapshot undo a newer one', async () => {
    const older = cluster.found({ 'T-1': [bad('a'), bad('b')] });
    const newer = cluster.found({ 'T-1': [good('a'), bad('b')] });
    const early = await store.start({ target: { clusters: [cluster.id] } });
    const late = await store.start({ target: { clusters: [cluster.id] }, profile: 'other@1' });
    await store.saveAs(await store.targetOf(late.id, cluster.id), newer);
    expect(await store.saveAs(await store.targetOf(early.id, cluster.id), older)).toBe('saved');
    expect((await cluster.findings()).map(({ subject }) => subject.name)).toEqual(['b']);
    expect(await cluster.record()).toMatchObject({ lastAttemptAt: newer.collectedAt, lastRunId: late.id });
    expect(await store.runs.get(early.id)).toMatchObject({ state: 'completed', done: 1, counts: { opened: 0 } });
  });

  it('leaves everything as it was where reconciling fails', async () => {
    const run = await store.start({ target: { clusters: [cluster.id] } });
    const target = await store.targetOf(run.id, cluster.id);
    await store.runs.claimTarget(target);
    const failing = store.assessments.save(target, cluster.found({ 'T-1': [bad('a')] }), () => {
      throw new Error('a defect');
    });
    await expect(failing).rejects.toThrow('a defect');
    expect(await cluster.findings()).toEqual([]);
    expect(await store.runs.counts(run.id)).toMatchObject({ running: 1, done: 0 });
  });

  it('changes nothing once the run is cancelled or the cluster deleted', async () => {
    const run = await store.start({ target: { clusters: [cluster.id] } });
    const target = await store.targetOf(run.id, cluster.id);
    await store.runs.claimTarget(target);
    await store.runs.cancel(run.id);
    expect(await store.saveAs(target, cluster.found({ 'T-1': [bad('a')] }))).toBe('alreadyDone');
    expect(await store.clusters.delete(cluster.id, null)).toBe('deleted');
    expect(await cluster.findings()).toEqual([]);
  });
});

it('attributes findings to tenants: by name from the caller, else by namespace, else to the only one', async () => {
  const tenants = await Promise.all(
    ['a', 'b'].map((name) => store.tenants.create({ name: `team-${name}`, namespaces: { names: [`ns-${name}`] } })),
  );
  const [a, b] = tenants.map((tenant) => (tenant === 'nameTaken' ? '' : tenant.id));
  const inNamespace = (namespace: string, name: string) => bad(name, { subject: { ...deployment(name), namespace } });
  const assessment = cluster.found({
    'T-1': [inNamespace('ns-a', 'x'), inNamespace('ns-b', 'y'), inNamespace('other', 'z')],
  });
  const tenantsOf = async () =>
    Object.fromEntries((await cluster.findings()).map(({ subject, tenantId }) => [subject.name, tenantId]));

  await store.clusters.update(cluster.id, null, { tenantIds: [a ?? '', b ?? ''] });
  await store.audit(cluster.id, assessment);
  expect(await tenantsOf()).toEqual({ x: a, y: b, z: null });

  await store.clusters.update(cluster.id, null, { tenantIds: [b ?? ''] });
  await cluster.audit({ 'T-1': assessment.results[0]?.observations ?? [] });
  expect(await tenantsOf()).toEqual({ x: b, y: b, z: b });
});
