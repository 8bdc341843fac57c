/** What the FCM provider makes of FCM's answers, word for word: suspects, resends, access tokens. */
import { seededRandom } from '../../../../simulator/src/seeded-random';
import { content } from '../../testing/content';
import type { Http2Answer, Http2Request } from '../http2/answer';
import { AccessTokens, type Credential } from './access-token';
import { ANSWERS } from '../../testing/fcm-answers';
import { FcmProvider } from './provider';

const NEVER: Http2Answer = { kind: 'no-response', processed: 'never', reason: 'REFUSED_STREAM' };

/** What code throws that does not throw errors. */
const NO_ERROR = {} as Error;

let fetches = 0;
const credential: Credential = {
  getAccessToken: () => {
    fetches += 1;
    return Promise.resolve({ access_token: `secret-${fetches}`, expires_in: 3600 });
  },
};

function providerOf(
  client: { capacity: number; request(request: Http2Request): Promise<Http2Answer> },
  own: Credential = credential,
): FcmProvider {
  const tokens = new AccessTokens(own, Date.now);
  return new FcmProvider({ projectId: 'demo', client, tokens, now: Date.now });
}

const push = content({ expiresAt: Date.now() + 3_600_000 });

beforeEach(() => {
  fetches = 0;
});

/** A provider whose requests are answered by `answer`, and those requests. */
function scripted(
  answer: (request: {
    address: string;
    probe: boolean;
    authorization: string;
    nth: number;
  }) => Http2Answer,
  own?: Credential,
) {
  const seen: { address: string; probe: boolean; authorization: string }[] = [];
  const request = async ({ body, headers }: Http2Request): Promise<Http2Answer> => {
    await Promise.resolve();
    const { message, validateOnly = false } = JSON.parse(body) as {
      message: { token: string };
      validateOnly?: boolean;
    };
    const authorization = headers['authorization'] ?? '';
    const asked = { address: message.token, probe: validateOnly, authorization };
    seen.push(asked);
    return answer({ ...asked, nth: seen.length - 1 });
  };
  return { provider: providerOf({ capacity: 10, request }, own), seen };
}

describe('suspects', () => {
  it('are dead when they are refused alone, once something was accepted', async () => {
    const { provider, seen } = scripted(({ address }) =>
      address === 'bad' ? ANSWERS.badToken : ANSWERS.accepted,
    );
    expect(await provider.send(push, ['bad', 'good'])).toEqual([
      { kind: 'unregistered', code: 'INVALID_ARGUMENT' },
      { kind: 'delivered' },
    ]);
    expect(seen.filter(({ probe }) => probe)).toEqual([
      expect.objectContaining({ address: 'bad' }),
    ]);
  });

  it('stay while nothing was ever accepted: the project or credential may be wrong', async () => {
    const { provider } = scripted(() => ANSWERS.bareNotFound);
    expect(await provider.send(push, ['a', 'b'])).toEqual(
      Array(2).fill({
        kind: 'rejected',
        code: 'NOT_FOUND',
        detail: 'nothing was accepted from this credential yet',
      }),
    );
  });

  it('are judged alike, whichever probe is answered first', async () => {
    const { provider } = scripted(({ address, probe }) =>
      probe && address === 'live' ? ANSWERS.accepted : ANSWERS.senderMismatch,
    );
    expect(await provider.send(push, ['x', 'live', 'y'])).toEqual([
      { kind: 'unregistered', code: 'SENDER_ID_MISMATCH' },
      {
        kind: 'rejected',
        code: 'SENDER_ID_MISMATCH',
        detail: 'the address alone was not refused',
      },
      { kind: 'unregistered', code: 'SENDER_ID_MISMATCH' },
    ]);
  });

  it('wait when the question itself gets no answer', async () => {
    const { provider } = scripted(({ probe }) => (probe ? ANSWERS.unavailable : ANSWERS.badToken));
    expect(await provider.send(push, ['a'])).toEqual([
      { kind: 'retry', cause: 'fcm-unavailable', code: 'UNAVAILABLE' },
    ]);
  });

  it('are never dead in masses, nor asked about', async () => {
    const addresses = Array.from({ length: 40 }, (_, nth) => `d${nth}`);
    const { provider, seen } = scripted(({ address }) =>
      Number(address.slice(1)) < 21 ? ANSWERS.badToken : ANSWERS.accepted,
    );
    const outcomes = await provider.send(push, addresses);
    expect(outcomes.slice(0, 21)).toEqual(
      Array(21).fill({
        kind: 'rejected',
        code: 'INVALID_ARGUMENT',
        detail: 'most addresses got this answer: check project, credential and payload',
      }),
    );
    expect(outcomes.slice(21)).toEqual(Array(19).fill({ kind: 'delivered' }));
    expect(seen.some(({ probe }) => probe)).toBe(false);
  });
});

describe('a request that was never processed', () => {
  it('is sent again at once, three times at the most', async () => {
    const { provider, seen } = scripted(() => NEVER);
    expect(await provider.send(push, ['a'])).toEqual([
      { kind: 'retry', cause: 'unprocessed', code: 'REFUSED_STREAM' },
    ]);
    expect(seen).toHaveLength(4);
  });

  it('is delivered by a resend', async () => {
    const { provider } = scripted(({ nth }) => (nth < 3 ? NEVER : ANSWERS.accepted));
    expect(await provider.send(push, ['a'])).toEqual([{ kind: 'delivered' }]);
  });

  it('is not sent again when it may have been processed', async () => {
    const { provider, seen } = scripted(() => ({ ...NEVER, processed: 'unknown' }));
    expect(await provider.send(push, ['a'])).toEqual([
      { kind: 'retry', cause: 'unknown', code: 'REFUSED_STREAM' },
    ]);
    expect(seen).toHaveLength(1);
  });
});

describe('an access token', () => {
  const unauthenticated = {
    kind: 'retry',
    cause: 'credential',
    code: 'UNAUTHENTICATED',
    detail: 'FCM does not accept our access token: check the service account of the functions',
  };

  it('that is refused is replaced once; the push, which nobody has processed, is tried again later', async () => {
    const { provider, seen } = scripted(() => ANSWERS.tokenExpired);
    expect(await provider.send(push, ['a'])).toEqual([unauthenticated]);
    expect(seen.map(({ authorization }) => authorization)).toEqual([
      'Bearer secret-1',
      'Bearer secret-2',
    ]);
  });

  it('that is always refused is not fetched anew for each of many addresses', async () => {
    const { provider, seen } = scripted(() => ANSWERS.tokenGarbled);
    const addresses = Array.from({ length: 200 }, (_, nth) => `d${nth}`);
    expect(await provider.send(push, addresses)).toEqual(Array(200).fill(unauthenticated));
    expect(fetches).toBe(2);
    expect(seen.length).toBeLessThanOrEqual(210);
  });

  it('that the credential gives again is sent once more', async () => {
    const same: Credential = {
      getAccessToken: () => Promise.resolve({ access_token: 'same', expires_in: 3600 }),
    };
    const { provider, seen } = scripted(
      ({ nth }) => (nth === 0 ? ANSWERS.tokenGarbled : ANSWERS.accepted),
      same,
    );
    expect(await provider.send(push, ['a'])).toEqual([{ kind: 'delivered' }]);
    expect(seen).toHaveLength(2);
  });

  it('that cannot be had is a reason to try later, told without secrets', async () => {
    const key = 'A1b2'.repeat(30);
    const away: Credential = {
      getAccessToken: () => Promise.reject(new Error(`invalid_grant:\n  assertion ${key} refused`)),
    };
    const { provider, seen } = scripted(() => ANSWERS.accepted, away);
    expect(await provider.send(push, ['a', 'b'])).toEqual(
      Array(2).fill({
        kind: 'retry',
        cause: 'credential',
        code: 'NO_ACCESS_TOKEN: invalid_grant: assertion … refused',
      }),
    );
    expect(seen).toEqual([]);
  });

  it('that cannot be replaced is a reason to try later', async () => {
    let asked = 0;
    const once: Credential = {
      getAccessToken: () => {
        asked += 1;
        if (asked === 1) return Promise.resolve({ access_token: 't', expires_in: 3600 });
        return Promise.reject(NO_ERROR);
      },
    };
    const { provider } = scripted(() => ANSWERS.tokenExpired, once);
    expect(await provider.send(push, ['a'])).toEqual([
      { kind: 'retry', cause: 'credential', code: 'NO_ACCESS_TOKEN: unknown error' },
    ]);
  });

  it('that is refused now and then costs nobody their push: 2,000 pushes, 3 % refusals, one token', async () => {
    const random = seededRandom(1);
    const same: Credential = {
      getAccessToken: () => Promise.resolve({ access_token: 'same', expires_in: 3600 }),
    };
    const { provider, seen } = scripted(
      () => (random() < 0.03 ? ANSWERS.credentialsMissing : ANSWERS.accepted),
      same,
    );
    let left = Array.from({ length: 2000 }, (_, nth) => `d${nth}`);
    let rounds = 0;
    while (left.length > 0) {
      rounds += 1;
      const outcomes = await provider.send(push, left);
      expect(outcomes.filter(({ kind }) => kind !== 'delivered')).toEqual(
        outcomes.filter(({ kind }) => kind !== 'delivered').map(() => unauthenticated),
      );
      left = left.filter((_, nth) => outcomes[nth]?.kind !== 'delivered');
    }
    expect(rounds).toBeLessThanOrEqual(3);
    expect(seen.length).toBeLessThan(2000 * 1.06);
  });

  it('is in no outcome, and neither is an address', async () => {
    const answers = Object.values(ANSWERS);
    const { provider } = scripted(({ nth }) => answers[nth % answers.length] ?? NEVER);
    const addresses = Array.from({ length: 100 }, (_, nth) => `device-${nth}:APA91b`);
    const told = JSON.stringify(await provider.send(push, addresses));
    expect(told).not.toMatch(/secret-|APA91b/);
  });
});

it('sends nothing when the push fits nobody', async () => {
  const { provider, seen } = scripted(() => ANSWERS.accepted);
  const large = content({ data: { postId: 'x'.repeat(5000) } });
  await expect(provider.send(large, ['a'])).rejects.toThrow('expected a payload of at most 4096');
  expect(seen).toEqual([]);
});

it('names the project in the path as it is', async () => {
  const paths: string[] = [];
  const request = ({ path }: Http2Request): Promise<Http2Answer> => {
    paths.push(path);
    return Promise.resolve(ANSWERS.accepted);
  };
  await new FcmProvider({
    projectId: 'example.com:api/../x',
    client: { capacity: 1, request },
    tokens: new AccessTokens(credential, Date.now),
    now: Date.now,
  }).send(push, ['a']);
  expect(paths).toEqual(['/v1/projects/example.com%3Aapi%2F..%2Fx/messages:send']);
});
