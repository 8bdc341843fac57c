/**
 * One request on one stream: collects the answer and turns every way a stream can end into one.
 *
 * Invariant: `done` is called exactly once, whatever the peer or the network does.
 *
 * The stream carries its exchange, so that all streams share their listeners: closures for each, which live as long as Node keeps
 * the stream, were a tenth of a request's CPU.
 */
import { constants, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import { Readable } from 'node:stream';
import type { Http2Answer } from './answer';
import type { Deadlines, Timed } from './deadlines';
import { errorName, http2ErrorName } from './error-name';

/** A provider's answer is a few hundred bytes; anything far beyond is not theirs and must not fill the memory. */
export const MAX_ANSWER_BYTES = 64 * 1024;

/** What the connection knows that the stream does not. */
export interface Connection {
  /** Streams above this id were never processed: GOAWAY's last stream id, or Infinity. */
  readonly lastProcessedId: number;
  /** Why the connection failed, if it did. */
  readonly failure: string | undefined;
  /** Whether it is over, for whatever reason. */
  readonly isOver: boolean;
  /** How long each of its requests may take. */
  readonly deadlines: Deadlines;
}

type Done = (answer: Http2Answer, exchange: Exchange) => void;

const EXCHANGE = Symbol('exchange');
type CarryingStream = ClientHttp2Stream & { [EXCHANGE]: Exchange };

const NOTHING = Buffer.alloc(0);
const NO_HEADERS: IncomingHttpHeaders = {};

export class Exchange implements Timed {
  deadline = Infinity;
  timedOut = false;
  private readonly stream: ClientHttp2Stream;
  private readonly connection: Connection;
  /** Until the answer is given. */
  private done: Done | undefined;
  private status = 0;
  private headers = NO_HEADERS;
  /** Bytes, made into text once: a decoder for every stream was a twelfth of a request's CPU. */
  private answered: Buffer = NOTHING;
  private endStreamSeen = false;
  private ended = false;
  private error: NodeJS.ErrnoException | undefined;

  /** Sends `body` and waits for the whole answer, as long as the connection's requests may take. */
  constructor(stream: ClientHttp2Stream, body: string, connection: Connection, done: Done) {
    this.stream = stream;
    this.connection = connection;
    this.done = done;
    (stream as CarryingStream)[EXCHANGE] = this;
    stream.push = pushNoticingEndStream;
    connection.deadlines.begin(this);
    stream.on('response', onResponse);
    stream.on('data', onData);
    stream.on('end', onEnd);
    stream.on('error', onError);
    stream.on('close', onClose);
    stream.end(body);
  }

  /** Whether the request was ever put on the wire. */
  get hasStream(): boolean {
    return this.stream.id !== undefined;
  }

  timeOut(): void {
    this.timedOut = true;
    this.abandon(`timeout after ${this.connection.deadlines.lengthMs} ms`);
  }

  begin(headers: IncomingHttpHeaders): void {
    this.status = Number(headers[':status']);
    this.headers = headers;
  }

  take(chunk: Buffer): void {
    if (this.answered.length + chunk.length > MAX_ANSWER_BYTES) {
      this.abandon(`response longer than ${MAX_ANSWER_BYTES} bytes`);
      return;
    }
    // Answers come in one piece but for the largest.
    this.answered = this.answered === NOTHING ? chunk : Buffer.concat([this.answered, chunk]);
  }

  /**
   * Node is about to end the readable side: because END_STREAM has come, or because the peer has reset the stream with NO_ERROR, which
   * Node tells in no other way but that the stream is closed by then. Looked at later, when 'end' is emitted, both may be.
   */
  lastPush(): void {
    if (!this.stream.closed) this.endStreamSeen = true;
  }

  end(): void {
    // Node also "ends" a stream that it destroys without an error: what came so far is then no whole answer.
    this.ended = this.endStreamSeen && !this.stream.destroyed;
  }

  fail(error: NodeJS.ErrnoException): void {
    this.error = error;
  }

  close(): void {
    const { status, headers, error, connection } = this;
    if (this.ended && status !== 0) {
      this.settle({ kind: 'response', status, headers, body: this.answered.toString() });
      return;
    }
    const code = this.stream.rstCode ?? constants.NGHTTP2_NO_ERROR;
    // Only an error of the stream itself is the peer's RST_STREAM; a broken connection lends its code to all its streams.
    const wasReset = error?.code === 'ERR_HTTP2_STREAM_ERROR';
    const reason = wasReset ? http2ErrorName(code) : endingOf(connection, error, code);
    this.noAnswer(reason, wasReset && code === constants.NGHTTP2_REFUSED_STREAM);
  }

  private abandon(reason: string): void {
    this.stream.close(constants.NGHTTP2_CANCEL);
    // Not left to the stream's own end: with its connection stuck, that may never come.
    this.noAnswer(reason);
  }

  private noAnswer(reason: string, refused = false): void {
    // An answer that has begun is proof of processing, whatever the peer says afterwards.
    const never = this.status === 0 && (refused || this.isUnsent);
    this.settle({ kind: 'no-response', processed: never ? 'never' : 'unknown', reason });
  }

  private settle(answer: Http2Answer): void {
    const { done } = this;
    if (done === undefined) return;
    this.connection.deadlines.stop(this);
    // Node keeps a stream, and what it carries, for long after its end.
    this.done = undefined;
    this.headers = NO_HEADERS;
    this.answered = NOTHING;
    done(answer, this);
  }

  /** Without an id the stream was never put on the wire; above GOAWAY's last id the peer never looked at it. */
  private get isUnsent(): boolean {
    const { id } = this.stream;
    return id === undefined || id > this.connection.lastProcessedId;
  }
}

function pushNoticingEndStream(this: CarryingStream, ...pushed: Parameters<Readable['push']>) {
  if (pushed[0] === null) this[EXCHANGE].lastPush();
  return Readable.prototype.push.apply(this, pushed);
}

function onResponse(this: CarryingStream, headers: IncomingHttpHeaders): void {
  this[EXCHANGE].begin(headers);
}

function onData(this: CarryingStream, chunk: Buffer): void {
  this[EXCHANGE].take(chunk);
}

function onEnd(this: CarryingStream): void {
  this[EXCHANGE].end();
}

function onError(this: CarryingStream, error: NodeJS.ErrnoException): void {
  this[EXCHANGE].fail(error);
}

function onClose(this: CarryingStream): void {
  this[EXCHANGE].close();
}

function endingOf(connection: Connection, error: Error | undefined, code: number): string {
  if (connection.failure !== undefined) return connection.failure;
  if (error !== undefined) return errorName(error);
  return connection.isOver ? 'connection closed' : http2ErrorName(code);
}
