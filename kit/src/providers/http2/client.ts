/**
 * A warm pool of HTTP/2 sessions to one origin: requests wait in line for a stream, sessions are opened when the line is
 * long, replaced when they drain, and probed when they were idle.
 */
import { isWithin } from '../elapsed';
import type { Http2Answer, Http2Request } from './answer';
import { Congestion, type CongestionOptions } from './congestion';
import { errorName } from './error-name';
import { Session, type SessionOptions } from './session';

export interface Http2ClientOptions extends SessionOptions, CongestionOptions {
  /** Connections at most. One is enough until the peer's stream limit, times the latency, becomes the bottleneck. */
  readonly maxSessions: number;
  /** A session without traffic for this long must answer a PING before it gets a request. */
  readonly probeAfterIdleMs: number;
  /** Longest wait for that PING. */
  readonly probeTimeoutMs: number;
  /** A session without traffic for this long is replaced. */
  readonly maxIdleMs: number;
}

/** The values that production uses; each has its reason. */
export const HTTP2_DEFAULTS = {
  connectTimeoutMs: 10_000,
  /** FCM asks for at least 10 s before giving up on an attempt (scale-fcm); its own calls have 10 s. */
  requestTimeoutMs: 15_000,
  /** As many as Google's front end allows: 2,000 a second at 50 ms. Beyond, another session helps more than more streams. */
  maxStreams: 100,
  maxSessions: 4,
  /** A few answers' time: a line this old is no mere burst, and a handshake costs about as much. */
  congestionMs: 50,
  probeAfterIdleMs: 10_000,
  probeTimeoutMs: 2_000,
  /** Google's front end drops idle connections after 4 minutes. */
  maxIdleMs: 230_000,
} as const;

/** When a further connection was refused, the ones at work must do for this long. */
const EXTRA_SESSION_PAUSE_MS = 10_000;
/**
 * A peer that cannot be reached is not tried again for this long, and requests are told so at once: else thousands of addresses would
 * each wait for a connection of their own. Shorter than any wait before a retry.
 */
const UNREACHABLE_PAUSE_MS = 2_000;
/** One connection that fails as quickly as this may be an accident: a second one is tried at once. */
const QUICK_FAILURE_MS = 1_000;
/** Requests in line that show whether another connection would help; what waits for long outlives garbage collections. */
const LINE = 10;
/** Places of served requests before the line is shortened. */
const COMPACT_AFTER = 1024;

const NOT_BEGUN: Http2Answer = {
  kind: 'no-response',
  processed: 'never',
  reason: 'not sent in time',
};

interface Waiting {
  readonly request: Http2Request;
  readonly done: (answer: Http2Answer) => void;
}

export class Http2Client {
  private readonly options: Http2ClientOptions;
  /** Those that connect or take requests; one that drains is on its own. */
  private readonly sessions = new Set<Session>();
  private readonly probing = new Set<Session>();
  /** Those before `next` were served and are let go of at once: kept, they would outlive garbage collections. */
  private waiting: (Waiting | undefined)[] = [];
  private next = 0;
  private extraSessionFailedAt = -Infinity;
  private unreachable: { readonly reason: string; readonly at: number } | undefined;
  /** Connections that failed since one was made. */
  private failedInARow = 0;
  private readonly congestion: Congestion;
  private closed = false;
  private pumping = false;

  constructor(options: Http2ClientOptions) {
    this.options = options;
    this.congestion = new Congestion(options, () => this.pump());
  }

  /**
   * Requests that are worth asking for at once, now: what the open sessions take, and a short line. More may be asked for,
   * they wait.
   */
  get capacity(): number {
    let streams = 0;
    for (const session of this.sessions) streams += session.limit;
    return (streams === 0 ? this.options.maxStreams : streams) + LINE;
  }

  /** Sends one request. Never rejects: every failure is an answer that says whether the request may have been processed. */
  request(request: Http2Request): Promise<Http2Answer> {
    return new Promise((done) => {
      if (this.closed) {
        done({ kind: 'no-response', processed: 'never', reason: 'client closed' });
        return;
      }
      this.waiting.push({ request, done });
      this.pump();
    });
  }

  /** Lets requests under way finish and ends the connections; waiting requests are answered as never sent. */
  close(): void {
    this.closed = true;
    this.failWaiting('client closed');
    for (const session of this.sessions) session.close();
  }

  private pump(): void {
    // Dispatching and closing call back into here; the loop that is already running sees what they changed.
    if (this.pumping) return;
    this.pumping = true;
    let head = this.waiting[this.next];
    while (head !== undefined) {
      const session = this.sessionWithRoom();
      if (session === undefined) {
        this.openIfNeeded();
        break;
      }
      this.waiting[this.next] = undefined;
      this.next += 1;
      if (head.request.mayBegin?.() === false) head.done(NOT_BEGUN);
      else session.dispatch(head.request, head.done);
      head = this.waiting[this.next];
    }
    if (head === undefined) this.congestion.over();
    this.forgetServed();
    this.pumping = false;
  }

  /** Shortens the line, in steps, so that one that never empties costs neither memory nor quadratic time. */
  private forgetServed(): void {
    if (this.next < COMPACT_AFTER && this.next < this.waiting.length) return;
    this.waiting = this.waiting.slice(this.next);
    this.next = 0;
  }

  private sessionWithRoom(): Session | undefined {
    let best: Session | undefined;
    for (const session of this.sessions) {
      if (session.isConnecting || this.probing.has(session)) continue;
      if (session.idleMs > this.options.maxIdleMs) {
        session.close();
        continue;
      }
      // Below 0 the clock was set back: nobody knows for how long it was idle.
      if (session.idleMs > this.options.probeAfterIdleMs || session.idleMs < 0) {
        this.probe(session);
        continue;
      }
      if (session.room > 0 && (best === undefined || session.room > best.room)) best = session;
    }
    return best;
  }

  private probe(session: Session): void {
    if (this.probing.has(session)) return;
    this.probing.add(session);
    void session.probe(this.options.probeTimeoutMs).then(() => {
      this.probing.delete(session);
      this.pump();
    });
  }

  private openIfNeeded(): void {
    if (this.closed || this.probing.size > 0) return;
    let usable = 0;
    for (const session of this.sessions) {
      // One connection at a time: the next is only worth its handshake if this one fills up.
      if (session.isConnecting) return;
      usable += 1;
    }
    if (usable >= this.options.maxSessions) return;
    if (usable === 0) {
      const { unreachable } = this;
      if (
        unreachable !== undefined &&
        isWithin(UNREACHABLE_PAUSE_MS, unreachable.at, this.options.now())
      ) {
        this.failWaiting(unreachable.reason);
        return;
      }
    } else {
      if (isWithin(EXTRA_SESSION_PAUSE_MS, this.extraSessionFailedAt, this.options.now())) return;
      if (!this.congestion.isWorthAnother()) return;
    }
    this.open();
  }

  private open(): void {
    let session: Session;
    const begun = this.options.now();
    try {
      session = new Session(this.options, {
        onRoom: () => {
          this.failedInARow = 0;
          this.pump();
        },
        // Most likely its GOAWAY is on the way: sent again at once, the request would only be refused again.
        onRefusal: () => this.probe(session),
        onDraining: () => {
          this.sessions.delete(session);
          this.pump();
        },
        onConnectFailed: (reason) => {
          this.sessions.delete(session);
          const now = this.options.now();
          if (this.sessions.size > 0) {
            // Another session still works: its room will serve the line.
            this.extraSessionFailedAt = now;
            return;
          }
          this.failedInARow += 1;
          if (this.failedInARow > 1 || !isWithin(QUICK_FAILURE_MS, begun, now)) {
            this.unreachable = { reason, at: now };
          }
          this.failWaiting(reason);
        },
      });
    } catch (error) {
      // Not an origin, or options that TLS refuses: no request can ever be sent.
      this.failWaiting(errorName(error));
      return;
    }
    this.sessions.add(session);
  }

  private failWaiting(reason: string): void {
    const failed = this.waiting.slice(this.next) as Waiting[];
    this.waiting = [];
    this.next = 0;
    this.congestion.over();
    for (const { done } of failed) done({ kind: 'no-response', processed: 'never', reason });
  }
}
