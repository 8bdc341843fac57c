/**
 * The OAuth access token for FCM: fetched once, shared by everybody, renewed before it expires or when it is refused.
 */

/** What firebase-admin's credentials offer. */
export interface Credential {
  getAccessToken(): Promise<{ access_token: string; expires_in: number }>;
}

/** Renewed this long before it ends, so that no request under way outlives it. */
const RENEW_BEFORE_MS = 5 * 60_000;

export class AccessTokens {
  private readonly credential: Credential;
  private readonly now: () => number;
  private current: { readonly token: string; readonly renewAt: number } | undefined;
  private fetching: Promise<string> | undefined;

  constructor(credential: Credential, now: () => number) {
    this.credential = credential;
    this.now = now;
  }

  /** A token that is valid for some minutes; rejects with the credential's own error. */
  async get(): Promise<string> {
    if (this.current !== undefined && this.now() < this.current.renewAt) return this.current.token;
    return this.fetch();
  }

  /** A token other than the one that was `refused`; many callers with the same refusal cause one fetch. */
  async replace(refused: string): Promise<string> {
    if (this.current?.token === refused) this.current = undefined;
    return this.get();
  }

  private fetch(): Promise<string> {
    this.fetching ??= this.credential
      .getAccessToken()
      .then(({ access_token: token, expires_in: seconds }) => {
        this.current = { token, renewAt: this.now() + seconds * 1000 - RENEW_BEFORE_MS };
        return token;
      })
      .finally(() => {
        this.fetching = undefined;
      });
    return this.fetching;
  }
}
