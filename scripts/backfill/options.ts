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

Creates the device record of every address in users/{uid}.tokens, for users from before this backend. Run it once, after
the first deployment. An address in several arrays stays with the document that was written last; entries that name the
same device twice, or in different spellings, are merged, and the oldest addresses beyond the limit are removed. Entries
that are not addresses are left alone. Idempotent; if it is stopped, the next run continues there.

It uses the application default credentials (gcloud auth application-default login), or the emulator that
FIRESTORE_EMULATOR_HOST names.

Options:
  --project ID          the Firebase project (env GCLOUD_PROJECT under the emulator only)
  --dry-run             say what would be removed from whose array, and change nothing
  --after UID           start after this user; --after "" starts from the beginning
  --max-addresses N     most addresses of a user (default ${DEFAULT_MAX_ADDRESSES}, as MAX_ADDRESSES_PER_USER)
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
  // A real project has to be named: one that happens to be set in the environment is not enough to write to it.
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
    `${counts.recorded} recorded, ${counts.lost} given up to another user, ` +
    `${counts.healed} duplicates merged, ${counts.beyondLimit} beyond the limit; ` +
    `${counts.unknown} entries are not addresses and were left alone`
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
