/**
 * Has an event told with others of its kind, for those of its recipients who want that: makes its items, and the entries that tell
 * them.
 */
import type { Timestamp } from '@google-cloud/firestore';
import { closingTimes, isLocal, type ClosingTimes } from '../decision/digest/closing';
import { ownPush } from '../decision/digest/texts';
import { decide, needsLocalTimes, type About } from '../decision/decide';
import type { LocalTimes } from '../decision/local-times';
import { tokenList } from '../devices/token-list';
import { forEachBounded } from '../model/concurrency';
import type { Draft } from '../model/notification/content';
import type { Digest } from '../model/notification/digest';
import { shortenedKey } from '../model/notification/shorten';
import { isTransient } from '../store/transact';
import type { RecipientRecord } from '../store/users';
import type { DeliveryDocument } from './delivery-document';
import type { EngineDeps } from './deps';
import { isFull } from './digest-closing';
import { digestId, type GatheredEvent } from './digests';
import { handOn } from './hand-on';
import type { HeldEntry } from './ledger-entry';
import { dueTogether, taskId } from './tasks';

/** People at once whose items are made. */
const AT_ONCE = 20;

/** Why somebody gets no push of their own: the entry that tells it, where that is known. */
export type DigestedReason = 'digested' | `digested:${string}`;

/** What is told of an event, and what the ledger says of it. */
interface ToldEvent {
  readonly id: string;
  readonly content: Draft;
  readonly digest: Digest;
  readonly actor: string | undefined;
  readonly document: string | undefined;
  /** ms since 1970. */
  readonly eventAt: number;
}

/** A push about the same that is not gathered. */
export function withoutDigest(about: About): About {
  const { digest: _gathered, ...choice } = about.choice ?? {};
  return { ...about, choice };
}

/**
 * Of these recipients those to whom the event is told with others, and how; the same again does no harm.
 *
 * @param capped of whom no event is pushed by itself.
 */
export async function gather(
  deps: EngineDeps,
  entry: HeldEntry,
  content: Draft,
  records: readonly RecipientRecord[],
  capped: ReadonlySet<string>,
): Promise<ReadonlyMap<string, DigestedReason>> {
  const reasons = new Map<string, DigestedReason>();
  const { digest } = content.choice ?? {};
  if (digest === undefined) return reasons;
  const { actor } = entry.document;
  const about = { ...content, actor };
  const wanting = records.filter(
    (record) =>
      decide(record, about, deps.clock.now(), undefined).kind === 'digest' &&
      tokenList(record.tokens).addresses.length > 0,
  );
  if (wanting.length === 0) return reasons;
  const needsTimes =
    isLocal(digest.window) || wanting.some((record) => needsLocalTimes(record, content.choice));
  const times = needsTimes ? await deps.localTimes() : undefined;
  const { document, eventAt } = await eventOf(deps, entry.document);
  const told: ToldEvent = { ...{ id: entry.id, content, digest, actor, document, eventAt } };
  await forEachBounded(wanting.length, AT_ONCE, async (index) => {
    const record = wanting[index] as RecipientRecord;
    const mayLead = digest.leadingEdge !== false && !capped.has(record.uid);
    const reason = await gatherFor(deps, told, { record, mayLead }, times);
    if (reason !== undefined) reasons.set(record.uid, reason);
  });
  return reasons;
}

/** What a shard's entry does not say of its event, its delivery's does. */
async function eventOf(
  { ledger }: EngineDeps,
  entry: DeliveryDocument,
): Promise<{ readonly document: string | undefined; readonly eventAt: number }> {
  const { parent } = entry;
  const whole = (parent === undefined ? undefined : await ledger.read(parent)) ?? entry;
  const { document, eventAt, createdAt } = whole;
  return { document, eventAt: (eventAt ?? createdAt).toMillis() };
}

/** Undefined: it is pushed by itself. */
async function gatherFor(
  deps: EngineDeps,
  told: ToldEvent,
  { record, mayLead }: { readonly record: RecipientRecord; readonly mayLead: boolean },
  times: LocalTimes | undefined,
): Promise<DigestedReason | undefined> {
  const { content, digest, actor, document } = told;
  const { digests, clock } = deps;
  const { uid, timeZone } = record;
  const { type, choice } = content;
  const key = digest.key === 'kind' ? '' : (choice?.target ?? '');
  // As whoever closes its window asks: what would be over by itself is told in time with the others.
  const about = withoutDigest({ ...content, actor, expiresAt: Infinity });
  const alone = decide(record, about, clock.now(), times);
  const event: GatheredEvent = {
    type,
    digest: digestId(uid, type, key),
    eventAt: told.eventAt,
    item: {
      id: told.id,
      ...(actor === undefined ? {} : { actor }),
      ...(choice?.actorName === undefined ? {} : { name: choice.actorName }),
      ...(document === undefined ? {} : { document }),
    },
    push: ownPush(content),
    // What quiet hours would hold is told with all that comes until they end.
    isFirstPushed: mayLead && alone.kind === 'send',
    times: (now) => closingTimes(digest.window, now, times, timeZone),
    prepare: (window, closing) => prepare(deps, { ...told, uid }, event.digest, window, closing),
  };
  const gathered = await digests.gather(event);
  if (gathered.kind === 'leads') return undefined;
  const { window, from } = gathered;
  if (window === undefined) return 'digested';
  // In quiet hours it stays open all the same: whoever came to close it would only put that off, for each event anew.
  if (from !== undefined && alone.kind !== 'hold') {
    if (await isNowFull(deps, told, event.digest, from)) await hurry(deps, window);
  }
  return `digested:${window}`;
}

/** Whether a window is to be closed before its time. Where that cannot be known for good, it is not: others wait for this very step. */
async function isNowFull(
  { digests, log }: EngineDeps,
  { id, content: { type }, digest: plan }: ToldEvent,
  digest: string,
  from: Timestamp,
): Promise<boolean> {
  if (plan.closesAt === undefined) return false;
  try {
    return isFull(plan, await digests.items.count(digest, from));
  } catch (error) {
    if (isTransient(error)) throw error;
    log.limitsUnread({ id, type }, error);
    return false;
  }
}

async function prepare(
  deps: EngineDeps,
  { content, eventAt, uid, digest: { key } }: ToldEvent & { readonly uid: string },
  digest: string,
  window: string,
  { closesAt, latestAt }: ClosingTimes,
): Promise<void> {
  const task = dueTogether(closesAt, deps.clock.now());
  // Its own pushes' tags and keys are theirs: one of them would take the place of what tells of many.
  const { collapseKey: _shared, choice, ...own } = content;
  // Of a whole kind, nobody's muting of one thing silences it.
  const { target: _one, ...ofKind } = choice ?? {};
  await deps.ledger.digests.prepare(window, {
    ...{ uid, digest, latestAt, beginsAt: task.dueAt, due: taskId(task) },
    content: {
      ...{ ...own, deliveryId: window, choice: key === 'kind' ? ofKind : { ...choice } },
      // That of all digests of this key: a device shows the latest.
      tag: shortenedKey(digest),
    },
    // It is worth sending for as long as each of them would have been.
    lifeMs: Math.max(0, content.expiresAt - eventAt),
  });
  await handOn(deps, { id: window, type: content.type }, task);
}

/** Has a window that is full closed at once; where that fails, it is told at its time. */
async function hurry(deps: EngineDeps, window: string): Promise<void> {
  const entry = await deps.ledger.read(window);
  if (entry?.state !== 'sending' || entry.retryAt === undefined) return;
  const { round, type } = entry;
  const task = { kind: 'retry', delivery: window, round, dueAt: deps.clock.now() } as const;
  await handOn(deps, { id: window, type }, task);
}
