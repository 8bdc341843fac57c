/** The queue as the Admin SDK asks for it, against an imitation of Cloud Tasks. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deleteApp, initializeApp, type App } from 'firebase-admin/app';
import { CloudTasksQueue } from './cloud-tasks';

/** The queues that there are; every other is unknown. */
let queues: ReadonlySet<string>;
/** What a queue answers that there is. */
let status: number;
/** And one that there is not. */
let missing: { readonly code: number; readonly status: string };
/** `queue` of each request, in their order. */
let asked: string[];
let server: Server;
let app: App;

beforeAll(async () => {
  server = createServer((request, response) => {
    const queue = /\/queues\/([^/]+)\/tasks$/.exec(request.url ?? '')?.[1] ?? '';
    asked.push(queue);
    const found = { code: status, status: status === 409 ? 'ALREADY_EXISTS' : 'OK' };
    const { code, ...answer } = queues.has(queue) ? found : missing;
    response.writeHead(code, { 'content-type': 'application/json' });
    response.end(JSON.stringify(code === 200 ? {} : { error: { code, ...answer, message: 'no' } }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  process.env['CLOUD_TASKS_EMULATOR_HOST'] = `127.0.0.1:${port}`;
  app = initializeApp({ projectId: 'demo-tasks' });
});
afterAll(async () => {
  await deleteApp(app);
  server.close();
});
beforeEach(() => {
  asked = [];
  status = 200;
  missing = { code: 404, status: 'NOT_FOUND' };
});

it('enqueues for the function that is in the same group, where there is one', async () => {
  queues = new Set(['acme-push-tasks']);
  const queue = new CloudTasksQueue('europe-west1', ['acme-push-tasks', 'acme-tasks']);
  await queue.enqueueOnce({ a: 1 }, 'id-1');
  expect(asked).toEqual(['acme-push-tasks']);
});

it('looks in the group around it otherwise, and remembers where it found it', async () => {
  queues = new Set(['acme-tasks']);
  const queue = new CloudTasksQueue('europe-west1', ['acme-push-tasks', 'acme-tasks']);
  await queue.enqueueOnce({ a: 1 }, 'id-1');
  await queue.enqueueOnce({ a: 2 }, 'id-2');
  expect(asked).toEqual(['acme-push-tasks', 'acme-tasks', 'acme-tasks']);
});

it('looks there also where Cloud Tasks says of a queue that is not there that a precondition failed', async () => {
  queues = new Set(['acme-tasks']);
  missing = { code: 400, status: 'FAILED_PRECONDITION' };
  const queue = new CloudTasksQueue('europe-west1', ['acme-push-tasks', 'acme-tasks']);
  await queue.enqueueOnce({ a: 1 }, 'id-1');
  expect(asked).toEqual(['acme-push-tasks', 'acme-tasks']);
});

it('takes an id that was used before as enqueued', async () => {
  queues = new Set(['tasks']);
  status = 409;
  await new CloudTasksQueue('europe-west1', ['tasks']).enqueueOnce({}, 'id-1');
  expect(asked).toEqual(['tasks']);
});

it('fails where there is no such queue, so that the event comes again', async () => {
  queues = new Set();
  const queue = new CloudTasksQueue('europe-west1', ['a-tasks', 'tasks']);
  await expect(queue.enqueueOnce({}, 'id-1')).rejects.toMatchObject({
    code: 'functions/not-found',
  });
  expect(asked).toEqual(['a-tasks', 'tasks']);
});

it('adds no prefix of a kit to an id that has it', async () => {
  queues = new Set(['kit-shop-tasks']);
  process.env['FIREBASE_KIT_INSTANCE_ID'] = 'shop';
  try {
    await new CloudTasksQueue('europe-west1', ['kit-shop-tasks']).enqueueOnce({}, 'id-1');
  } finally {
    delete process.env['FIREBASE_KIT_INSTANCE_ID'];
  }
  expect(asked).toEqual(['kit-shop-tasks']);
});
