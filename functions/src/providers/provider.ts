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
