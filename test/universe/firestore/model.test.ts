import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as real from '@google-cloud/firestore';
import * as fc from 'fast-check';
import { CODE, FirestoreError } from './codes.ts';
import { Indexes, type IndexFile } from './indexes.ts';
import { Firestore, FieldPath, FieldValue, Timestamp } from './sdk.ts';
import { Server, type Change, type ServerOptions } from './server.ts';
import { DIRECT, type Wire } from './wire.ts';

const indexFile = JSON.parse(
  readFileSync(join(__dirname, '../../../firestore.indexes.json'), 'utf8'),
) as IndexFile;

const seconds = fc.integer({ min: -62_135_596_801, max: 253_402_300_800 });
const nanoseconds = fc.oneof(
  fc.integer({ min: -1, max: 1_000_000_000 }),
  fc.constantFrom(0, 999, 1_000, 0.5, NaN),
);
const millis = fc.oneof(
  fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }),
  // Fractions of a millisecond, as a clock may have them.
  fc.integer({ min: 0, max: 1e15 }).map((micros) => micros / 1_000),
);

/** What a function returns, or the text of what it throws. */
function tried(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return String(error);
  }
}

function opened(options: ServerOptions = {}, wire: Wire = DIRECT) {
  let now = 1_800_000_000_000;
  const changes: Change[] = [];
  const server = new Server(
    () => (now += 1),
    (change) => changes.push(change),
    options,
  );
  return {
    ...{ server, changes, db: new Firestore(server, wire) },
    pass: (ms: number): void => {
      now += ms;
    },
  };
}

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code;

describe('a timestamp', () => {
  const parts = ({ seconds, nanoseconds }: { seconds: number; nanoseconds: number }) => [
    seconds,
    nanoseconds,
  ];

  it('is made, and refused, as the real one is', () => {
    fc.assert(
      fc.property(seconds, nanoseconds, (a, b) => {
        expect(tried(() => parts(new Timestamp(a, b)))).toEqual(
          tried(() => parts(new real.Timestamp(a, b))),
        );
      }),
    );
  });

  it('is made of milliseconds as the real one is, and makes the same of itself', () => {
    fc.assert(
      fc.property(millis, (ms) => {
        const saidBy = (type: typeof Timestamp | typeof real.Timestamp) => {
          const time = type.fromMillis(ms);
          const ofDate = parts(type.fromDate(new Date(ms)));
          return [parts(time), time.toMillis(), time.toDate(), time.valueOf(), ofDate];
        };
        // A fraction so near to the next second that it rounds to it is an error for both.
        expect(tried(() => saidBy(Timestamp))).toEqual(tried(() => saidBy(real.Timestamp)));
      }),
    );
  });

  it('is equal to another, and earlier, where the real ones are', () => {
    const pair = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }));
    fc.assert(
      fc.property(pair, pair, (a, b) => {
        const [own, other] = [new Timestamp(...a), new Timestamp(...b)];
        const [theirs, others] = [new real.Timestamp(...a), new real.Timestamp(...b)];
        expect(own.isEqual(other)).toBe(theirs.isEqual(others));
        expect(own < other).toBe(theirs < others);
      }),
    );
  });
});

describe('what a write says instead of a value', () => {
  it.each([
    ['FieldPath', () => new FieldPath(), () => new real.FieldPath()],
    ['FieldPath', () => new FieldPath('a', ''), () => new real.FieldPath('a', '')],
    ['arrayUnion', () => FieldValue.arrayUnion(), () => real.FieldValue.arrayUnion()],
    ['arrayRemove', () => FieldValue.arrayRemove(), () => real.FieldValue.arrayRemove()],
  ])('is refused by %s where the real one refuses it', (_name, own, theirs) => {
    expect(own).toThrow();
    expect(theirs).toThrow();
  });

  it('is one and the same where the real one is', () => {
    expect(FieldValue.delete()).toBe(FieldValue.delete());
    expect(real.FieldValue.delete()).toBe(real.FieldValue.delete());
  });
});

describe('a document', () => {
  it('tells whoever listens what it was and is, and nothing of a write that changes nothing', async () => {
    const { db, changes } = opened();
    const doc = db.doc('walls/a');
    await doc.set({ n: 1 });
    await doc.set({ n: 1 });
    await doc.delete();
    expect(changes.map(({ before, after }) => [before?.fields, after?.fields])).toEqual([
      [undefined, { n: 1 }],
      [{ n: 1 }, undefined],
    ]);
  });

  it('cannot be changed by whoever wrote or read it', async () => {
    const { db } = opened();
    const data = { list: [1], map: { n: 1 } };
    await db.doc('walls/a').set(data);
    data.list.push(2);
    const read = (await db.doc('walls/a').get()).data() as typeof data;
    expect(() => read.list.push(3)).toThrow(TypeError);
    expect((await db.doc('walls/a').get()).data()).toEqual({ list: [1], map: { n: 1 } });
  });
});

describe('a transaction that reads what another client then writes', () => {
  async function contended(contention: NonNullable<ServerOptions['contention']>) {
    const order: string[] = [];
    const wire: Wire = { ...DIRECT, sleep: () => new Promise((resolve) => setImmediate(resolve)) };
    const { db } = opened({ contention }, wire);
    const doc = db.doc('walls/a');
    await doc.set({ n: 0 });
    let others: Promise<unknown> = Promise.resolve();
    const own = db.runTransaction(async (transaction) => {
      const found = (await transaction.get(doc)) as { get(field: string): number };
      if (order.push('run') === 1) {
        others = doc.update({ n: 10 }).then(() => order.push('written'));
        await new Promise(setImmediate);
      }
      transaction.update(doc, { n: found.get('n') + 1 });
    });
    await own;
    await others;
    return { order, n: (await doc.get()).get('n') };
  }

  it('is run once more, if contention is optimistic', async () => {
    expect(await contended('optimistic')).toEqual({ order: ['run', 'written', 'run'], n: 11 });
  });

  it('has the other client try again, if it is pessimistic', async () => {
    expect(await contended('pessimistic')).toEqual({ order: ['run', 'written'], n: 10 });
  });
});

describe('a transaction', () => {
  it('that took no step for a minute is over, and runs once more', async () => {
    const { db, pass } = opened();
    let runs = 0;
    await db.runTransaction(async (transaction) => {
      runs += 1;
      await transaction.get(db.doc('walls/a'));
      if (runs === 1) pass(61_000);
      transaction.set(db.doc('walls/a'), { runs });
    });
    expect((await db.doc('walls/a').get()).get('runs')).toBe(2);
  });

  it('holds nothing any longer, once it is over', async () => {
    const { db, server, pass } = opened({ contention: 'pessimistic' });
    await db.doc('walls/a').set({ n: 1 });
    server.read('walls/a', server.begin());
    pass(61_000);
    await db.doc('walls/a').set({ n: 2 });
    expect((await db.doc('walls/a').get()).get('n')).toBe(2);
  });

  it('reads one moment, whatever is written meanwhile', async () => {
    const { db } = opened();
    await db.doc('walls/a').set({ n: 1 });
    const read = db.runTransaction(
      async (transaction) => {
        await transaction.get(db.doc('walls/b'));
        await db.doc('walls/a').set({ n: 2 });
        return transaction.get(db.doc('walls/a')) as Promise<{ data(): unknown }>;
      },
      { readOnly: true },
    );
    expect((await read).data()).toEqual({ n: 1 });
  });
});

describe('a commit whose answer is lost', () => {
  it('is sent again, so that who made a document hears that there is one already', async () => {
    let calls = 0;
    const wire: Wire = {
      ...DIRECT,
      call: async (kind, atServer) => {
        const answer = await DIRECT.call(kind, atServer);
        calls += 1;
        if (calls === 1) throw new FirestoreError('UNAVAILABLE', 'lost');
        return answer;
      },
    };
    const { db } = opened({}, wire);
    const error: unknown = await db
      .doc('walls/a')
      .create({})
      .catch((each: unknown) => each);
    expect(codeOf(error)).toBe(CODE.ALREADY_EXISTS);
  });
});

describe('a query', () => {
  const { db } = opened({ indexes: new Indexes(indexFile) });
  const deliveries = db.collection('deliveries');
  const walls = db.collection('walls');

  it.each([
    ['by name', walls.orderBy(FieldPath.documentId())],
    ['by fields that are equal', walls.where('a', '==', 1).where('b', 'in', [1])],
    ['by one field that is compared', walls.where('a', '<', 1).orderBy('a', 'desc')],
    [
      'by equal fields, in order of names',
      walls.where('a', '==', 1).orderBy(FieldPath.documentId()),
    ],
    [
      'that an index is there for',
      deliveries.where('state', '==', 'sending').where('leaseUntil', '<', Timestamp.fromMillis(0)),
    ],
    [
      'that an index is there for, of members of lists',
      deliveries.where('findBy', 'array-contains-any', ['a']).orderBy('createdAt'),
    ],
    [
      'that an index is there for, read backwards',
      deliveries.where('findBy', 'array-contains', 'a').orderBy('createdAt', 'desc'),
    ],
  ])('%s is answered', async (_what, query) => {
    expect((await query.get()).size).toBe(0);
  });

  it.each([
    ['that compares one field and sorts by another', walls.where('a', '==', 1).orderBy('b')],
    ['by a field that is excepted from indexes', deliveries.where('claim', '==', 'a')],
    [
      'that goes another way than its index',
      deliveries.where('parent', '==', 'a').orderBy('after').orderBy('state'),
    ],
    ['of a group by a field', db.collectionGroup('walls').where('a', '==', 1)],
  ])('%s is refused where no index serves it', async (_what, query) => {
    const error: unknown = await query.get().catch((each: unknown) => each);
    expect(codeOf(error)).toBe(CODE.FAILED_PRECONDITION);
  });
});
