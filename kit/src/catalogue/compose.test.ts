import * as fc from 'fast-check';
import * as z from 'zod';
import { isDocumentId } from '../model/document-id';
import type { DeliveryOrder } from '../delivery/engine';
import { deliveryId, notify, type NotificationDefinition, type NotifyDeps } from './compose';
import { InvalidInputError } from '../model/invalid-input';

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
  const deps: NotifyDeps = {
    engine: {
      deliver: (order) => {
        orders.push(order);
        return Promise.resolve();
      },
    },
    ledger: {
      fail: (id, error) => {
        failures.push([id, error]);
        return Promise.resolve();
      },
    },
    reader: { get: () => Promise.resolve(undefined) },
    load: () => Promise.resolve(undefined),
    now: () => now,
    composeRetryMs: 60_000,
    log: {
      unusableEvent: () => void said.push('unusable'),
      composeFailed: () => void said.push('compose failed'),
      nothingToTell: () => void said.push('nothing to tell'),
      pictureLeftOut: (_delivery, _type, reason) => void said.push(`picture: ${reason}`),
    },
  };
  return { deps, orders, failures, said };
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
