/**
 * Stands where the CLI would ask Google, for tests only: it gives an access token to anybody, and knows of nothing that is deployed.
 */
import { answerJson, serve, type LoopbackServer } from './registry.ts';

export function serveGoogle(): Promise<LoopbackServer> {
  return serve((request, response) => {
    request.resume();
    // One answer for all: whoever lists something finds no list in it.
    answerJson(response, { access_token: 'any', expires_in: 3600, token_type: 'Bearer' });
  });
}

/** The variables by which firebase-tools is sent there. */
export function googleAt(url: string): Record<string, string> {
  const origin = new URL(url).origin;
  return {
    FIREBASE_TOKEN: 'any',
    FIREBASE_TOKEN_URL: origin,
    FIREBASE_FUNCTIONS_URL: origin,
    FIREBASE_FUNCTIONS_V2_URL: origin,
    FIREBASE_IAM_URL: origin,
  };
}
