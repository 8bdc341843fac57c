/** What becomes of a push whose document is deleted before it went out, with the real engine, simulator and Firestore. */
import { beginWithAna, like, LIKE, PHONE, SHOWN } from './catalogue.ts';
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

describe('a push that quiet hours hold', () => {
  const OLA = 'ola-phone:APA91b-1';
  const order = async (name: string) => {
    world.now += 60_000;
    const document = `orders/${name}`;
    await world.db.doc(document).set({});
    const made = world.order({ to: 'ola', title: name }, `order-${name}`);
    const choice = { target: 'walls/w1', withdraw: 'before' } as const;
    await world.boot().deliver({ ...made, document, content: { ...made.content, choice } });
  };
  const reasons = async (name: string) => (await world.entry(`order-${name}`)).reasons;

  beforeEach(async () => {
    const quietHours = { wed: '10:00-12:00' };
    await world.addUser('ola', [OLA], { quietHours, timeZone: 'UTC' });
    await order('o1');
    await order('o2');
  });

  it('is not sent when they end, if its document is deleted, and the one before it is', async () => {
    await world.db.doc('orders/o2').delete();
    await world.settle();
    expect(await reasons('o2')).toEqual({ ola: 'withdrawn' });
    expect(await reasons('o1')).toEqual({ ola: 'delivered' });
    expect(world.titles(OLA)).toEqual(['o1']);
  });

  it('is sent where only the one before it was deleted', async () => {
    await world.db.doc('orders/o1').delete();
    await world.settle();
    expect(await reasons('o1')).toEqual({ ola: 'withdrawn' });
    expect(world.titles(OLA)).toEqual(['o2']);
  });
});

describe('a wave of a kind that is withdrawn from devices', () => {
  const GIVEN = NOW;
  const TABLET = 'ana-tablet:APA91b-address';
  const id = 'wave-e1';
  const withdrawal = 'wave-e2-withdrawal';

  async function give(eventId = 'e1', at = GIVEN): Promise<void> {
    await world.db.doc(LIKE).set({});
    await SHOWN.created(world, eventId, at);
  }
  const takenBack = (eventId = 'e2', at = GIVEN + 100, givenAt = GIVEN) =>
    SHOWN.deleted(world, eventId, at, givenAt);
  async function takeBack(): Promise<void> {
    await remove();
    await takenBack();
  }
  const exists = async (entry: string) => (await world.db.doc(`deliveries/${entry}`).get()).exists;
  /** What apps were told to remove, by address. */
  const removed = (address: string): unknown[] =>
    world.simulator.requests({ address }).flatMap(({ body }) => {
      const { message } = body as { message: { data: Record<string, string> } };
      return 'withdraw' in message.data ? [message.data['withdraw']] : [];
    });

  it('is taken from her phone, once, however often the event comes', async () => {
    await give();
    expect(world.titles(PHONE)).toEqual(['Somebody liked your post']);
    await remove();
    await Promise.all([takenBack(), takenBack()]);
    await takenBack();
    await world.settle();
    expect(removed(PHONE)).toEqual([id]);
    expect(await world.entry(withdrawal)).toMatchObject({
      ...{ state: 'done', type: 'wave', withdraws: id, document: LIKE },
      reasons: { ana: 'delivered' },
    });
    expect(await world.entry(id)).toMatchObject({ shownAs: { tag: id } });
  });

  it('is not sent where its deletion is heard of first', async () => {
    await takenBack();
    await SHOWN.created(world, 'e1', GIVEN);
    expect(await world.entry(id)).toMatchObject({ state: 'done', withheld: 'withdrawn' });
    expect(await exists(withdrawal)).toBe(false);
    expect(world.sends(PHONE)).toBe(0);
  });

  it('is withdrawn once it was sent, where that is under way', async () => {
    world.simulator.addFault({ times: 1, then: { delayMs: 1_500 } });
    const giving = give();
    // It has looked for its document by the time it asks for her devices' turn.
    await world.until(() => world.simulator.requests({ address: PHONE }).length > 0);
    await remove();
    await expect(takenBack()).rejects.toThrow(`Delivery ${id} is still being sent`);
    await giving;
    await takenBack();
    expect(removed(PHONE)).toEqual([id]);
  });

  it('is withdrawn from the device that has it, and not sent to the one that waits', async () => {
    await world.addUser('ana', [PHONE, TABLET]);
    world.simulator.addFault({ match: { address: TABLET }, times: 1, then: AGAIN_LATER });
    await give();
    await takeBack();
    await world.settle();
    expect(await world.entry(id)).toMatchObject({
      ...{ state: 'done', withheld: 'withdrawn', reasons: { ana: 'delivered' } },
    });
    expect(removed(PHONE)).toEqual([id]);
    expect(world.titles(TABLET)).toEqual([]);
  });

  it('is not withdrawn from whoever has not got it', async () => {
    fcm.answer(AGAIN_LATER);
    await give();
    fcm.answerAsUsual();
    await takeBack();
    await world.settle();
    expect(await exists(withdrawal)).toBe(false);
    expect(world.sends(PHONE)).toBe(1);
  });

  it('is withdrawn where an instance died after sending it, before that was recorded', async () => {
    world.power.cutAtNext('fcm.send', true);
    await expect(give()).rejects.toThrow('power cut');
    await remove();
    await expect(takenBack()).rejects.toThrow('still being sent');
    await world.settle();
    expect(await world.entry(id)).toMatchObject({ withheld: 'withdrawn' });
    await takenBack();
    await world.settle();
    expect(removed(PHONE)).toEqual([id]);
    expect(world.sends(PHONE)).toBe(2);
  });

  it('is withdrawn where an instance dies over that', async () => {
    await give();
    await remove();
    world.power.cutAtNext('ledger.claim', true);
    await expect(takenBack()).rejects.toThrow('power cut');
    await world.settle();
    await takenBack();
    expect(removed(PHONE)).toEqual([id]);
  });

  it('is withdrawn by itself, where it is given again before that is heard of', async () => {
    await give();
    await remove();
    await give('e3', GIVEN + 200);
    await takenBack();
    expect(removed(PHONE)).toEqual([id]);
    await remove();
    await takenBack('e4', GIVEN + 5_300, GIVEN + 200);
    expect(removed(PHONE)).toEqual([id, 'wave-e3']);
  });

  it('is withdrawn whatever she has muted since, and while she is not to be disturbed', async () => {
    await give();
    const quietHours = { wed: '00:00-00:00' };
    await world.addUser('ana', [PHONE], { notificationSettings: { wave: false }, quietHours });
    await takeBack();
    expect(removed(PHONE)).toEqual([id]);
  });

  it('is not withdrawn because it changes', async () => {
    await give();
    await SHOWN.changed(world, 'e2', GIVEN + 100, GIVEN);
    expect(world.sends(PHONE)).toBe(1);
  });
});
