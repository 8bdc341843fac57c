/**
 * What people want to hear, and when: held through the night, told in the morning, and never what they muted or of whom they blocked.
 */
import { Timestamp } from '@google-cloud/firestore';
import { LEASE_MS, World } from './world.ts';

const OLA = 'ola-phone:APA91b-1';
const LIA = 'lia-phone:APA91b-2';
const HOUR = 60 * 60_000;
const WEEK = 7 * 24 * HOUR;
const SLEEPS = { quietHours: { fri: '22:00-07:00' }, timeZone: 'Asia/Kolkata' };
/** A Friday evening in India, 23:30. Each scene has one of its own, since the queue takes no task's id a second time. */
let night = Date.UTC(2027, 0, 15, 18, 0);
/** From then to the morning. */
const UNTIL_MORNING = 7.5 * HOUR;

const PAST = Date.UTC(2027, 0, 1);
const FUTURE = Date.UTC(2037, 0, 1);

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

async function scene(ola: object, lia: object = {}): Promise<void> {
  world.simulator.reset();
  await world.emptyDatabase();
  night += WEEK;
  world.now = night;
  await world.addUser('ola', [OLA], ola);
  await world.addUser('lia', [LIA], lia);
}

describe('quiet hours', () => {
  it('hold a push until they end, and nobody else’s', async () => {
    await scene(SLEEPS);
    await world.boot().deliver(world.order({ to: ['ola', 'lia'] }, 'order-e1'));
    expect([world.titles(OLA).length, world.titles(LIA).length]).toEqual([0, 1]);
    expect(await world.entry('order-e1')).toMatchObject({
      state: 'sending',
      reasons: { ola: 'held:QUIET_HOURS', lia: 'delivered' },
      pending: [
        { uid: 'ola', code: 'QUIET_HOURS', dueAt: night + UNTIL_MORNING, fingerprint: '*' },
      ],
    });
    await world.settle();
    expect(world.now).toBeGreaterThanOrEqual(night + UNTIL_MORNING);
    expect([world.titles(OLA).length, world.titles(LIA).length]).toEqual([1, 1]);
    expect(await world.entry('order-e1')).toMatchObject({
      state: 'done',
      counts: { recipients: 2, addresses: 2, delivered: 2, skipped: 0 },
      reasons: { ola: 'delivered', lia: 'delivered' },
    });
  });

  it('do not hold what is mandatory', async () => {
    await scene({ ...SLEEPS, notificationSettings: { order: 'off' }, blocked: ['leo'] });
    const order = world.order({ to: 'ola', actor: 'leo' }, 'order-e1', { mandatory: true });
    await world.boot().deliver(order);
    expect(world.titles(OLA)).toHaveLength(1);
  });

  it('leave out what is over before they end', async () => {
    await scene(SLEEPS);
    const entry = await world.tell({ to: ['ola', 'lia'], timeToLive: 3600 });
    expect(entry).toMatchObject({
      state: 'done',
      counts: { recipients: 2, skipped: 1, delivered: 1 },
      reasons: { ola: 'expired:QUIET_HOURS', lia: 'delivered' },
    });
    expect(world.titles(OLA)).toEqual([]);
  });

  it('end at what their person says when they end: what was muted, switched off or blocked meanwhile is not told', async () => {
    for (const [change, reason, counts] of [
      [{ mute: { 'walls/w1': true } }, 'muted-target', { skipped: 1 }],
      [{ notificationSettings: { order: 'off' } }, 'muted', { skipped: 1 }],
      [{ blocked: ['leo'] }, 'blocked', { skipped: 1 }],
      [{ tokens: [] }, 'no-address', { unreachable: 1 }],
    ] as const) {
      await scene(SLEEPS);
      const order = world.order({ to: 'ola', actor: 'leo', target: 'walls/w1' }, 'order-e1');
      await world.boot().deliver(order);
      await world.db.doc('users/ola').update(change);
      await world.settle();
      expect(world.titles(OLA)).toEqual([]);
      expect(await world.entry('order-e1')).toMatchObject({
        state: 'done',
        reasons: { ola: reason },
        counts: { recipients: 1, addresses: 0, unregistered: 0, ...counts },
      });
    }
  });

  it('end for whatever devices their person has then', async () => {
    await scene(SLEEPS);
    await world.boot().deliver(world.order({ to: 'ola' }, 'order-e1'));
    await world.db.doc('users/ola').update({ tokens: [OLA, 'ola-new-phone:APA91b-3'] });
    await world.settle();
    expect([OLA, 'ola-new-phone:APA91b-3'].map((each) => world.titles(each).length)).toEqual([
      1, 1,
    ]);
    expect(await world.entry('order-e1')).toMatchObject({
      state: 'done',
      counts: { recipients: 1, addresses: 2, delivered: 2 },
    });
  });

  it('that were moved meanwhile hold it again', async () => {
    await scene(SLEEPS);
    await world.boot().deliver(world.order({ to: 'ola' }, 'order-e1'));
    await world.db.doc('users/ola').update({ 'quietHours.sat': '00:00-09:00' });
    await world.settle();
    expect(world.now).toBeGreaterThanOrEqual(night + UNTIL_MORNING + 2 * HOUR);
    expect(world.titles(OLA)).toHaveLength(1);
  });

  it('hold a retry, too, which is then tried as often as any other', async () => {
    await scene({ ...SLEEPS, quietHours: { fri: '23:31-07:00' } });
    world.simulator.addFault({
      match: { address: OLA },
      times: 2,
      then: { errorCode: 'UNAVAILABLE', retryAfterSeconds: 120 },
    });
    await world.boot().deliver(world.order({ to: 'ola' }, 'order-e1'));
    expect((await world.entry('order-e1')).reasons).toEqual({ ola: 'retrying:UNAVAILABLE' });
    await world.settle();
    expect(await world.entry('order-e1')).toMatchObject({ reasons: { ola: 'delivered' } });
    expect(world.now).toBeGreaterThanOrEqual(night + UNTIL_MORNING);
    expect(world.titles(OLA)).toHaveLength(1);
  });

  it('are told of the newest of each thing in the morning', async () => {
    await scene(SLEEPS);
    const tell = async (id: string, title: string, target?: string) => {
      world.now += 60_000;
      const order = world.order(
        { to: ['ola', 'lia'], title, ...(target === undefined ? {} : { target }) },
        id,
      );
      await world.boot().deliver(order);
    };
    await tell('order-e1', 'one', 'walls/w1');
    await tell('order-e2', 'two', 'walls/w2');
    await tell('order-e3', 'three', 'walls/w1');
    await tell('order-e4', 'four', 'walls/w1');
    await tell('order-e5', 'five');
    await tell('order-e6', 'six');
    await world.settle();
    expect(world.titles(OLA).toSorted()).toEqual(['five', 'four', 'six', 'two']);
    expect(world.titles(LIA)).toHaveLength(6);
    expect(await world.entry('order-e1')).toMatchObject({
      state: 'done',
      reasons: { ola: 'collapsed', lia: 'delivered' },
    });
  });

  it('keep one push a person whatever dies where', async () => {
    const tellTwo = async () => {
      await world.deliverUntilAcknowledged(world.order({ to: ['ola', 'lia'], target: 'w' }, 'e1'));
      world.now += 1000;
      await world.deliverUntilAcknowledged(world.order({ to: ['ola'], target: 'w' }, 'e2'));
      // As every few minutes: who died in the night is followed in the night.
      world.now += LEASE_MS;
      const engine = world.power.isOff ? world.reboot() : world.boot();
      await engine.sweep(10).catch((error: unknown) => world.log.push(String(error)));
      await world.settle();
    };
    await scene(SLEEPS);
    const before = world.power.steps.length;
    await tellTwo();
    const steps = world.power.steps.slice(before);
    // The first and the last of each.
    const cuts = [...new Set(steps)].flatMap((name) => [
      { nth: steps.indexOf(name), happens: true },
      { nth: steps.lastIndexOf(name), happens: false },
    ]);
    for (const { nth, happens } of cuts) {
      await scene(SLEEPS);
      world.power.cutAt(nth, happens);
      await tellTwo();
      const where = `power cut ${happens ? 'after' : 'before'} step ${nth}, ${steps[nth]}`;
      expect({ where, ola: world.titles(OLA).length, lia: world.titles(LIA).length }).toEqual({
        where,
        ola: 1,
        lia: 1,
      });
    }
  }, 240_000);
});

describe('what a person wants to hear', () => {
  it.each<[string, object, string, number]>([
    ['a kind that is off', { notificationSettings: { order: 'off' } }, 'muted', 0],
    ['a kind that is silent', { notificationSettings: { order: 'silent' } }, 'delivered', 1],
    ['a muted target', { mute: { 'walls/w1': true } }, 'muted-target', 0],
    ['another muted target', { mute: { 'walls/w2': true } }, 'delivered', 1],
    ['a mute that is over', { mute: { 'walls/w1': Timestamp.fromMillis(PAST) } }, 'delivered', 1],
    [
      'a mute until later',
      { mute: { 'walls/w1': Timestamp.fromMillis(FUTURE) } },
      'muted-target',
      0,
    ],
    ['a blocked person', { blocked: ['leo'] }, 'blocked', 0],
    ['no time of the week', { quietHours: everyDay() }, 'always-quiet', 0],
    ['odd values', { mute: 7, blocked: 'leo', quietHours: [1], timeZone: {} }, 'delivered', 1],
  ])('%s', async (_what, ola, reason, shown) => {
    await scene(ola);
    const entry = await world.tell({ to: ['ola', 'lia'], actor: 'leo', target: 'walls/w1' });
    expect(entry.reasons).toEqual({ ola: reason, lia: 'delivered' });
    expect(world.titles(OLA)).toHaveLength(shown);
    // What decides stays here.
    expect(JSON.stringify(world.simulator.requests())).not.toContain('walls/w1');
  });
});

function everyDay() {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  return Object.fromEntries(days.map((day) => [day, '00:00-00:00']));
}
