import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { IdempotencyRepository, TokenRepository } from '#libs/persistence';

const HOUR_MS = 60 * 60_000;
/** How long the answer to a request with an Idempotency-Key can be repeated. */
const KEEP_KEYS_MS = 24 * HOUR_MS;

/** Removes what is over, once an hour, and closes the database at the end. Harmless in several processes at once. */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly keys: IdempotencyRepository,
    private readonly tokens: TokenRepository,
    private readonly dataSource: DataSource,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.sweep().catch(() => undefined), HOUR_MS);
    this.#timer.unref();
  }

  async sweep(now = Date.now()): Promise<void> {
    await this.keys.prune(new Date(now - KEEP_KEYS_MS));
    await this.tokens.prune();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.dataSource.destroy();
  }
}
