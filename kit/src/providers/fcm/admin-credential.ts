/**
 * firebase-admin's credential, made to fetch a new access token when FCM refuses the one that it keeps.
 */
import type { Credential } from './access-token';

/** What each of firebase-admin's credentials keeps its tokens in, once it has one: a client of google-auth-library. */
interface AuthClient {
  readonly credentials: object;
  setCredentials(credentials: object): void;
}

/** Long ago, ms since 1970; google-auth-library takes 0 for "does not end". */
const EXPIRED = 1;

/**
 * The same credential with a `renew` that really asks Google, or the metadata server.
 *
 * firebase-admin offers no way to do so: its own `getToken(true)` asks the credential again, which answers from its cache until five
 * minutes before the token ends. A team's own credential, which has no such client, is simply asked again.
 */
export function renewable(credential: Credential): Credential {
  return {
    getAccessToken: () => credential.getAccessToken(),
    renew: () => {
      const client = authClientOf(credential);
      // What else is in there, a refresh token above all, is what the new one is got with.
      client?.setCredentials({
        ...client.credentials,
        access_token: undefined,
        expiry_date: EXPIRED,
      });
      return credential.getAccessToken();
    },
  };
}

function authClientOf(credential: object): AuthClient | undefined {
  const { authClient } = credential as { authClient?: Partial<AuthClient> };
  return typeof authClient?.setCredentials === 'function' &&
    typeof authClient.credentials === 'object'
    ? (authClient as AuthClient)
    : undefined;
}
