/**
 * Everything the backend says, one function each. Addresses appear as fingerprints only.
 */
import * as logger from 'firebase-functions/logger';
import type { ApnsSettings } from './providers/apns/batch';
import type { BackfillCounts } from './devices/backfill';
import type { ForgetDeps } from './devices/forget-account';
import type { ImportLog } from './devices/import-log';
import type { ReconcileLog } from './devices/reconcile-tokens';
import type { StaleSweepCounts, StaleSweepDeps } from './devices/sweep-stale';
import type { OutboxDeps } from './outbox/outbox';
import { MAX_ADDRESS_LENGTH } from './model/address';
import { messageOf, redact, stackOf } from './model/redact';
import { signal } from './model/signals';
import type { TopicChange } from './topics/topic-store';
import type { SyncTopicsDeps } from './topics/sync-topics';

/**
 * Lets what others say on `console.error` pass the same way: the platform's HTTP server logs headers and pieces of a body there that it
 * could not read, before any function is called.
 */
export function redactConsole(target: Pick<Console, 'error'> = console): void {
  const say = target.error.bind(target);
  target.error = (...words: unknown[]): void => {
    say(
      ...words.map((word) =>
        typeof word === 'string' || word instanceof Error ? stackOf(word) : word,
      ),
    );
  };
}

export const apnsLog: ApnsSettings['log'] = {
  environmentLearned(address, environment) {
    logger.info('address belongs to the other APNs environment', { address, environment });
  },
  environmentNotKept(address, error) {
    logger.warn(
      'APNs environment of an address could not be recorded; the next push finds it out again',
      {
        address,
        error: messageOf(error),
      },
    );
  },
  deviceFactsUnreadable(addresses, error) {
    logger.error('device records could not be read; the push is retried', {
      addresses,
      error: messageOf(error),
    });
  },
};

export const outboxLog: OutboxDeps['log'] = {
  planned(push, { update, next }) {
    if (update?.refused !== undefined) {
      logger.warn('edit of a push refused', { push, reason: update.refused.reason });
    } else if (update?.state === 'failed') {
      logger.error('push refused', { push, error: update.error, errors: update.errors });
    } else if (update?.state !== undefined) {
      const dueAt = next.kind === 'await' ? { dueAt: new Date(next.dueAt).toISOString() } : {};
      logger.info(`push ${update.state}`, { push, ...dueAt });
    }
  },
  swept(overdue) {
    if (overdue > 0) logger.warn('overdue pushes reprocessed', { overdue });
  },
  unwritable(push, isTold, error) {
    const result = isTold ? 'it is marked as failed' : 'it stays unchanged';
    logger.error(`push refused: Firestore refuses to write to its document; ${result}`, {
      push,
      error: messageOf(error),
    });
  },
};

export const syncTopicsLog: SyncTopicsDeps['log'] = {
  synced(address, subscribed, unsubscribed) {
    logger.info('topics of a device synchronised', { address, subscribed, unsubscribed });
  },
  refused(address, topic, code) {
    logger.error('FCM refused a topic subscription', { address, topic: redact(topic), code });
  },
  pruned(address, code) {
    logger.info('dead address pruned by topic management', { address, code });
  },
};

/** A user joined or left a topic. */
export function logTopicChanged(
  uid: string,
  topic: string,
  subscribed: boolean,
  change: TopicChange,
): void {
  // The caller chose the name, and an app may mix a device's address up with it.
  logger.info(subscribed ? 'topic joined' : 'topic left', { uid, topic: redact(topic), ...change });
}

/** A user changed which notifications they want. @param fields what the call named. */
export function logPreferencesChanged(uid: string, fields: readonly string[]): void {
  logger.info('preferences changed', { uid, fields });
}

/** A message is missing in a language, or does not format; said once for each. */
export function logMissingMessage(problem: { key: string; locale: string; what: string }): void {
  logger.warn('message cannot be shown in this language', problem);
}

/** A device was registered; with `replaced`, in place of its former address. */
export function logRegistered(uid: string, address: string, kind: string, replaced: boolean): void {
  logger.info('device registered', { uid, address, kind, replaced });
}

/** A device changed hands: after another login, or because somebody learned its token. */
export function logTakenOver(uid: string, address: string, from: readonly string[]): void {
  logger.warn('device taken over from another user', { uid, address, from });
}

/** A device was removed at logout. */
export function logUnregistered(uid: string, address: string, removed: boolean): void {
  logger.info('device unregistered', { uid, address, removed });
}

/** All devices of a user were removed. */
export function logUnregisteredAll(uid: string, removed: number): void {
  logger.info('all devices unregistered', { uid, removed });
}

const EXPECTED_ADDRESSES = `Expected device tokens as the SDK gave them, of at most ${MAX_ADDRESS_LENGTH} characters.`;

export const reconcileLog: ReconcileLog = {
  /** An app wrote its user's array of tokens; this is what became of one address. */
  reconciled(uid, address, outcome) {
    switch (outcome.kind) {
      case 'claimed':
        if (outcome.from.length > 0) logTakenOver(uid, address, outcome.from);
        else logger.info('device claimed', { uid, address });
        return;
      case 'released':
        logger.info('device released', { uid, address });
        return;
      case 'lost':
        logger.info('address dropped: another user claimed it later', { uid, address });
        return;
      case 'refused':
        logger.warn('address dropped: the user took over too many devices today', { uid, address });
    }
  },
  tidied(uid, healed, evicted) {
    if (healed > 0) logger.info('duplicate entries of a device merged', { uid, healed });
    if (evicted.length > 0) {
      logger.warn('stalest addresses dropped: too many for one user', { uid, addresses: evicted });
    }
  },
  skipped(uid, unknown) {
    logger.warn(
      'tokens contain entries that are not addresses; they are left alone and not sent to',
      {
        uid,
        ...(unknown === 'no-array' ? {} : { entries: unknown }),
        hint:
          unknown === 'no-array'
            ? 'Expected an array of device tokens; registerToken refuses to overwrite anything else.'
            : EXPECTED_ADDRESSES,
      },
    );
  },
};

/** What `importDevices` does; documents are named without the addresses in their paths. */
export const importLog: ImportLog = {
  imported(uid, address, from) {
    if (from.length > 0) logTakenOver(uid, address, from);
    else logger.info('device imported', { uid, address });
  },
  lost(uid, address) {
    logger.info('address not imported: another user claimed it later', { uid, address });
  },
  removed(uid, address) {
    logger.info('device removed: its address left the document', { uid, address });
  },
  refused(uid, address, reason) {
    logger.warn('address cannot be imported', { uid, address, reason });
  },
  tidied: reconcileLog.tidied.bind(reconcileLog),
  skipped(document, entries) {
    logger.warn('entries that are not addresses were not imported', {
      document,
      entries,
      hint: EXPECTED_ADDRESSES,
    });
  },
  faulty(document, error) {
    logger.error('importDevices: your function failed for a document, which is not retried', {
      document,
      error,
    });
  },
  incomplete(document, found) {
    logger.warn(
      'a document was too large for its event: addresses that were removed stay until they are dead or stale',
      { document, found },
    );
  },
};

/** A user called too often, or took over too many devices. */
export function logRateLimited(uid: string): void {
  logger.warn('call refused: too many calls', { ...signal('call_limited'), uid });
}

/** A call was not as `httpsCallable()` makes them. `fault` says what was expected, not what came. */
export function logMalformedCall(name: string, fault: string): void {
  logger.warn('malformed call refused', { function: name, fault });
}

/** A callable failed for a reason that is ours. `error` holds no address. */
export function logCallFailed(name: string, uid: string, error: string): void {
  logger.error('callable failed', { ...signal('call_failed'), function: name, uid, error });
}

/** There is an id of an APNs key, but no key: said once an instance. */
export function logApnsKeyMissing(): void {
  logger.error(
    'APNS_KEY_ID is set, but the secret APNS_KEY is not there: nothing is sent to native APNs tokens',
    {
      hint: 'Deploy the functions once more: the secret is asked for when APNS_KEY_ID stands in the .env file.',
    },
  );
}

/** What a backfill would do, after the first deploy. */
export function logBackfillDryRun(counts: Readonly<BackfillCounts>, isComplete: boolean): void {
  logger.info('addresses from before this was installed counted; nothing was changed', {
    ...counts,
    isComplete,
    hint: 'Pushes reach them as they are. To give all of them their device records now: npx @firestore-push/push backfill --project ID --apply',
  });
}

/** The sweep of stale devices came to its end, or to the end of its time. */
export function logStaleSweep(counts: StaleSweepCounts, isDryRun: boolean): void {
  logger.info('stale devices swept', { ...counts, isDryRun });
}

export const sweepLog: StaleSweepDeps['log'] = {
  sweepFailed(uid, error) {
    logger.error('stale devices could not be removed; the next sweep retries', {
      uid,
      error: messageOf(error),
    });
  },
  wouldDrop(uid, devices) {
    logger.info('stale devices would be removed with SWEEP_DRY_RUN=false', { uid, devices });
  },
};

/** What becomes of people whose account is deleted. */
export const forgetLog: ForgetDeps['log'] & { nobody(event: string): void } = {
  forgotten(uid, addresses, document) {
    logger.info('account forgotten', { uid, addresses, document });
  },
  wouldForget(uid, addresses, document) {
    logger.info('account would be forgotten with FORGET_DELETED_ACCOUNTS=true', {
      uid,
      addresses,
      document,
    });
  },
  alive(uid) {
    logger.warn('account was deleted, but exists again: nothing forgotten', { uid });
  },
  nobody(event) {
    logger.error('deleted account has an id that no user document can have: nothing forgotten', {
      event,
    });
  },
};
