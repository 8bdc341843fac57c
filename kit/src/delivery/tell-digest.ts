/**
 * An entry that closes a digest's window, from when its time has come until it is known what it tells; then it is like any other.
 */
import { digestContent } from '../decision/digest/texts';
import { decide, needsLocalTimes } from '../decision/decide';
import type { RecipientRecord } from '../store/users';
import type { EngineDeps } from './deps';
import { closeWindow, itemsToTell } from './digest-closing';
import { NO_DOUBT } from './doubt';
import { withoutDigest } from './gather';
import { handOn } from './hand-on';
import type { HeldEntry } from './ledger-entry';
import type { ReadRecords } from './recipients';
import { Tally } from './tally';
import { dueTogether, taskId } from './tasks';

/** An entry that knows what it tells, and its person as they were read for that. */
export interface Told {
  readonly entry: HeldEntry;
  readonly records: ReadRecords;
}

/**
 * The entry with what it has to tell; `waits`: its window stays open for a while; `empty`: nothing is left to tell.
 *
 * A crash in between does no harm: the window says when it was closed, so whoever comes after finds the same items.
 */
export async function tellDigest(
  deps: EngineDeps,
  entry: HeldEntry,
): Promise<Told | 'waits' | 'empty'> {
  const { digests, ledger, users, clock } = deps;
  const { digest, content, coverage } = entry.document;
  const plan = content?.choice?.digest;
  if (digest === undefined || content === undefined || plan === undefined) return 'empty';
  if (coverage?.kind !== 'listed') return 'empty';
  const at = clock.now();
  const records = await users.read(coverage.uids);
  const [person] = records;
  if (person === undefined) return 'empty';
  const window = { digest, window: entry.id, plan };
  const heldUntil = await heldUntilOf(deps, entry, person);
  const closing = await closeWindow(digests, window, clock.now, heldUntil);
  if (closing.kind === 'replaced') return 'empty';
  if (closing.kind === 'wait') {
    await waitUntil(deps, entry, closing.until);
    return 'waits';
  }
  const { blocked } = person;
  const mustBeThere = content.choice?.withdraw !== undefined;
  const items = await itemsToTell(digests, digest, closing.interval, { blocked, mustBeThere });
  const [newest] = items;
  if (newest === undefined) return 'empty';
  const push = await digests.items.pushOf(digest, newest.id);
  const told = await ledger.digests.tell(entry, digestContent(content, items, push));
  return { entry: told, records: { records, at } };
}

/** Until when quiet hours hold what it tells, ms since 1970. */
async function heldUntilOf(
  { clock, localTimes }: EngineDeps,
  { document: { content } }: HeldEntry,
  person: RecipientRecord,
): Promise<number | undefined> {
  if (content === undefined || !needsLocalTimes(person, content.choice)) return undefined;
  const about = withoutDigest({ ...content, expiresAt: Infinity });
  const decision = decide(person, about, clock.now(), await localTimes());
  return decision.kind === 'hold' ? decision.until : undefined;
}

/** Has the entry begun again then. @param until ms since 1970. */
async function waitUntil(deps: EngineDeps, entry: HeldEntry, until: number): Promise<void> {
  const task = dueTogether(until, deps.clock.now());
  const nothing = new Tally(entry.document).result(false);
  await deps.ledger.wait(
    entry,
    { ...nothing, sent: false, retryAt: task.dueAt, due: taskId(task) },
    NO_DOUBT,
  );
  await handOn(deps, { id: entry.id, type: entry.document.type }, task);
}
