/**
 * Who may take whose device, and how often: collectors are stopped, owners get back what is theirs.
 */
import { World } from './world.ts';

const PHONE = 'phone:APA91b-1';
const FID = 'cAbCdEfGhIjKlMnOpQrStU';

let world: World;
beforeEach(async () => {
  world = await World.create({ maxTakeoversPerDay: 2 });
});
afterEach(async () => {
  await world.deliver();
  await world.check();
});

const countOf = async (uid: string): Promise<unknown> => {
  const takeovers: unknown = (await world.db.doc(`users/${uid}`).get()).get('takeovers');
  return (takeovers as { count: number } | undefined)?.count ?? 0;
};

describe('two users who take one phone from each other by turns', () => {
  it.each<[string, (uid: string) => Promise<unknown>]>([
    ['registerToken', (uid) => world.registers(uid, PHONE)],
    [
      'the array',
      async (uid) => {
        await world.adds(uid, PHONE);
        await world.deliver();
      },
    ],
  ])('are never refused, by %s: whoever had it before has it back free', async (_way, takes) => {
    await takes('ola');
    for (let turn = 0; turn < 21; turn += 1) {
      await takes('mallory');
      expect(await world.tokensOf('mallory')).toEqual([PHONE]);
      await takes('ola');
      expect(await world.tokensOf('ola')).toEqual([PHONE]);
    }
    expect(await countOf('ola')).toBe(0);
    expect(await countOf('mallory')).toBe(1);
  });

  it('are not refused, although six accounts of one attacker had it in between', async () => {
    await world.registers('ola', PHONE);
    for (let turn = 0; turn < 3; turn += 1) {
      for (let nth = 0; nth < 6; nth += 1) await world.registers(`mallory-${nth}`, PHONE);
      await world.registers('ola', PHONE);
    }
    expect(await world.tokensOf('ola')).toEqual([PHONE]);
    expect(await countOf('ola')).toBe(1);
  });

  it('count it as one, by whichever of its addresses they take it', async () => {
    await world.registers('ola', FID);
    await world.registers('mallory', `${FID}:APA91b`);
    await world.registers('ola', FID);
    await world.registers('mallory', `${FID}:other`);
    expect(await countOf('mallory')).toBe(1);
  });

  it('may have it back for a month, and after that as anybody', async () => {
    await world.registers('ola', PHONE);
    await world.registers('lia', PHONE);
    world.ahead = 31 * 86_400_000;
    await world.registers('ola', PHONE);
    expect(await countOf('ola')).toBe(1);
  });
});

describe('an anonymous account', () => {
  const anonymous = { isAnonymous: true };

  it('registers a phone that is nobody’s, its own, or one that it had', async () => {
    await world.registers('anon', PHONE, anonymous);
    await world.registers('anon', PHONE, anonymous);
    await world.registers('ola', PHONE);
    await world.registers('anon', PHONE, anonymous);
    expect(await world.tokensOf('anon')).toEqual([PHONE]);
  });

  it('takes none from another user, and is told what to do', async () => {
    await world.registers('ola', PHONE);
    await expect(world.registers('anon', PHONE, anonymous)).rejects.toMatchObject({
      code: 'permission-denied',
      message: expect.stringContaining('deleteToken()') as string,
    });
    expect(await world.tokensOf('ola')).toEqual([PHONE]);
    expect(await world.tokensOf('anon')).toBeUndefined();
  });

  it('takes none by another of its addresses, nor one that is older than the records', async () => {
    await world.registers('ola', FID);
    await expect(world.registers('anon', `${FID}:x`, anonymous)).rejects.toThrow('anonymous');
    await world.seed({ bo: [PHONE] });
    await expect(world.registers('anon', PHONE, anonymous)).rejects.toThrow('anonymous');
    await world.registers('bo', PHONE);
  });

  it('registers a phone whose owner has gone, which nobody loses', async () => {
    await world.registers('ola', PHONE);
    await world.db.doc('users/ola').delete();
    const { takenFrom } = await world.registers('anon', PHONE, anonymous);
    expect(takenFrom).toEqual([]);
    expect(await world.tokensOf('anon')).toEqual([PHONE]);
  });

  it('loses its phone to whoever signs in on it', async () => {
    await world.registers('anon', PHONE, anonymous);
    expect((await world.registers('ola', PHONE)).takenFrom).toEqual(['anon']);
  });
});
