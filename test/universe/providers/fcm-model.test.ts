/** What the model of FCM does where nothing is the matter, and what it refuses. */
import type { Content } from '../../../kit/src/model/notification/content.ts';
import { TestWorld, wave } from './test-world.ts';

describe('FCM itself', () => {
  it('delivers to the present token, and calls the one before dead', async () => {
    const world = new TestWorld();
    const phone = world.phones.add('fcm', 7, { uid: 'ann' });
    const before = phone.token;
    world.phones.renewToken(phone);
    const outcomes = await world.settled(
      world.fcmProvider.send(wave(), [before, phone.token, phone.installation]),
    );
    expect(outcomes).toEqual([
      { kind: 'unregistered', code: 'UNREGISTERED' },
      { kind: 'delivered' },
      { kind: 'delivered' },
    ]);
    expect(phone.shown).toMatchObject([
      {
        token: phone.token,
        uid: 'ann',
        tag: 'wave-e1',
        deliveryId: 'wave-e1',
        title: 'Lia waves',
        replaced: true,
      },
      { token: phone.installation, replaced: false },
    ]);
  });

  it('calls every address of an app that was removed dead', async () => {
    const world = new TestWorld();
    const phone = world.phones.add('fcm', 7);
    world.phones.uninstall(phone);
    const outcomes = await world.settled(
      world.fcmProvider.send(wave(), [phone.token, phone.installation]),
    );
    expect(outcomes).toEqual(Array(2).fill({ kind: 'unregistered', code: 'UNREGISTERED' }));
  });

  it('takes nothing for an app that was removed, whatever a trouble has it do', async () => {
    const world = new TestWorld({
      fcm: {
        trouble: () => ({
          kind: 'no-response',
          processed: 'unknown',
          reason: 'ECONNRESET',
          isAccepted: true,
        }),
      },
    });
    const phone = world.phones.add('fcm', 7);
    world.phones.uninstall(phone);
    await world.settled(world.fcmProvider.send(wave(), [phone.token]));
    expect(phone.shown).toEqual([]);
    expect(world.fcm.accepted).toBe(0);
  });

  it('takes what goes to topics and conditions', async () => {
    const world = new TestWorld();
    const { fcmProvider } = world;
    expect(await world.settled(fcmProvider.broadcast(wave(), { topic: 'news' }))).toEqual({
      kind: 'delivered',
    });
    await world.settled(fcmProvider.broadcast(wave(), { condition: "'a' in topics" }));
    expect(world.fcm.broadcasts).toMatchObject([
      { targetKind: 'topic', target: 'news', deliveryId: 'wave-e1' },
      { targetKind: 'condition', target: "'a' in topics" },
    ]);
  });

  it('finds no fault with what the engine writes, and shows nothing in a dry run', async () => {
    const world = new TestWorld();
    const phone = world.phones.add('fcm', 7);
    const long = 'ü€😀'.repeat(2000);
    const variants: Partial<Content>[] = [
      { style: 'data' },
      { body: long, image: 'https://example.com/a.png', badge: 3, link: '/walls/1' },
      { expo: { experienceId: '@ann/app' } },
      { expo: { experienceId: '@ann/app' }, style: 'data' },
      { deviceTexts: { title: { key: 'T', args: ['1'] } }, tag: 'é'.repeat(40) },
      { apns: { custom: '{"a":[1]}', aps: '{"badge":1}' }, priority: 'normal', collapseKey: 'c' },
      { expiresAt: 0 },
      { validateOnly: true },
    ];
    for (const over of variants) {
      expect(await world.settled(world.fcmProvider.send(wave(over), [phone.token]))).toEqual([
        { kind: 'delivered' },
      ]);
    }
    await world.settled(world.fcmProvider.broadcast(wave({ body: long }), { topic: 'news' }));
    expect(world.fcm.schemaFaults).toEqual([]);
    expect(phone.shown.map(({ isSilent, deliveryId }) => [isSilent, deliveryId])).toEqual(
      [true, false, false, true, false, false, false].map((isSilent) => [isSilent, 'wave-e1']),
    );
  });

  it('refuses for good what the engine should never send, and notes it', async () => {
    const world = new TestWorld();
    const phone = world.phones.add('fcm', 7);
    const apple = world.phones.add('apns', 8);
    const { token } = phone;
    const path = '/v1/projects/universe/messages:send';
    const ask = (message: object, more: object = {}, where = path) =>
      world.settled(
        world.fcm.client.request({
          path: where,
          headers: {},
          body: JSON.stringify({ message, ...more }),
        }),
      );
    const wrong = [
      await ask({}),
      await ask({ token, topic: 'news' }),
      await ask({ token, unheardOf: 1 }),
      await ask({ token }, { validate: true }),
      await ask({ token, data: { n: 1 } }),
      await ask({ token, data: { from: 'me' } }),
      await ask({ token, data: { text: 'x'.repeat(4100) } }),
      await ask({ token, android: { ttl: '3' } }),
      await ask({ token, android: { ttl: '9999999s' } }),
      await ask({
        token,
        apns: { headers: { 'apns-priority': '10' }, payload: { aps: { 'content-available': 1 } } },
      }),
      await ask({ token, webpush: { fcmOptions: { link: 'http://example.com' } } }),
      await ask({ topic: 'no topic' }),
      await ask({ token: apple.token }),
      await ask({ token }, {}, '/v1/projects/universe/messages:sent'),
    ];
    expect(wrong.map((answer) => answer.kind === 'response' && answer.status)).toEqual(
      Array(14).fill(400),
    );
    expect(world.fcm.schemaFaults).toHaveLength(14);
    expect(new Set(world.fcm.schemaFaults.map(({ fault }) => fault)).size).toBe(14);
    expect(phone.shown).toEqual([]);
  });

  it('does not take a push without a good access token', async () => {
    const isAuthorised = (authorization: string): boolean => authorization !== 'Bearer access-1';
    const world = new TestWorld({ fcm: { isAuthorised } });
    const phone = world.phones.add('fcm', 7);
    await world.settled(world.fcmProvider.send(wave(), [phone.token]));
    expect([world.fcm.calls, world.fcm.accepted, world.fetches]).toEqual([2, 1, 2]);
  });

  it('answers an instance by its own clock: never, once it is dead', async () => {
    const world = new TestWorld();
    const phone = world.phones.add('fcm', 7);
    const client = world.fcm.clientFor(() => undefined);
    let isAnswered = false;
    const path = '/v1/projects/universe/messages:send';
    const body = JSON.stringify({ message: { token: phone.token, data: { deliveryId: 'd1' } } });
    void client.request({ path, headers: {}, body }).then(() => (isAnswered = true));
    expect(world.scheduler.isIdle).toBe(true);
    await new Promise(setImmediate);
    expect(isAnswered).toBe(false);
    expect(phone.shown).toMatchObject([{ deliveryId: 'd1', isSilent: true }]);
  });

  it('is not asked when there is no time left', async () => {
    const world = new TestWorld();
    const answer = await world.fcm.client.request({
      path: '',
      headers: {},
      body: '',
      mayBegin: () => false,
    });
    expect(answer).toMatchObject({ kind: 'no-response', processed: 'never' });
    expect(world.fcm.calls).toBe(0);
  });
});
