/**
 * Firebase Authentication, as far as the lifecycle of addresses needs it.
 */
import type { App } from 'firebase-admin/app';
import { getAuth } from 'firebase-admin/auth';
import type { Accounts } from './forget-accounts';

/** Longest user id of Firebase Authentication; the SDK refuses to ask for longer ones. */
const MAX_UID_LENGTH = 128;

/** The accounts of an app's project. A document whose id cannot be a user id is nobody's account, and not missed. */
export function firebaseAccounts(app: App): Accounts {
  return {
    async missing(uids) {
      const asked = uids.filter((uid) => uid.length <= MAX_UID_LENGTH).map((uid) => ({ uid }));
      if (asked.length === 0) return [];
      const { users } = await getAuth(app).getUsers(asked);
      const found = new Set(users.map(({ uid }) => uid));
      return asked.map(({ uid }) => uid).filter((uid) => !found.has(uid));
    },
    async delete(uid) {
      try {
        await getAuth(app).deleteUser(uid);
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'auth/user-not-found') throw error;
      }
    },
  };
}
