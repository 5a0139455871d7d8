import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { OutboxRepository } from '#libs/persistence';
import { Keyring } from '#libs/platform';
import { ApiSettings } from '../settings.js';

export const CHECKS = ['database', 'migrations', 'queue', 'key'] as const;
export type Check = (typeof CHECKS)[number];

export interface CheckResult {
  readonly name: Check;
  readonly ok: boolean;
  /** Whether the API can do its work without it. */
  readonly required: boolean;
  readonly message: string;
}

/** A message that waits longer shows that no worker hands messages over. */
const QUEUE_LAG_MS = 60_000;
const AAD = 'readiness';

/** Whether this process can do its work. What it says names no addresses and no errors of others. */
@Injectable()
export class Readiness {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: OutboxRepository,
    private readonly keyring: Keyring,
    private readonly settings: ApiSettings,
  ) {}

  async check(): Promise<readonly CheckResult[]> {
    return [
      await this.#run('database', true, 'The database answers.', 'The database does not answer.', async () => {
        await this.dataSource.query('SELECT 1');
        return true;
      }),
      await this.#run(
        'migrations',
        true,
        'The schema is the one of this version.',
        'The schema is older than this version: run the migrations.',
        async () => !(await this.dataSource.showMigrations()),
      ),
      await this.#run(
        'queue',
        false,
        'Messages are handed over to the queue.',
        'Messages wait for more than a minute: no worker is running, or its queue does not answer.',
        async () => {
          const { oldestAt } = await this.outbox.waiting();
          return oldestAt === null || this.settings.now() - Date.parse(oldestAt) < QUEUE_LAG_MS;
        },
      ),
      await this.#run('key', true, 'Credentials can be sealed.', 'The master key does not work.', async () => {
        const opened = this.keyring.open(this.keyring.seal(AAD, AAD), AAD);
        return opened.toString() === AAD;
      }),
    ];
  }

  async #run(
    name: Check,
    required: boolean,
    good: string,
    bad: string,
    work: () => Promise<boolean>,
  ): Promise<CheckResult> {
    const ok = await work().catch(() => false);
    return { name, ok, required, message: ok ? good : bad };
  }
}
