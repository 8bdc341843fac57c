/**
 * Closes a digest's window when its time has come, and finds what it tells.
 */
import type { Timestamp } from '@google-cloud/firestore';
import { dueAt } from '../decision/digest/closing';
import type { ClosedWindow } from '../decision/digest/standing';
import type { DigestItem } from '../decision/digest/texts';
import { hasBlocked } from '../decision/preferences';
import type { Digest } from '../model/notification/digest';
import { ContentionError } from '../store/transact';
import type { Digests, OpenWindow } from './digests';

export type Closing =
  /** It is closed, by this worker or an earlier one. */
  | { readonly kind: 'closed'; readonly interval: ClosedWindow<Timestamp> }
  /** Not before `until`, ms since 1970. */
  | { readonly kind: 'wait'; readonly until: number }
  /** Another window has taken its place, and tells what it would have. */
  | { readonly kind: 'replaced' };

/** Those who open or arm the window between this worker's reading and closing it, before it gives up. */
const MAX_TRIES = 10;

/**
 * @param now ms since 1970.
 * @param heldUntil when the person may be told, ms since 1970; until then the window stays open, and gathers. Undefined: at once.
 */
export async function closeWindow(
  digests: Digests,
  {
    digest,
    window,
    plan,
  }: { readonly digest: string; readonly window: string; readonly plan: Digest },
  now: () => number,
  heldUntil?: number,
): Promise<Closing> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const found = await digests.find(digest, window);
    if (found === undefined) return { kind: 'replaced' };
    if ('closed' in found) return { kind: 'closed', interval: found.closed };
    const until = await dueOf(digests, plan, found.open, now());
    if (until > now()) return { kind: 'wait', until };
    if (heldUntil !== undefined) {
      if ((await digests.postpone(found.open, heldUntil)) === undefined) continue;
      return { kind: 'wait', until: heldUntil };
    }
    const interval = await digests.close(found.open);
    if (interval !== undefined) return { kind: 'closed', interval };
  }
  throw new ContentionError(MAX_TRIES);
}

/** Whether so many are gathered that the window is closed before its time. */
export function isFull({ closesAt }: Digest, count: number): boolean {
  return closesAt !== undefined && count >= closesAt;
}

/**
 * What a closed window tells a person, the newest first, without those whom they have blocked.
 *
 * @param blocked what stands in their document, of whatever type.
 * @param mustBeThere whether what was taken back is left out, so that its document is gone: a read for each.
 */
export async function itemsToTell(
  { items }: Digests,
  digest: string,
  interval: ClosedWindow<Timestamp>,
  { blocked, mustBeThere }: { readonly blocked: unknown; readonly mustBeThere: boolean },
): Promise<readonly DigestItem[]> {
  const told = (await items.told(digest, interval)).filter(
    ({ actor }) => actor === undefined || !hasBlocked(blocked, actor),
  );
  if (!mustBeThere) return told;
  const there = await items.existing(told.flatMap(({ document }) => document ?? []));
  return told.filter(({ document }) => document === undefined || there.has(document));
}

async function dueOf(
  { items }: Digests,
  plan: Digest,
  open: OpenWindow,
  now: number,
): Promise<number> {
  const { digest, from, latestAt } = open;
  if (now >= latestAt) return now;
  if (plan.closesAt !== undefined && isFull(plan, await items.count(digest, from))) return now;
  const isSliding = 'quietMinutes' in plan.window;
  return dueAt(plan.window, open, isSliding ? await items.newest(digest, from) : undefined);
}
