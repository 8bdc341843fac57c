/**
 * What is kept of people goes with their account, against the auth emulator.
 */
import { firebaseAccounts } from '../../functions/src/lifecycle/accounts.ts';
import { forgetDeletedAccounts } from '../../functions/src/lifecycle/forget-accounts.ts';
import { adminApp } from '../../functions/src/store/firestore.ts';
import { SweepCursor } from '../../functions/src/store/sweep-cursor.ts';
import { AuthEmulator } from './auth-emulator.ts';
import { World } from './world.ts';

// A project of its own: other tests have their accounts in the same emulator.
const PROJECT = `demo-accounts-${process.pid}`;
process.env['GCLOUD_PROJECT'] = PROJECT;
const auth = new AuthEmulator(PROJECT);
const accounts = firebaseAccounts(adminApp());

let world: World;
const log: string[] = [];
beforeEach(async () => {
  world = await World.create();
  log.length = 0;
  await auth.deleteAll();
});
afterEach(async () => {
  await world.deliver();
  await world.check();
});

/** People with an account, a phone and settings. */
async function signUp(...uids: string[]): Promise<void> {
  await auth.create(uids);
  for (const uid of uids) {
    await world.registers(uid, `${uid}:APA91b`);
    await world.db
      .doc(`users/${uid}`)
      .set({ notificationSettings: { like: false } }, { merge: true });
  }
}

function sweep(after = '', until = Infinity) {
  return world.noting(() =>
    forgetDeletedAccounts(after, until, {
      users: world.users,
      accounts,
      clearing: world.clearing,
      now: () => world.now(),
      log: {
        forgotten: (uid, addresses) => log.push(`${uid} forgotten, ${addresses} addresses`),
        doubted: (missing, looked) => log.push(`${missing} of ${looked} missing`),
      },
    }),
  );
}

describe('the sweep of deleted accounts', () => {
  it('deletes all addresses, device records and settings of whoever is gone, and nobody else', async () => {
    await signUp('ann', 'bea', 'cleo');
    await auth.delete('bea');
    expect(await sweep()).toEqual({ looked: 3, forgotten: 1, doubted: 0 });
    expect((await world.db.doc('users/bea').get()).exists).toBe(false);
    expect(await world.recordOf('bea:APA91b')).toBeUndefined();
    expect(await world.tokensOf('ann')).toEqual(['ann:APA91b']);
    expect(log).toEqual(['bea forgotten, 1 addresses']);
  });

  it('forgets again whoever registered with the rest of their last login', async () => {
    await signUp('ann');
    await auth.delete('ann');
    await sweep();
    await world.registers('ann', 'late:APA91b');
    await sweep();
    expect(await world.recordOf('late:APA91b')).toBeUndefined();
  });

  it('forgets nobody when most are missing: then it looks in the wrong place', async () => {
    await signUp('ann');
    for (const uid of ['bea', 'cleo', 'dora', 'eve']) await world.registers(uid, `${uid}:APA91b`);
    expect(await sweep()).toEqual({ looked: 5, forgotten: 0, doubted: 1 });
    expect(log).toEqual(['4 of 5 missing']);
    expect(await world.tokensOf('bea')).toEqual(['bea:APA91b']);
  });

  it('works off pages, and goes on where its time was over', async () => {
    const writer = world.db.bulkWriter();
    const uids = Array.from({ length: 150 }, (_, index) => `u${String(index).padStart(3, '0')}`);
    for (const uid of uids) void writer.set(world.db.doc(`users/${uid}`), { tokens: [] });
    await writer.close();
    await auth.create(uids.filter((uid) => uid !== 'u120'));
    const cursor = new SweepCursor(world.db, 'deletedAccounts');
    expect(await cursor.read()).toBe('');
    const times = [0, 1];
    const first = await forgetDeletedAccounts(await cursor.read(), 1, {
      users: world.users,
      accounts,
      clearing: world.clearing,
      now: () => times.shift() ?? 1,
      log: { forgotten: () => undefined, doubted: () => undefined },
    });
    expect(first).toEqual({ looked: 100, forgotten: 0, doubted: 0, next: 'u099' });
    await cursor.write(first.next);
    const second = await sweep(await cursor.read());
    expect(second).toEqual({ looked: 50, forgotten: 1, doubted: 0 });
    await cursor.write(undefined);
    expect(await cursor.read()).toBe('');
  });

  it('does not ask for ids that no account can have', async () => {
    expect(await accounts.missing(['x'.repeat(129)])).toEqual([]);
    expect(await accounts.missing(['x'.repeat(129), 'nobody'])).toEqual(['nobody']);
  });
});

describe('deleting an account', () => {
  it('is no error if it is gone already', async () => {
    await auth.create(['ann']);
    await accounts.delete('ann');
    await accounts.delete('ann');
    expect(await accounts.missing(['ann'])).toEqual(['ann']);
  });
});
