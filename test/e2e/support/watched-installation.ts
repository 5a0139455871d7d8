import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { createDatabase } from '../../support/database.js';
import { startRedis, type QueueHome } from '../../support/redis.js';
import type { RestAnswer } from '../../support/service-rest.js';
import { Service } from '../../support/service.js';
import { canary } from './canaries.js';
import { dumpPostgres, dumpRedis, watchRedis } from './dumps.js';
import { startReceivers, type Receivers } from './receivers.js';

/** Secrets that people give to an installation. */
export const GIVEN = {
  'database password': canary(),
  'Redis password': canary(),
  'master key': Buffer.from(canary().slice(0, 32)).toString('base64'),
  'Slack webhook URL': canary(),
  'webhook URL': canary(),
  'signing key': canary(),
  'bot token': canary(),
  'wrong token': canary(),
  'kubeconfig that is refused': canary(),
  'URL that is refused': canary(),
};
export const SIGNING_SECRET = `whsec_${Buffer.from(GIVEN['signing key']).toString('base64')}`;

/** A running service with secrets everywhere, of which everything that it stores, answers, writes and sends is kept. */
export class WatchedInstallation {
  /** Place → all text that was found there. */
  readonly places: Record<string, string> = {};
  /** Secrets that the service made itself. */
  readonly made: Record<string, string> = {};

  private constructor(
    readonly service: Service,
    readonly receivers: Receivers,
    private readonly databaseUrl: string,
    private readonly redis: Redis | undefined,
    private readonly commands: readonly string[],
    private readonly closers: (() => Promise<unknown>)[],
  ) {
    this.made['first admin token'] = service.token;
    this.watchAnswers(true);
  }

  static async start(queues: QueueHome): Promise<WatchedInstallation> {
    const closers: (() => Promise<unknown>)[] = [];
    try {
      return await WatchedInstallation.open(queues, closers);
    } catch (error) {
      for (const close of closers.toReversed()) await close();
      throw error;
    }
  }

  private static async open(queues: QueueHome, closers: (() => Promise<unknown>)[]): Promise<WatchedInstallation> {
    const database = await createDatabase({ template: 'empty' });
    closers.push(() => database.drop());
    const databaseUrl = await ownedBy(database.url, GIVEN['database password']);
    const redisUrl = queues === 'redis' ? await startProtectedRedis(closers) : undefined;
    const redis = redisUrl === undefined ? undefined : new Redis(redisUrl);
    const watch = redisUrl === undefined ? undefined : await watchRedis(redisUrl);
    closers.push(async () => {
      watch?.stop();
      redis?.disconnect();
    });
    const receivers = await startReceivers();
    closers.push(() => receivers.stop());
    receivers.slack.script(({ path }) =>
      path.startsWith('/api/')
        ? { status: 200, headers: JSON_TYPE, body: '{"ok":true,"channel":"C0123ABCDEF","ts":"1.2"}' }
        : { status: 200, body: 'ok' },
    );
    const service = await Service.start({
      databaseUrl,
      environment: {
        ...receivers.environment,
        ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
        PLIMSOLL_SLACK_API_URL: `${receivers.slackUrl}/api`,
        PLIMSOLL_MASTER_KEY: GIVEN['master key'],
        PLIMSOLL_LOG_LEVEL: 'trace',
      },
    });
    closers.push(() => service.stop());
    return new WatchedInstallation(service, receivers, databaseUrl, redis, watch?.commands ?? [], closers);
  }

  async stop(): Promise<void> {
    for (const close of this.closers.toReversed()) await close();
  }

  post<T>(path: string, body: unknown, key: string = randomUUID()): Promise<RestAnswer<T>> {
    return this.service.rest.request<T>('POST', path, { body, headers: { 'idempotency-key': key } });
  }

  /**
   * A request whose answer shows a secret once: that answer is the rightful place and is not kept; one that replays it
   * is. Answers both.
   */
  async shownOnce<T>(path: string, body: unknown): Promise<readonly [first: T, replay: RestAnswer<T>]> {
    const key = randomUUID();
    const first = await this.unwatched(() => this.post<T>(path, body, key));
    return [first.body, await this.post<T>(path, body, key)];
  }

  /** Requests whose answers are a secret's rightful place. */
  async unwatched<T>(ask: () => Promise<T>): Promise<T> {
    this.watchAnswers(false);
    try {
      return await ask();
    } finally {
      this.watchAnswers(true);
    }
  }

  /** Keeps what the database and the queue server hold now. */
  async dump(when: string): Promise<void> {
    this.keep(`database ${when}`, await dumpPostgres(this.databaseUrl));
    if (this.redis) this.keep(`Redis ${when}`, await dumpRedis(this.redis));
  }

  /** Keeps what was logged, what Redis was told and what was sent, each without what belongs there. */
  collect(): void {
    // Redis hides the password of AUTH; HELLO may carry it too, and is how one logs in.
    this.keep('commands to Redis', this.commands.filter((line) => !/^(auth|hello) /i.test(line)).join('\n'));
    // For want of a better place the first admin's token is printed, once.
    const printed = `The first admin token, shown only now: ${this.service.token}`;
    const logs = this.service.logs();
    this.keep('logs', logs.toSpliced(logs.indexOf(printed), 1).join('\n'));
    for (const { path, headers, body } of [...this.receivers.slack.requests, ...this.receivers.webhook.requests]) {
      const { authorization = '', ...others } = headers;
      this.keep('messages', `${JSON.stringify(others)} ${body}`);
      const address = path.replace(GIVEN['Slack webhook URL'], '').replace(GIVEN['webhook URL'], '');
      this.keep('addresses of messages', `${address} ${authorization.replace(`xoxb-${GIVEN['bot token']}`, '')}`);
    }
  }

  private keep(place: string, text: string): void {
    this.places[place] = `${this.places[place] ?? ''}\n${text}`;
  }

  private watchAnswers(on: boolean): void {
    const { rest } = this.service;
    if (!on) delete rest.onAnswer;
    else {
      rest.onAnswer = (request, { text, headers }) =>
        this.keep(`answer to ${request.split('?')[0]}`, `${JSON.stringify([...headers])} ${text}`);
    }
  }
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** Makes a user that owns the database, and answers its URL. */
async function ownedBy(url: string, password: string): Promise<string> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  const name = new URL(url).pathname.slice(1);
  const user = `owner_of_${name}`;
  await admin.query(`CREATE ROLE ${user} LOGIN PASSWORD '${password}'`);
  await admin.query(`ALTER DATABASE ${name} OWNER TO ${user}`);
  await admin.end();
  return withPassword(url, password, user);
}

async function startProtectedRedis(closers: (() => Promise<unknown>)[]): Promise<string> {
  const redis = await startRedis();
  closers.push(() => redis.stop());
  const client = new Redis(redis.url);
  await client.config('SET', 'requirepass', GIVEN['Redis password']);
  client.disconnect();
  return withPassword(redis.url, GIVEN['Redis password']);
}

function withPassword(url: string, password: string, user?: string): string {
  const changed = new URL(url);
  if (user !== undefined) changed.username = user;
  changed.password = password;
  return changed.href;
}
