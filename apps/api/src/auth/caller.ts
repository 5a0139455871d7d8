import type { FastifyRequest } from 'fastify';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Role } from './permissions.js';

/** Who sends a request, as its token or session proves. */
export interface Caller {
  readonly tokenId: string;
  readonly name: string;
  readonly role: Role;
  /** RFC 3339. */
  readonly expiresAt: string;
  readonly via: 'token' | 'session';
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for every operation that is not public, before its body is read. */
    caller?: Caller;
  }
}

/** Parameter decorator for handlers that need to know who asks. */
export const CurrentCaller = createParamDecorator((_: undefined, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!caller) throw new Error('A public operation asked who its caller is.');
  return caller;
});
