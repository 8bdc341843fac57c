import * as z from 'zod';
import type { DeliveryOrder } from './engine';
import type { Notification } from './notification';
import { deliveryId, notify, type NotificationDefinition, type NotifyDeps } from './notify';
import { InvalidInputError } from './notification';

const EVENT = {
  id: 'e1',
  time: '2026-01-01T00:00:00.000Z',
  path: 'posts/p1/likes/lia',
  params: { postId: 'p1', likerId: 'lia' },
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
    now: () => now,
    composeRetryMs: 60_000,
    log: {
      unusableEvent: () => void said.push('unusable'),
      composeFailed: () => void said.push('compose failed'),
      nothingToTell: () => void said.push('nothing to tell'),
    },
  };
  return { deps, orders, failures, said };
}

function like(
  compose: () => Notification | null | Promise<Notification | null>,
): NotificationDefinition<'posts/{postId}/likes/{likerId}', { text: string }> {
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
      like(() => ({ to: 'ola' })),
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
        like(() => ({ to: 'ola' })),
        EVENT,
        failing,
      ),
    ).rejects.toThrow('held');
  });
});

describe('deliveryId', () => {
  it('makes a document id of any event id', () => {
    expect(deliveryId('like', 'projects/p/events/1')).toBe('like-projects_p_events_1');
  });
});
