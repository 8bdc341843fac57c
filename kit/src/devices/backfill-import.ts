/**
 * Imports the addresses of all documents that an `importDevices` is about, once: those that were written before it was deployed.
 *
 * Idempotent: what is in order already is only read, so it may be stopped and run again at any time. A device that several users'
 * documents name becomes that of whose document was written last, in whatever order they are read.
 */
import { latest } from './import-changes';
import { logState, registerImported, type RegisterDeps } from './import-devices';
import type { FoundDocument, ImportDocuments } from './import-documents';
import { importState, NOTHING, type ImportSource } from './import-state';
import type { Ownership } from './ownership';
import { throughPages } from './paging';

export interface BackfillImportOptions {
  /** Begin after the document of this path; `''` for the first. It may hold an address: not to be shown. */
  readonly after: string;
  /** Only count. Default: true. */
  readonly isDryRun?: boolean;
  /** Documents read at a time, whole: 100 of 1 MiB fit into an instance's memory. Default: 100. */
  readonly pageSize?: number;
}

export interface BackfillImportCounts {
  /** Documents that match the pattern. */
  documents: number;
  /** Addresses that they have, up to a user's limit in each. */
  addresses: number;
  /** Entries that are no addresses. */
  notAddresses: number;
  /** Addresses that are the owner's on record already. */
  known: number;
  /** Addresses that are not. */
  missing: number;
  /** Of these: the owner's now. */
  imported: number;
  /** Of these: another user's, who claimed them later. */
  lost: number;
  /** Of these: cannot be imported as things are; the log says why. */
  refused: number;
  /** Documents for which the team's functions threw; the log says what. */
  faulty: number;
}

export interface BackfillImportDeps extends RegisterDeps {
  readonly ownership: Pick<Ownership, 'register' | 'unreconciled'>;
  readonly documents: Pick<ImportDocuments, 'page'>;
  readonly now: () => number;
  /** Called after each page: everything up to the document `after` is done. */
  readonly progress: (after: string, counts: Readonly<BackfillImportCounts>) => void;
  /** Asked between pages. */
  readonly shouldStop: () => boolean;
}

const PAGE_SIZE = 100;

/** Works through all documents; returns the counts, and whether it came to the end. */
export async function backfillImport<Ids>(
  source: ImportSource<Ids>,
  { after, isDryRun = true, pageSize = PAGE_SIZE }: BackfillImportOptions,
  deps: BackfillImportDeps,
): Promise<{ readonly counts: Readonly<BackfillImportCounts>; readonly isComplete: boolean }> {
  const counts: BackfillImportCounts = {
    documents: 0,
    addresses: 0,
    notAddresses: 0,
    known: 0,
    missing: 0,
    imported: 0,
    lost: 0,
    refused: 0,
    faulty: 0,
  };
  const isComplete = await throughPages({
    after,
    read: (last) => deps.documents.page(source.document, last, pageSize),
    work: (document) => backfillDocument(source, document, isDryRun, deps, counts),
    progress: (last) => {
      deps.progress(last, counts);
    },
    shouldStop: deps.shouldStop,
  });
  return { counts, isComplete };
}

async function backfillDocument<Ids>(
  source: ImportSource<Ids>,
  { path, data, writtenAt }: FoundDocument,
  isDryRun: boolean,
  deps: BackfillImportDeps,
  counts: BackfillImportCounts,
): Promise<void> {
  const state = importState(source, path, data);
  const { owner } = state;
  const addresses = latest(state, deps.maxAddresses);
  counts.documents += 1;
  counts.addresses += addresses.length;
  counts.notAddresses += state.notAddresses;
  if (state.fault !== undefined) counts.faulty += 1;
  logState(source, path, NOTHING, state, deps.log);
  if (owner === undefined) return;
  const added = addresses.map(({ address }) => address);
  const missing = new Set(await deps.ownership.unreconciled(owner, { added, removed: [] }));
  counts.known += addresses.length - missing.size;
  counts.missing += missing.size;
  if (isDryRun) return;
  for (const each of addresses) {
    if (!missing.has(each.address)) continue;
    const times = {
      // A document's time moves with whatever else is written to it; what it says of an entry is the better one, if it can be true.
      writtenAt: Math.min(writtenAt, each.refreshedAt ?? writtenAt),
      // From now: nobody knows when the app was last started, and a device must not be swept as stale for that.
      refreshedAt: deps.now(),
    };
    const outcome = await registerImported(owner, each, times, deps);
    if (outcome === 'registered' || outcome === 'kept') counts.imported += 1;
    else counts[outcome] += 1;
  }
}
