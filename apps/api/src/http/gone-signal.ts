import type { FastifyRequest } from 'fastify';

/** Aborted when the caller closes the connection before the answer. */
export function goneSignal(request: FastifyRequest): AbortSignal {
  const controller = new AbortController();
  request.raw.socket.once('close', () => controller.abort());
  return controller.signal;
}
