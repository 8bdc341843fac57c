/**
 * What anybody may send to the callables over raw HTTP: malformed, huge, nested, and with tokens wherever one can be. No answer is an
 * error of ours, and no line that is logged holds a token, also none of the SDK's, the emulator's or the framework's own.
 */
import { readdirSync, readFileSync } from 'node:fs';
import * as http from 'node:http';
import { join } from 'node:path';
import { waitUntil } from '../../scripts/stack/condition.ts';
import { stackUnderTest } from '../stack.ts';

const stack = stackUnderTest();

const CALLABLES = [
  'registerToken',
  'unregisterToken',
  'unregisterAllTokens',
  'subscribeToTopic',
  'unsubscribeFromTopic',
  'listTopics',
  'getPreferences',
  'setPreferences',
  'deleteAccount',
];
/** These get every shape, the others a third of them each. */
const ALL_SHAPES = ['registerToken', 'subscribeToTopic'];
/** Callables called at once; one call of each, because the emulator starts a process for any that comes while another is under way. */
const AT_ONCE = 2;
const TIMEOUT_MS = 60_000;
/** Twenty seconds, and as many again for each cold start of a function on a starved machine. */
const ALL_MS = 8 * 20_000 + 2 * TIMEOUT_MS;

/**
 * Kept, because the emulator passes `connection: close` on and then comes to its end over a large body. Ended after each test: a search
 * of the logs blocks this process for seconds, in which the other side closes what is idle.
 */
const connections = new http.Agent({ keepAlive: true });
afterEach(() => {
  connections.destroy();
});

interface Attempt {
  readonly method?: string;
  /** After the function's name. */
  readonly path?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';
const tokens: string[] = [];

function letters(count: number, from = ALPHABET): string {
  return Array.from({ length: count }, () => from[Math.floor(Math.random() * from.length)]).join(
    '',
  );
}

/** A token of each kind by turns, different each time, and remembered. */
function token(): string {
  const kinds = [
    () => `c${letters(21)}:APA91b${letters(134)}`,
    () => `f${letters(21)}`,
    () => letters(64, '0123456789abcdef'),
    () => letters(64, '0123456789ABCDEF'),
    () => `ExponentPushToken[${letters(22)}]`,
  ];
  const made = (kinds[tokens.length % kinds.length] as () => string)();
  tokens.push(made);
  return made;
}

const wrap = (open: string, close: string, depth: number, core: string): string =>
  open.repeat(depth) + core + close.repeat(depth);
const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** Each makes one request that holds the token. */
const SHAPES: Readonly<Record<string, (t: string) => Attempt>> = {
  'a token for a body': (t) => ({ body: t }),
  'a token in quotes for a body': (t) => ({ body: JSON.stringify(t) }),
  'a body without data': (t) => ({ body: JSON.stringify({ address: t }) }),
  'a token for data': (t) => ({ body: JSON.stringify({ data: t }) }),
  'a list for data': (t) => ({ body: JSON.stringify({ data: [t] }) }),
  'a list for a body': (t) => ({ body: JSON.stringify([{ data: { address: t } }]) }),
  'a field beside data': (t) => ({ body: JSON.stringify({ data: {}, [t]: t }) }),
  'a well-formed call': (t) => ({ body: JSON.stringify({ data: { address: t } }) }),
  'a call with a topic': (t) => ({ body: JSON.stringify({ data: { topic: t, address: t } }) }),
  'a topic of a device': (t) => ({ body: JSON.stringify({ data: { topic: 'news', address: t } }) }),
  'a token for a field': (t) => ({
    body: JSON.stringify({ data: { [t]: t, address: { [t]: t } } }),
  }),
  'a token for each fact': (t) => ({
    body: JSON.stringify({
      data: {
        address: t,
        replaces: t,
        platform: t,
        locale: t,
        timeZone: t,
        appVersion: t,
        appId: t,
      },
    }),
  }),
  'an unknown @type': (t) => ({ body: JSON.stringify({ data: { '@type': t, value: t } }) }),
  'an unknown @type inside': (t) => ({
    body: JSON.stringify({ data: { address: t, x: [{ '@type': t }] } }),
  }),
  'a wrapped number that is none': (t) => ({
    body: JSON.stringify({
      data: { address: { '@type': 'type.googleapis.com/google.protobuf.Int64Value', value: t } },
    }),
  }),
  'a prototype': (t) => ({ body: `{"data":{"__proto__":{"@type":"${t}"},"address":"${t}"}}` }),
  'half a JSON': (t) => ({ body: `{"data":{"address":"${t}` }),
  'a JSON with a comma too many': (t) => ({ body: `{"data":{"address":"${t}",}}` }),
  'a JSON in single quotes': (t) => ({ body: `{'data':'${t}'}` }),
  'no JSON at all': (t) => ({ body: `data=${t}` }),
  '5,000 levels': (t) => ({ body: wrap('{"data":', '}', 5_000, JSON.stringify(t)) }),
  '5,000 levels inside': (t) => ({ body: `{"data":${wrap('[', ']', 5_000, JSON.stringify(t))}}` }),
  '100,000 levels': (t) => ({
    body: `{"data":{"address":"${t}","x":${wrap('{"x":', '}', 100_000, '0')}}}`,
  }),
  'a megabyte': (t) => ({ body: JSON.stringify({ data: { address: t, x: t.repeat(10_000) } }) }),
  '50,000 fields': (t) => ({
    body: JSON.stringify({
      data: Object.fromEntries(Array.from({ length: 50_000 }, (_, nth) => [`${t}${nth}`, t])),
    }),
  }),
  'no body': (t) => ({ headers: { 'x-device': t } }),
  null: (t) => ({ body: 'null', headers: { 'x-device': t } }),
  'bytes that are no UTF-8': (t) => ({
    body: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(t)]),
  }),
  'a form': (t) => ({
    body: `data=${encodeURIComponent(t)}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  }),
  'plain text': (t) => ({ body: t, headers: { 'content-type': 'text/plain' } }),
  'a token for a content type': (t) => ({ body: '{"data":{}}', headers: { 'content-type': t } }),
  'a token for a charset': (t) => ({
    body: '{"data":{}}',
    headers: { 'content-type': `application/json; charset=${t}` },
  }),
  'a token for an encoding': (t) => ({
    body: '{"data":{}}',
    headers: { 'content-encoding': t },
  }),
  'no gzip at all': (t) => ({ body: t, headers: { 'content-encoding': 'gzip' } }),
  ...Object.fromEntries(
    ['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'].map((method) => [
      method,
      (t: string): Attempt => ({ method, headers: { 'x-device': t, origin: `https://${t}` } }),
    ]),
  ),
  'a token for an ID token': (t) => ({
    body: '{"data":{}}',
    headers: { authorization: `Bearer ${t}` },
  }),
  'a token for all credentials': (t) => ({ body: '{"data":{}}', headers: { authorization: t } }),
  'a token inside an ID token': (t) => ({
    body: '{"data":{}}',
    headers: { authorization: `Bearer ${base64url('{}')}.${base64url(JSON.stringify(t))}.x` },
  }),
  'an ID token of nobody': (t) => ({
    body: JSON.stringify({ data: { address: t } }),
    headers: { authorization: `Bearer ${base64url('{}')}.${base64url('{"sub":"a/b"}')}.x` },
  }),
  'a token for App Check': (t) => ({
    body: '{"data":{}}',
    headers: { 'x-firebase-appcheck': t, 'firebase-instance-id-token': t },
  }),
  'a stream': (t) => ({
    body: JSON.stringify({ address: t }),
    headers: { accept: 'text/event-stream' },
  }),
};

interface Answered {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

function send(name: string, idToken: string | undefined, attempt: Attempt): Promise<Answered> {
  const [host, port] = stack.functionsHost.split(':');
  const { method = 'POST', path = '', headers = {}, body } = attempt;
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host,
        port,
        agent: connections,
        method,
        path: `/${stack.projectId}/us-central1/${name}${path}`,
        headers: {
          'content-type': 'application/json',
          ...(idToken === undefined ? {} : { authorization: `Bearer ${idToken}` }),
          ...headers,
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** A new user's ID token. */
async function signUp(): Promise<string> {
  const url = `http://${stack.authHost}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=any`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      email: `${letters(20)}@example.com`,
      password: 'correct horse',
      returnSecureToken: true,
    }),
  });
  return ((await response.json()) as { idToken: string }).idToken;
}

function logged(): string {
  return readdirSync(stack.logs)
    .filter((file) => file.endsWith('.log'))
    .map((file) => readFileSync(join(stack.logs, file), 'utf8'))
    .join('\n');
}

it(
  'is answered, and no token is logged',
  async () => {
    // Signed in and out by turns.
    const attemptsAt = (name: string, callable: number) =>
      Object.entries(SHAPES)
        .filter((_, nth) => ALL_SHAPES.includes(name) || (nth + callable) % 3 === 0)
        .map(([what, shape], nth) => ({ name, what, isSignedIn: nth % 2 === 0, shape }));
    const attempts = CALLABLES.map(attemptsAt);
    const faults: string[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let mine = attempts[next++]; mine !== undefined; mine = attempts[next++]) {
        for (const { name, what, isSignedIn, shape } of mine) {
          const idToken = isSignedIn ? await signUp() : undefined;
          const { status } = await send(name, idToken, shape(token()));
          if (status >= 500) faults.push(`${name}, ${what}: ${status}`);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    expect(faults).toEqual([]);

    // The last thing that is said comes after all that was said before.
    await send('registerToken', undefined, { body: '{"data":[[[[[[[[[[]]]]]]]]]]}' });
    const said = (): number => logged().split('nested at most').length - 1;
    const nested = attempts.flat().filter(({ what }) => what.includes('levels'));
    expect(await waitUntil(() => said() > nested.length, TIMEOUT_MS)).toBe(true);
    const text = logged();
    expect(tokens.filter((each) => text.includes(each))).toEqual([]);
  },
  ALL_MS,
);

it('is answered so that a web app can read it, and the browser’s question before it, too', async () => {
  const origin = 'https://birds.example.com';
  const preflight = await send('registerToken', undefined, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST' },
  });
  expect(preflight).toMatchObject({
    status: 204,
    headers: { 'access-control-allow-origin': origin, 'access-control-allow-methods': 'POST' },
  });
  const refused = await send('registerToken', undefined, { headers: { origin }, body: '{}' });
  expect(refused).toMatchObject({
    status: 400,
    headers: { 'access-control-allow-origin': origin },
  });
  expect(JSON.parse(refused.body)).toEqual({
    error: {
      status: 'INVALID_ARGUMENT',
      message: expect.stringContaining('expected a request as httpsCallable() sends it') as string,
    },
  });
});
