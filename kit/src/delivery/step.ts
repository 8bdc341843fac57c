/**
 * The part of a round that is sent and recorded at a time: how much that is, where it ends if it is sent again, and which addresses are
 * still their recipients'; pure.
 */
import { fingerprint } from '../model/address';
import { isBefore } from '../model/document-id';
import type { RecipientRecord } from '../store/users';
import type { Resolved, Target } from './audience';
import { EVERY_DEVICE, type DeliveryDocument, type Resend } from './delivery-document';
import type { StepPart } from './doubt';
import type { RecipientPage } from './recipients';

/** Recipients of one step at most: what a crash can repeat, and what is read at once. */
export const STEP_RECIPIENTS = 250;
/** What the addresses of one step may take in the ledger if all of them have to be tried again. */
const STEP_BYTES = 150_000;
const ADDRESS_BYTES = 150;

/** As many of the recipients as make one step: at least one. */
export function stepOf(page: RecipientPage): RecipientPage {
  const { records } = page;
  let bytes = 0;
  const end = records.findIndex(({ uid, tokens }, index) => {
    const addresses = Array.isArray(tokens) ? tokens.length : 0;
    bytes += addresses * (ADDRESS_BYTES + Buffer.byteLength(uid));
    return index > 0 && bytes > STEP_BYTES;
  });
  return end === -1 ? page : firstOf(page, end);
}

/** So many recipients of a page. */
function firstOf(page: RecipientPage, end: number): RecipientPage {
  return { ...page, records: page.records.slice(0, end), isLast: false };
}

type Noted = Pick<DeliveryDocument, 'resends' | 'coverage'>;

/** A step that is sent again ends where it did then, also where the last of it has left a collection since. */
export function upToResent({ resends, coverage }: Noted, page: RecipientPage): RecipientPage {
  const until = resends?.next?.until;
  if (until === undefined) return page;
  const { records } = page;
  const end =
    coverage?.kind === 'range'
      ? records.filter(({ uid }) => !isBefore(until, uid)).length
      : records.findIndex(({ uid }) => uid === until) + 1;
  if (end === 0 || end === records.length) return page;
  return firstOf(page, end);
}

/** The note about a part; undefined where it is about others: all of whom it was have left the collection. */
export function resendOf({ resends, coverage }: Noted, part: StepPart): Resend | undefined {
  const { next, retry } = resends ?? {};
  if (part.kind === 'retry') return retry;
  const isOver =
    next !== undefined && coverage?.kind === 'range' && isBefore(next.until, part.until);
  return isOver ? undefined : next;
}

/** When the oldest of the records was read, ms since 1970 by Firestore's clock. */
export function readAtOf(records: readonly RecipientRecord[]): number {
  return records.reduce((oldest, { readAt }) => Math.min(oldest, readAt), Infinity);
}

/** An address that is to be sent to, if it is still its recipient's; named as the ledger names it. */
export interface Wanted {
  readonly uid: string;
  readonly fingerprint: string;
}

/** One that is not sent to any more, and why. */
export type Gone<W extends Wanted = Wanted> = W & { readonly why: string };

/** Somebody who has to wait further. */
export type Waiting<W extends Wanted = Wanted> = W & {
  readonly held: NonNullable<Target['held']>;
};

export interface Present<W extends Wanted> {
  readonly targets: readonly Target[];
  /** Those that are their recipients' no more: logged out, moved to another owner, pruned; or whose person does not want it any more. */
  readonly gone: readonly Gone<W>[];
  /** Of those who are wanted with all their devices: who has to wait further, and how many devices the others have. */
  readonly waiting: readonly Waiting<W>[];
  readonly released: number;
}

/**
 * Finds the addresses in what their recipients' present records come to.
 *
 * @param replaced the present address of a device whose former address is wanted, by `uid/fingerprint`.
 */
export function present<W extends Wanted>(
  wanted: readonly W[],
  resolved: Resolved,
  replaced: ReadonlyMap<string, string> = new Map(),
): Present<W> {
  const byUid = Map.groupBy(resolved.targets, ({ uid }) => uid);
  const listed = new Map<string, Target>();
  for (const target of resolved.targets) {
    listed.set(keyOf(target.uid, fingerprint(target.address)), target);
  }
  const targets = new Set<Target>();
  const gone: Gone<W>[] = [];
  const waiting: Waiting<W>[] = [];
  let released = 0;
  for (const each of wanted) {
    const why = resolved.withoutTarget.get(each.uid);
    if (each.fingerprint === EVERY_DEVICE) {
      const own = byUid.get(each.uid) ?? [];
      const held = own[0]?.held;
      if (own.length === 0) gone.push({ ...each, why: why ?? 'no-address' });
      else if (held !== undefined) waiting.push({ ...each, held });
      else {
        released += own.length;
        for (const target of own) targets.add(target);
      }
      continue;
    }
    const key = keyOf(each.uid, each.fingerprint);
    const renewed = replaced.get(key);
    const target =
      listed.get(key) ??
      (renewed === undefined ? undefined : listed.get(keyOf(each.uid, fingerprint(renewed))));
    // Two names of one device, both of which were to be tried again, are one.
    if (target === undefined || targets.has(target)) gone.push({ ...each, why: whyGone(why) });
    else targets.add(target);
  }
  return { targets: [...targets], gone, waiting, released };
}

/** Of somebody who still wants it, it is the device that is gone. */
function whyGone(why: string | undefined): string {
  return why === undefined || why === 'no-address' || why === 'no-user' ? 'address-removed' : why;
}

/** The key of {@link present}'s `replaced`. */
export function keyOf(uid: string, name: string): string {
  return `${uid}/${name}`;
}
