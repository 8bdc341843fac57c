/**
 * Push documents that no honest sender writes, over real stores: each comes to an end at once, nothing is tried again and again,
 * and whoever can be told is told once.
 */
import { Timestamp, type DocumentData } from '@google-cloud/firestore';
import { bytesOf, MAX_PUSH_BYTES } from '../../kit/src/store/document-size.ts';
import { OutboxWorld } from './world.ts';

const OLA = 'ola:APA91b-1';
const LIA = 'lia:APA91b-2';
/** Firestore's limit, less what a document's name and the document itself take. */
const LARGEST = 1_048_576 - 32 - 64;

let outbox: OutboxWorld;

beforeAll(async () => {
  outbox = await OutboxWorld.create();
});
beforeEach(async () => {
  await outbox.empty();
  outbox.log.length = 0;
  await outbox.world.addUser('ola', [OLA]);
  await outbox.world.addUser('lia', [LIA]);
});
afterAll(() => outbox.close());

/** A sale of exactly so many bytes. */
function saleOf(bytes: number): DocumentData {
  const sale = { to: 'ola', title: 'Sale', data: { a: '' } };
  return { ...sale, data: { a: 'x'.repeat(bytes - bytesOf(sale)) } };
}

/** What was tried again, which is what must not happen. */
function triedAgain(): string[] {
  return outbox.log.filter((line) => line.startsWith('again'));
}

describe('a document of nearly 1 MiB', () => {
  it.each([MAX_PUSH_BYTES + 1, 1_000_000, 1_048_000, LARGEST - 150, LARGEST - 40, LARGEST])(
    'of %d bytes ends at once, with the reason where there is room for it',
    async (bytes) => {
      await outbox.write('large', saleOf(bytes));
      const push = await outbox.read('large');
      const isTold = push.state === 'failed';
      expect(isTold || outbox.log.includes('unwritable large, told: false')).toBe(true);
      if (bytes <= 1_048_000)
        expect(push).toMatchObject({ error: expect.stringContaining('960 KiB') as string });
      expect(triedAgain()).toEqual([]);
      expect(outbox.world.titles(OLA)).toEqual([]);
    },
  );

  it('that was scheduled before it grew is not sent, and not looked at for ever', async () => {
    const sendAt = Timestamp.fromMillis(outbox.world.now + 3_600_000);
    await outbox.write('grown', { to: 'ola', title: 'Sale', sendAt });
    const stored = bytesOf(await outbox.read('grown'));
    await outbox.write('grown', { data: { a: 'x'.repeat(LARGEST - stored - 10) } });
    await outbox.settle();
    expect(await outbox.read('grown')).toMatchObject({ state: 'failed' });
    expect(await outbox.read('grown')).not.toHaveProperty('nextAt');
    expect(triedAgain()).toEqual([]);
    expect(outbox.world.titles(OLA)).toEqual([]);
  });

  it('that just has room for what is added is sent, and told how that ended', async () => {
    const to = ['ola', ...Array.from({ length: 19 }, (_, nth) => `${nth}`.padEnd(1_500, 'x'))];
    const push = { ...saleOf(MAX_PUSH_BYTES - 30_000), to };
    expect(await outbox.send('fits', push)).toMatchObject({
      state: 'sent',
      counts: { recipients: 20, delivered: 1, unreachable: 19 },
      reasons: { ola: 'delivered' },
    });
    expect(outbox.world.titles(OLA)).toEqual(['Sale']);
    expect(triedAgain()).toEqual([]);
  });
});

describe('a document that grows while it is being sent', () => {
  it('is told how that ended in as few words as it takes, and is sent once', async () => {
    const { world } = outbox;
    world.simulator.addFault({
      times: 1,
      then: { errorCode: 'QUOTA_EXCEEDED', retryAfterSeconds: 90 },
    });
    await outbox.write('grows', { to: 'ola', title: 'Sale' });
    const sending = await outbox.read('grows');
    expect(sending).toMatchObject({ state: 'sending' });
    await outbox.write('grows', { more: 'x'.repeat(LARGEST - bytesOf(sending) - 10) });
    await outbox.settle();
    expect(await outbox.read('grows')).toMatchObject({
      state: 'sent',
      accepted: { state: 'sent' },
    });
    expect(world.titles(OLA)).toEqual(['Sale']);
    expect(triedAgain()).toEqual([]);
  });
});

describe('the server’s fields, written by hand', () => {
  const past = () => Timestamp.fromMillis(outbox.world.now - 60_000);

  it.each<[string, () => object]>([
    ['accepted is text', () => ({ accepted: 'x' })],
    ['accepted is null', () => ({ accepted: null })],
    ['accepted is empty', () => ({ accepted: {} })],
    ['accepted has no dueAt', () => ({ accepted: { hash: 'x', state: 'scheduled', revision: 1 } })],
    [
      'accepted is in a state that is none',
      () => ({ accepted: { hash: 'x', state: 'constructor', revision: 1, dueAt: past() } }),
    ],
    ['nextAt is a number', () => ({ nextAt: 5 })],
    ['nextAt is text, and the state odd', () => ({ nextAt: 'x', state: 7 })],
    [
      'all of them are odd',
      () => ({
        accepted: 1,
        createdAt: 2,
        nextAt: 3,
        refused: 4,
        errors: 5,
        counts: 6,
        reasons: 7,
      }),
    ],
  ])('where %s, count as not there, and the push is sent', async (_what, forged) => {
    expect(await outbox.send('forged', { to: 'ola', title: 'Sale', ...forged() })).toMatchObject({
      state: 'sent',
    });
    expect(outbox.world.titles(OLA)).toEqual(['Sale']);
    expect(triedAgain()).toEqual([]);
  });

  it('do not keep the sweep from others', async () => {
    const { world } = outbox;
    const nextAt = past();
    await Promise.all([
      world.db.doc('pushes/odd').set({ to: 'ola', title: 'Odd', accepted: 'x', nextAt }),
      world.db
        .doc('pushes/odder')
        .set({ to: 'lia', title: 'Odder', accepted: { dueAt: 5 }, nextAt }),
    ]);
    expect(await outbox.boot().sweep(10)).toBe(2);
    await outbox.dispatch();
    await outbox.dispatch();
    expect([world.titles(OLA), world.titles(LIA)]).toEqual([['Odd'], ['Odder']]);
    expect(await outbox.boot().sweep(10)).toBe(0);
  });
});

describe('a list with what can be no user', () => {
  it('is told to the others', async () => {
    const to = ['ola', '..', '.', '__x__', 'a/b', 7, null, { uid: 'x' }, 'lia'];
    expect(await outbox.send('mixed', { to, title: 'Sale' })).toMatchObject({
      counts: { delivered: 2 },
      reasons: {
        ola: 'delivered',
        lia: 'delivered',
        '".."': 'invalid-id',
        '"__x__"': 'invalid-id',
      },
    });
    expect([outbox.world.titles(OLA), outbox.world.titles(LIA)]).toEqual([['Sale'], ['Sale']]);
    expect(triedAgain()).toEqual([]);
  });

  it.each([
    ['v2', 'v2'],
    ['v2.1', 'v2.1'],
    ['v2~1', 'v2~1'],
    ['Électre', 'Électre'],
    ['1,500 letters', 'x'.repeat(1_500)],
  ])('or a push of the id %s is sent whatever was sent before', async (_what, id) => {
    const small = await OutboxWorld.create({ shardSize: 1 });
    await small.empty();
    for (const [uid, address] of [
      ['ola', OLA],
      ['lia', LIA],
    ] as const)
      await small.world.addUser(uid, [address]);
    await small.send('v2.0', { to: 'ola', title: 'First' });
    await small.send('v2~0', { to: 'ola', title: 'First' });
    expect(await small.send(id, { to: { everyone: true }, title: 'Sale' })).toMatchObject({
      state: 'sent',
      counts: { delivered: 2 },
    });
    await small.close();
  });
});
