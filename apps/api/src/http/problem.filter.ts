import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '#libs/platform';
import { Problem, PROBLEM_MEDIA_TYPE, problemDocument } from './problem.js';
import type { ProblemCode } from './problem-codes.js';

/** Errors of the framework, which come before any handler, in our own words: they may quote the request. */
const FRAMEWORK: Readonly<Record<number, readonly [ProblemCode, string]>> = {
  400: ['malformed', 'The request or its JSON body cannot be read.'],
  404: ['not-found', 'There is nothing at this path, or it does not take this method.'],
  413: ['too-large', 'The body is larger than this operation takes.'],
  414: ['uri-too-long', 'A part of the path is too long.'],
  415: ['unsupported-media-type', 'The body has a content type that this operation does not take.'],
  503: ['not-ready', 'The service is stopping.'],
};

/** SQLSTATE classes that mean "the database is not there now" (PostgreSQL, appendix A: 08, 53, 57P). */
const DATABASE_GONE = /^(?:08|53|57P)|^E(?:CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|NOTFOUND)$/;

function codeOf(error: unknown): string {
  const { code } = Object(error) as { readonly code?: unknown };
  return typeof code === 'string' ? code : '';
}

/** @returns the problem to answer with; `unexpected` where the log must hold the error. */
export function toProblem(error: unknown): { readonly problem: Problem; readonly unexpected: boolean } {
  if (error instanceof Problem) return { problem: error, unexpected: false };
  const status =
    error instanceof HttpException ? error.getStatus() : (Object(error) as { statusCode?: number }).statusCode;
  const known = status === undefined ? undefined : FRAMEWORK[status];
  if (known) return { problem: new Problem(known[0], known[1]), unexpected: false };
  if (DATABASE_GONE.test(codeOf(error)) || DATABASE_GONE.test(codeOf(Object(error).driverError))) {
    const headers = { 'retry-after': '5' };
    return { problem: new Problem('not-ready', 'The database cannot be reached.', { headers }), unexpected: true };
  }
  return { problem: new Problem('internal', 'The request could not be completed.'), unexpected: true };
}

/** Answers every error, our own and the framework's, as `application/problem+json` (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly publicUrl: string,
    private readonly logger: Logger,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const { problem, unexpected } = toProblem(error);
    if (unexpected) this.logger.error({ err: error, requestId: request.id }, 'request failed');
    void reply
      .code(problem.status)
      .headers(problem.headers)
      .header('content-type', PROBLEM_MEDIA_TYPE)
      .header('cache-control', 'no-store')
      .send(problemDocument(problem, this.publicUrl, request.id));
  }
}
