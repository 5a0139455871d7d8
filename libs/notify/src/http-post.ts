import { EgressDenied, type EgressPolicy, lookupFor } from '#libs/platform';
import { Agent, request } from 'undici';
import { parseRetryAfter } from './retry-after.js';
import type { SendCode } from './send-result.js';

/** No answer that we can use. Carries our own code and nothing of what went over the wire. */
export class SendFailure extends Error {
  override readonly name = 'SendFailure';
  constructor(readonly code: SendCode) {
    super(code);
  }
}

export interface HttpPostRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For addresses that the operator configured, never for one that came through the API. */
  readonly allowHttpLoopback?: boolean;
  /** Bytes of the answer's body that are read; 0 = none. Anything longer counts as unreadable. */
  readonly maxBodyBytes: number;
  readonly signal?: AbortSignal;
  /** How long a request that is under way may go on after `signal`. Default 0. */
  readonly graceMs?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly retryAfterMs: number | null;
  /** Null where it was not asked for, too long, or broke off. */
  readonly body: string | null;
}

/** Sends one request to an address that the egress policy allows, and follows no redirect. */
export interface HttpPost {
  (request: HttpPostRequest): Promise<HttpAnswer>;
}

export interface HttpPostSettings {
  readonly egress: EgressPolicy;
  /** For everything from the name lookup to the last byte of the answer. Default 15 s. */
  readonly timeoutMs?: number;
  /** PEM of the certificate authority to trust instead of the system's. */
  readonly ca?: string;
}

const TIMEOUT_MS = 15_000;

export function createHttpPost({ egress, timeoutMs = TIMEOUT_MS, ca }: HttpPostSettings): HttpPost {
  return async (post) => {
    if (post.signal?.aborted) throw new SendFailure('stopped');
    const timeout = AbortSignal.timeout(timeoutMs);
    const stop = delayed(post.signal, post.graceMs ?? 0);
    const signal = AbortSignal.any([timeout, stop.signal]);
    let agent: Agent | undefined;
    try {
      const checked = await orAbort(egress.resolve(post.url, { allowHttpLoopback: post.allowHttpLoopback }), signal);
      // One agent for one address: the connection goes to the address that was checked, whatever DNS says next.
      agent = new Agent({ connect: { lookup: lookupFor(checked), timeout: timeoutMs, ...(ca && { ca }) } });
      const answer = await request(post.url, {
        dispatcher: agent,
        method: 'POST',
        headers: { 'user-agent': 'plimsoll', ...post.headers },
        body: post.body,
        signal,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      const { 'retry-after': retryAfter } = answer.headers;
      return {
        status: answer.statusCode,
        retryAfterMs: parseRetryAfter(Array.isArray(retryAfter) ? retryAfter[0] : retryAfter, Date.now()),
        body: await readAtMost(answer.body, post.maxBodyBytes, signal),
      };
    } catch (error) {
      if (stop.signal.aborted) throw new SendFailure('stopped');
      throw new SendFailure(timeout.aborted ? 'timeout' : codeOf(error));
    } finally {
      stop.forget();
      // The answer may still be streaming; nobody reads it any more.
      void agent?.destroy();
    }
  };
}

/** A signal that follows another one after a while. */
function delayed(signal: AbortSignal | undefined, ms: number): { readonly signal: AbortSignal; forget(): void } {
  const later = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    if (ms === 0) later.abort();
    else timer = setTimeout(() => later.abort(), ms);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: later.signal,
    forget: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

/** The body as text, or null where it is longer than wanted or ends early. */
async function readAtMost(
  body: AsyncIterable<Uint8Array> & { on(event: 'error', listener: () => void): unknown },
  maxBytes: number,
  signal: AbortSignal,
): Promise<string | null> {
  // The connection is destroyed with the body unread; the error this raises in it has no other listener.
  body.on('error', () => {});
  if (maxBytes === 0) return null;
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      length += chunk.length;
      if (length > maxBytes) return null;
      chunks.push(chunk);
    }
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(new Error('aborted'));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Codes of Node's TLS verification start like these (node:tls, "X509 certificate error codes"). */
const TLS_ERROR = /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA)/;

function codeOf(error: unknown): SendCode {
  if (error instanceof EgressDenied) return error.code === 'unresolvable' ? 'unresolvable' : 'egressDenied';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT$|^ETIMEDOUT$/.test(code)) return 'timeout';
  return TLS_ERROR.test(code) ? 'tlsFailed' : 'connectionFailed';
}
