/** Cloud Tasks in this process: takes what the Admin SDK enqueues, runs it at the deployed concurrency, knows when it is empty. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** The functions' own default, `TASKS_AT_ONCE`. */
const AT_ONCE = 20;

/** Work in the order it came, a bounded number at once. */
export class TaskRunner<Task> {
  private readonly work: (task: Task) => Promise<void>;
  private readonly seen = new Set<string>();
  private waiting: Task[] = [];
  private running = 0;
  private failure: unknown;
  private idle: (() => void)[] = [];

  constructor(work: (task: Task) => Promise<void>) {
    this.work = work;
  }

  /** Tasks ever taken. */
  get count(): number {
    return this.seen.size;
  }

  /** False if a task of this id was taken before. */
  add(id: string, task: Task): boolean {
    if (this.seen.has(id)) return false;
    this.seen.add(id);
    this.waiting.push(task);
    this.pump();
    return true;
  }

  /** Resolves when nothing is left; rejects if a task failed, because here nothing should. */
  async finished(): Promise<void> {
    if (this.running > 0 || this.waiting.length > 0) {
      await new Promise<void>((resolve) => this.idle.push(resolve));
    }
    if (this.failure !== undefined) throw this.failure as Error;
  }

  private pump(): void {
    while (this.running < AT_ONCE && this.waiting.length > 0) {
      this.running += 1;
      void this.run(this.waiting.shift() as Task);
    }
  }

  private async run(task: Task): Promise<void> {
    try {
      await this.work(task);
    } catch (error) {
      this.failure ??= error;
    }
    this.running -= 1;
    this.pump();
    if (this.running > 0) return;
    for (const tell of this.idle.splice(0)) tell();
  }
}

/** What the Admin SDK posts to a Cloud Tasks emulator. */
interface CreateTask {
  readonly task: { readonly name?: string; readonly httpRequest: { readonly body: string } };
}

/** Serves the Admin SDK's task queue API; `host` is for `CLOUD_TASKS_EMULATOR_HOST`. */
export async function serveQueue(
  runner: TaskRunner<unknown>,
): Promise<{ readonly host: string; readonly server: Server }> {
  const take = async (request: IncomingMessage): Promise<number> => {
    const { task } = JSON.parse(await text(request)) as CreateTask;
    const body = Buffer.from(task.httpRequest.body, 'base64').toString();
    const { data } = JSON.parse(body) as { readonly data: unknown };
    return runner.add(task.name ?? body, data) ? 200 : 409;
  };
  const server = createServer((request, response) => {
    void take(request).then((status) => response.writeHead(status).end('{}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
