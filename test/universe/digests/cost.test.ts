/** What a digest costs in Firestore: counted at the wire. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeWindow, itemsToTell } from '../../../kit/src/delivery/digest-closing.ts';
import { digestId, Digests, type GatheredEvent } from '../../../kit/src/delivery/digests.ts';
import type { Digest } from '../../../kit/src/model/notification/digest.ts';
import { Collections } from '../../../kit/src/store/collections.ts';
import { Indexes, type IndexFile } from '../firestore/indexes.ts';
import { Firestore } from '../firestore/sdk.ts';
import { Server } from '../firestore/server.ts';
import { DIRECT, type CallKind, type Wire } from '../firestore/wire.ts';

jest.mock('@google-cloud/firestore', () => jest.requireActual<object>('../firestore/sdk.ts'));

const indexes = new Indexes(
  JSON.parse(readFileSync(join(__dirname, '../../../firestore.indexes.json'), 'utf8')) as IndexFile,
);
const MINUTE = 60_000;
const PUSH = { style: 'alert', priority: 'high', data: {}, requiredData: [] } as const;
const PLAN: Digest = { window: { minutes: 5 }, title: { key: 'wave.digest' } };

function counted() {
  let now = 1_800_000_000_000;
  let calls: CallKind[] = [];
  const server = new Server(() => (now += 1), undefined, { indexes });
  const wire: Wire = {
    ...DIRECT,
    call: (kind, atServer) => {
      calls.push(kind);
      return DIRECT.call(kind, atServer);
    },
  };
  const db = new Firestore(server, wire);
  let windows = 0;
  const digests = new Digests(
    new Collections(db as never),
    () => now,
    () => String((windows += 1)),
  );
  const digest = digestId('mia', 'wave', 'walls/w1');
  const gather = (id: string, more: Partial<GatheredEvent> = {}) =>
    digests.gather({
      ...{ type: 'wave', digest, eventAt: now, isFirstPushed: true },
      item: { id, actor: id, document: `walls/w1/waves/${id}` },
      push: { ...PUSH, link: `/w1/${id}` },
      times: (at) => ({ closesAt: at + 5 * MINUTE, latestAt: at + 5 * MINUTE }),
      // Its own write is that of an entry in the ledger.
      prepare: () => Promise.resolve(),
      ...more,
    });
  return {
    ...{ db, digests, digest, gather },
    now: () => now,
    pass: (ms: number): void => {
      now += ms;
    },
    /** What was asked of Firestore since the last time. */
    asked: (): CallKind[] => {
      const since = calls;
      calls = [];
      return since;
    },
  };
}

describe('an event', () => {
  it('that is gathered costs a write and a read', async () => {
    const { gather, asked } = counted();
    await gather('ann');
    await gather('bo');
    asked();
    for (const id of ['cy', 'di', 'ed']) {
      expect(await gather(id)).toMatchObject({ kind: 'gathered' });
      expect(asked()).toEqual(['commit', 'read']);
    }
  });

  it('that comes again costs two reads more, and changes nothing', async () => {
    const { gather, asked } = counted();
    await gather('ann');
    await gather('bo');
    const first = await gather('cy');
    asked();
    expect(await gather('cy')).toEqual(first);
    expect(asked()).toEqual(['commit', 'read', 'read']);
  });

  it('in a kind that is told early where it is full costs a count more', async () => {
    const { digests, digest, gather, asked } = counted();
    await gather('ann');
    const gathered = await gather('bo');
    asked();
    const from = gathered.kind === 'gathered' ? gathered.from : undefined;
    expect(from && (await digests.items.count(digest, from))).toBe(1);
    expect(from && (await digests.items.newest(digest, from))).toBeGreaterThan(0);
    expect(asked()).toEqual(['count', 'query']);
  });

  it('that opens a window costs one commit more, and so does the one that arms it', async () => {
    const { gather, asked } = counted();
    expect(await gather('ann')).toEqual({ kind: 'leads' });
    expect(asked()).toEqual(['commit', 'read', 'commit']);
    await gather('bo');
    expect(asked()).toEqual(['commit', 'read', 'commit']);
  });
});

describe('a closing', () => {
  it('costs a write, of each item two reads, of itself and of its document, and one of what the newest says', async () => {
    const { db, digests, digest, gather, asked, pass, now } = counted();
    const ids = Array.from({ length: 1_000 }, (_, nth) => `u${nth}`);
    for (const id of ids) {
      await db.doc(`walls/w1/waves/${id}`).set({});
      await gather(id);
    }
    pass(5 * MINUTE);
    asked();
    const window = 'wave-digest-1';
    const closing = await closeWindow(digests, { digest, window, plan: PLAN }, now);
    if (closing.kind !== 'closed') throw new Error('It was not closed.');
    expect(asked()).toEqual(['read', 'commit']);
    // Of these the first leads.
    const told = await itemsToTell(digests, digest, closing.interval, {
      blocked: undefined,
      mustBeThere: true,
    });
    expect(told).toHaveLength(999);
    const pages = Array.from({ length: 4 });
    expect(asked()).toEqual([...pages.map(() => 'query'), ...pages.map(() => 'read')]);
    // Of what thousands say, the rest stays where it is.
    expect(told.some((item) => 'push' in item)).toBe(false);
    expect(await digests.items.pushOf(digest, 'u999')).toEqual({ ...PUSH, link: '/w1/u999' });
    expect(asked()).toEqual(['read']);
  });

  it('reads no item that an earlier one told, but for those of a few minutes before', async () => {
    const { db, digests, digest, gather, pass, now } = counted();
    const tellNext = async (window: string) => {
      const closing = await closeWindow(digests, { digest, window, plan: PLAN }, now);
      if (closing.kind !== 'closed') throw new Error('It was not closed.');
      return digests.items.told(digest, closing.interval);
    };
    for (const id of ['ann', 'bo', 'cy']) await gather(id);
    pass(5 * MINUTE);
    await tellNext('wave-digest-1');
    pass(20 * MINUTE);
    for (const id of ['di', 'ed']) await gather(id);
    pass(5 * MINUTE);
    const seen: number[] = [];
    const { server } = db;
    const query = server.query.bind(server);
    jest.spyOn(server, 'query').mockImplementation((...args) => {
      const found = query(...args);
      seen.push(found.length);
      return found;
    });
    expect(await tellNext('wave-digest-2')).toMatchObject([{ id: 'ed' }]);
    expect(seen).toEqual([1]);
  });
});
