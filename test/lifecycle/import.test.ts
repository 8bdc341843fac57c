/**
 * Addresses that a team keeps in documents of its own: they are registered and unregistered as these change, whatever order
 * events come in, and nothing of the team's is ever touched.
 */
import { Timestamp } from '@google-cloud/firestore';
import * as fc from 'fast-check';
import { importDevices } from '@firestore-push/push/lib';
import { TeamDocuments, type Importer } from './team-documents.ts';
import { World } from './world.ts';
import {
  importDeviceDocuments,
  importFcmTokens,
  importFromKeys,
  importFromMap,
  importFromObjects,
  importInstallations,
} from './your-data/imports.ts';

const PHONE = 'phone:APA91b-1';
const TABLET = 'tablet:APA91b-2';
const FID = 'cAbCdEfGhIjKlMnOpQrStU';

type Team<Import> = Import extends Importer<infer Ids> ? TeamDocuments<Ids> : never;

let world: World;
beforeEach(async () => {
  world = await World.create({ maxAddresses: 3, maxTakeoversPerDay: 2 });
});
afterEach(async () => {
  await world.deliver();
  await world.check();
});

const tokens = (uid: string) => world.tokensOf(uid);
const sortedTokens = async (uid: string) => ((await tokens(uid)) as string[]).toSorted();

describe('a subcollection with a document for each token', () => {
  let team: Team<typeof importFcmTokens>;
  const path = (uid: string, token = PHONE) => `profiles/${uid}/fcmTokens/${token}`;
  beforeEach(() => {
    team = new TeamDocuments(world, importFcmTokens);
  });

  it('registers a token, as an array would', async () => {
    const event = await team.writes(path('ola'), {});
    await team.trigger(event);
    expect(await tokens('ola')).toEqual([PHONE]);
    expect(await world.recordOf(PHONE)).toMatchObject({
      ...{ uid: 'ola', refreshedBy: 'array', topics: [] },
      refreshedAt: Timestamp.fromMillis(event.writtenAt),
    });
    // Before it was registered, and after it, if it is still there.
    expect(team.reads).toEqual([path('ola'), path('ola')]);
  });

  it('unregisters one that is deleted', async () => {
    await team.imports(path('ola'), {});
    await team.imports(path('ola', TABLET), {});
    await team.imports(path('ola'), undefined);
    expect(await tokens('ola')).toEqual([TABLET]);
    expect(await world.recordOf(PHONE)).toBeUndefined();
  });

  it('reads nothing where no address changed', async () => {
    await team.imports(path('ola'), {});
    team.reads.length = 0;
    await team.imports(path('ola'), { lastUsed: 7 });
    expect(team.reads).toEqual([]);
  });

  it('changes nothing by an event that comes twice', async () => {
    const event = await team.writes(path('ola'), {});
    await team.trigger(event);
    const record = await world.recordOf(PHONE);
    const { updateTime } = await world.db.doc('users/ola').get();
    await team.trigger(event);
    expect(await world.recordOf(PHONE)).toEqual(record);
    expect((await world.db.doc('users/ola').get()).updateTime).toEqual(updateTime);
    expect(team.log).toEqual(['ola imported']);
  });

  it('acts on what is so now, whatever order events come in', async () => {
    const events = [
      await team.writes(path('ola'), {}),
      await team.writes(path('ola'), undefined),
      await team.writes(path('ola'), { again: true }),
      await team.writes(path('ola', TABLET), {}),
      await team.writes(path('ola', TABLET), undefined),
    ];
    for (const event of [...events].reverse()) await team.trigger(event);
    for (const event of events) await team.trigger(event);
    expect(await tokens('ola')).toEqual([PHONE]);
  });

  it('does so also where events are worked on at once, and the app calls meanwhile', async () => {
    const event = await team.writes(path('ola'), {});
    await team.trigger(event, event, event, await team.writes(path('ola', TABLET), {}));
    expect((await sortedTokens('ola')).length).toBe(2);
    const removed = await team.writes(path('ola'), undefined);
    await world.noting(() =>
      Promise.all([
        team.run(removed),
        team.run(removed),
        team.run(event),
        world.ownership.register('lia', { address: PHONE, facts: {} }),
      ]),
    );
    expect(await tokens('ola')).toEqual([TABLET]);
    expect(await tokens('lia')).toEqual([PHONE]);
  });

  it('keeps nothing that left the document while it was being registered', async () => {
    const event = await team.writes(path('ola'), {});
    team.afterRead = async () => {
      // All of it: there is no record yet that it could take away.
      await team.run(await team.writes(path('ola'), undefined));
    };
    await world.noting(() => team.run(event));
    await world.deliver();
    expect(await tokens('ola')).toEqual([]);
  });

  it('gives a phone to whoever’s document was written last, whatever order events come in', async () => {
    const first = await team.writes(path('ola'), {});
    const second = await team.writes(path('lia'), {});
    await team.trigger(second);
    await team.trigger(first);
    expect(team.log).toEqual(['lia imported', 'ola lost']);
    expect(await tokens('lia')).toEqual([PHONE]);
    expect(await tokens('ola')).toBeUndefined();
  });

  it('takes nothing back from a later owner, and removes nothing of theirs', async () => {
    const added = await team.writes(path('ola'), {});
    await team.trigger(added);
    const removed = await team.writes(path('ola'), undefined);
    await world.registers('lia', PHONE);
    await world.deliver();
    await team.trigger(removed);
    await team.imports(path('ola'), {});
    expect(await tokens('ola')).toEqual([PHONE]);
    await world.registers('lia', PHONE);
    await team.trigger(added);
    expect(await tokens('lia')).toEqual([PHONE]);
    expect(await tokens('ola')).toEqual([]);
  });

  it('loses to an array that was written later and has no record yet', async () => {
    const event = await team.writes(path('ola'), {});
    await world.seed({ lia: [PHONE] });
    await team.trigger(event);
    expect(team.log).toEqual(['ola lost']);
    await world.noting(() => world.ownership.reconcile('lia', PHONE, {}));
  });

  it('keeps a token that another document of the same user has, too', async () => {
    const other = new TeamDocuments(world, importDeviceDocuments);
    await other.imports('people/ola/devices/one', { token: PHONE });
    await other.imports('people/ola/devices/two', { token: PHONE });
    await other.imports('people/ola/devices/one', undefined);
    expect(await tokens('ola')).toEqual([PHONE]);
    await other.imports('people/ola/devices/two', undefined);
    expect(await tokens('ola')).toEqual([]);
  });

  it('leaves a device alone that its app has registered by call', async () => {
    await team.imports(path('ola'), {});
    await world.registers('ola', PHONE, { platform: 'ios' });
    await team.imports(path('ola'), undefined);
    expect(await tokens('ola')).toEqual([PHONE]);
    expect(await world.recordOf(PHONE)).toMatchObject({ refreshedBy: 'call', platform: 'ios' });
    await world.noting(() => world.ownership.unregister('ola', PHONE));
    expect(await tokens('ola')).toEqual([]);
  });

  it('leaves the installation that took the token’s place alone', async () => {
    await team.imports(path('ola', `${FID}:APA91b`), {});
    await world.registers('ola', FID, { replaces: `${FID}:APA91b` });
    await team.imports(path('ola', `${FID}:APA91b`), undefined);
    expect(await tokens('ola')).toEqual([FID]);
  });

  it('does not bring a pruned token back when another one comes', async () => {
    await team.imports(path('ola'), {});
    await world.noting(() => world.devices.prune('ola', [PHONE], world.now() + 60_000));
    expect(await tokens('ola')).toEqual([]);
    await team.imports(path('ola', TABLET), {});
    expect(await tokens('ola')).toEqual([TABLET]);
    expect((await world.db.doc(path('ola')).get()).exists).toBe(true);
  });

  it.each([['constructor'], ['a%20b'], ['Électre'], ['ola.x']])(
    'registers for the user %s, as any other',
    async (uid) => {
      await team.imports(path(uid), {});
      expect(await tokens(uid)).toEqual([PHONE]);
    },
  );

  it('stops whoever collects other people’s tokens, and goes on', async () => {
    for (const name of ['a', 'b', 'c']) await world.registers(`${name}-owner`, `${name}:APA91b`);
    for (const name of ['a', 'b', 'c']) await team.imports(path('mallory', `${name}:APA91b`), {});
    expect(team.log).toEqual([
      'mallory imported a-owner',
      'mallory imported b-owner',
      expect.stringMatching(/^mallory refused: Expected at most 2 devices/),
    ]);
    expect(await tokens('c-owner')).toEqual(['c:APA91b']);
  });

  it('does not overwrite a field "tokens" that is no array', async () => {
    await world.db.doc('users/ola').set({ tokens: 'mine' });
    await team.imports(path('ola'), {});
    expect(team.log).toEqual([expect.stringMatching(/^ola refused: Expected the field "tokens"/)]);
    expect(await tokens('ola')).toBe('mine');
  });

  it('keeps as many as a user may have', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await team.imports(path('ola', `${name}:APA91b`), {});
    expect(await tokens('ola')).toEqual(['b:APA91b', 'c:APA91b', 'd:APA91b']);
    expect(team.log.at(-1)).toBe('ola tidied 0 1');
  });
});

describe('a map', () => {
  it('is followed, entry by entry', async () => {
    const team = new TeamDocuments(world, importFromMap);
    await team.imports('profiles/ola', { name: 'Ola', devices: { phone: PHONE, tablet: TABLET } });
    expect(await tokens('ola')).toEqual([PHONE, TABLET]);
    await team.imports('profiles/ola', { name: 'Ola', devices: { phone: 'new:APA91b', watch: 7 } });
    expect(await tokens('ola')).toEqual(['new:APA91b']);
    await team.imports('profiles/ola', { name: 'Ola' });
    expect(await tokens('ola')).toEqual([]);
    expect(team.log).toContain('profiles/ola skipped 1');
  });

  it('may have the tokens for keys', async () => {
    const team = new TeamDocuments(world, importFromKeys);
    await team.imports('members/ola', { pushTokens: { [PHONE]: true } });
    await team.imports('members/ola', { pushTokens: { [TABLET]: true } });
    expect(await tokens('ola')).toEqual([TABLET]);
  });

  it.each<[string, unknown]>([
    ['a string', PHONE],
    ['a number', 7],
    ['null', null],
    ['an array', [7, null, 'two words']],
    ['maps of maps', { a: { b: { c: PHONE } } }],
    ['1 MB of text', { a: 'x'.repeat(1_000_000) }],
    ['names of ids', { a: '..', b: '__x__' }],
  ])('that is %s hinders nobody', async (_what, devices) => {
    const team = new TeamDocuments(world, importFromMap);
    await team.imports('profiles/ola', { devices });
    await team.imports('profiles/ola', { devices: { phone: PHONE } });
    expect(await tokens('ola')).toEqual([PHONE]);
  });

  it('of a deleted profile takes the devices with it', async () => {
    const team = new TeamDocuments(world, importFromMap);
    await team.imports('profiles/ola', { devices: { phone: PHONE } });
    await team.imports('profiles/ola', undefined);
    expect(await tokens('ola')).toEqual([]);
  });

  it('that did not fit into its event is read', async () => {
    const team = new TeamDocuments(world, importFromMap);
    const event = await team.writes('profiles/ola', { devices: { phone: PHONE } });
    const bare = { ...event, isComplete: false, before: undefined, after: undefined };
    await team.trigger({ ...bare, paths: ['profiles/%6Fla', 'profiles/ola'] });
    expect(team.log).toEqual(['profiles/ola incomplete, found 1', 'ola imported']);
    await team.writes('profiles/%6Fla', { devices: { tablet: TABLET } });
    await team.trigger({ ...bare, paths: ['profiles/%6Fla', 'profiles/ola'] });
    await team.trigger({ ...bare, paths: ['profiles/nobody'] });
    expect(team.log.slice(2)).toEqual([
      'profiles/%6Fla incomplete, found 2',
      'profiles/nobody incomplete, found 0',
    ]);
  });
});

describe('an array of objects', () => {
  let team: Team<typeof importFromObjects>;
  beforeEach(() => {
    team = new TeamDocuments(world, importFromObjects);
  });
  const device = (token: string, more: object = {}) => ({ token, ...more });

  it('brings facts of the device along', async () => {
    const first = device(PHONE, { os: 'ios', language: 'de_AT' });
    await team.imports('accounts/ola', { pushDevices: [first, null, 7, {}, device('two words')] });
    expect(await world.recordOf(PHONE)).toMatchObject({ platform: 'ios', locale: 'de-AT' });
    expect(team.log).toEqual(['accounts/ola skipped 4', 'ola imported']);
    await team.imports('accounts/ola', { pushDevices: [{ ...first, language: 'en' }] });
    expect(await world.recordOf(PHONE)).toMatchObject({ platform: 'ios', locale: 'en' });
  });

  it('tells of an app’s start, which takes the phone back', async () => {
    await team.imports('accounts/ola', { pushDevices: [device(PHONE, { lastSeen: new Date(1) })] });
    await world.registers('lia', PHONE);
    await team.imports('accounts/ola', { pushDevices: [device(PHONE, { lastSeen: new Date(1) })] });
    expect(await tokens('lia')).toEqual([PHONE]);
    await team.imports('accounts/ola', { pushDevices: [device(PHONE, { lastSeen: new Date(2) })] });
    expect(await tokens('ola')).toEqual([PHONE]);
  });

  it('for which the function throws is logged, and the next one is imported', async () => {
    await team.imports('accounts/ola', { pushDevices: [device(PHONE)] });
    await team.imports('accounts/ola', { pushDevices: 'oops' });
    expect(await tokens('ola')).toEqual([PHONE]);
    await team.imports('accounts/ola', { pushDevices: [device(TABLET)] });
    expect(await tokens('ola')).toEqual([PHONE, TABLET]);
    expect(team.log.filter((line) => line.includes('faulty'))).toHaveLength(2);
  });
});

describe('a collection of all devices', () => {
  let team: Team<typeof importInstallations>;
  beforeEach(() => {
    team = new TeamDocuments(world, importInstallations);
  });

  it('moves a device to whom the document names', async () => {
    await team.imports('installations/i1', { userId: 'ola', fcmToken: PHONE, appVersion: '1.0' });
    await team.imports('installations/i1', { userId: 'lia', fcmToken: PHONE, appVersion: '1.0' });
    expect(await tokens('ola')).toEqual([]);
    expect(await tokens('lia')).toEqual([PHONE]);
    await team.imports('installations/i1', { fcmToken: PHONE });
    expect(await tokens('lia')).toEqual([]);
  });

  it.each<[unknown]>([['..'], ['__x__'], ['a/b/c'], [''], [7], [['ola']]])(
    'that names %j, who can be no user, imports nothing and goes on',
    async (userId) => {
      await team.imports('installations/i1', { userId, fcmToken: PHONE });
      expect(team.log).toHaveLength(1);
      expect(team.log[0]).toContain('faulty: Error: Expected owner to return a user id');
      await team.imports('installations/i1', { userId: 'ola', fcmToken: PHONE });
      expect(await tokens('ola')).toEqual([PHONE]);
    },
  );
});

describe('the backfill', () => {
  const none = { known: 0, missing: 0, imported: 0, lost: 0, refused: 0, faulty: 0 };
  let team: Team<typeof importFcmTokens>;
  beforeEach(async () => {
    team = new TeamDocuments(world, importFcmTokens);
    await team.writes(`profiles/zoe/fcmTokens/${PHONE}`, {});
    await team.writes(`profiles/ola/fcmTokens/${PHONE}`, {});
    await team.writes(`profiles/ola/fcmTokens/${TABLET}`, {});
    await team.writes('profiles/lia/fcmTokens/not a token', {});
    // Of a collection of the same name, but not of the pattern.
    await team.writes('fcmTokens/elsewhere', {});
    await team.writes('shops/s1/fcmTokens/till', {});
    await team.writes('profiles/lia', { name: 'Lia' });
  });

  it('counts by default, and changes nothing', async () => {
    const { counts, isComplete } = await team.backfill();
    expect({ counts, isComplete }).toEqual({
      counts: { ...none, documents: 4, addresses: 3, notAddresses: 1, missing: 3 },
      isComplete: true,
    });
    expect((await world.db.collection('users').get()).size).toBe(0);
  });

  it('imports; a token of several users goes to whose document was written last', async () => {
    const { counts } = await team.backfill({ isDryRun: false });
    expect(counts).toMatchObject({ documents: 4, addresses: 3, missing: 3 });
    expect(counts.imported + counts.lost).toBe(3);
    expect(await sortedTokens('ola')).toEqual([PHONE, TABLET]);
    expect(await world.recordOf(PHONE)).toMatchObject({ uid: 'ola', refreshedBy: 'array' });
    const { counts: again } = await team.backfill({ isDryRun: false });
    expect(again).toMatchObject({ known: 2, missing: 1, imported: 0, lost: 1 });
  });

  it('gives the same whichever document comes first, and counts no takeovers', async () => {
    await team.writes(`profiles/aaa/fcmTokens/${PHONE}`, {});
    await team.writes(`profiles/mmm/fcmTokens/${TABLET}`, {});
    await team.backfill({ isDryRun: false, pageSize: 1 });
    expect(await tokens('aaa')).toEqual([PHONE]);
    expect(await tokens('mmm')).toEqual([TABLET]);
    const { takeovers } = (await world.db.doc('users/mmm').get()).data() ?? {};
    expect(takeovers).toBeUndefined();
  });

  it('goes on after the document where it was stopped', async () => {
    let pages = 0;
    const first = await team.backfill({ isDryRun: false, pageSize: 2 }, () => pages++ === 1);
    expect(first.isComplete).toBe(false);
    const after = first.progress.at(-1) ?? '';
    const second = await team.backfill({ isDryRun: false, pageSize: 2, after });
    expect(second.isComplete).toBe(true);
    expect(first.counts.documents + second.counts.documents).toBe(4);
    expect(await sortedTokens('ola')).toEqual([PHONE, TABLET]);
  });

  it('counts devices as refreshed now, and takes them from nobody who logged in since', async () => {
    await world.registers('lia', TABLET);
    world.ahead = 100 * 86_400_000;
    await team.backfill({ isDryRun: false });
    expect(await tokens('lia')).toEqual([TABLET]);
    const record = await world.recordOf(PHONE);
    expect(record?.refreshedAt.toMillis()).toBeGreaterThan(world.now() - 60_000);
    // What its app wrote before the backfill, but after the documents, is later than what came in by it.
    const event = await team.writes(`profiles/eva/fcmTokens/${PHONE}`, {});
    await team.trigger(event);
    expect(await tokens('eva')).toEqual([PHONE]);
  });

  it('reads only the collection where the path has no other wildcard', async () => {
    const profiles = new TeamDocuments(world, importFromMap);
    await profiles.writes('profiles/ola', { devices: { phone: PHONE } });
    await profiles.writes('teams/t1/profiles/ola', { devices: { phone: TABLET } });
    const { counts } = await profiles.backfill({ isDryRun: false });
    expect(counts).toMatchObject({ documents: 2, addresses: 1, imported: 1 });
    expect(await tokens('ola')).toEqual([PHONE]);
  });

  it('counts documents for which the function throws', async () => {
    const accounts = new TeamDocuments(world, importFromObjects);
    await accounts.writes('accounts/ola', { pushDevices: 'oops' });
    await accounts.writes('accounts/lia', { pushDevices: [{ token: PHONE }] });
    const { counts } = await accounts.backfill({ isDryRun: false });
    expect(counts).toMatchObject({ documents: 2, faulty: 1, imported: 1 });
  });

  it('finds documents whose last segment is a name', async () => {
    const settings = importDevices({
      document: 'profiles/{uid}/private/push',
      addresses: ({ data }) => data.tokens as string[],
    });
    const team = new TeamDocuments(world, settings);
    await team.writes('profiles/ola/private/push', { tokens: [PHONE] });
    await team.writes('profiles/ola/private/other', { tokens: [TABLET] });
    const { counts } = await team.backfill({ isDryRun: false });
    expect(counts).toMatchObject({ documents: 1, imported: 1 });
  });
});

it('in any order of writes and events each phone ends with whoever’s document was written last', async () => {
  const uid = fc.constantFrom('ola', 'lia');
  const write = fc.record({ uid, isThere: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(write, { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(), { minLength: 1 }),
      async (writes, order) => {
        world = await World.create();
        const team = new TeamDocuments(world, importFcmTokens);
        const events = [];
        for (const { uid, isThere } of writes) {
          const path = `profiles/${uid}/fcmTokens/${PHONE}`;
          events.push(await team.writes(path, isThere ? { at: Date.now() } : undefined));
        }
        const pending = [...events, ...events.slice(0, 2)];
        for (let turn = 0; pending.length > 0; turn += 1) {
          const index = (order[turn % order.length] ?? 0) % pending.length;
          for (const event of pending.splice(index, 1)) await team.trigger(event);
        }
        await world.check();
        const there = (await world.db.collectionGroup('fcmTokens').get()).docs;
        const holders = [];
        for (const uid of ['ola', 'lia']) {
          if (((await world.tokensOf(uid)) as string[] | undefined)?.length) holders.push(uid);
        }
        // Whoever has it has a document that says so; if anybody has one, somebody has it.
        expect(holders.length).toBe(Math.min(1, there.length));
        const owners = there.map((found) => found.ref.parent.parent?.id);
        for (const holder of holders) expect(owners).toContain(holder);
      },
    ),
    { numRuns: 15 },
  );
});
