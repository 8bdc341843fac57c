/** The console as an operator starts it: the built command line in a process of its own, with Firestore's emulator behind a switch. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const COMMAND = join(ROOT, 'kit/lib/cli/main.js');

export interface ConsoleProcess {
  readonly url: string;
  /** Ends it as Ctrl-C does. Returns its exit code. */
  readonly end: () => Promise<number | null>;
}

/** @param firestore `host:port` of the emulator. */
export async function startConsoleProcess(firestore: string): Promise<ConsoleProcess> {
  const child = spawn(process.execPath, [COMMAND, 'console', '--port', '0'], {
    cwd: ROOT,
    env: { ...process.env, FIRESTORE_EMULATOR_HOST: firestore },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { url: await urlOf(child), end: () => ended(child) };
}

async function urlOf(child: ChildProcess): Promise<string> {
  let said = '';
  for await (const chunk of mergedOutput(child)) {
    said += chunk;
    const [, url] = /^Console {2}(http:\/\/127\.0\.0\.1:\d+\/)$/m.exec(said) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error(`The console did not start:\n${said}`);
}

async function* mergedOutput({ stdout, stderr }: ChildProcess): AsyncGenerator<string> {
  let errors = '';
  stderr?.on('data', (chunk) => (errors += String(chunk)));
  for await (const chunk of stdout?.iterator({ destroyOnReturn: false }) ?? []) yield String(chunk);
  yield errors;
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  child.kill('SIGINT');
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

/** A way to a server that can be closed: connections break, and new ones are refused. */
export class Switch {
  private readonly target: string;
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private port = 0;

  constructor(target: string) {
    this.target = target;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  async open(): Promise<void> {
    const { hostname, port } = new URL(`http://${this.target}`);
    const server = createServer((socket) => {
      const onward = connect(Number(port), hostname);
      for (const [one, other] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        this.sockets.add(one);
        one.pipe(other);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          this.sockets.delete(one);
          other.destroy();
        });
      }
    });
    this.server = server;
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.port = (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const { server } = this;
    if (server?.listening !== true) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
