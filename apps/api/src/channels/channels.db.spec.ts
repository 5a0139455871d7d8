import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startMisbehavingReceiver, type MisbehavingReceiver } from '../../../../test/support/misbehaving-receiver.js';
import { endEvent, raiseEvent } from '#libs/persistence';
import { EXAMPLE_EVENTS } from '../../../../test/support/example-events.js';
import { assessmentOf, example, register } from '../../../../test/support/api/audits.js';
import { CANARY, startApi, type TestApi } from '../../../../test/support/api/harness.js';

let api: TestApi;
let receiver: MisbehavingReceiver;
beforeAll(async () => {
  receiver = await startMisbehavingReceiver();
  api = await startApi({
    notify: { slackApiUrl: receiver.origin, slackWebhookHosts: [receiver.host, 'hooks.slack.com'] },
  });
});
afterAll(() => Promise.all([api.close(), receiver.stop()]));
beforeEach(async () => {
  await api.store.dataSource.query('DELETE FROM channel');
  receiver.script({ status: 200, body: 'ok' });
});

const slack = () => ({
  name: 'team-slack',
  kind: 'slackWebhook',
  secret: { url: `${receiver.origin}/services/T0/B0/${CANARY}` },
});
const bot = {
  name: 'bot',
  kind: 'slackBot',
  settings: { channelId: 'C0123ABCDEF' },
  secret: { token: `xoxb-${CANARY}-000` },
};
const webhook = { name: 'hook', kind: 'webhook', secret: { url: `https://127.0.0.1:1/hooks/${CANARY}` } };

describe('channels', () => {
  it('of every kind are created and show nothing of their secret', async () => {
    const made = await api.post('/channels', slack(), { as: 'operator' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      name: 'team-slack',
      kind: 'slackWebhook',
      settings: { host: receiver.host },
      events: ['run.completed'],
      minSeverity: 'low',
      enabled: true,
    });
    expect((await api.get('/channels/team-slack', { as: 'viewer' })).body).toEqual(made.body);
    expect((await api.post('/channels', bot)).body.settings).toEqual({ channelId: 'C0123ABCDEF' });
    const hook = await api.post('/channels', webhook);
    expect(hook.body.signingSecret).toMatch(/^whsec_/);
    expect((await api.get('/channels/hook')).body.signingSecret).toBeUndefined();
    const own = { ...webhook, name: 'own', secret: { ...webhook.secret, signingSecrets: [hook.body.signingSecret] } };
    expect((await api.post('/channels', own)).body.signingSecret).toBeUndefined();
    const stored = JSON.stringify(await api.store.dataSource.query('SELECT * FROM channel'));
    expect(stored).not.toContain(CANARY);
    expect(stored).not.toContain(hook.body.signingSecret);
  });

  it.each([
    ['validation-failed', '/secret/token', { ...bot, secret: { token: `xoxp-${CANARY}` } }],
    ['validation-failed', '/settings/channelId', { ...bot, settings: { channelId: '#general' } }],
    ['validation-failed', '/secret/url', { ...webhook, secret: {} }],
    [
      'validation-failed',
      '/secret/signingSecrets/0',
      { ...webhook, secret: { ...webhook.secret, signingSecrets: [CANARY] } },
    ],
    ['validation-failed', '/minSeverity', { ...webhook, minSeverity: 'bad' }],
    ['validation-failed', '/events/0', { ...webhook, events: ['everything'] }],
    ['validation-failed', '/kind', { ...webhook, kind: 'email' }],
    ['egress-denied', '/secret/url', { ...webhook, secret: { url: `https://10.0.0.1/${CANARY}` } }],
    ['egress-denied', '/secret/url', { ...webhook, secret: { url: `https://169.254.169.254/${CANARY}` } }],
    ['egress-denied', '/secret/url', { ...webhook, secret: { url: `http://127.0.0.1/${CANARY}` } }],
    [
      'egress-denied',
      '/secret/url',
      { name: 's', kind: 'slackWebhook', secret: { url: `https://evil.example/${CANARY}` } },
    ],
  ])('are refused: %s at %s', async (code, pointer, input) => {
    const { status, body } = await api.post('/channels', input);
    expect([status, body.code]).toEqual([422, code]);
    expect(body.errors).toContainEqual(expect.objectContaining({ pointer }));
  });

  it('have unique names, also where only checked', async () => {
    await api.post('/channels', bot);
    for (const path of ['/channels', '/channels?dryRun=true']) {
      expect((await api.post(path, bot)).body.code).toBe('name-taken');
    }
    const { status, body } = await api.post('/channels?dryRun=true', webhook);
    expect([status, body.signingSecret]).toEqual([200, undefined]);
    expect((await api.get('/channels/hook')).status).toBe(404);
  });

  it('are changed; their secret is replaced as a whole or stays', async () => {
    const made = await api.post('/channels', bot);
    const ifMatch = made.headers['etag'] ?? '';
    const changed = await api.patch('/channels/bot', { minSeverity: 'critical', enabled: false }, { ifMatch });
    expect(changed.body).toMatchObject({
      minSeverity: 'critical',
      enabled: false,
      settings: { channelId: 'C0123ABCDEF' },
    });
    expect((await api.patch('/channels/bot', { enabled: true }, { ifMatch })).body.code).toBe('etag-mismatch');
    const before = await api.store.channels.sealedFor(made.body.id);
    const moved = await api.patch('/channels/bot', { settings: { channelId: 'C0000000000' } }, { ifMatch: '*' });
    expect(moved.body.settings).toEqual({ channelId: 'C0000000000' });
    const renewed = await api.patch('/channels/bot', { secret: { token: `xoxb-${CANARY}-111` } }, { ifMatch: '*' });
    expect([renewed.status, renewed.body.settings]).toEqual([200, { channelId: 'C0000000000' }]);
    expect(await api.store.channels.sealedFor(made.body.id)).not.toEqual(before);
    await api.patch('/channels/bot?dryRun=true', { enabled: true }, { ifMatch: '*' });
    expect((await api.get('/channels/bot')).body.enabled).toBe(false);
  });

  it.each([
    [{ kind: 'webhook' }, 'validation-failed', '/kind'],
    [{ secret: { token: 'wrong' } }, 'validation-failed', '/secret/token'],
    [{ settings: { host: 'evil.example' } }, 'validation-failed', '/settings/channelId'],
  ])('refuse the patch %j', async (patch, code, pointer) => {
    await api.post('/channels', bot);
    const { body } = await api.patch('/channels/bot', patch, { ifMatch: '*' });
    expect(body.code).toBe(code);
    expect(body.errors).toContainEqual(expect.objectContaining({ pointer }));
  });

  it('refuse a new address that the egress rule does not allow', async () => {
    await api.post('/channels', webhook);
    const secret = { url: 'https://10.0.0.1', signingSecrets: [`whsec_${Buffer.alloc(32).toString('base64')}`] };
    expect((await api.patch('/channels/hook', { secret }, { ifMatch: '*' })).body.code).toBe('egress-denied');
  });

  it('are told of the events that they ask for', async () => {
    const events = ['remoteApply.silent', 'tenant.canRevoke', 'drill.failed', 'drill.recovered', 'credential.expiring'];
    const { status, body } = await api.post('/channels', { ...bot, events });
    expect([status, body.events.toSorted()]).toEqual([201, events.toSorted()]);
    const patched = await api.patch('/channels/bot', { events: ['run.completed', 'drill.failed'] }, { ifMatch: '*' });
    expect(patched.body.events).toEqual(['run.completed', 'drill.failed']);
    const refused = await api.patch('/channels/bot', { events: ['finding.opened'] }, { ifMatch: '*' });
    expect(refused.body.errors).toContainEqual(expect.objectContaining({ pointer: '/events/0' }));
  });

  it('are deleted', async () => {
    await api.post('/channels', bot);
    expect((await api.delete('/channels/bot?dryRun=true', { ifMatch: '*' })).status).toBe(204);
    expect((await api.delete('/channels/bot', { ifMatch: '*' })).status).toBe(204);
    expect((await api.get('/channels/bot')).status).toBe(404);
  });

  it('can be listed by every documented filter', async () => {
    await api.post('/channels', bot);
    await api.post('/channels', { ...webhook, enabled: false });
    const names = async (query: string) =>
      (await api.get(`/channels?${query}`)).body.items.map(({ name }: { name: string }) => name).join();
    expect(await names('')).toBe('bot,hook');
    expect(await names('kind=webhook')).toBe('hook');
    expect(await names('enabled=true')).toBe('bot');
  });
});

describe('the test of a channel', () => {
  it('sends one marked message', async () => {
    await api.post('/channels', slack());
    const before = receiver.requests.length;
    const { status, body } = await api.post('/channels/team-slack/test', undefined, { as: 'operator' });
    expect([status, body.delivered, body.code, body.httpStatus]).toEqual([200, true, 'ok', 200]);
    const sent = receiver.requests.slice(before);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.body).toContain('Test message');
    expect(sent[0]?.body).toContain('test operator');
  });

  it.each([
    [{ status: 404, body: 'no_service' }, 'noService'],
    [{ status: 500, body: CANARY }, 'serverError'],
    [{ status: 429, body: '', headers: { 'retry-after': '7' } }, 'rateLimited'],
    [{ status: 302, body: '', headers: { location: 'http://169.254.169.254/' } }, 'redirected'],
  ] as const)('tells what became of it: %j', async (answer, code) => {
    receiver.script(answer);
    await api.post('/channels', slack());
    const { status, body } = await api.post('/channels/team-slack/test');
    expect([status, body.delivered, body.code]).toEqual([200, false, code]);
    expect(body.hint).not.toBe('');
  });

  it('does not call an address that is not allowed any more', async () => {
    const strict = await startApi({ notify: { slackApiUrl: receiver.origin, slackWebhookHosts: ['hooks.slack.com'] } });
    try {
      const hook = { name: 'n', kind: 'slackWebhook', secret: { url: `https://hooks.slack.com/services/${CANARY}` } };
      const { body } = await strict.post('/channels', hook);
      const { ChannelsService } = await import('./channels.service.js');
      const sealed = strict.app
        .get(ChannelsService)
        .seal(body.id, { kind: 'slackWebhook', settings: {}, secret: { url: `${receiver.origin}/x` } });
      await strict.store.channels.update(body.id, null, { sealed });
      const answer = await strict.post('/channels/n/test');
      expect([answer.status, answer.body.code]).toEqual([422, 'egress-denied']);
    } finally {
      await strict.close();
    }
  });
});

describe('deliveries', () => {
  it('tell which event they are about, and whether it is over', async () => {
    await api.post('/channels', { ...bot, events: ['drill.failed', 'drill.recovered'] });
    const clusterId = await register(api, 'drilled');
    const subject = { type: 'drill.failed', clusterId, subject: 'edge' } as const;
    const { facts } = EXAMPLE_EVENTS['drill.failed'];
    const since = '2026-11-24T02:00:06.000Z';
    const eventId = await api.store.dataSource.transaction((manager) =>
      raiseEvent(manager, { ...subject, dedupeKey: 'drl_1', since, facts }),
    );
    const [first = ''] = await api.store.deliveries.planForEvent(eventId ?? '');
    expect((await api.get(`/deliveries/${first}`, { as: 'viewer' })).body).toMatchObject({
      event: 'drill.failed',
      runId: null,
      eventId,
      isEnd: false,
      state: 'pending',
    });
    await api.store.deliveries.claim(first);
    await api.store.dataSource.transaction((manager) => endEvent(manager, subject, { how: 'passed' }, since));
    await api.store.deliveries.planForEventEnd(eventId ?? '');
    const { body } = await api.get('/deliveries?event=drill.recovered');
    expect(body.items).toMatchObject([{ event: 'drill.recovered', eventId, isEnd: true }]);
  });

  it('are listed with what became of them, and dead ones can be sent again', async () => {
    await api.post('/channels', slack());
    const cluster = await register(api, 'one');
    const runId = await api.store.audit(cluster, assessmentOf('one', example('FLUX-HC-01')));
    const [id = ''] = await api.store.deliveries.planForRun(runId);
    const { body } = await api.get(`/deliveries/${id}`, { as: 'viewer' });
    expect(body).toMatchObject({
      channel: { name: 'team-slack' },
      event: 'run.completed',
      runId,
      state: 'pending',
      history: [],
    });
    expect((await api.post(`/deliveries/${id}/retry`)).body.code).toBe('delivery-not-retryable');

    await api.store.deliveries.claim(id);
    await api.store.deliveries.record(id, {
      outcome: 'rejected',
      code: 'noService',
      hint: 'gone',
      durationMs: 12,
      httpStatus: 404,
    });
    const dead = (await api.get(`/deliveries/${id}`)).body;
    expect(dead).toMatchObject({ state: 'dead', lastCode: 'noService', lastHint: 'gone' });
    expect(dead.history).toEqual([expect.objectContaining({ outcome: 'rejected', httpStatus: 404, durationMs: 12 })]);

    const retried = await api.post(`/deliveries/${id}/retry`, undefined, { as: 'operator' });
    expect([retried.status, retried.body.state]).toEqual([202, 'pending']);

    const count = async (query: string) => (await api.get(`/deliveries?${query}`)).body.items.length;
    expect(await count(`run=${runId}&state=pending&channel=team-slack&event=run.completed`)).toBe(1);
    expect(await count('state=sent')).toBe(0);
    expect(await count('channel=nobody')).toBe(0);
  });
});

it('signing secrets that the service makes verify with the public library', async () => {
  const { body } = await api.post('/channels', webhook);
  const signer = new Webhook(body.signingSecret);
  const at = new Date();
  const headers = {
    'webhook-id': 'm',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signer.sign('m', at, '{}'),
  };
  expect(signer.verify('{}', headers)).toEqual({});
});
