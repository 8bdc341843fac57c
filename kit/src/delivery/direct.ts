/**
 * Addresses that a push document lists, without a user in between, as recipients. The ledger names them by fingerprint only.
 */
import { fingerprint } from '../model/address';
import type { PruneResult } from '../devices/device-store';
import type { RecipientRecord } from '../store/users';
import type { DeliveryDocument } from './delivery-document';
import type { AddressBook, EngineDeps } from './deps';
import type { RecipientReader } from './recipients';

/**
 * The addresses of a push document, each a recipient of its own; undefined if the document is gone, and its addresses with it.
 *
 * @param entry what the ledger says of those that have had their turn: the list may be edited under way, and a place in it says nothing
 *   then.
 * @param now ms since 1970.
 */
export async function addressSource(
  book: AddressBook,
  pushId: string,
  { reasons, counts }: Pick<DeliveryDocument, 'reasons' | 'counts'>,
  now: () => number,
): Promise<RecipientReader | undefined> {
  const found = await book.listed(pushId);
  if (found === undefined) return undefined;
  const { readAt } = found;
  const addresses = new Map(found.addresses.map((address) => [fingerprint(address), address]));
  const read = async (names: readonly string[]): Promise<RecipientRecord[]> => {
    const known = names.filter((name) => addresses.has(name));
    const listed = known.map((name) => addresses.get(name) as string);
    const locales = await book.locales(listed);
    return known.map((name, index) => ({
      uid: name,
      exists: true,
      tokens: [listed[index]],
      locale: locales[index],
      readAt,
    }));
  };
  // Where the ledger has no reason for some, only their place says that they had their turn.
  const isComplete = Object.keys(reasons).length >= counts.recipients;
  const names = [...addresses.keys()].filter(
    (name) => !isComplete || !Object.hasOwn(reasons, name),
  );
  return {
    read,
    async next(after, limit) {
      const start = names.indexOf(after) + 1;
      const wanted = names.slice(start, start + limit);
      const at = now();
      return { records: await read(wanted), at, isLast: start + wanted.length >= names.length };
    },
  };
}

/** Prunes each address from whoever has it; nobody's is pruned already. */
export function byOwner(devices: EngineDeps['devices'], book: AddressBook): EngineDeps['devices'] {
  return {
    async prune(_fingerprint, addresses, sendBegan) {
      const result = { pruned: [] as string[], kept: [] as string[] } satisfies PruneResult;
      for (const address of addresses) {
        const owner = await book.ownerOf(address);
        const pruned =
          owner === undefined
            ? { pruned: [address], kept: [] }
            : await devices.prune(owner, [address], sendBegan);
        result.pruned.push(...pruned.pruned);
        result.kept.push(...pruned.kept);
      }
      return result;
    },
    // The document lists what it lists.
    replacementsOf: () => Promise.resolve(new Map()),
  };
}
