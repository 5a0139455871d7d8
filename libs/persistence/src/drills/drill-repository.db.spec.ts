import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  DRILL_STEPS,
  type DrillMode,
  drillOutcome,
  type DrillRunner,
  type DrillStep,
  type DrillStepName,
} from '#libs/core';
import { newId } from '#libs/platform';
import { openStore, type Store } from '../../../../test/support/store.js';
import type { DrillResults, NewDrill } from './drill.js';

let store: Store;
let cluster: string;
const name = () => newId('cls').toLowerCase().slice(-12);
const HOUR = 3_600_000;
const RUNBOOK = 'https://runbooks.example.com/edge';

beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  await store.dataSource.query('DELETE FROM cluster');
  await store.dataSource.query('DELETE FROM outbox');
  const breakGlass = [{ name: 'edge', alertOnUse: { rule: 'r' }, runbookUrl: RUNBOOK }, { name: 'other' }];
  cluster = await store.register(name(), { platform: { breakGlass } });
});

const wanted = (more: Partial<NewDrill> = {}): NewDrill => ({
  id: newId('drl'),
  clusterId: cluster,
  entry: 'edge',
  mode: 'verify',
  runner: 'service',
  requestedBy: 'tok_1',
  deadlineAt: new Date(Date.now() + HOUR).toISOString(),
  ...more,
});
async function started(more: Partial<NewDrill> = {}): Promise<string> {
  const drill = await store.drills.create(wanted(more));
  if (drill === 'notFound' || 'conflict' in drill) throw new Error('it was not made');
  return drill.id;
}
function results(
  mode: DrillMode,
  runner: DrillRunner,
  failing?: DrillStepName,
  more: Partial<DrillResults> = {},
): DrillResults {
  const steps = DRILL_STEPS.map((step): DrillStep => {
    const skipped = (runner === 'service' && step === 'identity') || (mode === 'verify' && step.startsWith('restore'));
    const state = step === failing ? 'failed' : skipped ? 'skipped' : 'passed';
    return {
      name: step,
      state,
      ...(state === 'failed' && { cause: 'RIGHT_MISSING' }),
      message: `${step} ${state}.`,
      durationMs: 12,
      requests: [{ method: 'GET', path: '/version', dryRun: false, status: 200 }],
    };
  });
  const at = new Date().toISOString();
  return {
    mode,
    outcome: drillOutcome({ mode, runner }, steps),
    startedAt: at,
    finishedAt: at,
    writes: 0,
    steps,
    ...more,
  };
}
async function drilled(mode: DrillMode, failing?: DrillStepName, more: Partial<DrillResults> = {}): Promise<string> {
  const id = await started({ mode, runner: 'cli' });
  expect(await store.drills.report(id, results(mode, 'cli', failing, more))).toMatchObject({ state: 'completed' });
  return id;
}
async function checked(failing?: DrillStepName): Promise<string> {
  const id = await started();
  await store.drills.claim(id);
  expect(await store.drills.finish(id, results('verify', 'service', failing))).toBe('saved');
  return id;
}
const outbox = async () =>
  (await store.dataSource.query('SELECT kind FROM outbox ORDER BY id')).map(({ kind }: { kind: string }) => kind);
const lastDrill = async () => (await store.clusters.registration(cluster))?.breakGlass?.[0]?.lastDrill;

describe('asking for a drill', () => {
  it('queues what the service does, in the same transaction', async () => {
    const id = await started();
    expect(await store.drills.get(id)).toMatchObject({ state: 'queued', outcome: null, attempt: 0, steps: [] });
    expect(await outbox()).toEqual(['drill.planned']);
  });

  it.each<[DrillMode, string]>([
    ['verify', 'awaitingResults'],
    ['dryRun', 'awaitingResults'],
    ['live', 'awaitingApproval'],
  ])('waits for people: %s', async (mode, state) => {
    const id = await started({ mode, runner: 'cli' });
    expect((await store.drills.get(id))?.state).toBe(state);
    expect(await outbox()).toEqual([]);
  });

  it('is refused while another one of the entry is open, also of two at once', async () => {
    const made = await Promise.all([1, 2, 3, 4].map(() => store.drills.create(wanted())));
    const [winner] = made.flatMap((drill) => (drill !== 'notFound' && 'id' in drill ? [drill.id] : []));
    expect(made.filter((drill) => drill !== 'notFound' && 'conflict' in drill)).toHaveLength(3);
    expect(await store.drills.create(wanted())).toEqual({ conflict: winner });
    expect(await store.drills.create(wanted({ entry: 'other' }))).toMatchObject({ state: 'queued' });
  });

  it('is possible again when the other one is over, or its time is', async () => {
    const first = await started({ deadlineAt: new Date(Date.now() - 1).toISOString(), runner: 'cli' });
    const second = await started();
    expect((await store.drills.get(first))?.state).toBe('expired');
    await store.drills.abort(second);
    await started();
  });

  it('needs a cluster', async () => {
    expect(await store.drills.create(wanted({ clusterId: 'cls_none' }))).toBe('notFound');
  });
});

describe('a drill of the service', () => {
  it('may be claimed again and again, and is saved once', async () => {
    const id = await started();
    expect(await store.drills.claim(id)).toMatchObject({
      drill: { attempt: 1 },
      registration: { breakGlass: [{}, {}] },
    });
    expect(await store.drills.claim(id)).toMatchObject({ drill: { attempt: 2 } });
    const both = await Promise.all([1, 2].map(() => store.drills.finish(id, results('verify', 'service'))));
    expect(both.toSorted()).toEqual(['alreadyDone', 'saved']);
    expect(await store.drills.claim(id)).toBeNull();
    const saved = await store.drills.get(id);
    expect(saved).toMatchObject({ state: 'completed', outcome: 'passed', attempt: 2 });
    expect(saved?.steps.map(({ name: step }) => step)).toEqual([...DRILL_STEPS]);
    expect(saved?.steps[0]).toMatchObject({ durationMs: 12, requests: [{ method: 'GET', path: '/version' }] });
  });

  it('is not saved after it was aborted', async () => {
    const id = await started();
    await store.drills.claim(id);
    await store.drills.abort(id);
    expect(await store.drills.finish(id, results('verify', 'service'))).toBe('alreadyDone');
    expect((await store.drills.get(id))?.steps).toEqual([]);
  });

  it('ends where its entry or its cluster is gone', async () => {
    const id = await started({ entry: 'gone' });
    expect(await store.drills.claim(id)).toBeNull();
    expect((await store.drills.get(id))?.state).toBe('aborted');
    expect(await store.drills.claim('drl_none')).toBeNull();
  });

  it('is found again where its job or its worker was lost', async () => {
    const waiting = await started();
    const running = await started({ entry: 'other' });
    await store.drills.claim(running);
    const [past, future] = [new Date(Date.now() - HOUR), new Date(Date.now() + HOUR)];
    const overdue = (queuedBefore: Date, claimedBefore: Date) =>
      store.drills.overdue({ queuedBefore, claimedBefore, limit: 10 });
    expect(await overdue(past, past)).toEqual([]);
    expect(await overdue(future, past)).toEqual([waiting]);
    expect(await overdue(past, future)).toEqual([running]);
    await store.dataSource.query(`UPDATE drill SET deadline_at = now() - interval '1 minute'`);
    expect(await overdue(future, future)).toEqual([]);
    expect(await store.drills.expireOverdue()).toBe(2);
    expect(await store.drills.expireOverdue()).toBe(0);
  });
});

describe('approvals', () => {
  it('are two, of two tokens', async () => {
    const id = await started({ mode: 'live', runner: 'cli' });
    expect(await store.drills.approve(id, 'tok_2')).toMatchObject({ state: 'awaitingApproval', approvals: [{}] });
    expect(await store.drills.approve(id, 'tok_2')).toMatchObject({ state: 'awaitingApproval', approvals: [{}] });
    expect(await store.drills.report(id, results('live', 'cli'))).toEqual({ state: 'awaitingApproval' });
    expect(await store.drills.approve(id, 'tok_3')).toMatchObject({ state: 'awaitingResults', approvals: [{}, {}] });
    expect(await store.drills.approve(id, 'tok_4')).toEqual({ state: 'awaitingResults' });
    // What nobody began wrote nothing, and has no results.
    expect(await store.drills.report(id, results('live', 'cli'))).toEqual({ state: 'awaitingResults' });
    await store.drills.start(id);
    expect(await store.drills.report(id, results('live', 'cli'))).toMatchObject({ state: 'completed' });
  });

  it('of two at once both count', async () => {
    const id = await started({ mode: 'live', runner: 'cli' });
    await Promise.all([store.drills.approve(id, 'tok_2'), store.drills.approve(id, 'tok_3')]);
    expect(await store.drills.get(id)).toMatchObject({ state: 'awaitingResults', approvals: [{}, {}] });
  });

  it('come too late when its time is over', async () => {
    const id = await started({ mode: 'live', runner: 'cli' });
    await store.drills.approve(id, 'tok_2');
    await store.dataSource.query(`UPDATE drill SET deadline_at = now() - interval '1 minute'`);
    expect(await store.drills.approve(id, 'tok_3')).toEqual({ state: 'expired' });
    expect(await store.drills.get(id)).toMatchObject({ state: 'expired', approvals: [{}] });
  });

  it('are refused where there is nothing to approve', async () => {
    expect(await store.drills.approve('drl_none', 'tok_2')).toBe('notFound');
    expect(await store.drills.approve(await started(), 'tok_2')).toEqual({ state: 'queued' });
  });
});

describe('a drill at a terminal', () => {
  const approved = async () => {
    const id = await started({ mode: 'live', runner: 'cli' });
    await store.drills.approve(id, 'tok_2');
    expect(await store.drills.start(id)).toEqual({ state: 'awaitingApproval' });
    await store.drills.approve(id, 'tok_3');
    return id;
  };

  it('begins once, also of two at once, and is then reported', async () => {
    const id = await approved();
    const both = await Promise.all([store.drills.start(id), store.drills.start(id)]);
    expect(both).toContainEqual({ state: 'running' });
    expect(both).toContainEqual(expect.objectContaining({ id, state: 'running', claimedAt: expect.any(String) }));
    expect(await store.drills.report(id, results('live', 'cli'))).toMatchObject({ state: 'completed' });
    expect(await store.drills.start(id)).toEqual({ state: 'completed' });
    expect(await store.drills.start('drl_none')).toBe('notFound');
  });

  it('does not begin when its time is over', async () => {
    const id = await approved();
    await store.dataSource.query(`UPDATE drill SET deadline_at = now() - interval '1 minute'`);
    expect(await store.drills.start(id)).toEqual({ state: 'expired' });
  });

  it('is none of a worker, nor the other way round', async () => {
    const id = await approved();
    await store.drills.start(id);
    const future = new Date(Date.now() + HOUR);
    expect(await store.drills.overdue({ queuedBefore: future, claimedBefore: future, limit: 10 })).toEqual([]);
    expect(await store.drills.claim(id)).toBeNull();
    const checks = await started({ entry: 'other' });
    expect(await store.drills.start(checks)).toEqual({ state: 'queued' });
    await store.drills.claim(checks);
    expect(await store.drills.report(checks, results('verify', 'cli'))).toEqual({ state: 'running' });
  });
});

describe('the last drill of an entry', () => {
  it('is the newest in which somebody used the credential', async () => {
    expect(await lastDrill()).toBeUndefined();
    const id = await drilled('dryRun', undefined, { operators: 'ada, grace' });
    expect(await lastDrill()).toEqual({ at: expect.any(String), by: 'ada, grace', result: 'passed', evidence: id });
    const failed = await drilled('dryRun', 'restoreDelete');
    expect(await lastDrill()).toMatchObject({ result: 'failed', failedStep: 'restoreDelete', evidence: failed });
  });

  it('is not what the service checked, nor a drill without the restore, nor one that came to nothing', async () => {
    await checked();
    await drilled('verify');
    await drilled('dryRun', undefined, { outcome: 'unknown' });
    expect(await lastDrill()).toBeUndefined();
    await checked('rights');
    expect(await lastDrill()).toBeUndefined();
    await drilled('verify', 'identity');
    expect(await lastDrill()).toMatchObject({ result: 'failed', failedStep: 'identity' });
  });

  it('tells when the alert on use was last set off', async () => {
    await drilled('dryRun', undefined, { alertId: 'ALERT-1' });
    const entry = (await store.clusters.registration(cluster))?.breakGlass?.[0];
    expect(entry?.alertOnUse).toEqual({ rule: 'r', testedAt: entry?.lastDrill?.at });
  });

  it('belongs to its entry and its cluster', async () => {
    await drilled('dryRun');
    const other = await store.register(name(), { platform: { breakGlass: [{ name: 'edge' }] } });
    expect((await store.clusters.registration(other))?.breakGlass).toEqual([{ name: 'edge' }]);
    expect((await store.clusters.registration(cluster))?.breakGlass?.[1]).toEqual({ name: 'other' });
  });
});

describe('news', () => {
  const events = () =>
    store.dataSource.query(`SELECT type, state, facts FROM event WHERE cluster_id = $1 ORDER BY created_at, id`, [
      cluster,
    ]);

  it('is a failure, once, until what failed passes', async () => {
    await drilled('dryRun');
    const id = await drilled('dryRun', 'restoreDelete');
    await drilled('dryRun', 'restoreDelete');
    const [event, ...others] = await events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      type: 'drill.failed',
      state: 'open',
      facts: { drillId: id, entry: 'edge', runbook: RUNBOOK, lastPassedAt: expect.any(String), writes: 0 },
    });
    // Neither of them tried to delete anything.
    await drilled('verify');
    await checked();
    expect((await events())[0].state).toBe('open');
    await drilled('dryRun');
    expect((await events())[0].state).toBe('closed');
    expect((await outbox()).filter((kind: string) => kind.startsWith('event'))).toEqual([
      'event.raised',
      'event.ended',
    ]);
  });

  it('is another failure, and nothing where the outcome is unknown', async () => {
    await drilled('dryRun', 'rights');
    await drilled('dryRun', undefined, { outcome: 'unknown' });
    await drilled('dryRun', 'identity');
    expect((await events()).map(({ state }: { state: string }) => state)).toEqual(['closed', 'open']);
  });
});

describe('the standing of clusters', () => {
  it('has the newest word on each step, and what is open', async () => {
    await drilled('dryRun');
    const check = await checked('rights');
    const open = await started({ entry: 'other' });
    const [found, ...others] = await store.drills.standings();
    expect(others).toEqual([]);
    expect(found).toMatchObject({ clusterId: cluster, open: { other: open } });
    const steps = found?.steps['edge']?.map(({ name: step, state, drillId }) => [step, state, drillId === check]);
    expect(steps?.toSorted()).toEqual([
      ['identity', 'passed', false],
      ['reach', 'passed', true],
      ['restoreCreate', 'passed', false],
      ['restoreDelete', 'passed', false],
      ['rights', 'failed', true],
    ]);
  });

  it('has clusters that need a way in, and no others', async () => {
    const needing = await store.register(`a-${name()}`, { role: 'tenant', tenancy: 'dedicated' });
    const hub = await store.register(`b-${name()}`, { role: 'management' });
    await store.register(`c-${name()}`, { role: 'tenant', tenancy: 'shared' });
    await store.register(`d-${name()}`, { role: 'standalone' });
    const ids = (await store.drills.standings()).map(({ clusterId }) => clusterId);
    expect(new Set(ids)).toEqual(new Set([cluster, needing, hub]));
  });
});

it('lists, newest first, by any filter', async () => {
  const first = await drilled('dryRun');
  const second = await checked('rights');
  const list = async (filter: object) => (await store.drills.list({ limit: 10, filter })).items.map(({ id }) => id);
  expect(await list({ clusterId: [cluster] })).toEqual([second, first]);
  expect(await list({ outcome: ['failed'] })).toEqual([second]);
  expect(await list({ runner: ['cli'], mode: ['dryRun'], state: ['completed'], entry: ['edge'] })).toEqual([first]);
});
