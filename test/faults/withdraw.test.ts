/** What becomes of a push whose document is deleted before it went out, with the real engine, simulator and Firestore. */
import { beginWithAna, like, LIKE, PHONE } from './catalogue.ts';
import { FailingFcm } from './failing-fcm.ts';
import { World } from './world.ts';

const NOW = Date.parse('2026-03-04T10:00:00Z');
const AGAIN_LATER = { status: 503 } as const;

let world: World;
let fcm: FailingFcm;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  await beginWithAna(world, NOW);
  fcm = new FailingFcm(world);
});
afterAll(() => world.close());

const remove = () => world.db.doc(LIKE).delete();

describe('a wave that is taken back before its push went out', () => {
  it('is not sent, and the ledger says why', async () => {
    fcm.answer(AGAIN_LATER);
    const id = await like(world, LIKE, 'e1');
    fcm.answerAsUsual();
    await remove();
    await world.settle();
    expect(await world.entry(id)).toMatchObject({
      state: 'done',
      withheld: 'withdrawn',
      reasons: { ana: 'withdrawn' },
      counts: { recipients: 1, addresses: 1, delivered: 0 },
      pending: [],
    });
    expect(world.titles(PHONE)).toEqual([]);
    expect(world.sends(PHONE)).toBe(1);
  });

  it('is sent if it is given again meanwhile', async () => {
    fcm.answer(AGAIN_LATER);
    const id = await like(world, LIKE, 'e1');
    fcm.answerAsUsual();
    await remove();
    await world.db.doc(LIKE).set({});
    await world.settle();
    expect(await world.entry(id)).toMatchObject({ state: 'done', reasons: { ana: 'delivered' } });
  });

  it('is sent if its kind does not care', async () => {
    fcm.answer(AGAIN_LATER);
    const id = await like(world, LIKE, 'e1', { withdraw: 'no' });
    fcm.answerAsUsual();
    await remove();
    await world.settle();
    expect(await world.entry(id)).toMatchObject({ state: 'done', reasons: { ana: 'delivered' } });
  });
});
