/**
 * Sends to addresses that a push document lists, without a user in between. The ledger names them by fingerprint only.
 */
import { fingerprint } from '../providers/address';
import type { Draft } from '../providers/content';
import type { PruneResult } from '../store/devices';
import type { HeldEntry } from '../store/ledger-entry';
import type { Target } from './audience';
import type { EngineDeps } from './deps';
import type { Pruner } from './prune';
import { retryPending, sendToTargets } from './unit';

/** What is known of addresses besides users' lists of them. */
export interface AddressBook {
  /** The addresses that a push document lists; undefined if it is gone. */
  listed(pushId: string): Promise<readonly string[] | undefined>;
  /** The locale of each address's device, of whatever type; undefined where it is not known. In the addresses' order. */
  locales(addresses: readonly string[]): Promise<readonly unknown[]>;
  /** Whose an address is. */
  ownerOf(address: string): Promise<string | undefined>;
}

/** Sends, or tries again what is due; undefined if the push document is gone, and its addresses with it. */
export async function sendToListed(
  deps: EngineDeps,
  entry: HeldEntry,
  content: Draft,
  book: AddressBook,
): Promise<'done' | undefined> {
  const { outbox, sent } = entry.document;
  const listed = outbox === undefined ? undefined : await book.listed(outbox);
  if (listed === undefined) return undefined;
  const locales = await book.locales(listed);
  const targets = listed.map((address, index): Target => ({
    uid: fingerprint(address),
    address,
    locale: locales[index],
  }));
  const own = { ...deps, devices: byOwner(deps.devices, book) };
  if (sent) await retryPending(own, entry, content, () => Promise.resolve(targets));
  else {
    const resolved = { targets, withoutTarget: new Map<string, never>() };
    await sendToTargets(own, entry, content, resolved, targets.length);
  }
  return 'done';
}

/** Prunes each address from whoever has it; nobody's is pruned already. */
function byOwner(pruner: Pruner, book: AddressBook): Pruner {
  return {
    async prune(_fingerprint, addresses, sendBegan) {
      const result = { pruned: [] as string[], kept: [] as string[] } satisfies PruneResult;
      for (const address of addresses) {
        const owner = await book.ownerOf(address);
        const pruned =
          owner === undefined
            ? { pruned: [address], kept: [] }
            : await pruner.prune(owner, [address], sendBegan);
        result.pruned.push(...pruned.pruned);
        result.kept.push(...pruned.kept);
      }
      return result;
    },
  };
}
