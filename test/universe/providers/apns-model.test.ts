/** What the model of APNs does where nothing is the matter, and what it refuses. */
import type { Content } from '../../../kit/src/model/notification/content.ts';
import { SENT_AT } from '../../../kit/src/testing/content.ts';
import { TestWorld, wave } from './test-world.ts';

const MINUTE = 60_000;
const delivered = { kind: 'delivered' };

describe('APNs itself', () => {
  it('knows a token in its own environment alone', async () => {
    const world = new TestWorld();
    const apple = world.phones.add('apns', 1, { environment: 'sandbox', uid: 'ann' });
    expect(await world.settled(world.apnsProvider.send(wave(), [apple.token]))).toEqual([
      delivered,
    ]);
    expect(world.apns.calls).toBe(2);
    expect(world.devices.records.size).toBe(1);
    expect(apple.shown).toMatchObject([
      {
        token: apple.token,
        uid: 'ann',
        tag: 'wave-e1',
        deliveryId: 'wave-e1',
        title: 'Lia waves',
      },
    ]);
  });

  it('says since when a token is dead', async () => {
    const world = new TestWorld();
    const phone = world.phones.add('apns', 1);
    const { token } = phone;
    world.scheduler.now += MINUTE;
    world.phones.renewToken(phone);
    world.scheduler.now += MINUTE;
    world.devices.records.set(token, { refreshedAt: SENT_AT + MINUTE + 1 });
    const send = async () =>
      (await world.settled(world.apnsProvider.send(wave(), [token])))[0]?.kind;
    expect(await send()).toBe('rejected');
    world.devices.records.set(token, { refreshedAt: SENT_AT + MINUTE - 1 });
    expect(await send()).toBe('unregistered');
    expect(phone.shown).toEqual([]);
  });

  it('does not know tokens of phones that never were', async () => {
    const world = new TestWorld();
    const other = world.phones.add('apns', 1);
    await world.settled(world.apnsProvider.send(wave(), [other.token]));
    expect(await world.settled(world.apnsProvider.send(wave(), ['ab'.repeat(32)]))).toEqual([
      { kind: 'unregistered', code: 'BadDeviceToken' },
    ]);
  });

  it('takes no push for another app', async () => {
    const world = new TestWorld({ apns: { bundleId: 'com.example.fish' } });
    const { token } = world.phones.add('apns', 1);
    expect(await world.settled(world.apnsProvider.send(wave(), [token]))).toEqual([
      { kind: 'failed', code: 'DeviceTokenNotForTopic' },
    ]);
  });

  it('finds no fault with what the engine writes', async () => {
    const world = new TestWorld();
    const phone = world.phones.add('apns', 7);
    const variants: Partial<Content>[] = [
      { style: 'data' },
      { body: 'ü€😀'.repeat(2000), image: 'https://example.com/a.png', badge: 3, link: '/walls/1' },
      { expo: { experienceId: '@ann/app' } },
      { expo: { experienceId: '@ann/app' }, style: 'data' },
      { deviceTexts: { title: { key: 'T', args: ['1'] } }, tag: 'é'.repeat(40) },
      { apns: { custom: '{"a":[1]}', aps: '{"badge":1}' }, priority: 'normal' },
      { apns: { pushType: 'voip' } },
      { apns: { pushType: 'liveactivity', aps: '{"event":"end"}' } },
      { expiresAt: 0 },
    ];
    for (const over of variants) {
      expect(await world.settled(world.apnsProvider.send(wave(over), [phone.token]))).toEqual([
        delivered,
      ]);
    }
    expect(world.apns.schemaFaults).toEqual([]);
    expect(phone.shown.map(({ isSilent, deliveryId }) => [isSilent, deliveryId])).toEqual(
      [true, false, false, true, false, false, true, true, false].map((isSilent) => [
        isSilent,
        'wave-e1',
      ]),
    );
  });

  it('refuses for good what the engine should never send, and notes it', async () => {
    const world = new TestWorld({ apns: { readsTokens: false } });
    const { token } = world.phones.add('apns', 7);
    const right = { 'apns-topic': 'com.example.birds', 'apns-push-type': 'alert' };
    const ask = async (headers: Readonly<Record<string, string>>, more: object = {}) => {
      const body = '{"aps":{"alert":"hello"}}';
      const request = {
        path: `/3/device/${token}`,
        headers: { ...right, ...headers },
        body,
        ...more,
      };
      const answer = await world.settled(world.apns.servers.production.client.request(request));
      return answer.kind === 'response' && answer.status === 200 ? 'accepted' : answer;
    };
    expect(await ask({})).toBe('accepted');
    await ask({}, { path: '/4/device' });
    await ask({}, { path: '/3/device/' });
    await ask({}, { path: '/3/device/fcm:APA91b' });
    await ask({}, { method: 'DELETE' });
    await ask({ 'apns-topic': '' });
    await ask({ 'apns-topic': 'com.example.birds.voip' });
    await ask({ 'apns-push-type': 'loud' });
    await ask({ 'apns-id': '1' });
    await ask({ 'apns-expiration': '1.5' });
    await ask({ 'apns-priority': '7' });
    await ask({ 'apns-collapse-id': 'x'.repeat(65) });
    await ask({}, { body: '{}' });
    await ask({}, { body: 'x'.repeat(4097) });
    expect(world.apns.schemaFaults.map(({ fault }) => fault)).toEqual([
      'BadPath',
      'MissingDeviceToken',
      'BadDeviceToken',
      'MethodNotAllowed',
      'MissingTopic',
      'BadTopic',
      'InvalidPushType',
      'BadMessageId',
      'BadExpirationDate',
      'BadPriority',
      'BadCollapseId',
      'PayloadEmpty',
      'PayloadTooLarge',
    ]);
    expect(world.apns.accepted).toBe(1);
  });
});

describe('provider tokens', () => {
  const askedWith = (
    world: TestWorld,
    servers: TestWorld['apns']['servers'],
    token: string,
    issuedAt: number,
  ) => {
    const part = (value: object): string =>
      Buffer.from(JSON.stringify(value)).toString('base64url');
    const head = part({ alg: 'ES256', kid: 'ABC123DEFG' });
    const claims = part({ iss: 'DEF123GHIJ', iat: Math.floor(issuedAt / 1000) });
    const authorization = `bearer ${head}.${claims}.${Buffer.alloc(64).toString('base64url')}`;
    const headers = { authorization, 'apns-topic': 'com.example.birds', 'apns-push-type': 'alert' };
    const body = '{"aps":{"alert":"hello"}}';
    return world
      .settled(servers.production.client.request({ path: `/3/device/${token}`, headers, body }))
      .then((answer) => answer.kind === 'response' && (answer.body || answer.status));
  };

  it('are refused when they are more than an hour old', async () => {
    const world = new TestWorld();
    const { token } = world.phones.add('apns', 1);
    expect(await askedWith(world, world.apns.servers, token, SENT_AT)).toBe(200);
    world.scheduler.now += 61 * MINUTE;
    expect(await askedWith(world, world.apns.servers, token, SENT_AT)).toContain(
      'ExpiredProviderToken',
    );
  });

  it('may change once in twenty minutes on one connection', async () => {
    const world = new TestWorld();
    const { token } = world.phones.add('apns', 1);
    const ours = world.apns.serversFor(world.scheduler.after.bind(world.scheduler));
    const at = (minutes: number): number => SENT_AT - minutes * MINUTE;
    expect(await askedWith(world, ours, token, at(3))).toBe(200);
    expect(await askedWith(world, ours, token, at(2))).toBe(200);
    expect(await askedWith(world, ours, token, at(1))).toContain('TooManyProviderTokenUpdates');
    expect(await askedWith(world, ours, token, at(3))).toBe(200);
    expect(await askedWith(world, world.apns.servers, token, at(1))).toBe(200);
    world.scheduler.now += 21 * MINUTE;
    expect(await askedWith(world, ours, token, at(1))).toBe(200);
  });
});
