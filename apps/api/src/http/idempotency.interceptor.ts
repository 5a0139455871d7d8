import { createHash } from 'node:crypto';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { catchError, from, of, switchMap, type Observable } from 'rxjs';
import { IdempotencyRepository, type IdempotencyScope } from '#libs/persistence';
import type { Answer } from './answer.js';
import { operationOf, type OperationDefinition } from './operation.js';
import { invalid, Problem } from './problem.js';

const KEY = /^[\x21-\x7e]{1,255}$/;

function keyOf(request: FastifyRequest, definition: OperationDefinition): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) {
    if (definition.idempotencyKey !== 'required') return null;
    throw new Problem('idempotency-key-missing', 'The header Idempotency-Key is required here.', {
      errors: [{ header: 'Idempotency-Key', code: 'missing', detail: 'Send a value of your own, such as a UUID.' }],
    });
  }
  if (typeof key === 'string' && KEY.test(key)) return key;
  const detail = 'It must be 1 to 255 visible ASCII characters.';
  throw invalid([{ header: 'Idempotency-Key', code: 'invalid-format', detail }]);
}

/** The query counts: `?dryRun=true` is another request. */
export function bodyHash(request: { readonly url: string; readonly body: unknown }): string {
  const query = request.url.split('?', 2)[1] ?? '';
  return createHash('sha256')
    .update(JSON.stringify([query, request.body ?? null]))
    .digest('hex');
}

function withoutSecrets(body: unknown, showOnce: readonly string[]): unknown {
  if (showOnce.length === 0 || typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !showOnce.includes(name)));
}

/**
 * Carries out a POST once per `Idempotency-Key`, token and operation; a repeat gets the stored answer. Only successes
 * are kept: what failed changed nothing and may be tried again.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor<Answer<unknown>, Answer<unknown>> {
  constructor(private readonly keys: IdempotencyRepository) {}

  intercept(context: ExecutionContext, next: CallHandler<Answer<unknown>>): Observable<Answer<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const definition = operationOf(context.getHandler());
    if (request.method !== 'POST' || !definition || !request.caller) return next.handle();
    const key = keyOf(request, definition);
    if (key === null) return next.handle();
    // The path counts as well: the same key may be used for two objects of one operation.
    const path = request.url.split('?', 1)[0] ?? '';
    const scope = { tokenId: request.caller.tokenId, route: `${definition.id} ${path}`, key };
    return from(this.keys.begin(scope, bodyHash(request))).pipe(
      switchMap((start) => {
        if (start.state === 'started') return this.#once(scope, definition.showOnce ?? [], next);
        if (start.state === 'done') return of(replayed(start.status, start.response, start.headers));
        throw start.state === 'inFlight' ? inFlight() : reused();
      }),
    );
  }

  #once(
    scope: IdempotencyScope,
    showOnce: readonly string[],
    next: CallHandler<Answer<unknown>>,
  ): Observable<Answer<unknown>> {
    return next.handle().pipe(
      switchMap(async (answer) => {
        const { status, headers, body } = answer;
        await this.keys.finish(scope, { status, headers, response: withoutSecrets(body, showOnce) });
        return answer;
      }),
      catchError(async (error: unknown) => {
        await this.keys.abandon(scope);
        throw error;
      }),
    );
  }
}

function replayed(status: number, body: unknown, headers: Readonly<Record<string, string>>): Answer<unknown> {
  return { status, body: body ?? undefined, headers: { ...headers, 'idempotency-replayed': 'true' } };
}

function inFlight(): Problem {
  return new Problem('idempotency-in-flight', 'The first request with this key has not been answered yet.', {
    headers: { 'retry-after': '1' },
  });
}

function reused(): Problem {
  return new Problem('idempotency-key-reused', 'The key was used before with another body or query.');
}
