import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from './poll.js';

export interface ReceivedRequest {
  readonly path: string;
  readonly body: string;
  readonly json: unknown;
}

/** A local HTTP server that keeps what is posted to it: the far end of an alert. */
export class HttpReceiver {
  readonly received: ReceivedRequest[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<HttpReceiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new HttpReceiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        receiver.received.push({ path: request.url ?? '', body, json: parse(body) });
        response.end();
      });
    });
    server.unref();
    return receiver;
  }

  /** The first request that `matches`, now or later. */
  waitFor(what: string, matches: (request: ReceivedRequest) => boolean): Promise<ReceivedRequest> {
    return eventually(what, () => this.received.find(matches));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
