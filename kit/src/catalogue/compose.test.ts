import * as fc from 'fast-check';
import * as z from 'zod';
import { isDocumentId } from '../model/document-id';
import type { DeliveryOrder } from '../delivery/order';
import { deliveryId, notify, type NotificationDefinition, type NotifyDeps } from './compose';
import type { FailedEntry } from '../delivery/ledger-entry';
import { InvalidInputError } from '../model/invalid-input';
import { nobody } from './nobody';

const EVENT = {
  id: 'e1',
  time: '2026-01-01T00:00:00.000Z',
  paths: ['posts/p1/likes/lia'],
  data: { text: 'hi' },
};
const SOON = Date.parse(EVENT.time) + 1_000;

function stage(now = SOON) {
  const orders: DeliveryOrder[] = [];
  const failures: [string, string][] = [];
  const said: string[] = [];
  const entries: FailedEntry[] = [];
  const notes: unknown[][] = [];
  const deps: NotifyDeps = {
    engine: {
      deliver: (order) => {
        orders.push(order);
        return Promise.resolve();
      },
    },
    ledger: {
      fail: (id, entry) => {
        failures.push([id, entry.error]);
        entries.push(entry);
        return Promise.resolve();
      },
      notes: {
        nobody: (event, why, people) => {
          notes.push(['nobody', event.id, event.document, why, ...people]);
          return Promise.resolve();
        },
        composeFailed: (event, error, until) => {
          notes.push(['compose', event.id, event.document, error, until]);
          return Promise.resolve();
        },
      },
    },
    recordNobody: 'explained',
    reader: { get: () => Promise.resolve(undefined) },
    load: () => Promise.resolve(undefined),
    now: () => now,
    composeRetryMs: 60_000,
    log: {
      unusableEvent: () => void said.push('unusable'),
      composeFailed: () => void said.push('compose failed'),
      nothingToTell: () => void said.push('nothing to tell'),
      pictureLeftOut: (_event, reason) => void said.push(`picture: ${reason}`),
      notNoted: () => void said.push('not noted'),
    },
  };
  return { deps, orders, failures, entries, notes, said };
}

type Likes = NotificationDefinition<'posts/{postId}/likes/{likerId}', { text: string }>;

function like(compose: Likes['compose']): Likes {
  return {
    name: 'like',
    document: 'posts/{postId}/likes/{likerId}',
    schema: z.object({ text: z.string() }),
    compose,
  };
}

describe('notify', () => {
  it('hands the engine an order whose id is stable for the function and event', async () => {
    const { deps, orders } = stage();
    await notify(
      like(() => ({ to: 'ola', title: 'x' })),
      EVENT,
      deps,
    );
    expect(orders).toMatchObject([
      { id: 'like-e1', recipients: { uids: ['ola'] }, content: { title: 'x' } },
    ]);
  });

  it.each([
    [{}, { withdraw: 'before' }],
    [{ withdraw: 'shown' }, { withdraw: 'shown' }],
    [{ withdraw: 'no' }, undefined],
    [{ mandatory: true }, { mandatory: true }],
    [
      { mandatory: true, withdraw: 'before' },
      { mandatory: true, withdraw: 'before' },
    ],
  ] as const)('has a kind of %j decide so: %j', async (kind, choice) => {
    const { deps, orders } = stage();
    await notify({ ...like(() => ({ to: 'ola', title: 'x' })), ...kind }, EVENT, deps);
    expect(orders[0]?.content.choice).toEqual(choice);
  });

  it('says how it is told with others, and how whoever did it is named', async () => {
    const { deps, orders } = stage();
    const digest = { window: { minutes: 30 }, leadingEdge: true, title: { key: 'like.digest' } };
    const compose = () => ({ to: 'ola', title: 'x', actorName: '\u202ELia\n'.padEnd(300, 'a') });
    await notify({ ...like(compose), digest, delivery: 'digest' }, EVENT, deps);
    expect(orders[0]?.content.choice).toEqual({
      ...{ way: 'digest', withdraw: 'before' },
      digest: { window: { minutes: 30 }, title: { key: 'like.digest' } },
      actorName: expect.stringMatching(/^Lia a{195}…$/) as string,
    });
  });

  it('counts the time to live from the event, not from its handling', async () => {
    const { deps, orders } = stage(SOON + 5_000);
    await notify(
      like(() => ({ to: 'ola', title: 'x', timeToLive: 60 })),
      EVENT,
      deps,
    );
    expect(orders[0]?.content.expiresAt).toBe(Date.parse(EVENT.time) + 60_000);
  });

  it('does nothing when there is nothing to tell', async () => {
    const { deps, orders, failures, said } = stage();
    await notify(
      like(() => null),
      EVENT,
      deps,
    );
    expect({ orders, failures, said }).toEqual({
      orders: [],
      failures: [],
      said: ['nothing to tell'],
    });
  });

  it('records a document that does not fit the schema, with the field, and does not retry it', async () => {
    const { deps, failures, said } = stage();
    await notify(
      like(() => ({ to: 'ola', title: 'x' })),
      { ...EVENT, data: { text: 7 } },
      deps,
    );
    expect(said).toEqual(['unusable']);
    expect(failures).toEqual([
      ['like-e1', expect.stringMatching(/posts\/p1\/likes\/lia: text: .*string/)],
    ]);
  });

  it('records a notification that is not acceptable, and does not retry it', async () => {
    const { deps, failures } = stage();
    await notify(
      like(() => ({ to: 'ola', badge: -1 })),
      EVENT,
      deps,
    );
    expect(failures).toEqual([['like-e1', expect.stringContaining('badge')]]);
  });

  it('records what compose calls unusable, at once', async () => {
    const { deps, failures } = stage();
    const compose = () => Promise.reject(new InvalidInputError('no owner'));
    await notify(like(compose), EVENT, deps);
    expect(failures).toEqual([['like-e1', 'no owner']]);
  });

  it('throws when compose fails, so that the platform delivers the event again', async () => {
    const { deps, failures, said } = stage();
    const compose = () => Promise.reject(new Error('Firestore is away'));
    await expect(notify(like(compose), EVENT, deps)).rejects.toThrow('Firestore is away');
    expect({ failures, said }).toEqual({ failures: [], said: ['compose failed'] });
  });

  it('stops retrying a poison event when its time is over, and records it', async () => {
    const { deps, failures } = stage(SOON + 60_000);
    const compose = () => {
      throw new TypeError('cannot read properties of undefined');
    };
    await notify(like(compose), EVENT, deps);
    expect(failures).toEqual([['like-e1', 'cannot read properties of undefined']]);
  });

  it("throws the engine's errors, whatever the event's age", async () => {
    const { deps } = stage(SOON + 86_400_000);
    const failing = { ...deps, engine: { deliver: () => Promise.reject(new Error('held')) } };
    await expect(
      notify(
        like(() => ({ to: 'ola', title: 'x' })),
        EVENT,
        failing,
      ),
    ).rejects.toThrow('held');
  });
});

describe('an event without its document, which was too large for it', () => {
  const WITHOUT = { ...EVENT, data: undefined };
  const loading = (documents: Record<string, object>) => ({
    load: (path: string) => Promise.resolve(new Map(Object.entries(documents)).get(path)),
  });

  it('is told of what stands in the document', async () => {
    const { deps, orders } = stage();
    const documents = { 'posts/p1/likes/lia': { text: 'hi' } };
    await notify(
      like(({ document }) => ({ to: 'ola', title: document.text })),
      WITHOUT,
      { ...deps, ...loading(documents) },
    );
    expect(orders).toMatchObject([{ content: { title: 'hi' } }]);
  });

  it('whose document is gone tells nobody', async () => {
    const { deps, said } = stage();
    await notify(
      like(() => ({ to: 'ola', title: 'x' })),
      WITHOUT,
      deps,
    );
    expect(said).toEqual(['nothing to tell']);
  });

  const TWO = { ...WITHOUT, paths: ['posts/a%20b/likes/lia', 'posts/a b/likes/lia'] };

  it.each(TWO.paths)(
    'and whose name can be read in two ways is of the one that is there: %s',
    async (path) => {
      const { deps, orders } = stage();
      await notify(
        like(({ params }) => ({ to: 'ola', title: params.postId })),
        TWO,
        { ...deps, ...loading({ [path]: { text: 'hi' } }) },
      );
      expect(orders).toMatchObject([{ content: { title: path.split('/')[1] } }]);
    },
  );

  it('and both of whose names are there is recorded, and told to neither', async () => {
    const { deps, orders, failures } = stage();
    const both = Object.fromEntries(TWO.paths.map((path) => [path, { text: 'hi' }]));
    await notify(
      like(() => ({ to: 'ola', title: 'x' })),
      TWO,
      { ...deps, ...loading(both) },
    );
    expect({ orders, failures }).toEqual({
      orders: [],
      failures: [['like-e1', expect.stringContaining('it is not certain which')]],
    });
  });

  it('and without a name is recorded', async () => {
    const { deps, failures } = stage();
    await notify(
      like(() => ({ to: 'ola', title: 'x' })),
      { ...WITHOUT, paths: [] },
      deps,
    );
    expect(failures).toEqual([['like-e1', 'The event names no document.']]);
  });
});

describe('what can never succeed', () => {
  it('is recorded at once where Firestore calls a request invalid', async () => {
    const { deps, failures } = stage();
    const refused = Object.assign(new Error('3 INVALID_ARGUMENT: no such name'), { code: 3 });
    await notify(
      like(() => Promise.reject(refused)),
      EVENT,
      deps,
    );
    expect(failures).toEqual([['like-e1', '3 INVALID_ARGUMENT: no such name']]);
  });

  it('is recorded in words that fit into an entry, however many there are', async () => {
    const { deps, failures } = stage();
    await notify(
      like(() => Promise.reject(new InvalidInputError('😀'.repeat(100_000)))),
      EVENT,
      deps,
    );
    expect(failures[0]?.[1].length).toBeLessThan(5_000);
    expect(failures[0]?.[1].isWellFormed()).toBe(true);
  });
});

describe('what is found by whoever asks why there is no push', () => {
  const LIKE = ['posts/p1/likes/lia'];

  it('is where the document and its time are, with the order', async () => {
    const { deps, orders } = stage();
    await notify(
      like(() => ({ to: 'ola', title: 'x' })),
      EVENT,
      deps,
    );
    expect(orders).toMatchObject([{ document: LIKE[0], eventAt: Date.parse(EVENT.time) }]);
  });

  it('is a document that does not fit, by its path and the ids in it', async () => {
    const { deps, entries } = stage();
    await notify(
      like(() => null),
      { ...EVENT, data: {} },
      deps,
    );
    expect(entries).toMatchObject([{ document: LIKE[0], errorCode: 'INVALID_INPUT' }]);
    const keys = ['document:posts/p1/likes/lia', 'person:p1', 'person:lia'];
    expect(entries[0]?.findBy).toEqual(expect.arrayContaining(keys));
  });

  it('is a compose that throws: noted while the event comes again, and then recorded', async () => {
    const failing = like(() => Promise.reject(new Error('no network')));
    const first = stage();
    await expect(notify(failing, EVENT, first.deps)).rejects.toThrow('no network');
    const until = Date.parse(EVENT.time) + 60_000;
    expect(first.notes).toEqual([['compose', 'like-e1', ...LIKE, 'no network', until]]);
    const last = stage(SOON + 60_000);
    await notify(failing, EVENT, last.deps);
    expect(last.notes).toEqual([]);
    expect(last.entries).toMatchObject([{ errorCode: 'COMPOSE_FAILED' }]);
  });

  it('whose failure is Firestore’s own comes again for as long as the platform delivers it, however late it came', async () => {
    const unavailable = Object.assign(new Error('14 UNAVAILABLE'), { code: 14 });
    const failing = like(() => Promise.reject(unavailable));
    const late = stage(SOON + 22 * 60 * 60_000);
    await expect(notify(failing, EVENT, late.deps)).rejects.toThrow('UNAVAILABLE');
    expect(late.entries).toEqual([]);
    const last = stage(SOON + 23 * 60 * 60_000);
    await notify(failing, EVENT, last.deps);
    expect(last.entries).toMatchObject([{ errorCode: 'COMPOSE_FAILED' }]);
  });

  it.each([
    ['none', nobody('the post was deleted'), undefined],
    ['none', null, undefined],
    ['explained', nobody('the post was deleted'), 'the post was deleted'],
    ['explained', null, undefined],
    ['all', nobody('the post was deleted'), 'the post was deleted'],
    ['all', null, 'compose returned null'],
  ] as const)('is, with RECORD_NOBODY=%s and %j, noted as %s', async (recordNobody, made, why) => {
    const { deps, notes, said } = stage();
    await notify(
      like(() => made),
      EVENT,
      { ...deps, recordNobody },
    );
    expect(said).toEqual(['nothing to tell']);
    expect(notes).toEqual(why === undefined ? [] : [['nobody', 'like-e1', ...LIKE, why]]);
  });

  it('is named by the people whom it is about, as far as they can be people', async () => {
    const { deps, notes } = stage();
    const about = ['ola', '', 'a/b', 'lia'];
    await notify(
      like(() => nobody('blocked', { about })),
      EVENT,
      deps,
    );
    expect(notes).toEqual([['nobody', 'like-e1', ...LIKE, 'blocked', 'ola', 'lia']]);
  });

  it('is not worth a retry where it cannot be noted', async () => {
    const { deps, said } = stage();
    const away = () => Promise.reject(new Error('Firestore is away'));
    const notes = { nobody: away, composeFailed: away };
    await notify(
      like(() => nobody('nothing new')),
      EVENT,
      { ...deps, ledger: { ...deps.ledger, notes } },
    );
    expect(said).toEqual(['nothing to tell', 'not noted']);
  });
});

describe('deliveryId', () => {
  it.each([
    ['e1', 'like-e1'],
    ['projects/p/events/1', 'like-projects_p_events_1'],
    ['a~0', expect.stringMatching(/^like-[0-9a-f]{64}$/)],
    ['x'.repeat(2_000), expect.stringMatching(/^like-[0-9a-f]{64}$/)],
    ['\ud800', expect.stringMatching(/^like-[0-9a-f]{64}$/)],
  ])('makes a document id of the event id %j', (eventId, expected) => {
    expect(deliveryId('like', eventId)).toEqual(expected);
  });

  it('makes one of any event id, and room for the number of a shard', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (eventId) => {
        const id = deliveryId('n'.repeat(64), eventId);
        expect(isDocumentId(`${id}~${Number.MAX_SAFE_INTEGER}`)).toBe(true);
        expect(id).not.toContain('~');
      }),
    );
  });

  it('sends without the picture that must not be loaded, and says so', async () => {
    const { deps, orders, said } = stage();
    const image = 'https://10.0.0.1/p.jpg';
    await notify(
      like(() => ({ to: 'ola', title: 'x', image })),
      EVENT,
      deps,
    );
    expect(orders).toHaveLength(1);
    expect(orders[0]?.content).not.toHaveProperty('image');
    expect(said).toEqual([expect.stringContaining('picture: expected the name of a public host')]);
  });
});
