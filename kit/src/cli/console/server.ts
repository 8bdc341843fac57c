/** The console's HTTP server: on this machine only, and for reading only. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { answerApi, refused } from './api';
import { streamEvents } from './event-stream';
import { refusalOf } from './gate';
import { pageFile } from './page-files';
import { plainly } from './plainly';
import type { ConsoleSource } from './source';
import { Watch, type WatchOptions } from './watch';

/** The only address it ever listens on. */
const HOST = '127.0.0.1';
/** Pages that are told of what happens at a time. */
const MOST_PAGES = 20;
/** How long an end waits for reads under way. */
const END_WITHIN_MS = 1_000;

const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

export interface ConsoleOptions extends Omit<WatchOptions, 'source'> {
  /** 0: any that is free. */
  readonly port: number;
  readonly heartbeatMs?: number;
  /** Where the page's files are; default: where the build puts them. */
  readonly pageFolder?: string;
}

export interface Console {
  /** With a slash at its end. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** @throws the error of `listen`, such as EADDRINUSE. */
export async function startConsole(
  source: ConsoleSource,
  options: ConsoleOptions,
): Promise<Console> {
  const watch = new Watch({ source, ...options });
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: plainly(error) });
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', headers } = request;
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const url = URL.parse(`http://${HOST}${request.url ?? ''}`);
    const path = url?.pathname ?? '';
    const refusal = refusalOf({ method, path, headers }, portOf(server));
    if (refusal !== undefined) {
      for (const [name, value] of Object.entries(refusal.headers ?? {})) {
        response.setHeader(name, value);
      }
      return sendJson(response, refusal.status, { error: refusal.message });
    }
    if (url !== null && path === '/api/feed') return answerFeed(url, request, response);
    const file = await pageFile(path, options.pageFolder);
    if (file !== undefined) return send(response, 200, file.type, file.body);
    const { status, json } =
      (url === null ? undefined : await answerApi(url, source)) ??
      refused(404, 'There is nothing at this address. The page is at /.');
    sendJson(response, status, json);
  }

  function answerFeed(url: URL, request: IncomingMessage, response: ServerResponse): void {
    if (watch.size >= MOST_PAGES) {
      const message = `${MOST_PAGES} pages are open already. Close one of them.`;
      return sendJson(response, 503, { error: message });
    }
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    if (request.method === 'HEAD') return void response.end();
    // The page itself says what it had last when it connects anew after it was hidden; a browser does when the connection broke.
    const last = request.headers['last-event-id'] ?? url.searchParams.get('after') ?? undefined;
    streamEvents(watch, response, last?.toString(), options.heartbeatMs);
  }

  server.listen(options.port, HOST);
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve).once('error', reject);
  });
  const port = portOf(server);
  return {
    url: `http://${HOST}:${port}/`,
    port,
    close: async () => {
      const stopped = watch.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      // What Firestore does not answer is not waited for.
      await Promise.race([stopped, setTimeout(END_WITHIN_MS, undefined, { ref: false })]);
    },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function sendJson(response: ServerResponse, status: number, json: unknown): void {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(json));
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
