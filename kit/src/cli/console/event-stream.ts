/** Server-sent events: what the watch tells, to one page, until it goes. */
import type { ServerResponse } from 'node:http';
import type { Told, Watch } from './watch';

/** A page further behind than this is cut off; it connects anew and gets the list as it stands. */
const MAX_UNREAD_BYTES = 1024 * 1024;
/** Shows the page, and whatever stands between, that the silence is none. */
const HEARTBEAT_MS = 15_000;
/** How long the page waits before it connects anew. */
const RECONNECT_MS = 1_000;

/** One event as the protocol has it. JSON has no line feeds, so that the data is one line. */
export function eventText(told: Told): string {
  const id = 'id' in told ? `id: ${told.id}\n` : '';
  return `event: ${told.name}\n${id}data: ${JSON.stringify(told.data)}\n\n`;
}

/** Answers with events from now on. `response` has its headers already. */
export function streamEvents(
  watch: Watch,
  response: ServerResponse,
  lastId: string | undefined,
  heartbeatMs = HEARTBEAT_MS,
): void {
  response.write(`retry: ${RECONNECT_MS}\n\n`);
  const silence = watch.listen((told) => {
    response.write(eventText(told));
    if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
  }, lastId);
  const heartbeat = setInterval(() => response.write('event: beat\ndata: {}\n\n'), heartbeatMs);
  response.once('close', () => {
    clearInterval(heartbeat);
    silence();
  });
}
