/**
 * The third way into `devices`: addresses that a team keeps in documents of its own, in whatever shape, are registered and
 * unregistered as those documents change.
 *
 * Invariant: it never writes to a document of the team's, so it cannot wake itself up. It acts on what is so now: an event that comes
 * late, twice or out of order does no harm.
 */
import { deviceKey, fingerprint } from '../model/address';
import { parentPath } from '../model/collection-path';
import { documentsAt } from '../model/document-event';
import { messageOf } from '../model/redact';
import { isRefusedForGood } from '../store/transact';
import type { AddressRemoval } from './address-removal';
import {
  devicesOf,
  importChanges,
  isUnchanged,
  stillHolding,
  type OwnedAddresses,
} from './import-changes';
import type { ImportDocuments } from './import-documents';
import { documentName, faultText, type ImportLog } from './import-log';
import {
  importState,
  NOTHING,
  type ImportedAddress,
  type ImportInput,
  type ImportSource,
  type ImportState,
} from './import-state';
import type { Ownership, Registered } from './ownership';
import { RefusedError } from './refusals';

/** One write to a document of the team's. */
export interface ImportEvent {
  /** The document's path; several if it can be read in several ways. */
  readonly paths: readonly string[];
  /** Whether the event carries the document, before or after. */
  readonly isComplete: boolean;
  /** Its fields; undefined where there was no document. */
  readonly before: ImportInput<unknown>['data'] | undefined;
  readonly after: ImportInput<unknown>['data'] | undefined;
  /** When it was written, ms since 1970. */
  readonly writtenAt: number;
}

export interface RegisterDeps {
  readonly ownership: Pick<Ownership, 'register'>;
  readonly removal: Pick<AddressRemoval, 'tidy'>;
  readonly maxAddresses: number;
  readonly log: ImportLog;
}

export interface ImportDeps extends RegisterDeps {
  readonly ownership: Pick<Ownership, 'register' | 'unregister'>;
  readonly documents: Pick<ImportDocuments, 'load' | 'besides'>;
}

/** Documents of one user that are looked through for an address that left one of them. */
const MAX_BESIDES = 100;

/**
 * Registers what came into a document and unregisters what left it, by the present state; rejects only when Firestore fails, to
 * be retried.
 *
 * Costs nothing if no address changed; else a read of the document, one more where something came in, and a transaction per address.
 * Where the user has several documents, and an address left one, those are read, too.
 */
export async function importWritten<Ids>(
  source: ImportSource<Ids>,
  event: ImportEvent,
  deps: ImportDeps,
): Promise<void> {
  const written = event.isComplete
    ? statesOf(source, event, deps.log)
    : await loadedStates(source, event, deps);
  if (written === undefined) return;
  const { path, before, after } = written;
  const changes = importChanges(before, after, deps.maxAddresses);
  if (isUnchanged(changes)) return;
  const present = written.present ?? importState(source, path, await deps.documents.load(path));
  const { added, removed } = stillHolding(changes, present, deps.maxAddresses);
  const { writtenAt } = event;
  // First what comes: no push may find a person without a device because their token was renewed.
  if (added !== undefined) {
    for (const each of added.addresses) {
      await registerImported(added.owner, each, { writtenAt }, deps);
    }
    await takeBack(source, path, added, writtenAt, deps);
  }
  if (removed !== undefined) await unregisterRemoved(source, path, removed, writtenAt, deps);
}

/**
 * Unregisters what left the document while it was registered: the event of that may have come to its end before, when there was nothing
 * to unregister yet.
 */
async function takeBack<Ids>(
  source: ImportSource<Ids>,
  path: string,
  { owner, addresses }: OwnedAddresses<ImportedAddress>,
  writtenAt: number,
  deps: ImportDeps,
): Promise<void> {
  const present = importState(source, path, await deps.documents.load(path));
  const registered = { owner, addresses: addresses.map(({ address }) => address) };
  const changes = { added: undefined, removed: registered };
  const { removed } = stillHolding(changes, present, deps.maxAddresses);
  if (removed !== undefined) await unregisterRemoved(source, path, removed, writtenAt, deps);
}

interface WrittenStates {
  readonly path: string;
  readonly before: ImportState;
  readonly after: ImportState;
  /** Where it was read already. */
  readonly present?: ImportState;
}

function statesOf<Ids>(
  source: ImportSource<Ids>,
  event: ImportEvent,
  log: ImportLog,
): WrittenStates | undefined {
  const [path] = event.paths;
  if (path === undefined) return undefined;
  const before = importState(source, path, event.before);
  const after = importState(source, path, event.after);
  logState(source, path, before, after, log);
  return { path, before, after };
}

/** For an event that was too large to carry its document: then all that stands there now counts as new. */
async function loadedStates<Ids>(
  source: ImportSource<Ids>,
  { paths }: ImportEvent,
  { documents, log }: ImportDeps,
): Promise<WrittenStates | undefined> {
  const found = await documentsAt(paths, (path) => documents.load(path));
  const [only] = found;
  log.incomplete(documentName(source.document, only?.path ?? paths[0] ?? ''), found.length);
  // To choose between two could give somebody what is not theirs.
  if (only === undefined || found.length > 1) return undefined;
  const present = importState(source, only.path, only.data);
  logState(source, only.path, NOTHING, present, log);
  return { path: only.path, before: NOTHING, after: present, present };
}

/** Says what is wrong with a state, once: the write that leaves it so says nothing. */
export function logState<Ids>(
  { document }: Pick<ImportSource<Ids>, 'document'>,
  path: string,
  before: ImportState,
  after: ImportState,
  log: Pick<ImportLog, 'faulty' | 'skipped'>,
): void {
  const fault = after.fault ?? before.fault;
  if (fault !== undefined) {
    log.faulty(documentName(document, path), faultText(document, path, fault.error));
  }
  const more = after.notAddresses - before.notAddresses;
  if (more > 0) log.skipped(documentName(document, path), more);
}

/**
 * Registers one address that stands in a document. What can never succeed is logged, and ends as `refused`.
 *
 * @throws Firestore's error, where the same may succeed later.
 */
export async function registerImported(
  uid: string,
  { address, facts }: ImportedAddress,
  times: { readonly writtenAt: number; readonly refreshedAt?: number },
  { ownership, removal, maxAddresses, log }: RegisterDeps,
): Promise<Registered['outcome'] | 'refused'> {
  try {
    const registered = await ownership.register(uid, { address, facts, ...times });
    const name = fingerprint(registered.address);
    if (registered.outcome === 'registered') log.imported(uid, name, registered.takenFrom);
    if (registered.outcome === 'lost') log.lost(uid, name);
    if (registered.outcome === 'registered' && registered.listed > maxAddresses) {
      const { healed, evicted } = await removal.tidy(uid, maxAddresses, registered.address);
      log.tidied(uid, healed, evicted.map(fingerprint));
    }
    return registered.outcome;
  } catch (error) {
    if (!(error instanceof RefusedError) && !isRefusedForGood(error)) throw error;
    log.refused(uid, fingerprint(address), messageOf(error));
    return 'refused';
  }
}

async function unregisterRemoved<Ids>(
  source: ImportSource<Ids>,
  path: string,
  { owner, addresses }: OwnedAddresses<string>,
  writtenAt: number,
  { ownership, documents, log }: ImportDeps,
): Promise<void> {
  const others = mayStandBesides(source) ? await documents.besides(path, MAX_BESIDES) : [];
  const states = others.map((other) => importState(source, other.path, other.data));
  const devices = new Set(states.flatMap((state) => [...devicesOf(state)]));
  for (const address of addresses) {
    if (devices.has(deviceKey(address))) continue;
    if (await ownership.unregister(owner, address, writtenAt)) {
      log.removed(owner, fingerprint(address));
    }
  }
}

/** Whether all documents in one collection are one user's, so that one of them may say what another said. */
function mayStandBesides<Ids>({ document, owner }: ImportSource<Ids>): boolean {
  return owner === undefined && parentPath(document).includes('{uid}');
}
