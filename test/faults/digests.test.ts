/**
 * Several events of one kind as one push: gathered, closed and told by the engine, whatever dies where.
 */
import { entriesBy } from '../../kit/src/delivery/ledger-search.ts';
import { NO_LIMITS } from '../../kit/src/decision/limits.ts';
import type { DeliveryOrder } from '../../kit/src/delivery/order.ts';
import { groupKeys } from '../../kit/src/delivery/find-by.ts';
import { DigestItems } from '../../kit/src/delivery/digest-items.ts';
import type { DeliveryTask } from '../../kit/src/delivery/tasks.ts';
import type { Digest } from '../../kit/src/model/notification/digest.ts';
import type { Choice } from '../../kit/src/model/notification/choice.ts';
import type { Notification } from '../../kit/src/model/notification/notification.ts';
import { World } from './world.ts';

const OLA = 'ola-phone:APA91b-1';
const LIA = 'lia-phone:APA91b-2';
const SECOND = 1_000;
const MINUTE = 60_000;
const NOON = Date.UTC(2027, 0, 15, 12);
const NIGHT = Date.UTC(2027, 0, 15, 22, 30);
const MORNING = Date.UTC(2027, 0, 16, 6, 0);
const NAMES: Readonly<Record<string, string>> = { ann: 'Ann', bo: 'Bo', cy: 'Cy', di: 'Di' };

const DIGEST: Digest = { window: { minutes: 30 }, title: { key: 'offer.digest' } };
const WANTS = { notificationSettings: { order: 'digest' } };

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

async function scene(ola: object = WANTS): Promise<void> {
  world.simulator.reset();
  await world.emptyDatabase();
  world.now = NOON;
  await world.addUser('ola', [OLA], ola);
  await world.addUser('lia', [LIA]);
}

const documentOf = (actor: string) => `walls/w1/offers/${actor}`;

/** An offer to bring an order, as its trigger hands it over. */
async function offer(
  actor: string,
  more: Partial<Notification> = {},
  digest: Partial<Digest> = {},
  kind: Pick<Choice, 'withdraw'> = {},
  limits: Pick<DeliveryOrder, 'limited'> = {},
): Promise<string> {
  const id = world.newId();
  const document = documentOf(actor);
  await world.db.doc(document).set({ actor });
  const name = NAMES[actor];
  const order = world.order(
    {
      to: 'ola',
      actor,
      target: 'walls/w1',
      title: { key: 'offer.title', args: { name: name ?? '?', what: 'bread' } },
      ...(name === undefined ? {} : { actorName: name }),
      ...more,
    },
    id,
  );
  const choice: Choice = {
    ...{ withdraw: 'before', ...order.content.choice },
    digest: { ...DIGEST, ...digest },
    ...kind,
  };
  const content = { ...order.content, choice };
  await world.deliverUntilAcknowledged({ ...order, document, content, ...limits });
  world.now += SECOND;
  return id;
}

async function reasonOf(id: string, uid = 'ola'): Promise<string | undefined> {
  return (await world.entry(id)).reasons[uid];
}

/** The entry that tells an event with others. */
async function closingOf(id: string) {
  const reason = await reasonOf(id);
  return world.entry(reason?.replace('digested:', '') ?? '');
}

describe('a digest', () => {
  it('tells the first at once, and whoever came after it in one push', async () => {
    await scene();
    await offer('ann');
    expect(world.titles(OLA)).toEqual(['Ann offers to bring your order']);
    const second = await offer('bo');
    for (const actor of ['cy', 'bo', 'di', 'ed', 'flo']) await offer(actor);
    expect(await world.entry(second)).toMatchObject({
      state: 'done',
      counts: { recipients: 1, skipped: 1, addresses: 0 },
      reasons: { ola: expect.stringMatching(/^digested:order-digest-/) as string },
    });
    expect(await closingOf(second)).toMatchObject({ state: 'sending', counts: { recipients: 0 } });
    expect(world.titles(OLA)).toHaveLength(1);
    await world.settle();
    expect(world.now).toBeGreaterThanOrEqual(NOON + 30 * MINUTE);
    expect(world.titles(OLA).toSorted()).toEqual([
      'Ann offers to bring your order',
      'Offers of bread: Di, Bo and 3 others',
    ]);
    const closing = await closingOf(second);
    expect(closing).toMatchObject({ state: 'done', reasons: { ola: 'delivered' } });
    expect(closing).not.toHaveProperty('digest');
  });

  it('tells with the others what would be one push too many in an hour', async () => {
    await scene();
    world.limits = { ...NO_LIMITS, recipientPerHour: 1 };
    const limited = { limited: { once: 'event' } } as const;
    await world.deliverUntilAcknowledged({ ...world.order({ to: 'ola' }, 'plain'), ...limited });
    world.now += SECOND;
    const ids = [await offer('ann', {}, {}, {}, limited), await offer('bo', {}, {}, {}, limited)];
    expect(world.titles(OLA)).toHaveLength(1);
    await world.settle();
    world.limits = NO_LIMITS;
    expect(world.titles(OLA)).toContain('Offers of bread: Bo and Ann');
    for (const id of ids) expect(await reasonOf(id)).toMatch(/^digested:/);
  });

  it('begins anew after it was told, and where nothing came after its first', async () => {
    await scene();
    for (const actor of ['ann', 'bo']) await offer(actor);
    await world.settle();
    await offer('cy');
    world.now += 31 * MINUTE;
    await offer('di');
    await world.settle();
    expect(world.titles(OLA).toSorted()).toEqual([
      'Ann offers to bring your order',
      'Cy offers to bring your order',
      'Di offers to bring your order',
      'Offers of bread: Bo',
    ]);
  });

  it('leaves out what was taken back, and whoever is blocked by then', async () => {
    await scene();
    for (const actor of ['ed', 'ann', 'bo', 'cy']) await offer(actor);
    await world.db.doc(documentOf('ann')).delete();
    await world.db.doc('users/ola').update({ blocked: ['cy'] });
    await world.settle();
    expect(world.titles(OLA)).toContain('Offers of bread: Bo');
  });

  it('tells what was taken back as well, in a kind of which nothing is withdrawn', async () => {
    await scene();
    const kind = { withdraw: undefined } as unknown as Pick<Choice, 'withdraw'>;
    for (const actor of ['ed', 'ann', 'bo']) await offer(actor, {}, {}, kind);
    await world.db.doc(documentOf('ann')).delete();
    await world.settle();
    expect(world.titles(OLA)).toContain('Offers of bread: Bo and Ann');
  });

  it('shows and leads to the latest that counts, and nothing of what was taken back or of whom is blocked', async () => {
    await scene();
    for (const actor of ['ed', 'ann', 'bo', 'cy', 'di']) {
      const link = `https://walls.example/w1/${actor}`;
      await offer(actor, { body: `${actor} says`, subtitle: `by ${actor}`, link, data: { actor } });
    }
    for (const actor of ['ann', 'di']) await world.db.doc(documentOf(actor)).delete();
    await world.db.doc('users/ola').update({ blocked: ['cy'] });
    await world.settle();
    const sent = world.simulator.requests({ address: OLA }).at(-1);
    expect(world.simulator.inbox(OLA).at(-1)).toMatchObject({
      title: 'Offers of bread: Bo',
      body: 'bo says',
      data: { actor: 'bo', link: 'https://walls.example/w1/bo' },
    });
    expect(JSON.stringify(sent)).not.toMatch(/\b(?:ann|cy|di)\b/);
  });

  it('stays on the device until the next of its key, whatever its events’ own pushes replace', async () => {
    await scene();
    const add = (actor: string) => offer(actor, { collapseKey: `offers/w1/${actor}` });
    for (const actor of ['ed', 'ann', 'bo']) await add(actor);
    await world.settle();
    const first = 'Offers of bread: Bo and Ann';
    for (const actor of ['ann', 'bo']) {
      await add(actor);
      world.now += 31 * MINUTE;
    }
    expect(world.titles(OLA)).toContain(first);
    for (const actor of ['cy', 'di']) await add(actor);
    await world.settle();
    expect(world.titles(OLA)).not.toContain(first);
    expect(world.titles(OLA)).toContain('Offers of bread: Di');
  });

  it('of which nothing is left sends nothing, and says so', async () => {
    await scene();
    await offer('ed');
    const id = await offer('ann');
    await world.db.doc(documentOf('ann')).delete();
    await world.settle();
    expect(world.titles(OLA)).toHaveLength(1);
    expect(await closingOf(id)).toMatchObject({
      state: 'done',
      withheld: 'digest-empty',
      reasons: { ola: 'digest-empty' },
      counts: { recipients: 1, skipped: 1 },
    });
  });

  it('is each person’s own: others of the same audience are told at once', async () => {
    await scene();
    const ids: string[] = [];
    for (const actor of ['ann', 'bo']) ids.push(await offer(actor, { to: ['ola', 'lia'] }));
    expect(world.titles(LIA)).toHaveLength(2);
    expect(await reasonOf(ids[1] as string, 'lia')).toBe('delivered');
    expect(await reasonOf(ids[1] as string)).toMatch(/^digested:/);
  });

  it('of another target is another one, unless all of the kind is gathered', async () => {
    for (const [key, pushes] of [
      ['target', 2],
      ['kind', 1],
    ] as const) {
      await scene();
      await offer('ann', { target: 'walls/w1' }, { key });
      await offer('bo', { target: 'walls/w2' }, { key });
      expect(world.titles(OLA)).toHaveLength(pushes);
    }
  });

  it('may gather the first as well', async () => {
    await scene();
    for (const actor of ['ann', 'bo']) await offer(actor, {}, { leadingEdge: false });
    expect(world.titles(OLA)).toEqual([]);
    await world.settle();
    expect(world.titles(OLA)).toEqual(['Offers of bread: Bo and Ann']);
  });

  it('that is full is told early', async () => {
    await scene();
    for (const actor of ['ann', 'bo', 'cy', 'di']) await offer(actor, {}, { closesAt: 3 });
    await world.settle();
    expect(world.now).toBeLessThan(NOON + 10 * MINUTE);
    expect(world.titles(OLA)).toContain('Offers of bread: Di, Cy and 1 other');
  });

  it('that is full in quiet hours is left alone until they end', async () => {
    for (const timeToLive of [undefined, 60]) {
      await scene({ ...WANTS, quietHours: { fri: '22:00-07:00' }, timeZone: 'Europe/Berlin' });
      world.now = NIGHT;
      const about = timeToLive === undefined ? {} : { timeToLive };
      for (const actor of ['ann', 'bo', 'cy', 'di']) await offer(actor, about, { closesAt: 2 });
      expect(world.tasks.filter(({ task }) => task.kind === 'retry')).toEqual([]);
      await world.settle();
      expect(world.now).toBeGreaterThanOrEqual(MORNING);
      expect(world.titles(OLA)).toEqual(['Offers of bread: Di, Cy and 2 others']);
    }
  });

  it('of which nobody can say how full it is, for want of an index, is told at its time, and others at once', async () => {
    await scene();
    const missing = Object.assign(new Error('The query requires an index.'), { code: 9 });
    const count = jest.spyOn(DigestItems.prototype, 'count').mockRejectedValue(missing);
    const ids: string[] = [];
    for (const actor of ['ann', 'bo']) {
      ids.push(await offer(actor, { to: ['ola', 'lia'] }, { closesAt: 1 }));
    }
    expect(await world.entry(ids[1] as string)).toMatchObject({
      state: 'done',
      reasons: { ola: expect.stringMatching(/^digested:/) as string, lia: 'delivered' },
    });
    expect(world.log).toContainEqual(expect.stringMatching(/^limits unread /));
    count.mockRestore();
    await world.settle();
    expect(world.titles(OLA)).toContain('Offers of bread: Bo');
  });

  it('is not told where the kind was switched off meanwhile', async () => {
    await scene();
    await offer('ann');
    const id = await offer('bo');
    await world.db.doc('users/ola').update({ 'notificationSettings.order': 'off' });
    await world.settle();
    expect(world.titles(OLA)).toHaveLength(1);
    expect((await closingOf(id)).reasons).toEqual({ ola: 'muted' });
  });

  it('of a night is one in the morning: quiet hours keep it open, and hold the first as well', async () => {
    await scene({ ...WANTS, quietHours: { fri: '22:00-07:00' }, timeZone: 'Europe/Berlin' });
    world.now = NIGHT;
    for (const actor of ['ann', 'bo', 'cy']) {
      await offer(actor);
      // Whatever is due by then.
      world.now += 40 * MINUTE;
      const isDue = (task: DeliveryTask) => task.kind === 'due' && task.dueAt <= world.now;
      for (const task of world.takeTasks(isDue)) await world.boot().run(task);
    }
    expect(world.titles(OLA)).toEqual([]);
    await world.settle();
    expect(world.now).toBeGreaterThanOrEqual(MORNING);
    expect(world.titles(OLA)).toEqual(['Offers of bread: Cy, Bo and 1 other']);
  });

  it('of pushes for now or never is worth sending when it is told', async () => {
    await scene({ ...WANTS, quietHours: { fri: '22:00-07:00' }, timeZone: 'Europe/Berlin' });
    world.now = NIGHT;
    for (const actor of ['ann', 'bo']) await offer(actor, { timeToLive: 0 });
    await world.settle();
    expect(world.titles(OLA)).toEqual(['Offers of bread: Bo and Ann']);
  });

  it('is told at a time of the person’s own day', async () => {
    await scene({ ...WANTS, timeZone: 'Europe/Berlin' });
    const at: Partial<Digest> = { window: { at: '18:00' }, leadingEdge: false };
    for (const actor of ['ann', 'bo']) await offer(actor, {}, at);
    await world.settle();
    expect(world.now - Date.UTC(2027, 0, 15, 17)).toBeLessThan(MINUTE);
    expect(world.titles(OLA)).toEqual(['Offers of bread: Bo and Ann']);
  });

  it('in a kind that has none is a push', async () => {
    await scene();
    const entry = await world.tell({ to: 'ola' });
    expect(entry.reasons).toEqual({ ola: 'delivered' });
  });

  it('is found among deliveries by its own entry only', async () => {
    await scene();
    for (const actor of ['ann', 'bo']) await offer(actor);
    const { docs } = await entriesBy(world.collections.deliveries, groupKeys('all')).get();
    const kinds = docs.map(({ id }) => id.replace(/(?<=order-(?:e|digest)).*/, ''));
    expect(kinds.toSorted()).toEqual(['order-digest', 'order-e', 'order-e']);
  });
});

describe('a digest whose task comes twice at once', () => {
  it('is told once', async () => {
    await scene();
    for (const actor of ['ann', 'bo', 'cy']) await offer(actor);
    world.dispatchTwice = true;
    await world.settle();
    world.dispatchTwice = false;
    expect(world.titles(OLA).toSorted()).toEqual([
      'Ann offers to bring your order',
      'Offers of bread: Cy and Bo',
    ]);
    expect(world.sends(OLA)).toBe(2);
  });
});

describe('a digest whose workers die', () => {
  const tellAll = async () => {
    for (const actor of ['ann', 'bo', 'cy']) await offer(actor);
    await world.settle();
  };

  it('tells everybody once, wherever that is', async () => {
    await scene();
    const before = world.power.steps.length;
    await tellAll();
    const steps = world.power.steps.slice(before);
    expect(steps).toContain('digests.gather');
    // The first and the last of each.
    const cuts = [...new Set(steps)].flatMap((name) => [
      { nth: steps.indexOf(name), happens: true },
      { nth: steps.lastIndexOf(name), happens: false },
    ]);
    for (const { nth, happens } of cuts) {
      await scene();
      world.power.cutAt(nth, happens);
      await tellAll();
      const where = `power cut ${happens ? 'after' : 'before'} step ${nth}, ${steps[nth]}`;
      // Whose turn came late may lead a window of its own; nobody is told twice, or not at all.
      const told = world.titles(OLA).flatMap((title) => title?.match(/Ann|Bo|Cy/g) ?? []);
      expect({ where, told: told.toSorted() }).toEqual({ where, told: ['Ann', 'Bo', 'Cy'] });
    }
  }, 240_000);
});
