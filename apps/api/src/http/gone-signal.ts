import type { FastifyRequest } from 'fastify';

/**
 * Runs work that is for this caller only: its signal aborts when the caller closes the connection before the answer.
 * Connections are kept alive and reused, so nothing may stay attached to one afterwards.
 */
export async function whileCallerWaits<T>(
  request: FastifyRequest,
  work: (gone: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const { socket } = request.raw;
  socket.once('close', abort);
  try {
    return await work(controller.signal);
  } finally {
    socket.off('close', abort);
  }
}
