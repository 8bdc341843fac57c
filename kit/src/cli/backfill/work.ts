/** The backfill with this process's settings: loaded once they are in the environment. */
import { backfillDevices, type BackfillDeps, type BackfillOptions } from '../../devices/backfill';
import { backfillImport, type BackfillImportDeps } from '../../devices/backfill-import';
import { ImportDocuments } from '../../devices/import-documents';
import type { ImportSource } from '../../devices/import-state';
import { Ownership } from '../../devices/ownership';
import { importLog } from '../../log';
import { collections, devices, firestore } from '../../push';
import { maxAddressesPerUser } from '../../settings';

/** The addresses in the users' own documents. */
export async function backfillArrays(
  options: Omit<BackfillOptions, 'maxAddresses'>,
  told: Pick<BackfillDeps, 'leaving' | 'progress' | 'shouldStop'>,
): ReturnType<typeof backfillDevices> {
  const { users, removal } = devices();
  return backfillDevices(
    { ...options, maxAddresses: maxAddressesPerUser.value() },
    { ...told, users, removal, ownership: ownership(), now: Date.now },
  );
}

/** The addresses in the documents that an `importDevices` is about. */
export async function backfillSource(
  source: ImportSource<unknown>,
  isDryRun: boolean,
  told: Pick<BackfillImportDeps, 'progress' | 'shouldStop'>,
): ReturnType<typeof backfillImport> {
  return backfillImport(
    source,
    { after: '', isDryRun },
    {
      ...told,
      removal: devices().removal,
      documents: new ImportDocuments(firestore()),
      ownership: ownership(),
      maxAddresses: maxAddressesPerUser.value(),
      now: Date.now,
      log: importLog,
    },
  );
}

/** Ends the connection, without which the process would not end. */
export async function close(): Promise<void> {
  await firestore().terminate();
}

function ownership(): Ownership {
  // Nobody takes anything over here, so there is nothing to limit.
  return new Ownership({ collections: collections(), now: Date.now, maxTakeoversPerDay: 0 });
}
