/**
 * One request and the ways to end it, the same over HTTP/1.1 and HTTP/2, cleartext and TLS.
 *
 * Nothing above this file knows which protocol a client chose.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type {
  Http2Session,
  IncomingHttpHeaders as Http2Headers,
  ServerHttp2Stream,
} from 'node:http2';
import { constants } from 'node:http2';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { limitStreams } from './stream-limit.ts';

/** A whole HTTP answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How a GOAWAY frame is to be sent. */
export interface Goaway {
  /** Whether the stream at hand counts as processed; if not, it is never answered. */
  readonly processed: boolean;
  /** HTTP/2 error code (RFC 9113, section 7). */
  readonly code: number;
  /** Debug data carried in the frame. */
  readonly debugData?: string | undefined;
  /** Only once the request has been answered: many clients drop all that is open on a GOAWAY. */
  readonly afterAnswer?: boolean;
}

/** One request, read to its end, and what can be done with it. At most one of the endings is used. */
export interface Exchange {
  readonly method: string;
  /** Path without the query, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as sent, repeated ones too. */
  readonly rawHeaders: readonly string[];
  /** The same object for every request of a connection. */
  readonly connection: object;
  /** The name that the client gave in the TLS handshake. */
  readonly serverName: string | undefined;
  /** The body as text; undefined if it was larger than {@link MAX_BODY_BYTES}. */
  readonly body: string | undefined;
  answer(answer: Answer): void;
  /** Starts an answer without an end; the caller writes to it. */
  stream(status: number, headers: Readonly<Record<string, string>>): Writable;
  /** Ends the request's stream with an HTTP/2 error code; over HTTP/1.1 the socket is destroyed. */
  reset(code: number): void;
  /**
   * Tells the client to leave this connection. Over HTTP/1.1 a processed request is answered with
   * `connection: close`, and an unprocessed one loses its socket.
   */
  goaway(goaway: Goaway): void;
  /** Destroys the connection under the request: with FIN, or with a TCP reset where `hard`. */
  disconnect(hard: boolean): void;
  /** Lowers the streams a client may have open on this connection; HTTP/1.1 has no such thing. */
  limitStreams(maxConcurrentStreams: number): void;
}

/**
 * A body beyond this many bytes is not kept: FCM and APNs take 4 to 5 kB of payload, so anything
 * near a megabyte is a mistake, and the memory of a long test run is worth more.
 */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Reads a request body to its end as UTF-8; undefined if it was larger than is kept. */
function readBody(
  source: IncomingMessage | ServerHttp2Stream,
  done: (body: string | undefined) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  source.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  });
  source.on('end', () => {
    done(bytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks).toString());
  });
}

function splitPath(target: string): { path: string; query: URLSearchParams } {
  const mark = target.indexOf('?');
  return mark === -1
    ? { path: target, query: NO_QUERY }
    : { path: target.slice(0, mark), query: new URLSearchParams(target.slice(mark + 1)) };
}

const NO_QUERY = new URLSearchParams();

/**
 * What happens to a client that went away in the middle: nothing can be answered, nothing is owed,
 * and Node would otherwise end the process for an error nobody listens to.
 */
function ignoreDepartedClient(): void {}

/** Reads one HTTP/2 request and hands over its exchange. */
export function readHttp2(
  stream: ServerHttp2Stream,
  headers: Http2Headers,
  rawHeaders: readonly string[],
  transport: Transport,
  handle: (exchange: Exchange) => void,
): void {
  stream.on('error', ignoreDepartedClient);
  readBody(stream, (body) => {
    // GOAWAY has promised that streams above its last id are not looked at; the client sends them elsewhere.
    if (isBeyondGoaway(stream)) stream.close(constants.NGHTTP2_REFUSED_STREAM);
    else handle(new Http2Exchange(stream, headers, rawHeaders, transport, body));
  });
}

/** The last stream id that GOAWAY has named, by session. */
const lastStreamIds = new WeakMap<Http2Session, number>();

function isBeyondGoaway({ session, id }: ServerHttp2Stream): boolean {
  const last = session === undefined ? undefined : lastStreamIds.get(session);
  return last !== undefined && id !== undefined && id > last;
}

/** Reads one HTTP/1.1 request and hands over its exchange. */
export function readHttp1(
  request: IncomingMessage,
  response: ServerResponse,
  handle: (exchange: Exchange) => void,
): void {
  request.on('error', ignoreDepartedClient);
  response.on('error', ignoreDepartedClient);
  readBody(request, (body) => handle(new Http1Exchange(request, response, body)));
}

/** What is under an HTTP/2 session. */
export interface Transport {
  readonly tcpSocket: Socket;
  /** The name that the client gave in the TLS handshake. */
  readonly serverName: string | undefined;
}

class Http2Exchange implements Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly connection: object;
  readonly serverName: string | undefined;
  readonly body: string | undefined;
  readonly #stream: ServerHttp2Stream;
  readonly #socket: Socket;

  constructor(
    stream: ServerHttp2Stream,
    headers: Http2Headers,
    rawHeaders: readonly string[],
    { tcpSocket, serverName }: Transport,
    body: string | undefined,
  ) {
    this.#stream = stream;
    this.#socket = tcpSocket;
    this.rawHeaders = rawHeaders;
    this.connection = tcpSocket;
    this.serverName = serverName;
    this.method = headers[':method'] ?? '';
    ({ path: this.path, query: this.query } = splitPath(headers[':path'] ?? '/'));
    this.headers = headers;
    this.body = body;
  }

  answer({ status, headers, body }: Answer): void {
    if (this.#gone()) return;
    this.#stream.respond({ ':status': status, ...headers });
    this.#stream.end(body);
  }

  stream(status: number, headers: Readonly<Record<string, string>>): Writable {
    if (!this.#gone()) this.#stream.respond({ ':status': status, ...headers });
    return this.#stream;
  }

  reset(code: number): void {
    if (!this.#gone()) this.#stream.close(code);
  }

  goaway({ processed, code, debugData, afterAnswer = false }: Goaway): void {
    const session = this.#stream.session;
    const id = this.#stream.id;
    if (session === undefined || session.destroyed || id === undefined) return;
    // Client streams have odd ids, so the one before this is two lower. Node cannot say "0": it
    // reads that as "the newest stream", so the first stream is refused by name instead, which
    // tells a client the same: this was not processed.
    const isFirst = id === 1;
    const data = debugData === undefined ? undefined : Buffer.from(debugData);
    if (!processed && isFirst) this.reset(constants.NGHTTP2_REFUSED_STREAM);
    const send = () => {
      if (session.destroyed) return;
      const lastId = processed || isFirst ? id : id - 2;
      lastStreamIds.set(session, lastId);
      // Not session.close(): Node would send a second GOAWAY with a higher id, which clients take for a protocol error. The
      // client leaves by itself.
      session.goaway(code, lastId, data);
    };
    if (afterAnswer) this.#stream.once('close', send);
    else send();
  }

  disconnect(hard: boolean): void {
    if (hard) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
  }

  limitStreams(maxConcurrentStreams: number): void {
    const session = this.#stream.session;
    if (session !== undefined && !session.destroyed) limitStreams(session, maxConcurrentStreams);
  }

  #gone(): boolean {
    return this.#stream.destroyed || this.#stream.closed || this.#stream.headersSent;
  }
}

class Http1Exchange implements Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly connection: object;
  readonly serverName = undefined;
  readonly body: string | undefined;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;

  constructor(request: IncomingMessage, response: ServerResponse, body: string | undefined) {
    this.#request = request;
    this.#response = response;
    this.method = request.method ?? '';
    ({ path: this.path, query: this.query } = splitPath(request.url ?? '/'));
    this.headers = request.headers;
    this.rawHeaders = request.rawHeaders;
    this.connection = request.socket;
    this.body = body;
  }

  answer({ status, headers, body }: Answer): void {
    if (this.#gone()) return;
    this.#response.writeHead(status, headers);
    this.#response.end(body);
  }

  stream(status: number, headers: Readonly<Record<string, string>>): Writable {
    if (!this.#gone()) {
      this.#response.writeHead(status, headers);
      this.#response.flushHeaders();
    }
    return this.#response;
  }

  reset(): void {
    this.disconnect(false);
  }

  goaway({ processed }: Goaway): void {
    if (processed) this.#response.setHeader('connection', 'close');
    else this.disconnect(false);
  }

  disconnect(hard: boolean): void {
    const { socket } = this.#request;
    if (hard) socket.resetAndDestroy();
    else socket.destroy();
  }

  limitStreams(): void {}

  #gone(): boolean {
    return this.#response.destroyed || this.#response.headersSent;
  }
}
