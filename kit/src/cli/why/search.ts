/**
 * Searches the ledger by its one index, `findBy` and then `createdAt`, both as they rise: whatever is wanted newest first is read window
 * by window, going back in time.
 */
import type { QueryDocumentSnapshot } from '@google-cloud/firestore';
import { entriesBy } from '../../delivery/ledger-search';
import type { Collections } from '../../store/collections';
import { HOUR_MS } from '../../model/durations';

/** Documents of one window at the most. */
const MAX_READ = 500;

export interface Search {
  /** At most 30; one of them is in each entry that is meant. */
  readonly keys: readonly string[];
  /** The only fields that are read; without them an entry of many people would be a megabyte. */
  readonly fields: readonly string[];
  /** ms since 1970; absent: from the first. */
  readonly since?: number | undefined;
  readonly until: number;
  /** So many are enough. */
  readonly wanted: number;
  readonly accept?: (found: QueryDocumentSnapshot) => boolean;
}

export interface SearchResult {
  /** The newest first. */
  readonly found: readonly QueryDocumentSnapshot[];
  /** There was more than is read, so that newer ones may be missing. */
  readonly isCut: boolean;
}

export async function newest(collections: Collections, search: Search): Promise<SearchResult> {
  const { since, until, wanted, accept = () => true } = search;
  const found: QueryDocumentSnapshot[] = [];
  let isCut = false;
  // The end of a window is not in it.
  let end = until + 1;
  for (let width = HOUR_MS; ; width *= 2) {
    const begin = since === undefined ? undefined : Math.max(since, end - width);
    const docs = await window(collections, search, begin, end);
    isCut ||= docs.length === MAX_READ;
    found.push(...docs.reverse().filter(accept));
    if (begin === undefined || begin === since || found.length >= wanted) return { found, isCut };
    end = begin;
  }
}

async function window(
  { deliveries }: Collections,
  { keys, fields }: Search,
  begin: number | undefined,
  end: number,
): Promise<QueryDocumentSnapshot[]> {
  const times = { until: end - 1, ...(begin === undefined ? {} : { since: begin }) };
  const { docs } = await entriesBy(deliveries, keys, times)
    .select(...fields)
    .limit(MAX_READ)
    .get();
  return docs;
}
