import { EventEmitter } from 'node:events';
import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { whileCallerWaits } from './gone-signal.js';

const requestOn = (socket: EventEmitter) => ({ raw: { socket } }) as unknown as FastifyRequest;

describe('whileCallerWaits', () => {
  it('aborts when the connection closes first', async () => {
    const socket = new EventEmitter();
    const aborted = whileCallerWaits(requestOn(socket), async (gone) => {
      socket.emit('close');
      return gone.aborted;
    });
    expect(await aborted).toBe(true);
  });

  it.each([
    ['an answer', async () => 'done'],
    ['an error', async () => Promise.reject(new Error('no'))],
  ])('leaves nothing on a kept-alive connection after %s', async (_what, work) => {
    const socket = new EventEmitter();
    for (let count = 0; count < 20; count += 1) await whileCallerWaits(requestOn(socket), work).catch(() => undefined);
    expect(socket.listenerCount('close')).toBe(0);
  });
});
