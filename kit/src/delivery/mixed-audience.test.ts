/** One person, four devices of four kinds: one delivery, four outcomes, each from where it belongs. */
import { HTTP2_DEFAULTS, Http2Client } from '../providers/http2/client';
import { ApnsProvider } from '../providers/apns/provider';
import { NO_SERVER, settings } from '../testing/apns-settings';
import { content } from '../testing/content';
import { AccessTokens } from '../providers/fcm/access-token';
import { FcmProvider } from '../providers/fcm/provider';
import { PayloadTooLargeError } from '../providers/fit';
import type { Provider } from '../providers/provider';
import { answer, startService, type Service, type ServiceRequest } from '../testing/service';
import { resolve } from './audience';
import { sendByProvider } from './send';

const ANDROID = 'android-device:APA91bAndroid';
const IPHONE = 'ab'.repeat(32);
const INSTALLATION = 'cAbcdefghijklmnopqrstu';
const WEB = 'web-device:APA91bWeb';

const ACCEPTED = { name: 'projects/demo-birds/messages/1' };
const GONE = {
  error: {
    status: 'NOT_FOUND',
    details: [
      {
        '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError',
        errorCode: 'UNREGISTERED',
      },
    ],
  },
};

const open: { close(): void | Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function service(handle: (request: ServiceRequest) => void): Promise<Service> {
  const started = await startService(handle);
  open.push(started);
  return started;
}

function client(origin: string): Http2Client {
  const made = new Http2Client({ ...HTTP2_DEFAULTS, origin, now: Date.now });
  open.push(made);
  return made;
}

function fcm(
  origin: string,
  getAccessToken = () => Promise.resolve({ access_token: 't', expires_in: 3600 }),
): Provider {
  return new FcmProvider({
    projectId: 'demo-birds',
    client: client(origin),
    tokens: new AccessTokens({ getAccessToken }, Date.now),
    now: Date.now,
  });
}

function apns(origin: string): Provider {
  const production = { client: client(origin) };
  return new ApnsProvider(settings({ servers: { production, sandbox: NO_SERVER } }).made);
}

/** What a push to FCM was addressed to. */
function target({ body }: ServiceRequest): object {
  const { token, fid } = (JSON.parse(body) as { message: { token?: string; fid?: string } })
    .message;
  return fid === undefined ? { token } : { fid };
}

describe('a person with an Android phone, an iPhone, an installation and a browser', () => {
  it('gets one delivery with four outcomes', async () => {
    const google = await service((request) => {
      if (request.body.includes(WEB)) answer(request, 404, GONE);
      else answer(request, 200, ACCEPTED);
    });
    const apple = await service((request) => answer(request, 429, { reason: 'TooManyRequests' }));
    const tokens = [ANDROID, IPHONE, INSTALLATION, WEB];
    const { targets } = resolve(
      [
        {
          uid: 'ola',
          exists: true,
          tokens,
          notificationSettings: undefined,
          locale: undefined,
          readAt: 0,
        },
      ],
      { type: 'like', expiresAt: Infinity },
      0,
    );
    const addresses = targets.map(({ address }) => address);
    const providers = { fcm: fcm(google.origin), apns: apns(apple.origin) };

    expect(await sendByProvider(providers, content(), addresses)).toEqual([
      { kind: 'delivered' },
      { kind: 'retry', cause: 'apns-quota', code: 'TooManyRequests' },
      { kind: 'delivered' },
      { kind: 'unregistered', code: 'UNREGISTERED' },
    ]);
    const asked = google.requests.map(target);
    expect(asked).toHaveLength(3);
    expect(asked).toEqual(
      expect.arrayContaining([{ token: ANDROID }, { fid: INSTALLATION }, { token: WEB }]),
    );
    expect(apple.requests.map(({ path }) => path)).toEqual([`/3/device/${IPHONE}`]);
  });
});

describe('a project with one of the two', () => {
  it("needs no FCM credential for Apple's addresses", async () => {
    const apple = await service((request) => answer(request, 200));
    const withoutCredential = () => Promise.reject(new Error('there is none'));
    const providers = {
      fcm: fcm('http://127.0.0.1:1', withoutCredential),
      apns: apns(apple.origin),
    };
    expect(await sendByProvider(providers, content(), [IPHONE])).toEqual([{ kind: 'delivered' }]);
  });

  it('needs no APNs key for the others, and says what the native token lacks', async () => {
    const google = await service((request) => answer(request, 200, ACCEPTED));
    const outcomes = await sendByProvider({ fcm: fcm(google.origin) }, content(), [
      IPHONE,
      ANDROID,
    ]);
    expect(outcomes).toEqual([
      expect.objectContaining({ kind: 'failed', code: 'APNS_NOT_CONFIGURED' }),
      { kind: 'delivered' },
    ]);
  });
});

describe('a push that is too large', () => {
  const large: Provider = {
    send: () => Promise.reject(new PayloadTooLargeError('like', 5000, 4096, ['postId'])),
  };

  it('for one provider goes to the addresses of the other', async () => {
    const google = await service((request) => answer(request, 200, ACCEPTED));
    const providers = { fcm: fcm(google.origin), apns: large };
    expect(await sendByProvider(providers, content(), [IPHONE, ANDROID])).toEqual([
      {
        kind: 'rejected',
        code: 'PAYLOAD_TOO_LARGE',
        detail: expect.stringContaining('expected a payload of at most 4096 bytes') as string,
      },
      { kind: 'delivered' },
    ]);
  });

  it.each([
    ['both', [IPHONE, ANDROID]],
    ['the only one', [IPHONE]],
  ])('for %s fails as a whole', async (_whom, addresses) => {
    const sending = sendByProvider({ fcm: large, apns: large }, content(), addresses);
    await expect(sending).rejects.toThrow(PayloadTooLargeError);
  });
});

it('misses an outcome loudly', async () => {
  const forgetful: Provider = { send: () => Promise.resolve([]) };
  await expect(sendByProvider({ fcm: forgetful }, content(), [ANDROID])).rejects.toThrow(
    'Provider fcm: expected 1 outcomes, got 0.',
  );
});

it('passes on whatever else a provider threw', async () => {
  const broken: Provider = { send: () => Promise.reject(new Error('broken')) };
  await expect(sendByProvider({ fcm: broken }, content(), [ANDROID])).rejects.toThrow('broken');
});
