/**
 * People who are not to be notified yet: how an entry keeps them, and what comes of them when their time has come; pure.
 */
import type { HoldReason } from '../decision/decide';
import { EVERY_DEVICE, isPerson, type PendingAddress } from './delivery-document';
import { releaseAt } from './release-time';
import type { Gone, Waiting } from './step';
import type { StepTotals } from './tally';

/** A person with all devices that they have then. */
export function heldPerson(
  uid: string,
  { until, why }: { readonly until: number; readonly why: HoldReason },
  expiresAt: number,
): PendingAddress {
  const dueAt = releaseAt(until, expiresAt);
  return { uid, fingerprint: EVERY_DEVICE, attempts: 0, since: dueAt, dueAt, code: why };
}

export function isUnreachable(why: string): boolean {
  return why === 'no-address' || why === 'no-user';
}

export interface Release {
  /** Devices of people whose time has come. */
  readonly released: number;
  /** Whoever has to wait further. */
  readonly waiting: readonly Waiting<PendingAddress>[];
  /** Whoever is not notified any more, and devices that are not. */
  readonly gone: readonly Gone<PendingAddress>[];
}

/** What an entry says of those who were held, before those are sent to whose time has come. */
export function releaseTotals({ released, waiting, gone }: Release, expiresAt: number): StepTotals {
  const people = gone.filter(isPerson);
  const unreachable = people.filter(({ why }) => isUnreachable(why)).length;
  return {
    counts: { addresses: released, unreachable, skipped: people.length - unreachable },
    reasons: new Map(people.map(({ uid, why }) => [uid, why])),
    held: waiting.map(({ uid, held }) => heldPerson(uid, held, expiresAt)),
    gone: gone.filter((each) => !isPerson(each)),
  };
}
