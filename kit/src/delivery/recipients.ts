/**
 * Reads the recipients that a ledger entry covers, some at a time, in an order that is the same whenever it is read.
 */
import type { Coverage } from './delivery-document';
import type { RecipientRecord } from '../store/users';
import type { EngineDeps } from './deps';

type Users = EngineDeps['users'];
type Range = Extract<Coverage, { kind: 'range' }>;

/** Recipients read before the claim at the most: an event that comes again has read them in vain. */
const READ_AHEAD = 10;
/** For so long a record is taken as it was read: longer, and a device that changed hands meanwhile would hear of its former owner's business. */
export const FRESH_MS = 3_000;

/** Recipients as they stand. */
export interface RecipientPage {
  readonly records: readonly RecipientRecord[];
  /** Whether nobody comes after them. */
  readonly isLast: boolean;
  /** When they were asked for, ms since 1970 by this instance's clock: since then anything may have changed. */
  readonly at: number;
}

export interface RecipientReader {
  /** The next recipients after this one, at most `limit`. `''`: from the first. */
  next(after: string, limit: number): Promise<RecipientPage>;
  /** These recipients as they stand now. */
  read(uids: readonly string[]): Promise<readonly RecipientRecord[]>;
}

/** Records that were read for another purpose, or more than were wanted, and when (ms since 1970). */
export interface ReadRecords {
  readonly records: readonly RecipientRecord[];
  readonly at: number;
}

/** Begins to read the recipients of an event that is still being claimed, if they are few: that saves it a round trip. */
export function readAhead(
  users: Users,
  coverage: Coverage,
  now: () => number,
): Promise<ReadRecords | undefined> | undefined {
  if (coverage.kind !== 'listed' || coverage.uids.length > READ_AHEAD) return undefined;
  const at = now();
  // Where it fails, they are read again by whoever holds the entry by then, and gives it back if that fails as well.
  return users.read(coverage.uids).then(
    (read) => ({ records: read, at }),
    () => undefined,
  );
}

/** The users of a list, or of a range of a collection. */
export function userSource(
  users: Users,
  coverage: Extract<Coverage, { kind: 'listed' | 'range' }>,
  now: () => number,
  known?: ReadRecords,
): RecipientReader {
  let ready = known;
  const take = (after: string, limit: number): ReadRecords | undefined => {
    if (ready === undefined || now() - ready.at > FRESH_MS) return undefined;
    const { records } = ready;
    const start = after === '' ? 0 : records.findIndex(({ uid }) => uid === after) + 1;
    if (start === 0 && after !== '') return undefined;
    const taken = records.slice(start, start + limit);
    return taken.length === 0 ? undefined : { records: taken, at: ready.at };
  };
  const read = (uids: readonly string[]) => users.read(uids);

  if (coverage.kind === 'listed') {
    const { uids } = coverage;
    return {
      read,
      async next(after, limit) {
        const start = uids.indexOf(after) + 1;
        let page = take(after, limit);
        if (page === undefined) {
          const at = now();
          const wanted = uids.slice(start, start + limit);
          page = { records: wanted.length === 0 ? [] : await read(wanted), at };
          ready = page;
        }
        return { ...page, isLast: start + page.records.length >= uids.length };
      },
    };
  }
  return {
    read,
    async next(after, limit) {
      const begin = after === '' ? coverage.after : after;
      const { until } = coverage;
      const at = now();
      if (begin === until) return { records: [], at, isLast: true };
      const taken = take(after, limit);
      if (taken !== undefined) return { ...taken, isLast: taken.records.at(-1)?.uid === until };
      const records = await readPage(users, coverage, begin, limit, until);
      ready = { records, at };
      return { records, at, isLast: records.length < limit || records.at(-1)?.uid === until };
    },
  };
}

/** One page after a user id: users are read as they are found, members are looked up among the users. */
export async function readPage(
  users: Users,
  { collection, where }: Pick<Range, 'collection' | 'where'>,
  after: string,
  limit: number,
  until?: string,
): Promise<RecipientRecord[]> {
  if (collection === users.collection) return users.readRange(after, limit, until, where);
  return users.read(await users.idsInRange(collection, after, limit, until));
}
