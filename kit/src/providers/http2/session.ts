/**
 * One HTTP/2 connection: opens streams within the peer's limit, and says when it takes no more of them.
 *
 * Invariant: each `dispatch` calls back exactly once, and each session ends its socket, whatever the peer or the network does.
 */
import * as http2 from 'node:http2';
import type { Socket } from 'node:net';
import type { Http2Answer, Http2Request } from './answer';
import { afterReading } from './after-reading';
import { Deadlines } from './deadlines';
import { errorName, http2ErrorName } from './error-name';
import { Exchange } from './exchange';
import { openSocket, type TlsOptions } from './socket';

/** A connection at its end may take this long to say goodbye. */
const LINGER_MS = 1_000;
/** Of a connection: its answers of a few hundred bytes all fit in, so that none is held back while this process sleeps. */
const WINDOW_BYTES = 1024 * 1024;
/** Node would take DELETE for a request without a body; here it is the exchange that ends every one. */
const REQUEST_OPTIONS: http2.ClientSessionRequestOptions = { endStream: false };

export interface SessionOptions {
  /** Origin, e.g. `https://fcm.googleapis.com` or, for a simulator, `http://127.0.0.1:9110`. */
  readonly origin: string;
  /** Longest wait for TCP, TLS and the peer's SETTINGS, and for a peer that allows no streams at all. */
  readonly connectTimeoutMs: number;
  /** Longest time from putting a request on the wire to its full answer. */
  readonly requestTimeoutMs: number;
  /** Never more streams at once than this, whatever the peer allows. */
  readonly maxStreams: number;
  /** Options for TLS, e.g. a private certificate authority in tests. */
  readonly tls?: TlsOptions;
  readonly now: () => number;
}

export interface SessionEvents {
  /** There may be room for more streams, or this session has become ready. */
  onRoom(): void;
  /** A stream was refused, and the peer has not said why. */
  onRefusal(): void;
  /** No further streams may be opened; those under way still answer. */
  onDraining(): void;
  /** The connection was never usable; nothing was sent on it. */
  onConnectFailed(reason: string): void;
}

type State = 'connecting' | 'open' | 'draining';

export class Session {
  /** Streams above this id were never processed: GOAWAY's last stream id. */
  lastProcessedId = Infinity;
  /** Why the connection failed, if it did. */
  failure: string | undefined;
  readonly deadlines: Deadlines;
  private readonly options: SessionOptions;
  private readonly events: SessionEvents;
  private readonly socket: Socket;
  private readonly session: http2.ClientHttp2Session;
  private readonly scheme: string;
  private readonly authority: string;
  private state: State = 'connecting';
  private active = 0;
  private lastUsedAt: number;
  private patience: NodeJS.Timeout | undefined;

  /** Begins to connect. Throws if the origin is not a URL or TLS refuses its options. */
  constructor(options: SessionOptions, events: SessionEvents) {
    this.options = options;
    this.events = events;
    this.lastUsedAt = options.now();
    this.deadlines = new Deadlines(options.requestTimeoutMs);
    const origin = new URL(options.origin);
    this.scheme = origin.protocol.slice(0, -1);
    this.authority = origin.host;
    this.socket = openSocket(origin, options.tls);
    this.session = http2.connect(origin, {
      createConnection: () => this.socket,
      settings: { enablePush: false },
    });
    this.bePatient(() => this.fail(`no HTTP/2 connection within ${options.connectTimeoutMs} ms`));
    this.session.once('connect', () => this.session.setLocalWindowSize(WINDOW_BYTES));
    // Streams wait for the peer's SETTINGS: APNs allows one stream until it has seen a valid token, and says so there.
    this.session.on('remoteSettings', () => this.onSettings());
    this.session.on('goaway', (code: number, lastStreamId: number) => {
      // A peer that shuts down gracefully says it twice, the second time with the true, lower id.
      this.lastProcessedId = lastStreamId;
      if (code !== http2.constants.NGHTTP2_NO_ERROR) {
        this.failure ??= `GOAWAY ${http2ErrorName(code)}`;
      }
      if (this.state === 'connecting') this.fail('GOAWAY before any stream was allowed');
      else this.drain();
    });
    this.session.on('error', (error: Error) => {
      this.failure ??= errorName(error);
    });
    this.session.on('close', () => {
      this.stopWaiting();
      if (this.state === 'connecting') {
        this.state = 'draining';
        this.events.onConnectFailed(this.failure ?? 'connection closed before HTTP/2 settings');
      } else {
        this.drain();
      }
    });
  }

  /** Streams that it takes at once, 0 while it connects or drains; follows every SETTINGS frame of the peer. */
  get limit(): number {
    // Between a connection's end and its 'close' event streams would only fail.
    if (this.state !== 'open' || this.session.closed || this.session.destroyed) return 0;
    return Math.min(this.options.maxStreams, this.peerLimit);
  }

  /** Streams that may be opened now. */
  get room(): number {
    return this.limit - this.active;
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
   * round trip, a request sent into a dead connection costs its whole time-out and is of unknown fate. And whatever else
   * the peer had to say before, a GOAWAY or a lower limit, has arrived when the answer has.
   */
  async probe(timeoutMs: number): Promise<boolean> {
    const answered = await new Promise<boolean>((resolve) => {
      if (this.session.destroyed) return resolve(false);
      const timer = setTimeout(() => afterReading(() => resolve(false)), timeoutMs);
      this.session.ping((error) => {
        clearTimeout(timer);
        resolve(error === null);
      });
    });
    if (answered) this.lastUsedAt = this.options.now();
    else this.drain();
    return answered;
  }

  /** Sends one request; the caller has checked `room`. */
  dispatch(request: Http2Request, done: (answer: Http2Answer) => void): void {
    let stream: http2.ClientHttp2Stream;
    try {
      stream = this.session.request(this.headersOf(request), REQUEST_OPTIONS);
    } catch (error) {
      // Thrown before anything is written, e.g. for a header that HTTP/2 does not allow.
      done({ kind: 'no-response', processed: 'never', reason: errorName(error) });
      return;
    }
    if (this.active === 0) this.session.ref();
    this.active += 1;
    new Exchange(stream, request.body, this, (answer, exchange) => {
      this.finish(answer, exchange);
      done(answer);
      if (this.state === 'open') this.events.onRoom();
    });
  }

  /** Whether the connection has ended, for whatever reason. */
  get isOver(): boolean {
    return this.session.destroyed;
  }

  /** Ends the connection once the streams under way have answered. */
  close(): void {
    if (this.state === 'connecting') this.socket.destroy();
    this.drain();
  }

  private finish(answer: Http2Answer, exchange: Exchange): void {
    this.active -= 1;
    this.lastUsedAt = this.options.now();
    // A silent stream is often a dead connection, and one without an id means that its ids are used up.
    if (exchange.timedOut || !exchange.hasStream) this.drain();
    if (this.active === 0) {
      if (this.state === 'draining') this.end();
      else this.session.unref();
    }
    const refused = answer.kind === 'no-response' && answer.processed === 'never';
    if (refused && this.state === 'open') this.events.onRefusal();
  }

  /** As a list, which Node takes as it is: from an object it makes two further ones, a tenth of a lone request's CPU. */
  private headersOf(request: Http2Request): string[] {
    const { method = 'POST', path, authority, headers, unindexed } = request;
    const list = [
      ':method',
      method,
      ':scheme',
      this.scheme,
      ':authority',
      authority ?? this.authority,
      ':path',
      path,
    ];
    // eslint-disable-next-line local/no-dictionary-lookup -- by its own names; and for every push, so nothing is asked
    for (const name in headers) list.push(name, headers[name] as string);
    // Node's only name for what must not be indexed.
    if (unindexed !== undefined) Object.assign(list, { [http2.sensitiveHeaders]: unindexed });
    return list;
  }

  private get peerLimit(): number {
    return this.session.remoteSettings.maxConcurrentStreams ?? Infinity;
  }

  private onSettings(): void {
    if (this.state === 'draining') return;
    this.stopWaiting();
    if (this.peerLimit === 0) {
      const reason = `the server allowed no streams for ${this.options.connectTimeoutMs} ms`;
      this.bePatient(() => (this.state === 'connecting' ? this.fail(reason) : this.drain()));
      return;
    }
    if (this.state === 'connecting') {
      this.state = 'open';
      this.lastUsedAt = this.options.now();
      // Whoever waits for the connection holds the process; an idle connection must not.
      this.session.unref();
    }
    this.events.onRoom();
  }

  private bePatient(giveUp: () => void): void {
    const patience = setTimeout(
      () =>
        afterReading(() => {
          // Else SETTINGS have come meanwhile.
          if (this.patience === patience) giveUp();
        }),
      this.options.connectTimeoutMs,
    );
    this.patience = patience;
  }

  private stopWaiting(): void {
    clearTimeout(this.patience);
    this.patience = undefined;
  }

  private fail(reason: string): void {
    this.failure ??= reason;
    this.socket.destroy();
  }

  private drain(): void {
    if (this.state === 'draining') return;
    this.state = 'draining';
    this.stopWaiting();
    if (this.active === 0) this.end();
    this.events.onDraining();
  }

  private end(): void {
    this.session.destroy();
    const linger = setTimeout(() => this.socket.destroy(), LINGER_MS).unref();
    this.socket.once('close', () => clearTimeout(linger));
  }
}
