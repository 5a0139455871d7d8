import { EgressPolicy } from '#libs/platform';
import { describe, expect, it } from 'vitest';
import { acceptChannel, type ChannelParts, ChannelRejected, parseChannel } from './channel.js';
import { newSigningSecret } from './standard-webhooks.js';

const rules = {
  egress: new EgressPolicy({
    allowCidrs: ['10.1.0.0/16'],
    allowPorts: [],
    resolver: async (host) => (host === 'hooks.example.com' ? [{ address: '203.0.113.7' }] : []),
  }),
  slackWebhookHosts: ['hooks.slack.com', '127.0.0.1:4000'],
};
const signingSecrets = [newSigningSecret()];

async function errorsOf(parts: ChannelParts): Promise<readonly (readonly [pointer: string, code: string])[]> {
  const error: unknown = await acceptChannel(parts, rules).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ChannelRejected)) throw new Error('was accepted', { cause: error });
  expect(error.message).not.toMatch(/secretsecret|xoxp/);
  return error.errors.map(({ pointer, code }) => [pointer, code]);
}

describe('acceptChannel', () => {
  it.each([
    [
      { kind: 'slackWebhook', settings: {}, secret: { url: 'https://hooks.slack.com/services/T/B/X' } },
      { host: 'hooks.slack.com' },
    ],
    [
      { kind: 'slackWebhook', settings: {}, secret: { url: 'http://127.0.0.1:4000/services/T/B/X' } },
      { host: '127.0.0.1:4000' },
    ],
    [
      { kind: 'webhook', settings: { host: 'made-up' }, secret: { url: 'https://10.1.2.3:8443/x', signingSecrets } },
      { host: '10.1.2.3:8443' },
    ],
    [
      { kind: 'slackBot', settings: { channelId: 'C0FLEET' }, secret: { token: 'xoxb-1111-2222-abcdef' } },
      { channelId: 'C0FLEET' },
    ],
  ] as const)('takes %j', async (parts, settings) => {
    expect(await acceptChannel(parts, rules)).toEqual({ ...parts, settings });
  });

  it.each([
    ['slackWebhook', {}, { url: 'https://example.com/services/secretsecret' }, '/secret/url', 'hostNotAllowed'],
    ['slackWebhook', {}, { url: 'http://hooks.slack.com/services/secretsecret' }, '/secret/url', 'notHttps'],
    ['slackWebhook', {}, { url: 'https://hooks.slack.com' }, '/secret/url', 'notWebhook'],
    ['slackWebhook', {}, { url: 'secretsecret' }, '/secret/url', 'notUrl'],
    ['slackWebhook', {}, {}, '/secret/url', 'invalid'],
    ['slackWebhook', { extra: 1 }, { url: 'https://hooks.slack.com/x' }, '/settings', 'invalid'],
    ['slackBot', { channelId: '#fleet' }, { token: 'xoxb-1111-2222-abcdef' }, '/settings/channelId', 'invalid'],
    ['slackBot', { channelId: 'C0FLEET' }, { token: 'xoxp-1111-secretsecret' }, '/secret/token', 'invalid'],
    ['webhook', {}, { url: 'https://10.2.0.1/secretsecret', signingSecrets }, '/secret/url', 'egressDenied'],
    ['webhook', {}, { url: 'https://localhost/secretsecret', signingSecrets }, '/secret/url', 'egressDenied'],
    ['webhook', {}, { url: 'https://nowhere.example.com/secretsecret', signingSecrets }, '/secret/url', 'egressDenied'],
    ['webhook', {}, { url: 'http://203.0.113.7/secretsecret', signingSecrets }, '/secret/url', 'notHttps'],
    ['webhook', {}, { url: 'https://hooks.example.com/x', signingSecrets: [] }, '/secret/signingSecrets', 'invalid'],
    [
      'webhook',
      {},
      { url: 'https://hooks.example.com/x', signingSecrets: ['whsec_secretsecret'] },
      '/secret/signingSecrets/0',
      'invalid',
    ],
  ] as const)('refuses %s %j %j: %s %s', async (kind, settings, secret, pointer, code) => {
    expect(await errorsOf({ kind, settings, secret })).toEqual([[pointer, code]]);
  });

  it('names everything that is wrong at once', async () => {
    expect(await errorsOf({ kind: 'slackBot', settings: {}, secret: {} })).toEqual([
      ['/settings/channelId', 'invalid'],
      ['/secret/token', 'invalid'],
    ]);
  });
});

describe('parseChannel', () => {
  it('reads what acceptChannel stored', async () => {
    const secret = { url: 'https://hooks.slack.com/services/T/B/X' };
    const stored = await acceptChannel({ kind: 'slackWebhook', settings: {}, secret }, rules);
    expect(parseChannel(stored)).toEqual(stored);
  });
});
