/**
 * What is told once although it happens often, what waits for its turn, and how often one person is told.
 */
import { NO_LIMITS } from '../../kit/src/decision/limits.ts';
import type { Recomposed } from '../../kit/src/delivery/deps.ts';
import { HOUR_MS, MINUTE_MS } from '../../kit/src/model/durations.ts';
import { addCrowd, limitedEvent, outcomesIn, passTime } from './limited.ts';
import { loseAnswers } from './lost-answers.ts';
import { World } from './world.ts';

const PHONE = 'ana:APA91b-phone';
const WAVE = 'walls/p1/waves/leo';

let world: World;

beforeAll(async () => {
  world = await World.create({ shardSize: 5 });
});
afterAll(() => world.close());
beforeEach(async () => {
  world.simulator.reset();
  await world.emptyDatabase();
  await world.addUser('ana', [PHONE]);
  world.limits = { ...NO_LIMITS, repeatMs: HOUR_MS };
});

const event = (id: string, more: Partial<Parameters<typeof limitedEvent>[2]> = {}) =>
  limitedEvent(world, id, { to: 'ana', document: WAVE, ...more });

async function happen(...orders: readonly ReturnType<typeof event>[]): Promise<void> {
  for (const order of orders) await world.deliverUntilAcknowledged(order);
  await world.settle();
}

describe('a document that is deleted and created again', () => {
  it('forty times is told once, one after the other', async () => {
    for (let nth = 0; nth < 40; nth += 1) await happen(event(`wave-${nth}`));
    expect(world.sends(PHONE)).toBe(1);
    const { told, repeated, ...others } = await outcomesIn(world);
    expect([told, repeated?.length, others]).toEqual([['wave-0'], 39, {}]);
    expect((await world.entry('wave-7')).reasons).toEqual({ ana: 'repeated' });
  });

  it('forty times at once is told once, by whichever of two instances', async () => {
    const [one, two] = [world.boot(), world.boot()];
    await Promise.all(
      Array.from({ length: 40 }, (_, nth) => (nth % 2 ? one : two).deliver(event(`wave-${nth}`))),
    );
    await world.settle();
    const { told, repeated } = await outcomesIn(world);
    // The order is that of Firestore's clock at the claim, which may be a few milliseconds behind that of the commits.
    expect(told?.length).toBeLessThanOrEqual(2);
    expect((told?.length ?? 0) + (repeated?.length ?? 0)).toBe(40);
    expect(world.sends(PHONE)).toBe(told?.length);
  });

  it('is told anew when its time is over, whatever was withheld meanwhile', async () => {
    await happen(event('first'));
    await passTime(world, 50 * MINUTE_MS);
    await happen(event('second'));
    await passTime(world, 11 * MINUTE_MS);
    await happen(event('third'));
    expect(await outcomesIn(world)).toEqual({ told: ['first', 'third'], repeated: ['second'] });
  });

  it('is told where the first time reached nobody, or failed', async () => {
    await world.addUser('ana', []);
    await happen(event('no phone'));
    await world.addUser('ana', [PHONE]);
    world.simulator.addFault({ match: { address: PHONE }, times: 1, then: { status: 400 } });
    await happen(event('refused'), event('told'), event('again'));
    expect(await outcomesIn(world)).toEqual({
      told: ['no phone', 'refused', 'told'],
      repeated: ['again'],
    });
  });

  it('is told each time of a kind that says so, and of another document', async () => {
    await happen(
      event('first', { once: 'event' }),
      event('second', { once: 'event' }),
      event('other', { document: 'walls/p1/waves/mia' }),
    );
    expect(world.sends(PHONE)).toBe(3);
  });
});

it('what one person did to the same people is told once, where a kind says so', async () => {
  const of = (id: string, more: Partial<Parameters<typeof limitedEvent>[2]> = {}) =>
    event(id, { once: 'actor', document: `walls/p1/waves/${id}`, to: ['ana', 'bo'], ...more });
  await happen(of('first'), of('same', { to: ['bo', 'ana'] }));
  await happen(of('to others', { to: ['ana', 'cy'] }), of('of another', { actor: 'eve' }));
  expect(await outcomesIn(world)).toEqual({
    told: ['first', 'of another', 'to others'],
    repeated: ['same'],
  });
});

describe('a kind whose events wait for the budget', () => {
  beforeEach(() => {
    world.limits = { ...NO_LIMITS, perMinute: 6 };
  });
  const waiting = { overBudget: 'wait', once: 'event' } as const;

  it('are told in the next minutes, and count for nothing until then', async () => {
    const to = await addCrowd(world, 3, 1);
    for (let nth = 0; nth < 5; nth += 1) {
      await world.deliverUntilAcknowledged(event(`wave-${nth}`, { ...waiting, to }));
    }
    expect(await outcomesIn(world)).toEqual({
      told: ['wave-0', 'wave-1'],
      'under way': ['wave-2', 'wave-3', 'wave-4'],
    });
    const { sender, retryAt } = await world.entry('wave-2');
    expect(sender).toMatchObject({ actor: 'mallory', size: 3 });
    expect(sender?.at).toBeUndefined();
    const wait = (retryAt?.toMillis() ?? 0) - world.now;
    expect(wait).toBeGreaterThanOrEqual(MINUTE_MS);
    expect(wait).toBeLessThan(3 * MINUTE_MS);
    await passTime(world, MINUTE_MS);
    await world.deliverUntilAcknowledged(event('dropped', { to: 'ana', once: 'event' }));
    expect((await outcomesIn(world))['told']).toContain('dropped');
    await passTime(world, MINUTE_MS);
    // Two of them fit at once; the third waits for a further minute, which only the test lets pass.
    const due = world.takeTasks(({ kind }) => kind === 'due');
    for (const task of due) await world.boot().run(task);
    const { told } = await outcomesIn(world);
    expect(told?.filter((id) => id.startsWith('wave'))).toHaveLength(4);
    await passTime(world, 10 * MINUTE_MS);
    await world.settle();
    expect((await outcomesIn(world))['told']).toHaveLength(6);
    expect(world.sends('u000-0:APA91b-address')).toBe(5);
  });

  it('are dropped where their time is over before', async () => {
    const to = await addCrowd(world, 6, 1);
    await happen(event('first', { to }), event('late', { ...waiting, to, timeToLive: 30 }));
    expect(await outcomesIn(world)).toEqual({ told: ['first'], 'over-budget': ['late'] });
  });

  it('are dropped after a day of waiting', async () => {
    const to = await addCrowd(world, 6, 1);
    await happen(event('first', { to }), event('waits', { ...waiting, to }));
    // Firestore's clock stands still, so that the minute is never over.
    expect(await outcomesIn(world)).toEqual({ told: ['first'], 'over-budget': ['waits'] });
    const { createdAt, updatedAt } = await world.entry('waits');
    expect(updatedAt.toMillis() - createdAt.toMillis()).toBeGreaterThan(20 * HOUR_MS);
  });

  it('are not begun by an event that comes again meanwhile', async () => {
    const to = await addCrowd(world, 12, 1);
    world.limits = { ...NO_LIMITS, perMinute: 13 };
    const waits = event('waits', { ...waiting, to });
    await world.deliverUntilAcknowledged(event('first', { to }));
    await world.deliverUntilAcknowledged(waits);
    const before = world.tasks.length;
    await world.deliverUntilAcknowledged(waits);
    expect(world.tasks).toHaveLength(before);
  });
});

it('lists that are too long for an entry are composed once more when their turn comes', async () => {
  const to: string[] = [];
  const long = await World.create({
    shardSize: 5,
    recompose:
      (own) =>
      ({ id, document = '' }) =>
        Promise.resolve({
          kind: 'order',
          order: limitedEvent(own, id, { to, document, overBudget: 'wait' }),
        }),
  });
  long.limits = { ...NO_LIMITS, perMinute: 13 };
  to.push(...(await addCrowd(long, 12, 1)));
  await long.deliverUntilAcknowledged(limitedEvent(long, 'first', { to }));
  await long.deliverUntilAcknowledged(limitedEvent(long, 'waits', { to, overBudget: 'wait' }));
  expect((await long.entry('waits')).recompose).toBe(true);
  await passTime(long, MINUTE_MS);
  await long.settle();
  expect(await outcomesIn(long)).toEqual({ told: ['first', 'waits'] });
  expect(long.sends('u000-0:APA91b-address')).toBe(2);
  expect((await long.entry('waits')).counts.delivered).toBe(12);
  await long.close();
});

describe('lists that wait and are too long for an entry', () => {
  const failure = { error: 'no', errorCode: 'COMPOSE_FAILED' } as const;
  const deleted = { kind: 'nobody', why: 'it was deleted', about: [] } as const;
  it.each<[string, 'before' | undefined, Recomposed, object]>([
    [
      'of which the document is deleted meanwhile end without a push',
      'before',
      deleted,
      { state: 'done', withheld: 'withdrawn' },
    ],
    ['that are for nobody any more end', undefined, deleted, { state: 'done' }],
    [
      'that cannot be composed any more fail',
      'before',
      { kind: 'failed', failure },
      { state: 'failed', errorCode: 'COMPOSE_FAILED' },
    ],
  ])('%s', async (_what, withdraw, made, ending) => {
    // The queue takes no task's id a second time.
    world.now += HOUR_MS;
    world.limits = { ...NO_LIMITS, perMinute: 13 };
    const to = await addCrowd(world, 12, 1);
    const engine = world.boot({ recompose: () => Promise.resolve(made) });
    await happen(event('first', { to }));
    const order = event('waits', { to, once: 'event', overBudget: 'wait' });
    const choice = { ...order.content.choice, ...(withdraw && { withdraw }) };
    await engine.deliver({ ...order, content: { ...order.content, choice } });
    await passTime(world, 2 * MINUTE_MS);
    const due = world.takeTasks(({ kind }) => kind === 'due');
    for (const task of due) await engine.run(task);
    expect(await world.entry('waits')).toMatchObject(ending);
    expect(world.sends('u000-0:APA91b-address')).toBe(1);
  });
});

it('an entry that waits is kept until its turn has come, however soon others are deleted', async () => {
  const brief = await World.create({ retentionMs: 2 * 24 * HOUR_MS });
  brief.limits = { ...NO_LIMITS, perMinute: 1 };
  const quietHours = Object.fromEntries(
    ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'].map((day) => [day, '00:00-00:00']),
  );
  delete quietHours['fri'];
  brief.now = Date.parse('2027-01-16T01:00:00Z');
  await brief.addUser('ana', [PHONE], { quietHours, timeZone: 'UTC' });
  const waiting = { to: 'ana', once: 'event', overBudget: 'wait' } as const;
  await brief.deliverUntilAcknowledged(limitedEvent(brief, 'held', waiting));
  await brief.deliverUntilAcknowledged(limitedEvent(brief, 'over budget', waiting));
  for (const id of ['held', 'over budget']) {
    const { retryAt, expiresAt } = await brief.entry(id);
    expect(expiresAt.toMillis()).toBe((retryAt?.toMillis() ?? 0) + 2 * 24 * HOUR_MS);
  }
  await brief.close();
});

describe('how often one person is told in an hour', () => {
  beforeEach(async () => {
    world.limits = { ...NO_LIMITS, recipientPerHour: 2 };
    await world.addUser('bo', ['bo:APA91b-phone'], { notificationSettings: { order: false } });
  });

  it('is counted by what they got, whoever caused it', async () => {
    const reasonsOf = async (id: string, more = {}) => {
      await happen(event(id, { to: ['ana', 'bo'], document: `walls/p1/waves/${id}`, ...more }));
      world.now += MINUTE_MS;
      return (await world.entry(id)).reasons;
    };
    expect(await reasonsOf('first')).toEqual({ ana: 'delivered', bo: 'muted' });
    expect(await reasonsOf('second', { actor: 'leo' })).toMatchObject({ ana: 'delivered' });
    await world.db.doc('users/bo').update({ notificationSettings: {} });
    expect(await reasonsOf('third')).toEqual({ ana: 'capped', bo: 'delivered' });
    world.now += HOUR_MS;
    expect(await reasonsOf('fourth')).toEqual({ ana: 'delivered', bo: 'delivered' });
  });

  it('is what they get, and no more but what they must be told', async () => {
    for (let nth = 0; nth < 4; nth += 1) {
      await happen(event(`wave-${nth}`, { to: ['ana', 'bo'], document: `walls/w1/waves/${nth}` }));
      world.now += MINUTE_MS;
    }
    expect(world.sends(PHONE)).toBe(2);
    expect(await world.entry('wave-3')).toMatchObject({
      state: 'done',
      reasons: { ana: 'capped', bo: 'muted' },
      counts: { recipients: 2, skipped: 2 },
    });
    await world.deliverUntilAcknowledged(world.order({ to: 'ana' }, 'code', { mandatory: true }));
    expect(world.sends(PHONE)).toBe(3);
  });

  it('costs nothing where it is not limited, nor for what people must be told', async () => {
    const free = world.order({ to: 'ana' }, 'free');
    await world.deliverUntilAcknowledged(free);
    const { findBy } = await world.entry('free');
    expect(findBy?.some((key) => key.startsWith('told:'))).toBe(false);
  });
});

it('a claim whose answer was lost is limited like any other', async () => {
  await happen(event('first'));
  const ledger = loseAnswers(world.ledger());
  await world.boot({ ledger }).deliver(event('second'));
  expect(await outcomesIn(world)).toEqual({ told: ['first'], repeated: ['second'] });
});

it('what was cancelled before it told anybody counts for nothing', async () => {
  world.limits = { ...world.limits, recipientPerHour: 1 };
  world.simulator.addFault({ times: 1, then: { errorCode: 'UNAVAILABLE' } });
  await world.boot().deliver(event('wrong'));
  await world.ledger().operator.cancel('wrong');
  await happen(event('right'));
  expect(await world.entry('right')).toMatchObject({ reasons: { ana: 'delivered' } });
  const { sender, findBy } = await world.entry('wrong');
  expect({ sender, findBy }).toEqual({
    sender: undefined,
    findBy: expect.not.arrayContaining(['told:ana']) as string[],
  });
});
