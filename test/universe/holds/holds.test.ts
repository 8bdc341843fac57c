/** How it is found out in the morning that something newer was held in the night: what that costs, and what becomes of it without its index. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerHolds } from '../../../kit/src/delivery/ledger-holds.ts';
import { Indexes, type IndexFile } from '../firestore/indexes.ts';
import { Firestore, Timestamp } from '../firestore/sdk.ts';
import { Server } from '../firestore/server.ts';
import { DIRECT } from '../firestore/wire.ts';

jest.mock('@google-cloud/firestore', () => jest.requireActual<object>('../firestore/sdk.ts'));

const OURS = JSON.parse(
  readFileSync(join(__dirname, '../../../firestore.indexes.json'), 'utf8'),
) as IndexFile;
const START = 1_800_000_000_000;
const KEY = 'held:ola';

type Fields = Readonly<Record<string, unknown>>;

/** Entries that hold a push for one person, one a second, the oldest first. */
async function night(entries: readonly Fields[], file: IndexFile = OURS) {
  const server = new Server(() => START, undefined, { indexes: new Indexes(file) });
  const db = new Firestore(server, DIRECT);
  const atOf = (nth: number) => Timestamp.fromMillis(START + nth * 1_000);
  const idOf = (nth: number) => `order-e${String(nth).padStart(3, '0')}`;
  for (const [nth, fields] of entries.entries()) {
    await db.doc(`deliveries/${idOf(nth)}`).set({ findBy: [KEY], createdAt: atOf(nth), ...fields });
  }
  let found = 0;
  const query = server.query.bind(server);
  jest.spyOn(server, 'query').mockImplementation((...args) => {
    const documents = query(...args);
    found += documents.length;
    return documents;
  });
  const holds = new LedgerHolds(db.collection('deliveries') as never);
  const unread = jest.fn();
  return {
    server,
    unread,
    read: () => found,
    hasNewer: (nth: number, at = atOf(nth)) =>
      holds.hasNewer({ id: idOf(nth), createdAt: at as never }, KEY, unread),
  };
}

const held = (count: number, fields: Fields = {}): Fields[] =>
  Array.from({ length: count }, () => fields);

describe('something newer that is held', () => {
  it('costs two entries to find, however much was held', async () => {
    const { hasNewer, read } = await night(held(50));
    expect(await hasNewer(0)).toBe(true);
    expect(read()).toBe(2);
  });

  it('is not there for the newest', async () => {
    const { hasNewer, read } = await night(held(50));
    expect(await hasNewer(49)).toBe(false);
    expect(read()).toBe(1);
  });

  it.each([
    ['is found behind those that were stopped', 18, true],
    ['is not looked for behind any number of them', 19, false],
  ])('%s', async (_what, stopped, isFound) => {
    const entries = [{}, ...held(stopped, { withheld: 'withdrawn' }), {}];
    const { hasNewer, read } = await night(entries);
    expect(await hasNewer(0)).toBe(isFound);
    expect(read()).toBe(20);
  });

  it('of the same moment has the greater id', async () => {
    const createdAt = Timestamp.fromMillis(START);
    const { hasNewer } = await night(held(3, { createdAt }));
    const found: boolean[] = [];
    for (const nth of [0, 1, 2]) found.push(await hasNewer(nth, createdAt));
    expect(found).toEqual([true, true, false]);
  });

  it('is taken as not there without its index, and somebody hears of that: what is held is told', async () => {
    const { hasNewer, unread } = await night(held(2), { indexes: [], fieldOverrides: [] });
    expect(await hasNewer(0)).toBe(false);
    expect(unread).toHaveBeenCalledWith(expect.objectContaining({ code: 9 }));
  });

  it('is looked for again where Firestore is in trouble', async () => {
    const { hasNewer, server, unread } = await night(held(2));
    jest.spyOn(server, 'query').mockImplementation(() => {
      throw Object.assign(new Error('unavailable'), { code: 14 });
    });
    await expect(hasNewer(0)).rejects.toMatchObject({ code: 14 });
    expect(unread).not.toHaveBeenCalled();
  });
});
