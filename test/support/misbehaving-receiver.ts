import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What the receiver does with one request. A function looks at it first. */
export type Behaviour =
  | Answer
  | 'hang'
  | 'close'
  | 'hugeBody'
  | 'slowDrip'
  | 'truncated'
  | ((request: ReceivedRequest) => Answer);

export interface MisbehavingReceiver {
  /** `http(s)://127.0.0.1:<port>` or `https://localhost:<port>`. */
  readonly origin: string;
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  readonly requests: readonly ReceivedRequest[];
  /** Bytes of bodies that were handed to the network, to see that a client stops reading. */
  bytesSent(): number;
  /** The next behaviours in order; the last one stays. */
  script(...behaviours: readonly [Behaviour, ...Behaviour[]]): void;
  stop(): Promise<void>;
}

/** A receiver of webhooks that does what receivers do on bad days. Starts with HTTP 200 and the text `ok`. */
export async function startMisbehavingReceiver(tls?: { key: string; cert: string }): Promise<MisbehavingReceiver> {
  const requests: ReceivedRequest[] = [];
  let sent = 0;
  let behaviours: readonly Behaviour[] = [{ status: 200, body: 'ok' }];
  let next = 0;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const received = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    requests.push(received);
    const behaviour = behaviours[Math.min(next, behaviours.length - 1)] ?? { status: 500 };
    next += 1;
    if (behaviour === 'hang') return;
    if (behaviour === 'close') return void request.socket.destroy();
    if (behaviour === 'hugeBody') return sendEndless(response, (bytes) => (sent += bytes));
    if (behaviour === 'slowDrip') return sendSlowly(response);
    if (behaviour === 'truncated') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"ok": tr', () => request.socket.destroy());
      return;
    }
    const answer = typeof behaviour === 'function' ? behaviour(received) : behaviour;
    response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response).catch(() => response.destroy());
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    requests,
    bytesSent: () => sent,
    script: (...list) => {
      behaviours = list;
      next = 0;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const GIGABYTE = 1024 ** 3;

/** Up to 1 GB, as fast as it is taken. */
function sendEndless(response: ServerResponse, count: (bytes: number) => void): void {
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': String(GIGABYTE) });
  const chunk = Buffer.alloc(64 * 1024, 'x');
  let left = GIGABYTE;
  const write = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length;
      count(chunk.length);
      if (!response.write(chunk)) return void response.once('drain', write);
    }
    response.end();
  };
  write();
}

/** One byte at a time, never finishing: each byte restarts a naive idle timeout. */
function sendSlowly(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/plain' });
  const timer = setInterval(() => response.write('o'), 20);
  response.once('close', () => clearInterval(timer));
}
