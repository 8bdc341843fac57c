/**
 * Whether what an app wrote in a document of its own still holds when its event arrives, which may be late; pure.
 *
 * Invariant: the answer is the same in whichever order documents and events are worked on, because times of writing are compared
 * with one another, and never with the time at which something was imported.
 */
import { Timestamp } from '@google-cloud/firestore';
import { decide, type Claimant } from './contest';
import type { DeviceDocument } from './device-document';
import { timeOf } from './device-record';

/** A user's claim to a device, and what is on record about it. */
export interface ImportClaim {
  readonly uid: string;
  /** When the document was written, ms since 1970. */
  readonly writtenAt: number;
  /** The user's own record of the device. */
  readonly known: DeviceDocument | undefined;
  /** Other users' records of it. */
  readonly foreign: readonly DeviceDocument[];
  /** Those whose arrays hold it although nobody owns it on record. */
  readonly rivals: readonly Claimant[];
}

/** `lost`: somebody else claimed the device later. `kept`: it is the user's already, by what was written then or later. */
export function judgeClaim(claim: ImportClaim): 'lost' | 'kept' | 'new' {
  const { uid, writtenAt, known, foreign, rivals } = claim;
  const owners = foreign.map((record) => ({ uid: record.uid, refreshedAt: claimedAt(record) }));
  const owner = owners.toSorted((a, b) => b.refreshedAt - a.refreshedAt)[0];
  const verdict = decide({ claimant: { uid, writtenAt }, owner, rivals });
  if (verdict.kind === 'lost') return 'lost';
  const isKept = known?.uid === uid && owner === undefined && claimedAt(known) >= writtenAt;
  return isKept ? 'kept' : 'new';
}

/** What a record says of when it was claimed and refreshed. */
export type ClaimTimes = Pick<DeviceDocument, 'refreshedAt' | 'imported'>;

/**
 * The times of a record that is made of a claim.
 *
 * @param refreshedAt when the device counts as refreshed, ms since 1970: never earlier than it did.
 */
export function claimTimes(
  writtenAt: number,
  refreshedAt: number,
  before: DeviceDocument | undefined,
): ClaimTimes {
  const ms = Math.max(refreshedAt, before?.refreshedAt.toMillis() ?? 0);
  const refreshed = Timestamp.fromMillis(ms);
  if (ms === writtenAt) return { refreshedAt: refreshed };
  const imported = { writtenAt: Timestamp.fromMillis(writtenAt), refreshedAt: refreshed };
  return { refreshedAt: refreshed, imported };
}

/** When the owner last claimed a device, ms since 1970: earlier than it counts as refreshed only where it came in by a backfill. */
function claimedAt(record: DeviceDocument): number {
  const ms = record.refreshedAt.toMillis();
  // Whatever refreshed the record later says more than what was imported.
  const isSince = timeOf(record.imported?.refreshedAt)?.toMillis() !== ms;
  return isSince ? ms : (timeOf(record.imported?.writtenAt)?.toMillis() ?? ms);
}

/**
 * Whether a device stays although its app took it out of a document at that time (ms since 1970): it was claimed since, or by
 * call, and an app that registers by call unregisters by call, too.
 */
export function outlives(record: DeviceDocument, removedAt: number): boolean {
  return record.refreshedBy === 'call' || claimedAt(record) > removedAt;
}
