/** What runs by itself, as it is deployed with settings that nobody changed, deletes nothing of the app's. */
import { Timestamp } from '@google-cloud/firestore';
import { firestore } from '../../kit/src/push.ts';
import { valuesIn } from '../../kit/src/settings.ts';
import { backfillDryRun } from '../../kit/src/triggers/backfill.ts';
import { forgetDeletedUser, sweepStaleDevices } from '../../kit/src/triggers/devices.ts';
import { addressId } from '../../kit/src/model/address.ts';
import { emulatedProject } from '../emulated-project.ts';
import { AuthEmulator } from './auth-emulator.ts';

const said: [string, object][] = [];
jest.mock('firebase-functions/logger', () => {
  const say = (message: string, fields: object) => said.push([message, fields]);
  return { info: say, warn: say, error: say };
});

const PROJECT = emulatedProject('untouched');
// Asked for only when a function is called.
Object.assign(process.env, valuesIn({}), { GCLOUD_PROJECT: PROJECT.id });
afterAll(() => firestore().terminate());
beforeEach(async () => {
  said.length = 0;
  await PROJECT.empty();
});

const db = () => PROJECT.firestore();

/** What is in every collection. */
async function everything(): Promise<unknown> {
  const collections = await db().listCollections();
  const all = await Promise.all(collections.map((each) => each.get()));
  return all.flatMap(({ docs }) => docs.map((each) => [each.ref.path, each.data()]));
}

it('the backfill after a deploy says how many addresses have no record, and what to do', async () => {
  const crowd = Array.from({ length: 22 }, (_, nth) => `phone${nth}:APA91b`);
  await db().doc('users/ann').set({ tokens: crowd });
  await db()
    .doc('users/bea')
    .set({ tokens: ['b:APA91b', 'b:APA91b', { of: 'the app' }] });
  await db().doc('users/cleo').set({ displayName: 'Cleo' });
  const before = await everything();

  await backfillDryRun.run({ data: {} } as Parameters<typeof backfillDryRun.run>[0]);
  expect(said).toEqual([
    [
      expect.stringContaining('nothing was changed'),
      {
        ...{ users: 3, addresses: 23, missing: 23, recorded: 0, lost: 0 },
        ...{ beyondLimit: 2, healed: 1, unknown: 1, isComplete: true },
        hint: expect.stringContaining(
          'npx @firestore-push/push backfill --project ID --apply',
        ) as string,
      },
    ],
  ]);
  expect(await everything()).toEqual(before);
});

it('the sweep says which devices are stale, however long they are', async () => {
  const longAgo = Timestamp.fromMillis(Date.UTC(2019, 0));
  for (const refreshedBy of ['call', 'array']) {
    const address = `${refreshedBy}:APA91b`;
    await db()
      .doc(`users/${refreshedBy}`)
      .set({ tokens: [address] });
    await db()
      .doc(`devices/${addressId(address)}`)
      .set({
        ...{ uid: refreshedBy, address, kind: 'fcm', topics: [], refreshedBy },
        ...{ createdAt: longAgo, refreshedAt: longAgo },
      });
  }
  const before = await everything();

  await sweepStaleDevices.run({ scheduleTime: '' });
  expect(said).toContainEqual([
    'stale devices swept',
    expect.objectContaining({ stale: 2, dropped: 0, isDryRun: true }),
  ]);
  expect(await everything()).toEqual(before);
});

it('the end of an account takes the addresses, and leaves the document with what is the app’s', async () => {
  await new AuthEmulator(PROJECT.id).deleteAll();
  const theirs = { displayName: 'Dan', plan: 'gold', notificationSettings: { like: false } };
  await db()
    .doc('users/dan')
    .set({ ...theirs, tokens: ['d:APA91b', { of: 'the app' }] });
  await db().doc('profiles/dan').set({ bio: 'Hi' });

  const event = { id: 'e1', data: { uid: 'dan' } };
  await forgetDeletedUser.run(event as unknown as Parameters<typeof forgetDeletedUser.run>[0]);
  expect(await everything()).toEqual([
    ['profiles/dan', { bio: 'Hi' }],
    ['users/dan', { ...theirs, tokens: [{ of: 'the app' }] }],
  ]);
});
