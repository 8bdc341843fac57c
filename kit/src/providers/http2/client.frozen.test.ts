/** A process that was frozen: what was answered in its sleep counts as answered. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Http2Client } from './client';
import { client, inShort, post } from '../../testing/http2-peer';

/** In a thread of its own, which goes on while this one sleeps. Answers each request when it is told to, says how many it has. */
const SERVER = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:http2').createServer();
  const streams = [];
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    stream.resume();
    stream.on('end', () => parentPort.postMessage(streams.push(stream)));
  });
  server.on('session', (session) => session.on('error', () => undefined));
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
  parentPort.on('message', ({ answered, size }) => {
    for (const stream of streams.splice(0, answered)) {
      stream.respond({ ':status': 200 });
      stream.end('x'.repeat(size));
    }
  });
`;
const TIMEOUT_MS = 200;

let worker: Worker;
let http: Http2Client;
let received = 0;

beforeEach(async () => {
  worker = new Worker(SERVER, { eval: true });
  const [port] = (await once(worker, 'message')) as [number];
  received = 0;
  worker.on('message', (count: number) => (received = count));
  http = client(`http://127.0.0.1:${port}`, {
    maxSessions: 1,
    maxStreams: 1000,
    requestTimeoutMs: TIMEOUT_MS,
    probeTimeoutMs: TIMEOUT_MS,
    probeAfterIdleMs: 0,
  });
});

afterEach(async () => {
  http.close();
  await worker.terminate();
});

/** Stops the event loop of this thread, as a platform stops an instance. */
function freeze(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

async function sendAndWait(count: number): Promise<Promise<string[]>[]> {
  const answers = Promise.all(
    Array.from({ length: count }, async () => inShort(await http.request(post()))),
  );
  while (received < count) await once(worker, 'message');
  return [answers];
}

it.each([
  [1, 1],
  [320, 30],
  [320, 1_000],
])('takes %d answers of %d bytes that came while it slept', async (count, size) => {
  const [answers] = await sendAndWait(count);
  worker.postMessage({ answered: count, size });
  freeze(3 * TIMEOUT_MS);
  expect(await answers).toEqual(Array(count).fill(`200 ${'x'.repeat(size)}`));
});

it('gives up what was not answered by then, and nothing else', async () => {
  const [answers] = await sendAndWait(20);
  worker.postMessage({ answered: 15, size: 2 });
  freeze(3 * TIMEOUT_MS);
  expect(await answers).toEqual([
    ...Array<string>(15).fill('200 xx'),
    ...Array<string>(5).fill(`unknown: timeout after ${TIMEOUT_MS} ms`),
  ]);
});
