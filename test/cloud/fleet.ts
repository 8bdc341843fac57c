/** The instances: processes that run the built bundle, and can be killed, stopped and woken. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request, type OutgoingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Clock } from './clock.ts';
import type { Endpoints } from './endpoints.ts';
import { FirestoreProxy } from './firestore-proxy.ts';
import { functionsSource } from '../functions-source.ts';
import { Wire } from './wire.ts';

export interface InstanceOptions {
  /** Its clock is ahead by so much, ms. */
  readonly skewMs?: number;
  /** Its heap, MiB; default: Node's own. */
  readonly heapMiB?: number;
  /** It reaches Firestore and FCM through {@link Instance.wires}, which can be cut. */
  readonly wired?: boolean;
}

export interface Wires {
  readonly firestore: Wire;
  /** Knows the calls, and what to do to them. */
  readonly calls: FirestoreProxy;
  readonly fcm: Wire;
}

export interface Answer {
  /** 0: none came, the connection broke. */
  readonly status: number;
  readonly body: string;
}

export interface Call {
  readonly headers: OutgoingHttpHeaders;
  readonly body: Uint8Array;
}

export class Instance {
  readonly log: string[] = [];
  readonly wires: Wires | undefined;
  isFrozen = false;
  isGone = false;
  /** Calls that it has not answered. */
  running = 0;
  private readonly child: ChildProcess;
  private readonly port: number;
  private readonly agent = new Agent({ keepAlive: true });

  constructor(child: ChildProcess, port: number, wires: Wires | undefined) {
    this.child = child;
    this.port = port;
    this.wires = wires;
    child.once('exit', () => {
      this.isGone = true;
    });
  }

  /** As when a machine dies: nothing is told to anybody. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /**
   * As when Cloud Run shuts an instance down. It would give a container 10 s, but Google's functions framework ends the process with
   * the signal (github.com/GoogleCloudPlatform/functions-framework-nodejs, src/invoker.ts), and so does Node, which it is left to here.
   */
  shutDown(): Promise<void> {
    return this.end('SIGTERM');
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (!this.isGone) {
      const gone = once(this.child, 'exit');
      this.child.kill(signal);
      await gone;
    }
    this.agent.destroy();
    await Promise.all([
      this.wires?.firestore.close(),
      this.wires?.calls.close(),
      this.wires?.fcm.close(),
    ]);
  }

  /** As when the platform takes the CPU away. */
  freeze(): void {
    this.isFrozen = true;
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.isFrozen = false;
    this.child.kill('SIGCONT');
  }

  /** Never rejects: a broken connection is an answer, too. */
  call(functionName: string, { headers, body }: Call): Promise<Answer> {
    this.running += 1;
    return new Promise<Answer>((resolve) => {
      const to = { host: '127.0.0.1', port: this.port, path: `/${functionName}` };
      const outgoing = request({ ...to, method: 'POST', agent: this.agent, headers });
      const broken = (error: Error) => resolve({ status: 0, body: error.message });
      outgoing.on('error', broken);
      outgoing.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
        response.on('error', broken);
      });
      outgoing.end(body);
    }).finally(() => {
      this.running -= 1;
    });
  }

  /** What it logged as an error. */
  get errors(): readonly string[] {
    return this.log.filter((line) => line.includes('"severity":"ERROR"'));
  }
}

export interface FleetOptions {
  readonly clock: Clock;
  readonly firestoreHost: string;
  readonly fcmHost: string;
  /** Of every instance. */
  readonly env: Readonly<Record<string, string>>;
}

interface Hello {
  readonly port: number;
  readonly endpoints: Endpoints;
}

export class Fleet {
  /** Functions that were deleted; every instance still could run them. */
  readonly deleted = new Set<string>();
  readonly instances: Instance[] = [];
  /** Calls that were not over when the platform stopped waiting. */
  overruns = 0;
  private readonly options: FleetOptions;
  private built: Endpoints = {};
  private booting: Promise<Instance> | undefined;
  private isClosed = false;

  constructor(options: FleetOptions) {
    this.options = options;
  }

  /** Starts an instance, which takes what comes from now on; one at a time. */
  boot(options: InstanceOptions = {}): Promise<Instance> {
    this.booting = this.start(options).finally(() => {
      this.booting = undefined;
    });
    return this.booting;
  }

  /** What is deployed. */
  get endpoints(): Endpoints {
    const there = Object.entries(this.built).filter(([name]) => !this.deleted.has(name));
    return Object.fromEntries(there);
  }

  /** Has a function called on the newest instance that is at work, on a new one if there is none. */
  async call(functionName: string, call: Call): Promise<Answer> {
    const { clock } = this.options;
    if (this.isClosed) return { status: 0, body: 'The cloud is closed.' };
    if (this.deleted.has(functionName)) return { status: 404, body: 'There is no such function.' };
    const instance = this.atWork().at(-1) ?? (await (this.booting ?? this.boot()));
    const { timeoutSeconds = 60 } = this.endpoints[functionName] ?? {};
    return new Promise((resolve) => {
      // The platform stops waiting; what it called goes on, as it may there.
      const cancel = clock.at(clock.now() + timeoutSeconds * 1000, () => {
        this.overruns += 1;
        resolve({ status: 504, body: 'The platform stopped waiting.' });
      });
      void instance.call(functionName, call).then((answer) => {
        cancel();
        resolve(answer);
      });
    });
  }

  /** Whether any instance that can work does, or is about to. */
  get isBusy(): boolean {
    return this.booting !== undefined || this.atWork().some(({ running }) => running > 0);
  }

  get errors(): readonly string[] {
    return this.instances.flatMap(({ errors }) => errors);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.booting;
    await Promise.all(this.instances.map((instance) => instance.kill()));
  }

  private async start({ skewMs = 0, heapMiB, wired = false }: InstanceOptions): Promise<Instance> {
    const { clock, firestoreHost, fcmHost, env } = this.options;
    const wires = wired ? await wiresTo(firestoreHost, fcmHost) : undefined;
    const child = spawn(
      process.execPath,
      [
        ...(heapMiB === undefined ? [] : [`--max-old-space-size=${heapMiB}`]),
        ...['--import', join(__dirname, 'shifted-clock.ts'), join(__dirname, 'host.ts')],
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: {
          PATH: process.env['PATH'],
          ...env,
          FUNCTIONS_SOURCE: functionsSource(),
          FIRESTORE_EMULATOR_HOST: wires?.firestore.host ?? firestoreHost,
          FCM_EMULATOR_HOST: wires?.fcm.host ?? fcmHost,
          CLOUD_CLOCK: clock.file,
          CLOUD_CLOCK_SKEW_MS: String(skewMs),
        },
      },
    );
    const log: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface(stream).on('line', (line) => log.push(line));
    }
    const hello = await Promise.race([
      once(child, 'message').then(([message]) => message as Hello),
      once(child, 'exit').then(() => undefined),
    ]);
    if (hello === undefined) throw new Error(`The instance did not start:\n${log.join('\n')}`);
    this.built = hello.endpoints;
    const instance = Object.assign(new Instance(child, hello.port, wires), { log });
    this.instances.push(instance);
    return instance;
  }

  private atWork(): Instance[] {
    return this.instances.filter(({ isFrozen, isGone }) => !isFrozen && !isGone);
  }
}

async function wiresTo(firestoreHost: string, fcmHost: string): Promise<Wires> {
  const calls = await FirestoreProxy.to(firestoreHost);
  return { calls, firestore: await Wire.to(calls.host), fcm: await Wire.to(fcmHost) };
}
