/**
 * `apns2`, unmodified, against the simulator.
 *
 * It dials port 443 of Apple's host and takes no other port and no certificate authority. So it runs as
 * an app of its users would: in a process with the preload, which leads connections to Apple here.
 */
import { reasons } from '../apns/reasons.ts';
import { createSimulator, type Simulator, type SimulatorOptions } from '../index.ts';
import { DEVICE, generateSigningKey, KEY_ID, TEAM_ID, TOPIC } from '../testing/apns-client.ts';
import { runApp } from '../testing/app.ts';

const key = generateSigningKey();

let simulator: Simulator;
const start = async (apns: SimulatorOptions['apns'] = {}) => {
  simulator = await createSimulator({ apns });
  simulator.putApnsKey({ keyId: KEY_ID, teamId: TEAM_ID, publicKeyPem: key.publicKeyPem });
};
afterEach(() => simulator.close());

const APP = `
  const { ApnsClient, Host, Notification, SilentNotification } = require('apns2');
  const options = ${JSON.stringify({
    team: TEAM_ID,
    keyId: KEY_ID,
    signingKey: key.privateKeyPem,
    defaultTopic: TOPIC,
  })};
  const sandbox = new ApnsClient({ ...options, host: Host.development });
  const production = new ApnsClient({ ...options, host: Host.production });
  const told = ({ error, ...sent }) => error === undefined ? 'sent'
    : [error.statusCode, error.reason ?? error.message, error.timestamp].filter(Boolean).join(' ');
  const push = (client, device, alert = 'Hello') => client
    .send(new Notification(device, { alert, collapseId: 'one' })).catch((error) => ({ error })).then(told);
  const done = async (value) => {
    console.log(JSON.stringify(value));
    await Promise.all([sandbox.destroy(), production.destroy()]);
  };`;
const run = (script: string) => runApp(simulator, `${APP}${script}`, { from: '../index.ts' });

it('is told of success: alert and silent, in both environments', async () => {
  await start();
  simulator.putDevice(DEVICE, { environment: 'sandbox' });
  const result = await run(`
    const silent = new SilentNotification('${'cd'.repeat(32)}');
    await done([
      await push(sandbox, '${DEVICE}'),
      await push(production, '${DEVICE}'),
      await push(production, '${'cd'.repeat(32)}'),
      await production.send(silent).then(() => 'sent'),
    ]);`);
  expect(result).toEqual(['sent', '400 BadDeviceToken', 'sent', 'sent']);
  expect(simulator.inbox(DEVICE)).toMatchObject([{ body: 'Hello', collapseId: 'one' }]);
  const hosts = simulator.requests().map(({ headers }) => headers[':authority']);
  expect(hosts).toEqual([
    'api.sandbox.push.apple.com',
    'api.push.apple.com',
    'api.push.apple.com',
    'api.push.apple.com',
  ]);
});

it('is told of every reason, with its status', async () => {
  await start();
  const devices = Object.keys(reasons).map((_, n) => n.toString(16).padStart(64, '0'));
  for (const [n, errorCode] of Object.keys(reasons).entries()) {
    simulator.addFault({ match: { address: devices[n]! }, then: { errorCode, timestamp: 1234 } });
  }
  const result = await run(`
    const results = [];
    for (const device of ${JSON.stringify(devices)}) results.push(await push(sandbox, device));
    await done(results);`);
  expect(result).toEqual(
    Object.entries(reasons).map(([reason, status]) => `${status} ${reason} 1234`),
  );
});

it('is told when a device went, or its payload is too large', async () => {
  await start();
  simulator.putDevice(DEVICE, { state: 'unregistered', since: 1234 });
  const result = await run(`
    await done([
      await push(sandbox, '${DEVICE}'),
      await push(sandbox, '${'cd'.repeat(32)}', 'x'.repeat(4096)),
    ]);`);
  expect(result).toEqual(['410 Unregistered 1234', '413 PayloadTooLarge']);
});

it('signs a new token after it is told that the one it has expired', async () => {
  await start();
  simulator.addFault({ times: 1, then: { errorCode: 'ExpiredProviderToken' } });
  const result = await run(`
    const tokens = new Set();
    const first = await push(sandbox, '${DEVICE}');
    tokens.add(sandbox._token);
    const second = await push(sandbox, '${DEVICE}');
    tokens.add(sandbox._token);
    await done([first, second, tokens.size]);`);
  expect(result).toEqual(['403 ExpiredProviderToken', 'sent', 2]);
});

it('opens another connection after a GOAWAY', async () => {
  await start({ maxBadDeviceTokens: 1 });
  const result = await run(`
    const bad = await push(sandbox, 'abcd');
    const first = await push(sandbox, '${DEVICE}');
    await done([bad, first === 'sent' ? first : await push(sandbox, '${DEVICE}')]);`);
  // undici drops on a GOAWAY what it has not read yet: the reason, or the push that came after.
  expect(result).toEqual([expect.stringMatching(/^400 /), 'sent']);
  expect(simulator.inbox(DEVICE)).toHaveLength(1);
});
