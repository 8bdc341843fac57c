/**
 * What became of one HTTP/2 request.
 *
 * Invariant: `processed: 'never'` is only said when the peer provably did not act on the request (RFC 9113 §8.7: refused
 * stream, stream above GOAWAY's last id, or never put on a connection), so that it may be resent without a duplicate.
 */
export type Http2Answer =
  | {
      readonly kind: 'response';
      readonly status: number;
      /** Lower-case names, as Node gives them. */
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      readonly body: string;
    }
  | {
      readonly kind: 'no-response';
      readonly processed: 'never' | 'unknown';
      /** Short and without request content, e.g. `ECONNREFUSED`, `REFUSED_STREAM`, `timeout after 15000 ms`. */
      readonly reason: string;
    };

/** One request. The body is sent as UTF-8. */
export interface Http2Request {
  /** Default: `POST`. */
  readonly method?: 'POST' | 'DELETE';
  readonly path: string;
  /** Default: the connection's own, e.g. `fcm.googleapis.com`. */
  readonly authority?: string;
  /** Without pseudo-headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names of headers whose values hardly ever come again: indexed, they would push those that do out of HPACK's small table. */
  readonly unindexed?: readonly string[];
  readonly body: string;
  /** Asked when its turn has come; if it may not begin, the answer is that it was never processed. Default: it may. */
  readonly mayBegin?: (() => boolean) | undefined;
}
