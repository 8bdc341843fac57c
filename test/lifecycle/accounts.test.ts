/**
 * What is kept of people goes with their account, and with nothing else, against the auth emulator.
 */
import { firebaseAccounts } from '../../kit/src/devices/accounts.ts';
import { forgetDeletedAccount } from '../../kit/src/devices/forget-account.ts';
import { adminApp } from '../../kit/src/store/firestore.ts';
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

/** People with an account, a phone, settings, and something of the app's own. */
async function signUp(...uids: string[]): Promise<void> {
  await auth.create(uids);
  for (const uid of uids) {
    await world.registers(uid, `${uid}:APA91b`);
    const more = { notificationSettings: { order: false }, plan: 'gold' };
    await world.db.doc(`users/${uid}`).set(more, { merge: true });
  }
}

/** The event of a deleted account reaches its function. */
function accountDeleted(uid: string, settings = { isEnabled: true, deleteDocument: false }) {
  return world.noting(() =>
    forgetDeletedAccount(uid, settings, {
      accounts,
      removal: world.removal,
      log: {
        forgotten: (...said) => log.push(`forgotten: ${said.join(' ')}`),
        wouldForget: (...said) => log.push(`would forget: ${said.join(' ')}`),
        alive: (who) => log.push(`alive: ${who}`),
      },
    }),
  );
}

describe('when an account was deleted', () => {
  it('its addresses and device records go; its document stays with all that is the app’s', async () => {
    await signUp('ann', 'bea');
    await world.db.doc('users/bea').update({ tokens: [{ mine: 1 }, 'bea:APA91b'] });
    await auth.delete('bea');
    await accountDeleted('bea');
    expect((await world.db.doc('users/bea').get()).data()).toEqual({
      tokens: [{ mine: 1 }],
      notificationSettings: { order: false },
      plan: 'gold',
    });
    expect(await world.recordOf('bea:APA91b')).toBeUndefined();
    expect(await world.tokensOf('ann')).toEqual(['ann:APA91b']);
    expect(log).toEqual(['forgotten: bea 1 kept']);
  });

  it('what the server wrote into its document goes, too', async () => {
    await signUp('ann', 'bea');
    await world.registers('bea', 'ann:APA91b');
    expect((await world.db.doc('users/bea').get()).get('takeovers')).toMatchObject({ count: 1 });
    await auth.delete('bea');
    await accountDeleted('bea');
    expect((await world.db.doc('users/bea').get()).get('takeovers')).toBeUndefined();
  });

  it('its document goes where a setting says so', async () => {
    await signUp('ann');
    await auth.delete('ann');
    await accountDeleted('ann', { isEnabled: true, deleteDocument: true });
    expect((await world.db.doc('users/ann').get()).exists).toBe(false);
    expect(log).toEqual(['forgotten: ann 1 deleted']);
  });

  it('a dry run says what would go, and changes nothing', async () => {
    await signUp('ann');
    await auth.delete('ann');
    await accountDeleted('ann', { isEnabled: false, deleteDocument: true });
    expect(log).toEqual(['would forget: ann 1 deleted']);
    expect(await world.tokensOf('ann')).toEqual(['ann:APA91b']);
    expect(await world.recordOf('ann:APA91b')).toMatchObject({ uid: 'ann' });
  });

  it('nothing goes of whoever has an account under that id again', async () => {
    await signUp('ann');
    await accountDeleted('ann', { isEnabled: true, deleteDocument: true });
    expect(log).toEqual(['alive: ann']);
    expect(await world.tokensOf('ann')).toEqual(['ann:APA91b']);
  });

  it('is forgotten twice without harm, and without bringing a document back', async () => {
    await signUp('ann');
    await auth.delete('ann');
    await accountDeleted('ann', { isEnabled: true, deleteDocument: true });
    await accountDeleted('ann');
    expect((await world.db.doc('users/ann').get()).exists).toBe(false);
  });
});

describe('deleting an account', () => {
  it('is no error if it is gone already', async () => {
    await auth.create(['ann']);
    expect(await accounts.exists('ann')).toBe(true);
    await accounts.delete('ann');
    await accounts.delete('ann');
    expect(await accounts.exists('ann')).toBe(false);
  });
});
