import { EgressPolicy } from '#libs/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXAMPLE_MESSAGE } from '../../../test/support/example-message.js';
import {
  type Behaviour,
  type MisbehavingReceiver,
  type ReceivedRequest,
  startMisbehavingReceiver,
} from '../../../test/support/misbehaving-receiver.js';
import { createNotifier } from './create-notifier.js';
import type { SendResult } from './send-result.js';

const TOKEN = 'xoxb-111122223333-secretsecret';

let slack: MisbehavingReceiver;
beforeEach(async () => {
  slack = await startMisbehavingReceiver();
});
afterEach(() => slack.stop());

/** When the delivery was planned: just now. */
let createdAt: string;
beforeEach(() => {
  createdAt = new Date().toISOString();
});

function send(attempt = 1, replaces?: unknown): Promise<SendResult> {
  const notifier = createNotifier(
    { kind: 'slackBot', settings: { channelId: 'C0FLEET' }, secret: { token: TOKEN } },
    {
      egress: new EgressPolicy({ allowCidrs: [], allowPorts: [] }),
      slackApiUrl: `${slack.origin}/api/`,
      slackWebhookHosts: [],
      timeoutMs: 2_000,
    },
  );
  return notifier.send(EXAMPLE_MESSAGE, { deliveryId: 'dlv_01', attempt, createdAt, replaces });
}

const json = (value: unknown, status = 200): Behaviour => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});
const no = (error: string, status = 200): Behaviour => json({ ok: false, error }, status);
const POSTED = { ok: true, channel: 'C0FLEET', ts: '1795485610.000200' };

const bodyOf = (request: ReceivedRequest | undefined): Record<string, unknown> =>
  JSON.parse(request?.body ?? '') as Record<string, unknown>;

describe('a Slack bot', () => {
  it('posts with its token and the delivery id, and remembers where', async () => {
    slack.script(json(POSTED));
    expect(await send()).toMatchObject({
      outcome: 'sent',
      code: 'ok',
      messageRef: { channel: 'C0FLEET', ts: '1795485610.000200' },
    });
    expect(slack.requests).toHaveLength(1);
    const [request] = slack.requests;
    expect(request?.path).toBe('/api/chat.postMessage');
    expect(request?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(bodyOf(request)).toEqual({
      channel: 'C0FLEET',
      ...EXAMPLE_MESSAGE.slack.full,
      unfurl_links: false,
      unfurl_media: false,
      link_names: false,
      parse: 'none',
      metadata: { event_type: 'plimsoll_delivery', event_payload: { delivery_id: 'dlv_01' } },
    });
  });

  it.each([
    [no('ratelimited'), 'rateLimited', false],
    [json({ ok: false, error: 'ratelimited' }, 429), 'rateLimited', false],
    [{ status: 429, headers: { 'retry-after': '3' }, body: '<html>' }, 'rateLimited', false],
    [no('internal_error'), 'serverError', true],
    [no('fatal_error', 500), 'serverError', true],
    [{ status: 502, body: 'bad gateway' }, 'serverError', true],
    [{ status: 200, body: '<html>portal</html>' }, 'unreadableAnswer', true],
    [{ status: 200, body: '{"ok": tr' }, 'unreadableAnswer', true],
    [{ status: 200, body: '[]' }, 'unreadableAnswer', true],
    [{ status: 200, body: '{"ok": "yes"}' }, 'unreadableAnswer', true],
    ['hugeBody', 'unreadableAnswer', true],
    ['truncated', 'unreadableAnswer', true],
    ['close', 'connectionFailed', true],
  ] satisfies [Behaviour, string, boolean][])('%j is tried again: %s', async (behaviour, code, consumesAttempt) => {
    slack.script(behaviour);
    expect(await send()).toMatchObject({ outcome: 'retry', code, consumesAttempt });
  });

  it.each([
    ['channel_not_found', 'channelNotFound'],
    ['is_archived', 'channelArchived'],
    ['not_in_channel', 'notInChannel'],
    ['invalid_auth', 'invalidAuth'],
    ['token_revoked', 'tokenRevoked'],
    ['account_inactive', 'accountInactive'],
    ['missing_scope', 'missingScope'],
    ['restricted_action', 'actionProhibited'],
    ['a_word_of_next_year', 'refused'],
    ['__proto__', 'refused'],
  ])('ok: false with %s is final: %s', async (error, code) => {
    slack.script(no(error));
    const result = await send();
    expect(result).toMatchObject({ outcome: 'rejected', code, httpStatus: 200, disableChannel: false });
    expect(slack.requests).toHaveLength(1);
    expect(result.hint).not.toContain(error);
  });

  it.each(['invalid_blocks', 'msg_blocks_too_long', 'msg_too_long'])('tries smaller forms after %s', async (error) => {
    slack.script(no(error), no(error), json(POSTED));
    expect(await send()).toMatchObject({ outcome: 'sent', messageRef: { ts: POSTED.ts } });
    expect(slack.requests.map((request) => bodyOf(request)['text'])).toEqual(['full', 'compact', 'plain']);
  });

  it('keeps no reference that Slack did not give', async () => {
    slack.script(json({ ok: true, channel: 'C0FLEET', ts: 17 }));
    expect(await send()).toMatchObject({ outcome: 'sent', messageRef: null });
  });
});

/** A Slack that keeps what is posted. */
function workspace(behaviour: { readonly loseFirstAnswer?: boolean; readonly historyError?: string }) {
  const messages: Record<string, unknown>[] = [];
  const answer = (request: ReceivedRequest) => {
    const ok = (value: unknown) => ({ status: 200, body: JSON.stringify(value) });
    if (request.path.endsWith('/conversations.history')) {
      return ok(
        behaviour.historyError === undefined ? { ok: true, messages } : { ok: false, error: behaviour.historyError },
      );
    }
    const ts = `179548561${messages.length}.000200`;
    messages.unshift({ ts, metadata: bodyOf(request)['metadata'] });
    return behaviour.loseFirstAnswer && messages.length === 1
      ? { status: 502, body: 'lost' }
      : ok({ ok: true, channel: 'C0FLEET', ts });
  };
  return { messages, answer };
}

describe('a Slack bot that tries again', () => {
  it('does not post twice when only the answer was lost', async () => {
    const { messages, answer } = workspace({ loseFirstAnswer: true });
    slack.script(answer);
    expect(await send(1)).toMatchObject({ outcome: 'retry', code: 'serverError' });
    expect(await send(2)).toMatchObject({
      outcome: 'sent',
      code: 'alreadySent',
      messageRef: { channel: 'C0FLEET', ts: '1795485610.000200' },
    });
    expect(messages).toHaveLength(1);
    const query = new URLSearchParams(slack.requests[1]?.body);
    expect(Object.fromEntries(query)).toMatchObject({ channel: 'C0FLEET', include_all_metadata: 'true' });
    expect(Number(query.get('oldest'))).toBeLessThan(Date.parse(createdAt) / 1000);
  });

  it('looks back too where the process before it died and left no trace of its attempt', async () => {
    const { messages, answer } = workspace({});
    slack.script(answer);
    await send(1);
    createdAt = new Date(Date.now() - 120_000).toISOString();
    expect(await send(1)).toMatchObject({ outcome: 'sent', code: 'alreadySent' });
    expect(messages).toHaveLength(1);
  });

  it('posts when the earlier attempt did not arrive', async () => {
    const { messages, answer } = workspace({});
    messages.push({ ts: '1.0' }, { ts: '2.0', metadata: { event_type: 'other', event_payload: {} } });
    messages.push({
      ts: '3.0',
      metadata: { event_type: 'plimsoll_delivery', event_payload: { delivery_id: 'dlv_00' } },
    });
    slack.script(answer);
    expect(await send(2)).toMatchObject({ outcome: 'sent', code: 'ok' });
    expect(messages).toHaveLength(4);
  });

  it('posts when it may not read the channel', async () => {
    const { messages, answer } = workspace({ historyError: 'missing_scope' });
    slack.script(answer);
    expect(await send(2)).toMatchObject({ outcome: 'sent', code: 'ok' });
    expect(messages).toHaveLength(1);
  });

  it('waits when the look back is rate limited', async () => {
    slack.script({ status: 429, headers: { 'retry-after': '60' } });
    expect(await send(2)).toMatchObject({ outcome: 'retry', code: 'rateLimited', retryAfterMs: 60_000 });
    expect(slack.requests).toHaveLength(1);
  });
});

describe('a message that takes the place of an earlier one', () => {
  const earlier = { channel: 'C0FLEET', ts: '1795485610.000100' };
  const pathsOf = () => slack.requests.map(({ path }) => path.replace('/api/', ''));

  it('edits it, and posts nothing', async () => {
    slack.script(json({ ok: true, ...earlier, text: 'full' }));
    expect(await send(1, earlier)).toMatchObject({ outcome: 'sent', messageRef: earlier });
    expect(pathsOf()).toEqual(['chat.update']);
    expect(bodyOf(slack.requests[0])).toEqual({
      ...earlier,
      ...EXAMPLE_MESSAGE.slack.full,
      link_names: false,
      parse: 'none',
    });
  });

  it('takes the earlier blocks away where it is only a text', async () => {
    slack.script(no('msg_blocks_too_long'), no('invalid_blocks'), json({ ok: true, ...earlier }));
    expect(await send(1, earlier)).toMatchObject({ outcome: 'sent', messageRef: earlier });
    expect(bodyOf(slack.requests[2])).toMatchObject({ text: 'plain', blocks: [] });
  });

  it.each(['message_not_found', 'cant_update_message', 'edit_window_closed', 'channel_not_found'])(
    'is posted anew where Slack answers %s',
    async (word) => {
      slack.script(no(word), json(POSTED));
      expect(await send(1, earlier)).toMatchObject({ outcome: 'sent', messageRef: { ts: POSTED.ts } });
      expect(pathsOf()).toEqual(['chat.update', 'chat.postMessage']);
    },
  );

  it.each([no('ratelimited'), no('internal_error'), { status: 502, body: '' }])(
    'is tried again later where Slack fails for now: %j',
    async (behaviour) => {
      slack.script(behaviour);
      expect(await send(1, earlier)).toMatchObject({ outcome: 'retry' });
      expect(pathsOf()).toEqual(['chat.update']);
    },
  );

  it.each([
    ['in another channel', { ...earlier, channel: 'C0OTHER' }],
    ['somewhere unknown', { ts: 7 }],
    ['nowhere', null],
  ])('is posted where the earlier one is %s', async (_where, replaces) => {
    slack.script(json(POSTED));
    await send(1, replaces);
    expect(pathsOf()).toEqual(['chat.postMessage']);
  });
});
