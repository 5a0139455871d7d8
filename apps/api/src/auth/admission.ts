import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../http/problem.js';
import type { RateLimiter } from '../http/rate-limiter.js';
import type { Caller } from './caller.js';
import { grants, type Permission } from './permissions.js';
import { requireSameOrigin } from './same-origin.js';

/** Finds out who sends a request. Null: nobody that is known. */
export abstract class Authenticator {
  abstract authenticate(request: FastifyRequest): Promise<Caller | null>;
}

/**
 * Decides about a request before its body is read, so that strangers cannot make the service parse megabytes: who asks,
 * not too often, from a page of ours, and with the permission that the operation needs.
 */
@Injectable()
export class Admission {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly limiter: RateLimiter,
    private readonly publicUrl: string,
  ) {}

  /** @throws {Problem} where the request is not admitted */
  async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { operation } = request.routeOptions.config;
    if (!operation) return;
    const isWrite = request.method !== 'GET' && request.method !== 'HEAD';
    if (operation.access === 'public') {
      // What strangers may write is logging in; guessing is slowed down by address.
      if (isWrite) this.#limit(`ip:${request.ip}`, isWrite, reply);
      return;
    }
    const caller = await this.authenticator.authenticate(request);
    if (!caller) throw unauthenticated();
    request.caller = caller;
    this.#limit(caller.tokenId, isWrite, reply);
    if (isWrite && caller.via === 'session') requireSameOrigin(request.headers, this.publicUrl);
    if (operation.access !== 'authenticated') requirePermission(caller, operation.access);
  }

  /** Reads that turned out to be known to the caller are free. */
  settle(request: FastifyRequest, reply: FastifyReply): void {
    if (reply.statusCode === 304 && request.caller) this.limiter.refund(request.caller.tokenId);
  }

  #limit(key: string, isWrite: boolean, reply: FastifyReply): void {
    const { allowed, retryAfter, headers } = this.limiter.take(key, isWrite);
    void reply.headers(headers);
    if (!allowed) {
      throw new Problem('rate-limited', `The limit is reached; the next request fits in ${retryAfter} s.`, {
        headers: { 'retry-after': String(retryAfter) },
      });
    }
  }
}

export function unauthenticated(): Problem {
  return new Problem('unauthenticated', 'The request has no valid token or session.', {
    headers: { 'www-authenticate': 'Bearer realm="plimsoll"' },
  });
}

function requirePermission(caller: Caller, permission: Permission): void {
  if (grants(caller.role, permission)) return;
  throw new Problem('forbidden', `The role ${caller.role} does not grant the permission ${permission}.`, {
    requiredPermission: permission,
  });
}
