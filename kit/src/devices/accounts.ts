/**
 * Firebase Authentication, as far as the lifecycle of addresses needs it.
 */
import type { App } from 'firebase-admin/app';
import { getAuth } from 'firebase-admin/auth';
import type { Accounts } from './forget-account';

/** The accounts of an app's project. */
export function firebaseAccounts(app: App): Accounts {
  return {
    async exists(uid) {
      try {
        await getAuth(app).getUser(uid);
        return true;
      } catch (error) {
        if (isNotFound(error)) return false;
        throw error;
      }
    },
    async delete(uid) {
      try {
        await getAuth(app).deleteUser(uid);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
  };
}

function isNotFound(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'auth/user-not-found';
}
