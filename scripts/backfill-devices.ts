/** `npm run backfill -- --project ID`: gives every address in `users/{uid}.tokens` its device record, once. */

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { BACKFILL_HELP, describeCounts, readBackfillOptions } from './backfill/options.ts';
import { report } from './stack/session.ts';
import type * as Backfill from '../kit/src/devices/backfill.ts';
import type * as Clearings from '../kit/src/devices/address-removal.ts';
import type * as Push from '../kit/src/push.ts';
import type * as Owners from '../kit/src/devices/ownership.ts';
import type * as Users from '../kit/src/store/users.ts';
import type { BackfillCommand } from './backfill/options.ts';

/** Users read at a time, and the most that is done again after an interruption. */
const PAGE_SIZE = 300;

const root = join(import.meta.dirname, '..');
// No metadata server stands beside an emulator; the client library would look for one and complain.
if (process.env.FIRESTORE_EMULATOR_HOST) process.env.METADATA_SERVER_DETECTION ??= 'none';
const require = createRequire(import.meta.url);

/** A module of the built kit. */
function built<T>(path: string): T {
  return require(join(root, 'kit/lib', path)) as T;
}

async function run(command: BackfillCommand): Promise<boolean> {
  // The Admin SDK takes the project from here, beside the default credentials.
  process.env.GOOGLE_CLOUD_PROJECT = command.project;
  process.env.GCLOUD_PROJECT = command.project;
  const { collections, firestore } = built<typeof Push>('push.js');
  const { UserStore } = built<typeof Users>('store/users.js');
  const { Ownership } = built<typeof Owners>('devices/ownership.js');
  const { AddressRemoval } = built<typeof Clearings>('devices/address-removal.js');
  const { backfillDevices } = built<typeof Backfill>('devices/backfill.js');

  const checkpoint = join(root, '.cache', `backfill-${command.project}.txt`);
  const after = command.after ?? (command.isDryRun ? '' : await readCheckpoint(checkpoint));
  const target = command.emulator ? `the emulator at ${command.emulator}` : 'Google Cloud';
  say(
    `Project ${command.project} on ${target}${command.isDryRun ? ', dry run' : ''}, ` +
      `${after === '' ? 'from the first user' : `after user ${after}`}. Ctrl-C stops it after a page.`,
  );
  let isStopped = false;
  const stop = (): void => {
    isStopped = true;
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);

  const db = firestore();
  let written = Promise.resolve();
  const { counts, isComplete } = await backfillDevices(
    {
      after,
      isDryRun: command.isDryRun,
      pageSize: PAGE_SIZE,
      maxAddresses: command.maxAddresses,
    },
    {
      users: new UserStore(collections()),
      // Nobody takes anything over here, so there is nothing to limit.
      ownership: new Ownership({
        collections: collections(),
        now: Date.now,
        maxTakeoversPerDay: 0,
      }),
      removal: new AddressRemoval(collections()),
      now: Date.now,
      leaving: (uid, { healed, beyondLimit }) => {
        const verb = command.isDryRun ? 'would be removed' : 'are removed';
        say(
          `User ${uid}: ${healed} duplicate entries and ${beyondLimit} beyond the limit ${verb}.`,
        );
      },
      progress: (last, sofar) => {
        say(describeCounts(sofar));
        if (!command.isDryRun) written = written.then(() => writeCheckpoint(checkpoint, last));
      },
      shouldStop: () => isStopped,
    },
  );
  await written;
  await db.terminate();
  if (isComplete && !command.isDryRun) await rm(checkpoint, { force: true });
  say(`${isComplete ? 'Done' : 'Stopped; run it again to continue'}: ${describeCounts(counts)}`);
  return isComplete;
}

async function readCheckpoint(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

async function writeCheckpoint(path: string, after: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, after);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  const command = readBackfillOptions(process.argv.slice(2), process.env);
  if (command === 'help') say(BACKFILL_HELP);
  else process.exitCode = (await run(command)) ? 0 : 1;
} catch (error) {
  report(error);
  process.exitCode = 1;
}
