/** What APNs remembers of one connection: whose it is, the tokens seen, the streams it may have. */
import type { Exchange } from '../exchange.ts';
import type { ProviderToken } from './provider-token.ts';
import { type Reason, reasonBody, reasons } from './reasons.ts';

/** How a connection is treated that is in use, or misused. */
export interface ConnectionRules {
  /** Streams at once until a valid token was seen. */
  readonly initialStreams: number;
  /** Streams at once from then on. */
  readonly maxConcurrentStreams: number;
  /** Back to one stream after an error, until a push is accepted. */
  readonly slowDownAfterErrors: boolean;
  /** GOAWAY after so many errors; undefined: never. */
  readonly maxErrors: number | undefined;
  /** GOAWAY after so many times `BadDeviceToken`; undefined: never. */
  readonly maxBadDeviceTokens: number | undefined;
}

/** Apple: a token may be renewed once in 20 minutes. */
const UPDATE_WINDOW_MS = 20 * 60 * 1000;
const OK = 200;
const GONE = 410;
const FIRST_SERVER_ERROR = 500;

/** The memory of one connection. */
export class Connection {
  readonly #rules: ConnectionRules;
  #owner: ProviderToken | undefined;
  /**
   * Tokens by the time they were issued: instances that each sign their own for the same moment were
   * seen to pass for one.
   */
  readonly #issued = new Set<number>();
  #updatedAt = -Infinity;
  #streams: number;
  #errors = 0;
  #badDeviceTokens = 0;

  constructor(rules: ConnectionRules) {
    this.#rules = rules;
    this.#streams = rules.initialStreams;
  }

  /** Takes a valid token, or says why not on this connection. `at`: milliseconds since 1970. */
  admit(token: ProviderToken, at: number): Reason | undefined {
    const owner = (this.#owner ??= token);
    if (owner.keyId !== token.keyId || owner.teamId !== token.teamId) {
      return 'UnrelatedKeyIdInToken';
    }
    if (this.#issued.has(token.issuedAt)) return undefined;
    if (this.#issued.size > 0) {
      if (at - this.#updatedAt < UPDATE_WINDOW_MS) return 'TooManyProviderTokenUpdates';
      this.#updatedAt = at;
    }
    this.#issued.add(token.issuedAt);
    return undefined;
  }

  /** A valid token has come over this exchange: more streams from now on. */
  open(exchange: Exchange): void {
    if (this.#errors === 0 || !this.#rules.slowDownAfterErrors) {
      this.#allow(exchange, this.#rules.maxConcurrentStreams);
    }
  }

  /** Notes how an exchange is about to be answered, and treats the connection accordingly. */
  conclude(exchange: Exchange, status: number, body: string): void {
    const { slowDownAfterErrors, maxConcurrentStreams } = this.#rules;
    if (status === OK && slowDownAfterErrors) this.#allow(exchange, maxConcurrentStreams);
    // Apple: 410 does not count as an error.
    if (status < reasons.BadTopic || status >= FIRST_SERVER_ERROR || status === GONE) return;
    this.#errors += 1;
    if (body.includes('"BadDeviceToken"')) this.#badDeviceTokens += 1;
    if (slowDownAfterErrors) this.#allow(exchange, 1);
    const isTooMuch =
      this.#errors === this.#rules.maxErrors ||
      this.#badDeviceTokens === this.#rules.maxBadDeviceTokens;
    if (isTooMuch) {
      exchange.goaway({ processed: true, code: 0, debugData: body, afterAnswer: true });
    }
  }

  #allow(exchange: Exchange, streams: number): void {
    if (this.#streams === streams) return;
    this.#streams = streams;
    exchange.limitStreams(streams);
  }
}

/** What a GOAWAY says when the server is at its end, or the connection was idle for too long. */
export const farewell = {
  shutdown: reasonBody('Shutdown'),
  idle: reasonBody('IdleTimeout'),
} as const;
