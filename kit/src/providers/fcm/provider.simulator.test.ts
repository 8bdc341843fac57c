/** The FCM provider against the project's simulator: real requests, and the devices' inboxes. */
import { content } from '../../testing/content';
import { HTTP2_DEFAULTS, Http2Client } from '../http2/client';
import type { Outcome } from '../../model/outcome';
import { type Simulator, startSimulator } from '../../testing/simulator';
import { AccessTokens } from './access-token';
import { FcmProvider } from './provider';

const push = content({ expiresAt: Date.now() + 3_600_000 });
let fetches = 0;
let simulator: Simulator;
let client: Http2Client;
let provider: FcmProvider;

beforeEach(async () => {
  simulator = await startSimulator();
  client = new Http2Client({ ...HTTP2_DEFAULTS, origin: simulator.url, now: Date.now });
  fetches = 0;
  const credential = {
    getAccessToken: () => {
      fetches += 1;
      return Promise.resolve({ access_token: `secret-${fetches}`, expires_in: 3600 });
    },
  };
  const tokens = new AccessTokens(credential, Date.now);
  provider = new FcmProvider({ projectId: 'demo', client, tokens, now: Date.now });
});

afterEach(async () => {
  client.close();
  await simulator.close();
});

const kinds = (outcomes: readonly Outcome[]): string[] => outcomes.map(({ kind }) => kind);

it('gives 2,000 mixed outcomes in the order of the addresses', async () => {
  const faults = [
    ['dead', 'UNREGISTERED', 'unregistered'],
    ['busy', 'UNAVAILABLE', 'retry'],
    ['quota', 'QUOTA_EXCEEDED', 'retry'],
    ['key', 'THIRD_PARTY_AUTH_ERROR', 'failed'],
    ['gone', 'APNS_TOKEN_DISABLED', 'unregistered'],
  ] as const;
  for (const [name, errorCode] of faults) {
    simulator.addFault({ match: { address: `${name}-*` }, then: { errorCode } });
  }
  const addresses = Array.from({ length: 2000 }, (_, nth) => {
    const fault = nth % 3 === 0 ? faults[(nth / 3) % faults.length]?.[0] : 'live';
    return `${fault}-${nth}`;
  });
  const expected = addresses.map(
    (address) => faults.find(([name]) => address.startsWith(name))?.[2] ?? 'delivered',
  );
  expect(kinds(await provider.send(push, addresses))).toEqual(expected);
  expect(fetches).toBe(1);
  expect(simulator.inbox('live-1')).toHaveLength(1);
});

it('reaches registration tokens and installation ids', async () => {
  const fid = 'cXyZ_-0123456789abcdef';
  expect(kinds(await provider.send(push, ['device:APA91b', fid]))).toEqual([
    'delivered',
    'delivered',
  ]);
  expect(simulator.requests().map(({ body }) => JSON.stringify(body))).toEqual([
    expect.stringContaining('token'),
    expect.stringContaining('fid'),
  ]);
});

it('fetches one new access token for a thousand refusals of the old one', async () => {
  await provider.send(push, ['first']);
  expect(simulator.expireAccessTokens()).toBe(1);
  const addresses = Array.from({ length: 1000 }, (_, nth) => `d${nth}`);
  expect(new Set(kinds(await provider.send(push, addresses)))).toEqual(new Set(['delivered']));
  expect(fetches).toBe(2);
});

it('does not resend what was delivered behind a 503, which a task will do later', async () => {
  simulator.addFault({ match: {}, times: 1, then: { status: 503, deliver: true } });
  expect(await provider.send(push, ['d'])).toEqual([
    { kind: 'retry', cause: 'fcm-unavailable', code: 'UNAVAILABLE' },
  ]);
  expect(simulator.requests()).toHaveLength(1);
  expect(kinds(await provider.send(push, ['d']))).toEqual(['delivered']);
  expect(simulator.inbox('d')).toHaveLength(1);
});

it('clears a suspect that only the payload had got into trouble', async () => {
  simulator.addFault({
    match: { address: 'live' },
    times: 1,
    then: { errorCode: 'INVALID_REGISTRATION_TOKEN' },
  });
  expect(await provider.send(push, ['live', 'other'])).toEqual([
    {
      kind: 'rejected',
      code: 'INVALID_ARGUMENT',
      detail: 'the address alone was not refused',
    },
    { kind: 'delivered' },
  ]);
  expect(simulator.inbox('live')).toEqual([]);
});

it('loses nobody to connections that are told to go away in mid-batch', async () => {
  simulator.addFault({ match: {}, times: 3, then: { goaway: { processed: false } } });
  const addresses = Array.from({ length: 500 }, (_, nth) => `d${nth}`);
  const outcomes = await provider.send(push, addresses);
  expect(new Set(kinds(outcomes))).toEqual(new Set(['delivered']));
  for (const address of addresses) expect(simulator.inbox(address)).toHaveLength(1);
});
