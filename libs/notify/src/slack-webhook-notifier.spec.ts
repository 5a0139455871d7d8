import { EgressPolicy } from '#libs/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/eventually.js';
import { EXAMPLE_MESSAGE } from '../../../test/support/example-message.js';
import {
  type Behaviour,
  type MisbehavingReceiver,
  startMisbehavingReceiver,
} from '../../../test/support/misbehaving-receiver.js';
import { createNotifier } from './create-notifier.js';
import type { SendResult } from './send-result.js';

const CONTEXT = { deliveryId: 'dlv_01', attempt: 1, createdAt: '2026-11-24T02:00:07Z' };
const PATH = '/services/T000/B000/secretsecret';

let slack: MisbehavingReceiver;
beforeEach(async () => {
  slack = await startMisbehavingReceiver();
});
afterEach(() => slack.stop());

function send(
  options: { hosts?: readonly string[]; url?: string; timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<SendResult> {
  const notifier = createNotifier(
    { kind: 'slackWebhook', settings: {}, secret: { url: options.url ?? `${slack.origin}${PATH}` } },
    {
      egress: new EgressPolicy({ allowCidrs: [], allowPorts: [] }),
      slackApiUrl: 'https://slack.com/api',
      slackWebhookHosts: options.hosts ?? [slack.host],
      timeoutMs: options.timeoutMs ?? 5_000,
    },
  );
  return notifier.send(EXAMPLE_MESSAGE, { ...CONTEXT, signal: options.signal });
}

const word = (status: number, body: string): Behaviour => ({ status, body });

describe('a Slack incoming webhook', () => {
  it('gets the full message, without previews of links', async () => {
    const result = await send();
    expect(result).toMatchObject({ outcome: 'sent', code: 'ok', httpStatus: 200, messageRef: null });
    expect(slack.requests).toHaveLength(1);
    expect(slack.requests[0]).toMatchObject({ method: 'POST', path: PATH });
    expect(JSON.parse(slack.requests[0]?.body ?? '')).toEqual({
      ...EXAMPLE_MESSAGE.slack.full,
      unfurl_links: false,
      unfurl_media: false,
    });
  });

  it('waits as long as Slack asks, for the whole channel, at no cost', async () => {
    slack.script({ status: 429, headers: { 'retry-after': '7' }, body: 'rate_limited' });
    expect(await send()).toMatchObject({
      outcome: 'retry',
      code: 'rateLimited',
      retryAfterMs: 7_000,
      wholeChannel: true,
      consumesAttempt: false,
    });
  });

  it('waits half a minute where a rate limit says nothing', async () => {
    slack.script({ status: 429 });
    expect(await send()).toMatchObject({ code: 'rateLimited', retryAfterMs: 30_000 });
  });

  it.each([
    [word(404, 'no_service'), 'noService'],
    [word(403, 'no_active_hooks'), 'noService'],
    [word(404, 'channel_not_found'), 'channelNotFound'],
    [word(403, 'action_prohibited'), 'actionProhibited'],
    [word(403, 'invalid_token'), 'invalidAuth'],
    [word(404, 'something_new'), 'refused'],
    [word(400, 'constructor'), 'refused'],
    [{ status: 302, headers: { location: 'https://example.com/' } }, 'redirected'],
    [{ status: 308, headers: { location: 'https://example.com/' } }, 'redirected'],
  ] satisfies [Behaviour, string][])('%j is final: %s', async (behaviour, code) => {
    slack.script(behaviour);
    expect(await send()).toMatchObject({ outcome: 'rejected', code, disableChannel: false });
    expect(slack.requests).toHaveLength(1);
  });

  it.each([
    [word(410, 'channel_is_archived'), 'channelArchived'],
    [word(410, ''), 'gone'],
  ])('%j switches the channel off: %s', async (behaviour, code) => {
    slack.script(behaviour);
    expect(await send()).toMatchObject({ outcome: 'rejected', code, disableChannel: true });
  });

  it.each([
    [word(500, 'rollup_error'), 'serverError'],
    [word(503, '<html>maintenance</html>'), 'serverError'],
    [word(200, '<!doctype html><title>Sign in to the network</title>'), 'unreadableAnswer'],
    [word(200, ''), 'unreadableAnswer'],
    [word(204, ''), 'unreadableAnswer'],
    ['close', 'connectionFailed'],
    ['truncated', 'unreadableAnswer'],
    ['hugeBody', 'unreadableAnswer'],
  ] satisfies [Behaviour, string][])('%j is tried again: %s', async (behaviour, code) => {
    slack.script(behaviour);
    expect(await send()).toMatchObject({ outcome: 'retry', code, wholeChannel: false, consumesAttempt: true });
  });

  it('does not swallow a huge answer', async () => {
    slack.script('hugeBody');
    await send();
    // What fits into socket buffers is sent; the other gigabyte is not.
    expect(slack.bytesSent()).toBeLessThan(64 * 1024 * 1024);
  });

  it.each(['hang', 'slowDrip'] as const)('gives up on a receiver that does this: %s', async (behaviour) => {
    slack.script(behaviour);
    const result = await send({ timeoutMs: 300 });
    expect(result).toMatchObject({ outcome: 'retry', code: 'timeout', consumesAttempt: true });
    expect(result.durationMs).toBeGreaterThanOrEqual(290);
  });

  it('stops when it is told to, at no cost', async () => {
    slack.script('hang');
    const stop = new AbortController();
    const sending = send({ signal: stop.signal });
    await eventually('the request arrived', () => slack.requests.length === 1);
    stop.abort();
    expect(await sending).toMatchObject({ outcome: 'retry', code: 'stopped', consumesAttempt: false });
    expect(await send({ signal: stop.signal })).toMatchObject({ code: 'stopped' });
    expect(slack.requests).toHaveLength(1);
  });

  it('finishes what is under way when it is told to stop, so that nothing is posted twice', async () => {
    const stop = new AbortController();
    slack.script(() => {
      stop.abort();
      return { status: 200, body: 'ok' };
    });
    expect(await send({ signal: stop.signal })).toMatchObject({ outcome: 'sent', code: 'ok' });
  });

  it.each(['invalid_blocks', 'invalid_payload', 'msg_too_long'])('tries smaller forms after %s', async (refusal) => {
    slack.script(word(400, refusal), word(400, refusal), word(200, 'ok'));
    expect(await send()).toMatchObject({ outcome: 'sent', code: 'ok' });
    expect(slack.requests.map(({ body }) => (JSON.parse(body) as { text: string }).text)).toEqual([
      'full',
      'compact',
      'plain',
    ]);
  });

  it('gives up when even plain text is refused', async () => {
    slack.script(word(400, 'invalid_blocks'));
    expect(await send()).toMatchObject({ outcome: 'rejected', code: 'messageRefused' });
    expect(slack.requests).toHaveLength(3);
  });

  it.each([
    ['https://example.com/services/T/B/X'],
    ['https://hooks.slack.com.example.com/services/T/B/X'],
    ['https://hooks.slack.com@example.com/services/T/B/X'],
    ['http://hooks.slack.com/services/T/B/X'],
    ['https://hooks.slack.com:8443/services/T/B/X'],
    ['http://10.0.0.1/services/T/B/X'],
    ['not a url'],
  ])('is not called at %s', async (url) => {
    const hosts = ['hooks.slack.com', '10.0.0.1'];
    expect(await send({ url, hosts })).toMatchObject({ outcome: 'rejected', code: 'egressDenied', httpStatus: null });
  });

  it('is not called on this machine unless that host was named', async () => {
    expect(await send({ hosts: ['hooks.slack.com'] })).toMatchObject({ code: 'egressDenied' });
    expect(slack.requests).toHaveLength(0);
  });

  it('is never spelled out in a result', async () => {
    const results: SendResult[] = [];
    for (const behaviour of ['close', 'truncated', word(404, 'secretsecret')] as const) {
      slack.script(behaviour);
      results.push(await send());
    }
    results.push(await send({ url: 'https://nowhere.invalid/services/secretsecret', hosts: ['nowhere.invalid'] }));
    expect(results.map(({ code }) => code)).toEqual([
      'connectionFailed',
      'unreadableAnswer',
      'refused',
      'unresolvable',
    ]);
    expect(JSON.stringify(results)).not.toMatch(/secretsecret|127\.0\.0\.1|nowhere/);
  });
});
