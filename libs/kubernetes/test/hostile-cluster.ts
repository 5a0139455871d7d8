import type { ServerOptions } from 'node:https';
import { EgressPolicy } from '#libs/platform';
import type { ClusterAccess } from '../src/access/cluster-access.js';
import type { BudgetLimits } from '../src/client/budget.js';
import { ClusterClient, type OpenOptions } from '../src/client/cluster-client.js';
import { DEFAULT_TIMEOUTS, type RequestTimeouts } from '../src/client/transport.js';
import { ClusterError } from '../src/cluster-error.js';
import { HostileServer, MARKER, type Handler } from './hostile-server.js';

const LOOPBACK = new EgressPolicy({ allowCidrs: ['127.0.0.0/8', '::1/128'], allowPorts: [] });
/** No waiting for a slot in tests. */
export const FAST: BudgetLimits = { wallMs: 20_000, bytes: 24 * 1024 ** 2, requests: 500, qps: 10_000, burst: 1_000 };
export const TOKEN = 'a-very-secret-token';

/** Opens a client for a server on this machine. */
export function openClient(
  access: Partial<ClusterAccess> & Pick<ClusterAccess, 'server'>,
  options: Partial<Omit<OpenOptions, 'timeouts' | 'budget'>> & {
    readonly budget?: Partial<BudgetLimits>;
    readonly timeouts?: Partial<RequestTimeouts>;
  } = {},
): Promise<ClusterClient> {
  return ClusterClient.open(
    { credential: { kind: 'token', token: TOKEN }, ...access },
    {
      egress: LOOPBACK,
      userAgent: 'plimsoll-test',
      ...options,
      budget: { ...FAST, ...options.budget },
      timeouts: { ...DEFAULT_TIMEOUTS, backoffMs: 5, ...options.timeouts },
    },
  );
}

/** Runs `use` against a server that answers with `handler`, and closes both. */
export async function withServer<T>(
  pki: ServerOptions & { readonly caPem: string },
  handler: Handler,
  options: Parameters<typeof openClient>[1],
  use: (client: ClusterClient, server: HostileServer) => Promise<T>,
): Promise<T> {
  const { caPem, ...tls } = pki;
  const server = await HostileServer.start(tls, handler);
  const client = await openClient({ server: server.url, caData: caPem }, options);
  try {
    return await use(client, server);
  } finally {
    await client.close();
    await server.close();
  }
}

/** What a failed use of a client comes to. */
export interface HostileOutcome {
  readonly code: string;
  readonly detail?: string;
  readonly status?: number;
  /** How many requests were made. */
  readonly requests: number;
  /** How many bytes were read, decompressed. */
  readonly bytes: number;
}

/** Uses a client of a server that answers with `handler`; the use must fail. */
export function outcomeOf(
  pki: Parameters<typeof withServer>[0],
  handler: Handler,
  use: (client: ClusterClient) => Promise<unknown>,
  options: Parameters<typeof openClient>[1] = {},
): Promise<HostileOutcome> {
  return withServer(pki, handler, options, async (client, server) => {
    const { code, detail, status } = await failureOf(use(client));
    return { code, detail, status, requests: server.requests.length, bytes: client.stats().bytes };
  });
}

/** The error of a promise that must fail; throws where anything of the other side, or of ours, can be read in it. */
export async function failureOf(promise: Promise<unknown>): Promise<ClusterError> {
  const error: unknown = await promise.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
  if (!(error instanceof ClusterError)) throw error;
  const visible = [error.message, error.hint, error.stack, JSON.stringify(error), String(error.cause)].join('\n');
  if (visible.includes(MARKER) || visible.includes(TOKEN))
    throw new Error('the error repeats a secret', { cause: error });
  return error;
}
