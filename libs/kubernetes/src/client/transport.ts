import type { IncomingHttpHeaders } from 'node:http';
import { pipeline } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import { createGunzip } from 'node:zlib';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { lookupFor, type CheckedAddress } from '#libs/platform';
import type { ClusterAccess } from '../access/cluster-access.js';
import { ClusterError } from '../cluster-error.js';
import type { Budget } from './budget.js';
import { assertDrillDryRun } from '../probe/drill-guard.js';
import { assertDryRun, assertGuardTest, type ProbeLimits } from '../probe/dry-run-guard.js';
import { assertLiveRestore, type LiveRestore } from '../probe/live-restore-guard.js';
import { classifyError } from './classify-error.js';
import { assertAllowed } from './request-guard.js';
import { Slots } from './slots.js';
import { tlsFacts, type TlsFacts } from './tls-facts.js';

/** Limits of a single request, milliseconds. */
export interface RequestTimeouts {
  /** TCP and TLS together. */
  readonly connectMs: number;
  /** Until the response headers are there. */
  readonly headersMs: number;
  /** Between two pieces of the body. */
  readonly bodyIdleMs: number;
  /** From start to end, so that a slow drip cannot go on for ever. */
  readonly totalMs: number;
  /** Before the first repetition; twice as long before the second. */
  readonly backoffMs: number;
}
export const DEFAULT_TIMEOUTS: RequestTimeouts = {
  connectMs: 5_000,
  headersMs: 15_000,
  bodyIdleMs: 15_000,
  totalMs: 30_000,
  backoffMs: 250,
};

export interface WireRequest {
  readonly method: 'GET' | 'POST';
  /** Path below the server URL, and query: `/api/v1/pods?limit=500`. */
  readonly path: string;
  readonly accept: string;
  readonly body?: string;
}

/** A request that is a dry-run, with the headers that `assertDryRun` sees. */
export interface ProbeWireRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'GET';
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

/** A request that was sent, whatever came of it. */
export interface SentRequest {
  readonly method: string;
  /** Path and query, without the server's address. */
  readonly path: string;
  /** 0: no answer. */
  readonly status: number;
  readonly auditId?: string;
}

export interface WireAnswer {
  readonly status: number;
  readonly isJson: boolean;
  readonly isHtml: boolean;
  readonly headers: IncomingHttpHeaders;
  /** Decompressed, counted against the budget while it is read. Can be read once. */
  readonly body: AsyncIterable<Buffer>;
}

const CONNECTIONS = 4;
const MAX_ERROR_BODY = 64 * 1024;

/**
 * One pooled HTTPS connection set to one cluster. It checks every request with `assertAllowed`, connects only to the checked
 * address, follows no redirect, asks for gzip and counts what comes out of it. Retries and meaning are its caller's task.
 */
export class Transport {
  /** Not visible where an object is printed. */
  readonly #access: ClusterAccess;
  private readonly agent: Agent;
  private readonly slots = new Slots(CONNECTIONS);
  private facts: TlsFacts | undefined;

  constructor(
    access: ClusterAccess,
    address: CheckedAddress,
    private readonly budget: Budget,
    private readonly userAgent: string,
    private readonly timeouts: RequestTimeouts,
    /** Hears of every request, in the order of the answers. */
    private readonly onRequest?: (request: SentRequest) => void,
  ) {
    this.#access = access;
    const { credential, caData, tlsServerName } = access;
    const connect = buildConnector({
      timeout: timeouts.connectMs,
      lookup: lookupFor(address),
      rejectUnauthorized: true,
      // Made here, so that certificates that cannot be used are found now.
      secureContext: createSecureContext({
        minVersion: 'TLSv1.2',
        ...(caData !== undefined && { ca: caData }),
        ...(credential.kind === 'clientCertificate' && { cert: credential.certData, key: credential.keyData }),
      }),
      ...(tlsServerName !== undefined && { servername: tlsServerName }),
    });
    this.agent = new Agent({
      connections: CONNECTIONS,
      pipelining: 1,
      headersTimeout: timeouts.headersMs,
      bodyTimeout: timeouts.bodyIdleMs,
      keepAliveTimeout: 10_000,
      connect: (options, callback) =>
        connect(options, (...result) => {
          if (result[1] instanceof TLSSocket) this.facts ??= tlsFacts(result[1]);
          callback(...result);
        }),
    });
  }

  /** Facts of the first connection; undefined before it. */
  get tls(): TlsFacts | undefined {
    return this.facts;
  }

  /**
   * Sends one request and hands the answer to `read`, whose result it returns. The body is closed when `read` is done,
   * whether or not it was read to its end. Throws `ClusterError` for everything that the connection can do.
   */
  async exchange<T>(request: WireRequest, signal: AbortSignal, read: (answer: WireAnswer) => Promise<T>): Promise<T> {
    const url = `${this.#access.server}${request.path}`;
    assertAllowed(this.#access.server, {
      method: request.method,
      url,
      accept: request.accept,
      ...(request.body !== undefined && { body: request.body }),
    });
    await this.budget.takeRequest(signal);
    return this.slots.use(signal, () => this.timed(signal, (limit) => this.send(url, request, limit, read)));
  }

  /**
   * Sends one probe: something that would change the cluster, were it no dry-run. `assertDryRun` looks at its final form.
   * Throws `ProbeRefused` for one that must not be sent, else as `exchange`.
   */
  async probe<T>(
    request: ProbeWireRequest,
    limits: Omit<ProbeLimits, 'server'>,
    signal: AbortSignal,
    read: (answer: WireAnswer) => Promise<T>,
  ): Promise<T> {
    const { server } = this.#access;
    const url = `${server}${request.path}`;
    const { method, headers, body } = request;
    assertDryRun({ method, url, headers, ...(body !== undefined && { body }) }, { ...limits, server });
    await this.budget.takeRequest(signal);
    return this.slots.use(signal, () => this.timed(signal, (limit) => this.send(url, request, limit, read)));
  }

  /**
   * Sends what a drill asks as itself: the dry-run of a binding, or, where `live` says so, the one real creation and
   * deletion of a live drill. Throws `ProbeRefused` for anything else, else as `exchange`.
   */
  async drill<T>(
    request: ProbeWireRequest,
    live: LiveRestore | undefined,
    signal: AbortSignal,
    read: (answer: WireAnswer) => Promise<T>,
  ): Promise<T> {
    const { server } = this.#access;
    const url = `${server}${request.path}`;
    const { method, headers, body } = request;
    const final = { method, url, headers, ...(body !== undefined && { body }) };
    if (live) assertLiveRestore(final, server, live);
    else assertDrillDryRun(final, server);
    await this.budget.takeRequest(signal);
    return this.slots.use(signal, () => this.timed(signal, (limit) => this.send(url, request, limit, read)));
  }

  /** The self-test of active verification: see `assertGuardTest`. */
  async guardTest<T>(
    path: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    read: (answer: WireAnswer) => Promise<T>,
  ): Promise<T> {
    const url = `${this.#access.server}${path}`;
    assertGuardTest(url, headers, this.#access.server);
    await this.budget.takeRequest(signal);
    const request = { method: 'GET', path, headers } as const;
    return this.slots.use(signal, () => this.timed(signal, (limit) => this.send(url, request, limit, read)));
  }

  /** Ends `task` when `signal` does, or when a single request has taken too long. */
  private async timed<T>(signal: AbortSignal, task: (limit: AbortSignal) => Promise<T>): Promise<T> {
    const limit = new AbortController();
    const onAbort = () => limit.abort(signal.reason);
    const timer = setTimeout(() => limit.abort(new ClusterError('timeout')), this.timeouts.totalMs);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      signal.throwIfAborted();
      return await task(limit.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  private async send<T>(
    url: string,
    request: WireRequest | ProbeWireRequest,
    signal: AbortSignal,
    read: (answer: WireAnswer) => Promise<T>,
  ): Promise<T> {
    const { origin } = new URL(url);
    const options = {
      origin,
      path: url.slice(origin.length),
      method: request.method,
      headers: this.headers(request),
      signal,
      ...(request.body !== undefined && { body: request.body }),
    };
    const sent = { method: request.method, path: request.path };
    const { statusCode, headers, body } = await this.agent.request(options).catch((error: unknown) => {
      this.onRequest?.({ ...sent, status: 0 });
      throw failure(error, signal);
    });
    this.onRequest?.({ ...sent, status: statusCode, ...auditIdOf(headers) });
    const type = String(headers['content-type'] ?? '').toLowerCase();
    try {
      return await read({
        status: statusCode,
        isJson: /^application\/([a-z0-9.+-]+\+)?json\b/.test(type),
        isHtml: type.startsWith('text/html'),
        headers,
        body: this.classified(this.decoded(body, headers['content-encoding']), signal),
      });
    } finally {
      discard(body, statusCode);
    }
  }

  private async *classified(body: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
    try {
      yield* body;
    } catch (error) {
      throw failure(error, signal);
    }
  }

  /** Ends every connection at once. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private headers(request: WireRequest | ProbeWireRequest): Record<string, string | string[]> {
    const { credential } = this.#access;
    return {
      ...('headers' in request
        ? (request.headers as Record<string, string | string[]>)
        : { accept: request.accept, ...(request.body !== undefined && { 'content-type': 'application/json' }) }),
      'accept-encoding': 'gzip',
      'user-agent': this.userAgent,
      ...(credential.kind === 'token' && { authorization: `Bearer ${credential.token}` }),
    };
  }

  private async *decoded(
    body: Dispatcher.ResponseData['body'],
    encoding: string | string[] | undefined,
  ): AsyncGenerator<Buffer> {
    if (encoding === undefined || encoding === 'identity') {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        this.budget.spendWire(chunk.length);
        this.budget.spendDecoded(chunk.length);
        yield chunk;
      }
      return;
    }
    if (encoding !== 'gzip') throw new ClusterError('malformed', { detail: 'encoding' });
    const { budget } = this;
    const gunzip = createGunzip({ chunkSize: 64 * 1024 });
    const counted = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of source) {
        budget.spendWire(chunk.length);
        yield chunk;
      }
    };
    // The callback is needed, and enough: an error of any part also ends the iteration below.
    pipeline(body, counted, gunzip, () => {});
    try {
      for await (const chunk of gunzip as AsyncIterable<Buffer>) {
        budget.spendDecoded(chunk.length);
        yield chunk;
      }
    } finally {
      gunzip.destroy();
    }
  }
}

/** Kept only in the form that it must have. */
export function auditIdOf({ 'audit-id': id }: IncomingHttpHeaders): { readonly auditId?: string } {
  return typeof id === 'string' && /^[0-9a-f-]{36}$/i.test(id) ? { auditId: id } : {};
}

/** Leaves the rest of a body unread. The short text of an error is drained, so that its connection can be used again. */
function discard(body: Dispatcher.ResponseData['body'], status: number): void {
  if (body.readableEnded) return;
  body.on('error', () => {});
  if (status >= 400) void body.dump({ limit: MAX_ERROR_BODY }).catch(() => {});
  else body.destroy();
}

/** What an aborted request failed of is the reason of the abort, however it shows. */
function failure(error: unknown, signal: AbortSignal): ClusterError {
  return classifyError(signal.aborted ? signal.reason : error);
}
