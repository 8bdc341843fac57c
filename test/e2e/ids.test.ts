/**
 * Ids as people choose them, through the real triggers: exactly the right person is told once, or the ledger says why not, and
 * the others in the audience are told regardless.
 */
import { Timestamp } from '@google-cloud/firestore';
import * as fc from 'fast-check';
import { describeValue, nameInMap } from '../../kit/src/model/describe-value.ts';
import { linkTo } from '../../kit/src/model/notification/link.ts';
import { isDocumentId } from '../../kit/src/model/document-id.ts';
import { registrationToken } from '../../scripts/demo/token.ts';
import { App, until, type Shown } from './app.ts';
import { PushOutbox } from './push-outbox.ts';

const app = new App();
// The same ids on every run: what an earlier one left in this stack would be known already.
beforeAll(async () => {
  for (const name of ['orders', 'shops', 'pushes', 'deliveries']) {
    await app.db.recursiveDelete(app.db.collection(name));
  }
});
afterAll(() => app.close());

let people = 0;

/** A user of any id, with one live phone; the address, which the inbox is under. */
async function user(uid: string): Promise<string> {
  people += 1;
  const address = registrationToken(Math.random);
  await Promise.all([
    app.declare(address, { platform: 'android', state: 'live' }),
    app.db
      .collection('users')
      .doc(uid)
      .set({ displayName: `Person ${people}`, tokens: [address] }),
  ]);
  return address;
}

async function shown(address: string): Promise<Shown[]> {
  return app.inboxOf(address);
}

/** Waits until what was sent to each of the addresses is as it should be, then that it stays so for what is under way. */
async function everyoneIsTold(expected: ReadonlyMap<string, object[]>): Promise<void> {
  const states = async () =>
    Promise.all(
      [...expected].map(async ([address, pushes]) => ({ pushes, seen: await shown(address) })),
    );
  await until('everybody to be told', async () =>
    (await states()).every(({ pushes, seen }) => seen.length >= pushes.length),
  );
  await until('no delivery to be under way', async () => {
    const open = await app.db
      .collection('deliveries')
      .where('state', '==', 'sending')
      .limit(1)
      .get();
    return open.empty;
  });
  for (const { pushes, seen } of await states()) expect(seen).toMatchObject(pushes);
}

/** Ids that the trigger of a document may have; the emulator cannot put control characters into its event's headers. */
const documentIds = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
    fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 30 }),
    fc.constantFrom(
      ...Object.getOwnPropertyNames(Object.prototype).filter((name) => !name.startsWith('__')),
    ),
    fc
      .tuple(fc.constantFrom('é', '日', 'a', '%', '~'), fc.integer({ min: 300, max: 400 }))
      .map(([unit, size]) => unit.repeat(size)),
    fc
      .array(fc.constantFrom('%20', ' ', '%', '.', '..', '\\', '%2F', '_', 'é'), {
        minLength: 1,
        maxLength: 6,
      })
      .map((parts) => parts.join('')),
  )
  .filter((id) => isDocumentId(id) && id.trim() === id && !/\p{Cc}/u.test(id));

/** Some of them, the same on every run. */
function idsToTry(count: number): string[] {
  return fc.sample(documentIds, { numRuns: count, seed: 20_261_129 });
}

/** What can be nobody's id, as an app may have written it into a list. */
const NOBODIES = [
  '..',
  '.',
  '__x__',
  '__proto__',
  'a/b',
  'users/a/b',
  '',
  7,
  null,
  { uid: 'x' },
  true,
];

describe('orders of any id', () => {
  const given = [
    'Électre',
    '日本語',
    'a%20b',
    'a b',
    'constructor',
    '..\\..\\settings',
    '100%',
    '%C3%89lectre',
    '日'.repeat(500),
    'x'.repeat(1_500),
  ];
  const sample = idsToTry(20);
  const orderIds = [...new Set([...given, ...sample])];

  it('get offers from people of any id, and each customer hears of their own', async () => {
    const expected = new Map<string, object[]>();
    await Promise.all(
      orderIds.map(async (orderId, nth) => {
        // Short: beside the longest order's id, twice in it, a push has no room for the longest courier's, and leaves data out.
        const courierId = `${sample[nth % sample.length]}`.slice(0, 40).toWellFormed() + `-${nth}`;
        const customerId = `customer ${nth} of ${orderId}`.slice(0, 400);
        const address = await user(customerId);
        // Of one's own order nobody is told: the offer is the only push.
        const order = { customerId, sellerId: customerId };
        await app.db.collection('orders').doc(orderId).set(order);
        const link = linkTo('orders', orderId);
        expected.set(address, [{ data: { type: 'offer', orderId, ...(link && { link }) } }]);
        return { orderId, courierId };
      }),
    ).then((offers) =>
      Promise.all(
        offers.map(({ orderId, courierId }) =>
          app.db.collection('orders').doc(orderId).collection('offers').doc(courierId).set({}),
        ),
      ),
    );
    await everyoneIsTold(expected);
  });
});

describe('shops with customers of any id', () => {
  it('tell everybody who can be told, and name the others with the reason', async () => {
    const uids = [
      ...new Set([
        'constructor',
        'hasOwnProperty',
        '日本語',
        'a%20b',
        'a b',
        'x'.repeat(1_497),
        '日'.repeat(498),
        ...idsToTry(12),
      ]),
    ].map((uid, nth) => (Object.hasOwn(Object.prototype, uid) ? uid : `${uid}${nth}`));
    const expected = new Map<string, object[]>();
    const shop = app.db.collection('shops').doc('Électre & co.');
    for (const uid of uids) {
      expected.set(await user(uid), [{ title: 'Électre', body: 'Hi', data: { type: 'notice' } }]);
    }
    const customers = NOBODIES.flatMap((nobody, nth) => [
      nobody,
      ...uids.slice(nth * 3, nth * 3 + 3),
    ]);
    await shop.set({ name: 'Électre', customers: [...customers, ...uids] });
    await shop.collection('notices').doc('日曜日').set({ authorId: '..', text: 'Hi' });
    await everyoneIsTold(expected);
    const entry = await app.delivery('notice', ({ reasons }) => '日本語2' in reasons);
    expect(entry.state).toBe('done');
    const reasons = new Map(Object.entries(entry.reasons));
    for (const uid of uids) expect([uid, reasons.get(nameInMap(uid))]).toEqual([uid, 'delivered']);
    for (const nobody of NOBODIES) {
      const named = describeValue(nobody);
      expect([named, reasons.get(named)]).toEqual([named, 'invalid-id']);
    }
  });
});

describe('pushes of any id', () => {
  it('are sent, and told how it ended', async () => {
    const outbox = new PushOutbox(app.db);
    const ids = [
      ...new Set([
        'März-Aktion',
        'a%20c',
        'a c',
        'v2.1',
        'v2',
        'v2~1',
        'x'.repeat(1_450),
        ...idsToTry(8),
      ]),
    ];
    const address = await user('reader');
    await Promise.all(
      ids.map((id) =>
        app.db.collection('pushes').doc(id).set({ to: 'reader', title: 'Sale', data: { id } }),
      ),
    );
    for (const id of ids) expect(await outbox.final(id)).toMatchObject({ state: 'sent' });
    const seen = (await shown(address)).map(({ data }) => data['id']);
    expect(seen.sort()).toEqual([...ids].sort());
  });

  it('with what no honest sender writes end with the reason', async () => {
    const outbox = new PushOutbox(app.db);
    await user('honest');
    const sale = { to: 'honest', title: 'Sale' };
    const cases: [object, string][] = [
      [{ ...sale, to: '..' }, 'to'],
      [{ ...sale, to: { members: 'a/../b' } }, 'to.members'],
      [{ ...sale, to: { users: { field: '__proto__.x', op: '==', value: 1 } } }, 'to.users.field'],
      [{ ...sale, sendAt: Timestamp.fromDate(new Date(Date.UTC(9999, 11, 31))) }, 'sendAt'],
      [{ ...sale, constructor: 'x' }, '(value)'],
    ];
    for (const [fields, field] of cases) {
      const push = await outbox.send(fields);
      expect(push).toMatchObject({
        state: 'failed',
        errors: { [field]: expect.any(String) as string },
      });
    }
    const large = await outbox.send({ ...sale, data: { a: 'x'.repeat(1_048_100) } });
    expect(large).toMatchObject({ state: 'failed' });
  });
});
