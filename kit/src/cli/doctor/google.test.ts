import { readFileSync } from 'node:fs';
import { forbidden, startFakeGoogle, type FakeGoogle } from '../../testing/fake-google';
import { healthyAnswers, PROJECT } from '../../testing/healthy-google';
import { HEALTHY_INSTALLATION, HEALTHY_SETTINGS } from '../../testing/doctor-facts';
import { diagnose } from './diagnose';
import { googleAt, listOf, type Google } from './google';
import { APIS, originsOf, VARIABLES } from './origins';
import { readCloud, type LocalFacts } from './read-cloud';

const NEED = { permission: 'a.get', role: 'roles/a.viewer' };
const PATH = `/v1/projects/${PROJECT}`;
const KEY = `cloudresourcemanager GET ${PATH}`;

let fake: FakeGoogle;
let google: Google;

beforeEach(async () => {
  fake = await startFakeGoogle(healthyAnswers());
  google = googleFor({});
});

afterEach(() => fake.close());

function googleFor(options: { readonly timeoutMs?: number }): Google {
  return googleAt({ origins: originsOf(fake.env), token: 'token', projectId: PROJECT, ...options });
}

const look = (at = google) => at.get('cloudresourcemanager', PATH, NEED);

test.each([
  ['200', { body: { a: 1 } }, { kind: 'known', value: { a: 1 } }],
  ['404', { status: 404, text: '' }, { kind: 'absent' }],
  ['401', { status: 401, body: {} }, { kind: 'signed-out' }],
  ['403', forbidden(), { kind: 'refused', need: NEED }],
  ['403 without JSON', { status: 403, text: 'no' }, { kind: 'refused', need: NEED }],
  [
    '403 of a disabled API',
    forbidden('SERVICE_DISABLED'),
    { kind: 'disabled', api: 'cloudresourcemanager.googleapis.com' },
  ],
  [
    '400',
    { status: 400, body: { error: { status: 'FAILED_PRECONDITION' } } },
    { kind: 'unreachable', why: 'cloudresourcemanager answered 400 FAILED_PRECONDITION' },
  ],
] as const)('%s is read as what it is', async (_what, answer, reading) => {
  fake.answers.set(KEY, answer);
  expect(await look()).toEqual(reading);
});

test('what does not answer is given up, and the rest is read', async () => {
  const impatient = googleFor({ timeoutMs: 150 });
  fake.answers.set(KEY, 'silence');
  expect(await look(impatient)).toEqual({
    kind: 'unreachable',
    why: 'cloudresourcemanager: no answer within 0.15 s',
  });
  for (const api of APIS) fake.everywhere.set(api, 'silence');
  const local: LocalFacts = {
    projectId: PROJECT,
    now: Date.now(),
    installation: HEALTHY_INSTALLATION,
    settings: { values: HEALTHY_SETTINGS, names: Object.keys(HEALTHY_SETTINGS), refused: [] },
    package: { installed: '1.0.0', locked: '1.0.0', lockedAt: 0 },
  };
  const findings = diagnose({ ...local, world: await readCloud(impatient, local) });
  const levels = findings.map(({ level }) => level);
  expect(levels).toContain('ok');
  expect(levels).not.toContain('problem');
  expect(findings.filter(({ level }) => level === 'unknown').length).toBeGreaterThan(10);
});

test.each([
  ['is looked at without it', { body: { a: 1 } }, { kind: 'known', value: { a: 1 } }],
  ['may be refused all the same', forbidden(), { kind: 'refused', need: NEED }],
  [
    'whose credentials then count for another project, needs that quota',
    forbidden('SERVICE_DISABLED'),
    {
      kind: 'refused',
      need: {
        permission: 'serviceusage.services.use',
        role: 'roles/serviceusage.serviceUsageConsumer',
      },
    },
  ],
])('an account that may not use the project’s quota %s', async (_what, answer, reading) => {
  fake.answers.set(KEY, () => {
    const paying = fake.requests.at(-1)?.headers['x-goog-user-project'];
    return paying === undefined ? answer : forbidden('USER_PROJECT_DENIED');
  });
  expect(await look()).toEqual(reading);
});

test('a token is not taken elsewhere', async () => {
  const redirect = { status: 302, text: '' };
  fake.answers.set(KEY, redirect);
  expect(await look()).toMatchObject({ kind: 'unreachable' });
});

describe('a list', () => {
  const list = () => listOf(google, 'cloudresourcemanager', `${PATH}?filter=a`, 'items', NEED);

  it('is read page after page, with what else was asked', async () => {
    fake.answers.set(KEY, (url) => {
      const token = url.searchParams.get('pageToken');
      expect(url.searchParams.get('filter')).toBe('a');
      if (token === null) return { body: { items: [1], nextPageToken: 'a b&c' } };
      return { body: { items: [token] } };
    });
    expect(await list()).toEqual({ kind: 'known', value: [1, 'a b&c'] });
  });

  it('without an end is given up', async () => {
    fake.answers.set(KEY, { body: { items: [1], nextPageToken: 'again' } });
    expect(await list()).toMatchObject({ kind: 'unreachable' });
    expect(fake.requests).toHaveLength(50);
  });

  it('with one page that is refused is refused', async () => {
    fake.answers.set(KEY, (url) =>
      url.searchParams.has('pageToken')
        ? forbidden()
        : { body: { items: [1], nextPageToken: 'two' } },
    );
    expect(await list()).toMatchObject({ kind: 'refused' });
  });
});

describe('where the APIs are', () => {
  it.each(Object.entries(VARIABLES))(
    'is moved for %s by the variable of firebase-tools, %s',
    (api, name) => {
      const source = readFileSync(require.resolve('firebase-tools/lib/api.js'), 'utf8');
      expect(source).toMatch(new RegExp(`"${name}", "https://${api}\\.googleapis\\.com"`));
    },
  );

  it('is Google, unless firebase-tools is pointed elsewhere', () => {
    expect(originsOf({}).firestore).toBe('https://firestore.googleapis.com');
    expect(originsOf({ FIRESTORE_URL: 'https://f.example.com/' }).firestore).toBe(
      'https://f.example.com',
    );
  });

  it.each(['http://f.example.com', 'ftp://127.0.0.1', 'nonsense', 'http://127.0.0.1.example.com'])(
    'is not %s, where a token would be read by others',
    (value) => {
      expect(() => originsOf({ FIRESTORE_URL: value })).toThrow('FIRESTORE_URL: expected an https');
    },
  );
});
