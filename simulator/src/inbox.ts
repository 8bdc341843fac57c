/** What each device shows now: a new item replaces an older one of the same replacement key. */
import { OldestFirst } from './oldest-first.ts';
import type { ProviderName } from './provider.ts';
import type { Rendered } from './rendered.ts';

/** One thing a device shows. */
export interface InboxItem extends Omit<Rendered, 'replaces'> {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly provider: ProviderName;
  /** Bundle id or package name, where it is known. */
  readonly appId?: string;
  /** The request that brought it, see the request log. */
  readonly requestId: string;
}

interface Shown {
  readonly item: InboxItem;
  readonly replaces: string | undefined;
}

/** How much is kept. */
export interface InboxLimits {
  /** Items a device shows; the oldest go first. */
  readonly perDevice: number;
  /** Items of all devices together; the device that got nothing for longest loses its first. */
  readonly total: number;
}

/** Every device's inbox, oldest item first. */
export class Inboxes {
  readonly #limits: InboxLimits;
  /** In order of the last delivery, so that the first is the one to take from. */
  readonly #inboxes = new Map<string, Shown[]>();
  readonly #quietest = new OldestFirst(this.#inboxes);
  #total = 0;

  constructor(limits: InboxLimits) {
    this.#limits = limits;
  }

  /** What a device shows, oldest first. */
  of(address: string): InboxItem[] {
    return (this.#inboxes.get(address) ?? []).map(({ item }) => item);
  }

  /** Number of items a device shows. */
  count(address: string): number {
    return this.#inboxes.get(address)?.length ?? 0;
  }

  /**
   * Shows an item. Answers the item it replaced: one of the same app whose key `replaces` is the
   * same.
   */
  add(address: string, item: InboxItem, replaces?: string): InboxItem | undefined {
    const inbox = this.#inboxes.get(address) ?? [];
    const index =
      replaces === undefined
        ? -1
        : inbox.findIndex(
            (shown) => shown.replaces === replaces && shown.item.appId === item.appId,
          );
    const replaced = index === -1 ? undefined : inbox.splice(index, 1)[0]!.item;
    inbox.push({ item, replaces });
    this.#inboxes.delete(address);
    this.#inboxes.set(address, inbox);
    if (replaced === undefined) this.#total += 1;
    if (inbox.length > this.#limits.perDevice) {
      inbox.shift();
      this.#total -= 1;
    }
    if (this.#total > this.#limits.total) this.#emptyQuietest();
    return replaced;
  }

  /** Empties one device's inbox. Answers how many items it showed. */
  clearOne(address: string): number {
    const count = this.count(address);
    this.#inboxes.delete(address);
    this.#total -= count;
    return count;
  }

  clear(): void {
    this.#inboxes.clear();
    this.#total = 0;
  }

  #emptyQuietest(): void {
    const address = this.#quietest.take();
    if (address !== undefined) this.clearOne(address);
  }
}
