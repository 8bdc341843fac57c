import { connect as connectTcp } from 'node:net';
import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import type { ClientHttp2Session } from 'node:http2';
import { createSimulator, type Simulator } from '../index.ts';
import {
  DEVICE,
  generateSigningKey,
  KEY_ID,
  PRODUCTION,
  providerToken,
  push,
  SANDBOX,
  TEAM_ID,
  TOPIC,
} from '../testing/apns-client.ts';
import { openSession } from '../testing/fcm-client.ts';

const UUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

let simulator: Simulator;
let session: ClientHttp2Session;
beforeEach(async () => {
  simulator = await createSimulator();
  session = await openSession(`http://${simulator.apnsEmulatorHost}`);
});
afterEach(async () => {
  session.destroy();
  await simulator.close();
});

describe('a push', () => {
  it('is shown on its device, and stands in the request log without its token', async () => {
    const id = '123E4567-E89B-12D3-A456-426614174000';
    const result = await push(session, { headers: { 'apns-id': id } });
    expect(result).toMatchObject({ status: 200, headers: { 'apns-id': id }, json: undefined });
    expect(simulator.inbox(DEVICE)).toMatchObject([
      { provider: 'apns', kind: 'notification', body: 'Hello', appId: TOPIC },
    ]);
    expect(simulator.device(DEVICE)).toMatchObject({ platform: 'ios', state: 'live' });
    const [request] = simulator.requests({ provider: 'apns', address: DEVICE });
    expect(request).toMatchObject({ delivered: 1, body: { aps: { alert: 'Hello' } } });
    expect(request?.headers.authorization).toMatch(/^bearer .{0,8}… \(\d+ characters\)$/);
  });

  it('reaches the same device in whatever case its token is spelled, there and in the control interface', async () => {
    const [lower, upper] = ['ab'.repeat(32), 'AB'.repeat(32)];
    simulator.putDevice(upper, { appId: TOPIC });
    for (const token of [lower, upper, `aB${lower.slice(2)}`]) {
      expect((await push(session, { headers: { ':path': `/3/device/${token}` } })).status).toBe(
        200,
      );
    }
    expect(simulator.devices().map(({ address }) => address)).toEqual([lower]);
    expect(simulator.inbox(upper)).toHaveLength(3);
    expect(simulator.requests({ address: upper })).toHaveLength(3);
    simulator.addFault({ match: { address: upper }, then: { errorCode: 'Unregistered' } });
    expect((await push(session, { headers: { ':path': `/3/device/${lower}` } })).status).toBe(410);
    simulator.clearInbox(upper);
    expect(simulator.inbox(lower)).toEqual([]);
    expect(simulator.removeDevice(upper)).toBe(true);
  });

  it('gets an id where it has none, and a second one in the sandbox', async () => {
    const { headers } = await push(session);
    expect(headers['apns-id']).toMatch(UUID);
    expect(headers['apns-unique-id']).toBeUndefined();
    const sandboxed = await push(session, { headers: { ':authority': SANDBOX } });
    expect(sandboxed.headers['apns-unique-id']).toMatch(UUID);
  });

  it('goes over TLS, to a host whose name the certificate has', async () => {
    const ca = await simulator.certificate();
    const secure = await openSession(`https://localhost:${simulator.apnsPort}`, { ca });
    expect((await push(secure)).status).toBe(200);
    secure.destroy();
  });

  it.each<[string, Record<string, string | readonly string[] | null>, unknown, number, string]>([
    ['another path', { ':path': '/3/devices/ab' }, {}, 404, 'BadPath'],
    ['a broadcast', { ':path': `/4/broadcasts/apps/${TOPIC}` }, {}, 404, 'BadPath'],
    ['a channel', { ':path': `/1/apps/${TOPIC}/channels` }, {}, 404, 'BadPath'],
    ['another method', { ':method': 'PUT' }, {}, 405, 'MethodNotAllowed'],
    ['no device token', { ':path': '/3/device/' }, {}, 400, 'MissingDeviceToken'],
    ['a token not in hex', { ':path': '/3/device/xyz' }, {}, 400, 'BadDeviceToken'],
    ['half a byte too much', { ':path': `/3/device/${DEVICE}a` }, {}, 400, 'BadDeviceToken'],
    ['a header twice', { 'apns-priority': ['5', '5'] }, {}, 400, 'DuplicateHeaders'],
    ['no topic', { 'apns-topic': null }, {}, 400, 'MissingTopic'],
    ['a topic that is none', { 'apns-topic': 'com example' }, {}, 400, 'BadTopic'],
    ['another suffix', { 'apns-topic': `${TOPIC}.voip` }, {}, 400, 'BadTopic'],
    ['no suffix', { 'apns-push-type': 'liveactivity' }, {}, 400, 'BadTopic'],
    ['an unknown type', { 'apns-push-type': 'shout' }, {}, 400, 'InvalidPushType'],
    ['a bad id', { 'apns-id': '17' }, {}, 400, 'BadMessageId'],
    ['a bad expiration', { 'apns-expiration': 'soon' }, {}, 400, 'BadExpirationDate'],
    ['a bad priority', { 'apns-priority': '7' }, {}, 400, 'BadPriority'],
    [
      'background, and urgent',
      { 'apns-push-type': 'background', 'apns-priority': '10' },
      {},
      400,
      'BadPriority',
    ],
    ['65 bytes to collapse by', { 'apns-collapse-id': 'x'.repeat(65) }, {}, 400, 'BadCollapseId'],
    ['no body', {}, '', 400, 'PayloadEmpty'],
    ['an empty object', {}, '{}', 400, 'PayloadEmpty'],
    ['no JSON', {}, '{', 400, 'PayloadEmpty'],
    ['a list', {}, '[1]', 400, 'PayloadEmpty'],
    ['4,097 bytes', {}, { aps: { alert: 'x'.repeat(4077) } }, 413, 'PayloadTooLarge'],
    ['a megabyte', {}, { aps: { alert: 'x'.repeat(1_100_000) } }, 413, 'PayloadTooLarge'],
  ])('is refused with %s', async (_what, headers, body, status, reason) => {
    const sent = typeof body === 'object' && Object.keys(body as object).length === 0;
    const result = await push(session, { headers, ...(!sent && { body }) });
    expect(result).toMatchObject({
      status,
      headers: { 'content-type': 'application/json' },
      json: { reason },
    });
    expect(result.headers['apns-id']).toMatch(UUID);
    expect(simulator.inbox(DEVICE)).toEqual([]);
  });

  it.each([
    ['4,096 bytes', 'alert', TOPIC, 4076],
    ['5,120 bytes for a call', 'voip', `${TOPIC}.voip`, 5100],
  ])('may have %s', async (_what, type, topic, length) => {
    const body = JSON.stringify({ aps: { alert: 'x'.repeat(length) } });
    expect([4096, 5120]).toContain(body.length);
    const headers = { 'apns-push-type': type, 'apns-topic': topic };
    expect((await push(session, { headers, body })).status).toBe(200);
  });
});

describe('a device', () => {
  it('of one environment is unknown in the other', async () => {
    simulator.putDevice(DEVICE, { environment: 'sandbox' });
    expect(await push(session)).toMatchObject({ status: 400, json: { reason: 'BadDeviceToken' } });
    for (const host of [SANDBOX, `${SANDBOX}:443`, 'api.development.push.apple.com']) {
      expect((await push(session, { headers: { ':authority': host } })).status).toBe(200);
    }
    simulator.putDevice(DEVICE, { environment: 'production' });
    expect((await push(session, { headers: { ':authority': SANDBOX } })).status).toBe(400);
    expect((await push(session)).status).toBe(200);
  });

  it('is looked for by the name in the TLS handshake where :authority says nothing', async () => {
    simulator.putDevice(DEVICE, { environment: 'sandbox' });
    const ca = await simulator.certificate();
    const options = { ca, servername: SANDBOX };
    const secure = await openSession(`https://127.0.0.1:${simulator.apnsPort}`, options);
    const headers = { ':authority': `127.0.0.1:${simulator.apnsPort}` };
    expect((await push(secure, { headers })).status).toBe(200);
    secure.destroy();
    expect((await push(session, { headers })).status).toBe(400);
  });

  it('is looked for where the simulator was told to, if nothing names a host', async () => {
    const sandbox = await createSimulator({ apns: { environment: 'sandbox' } });
    sandbox.putDevice(DEVICE, { environment: 'sandbox' });
    const own = await openSession(`http://${sandbox.apnsEmulatorHost}`);
    const headers = { ':authority': sandbox.apnsEmulatorHost };
    expect((await push(own, { headers })).status).toBe(200);
    own.destroy();
    await sandbox.close();
  });

  it('that is gone is answered with the moment when it went', async () => {
    const since = Date.UTC(2026, 0, 2);
    simulator.putDevice(DEVICE, { state: 'unregistered', since });
    expect(await push(session)).toMatchObject({
      status: 410,
      json: { reason: 'Unregistered', timestamp: since },
    });
    simulator.putDevice(DEVICE, { state: 'expired' });
    const { status, json } = await push(session);
    const { reason, timestamp } = json as { reason: string; timestamp: number };
    expect([status, reason]).toEqual([410, 'ExpiredToken']);
    expect(Math.abs(Date.now() - timestamp)).toBeLessThan(60_000);
  });

  it('of another app does not take the topic, and of this app takes it with a suffix', async () => {
    simulator.putDevice(DEVICE, { appId: 'com.example.other' });
    expect(await push(session)).toMatchObject({
      status: 400,
      json: { reason: 'DeviceTokenNotForTopic' },
    });
    simulator.putDevice(DEVICE, { appId: TOPIC });
    const headers = { 'apns-push-type': 'voip', 'apns-topic': `${TOPIC}.voip` };
    expect((await push(session, { headers })).status).toBe(200);
  });

  it('that nobody declared is unknown where only declared ones count', async () => {
    const strict = await createSimulator({ strictDevices: true });
    const own = await openSession(`http://${strict.apnsEmulatorHost}`);
    expect(await push(own)).toMatchObject({ json: { reason: 'BadDeviceToken' } });
    own.destroy();
    await strict.close();
  });
});

describe('a key that was made known', () => {
  const key = generateSigningKey();
  const put = (body: object) =>
    fetch(`${simulator.url}/simulator/apns/keys`, { method: 'PUT', body: JSON.stringify(body) });
  const known = { keyId: KEY_ID, teamId: TEAM_ID, publicKeyPem: key.publicKeyPem };
  const signed = (by = key) => ({ authorization: `bearer ${providerToken({ key: by })}` });

  it('must have signed every token from then on', async () => {
    expect((await put(known)).status).toBe(204);
    expect((await push(session, { headers: signed() })).status).toBe(200);
    expect(await push(session)).toMatchObject({
      status: 403,
      json: { reason: 'InvalidProviderToken' },
    });
    simulator.reset();
    expect((await push(session)).status).toBe(200);
  });

  it('is for its environment and its topics only', async () => {
    simulator.putApnsKey({ ...known, environment: 'sandbox', topics: [TOPIC] });
    expect(await push(session, { headers: signed() })).toMatchObject({
      status: 403,
      json: { reason: 'BadEnvironmentKeyInToken' },
    });
    const headers = { ...signed(), ':authority': SANDBOX };
    expect((await push(session, { headers })).status).toBe(200);
    expect(
      await push(session, { headers: { ...headers, 'apns-topic': 'com.example.other' } }),
    ).toMatchObject({ status: 400, json: { reason: 'TopicDisallowed' } });
  });

  it('is refused if it is none', async () => {
    const errorOf = async (body: object) => {
      const response = await put(body);
      const { error } = (await response.json()) as { error: { message: string } };
      return `${response.status} ${error.message}`;
    };
    expect(await errorOf({ ...known, keyId: 'short' })).toMatch(/^400 keyId: expected ten capital/);
    expect(await errorOf({ ...known, publicKeyPem: 'x' })).toMatch(/^400 publicKeyPem: expected a/);
    const { publicKeyPem } = generateSigningKey('P-384');
    expect(await errorOf({ ...known, publicKeyPem })).toContain('curve P-256, got secp384r1');
  });
});

describe('a fault', () => {
  it('answers with any reason, and a 410 with its timestamp', async () => {
    simulator.addFault({ times: 1, then: { errorCode: 'TooManyRequests' } });
    simulator.addFault({ times: 1, then: { errorCode: 'Unregistered', timestamp: 1234 } });
    simulator.addFault({ match: { provider: 'apns' }, times: 1, then: { status: 503 } });
    const id = '123e4567-e89b-12d3-a456-426614174000';
    expect(await push(session, { headers: { 'apns-id': id } })).toMatchObject({
      status: 429,
      headers: { 'apns-id': id },
      json: { reason: 'TooManyRequests' },
    });
    expect((await push(session)).json).toEqual({ reason: 'Unregistered', timestamp: 1234 });
    expect(await push(session)).toMatchObject({
      status: 503,
      json: { reason: 'ServiceUnavailable' },
    });
    expect(simulator.inbox(DEVICE)).toEqual([]);
  });

  it('with a reason of APNs leaves FCM alone, and the other way round', async () => {
    expect(simulator.addFault({ then: { errorCode: 'Shutdown' } }).match.provider).toBe('apns');
    expect(simulator.addFault({ then: { errorCode: 'INTERNAL' } }).match.provider).toBe('fcm');
    const mismatched = { match: { provider: 'fcm' as const }, then: { errorCode: 'Shutdown' } };
    expect(() => simulator.addFault(mismatched)).toThrow('then.errorCode: expected one of UNSPEC');
    expect((await push(session)).json).toEqual({ reason: 'Shutdown' });
  });

  it('is told when a status has no reason of its own', async () => {
    simulator.addFault({ times: 1, then: { status: 502 } });
    expect(await push(session)).toMatchObject({ status: 502, json: undefined });
  });
});

describe('what is no HTTP/2', () => {
  it('is refused at the connection: HTTP/1.1 in cleartext', async () => {
    const socket = connectTcp(simulator.apnsPort, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    // Whether it ends or is reset, it is over.
    socket.on('error', () => socket.destroy());
    socket.write(`POST /3/device/${DEVICE} HTTP/1.1\r\nhost: ${PRODUCTION}\r\n\r\n`);
    await once(socket, 'close');
    expect(answer).toBe('');
  });

  it('is refused in the TLS handshake: HTTP/1.1 over TLS', async () => {
    const ca = await simulator.certificate();
    const secure = connectTls({
      port: simulator.apnsPort,
      host: '127.0.0.1',
      ca,
      ALPNProtocols: ['http/1.1'],
    });
    const [error] = (await once(secure, 'error')) as [Error];
    expect(error.message).toMatch(/no application protocol/);
  });
});
