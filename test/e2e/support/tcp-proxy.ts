import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/**
 * An address of its own in front of a server, on the level of TCP: certificates, tokens and bytes pass as they are. What
 * stands behind it can be exchanged, as a load balancer or a DNS entry is.
 */
export class TcpProxy {
  private readonly connections = new Set<Socket>();
  private readonly held: (() => void)[] = [];
  private holding = false;

  private constructor(
    private readonly server: Server,
    private port: number,
    /** `https://127.0.0.1:<port>` */
    readonly url: string,
  ) {}

  /** @param target URL of the server behind it */
  static async start(target: string): Promise<TcpProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const proxy = new TcpProxy(server, portOf(target), url);
    server.on('connection', (socket) => proxy.accept(socket));
    return proxy;
  }

  /** From now on another server answers here; connections that are open are cut. */
  pointTo(target: string): void {
    this.port = portOf(target);
    this.cut();
  }

  /** Connections are taken and nothing is passed on, until `release()`. */
  hold(): void {
    this.holding = true;
    this.cut();
  }

  release(): void {
    this.holding = false;
    for (const proceed of this.held.splice(0)) proceed();
  }

  /** Connections that wait for `release()`. */
  get waiting(): number {
    return this.held.length;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(client: Socket): void {
    this.keep(client);
    const proceed = () => {
      const upstream = connect(this.port, '127.0.0.1');
      this.keep(upstream);
      client.pipe(upstream).pipe(client);
      client.once('close', () => upstream.destroy());
      upstream.once('close', () => client.destroy());
    };
    if (!this.holding) {
      proceed();
      return;
    }
    this.held.push(proceed);
    client.once('close', () => {
      const index = this.held.indexOf(proceed);
      if (index >= 0) this.held.splice(index, 1);
    });
  }

  private keep(socket: Socket): void {
    this.connections.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.connections.delete(socket));
  }

  private cut(): void {
    for (const socket of this.connections) socket.destroy();
  }
}

const portOf = (url: string) => Number(new URL(url).port);
