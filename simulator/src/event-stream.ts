/** Server-sent events: everything that happens, to whoever asks, until they go. */
import type { Exchange } from './exchange.ts';
import type { Simulation } from './simulation.ts';

/** A reader further behind than this is cut off; an `EventSource` connects anew and reads all. */
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;
/** Keeps proxies from closing a quiet stream. */
const KEEP_ALIVE_MS = 15_000;
/** How long an `EventSource` waits before it connects anew. */
const RECONNECT_MS = 1_000;

/** Answers an exchange with the events from now on. */
export function streamEvents(simulation: Simulation, exchange: Exchange): void {
  const stream = exchange.stream(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  });
  stream.write(`retry: ${RECONNECT_MS}\n\n`);
  const unsubscribe = simulation.subscribe((event) => {
    const { type, ...data } = event;
    stream.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
    if (stream.writableLength > MAX_UNREAD_BYTES) stream.destroy();
  });
  const keepAlive = setInterval(() => stream.write(': still here\n\n'), KEEP_ALIVE_MS);
  keepAlive.unref();
  stream.once('close', () => {
    clearInterval(keepAlive);
    unsubscribe();
  });
}
