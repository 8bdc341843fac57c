/**
 * The OAuth access token for FCM: fetched once, shared by everybody, renewed before it expires or when it is refused.
 */

import { within } from '../../model/within';
import { isWithin } from '../elapsed';

interface Fetched {
  readonly access_token: string;
  /** Seconds. */
  readonly expires_in: number;
}

/** What firebase-admin's credentials offer. */
export interface Credential {
  getAccessToken(): Promise<Fetched>;
  /** A token that is not taken from the credential's own cache. Default: whatever `getAccessToken` gives. */
  renew?(): Promise<Fetched>;
}

/** Renewed this long before it ends, so that no request under way outlives it. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** A replacement that is refused as well is not replaced for this long: the fault lies deeper than in one token. */
const REPLACE_EVERY_MS = 60_000;
/** Google's token endpoint and the metadata server answer within a second; what takes this long is not going to. */
const FETCH_TIMEOUT_MS = 10_000;
/** After a failure nobody is asked for this long: thousands of addresses wait for the same token. */
const PAUSE_AFTER_FAILURE_MS = 2_000;

/** How long a token that lives for `seconds` is used: metadata servers hand out old ones, and must not be asked at every turn. */
function usableMs(seconds: number): number {
  const lifeMs = seconds * 1000;
  return Math.max(lifeMs - RENEW_BEFORE_MS, lifeMs / 2);
}

/** A token and its times, ms since 1970. */
interface Held {
  readonly token: string;
  readonly fetchedAt: number;
  readonly renewAt: number;
  readonly endsAt: number;
}

function isFresh({ fetchedAt, renewAt }: Held, now: number): boolean {
  return isWithin(renewAt - fetchedAt, fetchedAt, now);
}

export class AccessTokens {
  private readonly credential: Credential;
  private readonly now: () => number;
  private readonly fetchTimeoutMs: number;
  private current: Held | undefined;
  /** Taken by FCM since it was fetched: if it is refused then, that is FCM's trouble of the moment. */
  private trusted: string | undefined;
  private fetching: Promise<string> | undefined;
  private replacedAt = -Infinity;
  private failure: { readonly error: unknown; readonly at: number } | undefined;

  constructor(credential: Credential, now: () => number, fetchTimeoutMs = FETCH_TIMEOUT_MS) {
    this.credential = credential;
    this.now = now;
    this.fetchTimeoutMs = fetchTimeoutMs;
  }

  /**
   * A token that is valid for some minutes, or at least still valid while no new one is to be had. Rejects with the credential's own
   * error, or when it does not answer in time.
   */
  async get(): Promise<string> {
    const { current } = this;
    if (current !== undefined && isFresh(current, this.now())) return current.token;
    try {
      return await this.fetch(() => this.credential.getAccessToken());
    } catch (error) {
      if (current !== undefined && this.now() < current.endsAt) return current.token;
      throw error;
    }
  }

  /** FCM has taken a request with this token. */
  accepted(token: string): void {
    if (this.trusted !== token && this.current?.token === token) this.trusted = token;
  }

  /**
   * A token to try once more with after one was `refused`: fetched anew, once for many callers with the same refusal. It may be the same
   * token again, which is worth that try: the metadata server keeps one until it ends, and FCM was seen to refuse good ones.
   *
   * @returns undefined where another try is in vain: this one is a replacement already, and was not accepted since.
   */
  async replace(refused: string): Promise<string | undefined> {
    if (this.current?.token !== refused) return this.get();
    if (isWithin(REPLACE_EVERY_MS, this.replacedAt, this.now())) {
      // Whoever was refused while it is being replaced waits for that.
      return this.fetching ?? this.trusted;
    }
    this.replacedAt = this.now();
    this.trusted = undefined;
    const { credential } = this;
    return this.fetch(() => credential.renew?.() ?? credential.getAccessToken());
  }

  private async fetch(ask: () => Promise<Fetched>): Promise<string> {
    const { failure } = this;
    if (failure !== undefined && isWithin(PAUSE_AFTER_FAILURE_MS, failure.at, this.now())) {
      throw failure.error;
    }
    this.fetching ??= within(
      this.fetchTimeoutMs,
      ask,
      `expected an access token within ${this.fetchTimeoutMs} ms`,
    )
      .then(
        ({ access_token: token, expires_in: seconds }) => {
          const now = this.now();
          this.current = {
            token,
            fetchedAt: now,
            renewAt: now + usableMs(seconds),
            endsAt: now + seconds * 1000,
          };
          this.failure = undefined;
          return token;
        },
        (error: unknown) => {
          this.failure = { error, at: this.now() };
          throw error;
        },
      )
      .finally(() => {
        this.fetching = undefined;
      });
    return this.fetching;
  }
}
