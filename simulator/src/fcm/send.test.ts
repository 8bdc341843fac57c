import { createSimulator, type Simulator } from '../index.ts';
import { PROJECT, SEND_PATH, sendJson, sendMessage } from '../testing/fcm-client.ts';

const TOKEN = 'device:APA91b';
const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';
const APNS_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.ApnsError';
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';
const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await createSimulator();
});
afterEach(() => simulator.close());

interface ErrorBody {
  readonly error: {
    readonly code: number;
    readonly message: string;
    readonly status: string;
    readonly details?: readonly Record<string, unknown>[];
  };
}

const errorOf = async (answer: ReturnType<typeof sendMessage>) => {
  const { status, json } = await answer;
  const { error } = json as ErrorBody;
  expect(error.code).toBe(status);
  return error;
};

describe('a message that is right', () => {
  it('is answered with its name and shown on the device', async () => {
    const answer = await sendMessage(simulator.url, {
      token: TOKEN,
      notification: { title: 'Grace liked your post' },
    });
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      name: expect.stringMatching(
        /^projects\/demo-firestore-push\/messages\/0:\d{16}%[0-9a-f]{16}$/,
      ) as string,
    });
    expect(simulator.inbox(TOKEN)).toMatchObject([
      { kind: 'notification', title: 'Grace liked your post', provider: 'fcm', requestId: 'r1' },
    ]);
  });

  it('may use camelCase and snake_case, lower-case enums and numbers as strings', async () => {
    const { status } = await sendMessage(simulator.url, {
      token: TOKEN,
      fcmOptions: { analyticsLabel: 'likes' },
      android: {
        collapseKey: 'k',
        priority: 'high',
        ttl: '4.500000000s',
        direct_boot_ok: true,
        notification: {
          channelId: 'likes',
          notification_priority: 'PRIORITY_HIGH',
          notificationCount: '3',
          eventTime: '2026-01-02T03:04:05.678Z',
          vibrate_timings: ['1s', '0.5s'],
          lightSettings: { color: { red: 1 }, light_on_duration: '1s' },
        },
      },
      webpush: { fcm_options: { link: 'https://example.com/' } },
      apns: { live_activity_token: 'abc', fcmOptions: { analyticsLabel: 'x' } },
    });
    expect(status).toBe(200);
    expect(simulator.device(TOKEN)?.badge).toBe(3);
  });

  it('is only checked when validate_only is set', async () => {
    const answer = await sendJson(simulator.url, {
      validateOnly: true,
      message: { token: TOKEN, data: { a: 'b' } },
    });
    expect(answer.json).toEqual({ name: `projects/${PROJECT}/messages/fake_message_id` });
    expect(simulator.inbox(TOKEN)).toEqual([]);
  });

  it('reaches an installation id by `fid`', async () => {
    const fid = 'cXyZ0123456789abcdefgh';
    expect((await sendMessage(simulator.url, { fid, data: { a: 'b' } })).status).toBe(200);
    expect(simulator.inbox(fid)).toHaveLength(1);
  });

  it('to a topic or a condition reaches the live devices subscribed', async () => {
    simulator.putDevice('both', { topics: ['news', 'sport'] });
    simulator.putDevice('news', { topics: ['news'] });
    simulator.putDevice('gone', { topics: ['news'], state: 'unregistered' });
    simulator.putDevice('left', { topics: ['news'] });
    simulator.putDevice('left', { topics: [] });
    await sendMessage(simulator.url, { topic: 'news', notification: { title: 'n' } });
    await sendMessage(simulator.url, {
      condition: "'news' in topics && !('sport' in topics)",
      notification: { title: 'c' },
    });
    const titles = (address: string) => simulator.inbox(address).map(({ title }) => title);
    expect([titles('both'), titles('news'), titles('gone'), titles('left')]).toEqual([
      ['n'],
      ['n', 'c'],
      [],
      [],
    ]);
  });
});

describe('authorization', () => {
  const body = { message: { token: TOKEN, data: { a: 'b' } } };

  it('is told to be missing', async () => {
    expect(await errorOf(sendJson(simulator.url, body, {}))).toMatchObject({
      code: 401,
      status: 'UNAUTHENTICATED',
      message: expect.stringMatching(/^Request is missing required authentication/) as string,
      details: [
        {
          '@type': ERROR_INFO,
          reason: 'CREDENTIALS_MISSING',
          metadata: { method: 'google.firebase.fcm.v1.FcmService.SendMessage' },
        },
      ],
    });
  });

  it.each(['Basic abc', 'Bearer', 'Bearer a b', 'key=AAAA'])(
    'is told to be garbled, without details: %s',
    async (authorization) => {
      const error = await errorOf(sendJson(simulator.url, body, { authorization }));
      expect(error).toMatchObject({ code: 401, status: 'UNAUTHENTICATED' });
      expect(error.message).toMatch(/^Request had invalid authentication credentials/);
      expect(error.details).toBeUndefined();
    },
  );

  it('expires one token, and a new one is taken', async () => {
    await sendJson(simulator.url, body, { authorization: 'Bearer old' });
    simulator.expireAccessTokens();
    const error = await errorOf(sendJson(simulator.url, body, { authorization: 'Bearer old' }));
    expect(error.details).toMatchObject([{ reason: 'ACCESS_TOKEN_EXPIRED' }]);
    const renewed = await sendJson(simulator.url, body, { authorization: 'Bearer new' });
    expect(renewed.status).toBe(200);
  });

  it('of a project that is not among those accepted is a 403 of the front end', async () => {
    const strict = await createSimulator({ projects: ['mine'] });
    const error = await errorOf(sendJson(strict.url, body));
    await strict.close();
    expect(error).toMatchObject({ code: 403, status: 'PERMISSION_DENIED' });
    expect(error.message).toContain("Permission 'cloudmessaging.messages.create' denied");
    expect(error.details).toMatchObject([{ '@type': ERROR_INFO }]);
  });
});

describe('a device that is not there', () => {
  it('is unregistered', async () => {
    simulator.putDevice(TOKEN, { state: 'unregistered' });
    expect(await errorOf(sendMessage(simulator.url, { token: TOKEN, data: {} }))).toEqual({
      code: 404,
      status: 'NOT_FOUND',
      message: 'Requested entity was not found.',
      details: [{ '@type': FCM_ERROR, errorCode: 'UNREGISTERED' }],
    });
  });

  it('has APNs say so where it was an Apple device', async () => {
    simulator.putDevice(TOKEN, { state: 'unregistered', platform: 'ios' });
    const error = await errorOf(sendMessage(simulator.url, { token: TOKEN, data: {} }));
    expect(error.details).toEqual([
      { '@type': FCM_ERROR, errorCode: 'UNREGISTERED' },
      { '@type': APNS_ERROR, statusCode: 410, reason: 'Unregistered' },
    ]);
  });

  it('belongs to another project', async () => {
    simulator.putDevice(TOKEN, { projectId: 'another' });
    const error = await errorOf(sendMessage(simulator.url, { token: TOKEN, data: {} }));
    expect(error).toMatchObject({ code: 403, message: 'SenderId mismatch' });
    expect(error.details).toEqual([{ '@type': FCM_ERROR, errorCode: 'SENDER_ID_MISMATCH' }]);
  });

  it('is unregistered when unknown devices are refused', async () => {
    const strict = await createSimulator({ strictDevices: true });
    const error = await errorOf(sendMessage(strict.url, { token: TOKEN, data: {} }));
    await strict.close();
    expect(error.details).toMatchObject([{ errorCode: 'UNREGISTERED' }]);
  });
});

describe('JSON that is no message', () => {
  it.each<[string, unknown, string | undefined, string]>([
    [
      'an unknown field',
      { message: { token: TOKEN, x: 1 } },
      'message',
      `Invalid JSON payload received. Unknown name "x" at 'message': Cannot find field.`,
    ],
    [
      'an unknown field at the root',
      { priority: 1 },
      undefined,
      'Invalid JSON payload received. Unknown name "priority": Cannot find field.',
    ],
    [
      'a data value that is no string',
      { message: { token: TOKEN, data: { n: 12 } } },
      'message.data[0].value',
      "Invalid value at 'message.data[0].value' (TYPE_STRING), 12",
    ],
    [
      'a list where a map goes',
      { message: { token: TOKEN, data: ['a'] } },
      'message.data',
      "Invalid value at 'message.data' (Map), Cannot bind a list to map for field 'data'.",
    ],
    [
      'a text where a message goes',
      { message: { token: TOKEN, notification: 'Hi' } },
      'message.notification',
      "Invalid value at 'message.notification' " +
        '(type.googleapis.com/google.firebase.fcm.v1.Notification), "Hi"',
    ],
    [
      'a list where a text goes',
      { message: { token: [TOKEN] } },
      'message',
      `Invalid JSON payload received. Unknown name "token" at 'message': ` +
        'Proto field is not repeating, cannot start list.',
    ],
    [
      'an object where a text goes',
      { message: { token: {} } },
      'message',
      `Invalid JSON payload received. Unknown name "token" at 'message': ` +
        'Starting an object on a scalar field.',
    ],
    [
      'an enum of another name',
      { message: { token: TOKEN, android: { priority: 'URGENT' } } },
      'message.android.priority',
      "Invalid value at 'message.android.priority' " +
        '(type.googleapis.com/google.firebase.fcm.v1.AndroidMessagePriority), "URGENT"',
    ],
    [
      'a duration without its unit',
      { message: { token: TOKEN, android: { ttl: '60' } } },
      'message.android.ttl',
      `Invalid value at 'message.android.ttl' (type.googleapis.com/google.protobuf.Duration), "60"`,
    ],
    [
      'a duration as a number',
      { message: { token: TOKEN, android: { ttl: 60 } } },
      'message.android.ttl',
      "Invalid value at 'message.android.ttl' (type.googleapis.com/google.protobuf.Duration), 60",
    ],
    [
      'an APNs header that is no string',
      { message: { token: TOKEN, apns: { headers: { 'apns-priority': 5 } } } },
      'message.apns.headers[0].value',
      "Invalid value at 'message.apns.headers[0].value' (TYPE_STRING), 5",
    ],
    [
      'two targets',
      { message: { token: TOKEN, topic: 'news' } },
      'message',
      "Invalid value at 'message' (oneof), oneof field 'target' is already set. Cannot set 'topic'",
    ],
  ])('%s is named, without an FcmError', async (_what, body, field, description) => {
    expect(await errorOf(sendJson(simulator.url, body))).toEqual({
      code: 400,
      status: 'INVALID_ARGUMENT',
      message: description,
      details: [
        { '@type': BAD_REQUEST, fieldViolations: [{ ...(field && { field }), description }] },
      ],
    });
    expect(simulator.devices()).toEqual([]);
  });

  it('that cannot be parsed is refused', async () => {
    const error = await errorOf(sendJson(simulator.url, '{"message":'));
    expect(error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    expect(error.message).toMatch(/^Invalid JSON payload received\./);
  });

  it('tells all faults at once', async () => {
    const error = await errorOf(sendMessage(simulator.url, { a: 1, b: 2, data: { c: 3 } }));
    expect(error.message.split('\n')).toHaveLength(3);
  });

  it('of a megabyte and more is refused and not kept', async () => {
    const body = { message: { token: TOKEN, data: { big: 'x'.repeat(1024 * 1024) } } };
    const error = await errorOf(sendJson(simulator.url, body));
    expect(error.message).toBe('Request payload size exceeds the limit: 1048576 bytes.');
    expect(simulator.requests()[0]?.body).toBeUndefined();
  });
});

describe('a message that FCM refuses', () => {
  const big = 'x'.repeat(4097);

  it.each<[string, unknown, string | undefined, string]>([
    ['no target', { data: {} }, 'message', 'Recipient of the message is not set.'],
    ['a topic with a space', { topic: 'a b' }, 'message.topic', 'Invalid topic name: a b'],
    [
      'a topic with its old prefix',
      { topic: '/topics/a' },
      'message.topic',
      'Invalid topic name: /topics/a',
    ],
    [
      'a condition that is none',
      { condition: 'a' },
      'message.condition',
      'Invalid condition expression provided.',
    ],
    ...[
      'from',
      'message_type',
      'google.x',
      'google',
      'googlex',
      'gcm.notification.title',
      'gcm',
    ].map((key): [string, unknown, string, string] => [
      `the reserved data key ${key}`,
      { token: TOKEN, data: { [key]: 'x' } },
      'message.data',
      `Invalid data payload key: ${key}`,
    ]),
    [
      'a time to live beyond four weeks',
      { token: TOKEN, android: { ttl: '2419201s' } },
      'message.android.ttl',
      'Invalid ttl: expected 0s to 2419200s, got 2419201s',
    ],
    [
      'a negative time to live',
      { token: TOKEN, android: { ttl: '-1s' } },
      'message.android.ttl',
      'Invalid ttl: expected 0s to 2419200s, got -1s',
    ],
    [
      'a colour by name',
      { token: TOKEN, android: { notification: { color: 'red' } } },
      'message.android.notification.color',
      'Invalid color: expected #rrggbb, got red',
    ],
    [
      'a link without TLS',
      { token: TOKEN, webpush: { fcm_options: { link: 'http://a.b' } } },
      'message.webpush.fcm_options.link',
      'Invalid link: expected an absolute HTTPS URL.',
    ],
    [
      'an analytics label with a space',
      { token: TOKEN, apns: { fcm_options: { analytics_label: 'a b' } } },
      'message.apns.fcm_options.analytics_label',
      'Invalid analytics label: a b',
    ],
    [
      'a background push of priority 10, blamed on the address',
      {
        token: TOKEN,
        apns: { headers: { 'apns-push-type': 'background', 'apns-priority': '10' } },
      },
      'message.token',
      'Invalid registration token',
    ],
    [
      'an APNs device token',
      { token: 'ab'.repeat(32) },
      undefined,
      'The registration token is not a valid FCM registration token',
    ],
    [
      'an installation id as a token',
      { token: 'cXyZ0123456789abcdefgh' },
      undefined,
      'The registration token is not a valid FCM registration token',
    ],
    [
      'a token with a space',
      { token: 'a b' },
      undefined,
      'The registration token is not a valid FCM registration token',
    ],
    ['a payload too big', { token: TOKEN, data: { big } }, undefined, 'Android message is too big'],
    ['one for a topic', { topic: 'news', data: { big } }, undefined, 'Android message is too big'],
  ])('%s', async (_what, message, field, description) => {
    const error = await errorOf(sendMessage(simulator.url, message));
    expect(error).toEqual({
      code: 400,
      status: 'INVALID_ARGUMENT',
      message: description,
      details: [
        ...(field === undefined
          ? []
          : [{ '@type': BAD_REQUEST, fieldViolations: [{ field, description }] }]),
        { '@type': FCM_ERROR, errorCode: 'INVALID_ARGUMENT' },
      ],
    });
  });

  it('for the app of another package', async () => {
    simulator.putDevice(TOKEN, { appId: 'com.example.mine' });
    const android = { restricted_package_name: 'com.example.other' };
    const error = await errorOf(sendMessage(simulator.url, { token: TOKEN, android }));
    expect(error.message).toBe(
      'The restricted package name does not match the app: com.example.other',
    );
  });
});

describe('a message to an Apple device', () => {
  beforeEach(() => {
    simulator.putDevice(TOKEN, { platform: 'ios' });
  });

  it.each([
    ['apns-priority', '7', 'BadPriority'],
    ['apns-expiration', 'tomorrow', 'BadExpirationDate'],
    ['apns-collapse-id', 'é'.repeat(33), 'BadCollapseId'],
    ['apns-push-type', 'loud', 'InvalidPushType'],
  ])('has APNs refuse %s: %s', async (name, value, reason) => {
    const apns = { headers: { [name]: value }, payload: { aps: { alert: 'Hi' } } };
    const error = await errorOf(sendMessage(simulator.url, { token: TOKEN, apns }));
    expect(error.details).toEqual([
      { '@type': FCM_ERROR, errorCode: 'INVALID_ARGUMENT' },
      { '@type': APNS_ERROR, statusCode: 400, reason },
    ]);
  });

  it.each([
    ['priority 10', { 'apns-priority': '10' }, { 'content-available': 1 }],
    ['no content-available', { 'apns-priority': '5' }, {}],
  ])('that is data only is blamed on the address with %s', async (_what, headers, aps) => {
    const message = { token: TOKEN, data: { a: 'b' }, apns: { headers, payload: { aps } } };
    const error = await errorOf(sendMessage(simulator.url, message));
    expect(error.message).toBe('Invalid registration token');
  });

  it('that is data only, quiet and says so is taken', async () => {
    const headers = { 'apns-priority': '5', 'apns-push-type': 'background' };
    const payload = { aps: { 'content-available': 1 } };
    const message = { token: TOKEN, data: { a: 'b' }, apns: { headers, payload } };
    expect((await sendMessage(simulator.url, message)).status).toBe(200);
  });

  it('may be no bigger than 4096 bytes', async () => {
    const apns = { payload: { aps: { alert: 'x'.repeat(4096) } } };
    const error = await errorOf(sendMessage(simulator.url, { token: TOKEN, apns }));
    expect(error.message).toBe('iOS message is too big');
  });
});

it('is not this simulator that another path of the API reaches', async () => {
  const warnings: string[] = [];
  const quiet = await createSimulator({ warn: (line) => warnings.push(line) });
  const response = await fetch(`${quiet.url}${SEND_PATH}Multicast`, { method: 'POST' });
  await quiet.close();
  expect(response.status).toBe(404);
  expect(JSON.stringify(await response.json())).toContain('No route for POST /v1/projects/');
  expect(warnings).toEqual([expect.stringContaining('messages:sendMulticast')]);
});
