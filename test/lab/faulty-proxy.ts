import { createServer, request as forward, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LabCluster } from './cluster.js';
import { CertificateAuthority } from './pki.js';
import { sleep } from './poll.js';

/** A request as it was sent. Names of headers in lower case. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What the proxy does with each request. */
export type ProxyMode =
  | { readonly kind: 'pass' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** The request is taken and never answered. */
  | { readonly kind: 'hang' }
  /** Half of the body, then the connection is closed. */
  | { readonly kind: 'truncate' }
  | { readonly kind: 'redirect'; readonly location: string }
  /** The answers of another cluster, with that cluster's administrator asking. */
  | { readonly kind: 'swap'; readonly to: LabCluster };

/**
 * Stands in front of a cluster under a certificate of the cluster's own authority, and can be told to misbehave.
 * Client certificates do not pass through it: use tokens.
 */
export class FaultyProxy {
  mode: ProxyMode = { kind: 'pass' };
  /** Method and path of every request, in order. */
  readonly requests: string[] = [];
  /** Every request with all that it says, in the order of their ends. */
  readonly recorded: RecordedRequest[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
    private readonly cluster: LabCluster,
  ) {}

  static async start(cluster: LabCluster): Promise<FaultyProxy> {
    const authority = await CertificateAuthority.load(cluster.handle.authority);
    const { certPem, keyPem } = await authority.issueServer(['127.0.0.1']);
    const server = createServer({ cert: certPem, key: keyPem });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const proxy = new FaultyProxy(server, url, cluster);
    server.on('request', (request, response) => void proxy.handle(request, response));
    server.unref();
    return proxy;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private record(request: IncomingMessage): void {
    const { method = '', url = '', headers } = request;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      this.recorded.push({ method, url, headers, body: Buffer.concat(chunks).toString('utf8') });
    });
    // Until it is piped: a listener alone would let the body flow away.
    request.pause();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests.push(`${request.method} ${request.url}`);
    this.record(request);
    const { mode } = this;
    if (mode.kind === 'hang') return;
    if (mode.kind === 'redirect') {
      response.writeHead(302, { location: mode.location }).end();
      return;
    }
    if (mode.kind === 'delay') await sleep(mode.ms);
    const other = mode.kind === 'swap' ? mode.to : undefined;
    const { authorization: _, ...anonymous } = request.headers;
    const upstream = forward(
      `${(other ?? this.cluster).server}${request.url}`,
      {
        method: request.method,
        headers: other === undefined ? request.headers : anonymous,
        ca: (other ?? this.cluster).caPem,
        ...(other && { cert: other.handle.admin.certPem, key: other.handle.admin.keyPem }),
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        if (mode.kind !== 'truncate') {
          answer.pipe(response);
          return;
        }
        answer.once('data', (chunk: Buffer) => {
          response.write(chunk.subarray(0, Math.ceil(chunk.length / 2)), () => response.destroy());
          answer.destroy();
        });
      },
    );
    upstream.once('error', () => response.destroy());
    request.pipe(upstream);
  }
}
