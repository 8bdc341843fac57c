/** Reads the command line of the backfill, and says what it has done; pure. */

import { readOptions } from '../command';
import type { BackfillCounts } from '../../devices/backfill';
import type { BackfillImportCounts } from '../../devices/backfill-import';

export interface BackfillOptions {
  /** The Firebase project's id, or an alias of `.firebaserc`. */
  readonly project: string | undefined;
  readonly instance: string | undefined;
  readonly isDryRun: boolean;
  /** Begin after this user id; otherwise where the last run was stopped. */
  readonly after: string | undefined;
}

export const BACKFILL_HELP = `Usage: npx @firestore-push/push backfill --project ID [options]

Finds the addresses that users have from before this backend was installed: those in the array of each user's document,
and those that importDevices() brings in from elsewhere. It says what it would do. With --apply it does it: each address
gets its device record, and what importDevices() finds is registered. An address of several users stays with the document
that was written last; entries that name the same device twice, or in different spellings, are merged, and the oldest
addresses beyond the limit (MAX_ADDRESSES_PER_USER) are removed from the array. Entries that are not addresses, and all
other documents, are left alone. Idempotent; if it is stopped, the next run continues there.

Pushes reach these addresses without it as well, and each gets its record when its app next registers or writes.

It uses the application default credentials (gcloud auth application-default login), or the emulator that
FIRESTORE_EMULATOR_HOST names; and the settings of the installation in firebase.json.

Options:
  --project ID          the Firebase project, or its alias
  --apply               do it, and do not only say it
  --instance ID         the kit's instance or the codebase, if there are several
  --after UID           start after this user; --after "" starts from the beginning
  --help                this text
`;

/**
 * @param args the command line without the command's name.
 * @throws {UsageError} naming the option, what was expected and what was got.
 */
export function readBackfillOptions(args: readonly string[]): BackfillOptions {
  const { values } = readOptions(args, {
    project: { type: 'string' },
    instance: { type: 'string' },
    after: { type: 'string' },
    apply: { type: 'boolean' },
  });
  return {
    project: values.project,
    instance: values.instance,
    isDryRun: values.apply !== true,
    after: values.after,
  };
}

/** One line of progress of an import. */
export function describeImport(counts: Readonly<BackfillImportCounts>): string {
  return (
    `${counts.documents} documents, ${counts.addresses} addresses: ${counts.missing} had no record, ` +
    `${counts.imported} imported, ${counts.lost} claimed by another user since, ` +
    `${counts.refused} refused; ${counts.notAddresses} entries are not addresses, ` +
    `${counts.faulty} documents could not be read`
  );
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
