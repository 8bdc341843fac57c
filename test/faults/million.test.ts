/**
 * A million recipients: planned in bounded memory and time, page by page. Stores are stand-ins; what is measured is the engine.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Timestamp } from '@google-cloud/firestore';
import type { Content } from '../../kit/src/model/notification/content.ts';
import { DELIVERED } from '../../kit/src/model/outcome.ts';
import { taskId, type DeliveryTask } from '../../kit/src/delivery/tasks.ts';
import type { Ledger } from '../../kit/src/delivery/ledger.ts';
import type { HeldEntry, NewEntry, RoundResult } from '../../kit/src/delivery/ledger-entry.ts';
import { NO_COUNTS } from '../../kit/src/model/counts.ts';
import type { DeliveryDocument } from '../../kit/src/delivery/delivery-document.ts';
import type { RecipientRecord, UserStore } from '../../kit/src/store/users.ts';
import { World } from './world.ts';

const PEOPLE = 1_000_000;
const SHARD_SIZE = 500;
/** What may be held on to between two calls: far above what the plan needs, far below a million records. */
const MAX_RETAINED_BYTES = 32 * 1024 * 1024;
/** Calls between two looks at the heap. */
const LOOK_EVERY = 400;
/** One call's share of a function's time; 300 s are allowed, and a call is a few milliseconds of work. */
const MAX_CALL_MS = 5_000;

const uidOf = (index: number): string => `u${String(index).padStart(7, '0')}`;

/** As many users as there are to be, made when they are read. */
class EndlessUsers {
  largestRead = 0;

  readRange(after: string, limit: number): Promise<RecipientRecord[]> {
    const first = after === '' ? 0 : Number(after.slice(1)) + 1;
    return this.made(Math.min(limit, PEOPLE - first), (nth) => uidOf(first + nth));
  }

  read(uids: readonly string[]): Promise<RecipientRecord[]> {
    return this.made(uids.length, (nth) => uids[nth] as string);
  }

  private made(count: number, uidAt: (nth: number) => string): Promise<RecipientRecord[]> {
    this.largestRead = Math.max(this.largestRead, count);
    const records = Array.from({ length: count }, (_, nth) => ({
      uid: uidAt(nth),
      exists: true,
      tokens: [`${uidAt(nth)}:APA91b`],
      notificationSettings: undefined,
      locale: undefined,
      readAt: 0,
    }));
    return Promise.resolve(records);
  }
}

/** Long after the world's clock begins. */
const LATER = Timestamp.fromMillis(1_800_000_330_000);

/** A ledger that remembers the least there is to remember. */
class SlimLedger {
  readonly parents = new Map<string, Pick<DeliveryDocument, 'state' | 'coverage' | 'content'>>();
  readonly prepared: NewEntry[] = [];
  shardsBegun = 0;
  readonly shards = {
    leave: () => Promise.resolve(),
    finish: () => Promise.resolve(undefined),
  };
  delivered = 0;

  claim(id: string, entry: NewEntry) {
    const document = {
      ...entry,
      ...{ state: 'sending', attempts: 1, sent: false, pending: [], round: 0 },
      ...{ counts: NO_COUNTS, reasons: {}, leaseUntil: LATER, createdAt: LATER },
    } as unknown as DeliveryDocument;
    if (entry.parent === undefined) this.parents.set(id, document);
    else this.shardsBegun += 1;
    const held = { id, document, isNew: true, inDoubt: false };
    return Promise.resolve({ kind: 'held-by-us', entry: held });
  }

  read(id: string) {
    return Promise.resolve(this.parents.get(id));
  }

  finish(_entry: unknown, { counts }: Pick<DeliveryDocument, 'counts'>) {
    this.delivered += counts.delivered;
    return Promise.resolve();
  }

  progress(entry: HeldEntry, { counts }: RoundResult) {
    return Promise.resolve({ ...entry, document: { ...entry.document, counts } });
  }

  prepare(_id: string, entry: NewEntry) {
    this.prepared.push(entry);
    return Promise.resolve();
  }
}

let world: World;

beforeAll(async () => {
  world = await World.create({ shardSize: SHARD_SIZE });
});
afterAll(() => world.close());

function stage() {
  const users = new EndlessUsers();
  const ledger = new SlimLedger();
  const queue: DeliveryTask[] = [];
  const ids = new Set<string>();
  const engine = world.boot({
    users: users as unknown as UserStore,
    ledger: ledger as unknown as Ledger,
    tasks: {
      enqueue: (task) => {
        ids.add(taskId(task));
        queue.push(task);
        return Promise.resolve();
      },
    },
    providers: {
      fcm: {
        send: (_content: Content, addresses: readonly string[]) =>
          Promise.resolve(addresses.map(() => DELIVERED)),
      },
    },
  });
  return { users, ledger, queue, ids, engine };
}

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapInUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

describe('a million recipients', () => {
  it('are planned one page a call: as many tasks as pages, never more than a page in memory', async () => {
    const { users, ledger, queue, ids, engine } = stage();
    const heapBefore = heapInUse();
    let retained = 0;
    let slowest = await timed(() =>
      engine.deliver(world.order({ to: { everyone: true } }, 'order-m')),
    );
    expect(queue).toHaveLength(1);
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
      const next = task;
      slowest = Math.max(slowest, await timed(() => engine.run(next)));
      // Each call hands on one task: the plan is never wider than the next page.
      expect(queue.length).toBeLessThanOrEqual(1);
      if (ids.size % LOOK_EVERY === 0) retained = Math.max(retained, heapInUse() - heapBefore);
    }
    // The last page is full, so that one more finds that there is nobody left.
    expect(ids.size).toBe(PEOPLE / SHARD_SIZE + 1);
    expect(ledger).toMatchObject({ shardsBegun: ids.size, delivered: PEOPLE });
    expect(users.largestRead).toBe(SHARD_SIZE);
    expect(retained).toBeLessThan(MAX_RETAINED_BYTES);
    expect(slowest).toBeLessThan(MAX_CALL_MS);
  });

  it('a list of 100,000, the longest there may be, is split in one call', async () => {
    const { ledger, queue, engine } = stage();
    const uids = Array.from({ length: 100_000 }, (_, index) => uidOf(index));
    const took = await timed(() => engine.deliver(world.order({ to: uids }, 'order-l')));
    expect(took).toBeLessThan(MAX_CALL_MS);
    expect(queue).toHaveLength(200);
    expect(ledger.prepared).toHaveLength(200);
    const lists = ledger.prepared.map(({ coverage }) =>
      coverage.kind === 'listed' ? coverage.uids : [],
    );
    expect(new Set(lists.flat()).size).toBe(100_000);
  });
});
