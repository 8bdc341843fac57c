/** Reads the command line of the backfill, and says what it has done; pure. */

import { parseArgs } from 'node:util';

import { StackError } from '../stack/error.ts';
import type { BackfillCounts } from '../../kit/src/devices/backfill.ts';

export interface BackfillCommand {
  project: string;
  /** `host:port`, when Firestore is an emulator. */
  emulator: string | undefined;
  isDryRun: boolean;
  /** Begin after this user id; otherwise where the last run was stopped. */
  after: string | undefined;
  maxAddresses: number;
}

/** The same as in functions/.env. */
const DEFAULT_MAX_ADDRESSES = 20;

export const BACKFILL_HELP = `Usage: npm run backfill -- --project ID [options]

Gives every address in users/{uid}.tokens its device record: for a user base that is older than this backend. Run it
once, after the first deployment. An address in several arrays stays with the newest document; an entry that names a
device again, or in another spelling, is merged with the other, and the oldest addresses beyond the limit leave the array.
What is not understood stays where it is. Idempotent; if it is stopped, the next run goes on there.

It uses the application default credentials (gcloud auth application-default login), or the emulator that
FIRESTORE_EMULATOR_HOST names.

Options:
  --project ID          the Firebase project (env GCLOUD_PROJECT under the emulator only)
  --dry-run             say what would leave whose array, and change nothing
  --after UID           begin after this user; --after "" begins anew
  --max-addresses N     addresses a user may have (default ${DEFAULT_MAX_ADDRESSES}, as MAX_ADDRESSES_PER_USER)
  --help                this text
`;

/**
 * @param args the command line without node and the script's name.
 * @throws StackError `option-invalid`, naming the option, what was expected and what was got.
 */
export function readBackfillOptions(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): BackfillCommand | 'help' {
  const values = parse(args);
  if (values.help === true) return 'help';
  const emulator = env.FIRESTORE_EMULATOR_HOST || undefined;
  // A real project has to be named: what stands in the environment by chance is not enough to write to it.
  const project = values.project ?? (emulator ? env.GCLOUD_PROJECT : undefined);
  if (!project) {
    throw new StackError(
      'option-invalid',
      'Expected --project with the id of the Firebase project, got nothing.',
    );
  }
  const max = values['max-addresses'] ?? String(DEFAULT_MAX_ADDRESSES);
  if (!/^[1-9]\d{0,3}$/.test(max)) {
    throw new StackError(
      'option-invalid',
      `Expected --max-addresses to be a whole number from 1 to 9999, got "${max}".`,
    );
  }
  return {
    project,
    emulator,
    isDryRun: values['dry-run'] ?? false,
    after: values.after,
    maxAddresses: Number(max),
  };
}

/** One line of progress. */
export function describeCounts(counts: Readonly<BackfillCounts>): string {
  return (
    `${counts.users} users, ${counts.addresses} addresses: ${counts.missing} had no record, ` +
    `${counts.recorded} recorded, ${counts.lost} left to another user, ` +
    `${counts.healed} said twice or spelled otherwise, ${counts.beyondLimit} beyond the limit; ` +
    `${counts.unknown} not understood and left alone`
  );
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        project: { type: 'string' },
        after: { type: 'string' },
        'max-addresses': { type: 'string' },
        'dry-run': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new StackError('option-invalid', (error as Error).message);
  }
}
