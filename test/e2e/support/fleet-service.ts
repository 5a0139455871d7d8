import type { ReceivedRequest } from '../../support/misbehaving-receiver.js';
import { eventually } from '../../support/eventually.js';
import type { QueueHome } from '../../support/redis.js';
import type { ServiceRest } from '../../support/service-rest.js';
import { Service } from '../../support/service.js';
import { slackLines, startReceivers, type Receivers } from './receivers.js';

export const SIGNING_SECRET = `whsec_${Buffer.from('the signing secret of a test run').toString('base64')}`;
export const SLACK_PATH = '/services/T/B/secret';

const JUDGED: ReadonlySet<string> = new Set(
  ['HC-01', 'HC-02', 'KC-01', 'KC-02', 'KC-03', 'MT-01', 'MT-02', 'MT-06', 'RA-03'].map((id) => `FLUX-${id}`),
);

export interface Finding {
  readonly id: string;
  readonly controlId: string;
  readonly state: string;
  readonly reason: string;
  readonly cluster: { readonly name: string };
  readonly subject: { readonly kind: string; readonly namespace?: string; readonly name: string };
  readonly evidence?: { readonly items: readonly Fact[] };
  readonly fixes?: readonly { readonly content: string }[];
}

interface Fact {
  readonly object?: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
    readonly uid?: string;
  };
  readonly pointer: string;
  readonly observed: unknown;
}

interface Target {
  readonly cluster: { readonly name: string };
  readonly outcome: string | null;
  readonly coverage: number | null;
  readonly attempt: number;
}

/** A service with a Slack channel and a signed webhook, and what they were told. */
export class FleetService {
  readonly rest: ServiceRest;

  private constructor(
    readonly service: Service,
    private readonly receivers: Receivers,
  ) {
    this.rest = service.rest;
  }

  static async start(queues: QueueHome): Promise<FleetService> {
    const receivers = await startReceivers();
    try {
      const on = new FleetService(await Service.start({ queues, environment: receivers.environment }), receivers);
      await on.createProfile();
      return on;
    } catch (error) {
      await receivers.stop();
      throw error;
    }
  }

  /**
   * The clusters of the lab have no nodes, no network and no Git, so that much of the page cannot be judged or is not
   * met there. A profile of the fleet's own leaves that out.
   */
  private async createProfile(): Promise<void> {
    const { rest } = this;
    type Profile = {
      readonly id: string;
      readonly name: string;
      readonly controls: readonly string[];
      readonly isDefault: boolean;
    };
    const { items } = await rest.get<{ readonly items: readonly Profile[] }>('/profiles');
    const standard = items.find(({ isDefault }) => isDefault);
    const exclude = standard?.controls.filter((id) => !JUDGED.has(id));
    const own = await rest.call<Profile>('POST', '/profiles', {
      body: { name: 'lab', extends: standard?.id, exclude },
    });
    rest.profile = own.name;
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await this.receivers.stop();
  }

  async createChannels(): Promise<void> {
    const { slackUrl, webhookUrl } = this.receivers;
    const signed = { url: `${webhookUrl}/hook`, signingSecrets: [SIGNING_SECRET] };
    for (const channel of [
      { name: 'slack', kind: 'slackWebhook', secret: { url: `${slackUrl}${SLACK_PATH}` } },
      { name: 'hook', kind: 'webhook', secret: signed },
    ]) {
      await this.rest.call('POST', '/channels', { body: { ...channel, minSeverity: 'info' } });
    }
  }

  targets(runId: string): Promise<readonly Target[]> {
    return this.rest.list(`/runs/${runId}/targets`);
  }

  /** What a run changed. */
  changed(runId: string): Promise<readonly Finding[]> {
    return this.rest.list(`/findings?changedInRun=${runId}`);
  }

  /** Messages about a run that arrived so far. */
  messages(runId: string): Readonly<Record<'slack' | 'webhook', readonly ReceivedRequest[]>> {
    const about = ({ body }: ReceivedRequest) => body.includes(runId);
    return {
      slack: this.receivers.slack.requests.filter(about),
      webhook: this.receivers.webhook.requests.filter(about),
    };
  }

  /** Waits until both channels were told of a run, each once. Answers the two messages. */
  async told(runId: string): Promise<Readonly<Record<'slack' | 'webhook', ReceivedRequest>>> {
    await eventually('both channels were told', () => {
      const { slack, webhook } = this.messages(runId);
      return slack.length > 0 && webhook.length > 0;
    });
    const messages = this.messages(runId);
    const [[slack], [webhook]] = [messages.slack, messages.webhook];
    if (!slack || !webhook || messages.slack.length + messages.webhook.length > 2) {
      throw new Error(`run ${runId} was told ${messages.slack.length} and ${messages.webhook.length} times`);
    }
    return { slack, webhook };
  }

  /** State, attempts and last code of the deliveries of a run. */
  async deliveries(runId: string): Promise<readonly (readonly [string, number, string])[]> {
    type Delivery = { readonly state: string; readonly attempts: number; readonly lastCode: string };
    const deliveries = await this.rest.list<Delivery>(`/deliveries?run=${runId}`);
    return deliveries.map(({ state, attempts, lastCode }) => [state, attempts, lastCode]);
  }

  /** Waits until both deliveries of a run have been skipped for want of news. */
  async nothingToTell(runId: string): Promise<void> {
    await eventually(
      'both deliveries are skipped',
      async () => (await this.deliveries(runId)).filter(([state]) => state === 'skipped').length === 2,
      { everyMs: 300 },
    );
  }
}

/** The lines of a Slack message that name a finding, without the links in them. */
export function namedIn(message: ReceivedRequest): readonly string[] {
  return slackLines(message)
    .filter((line) => line.includes('*not met*'))
    .map((line) => line.replace(/<[^|>]*\|([^>]*)>/g, '$1').replace(/^.*?(critical|high|medium|low|info): /, '$1: '))
    .toSorted();
}

/** What stands at a JSON pointer (RFC 6901). */
export function valueAt(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((found, part) => (found as Record<string, unknown> | undefined)?.[part], value);
}
