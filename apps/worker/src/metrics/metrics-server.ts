import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ListenAddress } from '#libs/platform';

export interface MetricsSource {
  /** Prometheus text format. */
  metrics(): Promise<string>;
  readonly contentType: string;
  /** Rejects where this worker cannot work, such as without its database. */
  ready(): Promise<void>;
}

/**
 * The only port a worker opens, where `PLIMSOLL_METRICS_LISTEN` asks for it: `/metrics`, `/livez` (the process
 * answers) and `/readyz` (database and queues answer).
 */
export class MetricsServer {
  private constructor(private readonly server: Server) {}

  static async start(listen: ListenAddress, source: MetricsSource): Promise<MetricsServer> {
    const server = createServer((request, response) => void answer(request.url ?? '/', response, source));
    server.listen(listen.port, listen.host);
    await once(server, 'listening');
    return new MetricsServer(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

async function answer(url: string, response: ServerResponse, source: MetricsSource): Promise<void> {
  const send = (status: number, body: string, type = 'text/plain; charset=utf-8') =>
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
  const path = url.split('?')[0];
  try {
    if (path === '/livez') send(200, 'ok\n');
    else if (path === '/readyz') {
      await source.ready();
      send(200, 'ok\n');
    } else if (path === '/metrics') send(200, await source.metrics(), source.contentType);
    else send(404, 'Known paths: /livez, /readyz, /metrics\n');
  } catch {
    send(503, 'not ready: the database or the job queues do not answer\n');
  }
}
