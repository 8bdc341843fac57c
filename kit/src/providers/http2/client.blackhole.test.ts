/** A server whose machine answers nothing at all, not even to TCP. */
import { once } from 'node:events';
import * as net from 'node:net';
import { Worker } from 'node:worker_threads';
import { client, inShort, post } from '../../testing/http2-peer';

/** Listens with the shortest queue there is and never accepts: once that is full, the system drops who knocks. */
const DEAF_SERVER = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 });
  server.on('listening', () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });
`;
/** More than the queue holds. */
const KNOCKS = 8;

it.each(['http', 'https'])('is given up in time over %s, and nothing was sent', async (scheme) => {
  const worker = new Worker(DEAF_SERVER, { eval: true });
  const [port] = (await once(worker, 'message')) as [number];
  const knocking = Array.from({ length: KNOCKS }, () => net.connect(port, '127.0.0.1'));
  await Promise.race(knocking.map((socket) => once(socket, 'connect')));
  const http = client(`${scheme}://127.0.0.1:${port}`, { connectTimeoutMs: 300 });
  try {
    const begun = performance.now();
    expect(inShort(await http.request(post()))).toBe('never: no HTTP/2 connection within 300 ms');
    expect(performance.now() - begun).toBeLessThan(10_000);
    // Or the connection that is given up would have been made, and this would prove nothing.
    expect(knocking.some(({ connecting }) => connecting)).toBe(true);
  } finally {
    http.close();
    for (const socket of knocking) socket.destroy();
    await worker.terminate();
  }
});
