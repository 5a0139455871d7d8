import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { holdOn } from './hold-on.js';

class Stream extends EventEmitter {
  readonly written: string[] = [];
  write(text: string): void {
    this.written.push(text);
  }
}
const heldProcess = () => Object.assign(new EventEmitter(), { stdout: new Stream(), stderr: new Stream() });

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('lets a live drill end on %s, however often', (signal) => {
  const held = heldProcess();
  holdOn(held);
  expect([held.emit(signal), held.emit(signal)]).toEqual([true, true]);
  expect(held.stderr.written).toEqual(['The drill ends first.\n', 'The drill ends first.\n']);
});

it('lets it end where nobody reads what it says', () => {
  const held = heldProcess();
  let left = false;
  held.stdout.on('error', () => {
    left = true;
  });
  holdOn(held);
  held.stdout.emit('error', new Error('EPIPE'));
  held.stderr.emit('error', new Error('EIO'));
  expect(left).toBe(false);
});
