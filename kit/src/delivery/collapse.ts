/**
 * Of the pushes of one kind about one target that quiet hours held for a person only the newest is told; pure.
 */
import { createHash } from 'node:crypto';
import type { HoldReason } from '../decision/decide';
import type { Draft } from '../model/notification/content';
import type { PendingAddress } from './delivery-document';

const QUIET: HoldReason = 'QUIET_HOURS';

/** Whether an address waits because its person is not to be told yet. */
export function isHeld({ code }: Pick<PendingAddress, 'code'>): boolean {
  return code === QUIET || code === ('LOCAL_TIME' satisfies HoldReason);
}

type Subject = Pick<Draft, 'type' | 'choice'>;

/** The people for whom quiet hours hold a push that a newer one about the same may replace; each once. */
export function heldPeople(pending: readonly PendingAddress[], { choice }: Subject): string[] {
  if (choice?.target === undefined) return [];
  return [...new Set(pending.filter(({ code }) => code === QUIET).map(({ uid }) => uid))];
}

/** By what an entry is found that holds a push for this person: the same for those of which only the newest is told. */
export function heldKey(uid: string, { type, choice }: Subject): string {
  const about = JSON.stringify([uid, type, choice?.target]);
  return `held:${createHash('sha256').update(about).digest('hex').slice(0, 32)}`;
}
