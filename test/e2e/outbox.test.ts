/**
 * Documents under `pushes/` reach devices through the deployed functions: each `to`, for later, cancelled, checked only.
 */
import { Timestamp } from '@google-cloud/firestore';
import { App, until, type Person } from './app.ts';
import { PushOutbox, wire } from './push-outbox.ts';

const app = new App();
const outbox = new PushOutbox(app.db);
let ola: Person;
let lia: Person;
let tests = 0;
/** Tells this test's pushes from those of others. */
let title = '';

beforeAll(async () => {
  [ola, lia] = [await app.person('Ola'), await app.person('Lia', 'ios')];
});
beforeEach(() => {
  tests += 1;
  title = `Sale ${tests}`;
});
afterAll(() => app.close());

function inMs(ms: number): Timestamp {
  return Timestamp.fromMillis(Date.now() + ms);
}

async function titles(person: Person): Promise<(string | undefined)[]> {
  const shown = await app.inbox(person.device);
  return shown.map((each) => each.title).filter((each) => each === title);
}

async function field(person: Person, name: string, value: unknown): Promise<void> {
  await app.db.doc(`users/${person.uid}`).update({ [name]: value });
}

describe('to', () => {
  it('a user', async () => {
    const push = await outbox.send({ to: ola.uid, title, body: 'Today' });
    expect(push).toMatchObject({ state: 'sent', reasons: { [ola.uid]: 'delivered' } });
    expect([await titles(ola), await titles(lia)]).toEqual([[title], []]);
  });

  it('users', async () => {
    const push = await outbox.send({ to: [ola.uid, lia.uid, 'nobody'], title });
    expect(push).toMatchObject({
      state: 'sent',
      counts: { recipients: 3, delivered: 2, unreachable: 1 },
      reasons: { nobody: 'no-user' },
    });
    expect([await titles(ola), await titles(lia)]).toEqual([[title], [title]]);
  });

  it('addresses', async () => {
    const push = await outbox.send({ to: { addresses: [ola.device.token] }, title });
    expect(push).toMatchObject({ state: 'sent', counts: { addresses: 1, delivered: 1 } });
    expect(JSON.stringify(push.reasons)).not.toContain(ola.device.token);
    expect([await titles(ola), await titles(lia)]).toEqual([[title], []]);
  });

  it('users by a field', async () => {
    await field(ola, 'team', `red-${process.pid}`);
    const users = { field: 'team', op: '==', value: `red-${process.pid}` };
    expect(await outbox.send({ to: { users }, title })).toMatchObject({
      state: 'sent',
      counts: { recipients: 1, delivered: 1 },
      reasons: { [ola.uid]: 'delivered' },
    });
    expect([await titles(ola), await titles(lia)]).toEqual([[title], []]);
  });

  it('members of a collection', async () => {
    const shop = app.db.collection('shops').doc();
    await shop.collection('customers').doc(lia.uid).set({});
    await outbox.send({ to: { members: `shops/${shop.id}/customers` }, title });
    expect([await titles(ola), await titles(lia)]).toEqual([[], [title]]);
  });

  it('everyone', async () => {
    const push = await outbox.send({ to: { everyone: true }, title });
    expect(push.counts?.delivered).toBeGreaterThanOrEqual(2);
    expect([await titles(ola), await titles(lia)]).toEqual([[title], [title]]);
  });
});

describe('a push for later', () => {
  it('is sent when it is due, not before', async () => {
    const sendAt = inMs(3000);
    const id = await outbox.write({ to: ola.uid, title, sendAt });
    await outbox.when(id, 'its schedule', ({ state }) => state === 'scheduled');
    const push = await outbox.final(id);
    expect(push.state).toBe('sent');
    expect(push.sendingAt?.toMillis()).toBeGreaterThanOrEqual(sendAt.toMillis());
    expect(await titles(ola)).toEqual([title]);
  });

  it('is not sent when it was cancelled', async () => {
    const sendAt = inMs(4000);
    const id = await outbox.write({ to: ola.uid, title, sendAt });
    await outbox.when(id, 'its schedule', ({ state }) => state === 'scheduled');
    await outbox.update(id, { state: 'cancelled' });
    expect(await outbox.final(id)).toMatchObject({ state: 'cancelled' });
    // Something that is due after it has come and gone.
    const other = await outbox.write({
      to: lia.uid,
      title,
      sendAt: Timestamp.fromMillis(sendAt.toMillis() + 500),
    });
    await outbox.final(other);
    expect(await titles(ola)).toEqual([]);
  });

  it('is sent at its new time, with its new text, when it was moved', async () => {
    const id = await outbox.write({ to: ola.uid, title: 'Old text', sendAt: inMs(3_600_000) });
    await outbox.when(id, 'its schedule', ({ state }) => state === 'scheduled');
    await outbox.update(id, { sendAt: inMs(2000), title });
    expect(await outbox.final(id)).toMatchObject({ state: 'sent', accepted: { revision: 2 } });
    expect(await titles(ola)).toEqual([title]);
  });
});

describe('an edit after it was sent', () => {
  it('is refused with the reason in the document, and reaches nobody', async () => {
    const id = await outbox.write({ to: ola.uid, title });
    await outbox.final(id);
    await outbox.update(id, { to: lia.uid });
    const push = await outbox.when(id, 'a refusal', ({ refused }) => refused !== undefined);
    expect(push.refused?.reason).toContain('it was already sent when you edited it');
    expect([await titles(ola), await titles(lia)]).toEqual([[title], []]);
  });
});

describe('a dry run', () => {
  it('counts what would be sent, and neither delivers nor prunes', async () => {
    const dead = await app.device();
    await app.declare(dead.token, { state: 'unregistered' });
    const push = await outbox.send({
      to: { addresses: [ola.device.token, dead.token] },
      title,
      validateOnly: true,
    });
    expect(push).toMatchObject({ state: 'partial', counts: { delivered: 1, unregistered: 1 } });
    expect(push.note).toContain('nothing was delivered');
    expect(await titles(ola)).toEqual([]);
  });
});

describe('a push that is wrong', () => {
  it('says so field by field', async () => {
    const push = await outbox.send({ to: { condition: "'a' in topic" }, title: 7, badge: 1.5 });
    expect(push).toMatchObject({ state: 'failed' });
    expect(Object.keys(push.errors ?? {}).sort()).toEqual(['badge', 'title', 'to.condition']);
    expect(push.errors?.['to.condition']).toContain('^');
  });
});

describe('a picture', () => {
  const image = 'https://example.com/sale.png';
  const text = 'This is an FCM notification that displays an image!';

  /** What the three examples of React Native Firebase's guide send, field by field. */
  it.each<[string, () => Person]>([
    ['Android', () => ola],
    ['iOS', () => lia],
  ])('is where %s looks for it, and for the other as well', async (_platform, person) => {
    await outbox.send({ to: person().uid, title, body: text, image });
    const message = (await wire(person().device.token)).at(-1);
    expect(message).toMatchObject({
      notification: { title, body: text },
      apns: { payload: { aps: { 'mutable-content': 1 } }, fcmOptions: { image } },
      android: { notification: { image } },
    });
    expect((await app.inbox(person().device)).at(-1)).toMatchObject({ title, body: text, image });
  });

  it('is on both at once with one push', async () => {
    await outbox.send({ to: [ola.uid, lia.uid], title, body: text, image });
    for (const { device } of [ola, lia]) {
      expect((await app.inbox(device)).at(-1)).toMatchObject({ title, body: text, image });
    }
  });

  it('is not asked for where there is none', async () => {
    await outbox.send({ to: lia.uid, title });
    const message = (await wire(lia.device.token)).at(-1) as { apns: { payload: { aps: object } } };
    expect(message.apns.payload.aps).not.toHaveProperty('mutable-content');
    expect(message.apns).not.toHaveProperty('fcmOptions');
  });
});

describe('texts by key', () => {
  it('are in each recipient’s language, with the default for the rest', async () => {
    await field(ola, 'locale', 'de-AT');
    await field(lia, 'locale', 'tlh');
    await outbox.send({
      to: [ola.uid, lia.uid],
      title: { key: 'offer.title', args: { name: title } },
    });
    const last = async (person: Person) => (await app.inbox(person.device)).at(-1)?.title;
    expect(await last(lia)).toBe(`${title} offers to bring your order`);
    expect(await last(ola)).toContain(title);
    expect(await last(ola)).not.toBe(await last(lia));
  });

  it('of the app itself are looked up on Android and on iOS; the fallback is the web’s', async () => {
    const sale = { locKey: 'SALE', locArgs: ['50'], fallback: title };
    await outbox.send({ to: [ola.uid, lia.uid], title: sale });
    const message = (await wire(lia.device.token)).at(-1);
    expect(message).toMatchObject({
      android: { notification: { titleLocKey: 'SALE', titleLocArgs: ['50'] } },
      apns: { payload: { aps: { alert: { 'title-loc-key': 'SALE', 'title-loc-args': ['50'] } } } },
      webpush: { notification: { title } },
    });
    expect(message).not.toHaveProperty('notification');
    for (const { device } of [ola, lia]) {
      expect((await app.inbox(device)).at(-1)).toMatchObject({ title: 'SALE(50)' });
    }
  });
});

describe('what nobody may see', () => {
  it('does not arrive on a device, and a push of nothing else is refused', async () => {
    await outbox.send({
      to: [ola.uid, lia.uid],
      title: 'Google\nYour\u202E code\u200B',
      body: 'a\u0007b\n\n\n\nc',
    });
    for (const { device } of [ola, lia]) {
      expect((await app.inbox(device)).at(-1)).toMatchObject({
        title: 'Google Your code',
        body: 'ab\n\nc',
      });
    }
    const empty = await outbox.send({ to: ola.uid, title: '\u200B', badge: 0 });
    expect(empty).toMatchObject({ state: 'failed' });
    expect(empty.errors?.['title']).toContain('a badge without a text');
  });
});

describe('admins', () => {
  it('are the only ones whose apps may write a push', async () => {
    await expect(ola.device.create('pushes/mine', { to: ola.uid, title })).rejects.toThrow(
      /permission/i,
    );
    await until('nothing to be sent', async () => (await titles(ola)).length === 0);
  });
});
