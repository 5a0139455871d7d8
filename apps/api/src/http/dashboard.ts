import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { contentSecurityPolicy, newNonce, NONCE_PLACEHOLDER } from './content-security-policy.js';

/** The API answers problems, and a missing asset is missing. */
const NEVER_A_PAGE = /^\/(?:api|problems|assets)(?:[/?]|$)/;

/**
 * Serves the dashboard that is built in `webRoot`: files under `assets/` carry a hash in their name and never change;
 * every other path of a browser is one of the dashboard's own and gets its index page. Without a build nothing is
 * served. Paths under /api/ and of probes are never taken over.
 */
export async function serveDashboard(fastify: FastifyInstance, webRoot: string, tls: boolean): Promise<void> {
  const indexFile = path.join(webRoot, 'index.html');
  if (!existsSync(indexFile)) return;
  const [before = '', ...rest] = readFileSync(indexFile, 'utf8').split(NONCE_PLACEHOLDER);
  const indexPage = (nonce: string) => [before, ...rest].join(nonce);

  await fastify.register(fastifyStatic, {
    root: path.resolve(webRoot),
    wildcard: false,
    index: false,
    cacheControl: false,
    globIgnore: ['**/index.html'],
    setHeaders: (reply, file) => {
      const hashed = file.includes(`${path.sep}assets${path.sep}`);
      void reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'public, max-age=300');
    },
  });
  fastify.get('/*', (request, reply) => {
    if (NEVER_A_PAGE.test(request.url) || !acceptsHtml(request.headers.accept)) {
      reply.callNotFound();
      return reply;
    }
    const nonce = newNonce();
    return reply
      .header('content-security-policy', contentSecurityPolicy(nonce, tls))
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(indexPage(nonce));
  });
}

function acceptsHtml(accept: string | undefined): boolean {
  return accept === undefined || /text\/html|\*\/\*/.test(accept);
}
