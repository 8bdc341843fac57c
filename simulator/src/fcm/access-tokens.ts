/** Judges the `Authorization` header, and lets a test say that an access token has expired. */
import type { ErrorParts } from './envelope.ts';
import { garbledCredentials, namedErrors } from './errors.ts';

/** The scheme and a token of the characters RFC 6750 allows. */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;
/** Enough for every instance of any test to have its own. */
const MAX_REMEMBERED = 10_000;

/** How an API says that there is no access token, or that it has expired. */
export type CredentialErrors = Readonly<
  Record<'CREDENTIALS_MISSING' | 'ACCESS_TOKEN_EXPIRED', ErrorParts>
>;

/** Accepts any bearer token until it is said to have expired. */
export class AccessTokens {
  readonly #seen = new Set<string>();
  readonly #expired = new Set<string>();

  /** What is wrong with an `Authorization` header, if anything is, in the words of `errors`. */
  judge(
    authorization: string | undefined,
    errors: CredentialErrors = namedErrors,
  ): ErrorParts | undefined {
    if (authorization === undefined || authorization.trim() === '') {
      return errors.CREDENTIALS_MISSING;
    }
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) return garbledCredentials;
    if (this.#expired.has(token)) return errors.ACCESS_TOKEN_EXPIRED;
    if (this.#seen.size < MAX_REMEMBERED) this.#seen.add(token);
    return undefined;
  }

  /** Expires one token, or every token seen so far. Answers how many. */
  expire(token?: string): number {
    const expiring = token === undefined ? [...this.#seen] : [token];
    for (const each of expiring) {
      this.#seen.delete(each);
      this.#expired.add(each);
    }
    return expiring.length;
  }

  clear(): void {
    this.#seen.clear();
    this.#expired.clear();
  }
}
