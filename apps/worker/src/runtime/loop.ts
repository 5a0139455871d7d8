import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '#libs/platform';

export interface LoopOptions {
  readonly name: string;
  /** Pause between turns that found nothing to do. */
  readonly everyMs: number;
  /** One piece of work. Answers whether there is more to do at once. */
  readonly turn: (stop: AbortSignal) => Promise<boolean>;
  readonly log: Logger;
}

const LONGEST_PAUSE_MS = 30_000;

/** Repeats a turn until it is stopped. An error is logged and the turn repeated, after longer and longer pauses. */
export class Loop {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly options: LoopOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when the current turn has ended; no other follows. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { name, everyMs, turn, log } = this.options;
    const { signal } = this.stopping;
    let failures = 0;
    while (!signal.aborted) {
      let more = false;
      try {
        more = await turn(signal);
        failures = 0;
      } catch (error) {
        failures += 1;
        log.error({ err: error, loop: name, failures }, 'a background task failed; it is tried again');
      }
      if (more) continue;
      const pause = failures === 0 ? everyMs : Math.min(LONGEST_PAUSE_MS, everyMs * 2 ** failures);
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}
