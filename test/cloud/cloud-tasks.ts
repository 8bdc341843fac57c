/**
 * Cloud Tasks: queues as the functions ask for them. A name is taken while its task is there and for hours afterwards; a task waits
 * for its schedule time; dispatches keep to the queue's rates; a failed one comes again with back-off. Whoever operates the project
 * can pause, purge and delete a queue, and make it again.
 *
 * - A paused queue takes tasks and dispatches none; a disabled one, which the Firebase CLI leaves where a function is deleted, too:
 *   https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues#State
 * - A purge and a deletion take the tasks with them, and their names stay taken as those of tasks that ran do:
 *   https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues.tasks/create ("It can take up to 4 hours …").
 *   That this also holds after a queue was made again is not documented, and assumed here because it is the harder case.
 * - A deleted queue's name may be kept back for up to 3 days, so nothing here relies on its being there again soon:
 *   https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues/delete
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
/** A name is free again so long after its task ran or was deleted, ms. */
const NAME_KEPT_MS = 4 * 60 * 60_000;

/**
 * What a task gets that is created in a queue that is not there. The API's reference says the first; the second is what Google has
 * been seen to answer: https://github.com/GoogleCloudPlatform/python-docs-samples/issues/4034.
 */
export const NO_QUEUE = {
  notFound: { code: 404, status: 'NOT_FOUND', message: 'Queue does not exist.' },
  failedPrecondition: {
    code: 400,
    status: 'FAILED_PRECONDITION',
    message: 'The queue no longer exists, though a queue with this name existed recently.',
  },
} as const;
type Refusal = (typeof NO_QUEUE)[keyof typeof NO_QUEUE];

/** A refusal: it was deleted, and that is what creates a task in it gets. */
export type QueueState = 'running' | 'paused' | 'disabled' | Refusal;

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
  data: Readonly<Record<string, unknown>>;
  body: Uint8Array;
}

interface Queue {
  /** Every task that is not done, each with what takes it out of the schedule. */
  readonly tasks: Map<Task, () => void>;
  /** Due, and not dispatched. */
  waiting: Task[];
  readonly failures: Map<Task, number>;
  state: QueueState;
  running: number;
  /** The next dispatch is not before, ms since 1970. */
  paceUntil: number;
  isPumpSet: boolean;
}

export class CloudTasks {
  readonly host: string;
  /** Says which tasks get lost: the queue takes them, and that was it. */
  loses: (task: Task) => boolean = () => false;
  /** Every task that was ever taken, in its order, lost ones as well. */
  readonly taken: Task[] = [];
  dispatches = 0;
  private readonly clock: Clock;
  private readonly fleet: () => Fleet;
  private readonly server: Server;
  /** Until when each name is taken, ms since 1970. */
  private readonly names = new Map<string, number>();
  private readonly queues = new Map<string, Queue>();

  private constructor(clock: Clock, fleet: () => Fleet, server: Server) {
    this.clock = clock;
    this.fleet = fleet;
    this.server = server;
    this.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request: IncomingMessage, response) => {
      void this.create(request).then((answer) => {
        const [status, body] =
          typeof answer === 'number' ? [answer, {}] : [answer.code, { error: answer }];
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(JSON.stringify(body));
      });
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

  /** Tasks that are not done. */
  get outstanding(): number {
    return [...this.queues.values()].reduce((sum, { tasks }) => sum + tasks.size, 0);
  }

  /** Tasks of a queue that are not done. */
  in(name: string): number {
    return this.queueOf(name).tasks.size;
  }

  /** Whoever wrote the tasks of a queue wrote this instead. */
  alter(name: string, change: (data: Task['data']) => object): void {
    for (const task of this.queueOf(name).tasks.keys()) {
      task.data = change(task.data) as Task['data'];
      task.body = Buffer.from(JSON.stringify({ data: task.data }));
    }
  }

  stateOf(name: string): QueueState {
    return this.queueOf(name).state;
  }

  /** It takes tasks and dispatches none; what is running goes on. */
  pause(name: string, state: 'paused' | 'disabled' = 'paused'): void {
    this.queueOf(name).state = state;
  }

  /** It dispatches again; one that was deleted is there again, empty. */
  resume(name: string): void {
    const queue = this.queueOf(name);
    queue.state = 'running';
    this.pump(name, queue);
  }

  /** The tasks of a queue are gone; one that is running goes on, and never comes again. */
  purge(name: string): void {
    const queue = this.queueOf(name);
    for (const [task, cancel] of queue.tasks) {
      cancel();
      this.end(queue, task);
    }
    queue.waiting = [];
  }

  /** The queue and its tasks are gone. */
  delete(name: string, refusal: Refusal = NO_QUEUE.notFound): void {
    this.purge(name);
    this.queueOf(name).state = refusal;
  }

  private async create(request: IncomingMessage): Promise<number | Refusal> {
    const { task } = JSON.parse(await text(request)) as CreateTask;
    const queue = /\/queues\/([^/]+)\/tasks$/.exec(request.url ?? '')?.[1];
    if (queue === undefined) return 404;
    const state = this.stateOf(queue);
    if (typeof state === 'object') return state;
    const name = task.name ?? `${queue}-${this.taken.length}`;
    if ((this.names.get(name) ?? 0) > this.clock.now()) return 409;
    const body = Buffer.from(task.httpRequest.body, 'base64');
    if (body.length > MAX_TASK_BYTES) return 400;
    this.names.set(name, Infinity);
    const { data } = JSON.parse(body.toString()) as Pick<Task, 'data'>;
    const taken = { queue, name, data, body };
    this.taken.push(taken);
    if (this.loses(taken)) return 200;
    const at = task.scheduleTime === undefined ? this.clock.now() : Date.parse(task.scheduleTime);
    this.wait(taken, at);
    return 200;
  }

  private wait(task: Task, at: number): void {
    const queue = this.queueOf(task.queue);
    const cancel = this.clock.at(at, () => {
      queue.waiting.push(task);
      this.pump(task.queue, queue);
    });
    queue.tasks.set(task, cancel);
  }

  /** Ran, was given up, or was deleted. */
  private end(queue: Queue, task: Task): void {
    if (queue.tasks.delete(task)) this.names.set(task.name, this.clock.now() + NAME_KEPT_MS);
  }

  private queueOf(name: string): Queue {
    let queue = this.queues.get(name);
    if (queue === undefined) {
      queue = {
        tasks: new Map(),
        waiting: [],
        failures: new Map(),
        state: 'running',
        running: 0,
        paceUntil: 0,
        isPumpSet: false,
      };
      this.queues.set(name, queue);
    }
    return queue;
  }

  private pump(name: string, queue: Queue): void {
    const limits = this.fleet().endpoints[name]?.taskQueueTrigger?.rateLimits;
    const { maxConcurrentDispatches = 1000, maxDispatchesPerSecond = 500 } = limits ?? {};
    while (mayDispatch(queue) && queue.running < maxConcurrentDispatches) {
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
    if (status >= 200 && status < 300) this.end(queue, task);
    else if (queue.tasks.has(task)) this.again(queue, task, failures + 1);
    this.pump(task.queue, queue);
  }

  private again(queue: Queue, task: Task, failures: number): void {
    const asked = this.fleet().endpoints[task.queue]?.taskQueueTrigger?.retryConfig;
    const { maxAttempts, minBackoffSeconds, maxBackoffSeconds } = { ...DEFAULTS, ...asked };
    if (failures >= maxAttempts) return this.end(queue, task);
    queue.failures.set(task, failures);
    const wait = backOff(failures, minBackoffSeconds * 1000, maxBackoffSeconds * 1000);
    this.wait(task, this.clock.now() + wait);
  }
}

function mayDispatch({ state, waiting }: Queue): boolean {
  return state === 'running' && waiting.length > 0;
}
