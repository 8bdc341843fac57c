/**
 * What runs by itself for the lifecycle of addresses: the trigger on users, and the sweeps.
 */
import { onSchedule } from 'firebase-functions/scheduler';
import {
  forgetDeleted,
  functionOptions,
  maxAddressesPerUser,
  staleArrayDeviceDays,
  staleDeviceDays,
  SWEEP_SECONDS,
  sweepDryRun,
  TIMEOUT_SECONDS,
} from '../config';
import {
  logAccountsDoubted,
  logAccountSweep,
  logDropped,
  logForgotten,
  logSettled,
  logStaleSweep,
  logSweepFailed,
} from '../log';
import { idOf, onWritten } from '../triggers/firestore';
import { lifecycle } from './backend';
import { forgetDeletedAccounts } from './forget-accounts';
import { settleTokens } from './settle-tokens';
import { sweepStale } from './sweep-stale';

/** Devices read at a time: small enough for any instance's memory. */
const PAGE_SIZE = 500;
/** A sweep stops reading pages so long before it would be stopped. */
const SPARE_MS = 60_000;

/**
 * Claims addresses that an app wrote into `users/{uid}.tokens`, and releases those it took out.
 *
 * Edits of anything else cost no reads. With `retry`, an event that Firestore's trouble interrupted comes again.
 */
export const claimTokens = onWritten(
  { ...functionOptions, document: 'users/{uid}', retry: true, timeoutSeconds: TIMEOUT_SECONDS },
  async ({ paths: [path], isComplete, before, after, time }) => {
    if (path === undefined) return;
    const { ownership, clearing, users } = lifecycle();
    const uid = idOf(path);
    // A document too large for the event is read: then all of its addresses count as new, and are looked at.
    const present: unknown = isComplete
      ? after?.get('tokens')
      : (await users.read([uid]))[0]?.tokens;
    await settleTokens(
      {
        uid,
        before: before?.get('tokens'),
        after: present,
        writtenAt: after?.updateTime?.toMillis() ?? Date.parse(time),
      },
      {
        ownership,
        clearing,
        maxAddresses: maxAddressesPerUser.value(),
        log: { settled: logSettled, dropped: logDropped },
      },
    );
  },
);

/** Drops devices that were not refreshed for `STALE_DEVICE_DAYS`; with `SWEEP_DRY_RUN` it only counts them. */
export const sweepStaleDevices = onSchedule(
  { ...functionOptions, schedule: 'every 24 hours', timeoutSeconds: SWEEP_SECONDS },
  async () => {
    const isDryRun = sweepDryRun.value();
    const counts = await sweepStale(
      {
        rules: [
          { refreshedBy: 'call', days: staleDeviceDays.value() },
          { refreshedBy: 'array', days: staleArrayDeviceDays.value() },
        ],
        isDryRun,
        pageSize: PAGE_SIZE,
        until: endOfSweep(),
      },
      { devices: lifecycle().devices, now: Date.now, log: { sweepFailed: logSweepFailed } },
    );
    logStaleSweep(counts, isDryRun);
  },
);

/** Forgets people whose account was deleted otherwise than by `deleteAccount`; goes on where the last run stopped. */
export const sweepDeletedAccounts = onSchedule(
  { ...functionOptions, schedule: 'every 24 hours', timeoutSeconds: SWEEP_SECONDS },
  async () => {
    if (!forgetDeleted.value()) return;
    const { users, accounts, clearing, accountCursor } = lifecycle();
    const counts = await forgetDeletedAccounts(await accountCursor.read(), endOfSweep(), {
      users,
      accounts,
      clearing,
      now: Date.now,
      log: { forgotten: logForgotten, doubted: logAccountsDoubted },
    });
    await accountCursor.write(counts.next);
    logAccountSweep(counts);
  },
);

function endOfSweep(): number {
  return Date.now() + SWEEP_SECONDS * 1000 - SPARE_MS;
}
