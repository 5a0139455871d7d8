import { controlTitle } from '#libs/controls';
import { hasNews } from '#libs/core';
import type { JobContext, JobPayload, JobQueues } from '#libs/jobs';
import {
  ChannelRejected,
  createNotifier,
  hintOf,
  parseChannel,
  renderDigest,
  renderEvent,
  type ChannelConfig,
  type Message,
  type NotifierSettings,
} from '#libs/notify';
import type {
  AttemptResult,
  DeliveryRepository,
  DeliveryWork,
  EventRepository,
  RunRepository,
} from '#libs/persistence';
import { channelAad, KeyringError, type Keyring, type Logger } from '#libs/platform';
import type { WorkerMetrics } from '../metrics/worker-metrics.js';
import { queueDelivery } from '../relay/enqueue.js';
import { attemptResult } from './attempt-result.js';

export interface DeliveryStores {
  readonly runs: RunRepository;
  readonly events: EventRepository;
  readonly deliveries: DeliveryRepository;
}

export interface DeliverySettings {
  readonly notifier: NotifierSettings;
  readonly publicUrl: string;
}

/** Why a delivery ends without a message. */
interface Unsaid {
  readonly unsaid: string;
  readonly hint: string;
}
const NO_NEWS: Unsaid = { unsaid: 'noNews', hint: 'Nothing changed in this run, so nothing was sent.' };
const OVERTAKEN: Unsaid = {
  unsaid: 'overtaken',
  hint: 'It was over, or a newer event told more, before it could be sent.',
};

/** Does one delivery job: takes the delivery, sends its message, writes down what came of it and when to try again. */
export class DeliveryProcessor {
  constructor(
    private readonly stores: DeliveryStores,
    private readonly queues: JobQueues,
    private readonly keyring: Keyring,
    private readonly settings: DeliverySettings,
    private readonly metrics: WorkerMetrics,
    private readonly log: Logger,
  ) {}

  async process({ deliveryId }: JobPayload<'delivery'>, { stop }: JobContext): Promise<void> {
    const work = await this.stores.deliveries.claim(deliveryId);
    if (work !== null) await this.deliver(work, stop);
    // Wherever it has to wait (its channel is busy, the receiver failed), it comes back at its next time.
    await queueDelivery(this.stores.deliveries, this.queues, deliveryId);
  }

  private async deliver(work: DeliveryWork, stop: AbortSignal): Promise<void> {
    const { delivery, channel } = work;
    const message = await this.messageOf(work);
    if ('unsaid' in message) {
      await this.stores.deliveries.skip(delivery.id, message.unsaid, message.hint);
      this.metrics.notifications.inc({ channel: channel.kind, outcome: 'skipped' });
      return;
    }
    const result = await this.send(work, message, stop);
    await this.stores.deliveries.record(delivery.id, result);
    this.metrics.notifications.inc({ channel: channel.kind, outcome: result.outcome });
    const { outcome, code } = result;
    this.log.info({ deliveryId: delivery.id, channelId: channel.id, outcome, code }, 'a delivery was attempted');
  }

  /** What there is to say now; rendered from what is stored, in the words of this version. */
  private async messageOf({ delivery, channel }: DeliveryWork): Promise<Message | Unsaid> {
    const view = { publicUrl: this.settings.publicUrl, channelId: channel.id };
    if (delivery.eventId !== null) {
      const event = await this.stores.events.get(delivery.eventId);
      if (event === null || (event.state === 'closed') !== delivery.isEnd) return OVERTAKEN;
      return renderEvent(event, { ...view, titleOf: controlTitle });
    }
    const digest = delivery.runId === null ? null : await this.stores.runs.digest(delivery.runId, controlTitle);
    if (digest === null || !hasNews(digest)) return NO_NEWS;
    return renderDigest(digest, { ...view, minSeverity: channel.minSeverity });
  }

  private async send(
    { delivery, channel, sealed, replaces }: DeliveryWork,
    message: Message,
    stop: AbortSignal,
  ): Promise<AttemptResult> {
    let config: ChannelConfig;
    try {
      const secret: unknown = JSON.parse(this.keyring.open(sealed, channelAad(channel.id)).toString('utf8'));
      config = parseChannel({ kind: channel.kind, settings: channel.settings, secret });
    } catch (error) {
      if (!(error instanceof KeyringError || error instanceof ChannelRejected || error instanceof SyntaxError))
        throw error;
      this.log.error({ channelId: channel.id, reason: error.name }, 'a channel cannot be used; store its secret anew');
      const hint = 'The stored secret of the channel cannot be used. Store it anew.';
      return { outcome: 'rejected', code: 'channelUnusable', durationMs: 0, hint };
    }
    const sent = await createNotifier(config, this.settings.notifier).send(message, {
      deliveryId: delivery.id,
      attempt: delivery.attempts + 1,
      createdAt: delivery.createdAt,
      replaces,
      signal: stop,
    });
    return attemptResult(sent, delivery.attempts, hintOf('gone'), Date.now(), Math.random());
  }
}
