/**
 * The OAuth access token for FCM: fetched once, shared by everybody, renewed before it expires or when it is refused.
 */

/** What firebase-admin's credentials offer. */
export interface Credential {
  getAccessToken(): Promise<{ access_token: string; expires_in: number }>;
}

/** Renewed this long before it ends, so that no request under way outlives it. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** A replacement that is refused as well is not replaced for this long: the fault lies deeper than in one token. */
const REPLACE_EVERY_MS = 60_000;

/** How long a token that lives for `seconds` is used: metadata servers hand out old ones, and must not be asked at every turn. */
function usableMs(seconds: number): number {
  const lifeMs = seconds * 1000;
  return Math.max(lifeMs - RENEW_BEFORE_MS, lifeMs / 2);
}

export class AccessTokens {
  private readonly credential: Credential;
  private readonly now: () => number;
  private current: { readonly token: string; readonly renewAt: number } | undefined;
  private fetching: Promise<string> | undefined;
  private replacedAt = -Infinity;

  constructor(credential: Credential, now: () => number) {
    this.credential = credential;
    this.now = now;
  }

  /** A token that is valid for some minutes; rejects with the credential's own error. */
  async get(): Promise<string> {
    if (this.current !== undefined && this.now() < this.current.renewAt) return this.current.token;
    return this.fetch();
  }

  /**
   * A token to try after one was `refused`; many callers with the same refusal cause one fetch.
   *
   * It is the refused one where there is no better: the credential gave the same again, or its last replacement was refused.
   */
  async replace(refused: string): Promise<string> {
    if (this.current?.token === refused && this.now() - this.replacedAt >= REPLACE_EVERY_MS) {
      this.current = undefined;
      this.replacedAt = this.now();
    }
    return this.get();
  }

  private fetch(): Promise<string> {
    this.fetching ??= this.credential
      .getAccessToken()
      .then(({ access_token: token, expires_in: seconds }) => {
        this.current = { token, renewAt: this.now() + usableMs(seconds) };
        return token;
      })
      .finally(() => {
        this.fetching = undefined;
      });
    return this.fetching;
  }
}
