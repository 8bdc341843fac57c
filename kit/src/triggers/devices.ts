/**
 * What runs by itself for the lifecycle of addresses: the triggers on users and accounts, and the sweep.
 */
import { onUserDeleted } from 'firebase-functions/identity';
import { onSchedule } from 'firebase-functions/scheduler';
import { DOCUMENTS, functionOptions } from '../config';
import { TIMEOUT_SECONDS } from '../delivery/deadline';
import { forgetLog, logStaleSweep, reconcileLog, sweepLog } from '../log';
import { isDocumentId } from '../model/document-id';
import { idOf, onWritten } from './firestore';
import { collections, devices } from '../push';
import { forgetDeletedAccount } from '../devices/forget-account';
import { reconcileTokens } from '../devices/reconcile-tokens';
import { sweepStale } from '../devices/sweep-stale';
import * as settings from '../settings';
import { endOfSweep, SWEEP_SECONDS } from './sweep-time';

/** Devices read at a time: small enough for any instance's memory. */
const PAGE_SIZE = 500;

/**
 * Claims addresses that an app wrote into `users/{uid}.tokens`, and releases those it took out.
 *
 * Edits of anything else cost no reads. With `retry`, an event that Firestore's trouble interrupted comes again.
 */
export const claimTokens = onWritten(
  { ...functionOptions, document: DOCUMENTS.user, retry: true, timeoutSeconds: TIMEOUT_SECONDS },
  async ({ paths: [path], isComplete, before, after, writtenAt }) => {
    if (path === undefined) return;
    const { ownership, removal, users } = devices();
    const uid = idOf(path);
    // A document too large for the event is read: then all of its addresses count as new, and are looked at.
    const present: unknown = isComplete
      ? collections().tokensOf(after)
      : (await users.read([uid]))[0]?.tokens;
    await reconcileTokens(
      {
        uid,
        before: collections().tokensOf(before),
        after: present,
        writtenAt,
      },
      {
        ownership,
        removal,
        maxAddresses: settings.maxAddressesPerUser.value(),
        log: reconcileLog,
      },
    );
  },
);

/** Drops devices that were not refreshed for `STALE_DEVICE_DAYS`; with `SWEEP_DRY_RUN` it only logs which. */
export const sweepStaleDevices = onSchedule(
  { ...functionOptions, schedule: 'every 24 hours', timeoutSeconds: SWEEP_SECONDS },
  async () => {
    const isDryRun = settings.sweepDryRun.value();
    const counts = await sweepStale(
      {
        rules: [
          { refreshedBy: 'call', days: settings.staleDeviceDays.value() },
          { refreshedBy: 'array', days: settings.staleArrayDeviceDays.value() },
        ],
        isDryRun,
        pageSize: PAGE_SIZE,
        until: endOfSweep(),
      },
      { devices: devices().devices, now: Date.now, log: sweepLog },
    );
    logStaleSweep(counts, isDryRun);
  },
);

/**
 * Forgets whoever's account was deleted, in whatever way: addresses, device records and topics; `users/{uid}` only with
 * `DELETE_USER_DOCUMENTS`. With `FORGET_DELETED_ACCOUNTS=false` it only logs what it would do.
 */
export const forgetDeletedUser = onUserDeleted(
  { ...functionOptions, retry: true, timeoutSeconds: TIMEOUT_SECONDS },
  async (event) => {
    const { accounts, removal } = devices();
    // Typed as always there, but it comes from outside; without it there is nobody to forget, however often it is tried.
    const uid = (event.data as { readonly uid?: unknown } | undefined)?.uid;
    // An account made by a server may have any id; "a/b/c" would lead to a document below another user.
    if (!isDocumentId(uid)) {
      forgetLog.nobody(event.id);
      return;
    }
    await forgetDeletedAccount(
      uid,
      {
        isEnabled: settings.forgetDeleted.value(),
        deleteDocument: settings.deleteUserDocuments.value(),
      },
      { accounts, removal, log: forgetLog },
    );
  },
);
