/**
 * Reads the recipients that a ledger entry covers: each once, and never more than a page at a time of those not listed.
 */
import { COLLECTIONS, type Coverage } from '../store/schema';
import type { RecipientRecord } from '../store/users';
import type { EngineDeps } from './deps';

type Users = EngineDeps['users'];
type Range = Extract<Coverage, { kind: 'range' }>;

/** Recipients read before the claim at the most: an event that comes again has read them in vain. */
const READ_AHEAD = 10;

/** Begins to read the recipients of an event that is still being claimed, if they are few: that saves it a round trip. */
export function readAhead(
  users: Users,
  coverage: Coverage,
): Promise<RecipientRecord[]> | undefined {
  if (coverage.kind !== 'listed' || coverage.uids.length > READ_AHEAD) return undefined;
  const records = users.read(coverage.uids);
  // It is awaited once the entry is claimed; that it failed is of no interest if the claim fails as well.
  records.catch(() => undefined);
  return records;
}

/** All that an entry covers, read anew. */
export async function readCovered(
  users: Users,
  coverage: Coverage | undefined,
  pageSize: number,
): Promise<RecipientRecord[]> {
  if (coverage?.kind === 'listed') return users.read(coverage.uids);
  if (coverage?.kind !== 'range') return [];
  const { until } = coverage;
  const records: RecipientRecord[] = [];
  // Whoever joined since the page was fixed makes it longer than a page.
  for (let { after } = coverage; after !== until;) {
    const page = await readPage(users, coverage, after, pageSize, until);
    records.push(...page);
    if (page.length < pageSize) break;
    after = page.at(-1)?.uid ?? until;
  }
  return records;
}

/** One page after a user id: users are read as they are found, members are looked up among the users. */
export async function readPage(
  users: Users,
  { collection, where }: Pick<Range, 'collection' | 'where'>,
  after: string,
  limit: number,
  until?: string,
): Promise<RecipientRecord[]> {
  if (collection === COLLECTIONS.users) return users.readRange(after, limit, until, where);
  return users.read(await users.idsInRange(collection, after, limit, until));
}
