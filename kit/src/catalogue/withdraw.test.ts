import * as z from 'zod';
import type { DeliveryDocument } from '../delivery/delivery-document';
import type { Life } from '../delivery/ledger-withdrawals';
import type { DeliveryOrder } from '../delivery/order';
import type { RecipientSource } from '../model/notification/recipients';
import type { NotificationDefinition } from './compose';
import { notifyOrWithdraw, type ChangedDocument, type WithdrawDeps } from './withdraw';

const PATH = 'posts/p1/likes/lia';
const AT = Date.parse('2026-01-01T00:00:00Z');
const EVENT = { id: 'e2', writtenAt: AT, paths: [PATH] } as const;
const CREATED = { ...EVENT, before: undefined, after: { data: { text: 'hi' } } };
const DELETED = { ...EVENT, before: { createdAt: AT - 500 }, after: undefined };
const TOO_LARGE = { ...EVENT, before: undefined, after: undefined };

const LIKE: NotificationDefinition<'posts/{postId}/likes/{likerId}', { text: string }> = {
  name: 'like',
  document: 'posts/{postId}/likes/{likerId}',
  schema: z.object({ text: z.string() }),
  withdraw: 'shown',
  compose: ({ document }) => ({ to: 'ola', title: document.text }),
};

interface Stage {
  /** Creation times of the documents that there are. */
  readonly documents?: Readonly<Record<string, number>>;
  /** What the ledger says of the delivery each time. */
  readonly reached?: readonly (RecipientSource | 'nobody' | undefined)[];
  readonly shownAs?: DeliveryDocument['shownAs'];
}

async function handle(
  event: ChangedDocument,
  {
    documents = {},
    reached = [{ uids: [] }],
    shownAs = { tag: 'like-e1', expiresAt: AT },
  }: Stage = {},
) {
  const orders: DeliveryOrder[] = [];
  const lives: Life[] = [];
  const slept: number[] = [];
  const answers = [...reached];
  const silent = () => undefined;
  const deps: WithdrawDeps = {
    engine: { deliver: (order) => Promise.resolve(void orders.push(order)) },
    ledger: {
      fail: () => Promise.reject(new Error('unexpected')),
      notes: {
        nobody: () => Promise.resolve(),
        composeFailed: () => Promise.resolve(),
      },
      withdrawals: {
        ofCreation: (_type, life) => {
          lives.push(life);
          const document = { shownAs } as unknown as DeliveryDocument;
          return Promise.resolve({ id: 'like-e1', document });
        },
        reached: () => Promise.resolve(answers.shift()),
      },
    },
    recordNobody: 'none',
    reader: { get: () => Promise.resolve(undefined) },
    load: () => Promise.resolve({ text: 'large' }),
    createdAt: (path) => Promise.resolve(new Map(Object.entries(documents)).get(path)),
    now: () => AT,
    sleep: (ms) => Promise.resolve(void slept.push(ms)),
    composeRetryMs: 0,
    log: {
      unusableEvent: silent,
      composeFailed: silent,
      nothingToTell: silent,
      pictureLeftOut: silent,
      notNoted: silent,
    },
  };
  const outcome = await notifyOrWithdraw(LIKE, event, deps).catch(String);
  return { orders, lives, slept, outcome };
}

it('a creation notifies as any, under the same id', async () => {
  const { orders, lives } = await handle(CREATED);
  expect(orders).toMatchObject([{ id: 'like-e2', eventAt: AT, content: { title: 'hi' } }]);
  expect(lives).toEqual([]);
});

it('a deletion withdraws the delivery of that creation', async () => {
  const { orders, lives } = await handle(DELETED);
  expect(lives).toEqual([{ path: PATH, from: AT - 500, until: AT }]);
  expect(orders).toMatchObject([
    { id: 'like-e2-withdrawal', withdraws: 'like-e1', document: PATH, recipients: { uids: [] } },
  ]);
});

it('a change does nothing', async () => {
  const { orders, lives } = await handle({ ...DELETED, after: { data: { text: 'hi' } } });
  expect({ orders, lives }).toEqual({ orders: [], lives: [] });
});

it('a deletion waits a moment for a delivery that is being sent', async () => {
  const { orders, slept } = await handle(DELETED, {
    reached: [undefined, undefined, { uids: [] }],
  });
  expect(slept).toEqual([500, 1_000]);
  expect(orders).toHaveLength(1);
});

it('a deletion comes again where that takes longer', async () => {
  const { orders, outcome } = await handle(DELETED, { reached: [] });
  expect(outcome).toMatch('like-e1 is still being sent');
  expect(orders).toEqual([]);
});

it('a deletion withdraws nothing that nobody has', async () => {
  expect((await handle(DELETED, { reached: ['nobody'] })).orders).toEqual([]);
});

describe('an event without its document, which was too large for it', () => {
  it.each([
    ['a creation, if that was just then', AT - 100, 'like-e2'],
    ['a deletion, if it is gone', undefined, 'like-e2-withdrawal'],
    ['nothing, if it is older', AT - 60_000, undefined],
  ])('is %s', async (_what, createdAt, id) => {
    const documents = createdAt === undefined ? {} : { [PATH]: createdAt };
    const { orders } = await handle(TOO_LARGE, { documents });
    expect(orders.map((order) => order.id)).toEqual(id === undefined ? [] : [id]);
  });
});
