/** What `firebase deploy` learns when it looks into the code, with these values in `functions/.env`. */
import { declaredParams as ofThisTest } from 'firebase-functions/params';
import { checkSettings } from './check-settings';
import { checkDefaultLocale } from './config';

interface Discovered {
  readonly regions: unknown[];
  readonly warnings: string[];
  readonly roles: unknown;
  readonly apis: unknown;
  readonly hooks: unknown;
}

/** Where the SDK gathers what a codebase declares beside its functions. */
const MANIFEST = Symbol.for('firebase-functions:manifest');
const globals = globalThis as unknown as Record<symbol, Record<string, unknown>>;

/** Loads everything as the CLI does, which asks for the manifest with `FUNCTIONS_CONTROL_API`. */
function discover(env: Readonly<Record<string, string>>): Discovered {
  const before = { ...process.env };
  const params = [...ofThisTest];
  ofThisTest.length = 0;
  globals[MANIFEST] = {};
  Object.assign(process.env, env, { FUNCTIONS_CONTROL_API: 'true' });
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  try {
    let functions: Record<string, { __endpoint?: { region?: unknown } }> = {};
    jest.isolateModules(() => {
      functions = jest.requireActual('.');
    });
    const regions = Object.values(functions).flatMap(({ __endpoint }) =>
      __endpoint === undefined ? [] : [__endpoint.region],
    );
    const warnings = warn.mock.calls.map((call) => call.join(' '));
    const { requiredRoles, requiredAPIs, lifecycleHooks } = globals[MANIFEST] ?? {};
    return { regions, warnings, roles: requiredRoles, apis: requiredAPIs, hooks: lifecycleHooks };
  } finally {
    warn.mockRestore();
    process.env = before;
    ofThisTest.splice(0, ofThisTest.length, ...params);
  }
}

it.each([
  ['us-central1', 'us-central1'],
  ['europe-west1', 'europe-west1'],
  ['nam5', 'us-central1'],
  ['eur3', 'europe-west1'],
])('with REGION=%s every function is deployed to %s', (location, region) => {
  const { regions } = discover({ REGION: location });
  expect(regions.length).toBeGreaterThan(10);
  expect(new Set(regions.flat())).toEqual(new Set([region]));
});

it('with the region that a kit asks for, every function is deployed to that of its multi-region', () => {
  const { regions } = discover({ REGION: '', FUNCTION_DEFAULT_REGION: 'nam7' });
  expect(new Set(regions.flat())).toEqual(new Set(['us-central1']));
});

it('refuses a region of a kit by the name that it was asked by', () => {
  expect(() => discover({ FUNCTION_DEFAULT_REGION: 'eu' })).toThrow(
    'FUNCTION_DEFAULT_REGION: expected a region',
  );
});

it('reads no setting before it is known', () => {
  // The SDK warns of each.
  const { warnings } = discover({});
  expect(warnings).toEqual([]);
});

it.each<[Readonly<Record<string, string>>, string]>([
  [{ USERS_COLLECTION: 'users/ada' }, 'USERS_COLLECTION: expected the path of a collection'],
  [{ DEVICES_COLLECTION: '' }, 'DEVICES_COLLECTION: expected the path of a collection'],
  [{ DELIVERIES_COLLECTION: 'a b' }, 'DELIVERIES_COLLECTION: expected the path of a collection'],
  [{ PUSHES_COLLECTION: '{x}' }, 'PUSHES_COLLECTION: expected the path of a collection'],
  [{ TOKENS_FIELD: 'locale' }, 'TOKENS_FIELD: expected the name of a field'],
  [{ DATABASE: 'Shop' }, 'DATABASE: expected (default) or the id of a Firestore database'],
  [
    { USERS_COLLECTION: 'devices' },
    'USERS_COLLECTION and DEVICES_COLLECTION: expected different collections, got the same.',
  ],
])('refuses a place that cannot be: %j', (env, words) => {
  expect(() => discover(env)).toThrow(words);
});

const ROLES = [
  'roles/datastore.user',
  'roles/firebasecloudmessaging.admin',
  'roles/firebaseauth.admin',
  'roles/cloudtasks.enqueuer',
  'roles/iam.serviceAccountUser',
  'roles/run.invoker',
  'roles/eventarc.eventReceiver',
];

it('asks for these roles and APIs, and no others', () => {
  const { roles, apis } = discover({});
  expect(roles).toEqual(ROLES);
  expect((apis as { api: string }[]).map(({ api }) => api).sort()).toEqual([
    'cloudtasks.googleapis.com',
    'fcm.googleapis.com',
    'firestore.googleapis.com',
    'identitytoolkit.googleapis.com',
  ]);
});

it('asks for what uses up App Check tokens only where that is wanted', () => {
  const { roles, apis } = discover({ CONSUME_APP_CHECK_TOKEN: 'true' });
  expect(roles).toEqual([...ROLES, 'roles/firebaseappcheck.tokenVerifier']);
  expect(apis).toContainEqual(expect.objectContaining({ api: 'firebaseappcheck.googleapis.com' }));
});

it('counts what users have after the first deploy of a kit, and leaves that hook to a codebase of a team’s own', () => {
  const task = { function: 'backfillDryRun', body: { data: {} } };
  expect(discover({ FIREBASE_KIT_INSTANCE_ID: 'push' }).hooks).toEqual({
    afterFirstDeploy: { task },
  });
  expect(discover({}).hooks).toBeUndefined();
});

it('refuses a region that functions cannot have', () => {
  expect(() => discover({ REGION: 'eur4' })).toThrow(/REGION: expected a region .* got "eur4"/);
});

it('is told by the SDK of nothing that is usually a mistake', () => {
  const { warnings } = discover({ ENFORCE_APP_CHECK: 'true', CONSUME_APP_CHECK_TOKEN: 'true' });
  expect(warnings).toEqual([]);
});

it('refuses settings that cannot work, all in one message', () => {
  const env = { LEDGER_DAYS: '0', SHARD_SIZE: 'many', ENFORCE_APP_CHECK: 'yes' };
  expect(() => discover(env)).toThrow(
    [
      'Wrong settings:',
      'SHARD_SIZE: expected a whole number from 1 to 1000, got "many".',
      'LEDGER_DAYS: expected a whole number from 2 to 3650, got "0".',
      'ENFORCE_APP_CHECK: expected true or false, got "yes".',
    ].join('\n'),
  );
});

it('refuses a SITE_URL that is no https URL', () => {
  expect(() => discover({ SITE_URL: 'app.example.com' })).toThrow(
    'SITE_URL: expected an https URL',
  );
});

it.each(['0', '1', '-1', '1.9', ''])(
  'keeps the ledger for longer than events come again: LEDGER_DAYS=%s is refused',
  (days) => {
    expect(() => {
      checkSettings({ LEDGER_DAYS: days });
    }).toThrow('LEDGER_DAYS: expected a whole number from 2');
  },
);

it.each<[Readonly<Record<string, string>>, string]>([
  [{ TOPICS_ALLOWED: 'news,/topics/x' }, 'TOPICS_ALLOWED'],
  [{ APNS_KEY_ID: 'abc', APNS_TEAM_ID: 'ABCDE12345' }, 'APNS_KEY_ID'],
  [{ APNS_KEY_ID: ' ', APNS_TEAM_ID: 'ABCDE12345' }, 'APNS_KEY_ID'],
  [{ APNS_KEY_ID: 'ABCDE12345', APNS_TEAM_ID: '' }, 'APNS_TEAM_ID'],
])('refuses text that cannot work, by the name of the setting: %j', (env, words) => {
  expect(() => {
    checkSettings(env);
  }).toThrow(words);
});

const LOCALES = ['de', 'en'];

it.each(['en', 'de', 'en-US', 'en_GB', 'DE'])('takes DEFAULT_LOCALE=%s', (locale) => {
  expect(() => {
    checkDefaultLocale(LOCALES, locale);
  }).not.toThrow();
});

it.each(['fr', 'english', '', ' ', 'constructor'])('refuses DEFAULT_LOCALE=%s', (locale) => {
  expect(() => {
    checkDefaultLocale(LOCALES, locale);
  }).toThrow('DEFAULT_LOCALE: expected a language that has messages (de, en)');
});

it('takes any DEFAULT_LOCALE where no notification has a message by key', () => {
  expect(() => {
    checkDefaultLocale([], 'fr');
  }).not.toThrow();
});
