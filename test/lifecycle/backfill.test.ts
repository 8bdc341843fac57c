/**
 * The one-off run over a user base that is older than the device records.
 */
import { Timestamp } from '@google-cloud/firestore';
import { backfillDevices, type BackfillOptions } from '../../kit/src/devices/backfill.ts';
import { addressId } from '../../kit/src/model/address.ts';
import { World } from './world.ts';

let world: World;
const seen: string[] = [];
const left: string[] = [];
beforeEach(async () => {
  world = await World.create({ maxAddresses: 3 });
  seen.length = 0;
  left.length = 0;
});

function backfill(options: Partial<BackfillOptions> = {}, shouldStop = () => false) {
  return backfillDevices(
    { after: '', isDryRun: false, pageSize: 2, maxAddresses: world.maxAddresses, ...options },
    {
      users: world.users,
      ownership: world.ownership,
      removal: world.removal,
      now: () => world.now(),
      leaving: (uid, { healed, beyondLimit }) => left.push(`${uid} ${healed} ${beyondLimit}`),
      progress: (after) => seen.push(after),
      shouldStop,
    },
  );
}

const base = {
  ann: ['a:APA91b', 'shared:APA91b'],
  bea: ['b:APA91b', 7],
  cleo: 'no list',
  dora: ['d1:APA91b', 'd2:APA91b', 'd3:APA91b', 'd4:APA91b'],
  eve: ['shared:APA91b'],
};

describe('the backfill', () => {
  it('gives every address a record, and a shared one to the newest document', async () => {
    await world.seed(base);
    const { counts, isComplete } = await backfill();
    await world.check();
    expect(isComplete).toBe(true);
    expect(counts).toEqual({
      users: 5,
      addresses: 8,
      missing: 6,
      recorded: 5,
      lost: 1,
      healed: 0,
      unknown: 2,
      beyondLimit: 1,
    });
    expect(await world.tokensOf('ann')).toEqual(['a:APA91b']);
    expect(await world.tokensOf('eve')).toEqual(['shared:APA91b']);
    expect(await world.tokensOf('dora')).toEqual(['d2:APA91b', 'd3:APA91b', 'd4:APA91b']);
    expect(await world.recordOf('a:APA91b')).toMatchObject({ uid: 'ann', refreshedBy: 'array' });
  });

  it('counts without a change in a dry run', async () => {
    await world.seed(base);
    const { counts } = await backfill({ isDryRun: true });
    expect(counts).toMatchObject({
      users: 5,
      missing: 8,
      recorded: 0,
      healed: 0,
      unknown: 2,
      beyondLimit: 1,
    });
    expect((await world.db.collection('devices').get()).size).toBe(0);
    expect(left).toEqual(['dora 0 1']);
    expect(await world.tokensOf('bea')).toEqual(['b:APA91b', 7]);
  });

  it('goes on after the user where it was stopped, and says how far it came', async () => {
    await world.seed(base);
    const { isComplete } = await backfill({}, () => seen.length === 1);
    expect(isComplete).toBe(false);
    expect(seen).toEqual(['bea']);
    const { counts } = await backfill({ after: 'bea' });
    expect(counts.users).toBe(3);
    expect(seen).toEqual(['bea', 'dora', 'eve']);
    await world.check();
  });

  it('heals what is older than its rules: spellings, forms, and records under them', async () => {
    const [fid, hex] = ['cAbCdEfGhIjKlMnOpQrStU', 'ab'.repeat(32)];
    const at = Timestamp.fromMillis(world.now() - 60_000);
    await world.seed({
      ann: [`${fid}:APA91b`, { mine: 1 }, fid],
      bea: [hex.toUpperCase()],
      cleo: [hex],
    });
    await world.db.doc(`devices/${addressId(hex.toUpperCase())}`).set({
      uid: 'bea',
      address: hex.toUpperCase(),
      kind: 'apns',
      environment: 'sandbox',
      topics: ['news'],
      createdAt: at,
      refreshedAt: at,
      refreshedBy: 'call',
    });
    const { counts } = await backfill();
    await world.check();
    expect(counts).toMatchObject({ healed: 2, unknown: 1, lost: 1 });
    expect(await world.tokensOf('ann')).toEqual([{ mine: 1 }, fid]);
    expect(await world.tokensOf('bea')).toEqual([hex]);
    expect(await world.recordOf(hex)).toMatchObject({
      uid: 'bea',
      topics: ['news'],
      environment: 'sandbox',
    });
    expect((await world.db.collection('devices').get()).size).toBe(2);
  });

  it('changes nothing the second time', async () => {
    await world.seed(base);
    await backfill();
    const { counts } = await backfill();
    expect(counts).toMatchObject({ missing: 0, recorded: 0, lost: 0, healed: 0 });
    await world.check();
  });

  it('leaves an address with the owner on record, whoever else has it in the array', async () => {
    await world.registers('zoe', 'shared:APA91b');
    await world.seed({ ann: ['shared:APA91b'] });
    await backfill();
    await world.check();
    expect(await world.tokensOf('ann')).toEqual([]);
    expect(await world.tokensOf('zoe')).toEqual(['shared:APA91b']);
  });

  it('counts a device as refreshed now, because nobody knows when it was', async () => {
    await world.seed({ ann: ['a:APA91b'] });
    world.ahead = 100 * 86_400_000;
    await backfill();
    expect((await world.recordOf('a:APA91b'))?.refreshedAt.toMillis()).toBeGreaterThan(
      world.now() - 60_000,
    );
  });
});
