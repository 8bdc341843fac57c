import type { ClientHttp2Session } from 'node:http2';
import { createSimulator, type Simulator, type SimulatorOptions } from '../index.ts';
import { providerToken, push } from '../testing/apns-client.ts';
import { next, openSession } from '../testing/fcm-client.ts';

const MINUTE_MS = 60_000;
const START = Date.UTC(2026, 0, 2);

let simulator: Simulator;
let session: ClientHttp2Session;
let now: number;
const open = async (apns: SimulatorOptions['apns'] = {}) => {
  now = START;
  simulator = await createSimulator({ apns, now: () => now });
  session = await openSession(`http://${simulator.apnsEmulatorHost}`);
};
afterEach(async () => {
  session.destroy();
  await simulator.close();
});

/** Pushes with a token issued so many minutes after the start; answers the status and reason. */
const pushWith = async (issuedAfterMinutes: number, overrides: object = {}) => {
  const issuedAt = (START + issuedAfterMinutes * MINUTE_MS) / 1000;
  const authorization = `bearer ${providerToken({ issuedAt, ...overrides })}`;
  const { status, json } = await push(session, { headers: { authorization } });
  return `${status} ${(json as { reason?: string } | undefined)?.reason ?? ''}`.trim();
};
const streams = () => session.remoteSettings.maxConcurrentStreams;
const wrong = { ':path': '/3/device/xyz' };
const authorised = () => ({ authorization: `bearer ${providerToken({ issuedAt: START / 1000 })}` });

describe('provider tokens on one connection', () => {
  it('may be renewed once in twenty minutes, and older ones may be used on', async () => {
    await open();
    expect(await pushWith(0)).toBe('200');
    expect(await pushWith(1)).toBe('200');
    expect(await pushWith(2)).toBe('429 TooManyProviderTokenUpdates');
    expect(await pushWith(1)).toBe('200');
    now += 20 * MINUTE_MS;
    expect(await pushWith(2)).toBe('200');
    expect(await pushWith(3)).toBe('429 TooManyProviderTokenUpdates');
  });

  it('are counted anew on another connection', async () => {
    await open();
    for (const minute of [0, 1]) await pushWith(minute);
    session.destroy();
    session = await openSession(`http://${simulator.apnsEmulatorHost}`);
    expect(await pushWith(2)).toBe('200');
  });

  it('expire after an hour', async () => {
    await open();
    expect(await pushWith(0)).toBe('200');
    now += 61 * MINUTE_MS;
    expect(await pushWith(0)).toBe('403 ExpiredProviderToken');
    expect(await pushWith(60)).toBe('200');
  });

  it('are of one key and one team', async () => {
    await open();
    expect(await pushWith(0)).toBe('200');
    const otherKey = { header: { kid: 'KEY7654321' } };
    expect(await pushWith(0, otherKey)).toBe('403 UnrelatedKeyIdInToken');
    expect(await pushWith(0, { claims: { iss: 'TEAM654321' } })).toBe('403 UnrelatedKeyIdInToken');
  });
});

describe('the streams a client may open', () => {
  it('are one until a valid provider token was seen, a thousand from then on', async () => {
    await open();
    expect(streams()).toBe(1);
    const refused = await push(session, { headers: { authorization: null } });
    expect(refused).toMatchObject({ status: 403, json: { reason: 'MissingProviderToken' } });
    expect(streams()).toBe(1);
    const settings = next(session, 'remoteSettings');
    await push(session, { headers: authorised() });
    await settings;
    expect(streams()).toBe(1000);
  });

  it('are one again after an error, until a push is accepted, where that is wanted', async () => {
    await open({ slowDownAfterErrors: true, maxConcurrentStreams: 500 });
    const changes: unknown[] = [];
    session.on('remoteSettings', ({ maxConcurrentStreams }) => changes.push(maxConcurrentStreams));
    simulator.addFault({
      times: 1,
      match: { address: 'ab*' },
      then: { errorCode: 'Unregistered' },
    });
    await push(session, { headers: authorised() });
    await push(session, { headers: { ...authorised(), ...wrong } });
    await push(session, { headers: { ...authorised(), ...wrong } });
    await push(session, { headers: authorised() });
    expect(changes).toEqual([500, 1, 500]);
  });

  it('go up and down with every request without harm', async () => {
    await open({ slowDownAfterErrors: true });
    for (let round = 0; round < 50; round += 1) {
      const headers = authorised();
      expect((await push(session, { headers: { ...headers, ...wrong } })).status).toBe(400);
      expect((await push(session, { headers })).status).toBe(200);
    }
  });
});

describe('a GOAWAY', () => {
  const goaway = async () => {
    const [code, , data] = (await next(session, 'goaway')) as [number, number, Uint8Array];
    return [code, JSON.parse(String(data))] as const;
  };

  it('comes after too many errors, with the last one, which is answered', async () => {
    await open({ maxErrors: 2 });
    await push(session, { headers: { ...authorised(), 'apns-topic': null } });
    const end = goaway();
    const last = await push(session, { headers: { ...authorised(), ...wrong } });
    expect(last.status).toBe(400);
    expect(await end).toEqual([0, { reason: 'BadDeviceToken' }]);
  });

  it('comes sooner after tokens that are none', async () => {
    await open({ maxErrors: 100, maxBadDeviceTokens: 1 });
    const end = goaway();
    await push(session, { headers: { ...authorised(), ...wrong } });
    expect(await end).toEqual([0, { reason: 'BadDeviceToken' }]);
  });

  it('comes when nothing has come for too long', async () => {
    await open({ idleTimeoutMs: 50 });
    expect(await goaway()).toEqual([0, { reason: 'IdleTimeout' }]);
  });

  it('comes when the server stops', async () => {
    await open();
    const end = goaway();
    await simulator.close();
    expect(await end).toEqual([0, { reason: 'Shutdown' }]);
  });

  it('has what a fault says', async () => {
    await open();
    const debugData = '{"reason":"Shutdown"}';
    simulator.addFault({ times: 1, then: { goaway: { processed: true, debugData } } });
    const end = goaway();
    expect((await push(session, { headers: authorised() })).status).toBe(200);
    expect(await end).toEqual([0, { reason: 'Shutdown' }]);
  });
});
