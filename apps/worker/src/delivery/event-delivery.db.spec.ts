import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { controlTitle } from '#libs/controls';
import { endEvent, raiseEvent } from '#libs/persistence';
import { EXAMPLE_EVENTS } from '../../../../test/support/example-events.js';
import { eventually } from '../../../../test/support/eventually.js';
import { startMisbehavingReceiver, type MisbehavingReceiver } from '../../../../test/support/misbehaving-receiver.js';
import { WorkerStage } from '../../../../test/support/worker-stage.js';

const SINCE = '2026-11-24T02:00:06.000Z';
const OVER = '2026-11-24T07:12:06.000Z';

let stage: WorkerStage;
let slack: MisbehavingReceiver;
let clusterId: string;
beforeEach(async () => {
  slack = await startMisbehavingReceiver();
  stage = await WorkerStage.open('postgres', {
    PLIMSOLL_SLACK_WEBHOOK_HOSTS: slack.host,
    PLIMSOLL_SLACK_API_URL: `${slack.origin}/api`,
  });
  clusterId = await stage.store.register('pay-eu-3');
});
afterEach(async () => {
  await stage.close();
  await slack.stop();
});

const ofTenant = { type: 'tenant.canRevoke', subject: 'payments' } as const;
const raise = () =>
  stage.store.dataSource.transaction((manager) =>
    raiseEvent(manager, {
      ...ofTenant,
      clusterId,
      dedupeKey: 'payments:run_1',
      since: SINCE,
      facts: EXAMPLE_EVENTS['tenant.canRevoke'].facts,
    }),
  );
const end = () =>
  stage.store.dataSource.transaction((manager) =>
    endEvent(manager, { ...ofTenant, clusterId }, { how: 'resolved' }, OVER),
  );
/** Everything that a process did before it died is done again. */
const dispatchAgain = () => stage.store.dataSource.query('UPDATE outbox SET dispatched_at = NULL');
const quiet = () =>
  eventually('nothing is on its way', async () => {
    const { items } = await stage.store.deliveries.list({ limit: 20 });
    return (
      (await stage.store.outbox.waiting()).count === 0 &&
      items.every(({ state }) => state === 'sent' || state === 'skipped' || state === 'dead')
    );
  });
const arrived = (requests: number) => eventually('it arrived', () => slack.requests.length === requests);

describe('an event', () => {
  it('is told by a bot once, and edited when it is over', async () => {
    const posted = { channel: 'C0FLEET123', ts: '1795485610.000200' };
    const answer = { status: 200, body: JSON.stringify({ ok: true, ...posted }) };
    slack.script(answer, answer);
    await stage.channel(
      'slackBot',
      { token: 'xoxb-111122223333-secretsecret' },
      { events: ['tenant.canRevoke'], settings: { channelId: posted.channel } },
    );
    await stage.startWorker();
    await raise();
    await arrived(1);
    await dispatchAgain();
    await quiet();
    await end();
    await arrived(2);
    await dispatchAgain();
    await quiet();
    expect(slack.requests.map(({ path }) => path)).toEqual(['/api/chat.postMessage', '/api/chat.update']);
    const [told, over] = slack.requests.map(({ body }) => body);
    expect(told).toContain(controlTitle('FLUX-DED-01'));
    expect(over).toContain('Resolved: a tenant could revoke the access of the platform');
    expect(JSON.parse(over ?? '')).toMatchObject(posted);
  });

  it('is told by a webhook, and once more when it is over', async () => {
    slack.script({ status: 200, body: 'ok' }, { status: 200, body: 'ok' });
    await stage.channel(
      'slackWebhook',
      { url: `${slack.origin}/services/T/B/x` },
      { events: ['tenant.canRevoke', 'run.completed'] },
    );
    await stage.startWorker();
    await raise();
    await arrived(1);
    await quiet();
    await end();
    await arrived(2);
    const { items } = await stage.store.deliveries.list({ limit: 5 });
    expect(items.map(({ event, isEnd }) => [event, isEnd])).toEqual([
      ['tenant.canRevoke', true],
      ['tenant.canRevoke', false],
    ]);
  });

  it('is not told any more where it is over before anybody could be told', async () => {
    slack.script({ status: 503 });
    await stage.channel('slackWebhook', { url: `${slack.origin}/services/T/B/x` }, { events: ['tenant.canRevoke'] });
    await stage.startWorker();
    await raise();
    await arrived(1);
    await eventually('it waits for another try', async () => {
      const { items } = await stage.store.deliveries.list({ limit: 5 });
      return items[0]?.state === 'retrying';
    });
    await end();
    await quiet();
    const { items } = await stage.store.deliveries.list({ limit: 5 });
    expect(items).toMatchObject([{ state: 'skipped', lastCode: 'overtaken' }]);
    expect(slack.requests).toHaveLength(1);
  });
});
