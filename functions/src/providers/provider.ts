/**
 * What the delivery engine asks of a provider.
 */
import type { Content } from './content';
import type { Outcome } from './outcome';

export interface Provider {
  /**
   * Sends one push to any number of addresses.
   *
   * Resolves to one outcome per address, in the addresses' order. Memory in use follows the requests in flight, not the
   * number of addresses. Rejects only when nothing was sent to anybody, e.g. with `PayloadTooLargeError`.
   */
  send(content: Content, addresses: readonly string[]): Promise<Outcome[]>;
}

/** Whoever is subscribed to a topic, or to topics of which a condition holds. */
export type BroadcastTarget = { readonly topic: string } | { readonly condition: string };

/** What the engine asks of a provider that knows topics. */
export interface Broadcaster {
  /** One push to all subscribers, in one request. Never `unregistered`. Rejects with `PayloadTooLargeError`. */
  broadcast(content: Content, target: BroadcastTarget): Promise<Outcome>;
}
