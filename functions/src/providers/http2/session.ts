/**
 * One HTTP/2 connection: opens streams within the peer's limit and turns every way a stream can end into an answer.
 *
 * Invariant: each `dispatch` calls back exactly once, whatever the peer or the network does.
 */
import * as http2 from 'node:http2';
import type { Http2Answer, Http2Request } from './answer';

/** A provider's answer is a few hundred bytes; anything far beyond is not theirs and must not fill the memory. */
const MAX_ANSWER_BYTES = 64 * 1024;

export interface SessionOptions {
  /** Origin, e.g. `https://fcm.googleapis.com` or, for a simulator, `http://127.0.0.1:9110`. */
  readonly origin: string;
  /** Longest wait for TCP, TLS and the peer's SETTINGS. */
  readonly connectTimeoutMs: number;
  /** Longest time from putting a request on the wire to its full answer. */
  readonly requestTimeoutMs: number;
  /** Never more streams at once than this, whatever the peer allows. */
  readonly maxStreams: number;
  /** Options for TLS, e.g. a private certificate authority in tests. */
  readonly tls?: { readonly ca?: string | Buffer };
  readonly now: () => number;
}

export interface SessionEvents {
  /** There may be room for more streams, or this session has become ready. */
  onRoom(): void;
  /** No further streams may be opened; those under way still answer. */
  onDraining(): void;
  /** The connection was never usable; nothing was sent on it. */
  onConnectFailed(reason: string): void;
}

type State = 'connecting' | 'open' | 'draining';

export class Session {
  private readonly session: http2.ClientHttp2Session;
  private state: State = 'connecting';
  private active = 0;
  private lastUsedAt: number;
  private goawayLastStreamId = Infinity;
  private failure: string | undefined;
  private readonly options: SessionOptions;
  private readonly events: SessionEvents;

  constructor(options: SessionOptions, events: SessionEvents) {
    this.options = options;
    this.events = events;
    this.lastUsedAt = options.now();
    this.session = http2.connect(options.origin, {
      ...options.tls,
      settings: { enablePush: false },
    });
    const connectTimer = setTimeout(() => {
      this.fail(`no HTTP/2 connection within ${options.connectTimeoutMs} ms`);
    }, options.connectTimeoutMs);
    // Streams wait for the peer's SETTINGS: APNs allows one stream until it has seen a valid token, and says so there.
    this.session.on('remoteSettings', () => {
      clearTimeout(connectTimer);
      if (this.state === 'connecting') {
        this.state = 'open';
        if (this.active === 0) this.session.unref();
      }
      if (this.state === 'open') this.events.onRoom();
    });
    this.session.on('goaway', (_code: number, lastStreamId: number) => {
      this.goawayLastStreamId = Math.min(this.goawayLastStreamId, lastStreamId);
      this.drain();
    });
    this.session.on('error', (error: NodeJS.ErrnoException) => {
      this.failure ??= error.code ?? error.message;
    });
    this.session.on('close', () => {
      clearTimeout(connectTimer);
      if (this.state === 'connecting') {
        this.state = 'draining';
        this.events.onConnectFailed(this.failure ?? 'connection closed before HTTP/2 settings');
      } else {
        this.drain();
      }
    });
  }

  /** Streams that may be opened now; follows every SETTINGS frame of the peer. */
  get room(): number {
    if (this.state !== 'open') return 0;
    return Math.min(this.options.maxStreams, this.peerLimit) - this.active;
  }

  /** Whether this session will never take a request again. */
  get isDraining(): boolean {
    return this.state === 'draining';
  }

  get isConnecting(): boolean {
    return this.state === 'connecting';
  }

  /** Milliseconds without traffic; 0 while requests are under way. */
  get idleMs(): number {
    return this.active > 0 ? 0 : this.options.now() - this.lastUsedAt;
  }

  /**
   * Whether the peer still answers. A frozen instance wakes up to connections that died in its sleep: a PING costs one
   * round trip, a request sent into a dead connection costs its whole time-out and is of unknown fate.
   */
  async probe(timeoutMs: number): Promise<boolean> {
    const answered = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), timeoutMs);
      const settle = (ok: boolean): void => {
        clearTimeout(timer);
        resolve(ok);
      };
      if (this.session.destroyed) return settle(false);
      const queued = this.session.ping((error) => settle(error === null));
      if (!queued) settle(false);
    });
    if (answered) this.lastUsedAt = this.options.now();
    else this.fail('no answer to PING');
    return answered;
  }

  /** Sends one request; the caller has checked `room`. */
  dispatch(request: Http2Request, done: (answer: Http2Answer) => void): void {
    let stream: http2.ClientHttp2Stream;
    try {
      stream = this.session.request({
        ':method': 'POST',
        ':path': request.path,
        ...request.headers,
      });
    } catch (error) {
      // Thrown before anything is written: the session closed under us, or its stream ids are used up.
      this.drain();
      done({ kind: 'no-response', processed: 'never', reason: errorName(error) });
      return;
    }
    if (this.active === 0) this.session.ref();
    this.active += 1;

    let status = 0;
    let headers: http2.IncomingHttpHeaders = {};
    let body = '';
    let complete = false;
    let failure: string | undefined;
    const timer = setTimeout(() => {
      failure = `timeout after ${this.options.requestTimeoutMs} ms`;
      stream.close(http2.constants.NGHTTP2_CANCEL);
      // A silent stream is often a dead connection: the next request had better go elsewhere.
      this.drain();
    }, this.options.requestTimeoutMs);

    stream.setEncoding('utf8');
    stream.on('response', (answered) => {
      status = Number(answered[':status']);
      headers = answered;
    });
    stream.on('data', (chunk: string) => {
      if (body.length + chunk.length <= MAX_ANSWER_BYTES) {
        body += chunk;
      } else {
        failure = `answer longer than ${MAX_ANSWER_BYTES} bytes`;
        stream.close(http2.constants.NGHTTP2_CANCEL);
      }
    });
    stream.on('end', () => {
      complete = status !== 0;
    });
    stream.on('error', (error: NodeJS.ErrnoException) => {
      failure ??= error.code ?? error.message;
    });
    stream.on('close', () => {
      clearTimeout(timer);
      this.active -= 1;
      this.lastUsedAt = this.options.now();
      if (this.active === 0) {
        if (this.state === 'draining') this.session.close();
        else this.session.unref();
      }
      const code = stream.rstCode ?? http2.constants.NGHTTP2_NO_ERROR;
      if (complete && failure === undefined && code === http2.constants.NGHTTP2_NO_ERROR) {
        done({ kind: 'response', status, headers, body });
      } else {
        done({
          kind: 'no-response',
          processed: this.wasNeverProcessed(stream, status, code) ? 'never' : 'unknown',
          reason: failure ?? `stream closed with code ${code}`,
        });
      }
      if (this.state === 'open') this.events.onRoom();
    });
    stream.end(request.body);
  }

  /** Ends the connection once the streams under way have answered. */
  close(): void {
    if (this.session.closed) return;
    this.drain();
    this.session.close();
  }

  private get peerLimit(): number {
    return this.session.remoteSettings.maxConcurrentStreams ?? Infinity;
  }

  private wasNeverProcessed(
    stream: http2.ClientHttp2Stream,
    status: number,
    code: number,
  ): boolean {
    if (status !== 0) return false;
    if (code === http2.constants.NGHTTP2_REFUSED_STREAM) return true;
    // No id: the stream was never put on the wire.
    return stream.id === undefined || stream.id > this.goawayLastStreamId;
  }

  private drain(): void {
    if (this.state === 'draining') return;
    this.state = 'draining';
    this.events.onDraining();
  }

  private fail(reason: string): void {
    this.failure ??= reason;
    if (this.state !== 'connecting') this.drain();
    this.session.destroy();
  }
}

function errorName(error: unknown): string {
  if (error instanceof Error) return (error as NodeJS.ErrnoException).code ?? error.message;
  return String(error);
}
