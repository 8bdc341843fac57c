/**
 * A team's own documents beside a {@link World}: each write makes an event, which the test delivers late, twice or in any order.
 */
import type { DocumentData, DocumentSnapshot } from '@google-cloud/firestore';
import {
  backfillImport,
  type BackfillImportOptions,
} from '../../kit/src/devices/backfill-import.ts';
import { importWritten, type ImportEvent } from '../../kit/src/devices/import-devices.ts';
import { ImportDocuments } from '../../kit/src/devices/import-documents.ts';
import type { ImportLog } from '../../kit/src/devices/import-log.ts';
import type { ImportSource } from '../../kit/src/devices/import-state.ts';
import type { World } from './world.ts';

/** What `importDevices` returns, as far as tests call it. */
export interface Importer<Ids> {
  readonly imports: ImportSource<Ids>;
}

export class TeamDocuments<Ids> {
  readonly documents: ImportDocuments;
  /** What the import said. */
  readonly log: string[] = [];
  /** Paths of documents that were read, in order. */
  readonly reads: string[] = [];
  /** What happens once, right after a document was read. */
  afterRead: (() => Promise<void>) | undefined;
  private readonly world: World;
  private readonly source: ImportSource<Ids>;

  constructor(world: World, { imports }: Importer<Ids>) {
    this.world = world;
    this.source = imports;
    this.documents = new ImportDocuments(world.db);
  }

  /** The app sets a document, or deletes it; the event of that. */
  async writes(path: string, data: DocumentData | undefined): Promise<ImportEvent> {
    const document = this.world.db.doc(path);
    const before = await document.get();
    const result = await (data === undefined ? document.delete() : document.set(data));
    const after = await document.get();
    return eventOf(path, before, after, result.writeTime.toMillis());
  }

  /** Events reach the trigger, all at once, and what it writes to users reaches `claimTokens`. */
  async trigger(...events: readonly ImportEvent[]): Promise<void> {
    const { world } = this;
    const before = await this.all();
    await world.noting(() => Promise.all(events.map((event) => this.run(event))));
    await world.deliver();
    expect(await this.all()).toEqual(before);
  }

  /** The trigger alone, as it runs beside whatever else does. */
  async run(event: ImportEvent): Promise<void> {
    const { world, documents } = this;
    await importWritten(this.source, event, {
      ownership: world.ownership,
      removal: world.removal,
      documents: {
        load: async (path) => {
          this.reads.push(path);
          const data = await documents.load(path);
          const { afterRead } = this;
          this.afterRead = undefined;
          await afterRead?.();
          return data;
        },
        besides: (path, max) => {
          this.reads.push(`beside ${path}`);
          return documents.besides(path, max);
        },
      },
      maxAddresses: world.maxAddresses,
      log: this.logging(),
    });
  }

  /** The app sets a document, and the trigger hears of it at once. */
  async imports(path: string, data: DocumentData | undefined): Promise<void> {
    await this.trigger(await this.writes(path, data));
  }

  async backfill(options: Partial<BackfillImportOptions> = {}, shouldStop = () => false) {
    const { world, documents } = this;
    const before = await this.all();
    const progress: string[] = [];
    const { counts, isComplete } = await world.noting(() =>
      backfillImport(
        this.source,
        { after: '', ...options },
        {
          ownership: world.ownership,
          removal: world.removal,
          documents,
          maxAddresses: world.maxAddresses,
          log: this.logging(),
          now: () => world.now(),
          progress: (after) => progress.push(after),
          shouldStop,
        },
      ),
    );
    await world.deliver();
    expect(await this.all()).toEqual(before);
    return { counts, isComplete, progress };
  }

  /** Every document of the team's, with the time at which it was last written. */
  private async all(): Promise<Record<string, unknown>> {
    const found: Record<string, unknown> = {};
    const visit = async (collections: FirebaseCollections): Promise<void> => {
      for (const collection of collections) {
        if (['users', 'devices'].includes(collection.path)) continue;
        for (const reference of await collection.listDocuments()) {
          const { updateTime } = await reference.get();
          found[reference.path] = updateTime?.toMillis();
          await visit(await reference.listCollections());
        }
      }
    };
    await visit(await this.world.db.listCollections());
    return found;
  }

  private logging(): ImportLog {
    const { log } = this;
    return {
      imported: (uid, _address, from) => log.push(`${uid} imported ${from.join()}`.trim()),
      lost: (uid) => log.push(`${uid} lost`),
      removed: (uid) => log.push(`${uid} removed`),
      refused: (uid, _address, reason) => log.push(`${uid} refused: ${reason}`),
      tidied: (uid, healed, evicted) => log.push(`${uid} tidied ${healed} ${evicted.length}`),
      skipped: (document, entries) => log.push(`${document} skipped ${entries}`),
      faulty: (document, error) => log.push(`${document} faulty: ${error.split('\n')[0] ?? ''}`),
      incomplete: (document, found) => log.push(`${document} incomplete, found ${found}`),
    };
  }
}

type FirebaseCollections = Awaited<ReturnType<World['db']['listCollections']>>;

function eventOf(
  path: string,
  before: DocumentSnapshot,
  after: DocumentSnapshot,
  writtenAt: number,
): ImportEvent {
  return {
    paths: [path],
    isComplete: before.exists || after.exists,
    before: before.data(),
    after: after.data(),
    writtenAt,
  };
}
