/**
 * Puts the lifecycle of addresses together when it is first needed, once an instance.
 */
import { maxTakeoversPerDay } from '../config';
import { Clearing } from './clearing';
import { DeviceStore } from './device-store';
import { adminApp, adminFirestore } from '../store/firestore';
import { Ownership } from './ownership';
import { UserStore } from '../store/users';
import { firebaseAccounts } from './accounts';
import type { Accounts } from './forget-account';

export interface Lifecycle {
  readonly ownership: Ownership;
  readonly clearing: Clearing;
  readonly devices: DeviceStore;
  readonly users: UserStore;
  readonly accounts: Accounts;
}

let made: Lifecycle | undefined;

/** The instance's lifecycle. */
export function lifecycle(): Lifecycle {
  if (made === undefined) {
    const db = adminFirestore();
    made = {
      ownership: new Ownership({
        db,
        now: Date.now,
        maxTakeoversPerDay: maxTakeoversPerDay.value(),
      }),
      clearing: new Clearing(db),
      devices: new DeviceStore(db),
      users: new UserStore(db),
      accounts: firebaseAccounts(adminApp()),
    };
  }
  return made;
}
