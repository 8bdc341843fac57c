/**
 * What the ledger knows that limits an entry: what else whoever caused it has sent, and how often its people were notified.
 *
 * Where that cannot be read for good, such as without its index, nothing is limited: to tell nobody anything would be worse.
 */
import {
  judge,
  LONGEST_WAIT_MS,
  NO_LIMITS,
  type Budget,
  type Limits,
  type Verdict,
} from '../decision/limits';
import { forEachBounded } from '../model/concurrency';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/durations';
import { isTransient } from '../store/transact';
import type { EngineDeps } from './deps';
import { isTold } from './find-by';
import type { HeldEntry } from './ledger-entry';
import { earlier } from './ledger-senders';

type LimitDeps = Pick<EngineDeps, 'ledger' | 'limits' | 'log' | 'clock' | 'random'>;
/** What of an actor's budgets is used. */
type Budgets = Readonly<Record<'minute' | 'day', Budget>>;

const NO_BUDGET: Budget = { max: 0, used: 0 };
const NO_BUDGETS: Budgets = { minute: NO_BUDGET, day: NO_BUDGET };
/** People counted at once. */
const COUNTED_AT_ONCE = 10;

/**
 * Judges an entry; undefined where its worker has lost it meanwhile. Rejects where that should be tried again, because Firestore is in
 * trouble.
 */
export async function verdictOn(deps: LimitDeps, entry: HeldEntry): Promise<Verdict | undefined> {
  const { limits = NO_LIMITS, clock, random, log } = deps;
  const { id, document } = entry;
  const { sender, content, createdAt, type, round } = document;
  try {
    const [isRepeated, budgets] = await Promise.all([
      isToldAlready(deps, entry, limits),
      budgetsOf(deps, entry, limits),
    ]);
    if (budgets === undefined) return undefined;
    return judge(
      { size: sender?.size ?? 0, isRepeated, ...budgets },
      {
        overBudget: content?.choice?.overBudget ?? 'drop',
        waits: round,
        now: clock.now(),
        until: Math.min(content?.expiresAt ?? 0, createdAt.toMillis() + LONGEST_WAIT_MS),
        random: random(),
      },
    );
  } catch (error) {
    if (isTransient(error)) throw error;
    log.limitsUnread({ id, type }, error);
    return { kind: 'pass' };
  }
}

async function isToldAlready(
  { ledger }: LimitDeps,
  { id, document: { sender } }: HeldEntry,
  { repeatMs }: Limits,
): Promise<boolean> {
  if (sender?.at === undefined || sender.once === undefined || repeatMs === 0) return false;
  const first = await ledger.senders.firstOf(sender.once, earlier(sender.at, repeatMs));
  return first !== undefined && first !== id;
}

/**
 * What of its actor's budgets an entry and those before it use; of a budget that all of the actor's events fit: nothing. Undefined where
 * the entry is no more in its worker's hands.
 *
 * Mostly this is one aggregate over a day: whoever reached few people in a day reached few in a minute.
 */
async function budgetsOf(
  { ledger: { senders } }: LimitDeps,
  entry: HeldEntry,
  { perMinute, perDay }: Limits,
): Promise<Budgets | undefined> {
  const { actor, at } = entry.document.sender ?? {};
  if (actor === undefined || at === undefined) return NO_BUDGETS;
  if (perMinute === 0 && perDay === 0) return NO_BUDGETS;
  const longest = await senders.reached(actor, earlier(at, perDay === 0 ? MINUTE_MS : DAY_MS));
  const isOver = {
    day: perDay > 0 && longest > perDay,
    minute:
      perMinute > 0 &&
      longest > perMinute &&
      (perDay === 0 || (await senders.reached(actor, earlier(at, MINUTE_MS))) > perMinute),
  };
  if (!isOver.day && !isOver.minute) return NO_BUDGETS;
  const place = await senders.placeOf(entry);
  if (place === undefined) return undefined;
  const budgetOf = async (max: number, windowMs: number): Promise<Budget> => {
    return { max, used: await senders.reachedUpTo(entry.id, place, windowMs) };
  };
  const [minute, day] = await Promise.all([
    isOver.minute ? budgetOf(perMinute, MINUTE_MS) : NO_BUDGET,
    isOver.day ? budgetOf(perDay, DAY_MS) : NO_BUDGET,
  ]);
  return { minute, day };
}

/**
 * Who of an entry's people has been told as often within an hour as one person is to be. Nobody where that is not limited, where people
 * must be told, or where they are too many to be counted.
 */
export async function cappedOf(
  { ledger, limits = NO_LIMITS, log }: Pick<EngineDeps, 'ledger' | 'limits' | 'log'>,
  entry: HeldEntry,
  uids: readonly string[],
): Promise<ReadonlySet<string>> {
  const { recipientPerHour } = limits;
  const capped = new Set<string>();
  const { findBy = [], type } = entry.document;
  if (recipientPerHour === 0 || !findBy.some(isTold)) return capped;
  const how = { windowMs: HOUR_MS, most: recipientPerHour + 1 };
  try {
    await forEachBounded(uids.length, COUNTED_AT_ONCE, async (index) => {
      const uid = uids[index] as string;
      const times = await ledger.senders.timesTold(uid, entry, how);
      if (times > recipientPerHour) capped.add(uid);
    });
  } catch (error) {
    if (isTransient(error)) throw error;
    log.limitsUnread({ id: entry.id, type }, error);
  }
  return capped;
}
