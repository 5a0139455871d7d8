import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';

/** An answer before it is sent. A body in pieces is produced while it is sent. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Iterable<string>;
}

/** From this many bytes on a real API server compresses where the client accepts gzip. */
const GZIP_FROM_BYTES = 128 * 1024;

export function json(status: number, value: unknown): Reply {
  return { status, body: `${JSON.stringify(value)}\n` };
}

export function text(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body };
}

export const pageNotFound = (): Reply => text(404, '404 page not found\n');

/** Sends it, compressed where the client accepts that and the body is long enough. */
export async function send(response: ServerResponse, reply: Reply, acceptEncoding: string): Promise<void> {
  for (const [name, value] of Object.entries({ 'content-type': 'application/json', ...reply.headers }))
    response.setHeader(name, value);
  response.statusCode = reply.status;
  const acceptsGzip = acceptEncoding.includes('gzip');
  const pieces = typeof reply.body === 'string' ? [reply.body][Symbol.iterator]() : reply.body[Symbol.iterator]();
  let head = '';
  for (;;) {
    const next = pieces.next();
    if (next.done === true) return sendWhole(response, head, acceptsGzip);
    head += next.value;
    if (head.length > GZIP_FROM_BYTES) break;
  }
  if (acceptsGzip) response.setHeader('content-encoding', 'gzip');
  const rest = Readable.from(continued(head, pieces), { objectMode: false, encoding: 'utf8' });
  await (acceptsGzip ? pipeline(rest, createGzip({ level: 1 }), response) : pipeline(rest, response));
}

function sendWhole(response: ServerResponse, body: string, acceptsGzip: boolean): void {
  if (acceptsGzip && Buffer.byteLength(body) >= GZIP_FROM_BYTES) {
    response.setHeader('content-encoding', 'gzip');
    response.end(gzipSync(body, { level: 1 }));
    return;
  }
  response.setHeader('content-length', Buffer.byteLength(body));
  response.end(body);
}

/** In pieces of some size: one write per object would be slow. */
function* continued(head: string, pieces: Iterator<string>): Generator<string> {
  yield head;
  let buffer = '';
  for (let next = pieces.next(); next.done !== true; next = pieces.next()) {
    buffer += next.value;
    if (buffer.length < 64 * 1024) continue;
    yield buffer;
    buffer = '';
  }
  if (buffer !== '') yield buffer;
}
