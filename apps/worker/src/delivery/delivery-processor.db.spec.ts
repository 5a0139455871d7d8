import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { controlTitle } from '#libs/controls';
import type { DeliveryRecord, RunRecord } from '#libs/persistence';
import { eventually } from '../../../../test/support/eventually.js';
import { startMisbehavingReceiver, type MisbehavingReceiver } from '../../../../test/support/misbehaving-receiver.js';
import { exampleObjects } from '../../../../test/support/simulated-fleet.js';
import { WorkerStage } from '../../../../test/support/worker-stage.js';

let stage: WorkerStage;
let slack: MisbehavingReceiver;

beforeEach(async () => {
  slack = await startMisbehavingReceiver();
  stage = await WorkerStage.open('postgres', { PLIMSOLL_SLACK_WEBHOOK_HOSTS: slack.host });
  await stage.fleet(['bad-1']);
});
afterEach(async () => {
  await stage.close();
  await slack.stop();
});

const slackChannel = () => stage.channel('slackWebhook', { url: `${slack.origin}/services/T/B/x` });
const webhook = (url: string) =>
  stage.channel('webhook', { url, signingSecrets: [`whsec_${Buffer.alloc(32, 1).toString('base64')}`] });

/** Waits until the delivery of a channel is in a state. */
function delivered(channelId: string, ...states: readonly string[]): Promise<DeliveryRecord> {
  return eventually(`a delivery is ${states.join(' or ')}`, async () => {
    const { items } = await stage.store.deliveries.list({ limit: 1, filter: { channel: [channelId] } });
    return items[0] !== undefined && states.includes(items[0].state) && items[0];
  });
}

/** Waits until a run is complete and all that it caused is on its way. */
async function quietAfter(run: RunRecord): Promise<void> {
  await stage.completed(run.id);
  await eventually('the outbox is empty', async () => (await stage.store.outbox.waiting()).count === 0);
}

describe('a delivery', () => {
  it('is tried again after 5 seconds where the receiver has a problem', async () => {
    slack.script({ status: 503 }, { status: 200, body: 'ok' });
    const channel = await slackChannel();
    await stage.startWorker();
    await stage.startRun();
    const waiting = await delivered(channel, 'retrying');
    const untilNext = Date.parse(waiting.nextAttemptAt ?? '') - Date.parse(waiting.createdAt);
    expect(waiting).toMatchObject({ attempts: 1, lastCode: 'serverError' });
    expect(untilNext).toBeGreaterThanOrEqual(5_000);
    const sent = await delivered(channel, 'sent');
    expect(sent.attempts).toBe(2);
    const attempts = await stage.store.deliveries.attempts(sent.id);
    expect(attempts.map(({ outcome, httpStatus }) => [outcome, httpStatus])).toEqual([
      ['retry', 503],
      ['sent', 200],
    ]);
    expect(slack.requests).toHaveLength(2);
  });

  it('waits as long as the receiver asks, and that attempt does not count', async () => {
    slack.script({ status: 429, headers: { 'retry-after': '2' } }, { status: 200, body: 'ok' });
    const channel = await slackChannel();
    await stage.startWorker();
    await stage.startRun();
    const sent = await delivered(channel, 'sent');
    expect(sent.attempts).toBe(1);
    const [limited, last] = await stage.store.deliveries.attempts(sent.id);
    expect(limited).toMatchObject({ outcome: 'retry', code: 'rateLimited', retryAfterMs: 2_000 });
    expect(Date.parse(last?.at ?? '') - Date.parse(limited?.at ?? '')).toBeGreaterThanOrEqual(1_900);
  });

  it('is given up, and its webhook switched off, where the receiver is gone', async () => {
    const { receiver, channelId: channel, environment } = await stage.webhookReceiver();
    receiver.script({ status: 410 });
    await stage.spawnWorker(environment);
    await stage.startRun();
    expect(await delivered(channel, 'dead')).toMatchObject({ lastCode: 'gone', attempts: 1 });
    expect(await stage.store.channels.get(channel)).toMatchObject({
      enabled: false,
      disabledReason: expect.stringContaining('410'),
    });
    expect(receiver.requests).toHaveLength(1);
  });

  it('is given up where its address may not be called', async () => {
    const channel = await webhook('https://169.254.169.254/latest');
    await stage.startWorker();
    await stage.startRun();
    expect(await delivered(channel, 'dead')).toMatchObject({ lastCode: 'egressDenied' });
  });

  it('is given up, without a word of the secret, where the stored secret cannot be used', async () => {
    const channel = await stage.channel('slackWebhook', { address: 'canary-4711' });
    await stage.startWorker();
    await stage.startRun();
    const dead = await delivered(channel, 'dead');
    expect(dead.lastCode).toBe('channelUnusable');
    expect(JSON.stringify(dead)).not.toContain('canary-4711');
  });

  it('is not made for a channel that is off', async () => {
    const channel = await slackChannel();
    await stage.store.channels.update(channel, null, { enabled: false });
    await stage.startWorker();
    await quietAfter(await stage.startRun());
    expect((await stage.store.deliveries.list({ limit: 5 })).items).toEqual([]);
  });

  it('is skipped where its channel was switched off before it was sent', async () => {
    const worker = await stage.startWorker();
    const run = await stage.startRun();
    await quietAfter(run);
    await worker.close();
    const channel = await slackChannel();
    await stage.store.deliveries.planForRun(run.id);
    await stage.store.channels.update(channel, null, { enabled: false });
    await stage.startWorker();
    expect(await delivered(channel, 'skipped')).toMatchObject({ lastCode: 'channelDisabled' });
    expect(slack.requests).toEqual([]);
  });

  it('calls controls by their titles', async () => {
    const fleet = await stage.fleet(['good-1']);
    await stage.startWorker();
    await quietAfter(await stage.startRun());
    await slackChannel();
    fleet.member('good-1').cluster.put(...exampleObjects('FLUX-KC-01', 'failing'));
    await stage.startRun();
    await eventually('the message arrived', () => slack.requests.length === 1);
    expect(slack.requests[0]?.body).toContain(`|${controlTitle('FLUX-KC-01')}>`);
  });

  it('says nothing where nothing changed', async () => {
    await stage.startWorker();
    await quietAfter(await stage.startRun());
    const channel = await slackChannel();
    await stage.startRun();
    expect(await delivered(channel, 'skipped')).toMatchObject({ lastCode: 'noNews', attempts: 0 });
    expect(slack.requests).toEqual([]);
  });

  it('keeps a second between the messages of one channel, whichever worker sends them', async () => {
    const channel = await slackChannel();
    const { dataSource } = stage.store;
    await stage.startWorker();
    await stage.startWorker();
    const run = await stage.startRun();
    await stage.completed(run.id);
    await delivered(channel, 'sent');
    // Three more messages of the same run, all due at once.
    await dataSource.query(
      `INSERT INTO delivery (id, channel_id, event, run_id, dedupe_key, state, next_attempt_at)
       SELECT 'dlv_01JD9YZ3M6Q8R5T7V9X1Z3B5D' || n, $1, 'run.completed', $2, 'again:' || n, 'pending', now()
       FROM generate_series(1, 3) AS n`,
      [channel, run.id],
    );
    await dataSource.query(
      `INSERT INTO outbox (kind, payload) SELECT 'delivery.due', jsonb_build_object('deliveryId', id)
       FROM delivery WHERE state = 'pending'`,
    );
    await eventually('all four arrived', () => slack.requests.length === 4);
    const { items } = await stage.store.deliveries.list({ limit: 10 });
    const attempts = await Promise.all(items.map(({ id }) => stage.store.deliveries.attempts(id)));
    const times = attempts.flat().map(({ at, durationMs }) => Date.parse(at) - durationMs);
    const gaps = times.sort((a, b) => a - b).map((time, index, all) => time - (all[index - 1] ?? 0));
    for (const gap of gaps.slice(1)) expect(gap).toBeGreaterThanOrEqual(900);
  });
});
