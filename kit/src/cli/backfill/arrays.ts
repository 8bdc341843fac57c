/** The backfill of the arrays, with this process's settings: loaded once they are in the environment. */
import { backfillDevices, type BackfillDeps, type BackfillOptions } from '../../devices/backfill';
import { collections, devices, firestore } from '../../push';
import { Ownership } from '../../devices/ownership';
import { maxAddressesPerUser } from '../../settings';

export async function backfillArrays(
  options: Omit<BackfillOptions, 'maxAddresses'>,
  told: Pick<BackfillDeps, 'leaving' | 'progress' | 'shouldStop'>,
): ReturnType<typeof backfillDevices> {
  const { users, removal } = devices();
  try {
    return await backfillDevices(
      { ...options, maxAddresses: maxAddressesPerUser.value() },
      {
        ...told,
        users,
        removal,
        // Nobody takes anything over here, so there is nothing to limit.
        ownership: new Ownership({
          collections: collections(),
          now: Date.now,
          maxTakeoversPerDay: 0,
        }),
        now: Date.now,
      },
    );
  } finally {
    await firestore().terminate();
  }
}
