/**
 * What runs once after the first deploy: it counts what users have from before, and changes nothing.
 */
import { onTaskDispatched } from 'firebase-functions/tasks';
import { functionOptions } from '../config';
import { backfillDevices } from '../devices/backfill';
import { logBackfillDryRun } from '../log';
import { devices } from '../push';
import { maxAddressesPerUser } from '../settings';
import { endOfSweep, SWEEP_SECONDS } from './sweep-time';

/** Users read at a time. */
const PAGE_SIZE = 300;
/** Users looked at: what this costs is bounded, however many there are. */
const MOST_USERS = 100_000;

/**
 * Logs how many addresses in the users' arrays have no device record yet: what `npx @firestore-push/push backfill` would do.
 *
 * At most one read for each user and one for each address, of the first 100,000 users.
 */
export const backfillDryRun = onTaskDispatched(
  { ...functionOptions, timeoutSeconds: SWEEP_SECONDS, retryConfig: { maxAttempts: 1 } },
  async () => {
    const until = endOfSweep();
    let looked = 0;
    const { counts, isComplete } = await backfillDevices(
      { after: '', isDryRun: true, pageSize: PAGE_SIZE, maxAddresses: maxAddressesPerUser.value() },
      {
        ...devices(),
        now: Date.now,
        leaving: () => undefined,
        progress: (_after, { users }) => {
          looked = users;
        },
        shouldStop: () => looked >= MOST_USERS || Date.now() > until,
      },
    );
    logBackfillDryRun(counts, isComplete);
  },
);
