import { EgressDenied, type EgressPolicy } from '#libs/platform';
import { z } from 'zod';
import { checkSlackWebhookUrl } from './slack-webhook-url.js';
import { isSigningSecret } from './standard-webhooks.js';

export const CHANNEL_KINDS = ['slackWebhook', 'slackBot', 'webhook'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

const url = z.string().min(1).max(2_048).meta({ description: 'https address. Write-only.', format: 'uri' });

/** Where a channel goes, for people. `acceptChannel` fills it in from the address; the rest of an address is secret. */
const addressed = z.strictObject({
  host: z.string().max(300).optional().meta({ description: 'Host of the address.', readOnly: true }),
});

/** What is stored in the clear and shown. */
export const CHANNEL_SETTINGS = {
  slackWebhook: addressed,
  slackBot: z.strictObject({
    channelId: z
      .string()
      .regex(
        /^[CDG][A-Z0-9]{5,30}$/,
        'must be a Slack channel id such as C0123ABCDEF (at the end of "View channel details")',
      )
      .meta({ description: 'Slack id of the channel, such as C0123ABCDEF.' }),
  }),
  webhook: addressed,
} as const satisfies Record<ChannelKind, z.ZodType>;

/** What is stored sealed and never returned. */
export const CHANNEL_SECRETS = {
  slackWebhook: z.strictObject({ url }),
  slackBot: z.strictObject({
    token: z
      .string()
      .regex(/^xoxb-[A-Za-z0-9-]{10,250}$/, 'must be a bot token, which starts with xoxb-')
      .meta({ description: 'Bot token with the scope chat:write. Write-only.' }),
  }),
  webhook: z.strictObject({
    url,
    signingSecrets: z
      .array(z.string().refine(isSigningSecret, 'must be whsec_ and the base64 of 24 to 64 random bytes'))
      .min(1, 'needs at least one secret')
      .max(4, 'takes at most four secrets')
      .meta({ description: 'Standard Webhooks secrets, newest first; several while one is replaced. Write-only.' }),
  }),
} as const satisfies Record<ChannelKind, z.ZodType>;

interface Channel<K extends ChannelKind> {
  readonly kind: K;
  readonly settings: Readonly<z.infer<(typeof CHANNEL_SETTINGS)[K]>>;
  readonly secret: Readonly<z.infer<(typeof CHANNEL_SECRETS)[K]>>;
}
export type SlackWebhookChannel = Channel<'slackWebhook'>;
export type SlackBotChannel = Channel<'slackBot'>;
export type WebhookChannel = Channel<'webhook'>;
/** A channel with its secret: only in memory, only where it is used. */
export type ChannelConfig = SlackWebhookChannel | SlackBotChannel | WebhookChannel;

export type ChannelErrorCode = 'invalid' | 'notUrl' | 'hostNotAllowed' | 'notHttps' | 'notWebhook' | 'egressDenied';

export interface ChannelError {
  /** JSON pointer (RFC 6901) into `{kind, settings, secret}`. */
  readonly pointer: string;
  readonly code: ChannelErrorCode;
  /** For people; never repeats a value. */
  readonly message: string;
}

/** The settings of a channel cannot be used. */
export class ChannelRejected extends Error {
  override readonly name = 'ChannelRejected';
  constructor(readonly errors: readonly ChannelError[]) {
    super(errors.map(({ pointer, message }) => `${pointer}: ${message}`).join('\n'));
  }
}

export interface ChannelParts {
  readonly kind: ChannelKind;
  readonly settings: unknown;
  readonly secret: unknown;
}

/**
 * Reads a channel from its stored parts, or from a request.
 * @throws {ChannelRejected} with every field that is wrong
 */
export function parseChannel({ kind, settings, secret }: ChannelParts): ChannelConfig {
  const parsedSettings = CHANNEL_SETTINGS[kind].safeParse(settings);
  const parsedSecret = CHANNEL_SECRETS[kind].safeParse(secret);
  const errors = [...errorsOf('/settings', parsedSettings.error), ...errorsOf('/secret', parsedSecret.error)];
  if (errors.length > 0) throw new ChannelRejected(errors);
  return { kind, settings: parsedSettings.data, secret: parsedSecret.data } as ChannelConfig;
}

function errorsOf(part: string, error: z.ZodError | undefined): readonly ChannelError[] {
  return (error?.issues ?? []).map((issue) => ({
    pointer: [part, ...issue.path.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1'))].join('/'),
    code: 'invalid',
    message: issue.message,
  }));
}

export interface ChannelRules {
  readonly egress: EgressPolicy;
  /** `PLIMSOLL_SLACK_WEBHOOK_HOSTS`. */
  readonly slackWebhookHosts: readonly string[];
}

/**
 * Reads a channel from a request, checks that its address may be called, and notes its host in the settings. Sends
 * nothing.
 * @throws {ChannelRejected}
 */
export async function acceptChannel(parts: ChannelParts, rules: ChannelRules): Promise<ChannelConfig> {
  const channel = parseChannel(parts);
  const error = await addressError(channel, rules);
  if (error !== null) throw new ChannelRejected([{ pointer: '/secret/url', ...error }]);
  if (channel.kind === 'slackBot') return channel;
  return { ...channel, settings: { host: new URL(channel.secret.url).host } };
}

const SLACK_PROBLEMS = {
  notUrl: 'is not a URL; write it as https://hooks.slack.com/services/…',
  hostNotAllowed: 'is not on a Slack host; allowed are hooks.slack.com, or the hosts of PLIMSOLL_SLACK_WEBHOOK_HOSTS',
  notHttps: 'must start with https://',
  notWebhook: 'has no path; copy the whole address of the incoming webhook',
} as const;

async function addressError(
  channel: ChannelConfig,
  { egress, slackWebhookHosts }: ChannelRules,
): Promise<Omit<ChannelError, 'pointer'> | null> {
  if (channel.kind === 'slackBot') return null;
  if (channel.kind === 'slackWebhook') {
    const target = checkSlackWebhookUrl(channel.secret.url, slackWebhookHosts);
    return 'problem' in target ? { code: target.problem, message: SLACK_PROBLEMS[target.problem] } : null;
  }
  try {
    await egress.resolve(channel.secret.url);
    return null;
  } catch (error) {
    if (!(error instanceof EgressDenied)) throw error;
    const code = error.code === 'invalidUrl' ? 'notUrl' : error.code === 'notHttps' ? 'notHttps' : 'egressDenied';
    return { code, message: error.message };
  }
}
