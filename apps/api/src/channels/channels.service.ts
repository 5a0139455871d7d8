import { Injectable } from '@nestjs/common';
import {
  acceptChannel,
  ChannelRejected,
  createNotifier,
  newSigningSecret,
  parseChannel,
  renderChannelTest,
  type ChannelConfig,
  type ChannelParts,
  type NotifierSettings,
  type SendResult,
} from '#libs/notify';
import { ChannelRepository, type ChannelRecord, type NewChannel } from '#libs/persistence';
import { channelAad, Keyring, newId } from '#libs/platform';
import { Problem } from '../http/problem.js';
import { ApiSettings } from '../settings.js';
import type { ChannelInput } from './channels.dto.js';

/** How notifications go out; an abstract class so that it is its own injection token. */
export abstract class NotifySettings implements NotifierSettings {
  abstract readonly egress: NotifierSettings['egress'];
  abstract readonly slackApiUrl: string;
  abstract readonly slackWebhookHosts: readonly string[];
}

export interface AcceptedChannel {
  readonly values: NewChannel;
  /** Set where the service made the secret itself. */
  readonly signingSecret?: string;
}

const EGRESS_CODES: ReadonlySet<string> = new Set(['egressDenied', 'hostNotAllowed', 'notHttps']);

/** Secrets of channels: checked, sealed, and opened for a test. */
@Injectable()
export class ChannelsService {
  constructor(
    private readonly channels: ChannelRepository,
    private readonly keyring: Keyring,
    private readonly notify: NotifySettings,
    private readonly settings: ApiSettings,
  ) {}

  /** @throws {Problem} `validation-failed` or `egress-denied` */
  async accept(input: ChannelInput): Promise<AcceptedChannel> {
    const { name, kind, events, minSeverity, enabled } = input;
    const made = input.kind === 'webhook' && !input.secret.signingSecrets ? newSigningSecret() : undefined;
    const secret = made === undefined ? input.secret : { ...input.secret, signingSecrets: [made] };
    const settings = 'settings' in input ? input.settings : {};
    const channel = await this.check({ kind, settings, secret });
    const id = newId('chn');
    const values = { id, name, kind, settings: channel.settings, events, minSeverity, enabled };
    return {
      values: { ...values, sealed: this.seal(id, channel) },
      ...(made !== undefined && { signingSecret: made }),
    };
  }

  /** @throws {Problem} `validation-failed` or `egress-denied` */
  async check(parts: ChannelParts): Promise<ChannelConfig> {
    try {
      return await acceptChannel(parts, this.notify);
    } catch (error) {
      if (!(error instanceof ChannelRejected)) throw error;
      const errors = error.errors.map(({ pointer, code, message: detail }) => ({ pointer, code, detail }));
      const denied = errors.some(({ code }) => EGRESS_CODES.has(code));
      throw new Problem(denied ? 'egress-denied' : 'validation-failed', errors[0]?.detail ?? error.message, { errors });
    }
  }

  seal(id: string, channel: ChannelConfig): NewChannel['sealed'] {
    return this.keyring.seal(JSON.stringify(channel.secret), channelAad(id));
  }

  /** Sends one marked message. */
  async test(record: ChannelRecord, requestedBy: string, signal: AbortSignal): Promise<SendResult> {
    const at = new Date(this.settings.now()).toISOString();
    const message = renderChannelTest(
      { channelId: record.id, channelName: record.name, requestedBy, at },
      this.settings.publicUrl,
    );
    const { kind, settings } = record;
    const channel = parseChannel({ kind, settings, secret: await this.secretOf(record) });
    const notifier = createNotifier(channel, this.notify);
    return notifier.send(message, { deliveryId: newId('dlv'), attempt: 1, createdAt: at, signal });
  }

  /** The stored secret, in clear: only to be sealed or used again. */
  async secretOf({ id }: ChannelRecord): Promise<unknown> {
    const sealed = await this.channels.sealedFor(id);
    if (!sealed) throw new Problem('not-found', 'The channel was deleted meanwhile.');
    return JSON.parse(this.keyring.open(sealed, channelAad(id)).toString());
  }
}
