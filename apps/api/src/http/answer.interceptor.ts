import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { Answer } from './answer.js';
import { isFresh } from './entity-tag.js';

/** Writes a handler's answer to the reply. Reads that the caller has already become 304. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor<Answer<unknown>> {
  intercept(context: ExecutionContext, next: CallHandler<Answer<unknown>>): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(
      map(({ status, headers, body }) => {
        void reply.headers(headers);
        const known = request.method === 'GET' && headers['etag'] !== undefined;
        if (known && isFresh(request.headers['if-none-match'], headers['etag'] ?? '')) {
          void reply.code(304);
          return undefined;
        }
        void reply.code(status);
        return body;
      }),
    );
  }
}
