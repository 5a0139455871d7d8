import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** Stands in every answer of a hostile server; must never be seen in an error. */
export const MARKER = 'UPSTREAM-5ecret-MARKER';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

/** `nth` counts the requests from 1. */
export type Handler = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

/** An HTTPS server on 127.0.0.1 that answers exactly as badly as its handler wants. */
export class HostileServer {
  readonly requests: SeenRequest[] = [];
  connections = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    handler: Handler,
  ) {
    server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.sockets.delete(socket));
    });
    server.on('tlsClientError', () => {});
    server.on('request', (request, response) => {
      const { method = '', url = '', headers } = request;
      this.requests.push({ method, url, headers });
      response.on('error', () => {});
      handler(request, response, this.requests.length);
    });
  }

  static async start(options: ServerOptions, handler: Handler): Promise<HostileServer> {
    const server = createServer(options);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new HostileServer(server, handler);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** Bytes that all open connections have sent. */
  get bytesSent(): number {
    return [...this.sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A complete JSON answer. */
export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-upstream': MARKER }).end(JSON.stringify(body));
}

/** Writes as fast as the other side reads, until it goes away. */
export function pour(response: ServerResponse, chunk: Buffer, times = Number.POSITIVE_INFINITY): void {
  let left = times;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= 1;
      if (!response.write(chunk)) {
        response.once('drain', more);
        return;
      }
    }
    if (!response.destroyed) response.end();
  };
  more();
}
