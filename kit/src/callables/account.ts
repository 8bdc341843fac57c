/**
 * What an app calls when a person wants their account deleted.
 */
import { HttpsError } from 'firebase-functions/https';
import { enforceAppCheck, functionOptions } from '../config';
import { deleteUserDocuments } from '../settings';
import { devices } from '../push';
import { forgetLog } from '../log';
import { callable } from './callable';
import { asHttpsErrors, admitCaller } from './caller';
import { checkedInput, nothingSchema } from './input';

/** As Firebase Authentication requires for `deleteUser` in an app: whoever steals a phone must not be able to delete the account. */
const RECENT_SECONDS = 5 * 60;

/** Whether a person has signed in lately enough to delete their account. `authTime` is seconds since 1970, `now` is ms. */
export function isRecentLogin(authTime: number, now: number): boolean {
  return now / 1000 - authTime <= RECENT_SECONDS;
}

/**
 * Deletes the caller's account with all addresses and device records; `users/{uid}`, which belongs to the app, only with
 * `DELETE_USER_DOCUMENTS`. Idempotent.
 *
 * The account goes first: were it to go last and fail, somebody would be left with an account and without their data.
 */
export const deleteAccount = callable(
  'deleteAccount',
  { ...functionOptions, enforceAppCheck },
  async (request): Promise<{ deleted: true }> => {
    const uid = admitCaller(request);
    checkedInput(nothingSchema, request.data);
    if (!isRecentLogin(request.auth?.token.auth_time ?? 0, Date.now())) {
      throw new HttpsError(
        'failed-precondition',
        'Sign in again first: an account is deleted only within five minutes of a login.',
      );
    }
    return asHttpsErrors('deleteAccount', uid, [], async () => {
      const { accounts, removal } = devices();
      await accounts.delete(uid);
      const deleteDocument = deleteUserDocuments.value();
      const addresses = await removal.forget(uid, { deleteDocument });
      forgetLog.forgotten(uid, addresses.length, deleteDocument ? 'deleted' : 'kept');
      return { deleted: true };
    });
  },
);
