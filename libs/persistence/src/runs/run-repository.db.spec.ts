import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LabelSelectorError, fail, pass } from '#libs/core';
import { assess } from '../../../../test/support/control-stub.js';
import { type Store, openStore } from '../../../../test/support/store.js';
import type { StartRun } from './run.js';

let store: Store;
const ids: Record<string, string> = {};

beforeAll(async () => {
  store = await openStore();
  const created = await store.tenants.create({ name: 'payments' });
  const tenantIds = created === 'nameTaken' ? [] : [created.id];
  ids.a = await store.register('a', { labels: { env: 'prod' }, tenantIds });
  ids.b = await store.register('b', { labels: { env: 'prod' } });
  ids.c = await store.register('c', { labels: { env: 'lab' }, tenantIds });
  const gone = await store.register('gone', { labels: { env: 'prod' } });
  await store.clusters.delete(gone, null);
});
afterAll(() => store.close());
beforeEach(async () => {
  await store.dataSource.query('TRUNCATE run, outbox CASCADE');
});

const input: StartRun = { trigger: 'api', requestedBy: 'me', profile: 'test@1', target: {}, deadlineSeconds: 600 };
const outbox = async () => {
  const messages: string[] = [];
  await store.outbox.dispatch(100, async (found) => {
    messages.push(...found.map(({ kind, payload }) => `${kind} ${JSON.stringify(payload)}`));
  });
  return messages;
};
const subject = { kind: 'Thing', name: 'x' };
const good = () => assess({ 'T-1': [pass(subject, 'FINE', 'Fine.')] }, { uid: '' });

describe('start', () => {
  it.each([
    ['the whole fleet', {}, ['a', 'b', 'c']],
    ['a label selector', { labelSelector: 'env=prod' }, ['a', 'b']],
    ['names and ids', { clusters: ['c', 'a'] }, ['a', 'c']],
    ['a tenant by name', { tenant: 'payments' }, ['a', 'c']],
    ['all that match everything', { tenant: 'payments', labelSelector: 'env=prod' }, ['a']],
  ])('makes one target for each cluster of %s', async (_what, target, names) => {
    const run = await store.start({ target });
    expect(run).toMatchObject({ state: 'queued', total: names.length, done: 0, counts: null, requestedBy: 'test' });
    const page = await store.runs.targets(run.id, { limit: 10 });
    expect(page.items.map(({ clusterName }) => clusterName)).toEqual(names);
    expect(page.items.every(({ state, lane }) => state === 'queued' && lane === 'fast')).toBe(true);
    expect(await outbox()).toEqual([`run.planned {"runId":"${run.id}"}`]);
    expect(Date.parse(run.deadlineAt) - Date.parse(run.createdAt)).toBe(3_600_000);
  });

  it('starts nothing where nothing matches', async () => {
    expect(await store.runs.start({ ...input, target: { labelSelector: 'env=none' } })).toBe('emptyTarget');
    expect(await store.runs.start({ ...input, target: { clusters: ['a', 'gone', 'cls_x'] } })).toEqual({
      unknownClusters: ['gone', 'cls_x'],
    });
    await expect(store.runs.start({ ...input, target: { labelSelector: 'a=b=c' } })).rejects.toBeInstanceOf(
      LabelSelectorError,
    );
    expect(await outbox()).toEqual([]);
  });

  it('names the run that does the same already', async () => {
    const run = await store.start({ controls: ['T-1'] });
    expect(await store.runs.start({ ...input, controls: ['T-1'] })).toMatchObject({ conflict: { id: run.id } });
    const other = await store.runs.start({ ...input, controls: ['T-2'] });
    expect(other).toMatchObject({ run: { state: 'queued', controls: ['T-2'] } });
    await store.runs.cancel(run.id);
    expect(await store.runs.start({ ...input, controls: ['T-1'] })).toMatchObject({ run: { state: 'queued' } });
  });

  it('starts once when two ask at the same moment', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => store.runs.start(input)));
    const kinds = answers.map((answer) => String(typeof answer === 'string' ? answer : Object.keys(answer)[0]));
    expect(kinds.toSorted()).toEqual(['conflict', 'conflict', 'conflict', 'run']);
  });
});

describe('targets', () => {
  it('are handed to queues page by page, in their order', async () => {
    const run = await store.start();
    const first = await store.runs.queuedTargets(run.id, null, 2);
    const second = await store.runs.queuedTargets(run.id, first.at(-1)?.id ?? null, 2);
    const all = [...first, ...second].map(({ id }) => id);
    expect(all).toHaveLength(3);
    expect(all).toEqual(all.toSorted());
  });

  it('are claimed with all that a worker needs, again if their worker died', async () => {
    const run = await store.start({ target: { clusters: ['a'] }, controls: ['T-1'], budgetSeconds: 30 });
    const id = await store.targetOf(run.id, ids.a ?? '');
    expect(await store.runs.claimTarget(id)).toEqual({
      target: { id, runId: run.id, clusterId: ids.a, clusterName: 'a', lane: 'fast', attempt: 1 },
      run: {
        id: run.id,
        profile: 'test@1',
        tailoring: null,
        controls: ['T-1'],
        budgetSeconds: 30,
        deadlineAt: run.deadlineAt,
      },
      connection: { server: 'https://a.example.com:6443' },
      expectedUid: null,
      labels: { env: 'prod' },
      registration: { name: 'a', labels: { env: 'prod' }, tenants: [{ name: 'payments' }] },
      sightings: { firstSeen: {} },
    });
    expect(await store.runs.get(run.id)).toMatchObject({ state: 'running', startedAt: expect.any(String) });
    expect((await store.runs.claimTarget(id))?.target.attempt).toBe(2);
    await store.saveAs(id, good());
    expect(await store.runs.claimTarget(id)).toBeNull();
    expect(await store.runs.claimTarget('tgt_none')).toBeNull();
  });

  it('of a cluster that was deleted meanwhile are cancelled, and the run goes on to its end', async () => {
    const doomed = await store.register('doomed');
    const run = await store.start({ target: { clusters: ['doomed'] } });
    await store.dataSource.query('UPDATE cluster SET deleted_at = now() WHERE id = $1', [doomed]);
    expect(await store.runs.claimTarget(await store.targetOf(run.id, doomed))).toBeNull();
    expect(await store.runs.get(run.id)).toMatchObject({
      state: 'completed',
      done: 1,
      counts: { targets: { evaluated: 0, notEvaluated: 0, cancelled: 1 } },
    });
  });

  it('that nobody works on are found', async () => {
    const run = await store.start();
    const [target] = await store.runs.queuedTargets(run.id, null, 1);
    await store.runs.claimTarget(target?.id ?? '');
    const [past, future] = [new Date(Date.now() - 60_000), new Date(Date.now() + 60_000)];
    const overdue = async (queuedBefore: Date, claimedBefore: Date) =>
      (await store.runs.overdueTargets({ queuedBefore, claimedBefore, limit: 10 })).length;
    expect(await overdue(past, past)).toBe(0);
    expect(await overdue(future, past)).toBe(2);
    expect(await overdue(past, future)).toBe(1);
    await store.runs.cancel(run.id);
    expect(await overdue(future, future)).toBe(0);
  });
});

describe('completion', () => {
  it('comes with the last target, once, however many finish at the same moment', async () => {
    const run = await store.start();
    await outbox();
    const targets = await store.runs.queuedTargets(run.id, null, 10);
    await Promise.all(targets.flatMap(({ id }) => [store.saveAs(id, good()), store.saveAs(id, good())]));
    expect(await store.runs.get(run.id)).toMatchObject({
      state: 'completed',
      done: 3,
      coverage: 1,
      finishedAt: expect.any(String),
      counts: { outcomes: { pass: 3 }, targets: { evaluated: 3, compliant: 3 }, causes: {} },
    });
    expect(await outbox()).toEqual([`run.completed {"runId":"${run.id}"}`]);
  });

  it('at the deadline calls what is not done not evaluated, never passed', async () => {
    const run = await store.start();
    await outbox();
    const [first, second] = await store.runs.queuedTargets(run.id, null, 10);
    await store.saveAs(first?.id ?? '', good());
    await store.runs.claimTarget(second?.id ?? '');
    expect(await store.runs.finishOverdueRuns(new Date())).toEqual([]);
    const later = new Date(Date.parse(run.deadlineAt) + 1);
    expect(
      (await Promise.all([store.runs.finishOverdueRuns(later), store.runs.finishOverdueRuns(later)])).flat(),
    ).toContain(run.id);
    expect(await store.runs.get(run.id)).toMatchObject({
      state: 'completed',
      done: 3,
      counts: { outcomes: { pass: 1, notEvaluated: 2 }, causes: { timeout: 2 }, targets: { notEvaluated: 2 } },
    });
    expect((await store.runs.get(run.id))?.coverage).toBeCloseTo(1 / 3);
    expect(await outbox()).toEqual([`run.completed {"runId":"${run.id}"}`]);
    expect(await store.saveAs(second?.id ?? '', good())).toBe('alreadyDone');
    const page = await store.runs.targets(run.id, { limit: 5, filter: { cause: ['timeout'] } });
    expect(page.items.map(({ state, message }) => [state, message?.includes('deadline')])).toEqual([
      ['done', true],
      ['done', true],
    ]);
  });
});

describe('cancel', () => {
  it('keeps what is done and stops the rest', async () => {
    const run = await store.start();
    const [first, second] = await store.runs.queuedTargets(run.id, null, 10);
    await store.saveAs(first?.id ?? '', good());
    expect(await store.runs.cancel(run.id)).toMatchObject({ state: 'cancelled', done: 3 });
    expect(await store.runs.counts(run.id)).toMatchObject({ done: 1, cancelled: 2, evaluated: 1, coverage: 1 });
    expect(await store.runs.claimTarget(second?.id ?? '')).toBeNull();
    expect(await store.runs.queuedTargets(run.id, null, 10)).toEqual([]);
    expect(await store.runs.cancel(run.id)).toBe('alreadyFinished');
    expect(await store.runs.cancel('run_none')).toBe('notFound');
    expect((await outbox()).filter((message) => message.startsWith('run.completed'))).toEqual([]);
  });

  it('and completion at the same moment give one of the two', async () => {
    const run = await store.start({ target: { clusters: ['a'] } });
    const target = await store.targetOf(run.id, ids.a ?? '');
    const [saved, cancelled] = await Promise.all([store.saveAs(target, good()), store.runs.cancel(run.id)]);
    const state = (await store.runs.get(run.id))?.state;
    expect([saved, cancelled === 'alreadyFinished' ? cancelled : 'cancelled', state]).toEqual(
      saved === 'saved' ? ['saved', 'alreadyFinished', 'completed'] : ['alreadyDone', 'cancelled', 'cancelled'],
    );
  });
});

it('lists and counts runs', async () => {
  const all = await store.start();
  const one = await store.start({ target: { clusters: ['b'] }, reason: 'why' });
  const list = async (filter: object) =>
    (await store.runs.list({ limit: 10, filter })).items.map(({ id }) => id).toSorted();
  expect(await list({})).toEqual([all.id, one.id].toSorted());
  expect(await list({ clusterId: ids.a })).toEqual([all.id]);
  expect(await list({ clusterId: ids.b, state: ['queued'] })).toEqual([all.id, one.id].toSorted());
  expect(await list({ state: ['completed'] })).toEqual([]);
  await store.saveAs(
    await store.targetOf(one.id, ids.b ?? ''),
    assess(
      { 'T-1': [fail(subject, 'BAD', 'Bad.', { evidence: [{ pointer: '', observed: 1, expected: '2' }] })] },
      { uid: '' },
    ),
  );
  expect(await list({ state: ['completed'] })).toEqual([one.id]);
  expect(await store.runs.counts(one.id)).toEqual({
    total: 1,
    queued: 0,
    running: 0,
    done: 1,
    cancelled: 0,
    evaluated: 1,
    notEvaluated: 0,
    causes: {},
    opened: 1,
    reopened: 0,
    escalated: 0,
    resolved: 0,
    coverage: 1,
  });
  expect(await store.runs.counts(all.id)).toMatchObject({ total: 3, queued: 3, coverage: null });
  expect(await store.runs.counts('run_none')).toBeNull();
});
