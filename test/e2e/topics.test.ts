/**
 * Topics from an app's call to its inbox: joined, sent to, combined by conditions, left at logout.
 */
import { App, password, until, type Person } from './app.ts';
import { PushOutbox } from './push-outbox.ts';

const app = new App();
const outbox = new PushOutbox(app.db);
afterAll(() => app.close());

async function registered(name: string): Promise<Person> {
  const person = await app.person(name);
  await person.device.registerByCallable();
  return person;
}

async function topicsAtFcm(person: Person): Promise<readonly string[]> {
  const address = encodeURIComponent(person.device.token);
  const response = await fetch(`${process.env['SIMULATOR_URL']}/simulator/devices/${address}`);
  return ((await response.json()) as { topics?: readonly string[] }).topics ?? [];
}

async function isIn(person: Person, topic: string, expected = true): Promise<void> {
  await until(`${topic} to be ${expected ? 'joined' : 'left'}`, async () => {
    return (await topicsAtFcm(person)).includes(topic) === expected;
  });
}

describe('a user', () => {
  it('joins a topic, hears of it, leaves it, and hears no more', async () => {
    const ola = await registered('Ola');
    expect(await ola.device.call('subscribeToTopic', { topic: 'sales' })).toEqual({
      devices: 1,
      unsupported: 0,
    });
    await isIn(ola, 'sales');
    expect(await ola.device.call('listTopics', {})).toEqual({
      topics: [{ topic: 'sales', devices: 1 }],
    });
    const push = await outbox.send({ to: { topic: 'sales' }, title: 'Snow' });
    expect(push).toMatchObject({ state: 'sent', reasons: { 'the topic': 'delivered' } });
    expect(await app.shows(ola.device, 1)).toMatchObject([{ title: 'Snow' }]);

    await ola.device.call('unsubscribeFromTopic', {
      topic: 'sales',
      address: ola.device.token,
    });
    await isIn(ola, 'sales', false);
    await outbox.send({ to: { topic: 'sales' }, title: 'More snow' });
    expect(await app.inbox(ola.device)).toHaveLength(1);
  });

  it('leaves every topic at logout', async () => {
    const ola = await registered('Ola');
    await ola.device.call('subscribeToTopic', { topic: 'sales' });
    await isIn(ola, 'sales');
    await ola.device.unregister();
    await isIn(ola, 'sales', false);
  });

  it('may not join what nobody opened', async () => {
    const ola = await registered('Ola');
    await expect(ola.device.call('subscribeToTopic', { topic: 'secret' })).rejects.toMatchObject({
      code: 'functions/permission-denied',
      message: expect.stringContaining('TOPICS_ALLOWED') as string,
    });
    await expect(ola.device.call('subscribeToTopic', { topic: 'a b' })).rejects.toMatchObject({
      code: 'functions/invalid-argument',
    });
  });

  it('is told why none of their devices could join: none is there, or FCM knows none of them', async () => {
    const device = await app.device('ios');
    await device.signUp({ email: `${device.token.slice(0, 22)}@example.com`, password }, 'Bo');
    const joining = () => device.call('subscribeToTopic', { topic: 'sales' });
    await expect(joining()).rejects.toMatchObject({
      code: 'functions/failed-precondition',
      message: expect.stringContaining('register it first') as string,
    });
    await device.call('registerToken', { address: process.pid.toString(16).padStart(64, 'a') });
    await expect(joining()).rejects.toMatchObject({
      code: 'functions/failed-precondition',
      message: expect.stringContaining('Native APNs tokens cannot join') as string,
    });
    await device.registerByCallable();
    expect(await joining()).toEqual({ devices: 1, unsupported: 1 });
  });

  it('joins with their own devices only', async () => {
    const [ola, lia] = [await registered('Ola'), await registered('Lia')];
    const theirs = { topic: 'sales', address: lia.device.token };
    await expect(ola.device.call('subscribeToTopic', theirs)).rejects.toMatchObject({
      code: 'functions/not-found',
    });
  });
});

describe('a condition', () => {
  const [A, B, C] = [`a-${process.pid}`, `b-${process.pid}`, `c-${process.pid}`];
  const people: { topics: readonly string[]; person: Person }[] = [];

  beforeAll(async () => {
    for (const topics of [[], [A], [B], [C], [A, B], [A, C], [B, C], [A, B, C]]) {
      const person = await app.person('Somebody');
      await app.declare(person.device.token, { topics });
      people.push({ topics, person });
    }
  });

  it.each<[string, (has: (topic: string) => boolean) => boolean]>([
    [`'${A}' in topics`, (has) => has(A)],
    [`'${A}' in topics && '${B}' in topics`, (has) => has(A) && has(B)],
    [`'${A}' in topics || '${B}' in topics`, (has) => has(A) || has(B)],
    [
      `'${A}' in topics && ('${B}' in topics || '${C}' in topics)`,
      (has) => has(A) && (has(B) || has(C)),
    ],
    [
      `('${A}' in topics && '${B}' in topics) || '${C}' in topics`,
      (has) => (has(A) && has(B)) || has(C),
    ],
    [
      `'${A}' in topics || '${B}' in topics && '${C}' in topics`,
      (has) => (has(A) || has(B)) && has(C),
    ],
  ])('%s reaches exactly the devices for which it holds', async (condition, holds) => {
    const title = `Condition ${condition}`;
    expect(await outbox.send({ to: { condition }, title })).toMatchObject({ state: 'sent' });
    for (const { topics, person } of people) {
      const isReached = (await app.inbox(person.device)).some((shown) => shown.title === title);
      expect({ topics, isReached }).toEqual({
        topics,
        isReached: holds((topic) => topics.includes(topic)),
      });
    }
  });
});
