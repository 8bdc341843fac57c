/** Google's token endpoint, for apps whose credentials the preload made up. */
import type { Exchange } from './exchange.ts';

/** An hour less a second, as Google says it. */
const EXPIRES_IN_SECONDS = 3599;

/** Answers `POST /token` with an access token of no worth. Answers false to all else. */
export function handleTokenRequest(exchange: Exchange, at: number): boolean {
  if (exchange.method !== 'POST' || exchange.path !== '/token') return false;
  exchange.answer({
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify({
      access_token: `simulator-${at}`,
      expires_in: EXPIRES_IN_SECONDS,
      token_type: 'Bearer',
    }),
  });
  return true;
}
