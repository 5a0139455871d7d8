import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { CertificateAuthority } from './certificates.js';
import type { Fault } from './faults.js';
import { json, send, text, type Reply } from './reply.js';
import type { SimulatedRequest } from './route.js';
import type { SimulatedCluster } from './simulated-cluster.js';
import { internalError } from './statuses.js';
import { sleep } from './sleep.js';

export interface SimulatedServerOptions {
  /** One cluster is served at the root; several each under `/clusters/<name>`. */
  readonly clusters: SimulatedCluster | readonly SimulatedCluster[];
  /** Default: a new one. */
  readonly authority?: CertificateAuthority;
  /** Default: any free port of 127.0.0.1. */
  readonly port?: number;
}

/** An HTTPS listener on 127.0.0.1 that answers for one or many simulated clusters. */
export class SimulatedServer {
  private constructor(
    readonly authority: CertificateAuthority,
    private readonly server: Server,
    private readonly clusters: ReadonlyMap<string, SimulatedCluster> | SimulatedCluster,
    readonly port: number,
  ) {}

  static async start(options: SimulatedServerOptions): Promise<SimulatedServer> {
    const authority = options.authority ?? (await CertificateAuthority.create('plimsoll-simulator-ca'));
    const { certPem, keyPem } = await authority.issueServer(['localhost', '127.0.0.1']);
    const clusters =
      'answer' in options.clusters
        ? options.clusters
        : new Map(options.clusters.map((cluster) => [cluster.name, cluster]));
    const server = createServer({
      cert: certPem,
      key: keyPem,
      ca: authority.certPem,
      requestCert: true,
      rejectUnauthorized: false,
      keepAlive: true,
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    const simulated = new SimulatedServer(authority, server, clusters, (server.address() as AddressInfo).port);
    server.on('request', (request, response) => void simulated.serve(request, response));
    server.unref();
    return simulated;
  }

  get caPem(): string {
    return this.authority.certPem;
  }

  /** The address that a kubeconfig of this cluster holds. */
  urlOf(cluster: SimulatedCluster): string {
    const prefix = this.clusters instanceof Map ? `/clusters/${cluster.name}` : '';
    return `https://127.0.0.1:${this.port}${prefix}`;
  }

  /** Ends open connections too, also those of requests that hang. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    const url = new URL(incoming.url ?? '/', 'https://127.0.0.1');
    const { cluster, path } = this.clusterOf(url.pathname);
    if (cluster === undefined) return send(response, text(404, '404 page not found\n'), '');
    const pathAndQuery = `${path}${url.search}`;
    const method = incoming.method ?? 'GET';
    const record = (status: number) =>
      cluster.requests.add({ method, path: pathAndQuery, user: cluster.user.name, status });
    try {
      const faults = cluster.strike(method, pathAndQuery);
      for (const fault of faults) if (fault.kind === 'slow') await sleep(fault.delayMs);
      if (faults.some(({ kind }) => kind === 'hang')) return record(0);
      if (faults.some(({ kind }) => kind === 'close')) {
        record(0);
        incoming.socket.destroy();
        return;
      }
      const request = await readRequest(incoming, path, url.searchParams);
      const reply = faultReply(faults) ?? cluster.answer(request, faults);
      record(reply.status);
      response.setHeader('audit-id', randomUUID());
      response.setHeader('cache-control', 'no-cache, private');
      if (faults.some(({ kind }) => kind === 'truncate')) return truncated(response, reply);
      await send(response, reply, request.headers['accept-encoding'] ?? '');
    } catch {
      // The client is gone, or sent nonsense: nobody is left to tell.
      response.destroy();
    }
  }

  private clusterOf(pathname: string): { cluster: SimulatedCluster | undefined; path: string } {
    if (!(this.clusters instanceof Map)) return { cluster: this.clusters as SimulatedCluster, path: pathname };
    const match = /^\/clusters\/([^/]+)(\/.*)?$/.exec(pathname);
    return { cluster: this.clusters.get(match?.[1] ?? ''), path: match?.[2] ?? '/' };
  }
}

async function readRequest(incoming: IncomingMessage, path: string, query: URLSearchParams): Promise<SimulatedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const certificate = clientCertificate(incoming.socket as TLSSocket);
  return {
    method: incoming.method ?? 'GET',
    path,
    query,
    headers: incoming.headers as Readonly<Record<string, string | undefined>>,
    body: Buffer.concat(chunks).toString('utf8'),
    ...(certificate && { certificate }),
  };
}

function clientCertificate(socket: TLSSocket): SimulatedRequest['certificate'] {
  if (!socket.authorized) return undefined;
  const subject = socket.getPeerCertificate().subject as { CN?: string; O?: string | string[] } | undefined;
  if (subject?.CN === undefined) return undefined;
  return { user: subject.CN, groups: [subject.O ?? []].flat() };
}

function faultReply(faults: readonly Fault[]): Reply | undefined {
  for (const fault of faults) {
    const retryAfter: Record<string, string> =
      fault.kind === 'status' && fault.retryAfterSeconds !== undefined
        ? { 'retry-after': String(fault.retryAfterSeconds) }
        : {};
    if (fault.kind === 'garbage') return { status: 200, body: '<html><body>It works!</body></html>\n' };
    if (fault.kind === 'json') return json(200, fault.body);
    if (fault.kind === 'redirect') return text(302, 'Found\n', { location: fault.location });
    if (fault.kind === 'status' && (fault.status === 429 || fault.status === 503))
      return text(fault.status, 'Too many requests, please try again later.\n', retryAfter);
    if (fault.kind === 'status') return { ...json(fault.status, internalError(fault.status)), headers: retryAfter };
  }
  return undefined;
}

/** Half of the body, under a length that promises the whole. */
function truncated(response: ServerResponse, reply: Reply): void {
  const body = typeof reply.body === 'string' ? reply.body : [...reply.body].join('');
  response.writeHead(reply.status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.write(body.slice(0, Math.floor(body.length / 2)), () => response.destroy());
}
