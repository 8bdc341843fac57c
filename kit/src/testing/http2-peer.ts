/**
 * For tests: Node's own HTTP/2 server on a port of the system's choice, with what a test wants to see of it.
 */
import { once } from 'node:events';
import * as http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Http2Answer, Http2Request } from '../providers/http2/answer';
import { HTTP2_DEFAULTS, Http2Client, type Http2ClientOptions } from '../providers/http2/client';

export interface Peer {
  readonly origin: string;
  /** Sessions that clients opened, in order, also those that are over. */
  readonly sessions: http2.ServerHttp2Session[];
  /** Streams open now, and the most there were. */
  readonly streams: { open: number; most: number; total: number };
  close(): Promise<void>;
}

export type Handler = (
  stream: http2.ServerHttp2Stream,
  request: {
    readonly method: string;
    readonly path: string;
    readonly body: string;
    readonly nth: number;
    readonly session: number;
  },
) => void;

export interface PeerOptions {
  readonly settings?: http2.Settings;
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** Starts a server that hands every request, read to its end, to `handle`. */
export async function startPeer(handle: Handler, options: PeerOptions = {}): Promise<Peer> {
  const sessions: http2.ServerHttp2Session[] = [];
  const streams = { open: 0, most: 0, total: 0 };
  const server = options.tls
    ? http2.createSecureServer({ ...options.tls, settings: options.settings ?? {} })
    : http2.createServer({ settings: options.settings ?? {} });
  server.on('session', (session) => {
    sessions.push(session);
    session.on('error', () => session.destroy());
  });
  server.on('stream', (stream, headers) => {
    const nth = streams.total;
    streams.total += 1;
    streams.open += 1;
    streams.most = Math.max(streams.most, streams.open);
    stream.on('close', () => (streams.open -= 1));
    // Clients reset streams on purpose here; 'close' follows.
    stream.on('error', () => stream.destroy());
    const session = sessions.indexOf(stream.session as http2.ServerHttp2Session);
    let body = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => (body += chunk));
    const { ':method': method = '', ':path': path = '' } = headers;
    stream.on('end', () => handle(stream, { method, path, body, nth, session }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const scheme = options.tls ? 'https' : 'http';
  return {
    origin: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sessions,
    streams,
    close: async () => {
      for (const session of sessions) session.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers 200 with the request's own body. */
export function echo(stream: http2.ServerHttp2Stream, { body }: { readonly body: string }): void {
  if (stream.destroyed || stream.closed) return;
  stream.respond({ ':status': 200 });
  stream.end(body);
}

/** A client for tests: as in production but for what is given, and it opens further connections at once. */
export function client(origin: string, options: Partial<Http2ClientOptions> = {}): Http2Client {
  return new Http2Client({
    ...HTTP2_DEFAULTS,
    congestionMs: 0,
    origin,
    now: Date.now,
    ...options,
  });
}

export function post(body = '{}'): Http2Request {
  return { path: '/send', headers: { 'content-type': 'application/json' }, body };
}

/** `200 body`, or `never: reason`. */
export function inShort(answer: Http2Answer): string {
  return answer.kind === 'response'
    ? `${answer.status} ${answer.body}`
    : `${answer.processed}: ${answer.reason}`;
}

/** Longest wait for a condition: a test that waits for ever should say so. */
const UNTIL_MS = 10_000;

/** Resolves when `condition` holds; looked at after every turn of the event loop. Rejects after ten seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + UNTIL_MS;
  while (!condition()) {
    if (Date.now() > deadline) {
      throw new Error(`Expected within ${UNTIL_MS} ms, but it is not so: ${condition.toString()}`);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
