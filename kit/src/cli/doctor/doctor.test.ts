/** The command as it is called, over a stand-in of Google on this machine. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { HEALTHY_SETTINGS } from '../../testing/doctor-facts';
import {
  forbidden,
  startFakeGoogle,
  type Answering,
  type FakeGoogle,
} from '../../testing/fake-google';
import { deployedFunctions, healthyAnswers, PROJECT, ROBOT } from '../../testing/healthy-google';
import { installedProject, type InstalledProject } from '../../testing/installed-project';
import { main } from '../main';
import { FUNCTIONS } from './expected';
import type { Finding, FindingName } from './finding';
import { APIS, type Api } from './origins';

let google: FakeGoogle;
let project: InstalledProject;

beforeEach(async () => {
  google = await startFakeGoogle(healthyAnswers());
  project = installedProject();
});

afterEach(async () => {
  await google.close();
  project.remove();
});

async function call(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  let out = '';
  let err = '';
  const code = await main(['doctor', ...args], {
    cwd: project.folder,
    env: { ...google.env, GOOGLE_OAUTH_ACCESS_TOKEN: 'token', ...env },
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err };
}

/** What is not right, by name; the budget is never seen. */
async function wrongIn(env: Readonly<Record<string, string>> = {}): Promise<FindingName[]> {
  const { out } = await call(['--json'], env);
  const { findings } = JSON.parse(out) as { readonly findings: readonly Finding[] };
  return findings
    .filter(({ level, check }) => level !== 'ok' && check !== 'cost.budget')
    .map(({ check }) => check);
}

const base = `projects/${PROJECT}`;
const database = `${base}/databases/(default)`;
const europe = `${base}/locations/europe-west1`;
const robot = `iam GET /v1/${base}/serviceAccounts/${ROBOT}`;
const functions = `cloudfunctions GET /v2/${base}/locations/-/functions`;
const query = `firestore POST /v1/${database}/documents:runQuery`;
const without = (name: string) => ({
  body: { functions: deployedFunctions().filter((each) => !each.name.endsWith(name)) },
});

test('a project in which everything is right: every line says so', async () => {
  const { code, out, err } = await call();
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain(`push (project ${PROJECT})`);
  expect(out).toContain(`ok       All ${FUNCTIONS.length} functions are deployed and active`);
  expect(out).toContain(`ok       ${ROBOT} has all 7 roles that it needs.`);
  expect(out).toContain('ok       The APNs key is in the secret kit-push-APNS_KEY.');
  expect(out).not.toMatch(/PROBLEM|unknown/);
  expect(out).toMatch(/\nNo problem\.\n$/);
  expect(await wrongIn()).toEqual([]);
});

test('it only reads: GETs, and the POSTs that ask', async () => {
  await call();
  const others = google.requests.filter(({ method }) => method !== 'GET');
  expect(new Set(google.requests.map(({ api }) => api))).toEqual(new Set(APIS));
  expect([...new Set(others.map(({ method, path }) => `${method} ${path}`))].sort()).toEqual([
    `POST /v1/${base}/databases/(default)/documents:runQuery`,
    `POST /v1/${base}:getIamPolicy`,
  ]);
  for (const { body } of others.filter(({ path }) => path.endsWith(':runQuery'))) {
    expect(JSON.parse(body)).toMatchObject({ structuredQuery: { limit: 100 } });
  }
});

test('each request has the token and the project that pays for it', async () => {
  await call();
  expect(google.requests.length).toBeGreaterThan(20);
  for (const { headers } of google.requests) {
    expect(headers).toMatchObject({
      authorization: 'Bearer token',
      'x-goog-user-project': PROJECT,
    });
  }
});

const ILLNESSES: readonly (readonly [FindingName, string, Answering])[] = [
  ['project.absent', `cloudresourcemanager GET /v1/${base}`, { status: 404, body: {} }],
  ['functions.missing', functions, without('/kit-push-sendPush')],
  ['functions.unread', functions, { body: { functions: [{ nonsense: true }] } }],
  [
    'roles.missing',
    `cloudresourcemanager POST /v1/${base}:getIamPolicy`,
    { body: { bindings: [] } },
  ],
  ['roles.account-disabled', robot, { body: { disabled: true } }],
  ['roles.account-absent', robot, { status: 404, body: {} }],
  [
    'apis.disabled',
    `serviceusage GET /v1/${base}/services/fcm.googleapis.com`,
    { body: { state: 'DISABLED' } },
  ],
  ['firestore.absent', `firestore GET /v1/${database}`, { status: 404, body: {} }],
  ['firestore.region', `firestore GET /v1/${database}`, { body: { locationId: 'nam5' } }],
  ['indexes.missing', `firestore GET /v1/${database}/collectionGroups/-/indexes`, { body: {} }],
  ['ttl.missing', `firestore GET /v1/${database}/collectionGroups/-/fields`, { body: {} }],
  [
    'apns.no-key',
    `secretmanager GET /v1/${base}/secrets/kit-push-APNS_KEY/versions`,
    { status: 404, body: {} },
  ],
  [
    'queues.stopped',
    `cloudtasks GET /v2/${europe}/queues/kit-push-pushTasks`,
    { body: { state: 'PAUSED' } },
  ],
  [
    'schedules.failing',
    `cloudscheduler GET /v1/${europe}/jobs/firebase-schedule-kit-push-sweepPushes-europe-west1`,
    { body: { state: 'ENABLED', status: { code: 13 } } },
  ],
];

test.each(ILLNESSES)('%s is seen where %s answers so', async (check, key, answer) => {
  google.answers.set(key, answer);
  expect([...new Set(await wrongIn())]).toEqual([check]);
});

test('a problem makes it fail, and is printed with what fixes it', async () => {
  google.answers.set(functions, without('/kit-push-sendPush'));
  const { code, out } = await call();
  expect(code).toBe(1);
  expect(out).toContain(
    '  PROBLEM  Not deployed: kit-push-sendPush.\n' +
      `           firebase deploy --only functions:push --project ${PROJECT}\n`,
  );
  expect(out).toMatch(/\n1 problem\.\n$/);
});

test('stuck deliveries and overdue pushes are named', async () => {
  const document = { name: `${database}/documents/deliveries/like~p1` };
  google.answers.set(query, { body: [{ document }] });
  expect(await wrongIn()).toEqual(['deliveries.stuck', 'deliveries.failed', 'pushes.overdue']);
  expect((await call()).out).toContain('1 in deliveries under way without a worker');
  const asked = google.requests.filter(({ path }) => path.endsWith(':runQuery'));
  expect(asked.slice(0, 3).map(({ body }) => /"collectionId":"(\w+)"/.exec(body)?.[1])).toEqual([
    ...['deliveries', 'deliveries', 'pushes'],
  ]);
});

/** What is not known if an API says nothing. */
const UNREAD: Readonly<Record<Api, readonly FindingName[]>> = {
  cloudresourcemanager: ['project.unread', 'roles.unread'],
  serviceusage: ['apis.unread', 'app-check.unread'],
  cloudfunctions: ['functions.unread'],
  iam: ['roles.account-unread'],
  firestore: [
    ...(['firestore.unread', 'indexes.unread', 'ttl.unread'] as const),
    ...(['deliveries.unread', 'pushes.unread'] as const),
  ],
  cloudtasks: ['queues.unread'],
  cloudscheduler: ['schedules.unread'],
  secretmanager: ['apns.unread'],
};

describe.each(APIS)('where %s does not help', (api) => {
  test('refusing it names the permission and a role, and hides nothing else', async () => {
    google.everywhere.set(api, forbidden());
    expect([...new Set(await wrongIn())]).toEqual(UNREAD[api]);
    const { code, out } = await call();
    // Without the functions nothing was seen that matters.
    expect(code).toBe(api === 'cloudfunctions' ? 2 : 0);
    expect(out).toMatch(/your account lacks the permission [\w.]+ \(it is in roles\/[\w.]+\)/);
    expect(out).toMatch(/add-iam-policy-binding acme-prod --member user:YOUR_ACCOUNT --role roles/);
  });

  test('a disabled API is named', async () => {
    google.everywhere.set(api, forbidden('SERVICE_DISABLED'));
    const { out } = await call();
    expect(out).toContain(`gcloud services enable ${api}.googleapis.com --project ${PROJECT}`);
  });

  test('nothing there, an error or nonsense hides nothing else', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    const [variable] = Object.entries(google.env).find(([, url]) => url.endsWith(`/${api}`))!;
    const gone = await wrongIn({ [variable]: `http://127.0.0.1:${port}` });
    expect([...new Set(gone)]).toEqual(UNREAD[api]);
    for (const answer of [{ status: 503, text: 'oops' }, { text: '<html>' }, { body: 7 }]) {
      google.everywhere.set(api, answer);
      expect([...new Set(await wrongIn())]).toEqual(UNREAD[api]);
    }
  });
});

test('credentials that are no longer good: how to sign in', async () => {
  for (const api of APIS) google.everywhere.set(api, { status: 401, body: {} });
  const { code, out, err } = await call();
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('gcloud auth application-default login');
});

test('an account that may look, but not use the project’s quota, looks without it', async () => {
  google.everywhere.set('iam', forbidden('USER_PROJECT_DENIED'));
  expect(await wrongIn()).toEqual(['roles.account-unread']);
  const headers = google.requests.filter(({ api }) => api === 'iam').map((each) => each.headers);
  expect(headers.map((each) => each['x-goog-user-project'])).toEqual([PROJECT, undefined]);
});

test('what others wrote moves no cursor', async () => {
  const [first] = deployedFunctions();
  const name = `${europe}/functions/kit-\u001b[2J\u202eold-sendPush`;
  google.answers.set(functions, {
    body: {
      functions: [
        ...deployedFunctions(),
        { ...first, name, labels: { 'firestore-push-version': '0-1-0' } },
      ],
    },
  });
  for (const args of [[], ['--json']]) {
    const { out } = await call(args);
    expect(out).toContain(String.raw`\u001b[2J\u202eold-sendPush`);
    for (const unsafe of ['\u001b', '\u202e']) expect(out).not.toContain(unsafe);
  }
});

test('settings that the package refuses are said as the package says it', async () => {
  project.settings({ REGION: 'mars', LEDGER_DAYS: '1', MEMORY_MB: '512', MAX_INSTANCE: '3' });
  const { code, out } = await call();
  expect(code).toBe(1);
  expect(out).toContain('LEDGER_DAYS: expected a whole number from 2 to 3650, got "1".');
  expect(out).toContain('REGION: expected a region such as');
  expect(out).toContain('MEMORY_MIB is. As it stands it does nothing.');
  expect(out).toContain('Rename MAX_INSTANCE to MAX_INSTANCES');
});

test('a key for Apple without its team is refused, and said once', async () => {
  const { APNS_TEAM_ID: _, ...others } = HEALTHY_SETTINGS;
  project.settings(others);
  expect(await wrongIn()).toEqual(['settings.refused']);
  expect((await call()).out).toContain('APNS_TEAM_ID: expected 10 capital letters');
});

test('App Check’s API is asked for where its tokens are used up, though calls without one are accepted', async () => {
  const api = `serviceusage GET /v1/${base}/services/firebaseappcheck.googleapis.com`;
  google.answers.set(api, { body: { state: 'DISABLED' } });
  project.settings({ REGION: 'eur3', CONSUME_APP_CHECK_TOKEN: 'true' });
  expect(await wrongIn()).toContain('apis.disabled');
  expect((await call()).out).toContain('gcloud services enable firebaseappcheck.googleapis.com');
});

test('colours are for people at a terminal', async () => {
  const outs = await Promise.all(
    [
      [true, {}],
      [true, { NO_COLOR: '1' }],
      [false, {}],
    ].map(async ([isTerminal, env]) => {
      let out = '';
      await main(['doctor'], {
        cwd: project.folder,
        env: { ...google.env, GOOGLE_OAUTH_ACCESS_TOKEN: 'token', ...(env as object) },
        out: (text) => (out += text),
        err: () => undefined,
        isTerminal: isTerminal as boolean,
      });
      return out.includes('\u001b[32m');
    }),
  );
  expect(outs).toEqual([true, false, false]);
});
