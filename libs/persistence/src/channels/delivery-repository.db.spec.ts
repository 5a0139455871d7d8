import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { channelAad, newId } from '#libs/platform';
import { type Store, openStore } from '../../../../test/support/store.js';
import type { NewChannel } from './channel-repository.js';
import type { AttemptResult } from './delivery.js';

let store: Store;
let runId: string;
beforeAll(async () => {
  store = await openStore();
  await store.register('a');
  runId = (await store.start()).id;
});
afterAll(() => store.close());
beforeEach(async () => {
  await store.dataSource.query('TRUNCATE channel, outbox CASCADE');
});

async function channel(name: string, details: Partial<NewChannel> = {}): Promise<string> {
  const id = newId('chn');
  const created = await store.channels.create({
    id,
    name,
    kind: 'slackWebhook',
    settings: { host: 'hooks.slack.com' },
    sealed: store.keyring.seal('https://hooks.slack.com/services/T/B/secret', channelAad(id)),
    events: ['run.completed'],
    minSeverity: 'low',
    ...details,
  });
  if (created === 'nameTaken') throw new Error('taken');
  return id;
}
async function planned(): Promise<string> {
  const [id] = await store.deliveries.planForRun(runId);
  if (!id) throw new Error('nothing was planned');
  return id;
}
const state = async (id: string) => (await store.deliveries.get(id))?.state;
const sent: AttemptResult = {
  outcome: 'sent',
  code: 'sent',
  durationMs: 12.4,
  httpStatus: 200,
  messageRef: { ts: '1.2' },
};
const retryIn = (ms: number, details: object = {}): AttemptResult => ({
  outcome: 'retry',
  code: 'http500',
  durationMs: 5,
  httpStatus: 500,
  hint: 'Slack answered 500.',
  nextAttemptAt: new Date(Date.now() + ms),
  ...details,
});
/** As if the second between two messages of a channel were over. */
const afterSpacing = () => store.dataSource.query('UPDATE channel SET paused_until = NULL');
const dueIds = (now = new Date()) => store.deliveries.due(now, 10);

describe('planning', () => {
  it('makes one delivery for each channel that wants it, once', async () => {
    const a = await channel('a');
    await channel('off', { enabled: false });
    await channel('other', { events: ['finding.opened'] });
    const b = await channel('b', { kind: 'webhook' });
    const ids = await store.deliveries.planForRun(runId);
    expect(ids).toHaveLength(2);
    expect(await store.deliveries.planForRun(runId)).toEqual([]);
    const page = await store.deliveries.list({ limit: 9 });
    expect(page.items.map(({ channelId }) => channelId).toSorted()).toEqual([a, b].toSorted());
    expect(page.items[0]).toMatchObject({ state: 'pending', attempts: 0, event: 'run.completed', runId });
    expect((await store.outbox.waiting()).count).toBe(2);
    expect((await dueIds(new Date(Date.now() + 1000))).toSorted()).toEqual([...ids].toSorted());
  });

  it('does it once when two workers plan at the same moment', async () => {
    await channel('a');
    const ids = await Promise.all([1, 2, 3].map(() => store.deliveries.planForRun(runId)));
    expect(ids.flat()).toHaveLength(1);
    expect((await store.outbox.waiting()).count).toBe(1);
  });
});

describe('sending', () => {
  it('hands over the channel and its sealed secret to one worker', async () => {
    const channelId = await channel('a');
    const id = await planned();
    const works = await Promise.all([store.deliveries.claim(id), store.deliveries.claim(id)]);
    const [work] = works.filter((one) => one !== null);
    expect(works.filter((one) => one === null)).toHaveLength(1);
    expect(work).toMatchObject({
      delivery: { id, state: 'sending' },
      channel: { id: channelId, kind: 'slackWebhook' },
    });
    expect(work?.channel).not.toHaveProperty('sealed');
    const plain = work && store.keyring.open(work.sealed, channelAad(channelId)).toString();
    expect(plain).toBe('https://hooks.slack.com/services/T/B/secret');
    expect(await dueIds()).toEqual([]);
  });

  it('ends with an attempt that was sent', async () => {
    await channel('a');
    const id = await planned();
    await store.deliveries.claim(id);
    await store.deliveries.record(id, sent);
    expect(await store.deliveries.get(id)).toMatchObject({
      state: 'sent',
      attempts: 1,
      messageRef: { ts: '1.2' },
      sentAt: expect.any(String),
      nextAttemptAt: null,
      lastCode: 'sent',
    });
    expect(await store.deliveries.attempts(id)).toMatchObject([{ outcome: 'sent', durationMs: 12, httpStatus: 200 }]);
    expect(await store.deliveries.claim(id)).toBeNull();
    expect(await store.deliveries.retry(id)).toBe('notRetryable');
  });

  it('tries again later, until it is dead', async () => {
    await channel('a');
    const id = await planned();
    await store.deliveries.claim(id);
    await store.deliveries.record(id, retryIn(60_000));
    expect(await store.deliveries.get(id)).toMatchObject({
      state: 'retrying',
      attempts: 1,
      lastHint: 'Slack answered 500.',
    });
    expect(await dueIds()).toEqual([]);
    expect(await dueIds(new Date(Date.now() + 61_000))).toEqual([id]);
    await afterSpacing();
    await store.deliveries.claim(id);
    await store.deliveries.record(id, retryIn(0, { nextAttemptAt: null }));
    expect(await store.deliveries.get(id)).toMatchObject({ state: 'dead', attempts: 2 });
    expect(await dueIds(new Date(Date.now() + 999_000))).toEqual([]);
    await store.dataSource.query('TRUNCATE outbox');
    expect(await store.deliveries.retry(id)).toMatchObject({ state: 'pending', attempts: 0 });
    expect((await store.outbox.waiting()).count).toBe(1);
    expect(await store.deliveries.attempts(id)).toHaveLength(2);
    expect(await store.deliveries.retry('dlv_none')).toBe('notFound');
  });

  it('lets the whole channel wait where the receiver asks for it, without counting the attempt', async () => {
    await channel('a');
    const id = await planned();
    await store.deliveries.claim(id);
    await store.deliveries.record(id, retryIn(30_000, { code: 'rateLimited', httpStatus: 429, retryAfterMs: 30_000 }));
    expect(await store.deliveries.get(id)).toMatchObject({ state: 'retrying', attempts: 0 });
    expect(await store.deliveries.attempts(id)).toMatchObject([{ retryAfterMs: 30_000 }]);
    const other = (await store.start({ reason: 'another', target: { clusters: ['a'] } })).id;
    const [second] = await store.deliveries.planForRun(other);
    expect(await store.deliveries.claim(second ?? '')).toBeNull();
    const waiting = await store.deliveries.get(second ?? '');
    expect(waiting?.state).toBe('retrying');
    expect(Date.parse(waiting?.nextAttemptAt ?? '')).toBeGreaterThan(Date.now() + 20_000);
  });

  it('leaves a second between two messages of a channel', async () => {
    await channel('a');
    const id = await planned();
    const other = (await store.start({ reason: 'spaced', profile: 'spaced@1' })).id;
    const [second] = await store.deliveries.planForRun(other);
    expect(await store.deliveries.claim(id)).not.toBeNull();
    expect(await store.deliveries.claim(second ?? '')).toBeNull();
    const waiting = await store.deliveries.get(second ?? '');
    expect(waiting?.state).toBe('retrying');
    expect(await dueIds(new Date(Date.parse(waiting?.nextAttemptAt ?? '')))).toEqual([second]);
    await afterSpacing();
    expect(await store.deliveries.claim(second ?? '')).not.toBeNull();
  });

  it('switches a channel off whose receiver is gone, and skips what waits for it', async () => {
    const channelId = await channel('a');
    const id = await planned();
    await store.deliveries.claim(id);
    await store.deliveries.record(id, {
      outcome: 'rejected',
      code: 'gone',
      durationMs: 1,
      httpStatus: 410,
      disableChannel: 'The receiver answered 410.',
    });
    expect(await state(id)).toBe('dead');
    expect(await store.channels.get(channelId)).toMatchObject({
      enabled: false,
      disabledReason: 'The receiver answered 410.',
    });
    await store.deliveries.retry(id);
    expect(await store.deliveries.claim(id)).toBeNull();
    expect(await store.deliveries.get(id)).toMatchObject({ state: 'skipped', lastCode: 'channelDisabled' });
    await store.channels.update(channelId, null, { enabled: true });
    expect(await store.channels.get(channelId)).toMatchObject({ enabled: true, disabledReason: null });
    await store.deliveries.retry(id);
    expect(await store.deliveries.claim(id)).not.toBeNull();
  });

  it('is taken over from a worker that died', async () => {
    await channel('a');
    const id = await planned();
    await store.deliveries.claim(id);
    await store.dataSource.query(`UPDATE delivery SET claimed_at = now() - interval '3 minutes',
      next_attempt_at = now() - interval '1 minute'`);
    expect(await dueIds()).toEqual([id]);
    await afterSpacing();
    expect(await store.deliveries.claim(id)).not.toBeNull();
  });

  it('can have nothing to say', async () => {
    await channel('a');
    const id = await planned();
    await store.deliveries.skip(id, 'noNews', 'Nothing changed.');
    expect(await store.deliveries.get(id)).toMatchObject({ state: 'skipped', lastCode: 'noNews' });
    expect(await store.deliveries.claim(id)).toBeNull();
  });
});

it('lists by state, channel and run', async () => {
  await channel('a');
  await channel('b');
  await store.deliveries.planForRun(runId);
  const count = async (filter: object) => (await store.deliveries.list({ limit: 9, filter })).total.count;
  expect(await count({ channel: ['a'] })).toBe(1);
  expect(await count({ channel: ['a', 'b'], state: ['pending'] })).toBe(2);
  expect(await count({ runId: [runId], event: ['run.completed'] })).toBe(2);
  expect(await count({ state: ['dead'] })).toBe(0);
});

describe('channels', () => {
  it('never show their secret but by the one method', async () => {
    const id = await channel('a');
    const record = await store.channels.get('a');
    expect(record).toEqual(await store.channels.get(id));
    expect(record).not.toHaveProperty('sealed');
    expect((await store.channels.list({ limit: 1 })).items[0]).not.toHaveProperty('sealed');
    expect(await store.channels.sealedFor(id)).toMatchObject({ v: 1, kid: 'k1' });
    expect(await store.channels.sealedFor('chn_none')).toBeNull();
  });

  it('are updated under their version, and deleted with their deliveries', async () => {
    const id = await channel('a');
    await store.deliveries.planForRun(runId);
    const updated = await store.channels.update(id, 1, { events: ['x', 'y'], minSeverity: 'critical', name: 'z' });
    expect(updated).toMatchObject({ version: 2, events: ['x', 'y'], minSeverity: 'critical', name: 'z' });
    expect(await store.channels.update(id, 1, {})).toBe('stale');
    await channel('other');
    expect(await store.channels.update(id, null, { name: 'other' })).toBe('nameTaken');
    await store.channels.disable(id, 'because');
    expect(await store.channels.get(id)).toMatchObject({ enabled: false, disabledReason: 'because', version: 3 });
    expect(await store.channels.delete(id, 2)).toBe('stale');
    expect(await store.channels.delete(id, 3)).toBe('deleted');
    expect((await store.deliveries.list({ limit: 1 })).total.count).toBe(0);
    expect(await store.channels.delete(id, null)).toBe('notFound');
  });
});
