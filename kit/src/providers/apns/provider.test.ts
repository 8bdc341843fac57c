import type { Http2Answer, Http2Request } from '../http2/answer';
import { fingerprint } from '../../model/address';
import { seededRandom } from '../../../../simulator/src/seeded-random';
import { content } from '../../testing/content';
import type { ApnsSettings } from './batch';
import type { ApnsEnvironment } from './device-facts';
import { ApnsProvider } from './provider';
import { MemoryDevices, NO_SERVER, response, server, settings } from '../../testing/apns-settings';

const A = 'aa'.repeat(32);
const B = 'bb'.repeat(32);
const C = 'cc'.repeat(32);

const accept = (): Http2Answer => response(200);
const refuse =
  (reason: string, status = 400): (() => Http2Answer) =>
  () =>
    response(status, { reason });
const addressOf = ({ path }: Http2Request): string => path.slice('/3/device/'.length);

/** A provider between two servers; `sandbox` must not be asked unless it is given. */
function between(
  production: Parameters<typeof server>[0],
  sandbox?: Parameters<typeof server>[0],
  over: Partial<ApnsSettings> = {},
) {
  const servers = {
    production: server(production),
    sandbox: sandbox === undefined ? { ...NO_SERVER, requests: [] } : server(sandbox),
  };
  const { made, devices, logged } = settings({ servers, ...over });
  return { sut: new ApnsProvider(made), servers, devices, logged };
}

/** Settings whose clock the test moves. */
function clocked() {
  const clock = { now: 1_800_000_000_000 };
  return { clock, over: settings({ now: () => clock.now }).made };
}

describe('the request', () => {
  it('carries what Apple asks for', async () => {
    const { sut, servers } = between(accept);
    await sut.send(content(), [A]);
    expect(servers.production.requests).toEqual([
      {
        path: `/3/device/${A}`,
        headers: {
          authorization: expect.stringMatching(/^bearer [\w-]+\.[\w-]+\.[\w-]{86}$/) as string,
          'apns-topic': 'com.example.birds',
          'apns-push-type': 'alert',
          'apns-priority': '10',
          'apns-expiration': expect.stringMatching(/^\d+$/) as string,
          'apns-collapse-id': 'like-e1',
          'apns-id': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        },
        unindexed: ['apns-id'],
        mayBegin: expect.any(Function) as () => boolean,
        body: expect.stringContaining('Lia liked your post') as string,
      },
    ]);
  });

  it('has the same apns-id at every try, and another for each address', async () => {
    const { sut, servers } = between(accept);
    await sut.send(content(), [A, B]);
    await sut.send(content(), [A]);
    const [first, other, again] = servers.production.requests.map(
      ({ headers }) => headers['apns-id'],
    );
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('shares one provider token', async () => {
    const { sut, servers } = between(accept);
    await sut.send(content(), [A, B, C]);
    const tokens = servers.production.requests.map(({ headers }) => headers['authorization']);
    expect(new Set(tokens).size).toBe(1);
  });

  it('names the server that is meant where the connection does not', async () => {
    const production = { ...server(accept), authority: 'api.push.apple.com' };
    const { made } = settings({ servers: { production, sandbox: NO_SERVER } });
    await new ApnsProvider(made).send(content(), [A]);
    expect(production.requests[0]?.authority).toBe('api.push.apple.com');
  });
});

describe("a device's record", () => {
  it('is read once for each address, in parts', async () => {
    const { sut, devices } = between(accept);
    await sut.send(
      content(),
      Array.from({ length: 1100 }, (_, nth) => nth.toString(16).padStart(64, '0')),
    );
    expect(devices.reads).toEqual([500, 500, 100]);
  });

  it('says which server the address belongs to', async () => {
    const { sut, servers, devices } = between(accept, accept);
    devices.records.set(B, { environment: 'sandbox' });
    await sut.send(content(), [A, B]);
    expect(servers.production.requests.map(addressOf)).toEqual([A]);
    expect(servers.sandbox.requests.map(addressOf)).toEqual([B]);
  });

  it('says which app it is: its bundle id is the topic, with the suffix of the push type', async () => {
    const { sut, servers, devices } = between(accept);
    devices.records.set(A, { appId: 'com.example.owls' });
    await sut.send(content({ apns: { pushType: 'voip' } }), [A, B]);
    expect(servers.production.requests.map(({ headers }) => headers['apns-topic'])).toEqual([
      'com.example.owls.voip',
      'com.example.birds.voip',
    ]);
  });

  it('says which Expo project it is, unless the notification does', async () => {
    const { sut, servers, devices } = between(accept, undefined, { experienceId: '@lia/all' });
    devices.records.set(A, { experienceId: '@lia/birds' });
    await sut.send(content(), [A, B]);
    await sut.send(content({ expo: { experienceId: '@lia/asked' } }), [A]);
    const ids = servers.production.requests.map(
      ({ body }) => (JSON.parse(body) as { experienceId?: string }).experienceId,
    );
    expect(ids).toEqual(['@lia/birds', '@lia/all', '@lia/asked']);
  });

  it("rejects for one device what only its Expo format makes too large, and goes on with the others'", async () => {
    const { sut, devices } = between(accept);
    devices.records.set(A, { experienceId: `@lia/${'x'.repeat(100)}` });
    const push = content({ data: { postId: 'x'.repeat(3900) } });
    expect(await sut.send(push, [A, B])).toEqual([
      {
        kind: 'rejected',
        code: 'PayloadTooLarge',
        detail: expect.stringContaining('expected a payload of at most 4096 bytes') as string,
      },
      { kind: 'delivered' },
    ]);
  });

  it('that cannot be read has the push tried again, and sends it nowhere', async () => {
    const devices = new MemoryDevices();
    devices.read = () => Promise.reject(new Error('UNAVAILABLE'));
    const { sut, servers, logged } = between(accept, undefined, { devices });
    expect(await sut.send(content(), [A])).toEqual([
      { kind: 'retry', cause: 'unprocessed', code: 'DEVICE_RECORDS_UNREADABLE' },
    ]);
    expect(servers.production.requests).toEqual([]);
    expect(logged).toEqual(['unreadable 1 Error: UNAVAILABLE']);
  });

  it('must be there for each address, or none counts', async () => {
    const devices = new MemoryDevices();
    devices.read = () => Promise.resolve([{}]);
    const { sut, logged } = between(accept, undefined, { devices });
    const outcomes = await sut.send(content(), [A, B]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['retry', 'retry']);
    expect(logged).toEqual(['unreadable 2 Error: expected the facts of 2 devices, got 1']);
  });

  it('and the settings together may know no topic: somebody has to say', async () => {
    const { made } = settings({ servers: { production: NO_SERVER, sandbox: NO_SERVER } });
    const { bundleId: _bundleId, ...without } = made;
    expect(await new ApnsProvider(without).send(content(), [A])).toEqual([
      expect.objectContaining({ kind: 'failed', code: 'APNS_NO_TOPIC' }),
    ]);
  });
});

describe('BadDeviceToken', () => {
  const bad = refuse('BadDeviceToken');

  it('has the other server asked once, and what it accepts is remembered', async () => {
    const { sut, servers, devices, logged } = between(bad, accept);
    expect(await sut.send(content(), [A])).toEqual([{ kind: 'delivered' }]);
    expect(devices.records.get(A)?.environment).toBe('sandbox');
    expect(logged).toEqual([`learned ${fingerprint(A)} sandbox`]);
    await sut.send(content(), [A]);
    expect(servers.production.requests).toHaveLength(1);
    expect(servers.sandbox.requests).toHaveLength(2);
  });

  it.each<[ApnsEnvironment, ApnsEnvironment]>([
    ['production', 'sandbox'],
    ['sandbox', 'production'],
  ])('of %s leads to %s, also against an old record', async (home, away) => {
    const { sut, devices } = between(
      home === 'production' ? bad : accept,
      home === 'sandbox' ? bad : accept,
    );
    devices.records.set(A, { environment: home });
    expect(await sut.send(content(), [A])).toEqual([{ kind: 'delivered' }]);
    expect(devices.records.get(A)).toEqual({ environment: away });
  });

  it('of an unknown address begins where the setting says', async () => {
    const { sut, servers } = between(accept, accept, { environment: 'sandbox' });
    await sut.send(content(), [A]);
    expect(servers.sandbox.requests).toHaveLength(1);
    expect(servers.production.requests).toHaveLength(0);
  });

  it('of both is dead only if something else was accepted from this key', async () => {
    const onlyB = (request: Http2Request) => (addressOf(request) === B ? accept() : bad());
    const { sut } = between(onlyB, bad);
    expect(await sut.send(content(), [A])).toEqual([
      expect.objectContaining({ kind: 'rejected', code: 'BadDeviceToken' }),
    ]);
    expect(await sut.send(content(), [A, B])).toEqual([
      { kind: 'unregistered', code: 'BadDeviceToken' },
      { kind: 'delivered' },
    ]);
    expect(await sut.send(content(), [A])).toEqual([
      { kind: 'unregistered', code: 'BadDeviceToken' },
    ]);
  });

  it('is not proven by the address itself having been accepted once', async () => {
    let live = true;
    const { sut } = between(() => (live ? accept() : bad()), bad);
    await sut.send(content(), [A, A]);
    live = false;
    expect(await sut.send(content(), [A])).toEqual([
      expect.objectContaining({ kind: 'rejected', code: 'BadDeviceToken' }),
    ]);
    live = true;
    await sut.send(content(), [B, A]);
    live = false;
    expect((await sut.send(content(), [A]))[0]?.kind).toBe('unregistered');
  });

  it('proves nothing with a key that the other server does not take', async () => {
    const onlyB = (request: Http2Request) => (addressOf(request) === B ? accept() : bad());
    const { sut, servers } = between(onlyB, refuse('BadEnvironmentKeyInToken', 403));
    const outcomes = await sut.send(content(), [B, A, C]);
    const doubtful = {
      kind: 'rejected',
      code: 'BadDeviceToken',
      detail: 'not valid in production; sandbox could not be tried: BadEnvironmentKeyInToken',
    };
    expect(outcomes).toEqual([{ kind: 'delivered' }, doubtful, doubtful]);
    // Both were under way; the next batch asks again.
    expect(servers.sandbox.requests.length).toBeLessThanOrEqual(2);
  });

  it('leaves what the other server says of it: gone, or later', async () => {
    const gone = between(bad, refuse('Unregistered', 410));
    expect(await gone.sut.send(content(), [A])).toEqual([
      { kind: 'unregistered', code: 'Unregistered' },
    ]);
    const down = between(bad, refuse('ServiceUnavailable', 503));
    expect(await down.sut.send(content(), [A])).toEqual([
      { kind: 'retry', cause: 'apns-unavailable', code: 'ServiceUnavailable' },
    ]);
  });

  it('is delivered also where the way to it could not be kept', async () => {
    const devices = new MemoryDevices();
    devices.rememberEnvironment = () => Promise.reject(new Error('UNAVAILABLE'));
    const { sut, logged } = between(bad, accept, { devices });
    expect(await sut.send(content(), [A])).toEqual([{ kind: 'delivered' }]);
    expect(logged).toContain(`not kept ${fingerprint(A)} Error: UNAVAILABLE`);
  });
});

describe('a credential that is refused', () => {
  it('stops the rest of the batch, and is tried again with the next', async () => {
    const { sut, servers } = between(refuse('InvalidProviderToken', 403));
    const addresses = Array.from({ length: 200 }, (_, nth) => nth.toString(16).padStart(64, '0'));
    const outcomes = await sut.send(content(), addresses);
    expect(outcomes).toEqual(
      addresses.map(() => ({ kind: 'retry', cause: 'credential', code: 'InvalidProviderToken' })),
    );
    // Ten were under way when the first answer came.
    expect(servers.production.requests).toHaveLength(10);
    await sut.send(content(), [A]);
    expect(servers.production.requests).toHaveLength(11);
  });

  it.each(['InvalidProviderToken', 'ExpiredProviderToken', 'MissingProviderToken'])(
    'now and then costs nobody their push: 2,000 pushes, 3 %% of them answered %s at first',
    async (reason) => {
      const { clock, over } = clocked();
      const random = seededRandom(7);
      const { sut, servers } = between(
        () => (random() < 0.03 ? response(403, { reason }) : accept()),
        undefined,
        { tokens: over.tokens, now: over.now },
      );
      let left = Array.from({ length: 2000 }, (_, nth) => nth.toString(16).padStart(64, '0'));
      let rounds = 0;
      while (left.length > 0) {
        rounds += 1;
        const outcomes = await sut.send(content(), left);
        expect(outcomes.filter(({ kind }) => kind === 'failed')).toEqual([]);
        left = left.filter((_, nth) => outcomes[nth]?.kind !== 'delivered');
        clock.now += 15_000;
      }
      expect(rounds).toBeLessThanOrEqual(4);
      expect(servers.production.requests.length).toBeLessThan(2000 * 1.06);
    },
  );

  it('is noticed although it was accepted before', async () => {
    let isGood = true;
    const { sut, servers } = between(() =>
      isGood ? accept() : response(403, { reason: 'InvalidProviderToken' }),
    );
    await sut.send(content(), [A]);
    isGood = false;
    const addresses = Array.from({ length: 200 }, (_, nth) => nth.toString(16).padStart(64, '0'));
    expect((await sut.send(content(), addresses)).map(({ kind }) => kind)).toEqual(
      addresses.map(() => 'retry'),
    );
    expect(servers.production.requests.length).toBeLessThanOrEqual(1 + 10 + 20);
  });

  it('stops only the server that refuses it', async () => {
    const { sut, devices } = between(refuse('BadEnvironmentKeyIdInToken', 403), accept);
    devices.records.set(B, { environment: 'sandbox' });
    const outcomes = await sut.send(content(), [A, B]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'delivered']);
  });
});

describe('an expired provider token', () => {
  it('is renewed once for all, and each push sent again once', async () => {
    const { clock, over } = clocked();
    const first = over.tokens.get();
    clock.now += 20 * 60_000;
    const { sut, servers } = between(
      ({ headers }) =>
        headers['authorization'] === `bearer ${first}`
          ? response(403, { reason: 'ExpiredProviderToken' })
          : accept(),
      undefined,
      { tokens: over.tokens, now: over.now },
    );
    const outcomes = await sut.send(content(), [A, B, C]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['delivered', 'delivered', 'delivered']);
    const tokens = servers.production.requests.map(({ headers }) => headers['authorization']);
    expect(tokens).toHaveLength(6);
    expect(new Set(tokens).size).toBe(2);
  });

  it('that is refused again is a matter of the clock', async () => {
    const { clock, over } = clocked();
    over.tokens.get();
    clock.now += 20 * 60_000;
    const { sut, servers } = between(refuse('ExpiredProviderToken', 403), undefined, {
      tokens: over.tokens,
      now: over.now,
    });
    expect(await sut.send(content(), [A])).toEqual([
      {
        kind: 'retry',
        cause: 'credential',
        code: 'ExpiredProviderToken',
        detail: 'a token signed just now is refused, too: check the clock',
      },
    ]);
    expect(servers.production.requests).toHaveLength(2);
  });

  it('waits for as long as Apple allows no other', async () => {
    const { clock, over } = clocked();
    over.tokens.get();
    clock.now += 5 * 60_000;
    const { sut, servers } = between(refuse('ExpiredProviderToken', 403), undefined, {
      tokens: over.tokens,
      now: over.now,
    });
    expect(await sut.send(content(), [A])).toEqual([
      {
        kind: 'retry',
        cause: 'apns-quota',
        code: 'ExpiredProviderToken',
        retryAfterMs: 15 * 60_000,
      },
    ]);
    expect(servers.production.requests).toHaveLength(1);
  });
});

it('goes back to the token before when it is one update too many, and waits', async () => {
  const { clock, over } = clocked();
  const before = over.tokens.get();
  clock.now += 30 * 60_000;
  const { sut, servers } = between(
    ({ headers }) =>
      headers['authorization'] === `bearer ${before}`
        ? accept()
        : response(429, { reason: 'TooManyProviderTokenUpdates' }),
    undefined,
    { tokens: over.tokens, now: over.now },
  );
  expect(await sut.send(content(), [A])).toEqual([
    { kind: 'retry', cause: 'apns-quota', code: 'TooManyProviderTokenUpdates' },
  ]);
  expect(servers.production.requests).toHaveLength(1);
  expect(await sut.send(content(), [A])).toEqual([{ kind: 'delivered' }]);
});

describe('a server that shuts down', () => {
  it('is left for another connection at once', async () => {
    let asked = 0;
    const { sut } = between(() =>
      (asked += 1) === 1 ? response(503, { reason: 'Shutdown' }) : accept(),
    );
    expect(await sut.send(content(), [A])).toEqual([{ kind: 'delivered' }]);
  });

  it('and again is waited for', async () => {
    const { sut, servers } = between(refuse('Shutdown', 503));
    expect(await sut.send(content(), [A])).toEqual([
      { kind: 'retry', cause: 'apns-unavailable', code: 'Shutdown' },
    ]);
    expect(servers.production.requests).toHaveLength(2);
  });
});

it('keeps on 410 an address that the app registered again since', async () => {
  const { sut, devices } = between(() =>
    response(410, { reason: 'Unregistered', timestamp: 1_700_000_000_000 }),
  );
  devices.records.set(A, { refreshedAt: 1_700_000_000_001 });
  devices.records.set(B, { refreshedAt: 1_699_999_999_999 });
  const outcomes = await sut.send(content(), [A, B, C]);
  expect(outcomes.map(({ kind }) => kind)).toEqual(['rejected', 'unregistered', 'unregistered']);
});

it('lets nothing but a payload that does not fit reject a single device', async () => {
  const { sut, devices } = between(accept);
  devices.records.set(A, { experienceId: '@lia/birds' });
  const push = content({ apns: { custom: 'no JSON' } });
  await expect(sut.send(push, [A])).rejects.toThrow(SyntaxError);
});
