/**
 * Cloud Tasks: queues as the functions ask for them. A name is taken once and for all, also when its task ran long ago; a task
 * waits for its schedule time; dispatches keep to the queue's rates; a failed one comes again with back-off.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Clock } from './clock.ts';
import { backOff } from './endpoints.ts';
import type { Fleet } from './fleet.ts';

/** Bytes that a task may have. */
const MAX_TASK_BYTES = 100 * 1024;
/** Cloud Tasks' own, where a function says nothing else. */
const DEFAULTS = { maxAttempts: 3, minBackoffSeconds: 0.1, maxBackoffSeconds: 3600 };

/** What the Admin SDK posts. */
interface CreateTask {
  readonly task: {
    readonly name?: string;
    readonly scheduleTime?: string;
    readonly httpRequest: { readonly body: string };
  };
}

export interface Task {
  readonly queue: string;
  readonly name: string;
  /** What the function was to be told. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly body: Uint8Array;
}

interface Queue {
  /** Due, and not dispatched. */
  readonly waiting: Task[];
  readonly failures: Map<Task, number>;
  running: number;
  /** The next dispatch is not before, ms since 1970. */
  paceUntil: number;
  isPumpSet: boolean;
}

export class CloudTasks {
  readonly host: string;
  /** Says which tasks get lost: the queue takes them, and that was it. */
  loses: (task: Task) => boolean = () => false;
  /** HTTP status with which every task is refused; undefined: none is. */
  refusal: number | undefined;
  /** Every task that was ever taken, in its order, lost ones as well. */
  readonly taken: Task[] = [];
  /** Tasks that are not done. */
  outstanding = 0;
  dispatches = 0;
  private readonly clock: Clock;
  private readonly fleet: () => Fleet;
  private readonly server: Server;
  private readonly names = new Set<string>();
  private readonly queues = new Map<string, Queue>();

  private constructor(clock: Clock, fleet: () => Fleet, server: Server) {
    this.clock = clock;
    this.fleet = fleet;
    this.server = server;
    this.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request: IncomingMessage, response) => {
      void this.create(request).then((status) => response.writeHead(status).end('{}'));
    });
  }

  static async open(clock: Clock, fleet: () => Fleet): Promise<CloudTasks> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new CloudTasks(clock, fleet, server);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async create(request: IncomingMessage): Promise<number> {
    const { task } = JSON.parse(await text(request)) as CreateTask;
    const queue = /\/queues\/([^/]+)\/tasks$/.exec(request.url ?? '')?.[1];
    if (queue === undefined) return 404;
    if (this.refusal !== undefined) return this.refusal;
    const name = task.name ?? `${queue}-${this.taken.length}`;
    if (this.names.has(name)) return 409;
    const body = Buffer.from(task.httpRequest.body, 'base64');
    if (body.length > MAX_TASK_BYTES) return 400;
    this.names.add(name);
    const { data } = JSON.parse(body.toString()) as Pick<Task, 'data'>;
    const taken = { queue, name, data, body };
    this.taken.push(taken);
    if (this.loses(taken)) return 200;
    this.outstanding += 1;
    const at = task.scheduleTime === undefined ? this.clock.now() : Date.parse(task.scheduleTime);
    this.wait(taken, at);
    return 200;
  }

  private wait(task: Task, at: number): void {
    this.clock.at(at, () => {
      const queue = this.queueOf(task.queue);
      queue.waiting.push(task);
      this.pump(task.queue, queue);
    });
  }

  private queueOf(name: string): Queue {
    let queue = this.queues.get(name);
    if (queue === undefined) {
      queue = { waiting: [], failures: new Map(), running: 0, paceUntil: 0, isPumpSet: false };
      this.queues.set(name, queue);
    }
    return queue;
  }

  private pump(name: string, queue: Queue): void {
    const limits = this.fleet().endpoints[name]?.taskQueueTrigger?.rateLimits;
    const { maxConcurrentDispatches = 1000, maxDispatchesPerSecond = 500 } = limits ?? {};
    while (queue.waiting.length > 0 && queue.running < maxConcurrentDispatches) {
      const now = this.clock.now();
      if (queue.paceUntil > now) {
        if (!queue.isPumpSet) {
          queue.isPumpSet = true;
          this.clock.at(queue.paceUntil, () => {
            queue.isPumpSet = false;
            this.pump(name, queue);
          });
        }
        return;
      }
      queue.paceUntil = Math.max(queue.paceUntil, now - 1000) + 1000 / maxDispatchesPerSecond;
      void this.dispatch(queue, queue.waiting.shift() as Task);
    }
  }

  private async dispatch(queue: Queue, task: Task): Promise<void> {
    queue.running += 1;
    this.dispatches += 1;
    const failures = queue.failures.get(task) ?? 0;
    const { status } = await this.fleet().call(task.queue, {
      headers: {
        'content-type': 'application/json',
        'x-cloudtasks-queuename': task.queue,
        'x-cloudtasks-taskname': task.name,
        'x-cloudtasks-taskretrycount': failures,
      },
      body: task.body,
    });
    queue.running -= 1;
    if (status >= 200 && status < 300) this.outstanding -= 1;
    else this.again(queue, task, failures + 1);
    this.pump(task.queue, queue);
  }

  private again(queue: Queue, task: Task, failures: number): void {
    const asked = this.fleet().endpoints[task.queue]?.taskQueueTrigger?.retryConfig;
    const { maxAttempts, minBackoffSeconds, maxBackoffSeconds } = { ...DEFAULTS, ...asked };
    if (failures >= maxAttempts) {
      this.outstanding -= 1;
      return;
    }
    queue.failures.set(task, failures);
    const wait = backOff(failures, minBackoffSeconds * 1000, maxBackoffSeconds * 1000);
    this.wait(task, this.clock.now() + wait);
  }
}
