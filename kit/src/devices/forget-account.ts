/**
 * Forgets people whose account was deleted, once Firebase says so: their addresses, device records and topics.
 *
 * Invariant: only an account that is known to be deleted is forgotten. A user document without an account (a bot, an import, a
 * user of another tenant) says nothing, and is never looked for. The document itself is the app's: it stays, unless a setting
 * says otherwise.
 */
import type { AddressRemoval } from './address-removal';

/** The part of Firebase Authentication that is needed here. */
export interface Accounts {
  exists(uid: string): Promise<boolean>;
  /** Deletes an account; one that is gone already is no error. */
  delete(uid: string): Promise<void>;
}

export interface ForgetSettings {
  /** Whether anything is forgotten; if not, it is only said what would be. */
  readonly isEnabled: boolean;
  /** Whether `users/{uid}` is deleted, too. */
  readonly deleteDocument: boolean;
}

export interface ForgetDeps {
  readonly accounts: Pick<Accounts, 'exists'>;
  readonly removal: Pick<AddressRemoval, 'forget' | 'count'>;
  readonly log: {
    forgotten(uid: string, addresses: number, document: 'deleted' | 'kept'): void;
    /** A dry run. */
    wouldForget(uid: string, addresses: number, document: 'deleted' | 'kept'): void;
    /** There is an account of this id again. */
    alive(uid: string): void;
  };
}

/**
 * Handles one deletion of an account. Idempotent; rejects when Firestore or Authentication does, to be tried again.
 *
 * An event can come hours late: whoever was imported again under the same id meanwhile is left alone.
 */
export async function forgetDeletedAccount(
  uid: string,
  { isEnabled, deleteDocument }: ForgetSettings,
  { accounts, removal, log }: ForgetDeps,
): Promise<void> {
  if (await accounts.exists(uid)) {
    log.alive(uid);
    return;
  }
  const document = deleteDocument ? 'deleted' : 'kept';
  if (!isEnabled) {
    log.wouldForget(uid, await removal.count(uid), document);
    return;
  }
  log.forgotten(uid, (await removal.forget(uid, { deleteDocument })).length, document);
}
