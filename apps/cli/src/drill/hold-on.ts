import type { EventEmitter } from 'node:events';

/** What a drill needs of the process. */
export interface Held extends Pick<EventEmitter, 'on'> {
  readonly stdout: Pick<EventEmitter, 'on' | 'removeAllListeners'>;
  readonly stderr: Pick<EventEmitter, 'on' | 'removeAllListeners'> & { write(text: string): unknown };
}

/**
 * Lets a live drill end: between the creation and the deletion of its binding is no time to leave, be it that somebody
 * wants to stop it, closes the terminal, or reads no more of what it says.
 */
export function holdOn(held: Held): void {
  for (const stream of [held.stdout, held.stderr]) {
    stream.removeAllListeners('error');
    stream.on('error', () => undefined);
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    held.on(signal, () => held.stderr.write('The drill ends first.\n'));
  }
}
