import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import helmet from '@fastify/helmet';
import type { Logger } from '#libs/platform';
import type { Admission } from '../auth/admission.js';
import { helmetOptions } from './content-security-policy.js';
import { DEFAULT_BODY_LIMIT } from './operation.js';
import { requirePrintableParameters } from './path-parameters.js';
import { PROBLEM_MEDIA_TYPE } from './problem.js';
import { PROBLEMS } from './problem-codes.js';
import type { ProblemFilter } from './problem.filter.js';
import { requestIdOf } from './request-id.js';

/** Names, ids and controls are far shorter; the router answers 414 for what is longer. */
const MAX_PARAMETER_LENGTH = 300;
/** Asked every few seconds; in the log they would hide everything else. */
const PROBES: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics']);
/** Long enough for the longest `Prefer: wait`. */
const REQUEST_TIMEOUT_MS = 90_000;

export function createAdapter(problems: ProblemFilter): FastifyAdapter {
  return new FastifyAdapter({
    logger: false,
    trustProxy: false,
    genReqId: requestIdOf,
    bodyLimit: DEFAULT_BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    // The router's own errors, such as a malformed URL, come before every hook.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      void reply.header('x-request-id', request.id);
      problems.answer(error, request, reply);
    },
    clientErrorHandler: answerUnreadable,
  });
}

/** What is no HTTP gets an answer too, written by hand because there is no request to answer. */
function answerUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const body = JSON.stringify({
    type: 'about:blank',
    title: PROBLEMS.malformed.title,
    status: 400,
    code: 'malformed',
    detail: 'The request is not valid HTTP, or its headers are too large.',
    fix: PROBLEMS.malformed.fix,
  });
  const head = ['HTTP/1.1 400 Bad Request', `Content-Type: ${PROBLEM_MEDIA_TYPE}`, `Content-Length: ${body.length}`];
  socket.end(`${[...head, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`);
}

/**
 * Bodies are JSON; PATCH may also call it a merge patch (RFC 7396). Everything else is 415. Clients that always send
 * the header, also without a body, have sent no body.
 */
function setContentTypes(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeContentTypeParser(['text/plain', 'application/json']);
  fastify.addContentTypeParser<string>(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'string' },
    (request, body, done) => {
      if (body === '') done(null, undefined);
      else void parse(request, body, done);
    },
  );
}

/**
 * What happens around every request, in this order: id and security headers, admission, then Nest; at the end a line
 * in the log and the metrics. Call it before routes are registered.
 */
export async function setUpFastify(
  fastify: FastifyInstance,
  parts: {
    readonly admission: Admission;
    readonly logger: Logger;
    readonly tls: boolean;
    readonly observe: (route: string, method: string, status: number, seconds: number) => void;
  },
): Promise<void> {
  const { admission, logger, tls, observe } = parts;
  setContentTypes(fastify);
  fastify.addHook('onRoute', (route) => {
    if (route.config?.bodyLimit !== undefined) route.bodyLimit = route.config.bodyLimit;
  });
  fastify.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  await fastify.register(helmet, helmetOptions(tls));
  fastify.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store');
    await admission.admit(request, reply);
    requirePrintableParameters(request);
  });
  fastify.addHook('onSend', async (_request, reply, payload) => {
    if (!reply.hasHeader('content-security-policy')) {
      void reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    }
    return payload;
  });
  fastify.addHook('onResponse', async (request, reply) => {
    admission.settle(request, reply);
    const route = request.routeOptions.url ?? 'unmatched';
    observe(route, request.method, reply.statusCode, reply.elapsedTime / 1000);
    logger[PROBES.has(route) ? 'debug' : 'info'](
      {
        requestId: request.id,
        method: request.method,
        // Without the query: it may hold a login link.
        path: request.url.split('?', 1)[0],
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        ...(request.caller && { tokenId: request.caller.tokenId }),
      },
      'request',
    );
  });
}
