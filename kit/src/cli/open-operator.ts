/** Opens the ledger from the command line for what an operator does with it by hand. */
import { DAY_MS } from '../model/durations';
import { randomUUID } from 'node:crypto';
import { LEASE_MS } from '../delivery/deadline';
import { LedgerOperator } from '../delivery/ledger-operator';
import { LedgerWrites } from '../delivery/ledger-writes';
import { endingIn } from '../outbox/push-ending';
import { ledgerDays, valueIn } from '../settings';
import type { Collections } from '../store/collections';
import type { Installation } from './installation';

export function openOperator(
  collections: Collections,
  { settings }: Pick<Installation, 'settings'>,
): LedgerOperator {
  const writes = new LedgerWrites({
    collections,
    now: Date.now,
    newClaim: randomUUID,
    leaseMs: LEASE_MS,
    retentionMs: Number(valueIn(settings, ledgerDays)) * DAY_MS,
    endingInPush: endingIn,
  });
  return new LedgerOperator(collections.db, writes);
}
