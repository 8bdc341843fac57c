/**
 * Apps that write `users/{uid}.tokens` themselves: the trigger gives them the same guarantee, in whatever order it runs.
 */
import { Timestamp } from '@google-cloud/firestore';
import { World } from './world.ts';

const PHONE = 'phone:APA91b-1';
const TABLET = 'tablet:APA91b-2';
/** Entries that are the app's own; Firestore's integers and doubles, references and bytes among them. */
const UNKNOWN = [
  7,
  null,
  { token: PHONE, platform: 'ios' },
  'two words',
  '',
  'ExponentPushToken[xyz]',
  'x'.repeat(1500),
  Timestamp.fromMillis(1),
  Buffer.from('bytes'),
];

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(async () => {
  await world.deliver();
  await world.check();
});

describe('an address that an app adds', () => {
  it('gets a record, refreshed when the app wrote it', async () => {
    await world.adds('ola', PHONE);
    const writtenAt = world.pending[0]?.writtenAt;
    await world.deliver();
    expect(await world.recordOf(PHONE)).toMatchObject({
      uid: 'ola',
      address: PHONE,
      kind: 'fcm',
      refreshedBy: 'array',
      topics: [],
      refreshedAt: Timestamp.fromMillis(writtenAt ?? 0),
    });
  });

  it('is taken from the previous owner, whose topics do not go along', async () => {
    await world.registers('ola', PHONE, { platform: 'ios', appId: 'com.example' });
    await world.db
      .collection('devices')
      .doc((await recordId()) ?? '')
      .update({ topics: ['news'] });
    await world.adds('lia', PHONE);
    await world.deliver();
    expect(await world.tokensOf('ola')).toEqual([]);
    const record = await world.recordOf(PHONE);
    expect(record).toMatchObject({ uid: 'lia', topics: [], takeovers: 1 });
    expect(record).not.toHaveProperty('appId');
    expect(record?.takenOverAt).toBeDefined();
  });

  it('comes back to the first owner when their app is started again', async () => {
    await world.registers('ola', PHONE);
    await world.adds('mallory', PHONE);
    await world.deliver();
    await world.registers('ola', PHONE);
    await world.deliver();
    expect(await world.tokensOf('ola')).toEqual([PHONE]);
    expect(await world.tokensOf('mallory')).toEqual([]);
  });

  it('is taken out of arrays that are older than the device records', async () => {
    await world.seed({ ola: [PHONE, TABLET], bo: [PHONE] });
    await world.adds('lia', PHONE);
    await world.adds('ola', 'watch:APA91b-3');
    await world.seed({ ola: [TABLET] });
    await world.adds('ola', PHONE);
    await world.adds('lia', 'laptop:APA91b-4');
    await world.removes('ola', TABLET);
    await world.deliver();
    expect(await world.tokensOf('bo')).toEqual([]);
  });
});

describe('an address that an app removes', () => {
  it('loses its record', async () => {
    await world.adds('ola', PHONE);
    await world.deliver();
    await world.removes('ola', PHONE);
    await world.deliver();
    expect(await world.recordOf(PHONE)).toBeUndefined();
  });

  it('keeps the record of whoever has it by now', async () => {
    await world.adds('ola', PHONE);
    await world.deliver();
    await world.removes('ola', PHONE);
    await world.registers('lia', PHONE);
    await world.deliver();
    expect(await world.recordOf(PHONE)).toMatchObject({ uid: 'lia' });
  });

  it('loses its record with the whole document', async () => {
    await world.adds('ola', PHONE);
    await world.deliver();
    await world.noting(() => world.db.doc('users/ola').delete());
    await world.deliver();
    expect(await world.recordOf(PHONE)).toBeUndefined();
    expect((await world.db.doc('users/ola').get()).exists).toBe(false);
  });
});

describe('events', () => {
  it.each([
    ['in order', () => 0],
    ['the last one first', (events: readonly unknown[]) => events.length - 1],
  ])('%s leave a phone with whoever added it last', async (_name, order) => {
    await world.adds('ola', PHONE);
    await world.adds('lia', PHONE);
    await world.deliver(order);
    expect(await world.tokensOf('ola')).toEqual([]);
    expect(await world.tokensOf('lia')).toEqual([PHONE]);
  });

  it('that come late do not undo what happened since', async () => {
    await world.adds('ola', PHONE);
    const [late] = world.pending.splice(0);
    await world.registers('lia', PHONE);
    await world.deliver();
    if (late !== undefined) await world.trigger(late);
    expect(await world.tokensOf('lia')).toEqual([PHONE]);
    expect(await world.tokensOf('ola')).toEqual([]);
  });

  it('lose to an owner whose app was started since they were written', async () => {
    await world.registers('ola', PHONE);
    await world.deliver();
    await world.adds('lia', PHONE);
    world.ahead += 1000;
    await world.registers('ola', PHONE);
    await world.deliver();
    expect(await world.tokensOf('ola')).toEqual([PHONE]);
    expect(await world.tokensOf('lia')).toEqual([]);
    expect(world.log).toContain('lia lost');
  });

  it('that come twice change nothing the second time', async () => {
    await world.adds('ola', PHONE);
    await world.removes('ola', PHONE);
    await world.adds('ola', PHONE);
    const events = [...world.pending];
    await world.deliver();
    const record = await world.recordOf(PHONE);
    for (const event of [...events].reverse()) await world.trigger(event);
    expect(world.pending).toEqual([]);
    expect(await world.recordOf(PHONE)).toEqual(record);
  });
});

describe('the trigger', () => {
  it('reads nothing for an edit of anything else', async () => {
    await world.registers('ola', PHONE);
    await world.deliver();
    await world.noting(() => world.db.doc('users/ola').update({ displayName: 'Ola' }));
    const unreconciled = jest.spyOn(world.ownership, 'unreconciled');
    const reconcile = jest.spyOn(world.ownership, 'reconcile');
    const getAll = jest.spyOn(world.db, 'getAll');
    await world.deliver();
    expect(unreconciled.mock.calls.filter(([, change]) => change.added.length > 0)).toEqual([]);
    expect(reconcile).not.toHaveBeenCalled();
    expect(getAll).not.toHaveBeenCalled();
    getAll.mockRestore();
  });

  it('reads one record and no more after a call of registerToken', async () => {
    await world.registers('ola', PHONE);
    const reconcile = jest.spyOn(world.ownership, 'reconcile');
    const getAll = jest.spyOn(world.db, 'getAll');
    await world.deliver();
    expect(reconcile).not.toHaveBeenCalled();
    expect(getAll).toHaveBeenCalledTimes(1);
    expect(getAll.mock.calls[0]).toHaveLength(2);
    getAll.mockRestore();
  });

  it('does not wake itself up again: one write of an app is over after two rounds', async () => {
    await world.registers('ola', PHONE);
    await world.deliver();
    await world.adds('lia', PHONE);
    // The app's write; Ola's array, which lost the phone; Lia's document, which counts the takeover.
    expect(await world.deliver()).toBe(3);
    expect(world.log).toEqual(['lia claimed']);
  });

  it('leaves what is not understood where it is, and says once how many entries there are', async () => {
    await world.noting(() => world.db.doc('users/ola').set({ tokens: [...UNKNOWN, PHONE] }));
    await world.deliver();
    await world.adds('ola', TABLET);
    await world.removes('ola', PHONE);
    await world.deliver();
    expect(await world.tokensOf('ola')).toEqual([...UNKNOWN, TABLET]);
    expect(world.log.filter((line) => line.includes('skipped'))).toEqual([
      `ola skipped ${UNKNOWN.length}`,
    ]);
  });

  it.each([
    ['a string', PHONE],
    ['a map', { [PHONE]: true }],
    ['a number', 7],
  ])('leaves a field that holds %s alone, and says so once', async (_what, tokens) => {
    await world.noting(() => world.db.doc('users/ola').set({ tokens }));
    await world.noting(() => world.db.doc('users/ola').update({ displayName: 'Ola' }));
    await world.deliver();
    expect(await world.tokensOf('ola')).toEqual(tokens);
    expect(world.log).toEqual(['ola skipped no-array']);
  });
});

describe('limits', () => {
  it('the stalest address leaves when a user has too many', async () => {
    world = await World.create({ maxAddresses: 3 });
    for (const name of ['a', 'b', 'c']) await world.registers('ola', `${name}:APA91b`);
    await world.age('b:APA91b', 10);
    await world.age('c:APA91b', 5);
    await world.adds('ola', 'd:APA91b');
    await world.deliver();
    expect(await world.tokensOf('ola')).toEqual(['a:APA91b', 'c:APA91b', 'd:APA91b']);
    await world.registers('ola', 'e:APA91b');
    await world.check();
    await world.deliver();
    expect(await world.tokensOf('ola')).toEqual(['a:APA91b', 'd:APA91b', 'e:APA91b']);
    expect(world.log).toContain('ola healed 0, dropped 1 beyond limit');
  });

  it('a registration stays although all others have no record yet', async () => {
    world = await World.create({ maxAddresses: 2 });
    await world.seed({ ola: ['a:APA91b', 'b:APA91b'] });
    await world.registers('ola', PHONE);
    expect(await world.tokensOf('ola')).toEqual(['b:APA91b', PHONE]);
    await world.noting(() => world.ownership.reconcile('ola', 'b:APA91b', {}));
  });

  it('whoever collects tokens of others is stopped, by either way', async () => {
    world = await World.create({ maxTakeoversPerDay: 2 });
    for (const name of ['a', 'b', 'c', 'd'])
      await world.registers(`${name}-owner`, `${name}:APA91b`);
    await world.deliver();
    await world.registers('mallory', 'a:APA91b');
    await world.adds('mallory', 'b:APA91b');
    await world.deliver();
    await expect(world.registers('mallory', 'c:APA91b')).rejects.toThrow('taken over from others');
    await world.adds('mallory', 'd:APA91b');
    await world.deliver();
    expect(await world.tokensOf('mallory')).toEqual(['a:APA91b', 'b:APA91b']);
    expect(await world.tokensOf('d-owner')).toEqual(['d:APA91b']);
    expect(world.log).toContain('mallory refused');

    world.ahead = 25 * 3_600_000;
    await world.registers('mallory', 'c:APA91b');
    expect(await world.tokensOf('c-owner')).toEqual([]);
  });
});

async function recordId(): Promise<string | undefined> {
  return (await world.db.collection('devices').get()).docs[0]?.id;
}
