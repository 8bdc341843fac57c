/** `@parse/node-apn`, unmodified, against the simulator over TLS: what it is told is what is meant. */
import { Notification, Provider, type ResponseFailure } from '@parse/node-apn';
import { reasons } from '../apns/reasons.ts';
import { createSimulator, type Simulator, type SimulatorOptions } from '../index.ts';
import {
  DEVICE,
  generateSigningKey,
  KEY_ID,
  SANDBOX,
  TEAM_ID,
  TOPIC,
} from '../testing/apns-client.ts';

const key = generateSigningKey();

let simulator: Simulator;
let provider: Provider;

const start = async (
  apns: SimulatorOptions['apns'] = {},
  options: { readonly connectionRetryLimit?: number; readonly key?: string } = {},
) => {
  simulator = await createSimulator({ apns });
  simulator.putApnsKey({ keyId: KEY_ID, teamId: TEAM_ID, publicKeyPem: key.publicKeyPem });
  const settings = {
    token: { key: options.key ?? key.privateKeyPem, keyId: KEY_ID, teamId: TEAM_ID },
    // `address` is what it writes into :authority and checks the certificate for; `host` goes on to
    // tls.connect, which then dials this machine.
    address: SANDBOX,
    host: '127.0.0.1',
    port: simulator.apnsPort,
    ca: [await simulator.certificate()],
    connectionRetryLimit: options.connectionRetryLimit ?? 3,
  };
  provider = new Provider(settings);
};
afterEach(async () => {
  await provider.shutdown();
  await simulator.close();
});

const notification = (alert = 'Hello') =>
  new Notification({ alert, topic: TOPIC, pushType: 'alert', collapseId: 'one' });
const told = ({ status, response, error }: ResponseFailure) =>
  `${status} ${response?.reason ?? error?.message}`;

it('is told of success, with an id', async () => {
  await start();
  const { sent, failed } = await provider.send(notification(), DEVICE);
  expect(failed).toEqual([]);
  expect(sent).toMatchObject([{ device: DEVICE }]);
  expect(simulator.inbox(DEVICE)).toMatchObject([{ body: 'Hello', collapseId: 'one' }]);
});

it.each([100, 1000])(
  'gets the first %d through that it opens before it knows of any limit',
  async (count) => {
    await start();
    const devices = Array.from({ length: count }, (_, n) => n.toString(16).padStart(64, '0'));
    const { sent, failed } = await provider.send(notification(), devices);
    expect([sent.length, failed.map(told)]).toEqual([count, []]);
  },
);

it('gets two thousand through at once, after one that shows its token', async () => {
  await start();
  await provider.send(notification(), DEVICE);
  const devices = Array.from({ length: 2000 }, (_, n) => n.toString(16).padStart(64, '0'));
  const { sent, failed } = await provider.send(notification(), devices);
  expect([sent.length, failed]).toEqual([2000, []]);
  expect(simulator.requestCount()).toBe(2001);
});

it.each(Object.entries(reasons))('is told of %s, with %i', async (errorCode, status) => {
  await start({}, { connectionRetryLimit: 0 });
  simulator.addFault({ then: { errorCode } });
  const { failed } = await provider.send(notification(), DEVICE);
  // It has a text of its own for a 500.
  const text = status === 500 ? 'Error 500, stream ended unexpectedly' : errorCode;
  expect(failed.map(told)).toEqual([`${status} ${text}`]);
});

it('is told when a device went, is of the other environment, or of another app', async () => {
  await start();
  const [gone, away, other] = ['01', '02', '03'].map((byte) => byte.repeat(32)) as [
    string,
    string,
    string,
  ];
  simulator.putDevice(gone, { state: 'unregistered', since: 1234 });
  simulator.putDevice(away, { environment: 'production' });
  simulator.putDevice(other, { appId: 'com.example.other' });
  await provider.send(notification(), DEVICE);
  const { failed } = await provider.send(notification(), [gone, away, other]);
  expect(failed.map(({ response }) => response)).toEqual([
    { reason: 'Unregistered', timestamp: 1234 },
    { reason: 'BadDeviceToken' },
    { reason: 'DeviceTokenNotForTopic' },
  ]);
});

it('is told that its payload is too large, or its key another', async () => {
  await start();
  const large = await provider.send(notification('x'.repeat(4096)), DEVICE);
  expect(large.failed.map(told)).toEqual(['413 PayloadTooLarge']);
  await provider.shutdown();
  await simulator.close();
  await start({}, { key: generateSigningKey().privateKeyPem });
  const stranger = await provider.send(notification(), DEVICE);
  expect(stranger.failed.map(told)).toEqual(['403 InvalidProviderToken']);
});

it('renews its token when it is told that it has expired, and gets through', async () => {
  await start();
  simulator.addFault({ times: 1, then: { errorCode: 'ExpiredProviderToken' } });
  const { sent, failed } = await provider.send(notification(), DEVICE);
  expect([sent.length, failed]).toEqual([1, []]);
  const statuses = simulator.requests().map(({ response }) => response?.status);
  expect(statuses).toEqual([403, 200]);
});

it('opens another connection after a GOAWAY', async () => {
  await start({ maxBadDeviceTokens: 1 });
  const bad = await provider.send(notification(), 'abcd');
  expect(bad.failed.map(told)).toEqual(['400 BadDeviceToken']);
  // It gives up what it sent before it read the GOAWAY, so the first push after may be lost.
  const first = await provider.send(notification(), DEVICE);
  const { sent } = first.sent.length > 0 ? first : await provider.send(notification(), DEVICE);
  expect(sent).toHaveLength(1);
  expect(simulator.inbox(DEVICE)).toHaveLength(1);
});
