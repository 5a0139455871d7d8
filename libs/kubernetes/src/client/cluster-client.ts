import { setMaxListeners } from 'node:events';
import type { CollectionStats, RequestRecord } from '#libs/core';
import { readCertificates } from '../access/certificates.js';
import type { ClusterAccess } from '../access/cluster-access.js';
import { parseServerUrl } from '../access/server-url.js';
import { ClusterError } from '../cluster-error.js';
import { Budget, DEFAULT_BUDGET, pause, type BudgetLimits } from './budget.js';
import { checkedAddress, type EgressResolver } from './egress.js';
import {
  gatherList,
  inOrder,
  type Gathered,
  type Gatherer,
  type ListAnswer,
  type ListOptions,
  type PageReader,
} from './list.js';
import { requestRecord } from './request-record.js';
import { resourcePath, type ResourceType } from './resource-path.js';
import { assertAnswered } from './status.js';
import type { TlsFacts } from './tls-facts.js';
import {
  DEFAULT_TIMEOUTS,
  Transport,
  type ProbeWireRequest,
  type RequestTimeouts,
  type SentRequest,
  type WireAnswer,
} from './transport.js';
import type { ProbeLimits } from '../probe/dry-run-guard.js';
import type { LiveRestore } from '../probe/live-restore-guard.js';

export interface OpenOptions {
  /** Decides where connections may go; `EgressPolicy` of libs/platform. */
  readonly egress: EgressResolver;
  /** What is not given is taken from `DEFAULT_BUDGET`. */
  readonly budget?: Partial<BudgetLimits>;
  readonly userAgent: string;
  /** Ends everything with `ClusterError('cancelled')`. */
  readonly signal?: AbortSignal;
  readonly timeouts?: RequestTimeouts;
  /** Hears of every request that is sent, also of those that are tried again. */
  readonly onRequest?: (request: SentRequest) => void;
}

export interface ReadOptions {
  readonly accept?: string;
  /** May use the last part of the time budget, which is set aside for the closing identity check. */
  readonly reserved?: boolean;
  /** How often to try, 1 to 3. Default 3. */
  readonly tries?: number;
}

export interface ObjectAnswer {
  readonly body: Readonly<Record<string, unknown>>;
  readonly record: RequestRecord;
}

export interface JsonAnswer extends ObjectAnswer {
  /** From the first byte sent to the last one read. */
  readonly durationMs: number;
}

const TRIES = 3;
/** Largest single answer that is no list; discovery of the largest clusters is about 1 MiB. */
const MAX_JSON = 16 * 1024 ** 2;
/** Share of the time budget that only the closing identity check may use, and its upper bound in milliseconds. */
const RESERVE_SHARE = 0.1;
const MAX_RESERVE_MS = 5_000;
/** For one try to delete what a live drill created. */
const DELETION_MS = 20_000;

/**
 * Reads one cluster, once. There is no cache beyond this object, so nothing of one cluster can be mistaken for another's;
 * open one per target and close it. Only reads, reviews of rights (`assertAllowed`) and guarded dry-runs
 * (`assertDryRun`, `assertDrillDryRun`) are possible, and the one binding of an approved live drill
 * (`assertLiveRestore`), which is created and deleted.
 */
export class ClusterClient {
  private readonly soft = new AbortController();
  private readonly hard = new AbortController();
  private readonly timers: NodeJS.Timeout[];
  private readonly reserveMs: number;

  private constructor(
    private readonly transport: Transport,
    readonly budget: Budget,
    private readonly backoffMs: number,
    private readonly outer: AbortSignal | undefined,
  ) {
    const { wallMs } = budget.limits;
    this.reserveMs = Math.min(MAX_RESERVE_MS, wallMs * RESERVE_SHARE);
    const over = () => new ClusterError('budgetExceeded', { detail: 'time' });
    this.timers = [
      setTimeout(() => this.soft.abort(over()), wallMs - this.reserveMs),
      setTimeout(() => this.hard.abort(over()), wallMs),
    ];
    for (const timer of this.timers) timer.unref();
    // Every waiting request listens.
    setMaxListeners(0, this.soft.signal, this.hard.signal);
    if (outer?.aborted) this.cancel();
    else outer?.addEventListener('abort', this.cancel, { once: true });
  }

  /** Resolves and checks the address; the first request connects. Throws `invalidAccess`, `egressDenied`, `unresolvable`. */
  static async open(access: ClusterAccess, options: OpenOptions): Promise<ClusterClient> {
    const parsed = parseServerUrl(access.server);
    if (!('server' in parsed) || parsed.server !== access.server) throw new ClusterError('invalidAccess');
    if (access.proxyUrl !== undefined) throw new ClusterError('proxyUnsupported');
    const authorities = access.caData === undefined ? undefined : readCertificates(access.caData);
    // OpenSSL passes over what is no certificate, and would trust nobody.
    if (access.caData !== undefined && !authorities) throw new ClusterError('invalidAccess');
    const address = await checkedAddress(options.egress, access.server);
    const budget = new Budget({ ...DEFAULT_BUDGET, ...options.budget });
    try {
      const timeouts = options.timeouts ?? DEFAULT_TIMEOUTS;
      const caData = authorities?.map((certificate) => certificate.toString()).join('');
      const { userAgent, onRequest } = options;
      const transport = new Transport({ ...access, caData }, address, budget, userAgent, timeouts, onRequest);
      return new ClusterClient(transport, budget, timeouts.backoffMs, options.signal);
    } catch {
      throw new ClusterError('invalidAccess');
    }
  }

  /** Facts of the TLS connection, after the first request. */
  get tls(): TlsFacts | undefined {
    return this.transport.tls;
  }

  /** GET of one JSON object. */
  async getJson(path: string, options: ReadOptions = {}): Promise<JsonAnswer> {
    return this.readJson('GET', path, undefined, options);
  }

  /** GET of one object by name; undefined where the API server says that this object does not exist. */
  async getObject(
    type: ResourceType,
    where: { readonly namespace?: string; readonly name: string },
    options: ReadOptions = {},
  ): Promise<ObjectAnswer | undefined> {
    const path = resourcePath(type, where);
    const accept = options.accept ?? 'application/json';
    return this.retrying(options, (signal) =>
      this.transport.exchange({ method: 'GET', path, accept }, signal, async (answer) => {
        if (answer.status === 404 && answer.isJson && isNotFound(await readBody(answer), where.name)) return undefined;
        assertAnswered(answer);
        return { body: await readBody(answer), record: requestRecord(path, answer) };
      }),
    );
  }

  /** POST of a review of rights; the answer's body. */
  async review(path: string, body: Readonly<Record<string, unknown>>, options: ReadOptions = {}): Promise<JsonAnswer> {
    return this.readJson('POST', path, JSON.stringify(body), options);
  }

  /**
   * Every object of a list, page by page, each passed through `project` as it arrives; undefined drops it. The answer is the
   * whole list at one resourceVersion or an error, never a part.
   */
  async list<T>(type: ResourceType, options: ListOptions<T>): Promise<ListAnswer<T>> {
    const { value, record } = await this.gather(type, options, inOrder<T>());
    return { items: value, record };
  }

  /** As `list`, for a list that is too long to be held: what is made of it grows with each page. */
  async gather<T, S>(type: ResourceType, options: ListOptions<T>, gatherer: Gatherer<T, S>): Promise<Gathered<S>> {
    const reader: PageReader = {
      budget: this.budget,
      page: (path, accept, read) =>
        this.retrying({}, (signal) => this.transport.exchange({ method: 'GET', path, accept }, signal, read)),
    };
    return gatherList(reader, type, options, gatherer);
  }

  /**
   * Sends one probe (see `Transport.probe`) and answers with what came back, whatever its status. Tried once: a probe that
   * got no answer is asked again in the next audit.
   */
  async probe(request: ProbeWireRequest, limits: Omit<ProbeLimits, 'server'>): Promise<ProbeReply> {
    return this.transport.probe(request, limits, this.soft.signal, probeReply);
  }

  /**
   * Sends one request of a drill (see `Transport.drill`), once, and answers with what came back, whatever its status. The
   * deletion of what a live drill created has a time of its own: neither the budget nor a wish to stop leaves it behind.
   */
  async drill(request: ProbeWireRequest, live?: LiveRestore): Promise<ProbeReply> {
    const isDeletion = live?.uid !== undefined;
    const signal = isDeletion ? AbortSignal.timeout(DELETION_MS) : this.soft.signal;
    return this.transport.drill(request, live, signal, probeReply);
  }

  /** The self-test of active verification, whatever the answer. */
  async guardTest(
    where: { readonly namespace: string; readonly service: string },
    headers: Readonly<Record<string, string>>,
  ): Promise<ProbeReply> {
    const { namespace, service } = where;
    const path = `${resourcePath({ group: '', version: 'v1', resource: 'services' }, { namespace, name: service })}/proxy/`;
    return this.transport.guardTest(path, headers, this.soft.signal, probeReply);
  }

  stats(): CollectionStats {
    return this.budget.stats();
  }

  /** Ends all connections and timers. Never throws. */
  async close(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    this.outer?.removeEventListener('abort', this.cancel);
    await this.transport.close().catch(() => {});
  }

  private readonly cancel = (): void => {
    this.soft.abort(new ClusterError('cancelled'));
    this.hard.abort(new ClusterError('cancelled'));
  };

  private readJson(
    method: 'GET' | 'POST',
    path: string,
    body: string | undefined,
    options: ReadOptions,
  ): Promise<JsonAnswer> {
    const request = { method, path, accept: options.accept ?? 'application/json', ...(body !== undefined && { body }) };
    return this.retrying(options, async (signal) => {
      const started = performance.now();
      return this.transport.exchange(request, signal, async (answer) => {
        assertAnswered(answer);
        return {
          body: await readBody(answer),
          record: requestRecord(path, answer),
          durationMs: performance.now() - started,
        };
      });
    });
  }

  /** Tries again, after a pause, what may pass: 429, 5xx, time-outs and lost connections. */
  private async retrying<T>(options: ReadOptions, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = options.reserved ? this.hard : this.soft;
    const tries = options.tries ?? TRIES;
    for (let tried = 1; ; tried++) {
      try {
        return await attempt(signal);
      } catch (error) {
        if (!(error instanceof ClusterError) || !RETRIED.has(error.code) || tried >= tries) throw error;
        const wait = error.retryAfterMs ?? this.backoffMs * 2 ** (tried - 1) * (1 + Math.random());
        if (wait >= this.budget.remainingMs(options.reserved ? 0 : this.reserveMs)) throw error;
        await pause(wait, signal);
      }
    }
  }
}

export interface ProbeReply {
  readonly status: number;
  /** A Status, or the object that the dry-run came to; undefined where the answer is no JSON object. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly auditId?: string;
}

async function probeReply(answer: WireAnswer): Promise<ProbeReply> {
  const { status, isJson } = answer;
  const { auditId } = requestRecord('', answer);
  const body = isJson ? await readBody(answer) : undefined;
  return { status, body, ...(auditId !== undefined && { auditId }) };
}

const RETRIED: ReadonlySet<string> = new Set(['transient', 'timeout', 'connectionLost']);

async function readBody(answer: WireAnswer): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer.body) {
    bytes += chunk.length;
    if (bytes > MAX_JSON) throw new ClusterError('malformed', { detail: 'size' });
    chunks.push(chunk);
  }
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(chunks, bytes).toString('utf8'));
  } catch {
    throw new ClusterError('malformed');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new ClusterError('malformed');
  return body as Readonly<Record<string, unknown>>;
}

/** A Status about this very object. The 404 of an unknown path is plain text, or names no object. */
function isNotFound(body: Readonly<Record<string, unknown>>, name: string): boolean {
  const { kind, reason, details } = body;
  return (
    kind === 'Status' &&
    reason === 'NotFound' &&
    typeof details === 'object' &&
    details !== null &&
    (details as { name?: unknown }).name === name
  );
}
