/** A TCP connection that can fall silent or break: everything that goes to `host` goes on to the real one. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

export class Wire {
  readonly host: string;
  private readonly server: Server;
  private readonly pairs = new Set<Pair>();
  private isSilent = false;
  private isRefusing = false;

  private constructor(server: Server, to: string) {
    this.server = server;
    this.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [host, port] = to.split(':') as [string, string];
    server.on('connection', (near) => this.take({ near, far: connect(Number(port), host) }));
  }

  static async to(host: string): Promise<Wire> {
    const server = createServer({ allowHalfOpen: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Wire(server, host);
  }

  /** Nothing passes any more, and nobody is told: neither on what is open nor on what will be. */
  silence(): void {
    this.isSilent = true;
    this.silenceOpen();
  }

  /** What is open now stays silent; new connections work: the other end has forgotten us, and no RST came through. */
  silenceOpen(): void {
    for (const { near, far } of this.pairs) {
      near.unpipe(far).pause();
      far.unpipe(near).pause();
    }
  }

  /** Breaks what is open and whatever comes, as a port does where nobody listens. */
  refuse(): void {
    this.isRefusing = true;
    this.cut();
  }

  /** Passes on again what was held up, and takes new connections. */
  speak(): void {
    this.isSilent = false;
    this.isRefusing = false;
    for (const pair of this.pairs) pass(pair);
  }

  /** Breaks what is open. */
  cut(): void {
    for (const { near, far } of this.pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(pair: Pair): void {
    this.pairs.add(pair);
    if (this.isRefusing) this.cut();
    for (const socket of [pair.near, pair.far]) {
      socket.setNoDelay(true);
      // One end's breaking is the other's.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.pairs.delete(pair);
        pair.near.destroy();
        pair.far.destroy();
      });
    }
    if (!this.isSilent && !this.isRefusing) pass(pair);
  }
}

function pass({ near, far }: Pair): void {
  near.pipe(far);
  far.pipe(near);
}
