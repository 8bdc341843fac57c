/**
 * Apps write documents with the client SDK; the right devices are notified.
 */
import { App, password, type Person } from './app.ts';

const app = new App();
afterAll(() => app.close());

/** An order that is the customer's own so far; its id. */
async function order(customer: Person, more: object = {}): Promise<string> {
  const fields = { customerId: customer.uid, sellerId: customer.uid, ...more };
  return customer.device.add('orders', fields);
}

describe('a document that names one person', () => {
  it('reaches them in their language: their order is on its way', async () => {
    const [ola, lia, seller] = await Promise.all(
      ['Ola', 'Lia', 'Seller'].map((name) => app.person(name)),
    );
    if (ola === undefined || lia === undefined || seller === undefined) throw new Error('nobody');
    await app.db.doc(`users/${lia.uid}`).update({ locale: 'de-AT' });
    const [olas] = await Promise.all(
      [ola, lia].map(({ uid }) =>
        seller.device.add('orders', { customerId: uid, sellerId: seller.uid }),
      ),
    );
    expect(await app.shows(ola.device, 1)).toMatchObject([
      {
        kind: 'notification',
        title: 'Your order is on its way',
        data: { type: 'order', orderId: olas, link: `/orders/${olas}` },
      },
    ]);
    expect(await app.shows(lia.device, 1)).toMatchObject([
      { title: 'Deine Bestellung ist unterwegs' },
    ]);
    expect(await app.inbox(seller.device)).toEqual([]);
  });
});

describe('a document below another that names the person', () => {
  it('reaches every device of theirs, with its picture, and not whoever wrote it', async () => {
    const [ola, lia] = [await app.person('Ola'), await app.person('Lia')];
    const tablet = await app.device('ios');
    await tablet.signIn({ email: `${ola.device.token.slice(0, 22)}@example.com`, password });
    await tablet.registerByCallable();
    const orderId = await order(ola, { imageUrl: 'https://example.com/snow.jpg' });
    await lia.device.create(`orders/${orderId}/offers/${lia.uid}`, {});

    for (const device of [ola.device, tablet]) {
      expect(await app.shows(device, 1)).toMatchObject([
        {
          kind: 'notification',
          title: 'Lia offers to bring your order',
          image: 'https://example.com/snow.jpg',
          data: { type: 'offer', orderId, link: `/orders/${orderId}` },
        },
      ]);
    }
    expect(await app.inbox(lia.device)).toEqual([]);
    const entry = await app.delivery('offer', ({ reasons }) => ola.uid in reasons);
    expect(entry).toMatchObject({
      state: 'done',
      reasons: { [ola.uid]: 'delivered' },
      counts: { recipients: 1, addresses: 2, delivered: 2 },
    });
  });

  it('that is taken back and written again replaces its notification', async () => {
    const [ola, lia] = [await app.person('Ola'), await app.person('Lia')];
    const offer = `orders/${await order(ola)}/offers/${lia.uid}`;
    await lia.device.create(offer, {});
    const [first] = await app.shows(ola.device, 1);
    await app.db.doc(offer).delete();
    await lia.device.create(offer, {});
    await app.delivery(
      'offer',
      ({ id, reasons }) => ola.uid in reasons && id !== first?.data['deliveryId'],
    );
    expect(await app.inbox(ola.device)).toHaveLength(1);
  });
});

describe('a document for many', () => {
  it('reaches everybody on the list but the author, emoji and all', async () => {
    const [ola, lia, bo] = [
      await app.person('Ola'),
      await app.person('Lia'),
      await app.person('Bo'),
    ];
    const shop = app.db.collection('shops').doc();
    await shop.set({ name: 'Crêperie', customers: [lia.uid, ola.uid, bo.uid] });
    const text = 'Open again 👩‍👩‍👧‍👦 🏔️ — été';
    await lia.device.add(`${shop.path}/notices`, { authorId: lia.uid, text });
    for (const { device } of [ola, bo]) {
      expect(await app.shows(device, 1)).toMatchObject([{ title: 'Crêperie', body: text }]);
    }
    const entry = await app.delivery('notice', ({ reasons }) => ola.uid in reasons);
    expect(entry.reasons).toEqual({
      [ola.uid]: 'delivered',
      [bo.uid]: 'delivered',
      [lia.uid]: 'is-actor',
    });
    expect(await app.inbox(lia.device)).toEqual([]);
  });

  it('reaches the members of a collection, through the task queue', async () => {
    const [ola, lia] = [await app.person('Ola'), await app.person('Lia')];
    const shop = app.db.collection('shops').doc();
    await shop.set({ name: 'Everybody’s' });
    for (const { uid } of [ola, lia]) await shop.collection('customers').doc(uid).set({});
    await shop.collection('notices').add({ authorId: lia.uid, text: 'Hello all' });
    expect(await app.shows(ola.device, 1)).toMatchObject([
      { title: 'Everybody’s', body: 'Hello all' },
    ]);
    const { id } = shop;
    const shard = await app.delivery('notice', ({ reasons }) => ola.uid in reasons);
    expect(shard.reasons).toEqual({ [ola.uid]: 'delivered', [lia.uid]: 'is-actor' });
    const parent = await app.delivery(
      'notice',
      ({ coverage }) => coverage?.kind === 'paged-shards' && coverage.collection.includes(id),
    );
    expect(parent).toMatchObject({
      state: 'done',
      counts: { recipients: 2, delivered: 1, skipped: 1 },
    });
  });
});

describe('people who muted a kind', () => {
  it('are not told of it, and the ledger says so', async () => {
    const [ola, lia] = [await app.person('Ola'), await app.person('Lia')];
    await app.db.doc(`users/${ola.uid}`).update({ notificationSettings: { order: false } });
    await lia.device.add('orders', { customerId: ola.uid, sellerId: lia.uid });
    const entry = await app.delivery('order', ({ reasons }) => ola.uid in reasons);
    expect(entry.reasons).toEqual({ [ola.uid]: 'muted' });
    expect(await app.inbox(ola.device)).toEqual([]);
  });
});
