import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';

/** Whether this process is about to stop: whoever waits for something then answers with what there is. */
@Injectable()
export class Stopping implements BeforeApplicationShutdown {
  #stopping = false;

  get isStopping(): boolean {
    return this.#stopping;
  }

  beforeApplicationShutdown(): void {
    this.#stopping = true;
  }
}
