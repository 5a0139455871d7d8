import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { warn } from '#libs/core';
import { AuditedCluster, bad, deployment, good, unseen } from '../../../../test/support/audited-cluster.js';
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

describe('results', () => {
  const timeline = async () =>
    (await store.results.timeline(cluster.id, { controlId: 'T-1', limit: 10 })).map(({ outcome, toAt }) => [
      outcome,
      toAt === null,
    ]);

  it('are history: a row for as long as the answer stays the same', async () => {
    const first = cluster.found({ 'T-1': [good('a')] });
    await store.audit(cluster.id, first);
    await cluster.audit({ 'T-1': [good('a'), good('b')] });
    expect(await timeline()).toEqual([['pass', true]]);
    const [row] = (await store.results.list({ limit: 5, filter: { cluster: [cluster.id] } })).items;
    expect(row).toMatchObject({ counts: { pass: 2 }, fromAt: first.collectedAt, observations: [] });
    const failing = cluster.found({ 'T-1': [bad('a'), good('b')] });
    await store.audit(cluster.id, failing);
    await store.audit(cluster.id, cluster.notJudged());
    await cluster.audit({ 'T-1': [good('a')] });
    expect(await timeline()).toEqual([
      ['pass', true],
      ['notEvaluated', false],
      ['fail', false],
      ['pass', false],
    ]);
  });

  it('begin anew where only the cause changed', async () => {
    const blind = (cause: 'forbidden' | 'timeout') => ({ 'T-1': [{ ...unseen('a'), cause }] });
    await cluster.audit(blind('forbidden'));
    await cluster.audit(blind('timeout'));
    const rows = await store.results.timeline(cluster.id, { limit: 10 });
    expect(rows.map(({ reason, cause }) => [reason, cause])).toEqual([
      ['RBAC_DENIED_READ', 'timeout'],
      ['RBAC_DENIED_READ', 'forbidden'],
    ]);
  });

  it('keep what did not pass, up to a limit, and no evidence twice', async () => {
    const many = Array.from({ length: 250 }, (_, index) => bad(`d-${index}`));
    await cluster.audit({ 'T-1': [...many, good('z')] });
    const [row] = (await store.results.list({ limit: 5, filter: { cluster: [cluster.id] } })).items;
    expect(row?.counts).toMatchObject({ fail: 250, pass: 1 });
    expect(row?.observations).toHaveLength(200);
    expect(JSON.stringify(row?.observations)).not.toContain('evidence');
    expect((await store.findings.list({ limit: 1, filter: { cluster: [cluster.id] } })).total.count).toBe(250);
  });

  it('can be listed as they stood in a run', async () => {
    const before = await cluster.audit({ 'T-1': [bad('a')], 'T-2': [good('a')] });
    const after = await cluster.audit({ 'T-1': [good('a')], 'T-2': [good('a')] });
    const inRun = async (runId: string) =>
      (await store.results.list({ limit: 5, filter: { runId } })).items.map(({ controlId, outcome }) => [
        controlId,
        outcome,
      ]);
    expect(await inRun(before)).toEqual([
      ['T-1', 'fail'],
      ['T-2', 'pass'],
    ]);
    expect(await inRun(after)).toEqual([
      ['T-1', 'pass'],
      ['T-2', 'pass'],
    ]);
    expect(await store.results.byControl({ cluster: [cluster.id] })).toEqual([
      { controlId: 'T-1', outcomes: { pass: 1 } },
      { controlId: 'T-2', outcomes: { pass: 1 } },
    ]);
  });
});

describe('sightings', () => {
  const sighting = (key: string) => ({
    ...warn(deployment(key), 'NOT_READY', 'Not ready.'),
    sightings: [`T-1/${key}`],
  });
  const known = async () => {
    const run = await store.start({ target: { clusters: [cluster.id] }, reason: 'look' });
    const work = await store.runs.claimTarget(await store.targetOf(run.id, cluster.id));
    await store.runs.cancel(run.id);
    return work?.sightings.firstSeen;
  };

  it('keep the time of the first sight, and go when they are over', async () => {
    const first = cluster.found({ 'T-1': [sighting('a'), sighting('b')] });
    await store.audit(cluster.id, first);
    await cluster.audit({ 'T-1': [sighting('a'), good('b')] });
    expect(await known()).toEqual({ 'T-1/a': first.collectedAt });
    await cluster.audit({ 'T-1': [good('a')] });
    expect(await known()).toEqual({});
  });

  it('stay while the control could not look', async () => {
    const first = cluster.found({ 'T-1': [sighting('a'), sighting('b')] });
    await store.audit(cluster.id, first);
    await store.audit(cluster.id, cluster.notJudged());
    await cluster.audit({ 'T-1': [unseen('a'), unseen('b')] });
    expect(await known()).toEqual({ 'T-1/a': first.collectedAt, 'T-1/b': first.collectedAt });
  });

  it('go with what was seen to be over, even where another part could not be looked at', async () => {
    const first = cluster.found({ 'T-1': [sighting('a'), sighting('b')] });
    await store.audit(cluster.id, first);
    await cluster.audit({ 'T-1': [{ ...unseen('a'), sightings: ['T-1/a'] }, good('b')] });
    expect(await known()).toEqual({ 'T-1/a': first.collectedAt });
  });
});
