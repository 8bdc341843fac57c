/**
 * What the delivery engine asks of a provider.
 */
import type { Content } from '../model/notification/content';
import type { Outcome } from '../model/outcome';

export interface SendOptions {
  /**
   * Asked before each send begins, whether first, resend or question about an address: once false, those under way are
   * finished, and every address without an answer is `unsent`. Default: always true.
   */
  readonly mayBegin?: (() => boolean) | undefined;
}

export interface Provider {
  /**
   * Sends one push to any number of addresses.
   *
   * Resolves to one outcome per address, in the addresses' order. Memory in use follows the requests in flight, not the
   * number of addresses. Rejects only when nothing was sent to anybody, e.g. with `PayloadTooLargeError`.
   */
  send(content: Content, addresses: readonly string[], options?: SendOptions): Promise<Outcome[]>;
}

/** Whoever is subscribed to a topic, or to topics of which a condition holds. */
export type BroadcastTarget = { readonly topic: string } | { readonly condition: string };

/** What the engine asks of a provider that knows topics. */
export interface Broadcaster {
  /** One push to all subscribers, in one request. Never `unregistered` or `unsent`. Rejects with `PayloadTooLargeError`. */
  broadcast(content: Content, target: BroadcastTarget): Promise<Outcome>;
}
