import type { IncomingMessage } from 'node:http';
import { ulid } from 'ulid';

const ACCEPTABLE = /^[\w.-]{1,128}$/;

/** The caller's `X-Request-Id` where it is harmless in a log, otherwise a new one. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && ACCEPTABLE.test(given) ? given : `req_${ulid()}`;
}
