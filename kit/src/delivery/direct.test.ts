import { fingerprint } from '../model/address';
import { NO_COUNTS } from '../model/counts';
import { addressSource } from './direct';
import type { AddressBook } from './deps';

const [ANN, BO, CY, DEE] = ['ann:APA91b-1', 'bo:APA91b-2', 'cy:APA91b-3', 'dee:APA91b-4'] as const;

function bookOf(addresses: readonly string[] | undefined): AddressBook {
  return {
    listed: () => Promise.resolve(addresses && { addresses, readAt: 7 }),
    locales: (listed) => Promise.resolve(listed.map(() => 'de')),
    ownerOf: () => Promise.resolve(undefined),
  };
}

/** Goes through the list, some at a time, as a round does. */
async function turns(
  addresses: readonly string[],
  {
    told = [],
    unnamed = 0,
    reached = '',
  }: {
    readonly told?: readonly string[];
    readonly unnamed?: number;
    readonly reached?: string;
  } = {},
): Promise<unknown[]> {
  const reasons = Object.fromEntries(told.map((address) => [fingerprint(address), 'delivered']));
  const counts = { ...NO_COUNTS, recipients: told.length + unnamed };
  const source = await addressSource(bookOf(addresses), 'sale', { reasons, counts }, () => 0);
  const found: unknown[] = [];
  for (let after = reached; ;) {
    const page = await source?.next(after, 2);
    found.push(...(page?.records ?? []).flatMap(({ tokens }) => tokens));
    after = page?.records.at(-1)?.uid ?? after;
    if (page?.isLast !== false) return found;
  }
}

describe('addresses that a push document lists', () => {
  it('have their turn in its order', async () => {
    expect(await turns([BO, ANN, CY, DEE])).toEqual([BO, ANN, CY, DEE]);
  });

  it.each<[string, readonly string[]]>([
    ['the last that had its turn is gone from it', [ANN, CY, DEE]],
    ['it was put into another order', [DEE, BO, CY, ANN]],
    ['nothing was edited', [ANN, BO, CY, DEE]],
  ])('have one turn each although a worker died and %s', async (_what, addresses) => {
    const rest = await turns(addresses, { told: [ANN, BO], reached: fingerprint(BO) });
    expect(rest.toSorted()).toEqual([CY, DEE]);
  });

  it('go on after the last that had its turn where the ledger does not say who all of them were', async () => {
    const options = { told: [BO], unnamed: 1, reached: fingerprint(BO) };
    expect(await turns([ANN, BO, CY, DEE], options)).toEqual([CY, DEE]);
  });

  it('are gone with the document', async () => {
    const entry = { reasons: {}, counts: NO_COUNTS };
    expect(await addressSource(bookOf(undefined), 'sale', entry, () => 0)).toBeUndefined();
  });
});
