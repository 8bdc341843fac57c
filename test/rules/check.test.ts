/** `push rules --check` against rules as they should be, and against rules that somebody got wrong. */
import { join } from 'node:path';
import { main } from '../../kit/src/cli/main.ts';
import { DEFAULT_NAMES } from '../../kit/src/cli/names.ts';
import { usualAttempts } from '../../kit/src/cli/rules/attempts/all.ts';
import { closedAttempts } from '../../kit/src/cli/rules/attempts/closed.ts';
import { muteAttempts } from '../../kit/src/cli/rules/attempts/mutes.ts';
import { preferenceAttempts } from '../../kit/src/cli/rules/attempts/preferences.ts';
import { pushAttempts } from '../../kit/src/cli/rules/attempts/pushes.ts';
import { tokenAttempts } from '../../kit/src/cli/rules/attempts/tokens.ts';
import { userAttempts } from '../../kit/src/cli/rules/attempts/users.ts';
import { checkRules, type Report } from '../../kit/src/cli/rules/check.ts';
import { rulesBlock } from '../../kit/src/cli/rules/template.ts';
import { World } from '../../kit/src/cli/rules/world.ts';
import {
  KIT,
  projectFolder,
  recordedSurroundings,
  removeProjectFolders,
} from '../../kit/src/testing/project-folder.ts';

const HOST = process.env['FIRESTORE_EMULATOR_HOST'] ?? '127.0.0.1:8080';
const REPOSITORY = join(__dirname, '../../firestore.rules');
const SETTINGS = 'function-kits/push/config/.env';

// A machine that does other things at the same time tries a few attempts a second.
jest.setTimeout(300_000);

afterAll(removeProjectFolders);

const NO_FINDINGS =
  /^\d{3} attempts: no findings\. The attempts know the claim "admin" and the fields of this package: [^\n]+ is not seen\.\n$/;

const wrapped = (block: string, database = '{database}'): string =>
  `rules_version = '2';\nservice cloud.firestore {\n  match /databases/${database}/documents {\n${block}  }\n}\n`;

async function rules(files: Parameters<typeof projectFolder>[0], ...args: string[]) {
  const folder = projectFolder({
    'firebase.json': { functions: [KIT], firestore: { rules: 'firestore.rules' } },
    ...files,
  });
  const { written, surroundings } = recordedSurroundings(folder, { FIRESTORE_EMULATOR_HOST: HOST });
  return { code: await main(['rules', ...args], surroundings), ...written };
}

it("finds nothing in this repository's rules", async () => {
  const result = await rules({}, '--check', REPOSITORY);
  expect(result).toEqual({
    ...{ code: 0, err: '' },
    out: expect.stringMatching(NO_FINDINGS) as string,
  });
});

it('finds nothing in what it prints, for other names and another database', async () => {
  const settings = {
    ...{ USERS_COLLECTION: 'apps/my-shop/people', TOKENS_FIELD: 'fcmTokens', DATABASE: 'shop' },
    ...{ DELIVERIES_COLLECTION: 'apps/my-shop/deliveries', PUSHES_COLLECTION: 'apps/my-shop/out' },
  };
  const files = {
    [SETTINGS]: Object.entries(settings)
      .map((each) => `${each.join('=')}\n`)
      .join(''),
    'firebase.json': {
      functions: [KIT],
      firestore: [{ database: 'shop', rules: 'shop.rules' }],
    },
  };
  const { out, code } = await rules(files);
  expect(code).toBe(0);
  const pasted = { ...files, 'shop.rules': wrapped(out, 'shop') };
  expect(await rules(pasted, '--check')).toMatchObject({
    code: 0,
    out: expect.stringMatching(NO_FINDINGS) as string,
  });
});

it('says what rules without any for the functions deny, and exits with 1', async () => {
  const files = { 'firestore.rules': wrapped('match /recipes/{id} { allow read: if true; }') };
  const { code, out } = await rules(files, '--check');
  expect(code).toBe(1);
  const lines = out.trimEnd().split('\n');
  expect(lines).toContain(
    'missing: users/alice: the owner adds one with update and arrayUnion, and is denied: apps cannot register devices, or not take them out again',
  );
  expect(lines.filter((line) => line.startsWith('too open'))).toEqual([]);
  expect(lines).toContain(
    'not used: pushes that apps of administrators write: a push is written by the admin claim',
  );
  expect(lines.at(-1)).toMatch(/^\d{3} attempts: \d+ findings\. The attempts know /);

  const json = await rules(files, '--check', '--json', '--accept', 'missing: users/alice: ');
  const report = JSON.parse(json.out) as Report & { accepted: number };
  expect(json.code).toBe(1);
  expect(report.findings.length + report.accepted).toBe(
    lines.filter((line) => line.startsWith('missing')).length,
  );
  expect(report.findings.every(({ on }) => on !== 'users/alice')).toBe(true);
});

it.each([
  [{ 'firestore.rules': 'nonsense' }, [], /firestore.rules: expected rules, got: .*nonsense/s],
  [{}, [], /Expected rules in .*firestore.rules, found no such file/],
  [{}, ['other.rules'], /Expected rules in .*other.rules, found no such file/],
  [{}, ['a', 'b'], /expected one file/],
  [{ 'firebase.json': { functions: [KIT] } }, [], /Expected FILE, or one in firebase.json/],
])('refuses what it cannot try: %p %p', async (files, args, message) => {
  const { code, err, out } = await rules(files, '--check', ...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
});

type Tables = typeof usualAttempts;

/** The sentences about rules, each without its consequence. */
async function sentences(text: string, tables: Tables = usualAttempts): Promise<string[]> {
  const { database } = DEFAULT_NAMES;
  const world = await World.open({
    ...{ host: HOST, database, rules: text, file: 'firestore.rules' },
  });
  try {
    const { findings } = await checkRules(world, tables(DEFAULT_NAMES));
    return findings.map(({ kind, on, attempt }) => `${kind}: ${on}: ${attempt}`);
  } finally {
    await world.close();
  }
}

const good = wrapped(rulesBlock(DEFAULT_NAMES));
const replaced = (from: string, to: string): string => {
  expect(good).toContain(from);
  return good.replace(from, to);
};
const added = (rule: string): string => wrapped(`${rulesBlock(DEFAULT_NAMES)}${rule}\n`);

it.each<[string, readonly Tables[], () => string, string[]]>([
  [
    'users are read by any signed-in user',
    [userAttempts],
    () => replaced('allow get: if isSelf(uid);', 'allow read: if signedIn();'),
    [
      "too open: users/alice: another user reads somebody's addresses",
      'too open: users/alice: an admin reads it',
      'too open: users: a user lists all users',
      'too open: users: a user searches for the owner of an address',
      'too open: users: a user queries for another by id',
    ],
  ],
  [
    'users are changed by anybody',
    [tokenAttempts, preferenceAttempts],
    () => replaced('allow update: if isSelf(uid) &&', 'allow update: if'),
    [
      'too open: users/alice: another user adds an address of theirs',
      'too open: users/alice: a signed-out caller adds one',
      'too open: users/alice: another user changes notificationSettings',
    ],
  ],
  [
    'devices are read by signed-in users',
    [closedAttempts],
    () => added('match /devices/{id} { allow read: if signedIn(); }'),
    [
      'too open: devices/hash: a user reads devices/hash',
      'too open: devices: a user lists devices',
      'too open: devices/hash: an admin reads devices/hash',
    ],
  ],
  [
    'the topics of devices are searched',
    [closedAttempts],
    () => added('match /{path=**}/topics/{topic} { allow read: if signedIn(); }'),
    [
      'too open: every collection "topics": a user searches all documents of every "topics"',
      'too open: devices/hash/topics/news: a user reads devices/hash/topics/news',
    ],
  ],
  [
    'deliveries are read by their recipients',
    [closedAttempts],
    () =>
      added('match /deliveries/{id}/recipients/{uid} { allow get: if request.auth.uid == uid; }'),
    [
      'too open: deliveries/like-1/recipients/alice: a user reads deliveries/like-1/recipients/alice',
    ],
  ],
  [
    'pushes are created by anyone',
    [pushAttempts],
    () => replaced('allow create: if isAdmin() && hasShape', 'allow create: if hasShape'),
    [
      'too open: pushes/next: a user sends a push',
      'too open: pushes/next: a signed-out caller sends a push',
    ],
  ],
  [
    'any claim called admin counts',
    [pushAttempts],
    () =>
      replaced("request.auth.token.get('admin', false) == true", "'admin' in request.auth.token"),
    [
      'too open: pushes/next: a user whose claim is false sends a push',
      'too open: pushes/sent: a user whose claim is a string reads a push',
    ],
  ],
  [
    'pushes are changed once they are sent',
    [pushAttempts],
    () => replaced('isAdmin() && isPending() &&', 'isAdmin() &&'),
    [
      'too open: pushes/sending: an admin edits one that is being sent',
      'too open: pushes/sent: an admin cancels one that was sent',
    ],
  ],
  [
    'addresses are not bounded',
    [userAttempts, tokenAttempts],
    () =>
      replaced(
        "tokensMayBecome(after.tokens, listOrEmpty(before.get('tokens', [])))",
        'after.tokens is list',
      ),
    [
      'too open: users/alice: the owner creates it with two addresses',
      'too open: users/alice: the owner adds an object',
      'too open: users/alice: an owner of 30 adds one',
    ],
  ],
  [
    'there is no limit to the list',
    [tokenAttempts],
    () => replaced(' && after.size() <= 30', ''),
    ['too open: users/alice: an owner of 30 adds one'],
  ],
  [
    'the owner writes any field',
    [userAttempts],
    () => replaced("['tokens'].concat(", "['tokens', 'takeovers'].concat("),
    [
      'too open: users/alice: the owner creates it with a count of takeovers, which is the server’s',
      'too open: users/alice: the owner changes it',
    ],
  ],
  [
    'the owner deletes the document',
    [userAttempts],
    () => replaced('// No delete: the server', 'allow delete: if isSelf(uid);\n// The server'),
    ['too open: users/alice: the owner deletes it'],
  ],
  [
    'a locale is anything',
    [preferenceAttempts],
    () => replaced('isLocale(after.locale))', 'true)'),
    ['too open: users/alice: the owner sets a number as locale'],
  ],
  [
    'a mute ends with anything',
    [muteAttempts],
    () => replaced('&& isEnd(after[target])', ''),
    [
      'too open: users/alice: the owner mutes with nested maps',
      'too open: users/alice: the owner mutes with a long text',
    ],
  ],
  [
    'any number of targets is muted in one write',
    [muteAttempts],
    () => replaced('diff.addedKeys().union(diff.changedKeys()).size() <= 1', 'true'),
    [
      'too open: users/alice: the owner mutes two targets at once',
      'too open: users/alice: the owner hides a wrong value behind a right one',
    ],
  ],
  [
    'blocked is any list',
    [muteAttempts],
    () =>
      replaced(
        "blockedMayBecome(after.blocked, listOrEmpty(before.get('blocked', [])))",
        'after.blocked is list',
      ),
    [
      'too open: users/alice: the owner blocks a map',
      'too open: users/alice: the owner blocks one more than 1,000',
      'too open: users/alice: the owner blocks who does not fit within 50,000 bytes',
    ],
  ],
  [
    'blocked is judged as a whole',
    [muteAttempts],
    () => replaced('&& blocksOneMoreAtMost(', '&& after.size() <= 1000 && blocksOneMoreAtMost('),
    ['missing: users/bob: the owner unblocks one of 1,205'],
  ],
  [
    'quiet hours are any map',
    [muteAttempts],
    () => replaced('isQuietHours(after.quietHours)', 'after.quietHours is map'),
    [
      'too open: users/alice: the owner sets a day that no week has',
      'too open: users/alice: the owner sets a long text as a window',
    ],
  ],
  [
    'a locale has no region',
    [preferenceAttempts],
    () => replaced('([-_][A-Za-z0-9]{1,8})*', ''),
    ['missing: users/alice: the owner sets a locale with an underscore'],
  ],
  [
    'an address is short',
    [tokenAttempts],
    () => replaced('isText(value, 1499)', 'isText(value, 100)'),
    ['missing: users/alice: the owner adds one of the longest length'],
  ],
  [
    'everything is open',
    [usualAttempts],
    () => wrapped('match /{document=**} { allow read, write: if true; }'),
    [
      "too open: users/alice: another user reads somebody's addresses",
      'too open: users/alice: another user deletes it',
      'too open: devices/hash: a signed-out caller writes devices/hash',
      'too open: deliveries/like-1/shards/0: a user deletes deliveries/like-1/shards/0',
      'too open: pushes/next: a signed-out caller sends a push',
      'too open: every collection "devices": a user searches all documents of every "devices"',
    ],
  ],
  [
    'everything is open to signed-in users, below good rules',
    [usualAttempts],
    () => added('match /{document=**} { allow read, write: if signedIn(); }'),
    [
      'too open: users: a user lists all users',
      'too open: devices/another: a user creates devices/another',
      'too open: pushes/next: a user sends a push',
    ],
  ],
])('finds that %s', async (_name, tables, text, expected) => {
  const found = await sentences(text(), (names) => tables.flatMap((each) => each(names)));
  expect(found).toEqual(expect.arrayContaining(expected));
});

/** Small holes beside good rules, each of a kind that somebody may dig: by a limit, for one's own uid, for one field. */
it.each<[rule: string, tables: Tables, expected: string]>([
  [
    'match /users/{uid} { allow list: if request.auth != null && request.query.limit <= 10; }',
    userAttempts,
    'too open: users: a user lists all users, one at a time',
  ],
  [
    'match /users/{uid} { allow list: if signedIn() && resource.data.uid == request.auth.uid; }',
    userAttempts,
    'too open: users: a user lists all users, those with their own uid',
  ],
  [
    'match /devices/{id} { allow list: if request.auth != null && request.query.limit <= 10; }',
    closedAttempts,
    'too open: devices: a user lists devices, one at a time',
  ],
  [
    'match /devices/{id} { allow list: if resource.data.uid == request.auth.uid; }',
    closedAttempts,
    'too open: devices: a user lists devices, those with their own uid',
  ],
  [
    'match /devices/{id} { allow list: if resource.data.uid == request.auth.uid && request.query.limit < 5; }',
    closedAttempts,
    'too open: devices: a user lists devices, those with their own uid, one at a time',
  ],
  [
    'match /pushes/{id} { allow list: if request.auth != null && request.query.limit <= 10; }',
    pushAttempts,
    'too open: pushes: a user lists pushes, one at a time',
  ],
  [
    'match /{p=**}/recipients/{id} { allow list: if signedIn() && request.query.limit <= 10; }',
    closedAttempts,
    'too open: every collection "recipients": a user searches all documents of every "recipients", one at a time',
  ],
  [
    'match /{p=**}/recipients/{id} { allow list: if resource.data.uid == request.auth.uid; }',
    closedAttempts,
    'too open: every collection "recipients": a user searches all documents of every "recipients", those with their own uid',
  ],
  [
    'match /devices/{id} { allow get: if request.auth.token.email_verified == true; }',
    closedAttempts,
    'too open: devices/hash: a user reads devices/hash',
  ],
  [
    "match /pushes/{id} { allow create: if request.auth.token.firebase.sign_in_provider == 'password'; }",
    pushAttempts,
    'too open: pushes/next: a user sends a push',
  ],
  [
    'match /deliveries/{id} { allow list: if isAdmin(); }',
    closedAttempts,
    'too open: deliveries: an admin lists deliveries',
  ],
  [
    'match /devices/{id} { allow create: if isAdmin(); }',
    closedAttempts,
    'too open: devices/another: an admin creates devices/another',
  ],
  [
    'match /devices/{id} { allow delete: if isAdmin(); }',
    closedAttempts,
    'too open: devices/hash: an admin deletes devices/hash',
  ],
  [
    "match /devices/{id} { allow update: if signedIn() && request.resource.data.diff(resource.data).affectedKeys().hasAll(['uid', 'lastSeen']); }",
    closedAttempts,
    'too open: devices/hash: a user takes over devices/hash and stamps it',
  ],
  [
    "match /devices/{id} { allow update: if resource.data.uid == request.auth.uid && 'lastSeen' in request.resource.data; }",
    closedAttempts,
    'too open: devices/hash: a user stamps devices/hash',
  ],
  [
    'match /devices/{id} { allow create: if isSelf(request.resource.data.ownerId); }',
    closedAttempts,
    'too open: devices/another: a user creates devices/another as its owner, with the uid of another',
  ],
  [
    "match /users/{uid} { allow update: if isSelf(uid) && !('takeovers' in resource.data); }",
    userAttempts,
    'too open: users/alice: the owner adds takeovers that were none',
  ],
  [
    'match /users/{uid} { allow create: if isSelf(uid) && request.resource.data.takeovers.count == 0; }',
    userAttempts,
    'too open: users/alice: the owner creates it with a count of no takeovers, which is the server’s',
  ],
  [
    "match /users/{uid} { allow update: if isSelf(uid) && changesOnly(['takeovers']) && request.resource.data.takeovers.count == resource.data.takeovers.count; }",
    userAttempts,
    'too open: users/alice: the owner changes since when alone',
  ],
  [
    "match /users/{uid} { allow update: if isSelf(uid) && request.resource.data.takeovers.diff(resource.data.takeovers).affectedKeys() == ['addresses'].toSet(); }",
    userAttempts,
    'too open: users/alice: the owner changes which addresses alone',
  ],
  [
    "match /users/{uid} { allow delete: if isSelf(uid) && !('takeovers' in resource.data); }",
    userAttempts,
    'too open: users/alice: the owner deletes it while nothing was taken over',
  ],
  [
    'match /pushes/{id} { allow create: if isSelf(request.resource.data.actor); }',
    pushAttempts,
    'too open: pushes/next: a user sends a push as its actor',
  ],
  [
    'match /pushes/{id} { allow update: if isSelf(resource.data.actor); }',
    pushAttempts,
    'too open: pushes/own: its actor edits one',
  ],
  [
    'match /pushes/{id} { allow delete: if isSelf(resource.data.actor); }',
    pushAttempts,
    'too open: pushes/own: its actor deletes one',
  ],
])('finds what this adds to good rules: %s', async (rule, table, expected) => {
  expect(await sentences(added(rule), table)).toContain(expected);
});

it('finds nothing in rules that ask for a verified e-mail', async () => {
  const verified = 'return request.auth != null && request.auth.token.email_verified;';
  expect(await sentences(replaced('return request.auth != null;', verified))).toEqual([]);
});

it('takes what an app does not have for nothing missing', async () => {
  const block = rulesBlock(DEFAULT_NAMES)
    .replace(
      "'locale', 'timeZone', 'notificationSettings', 'mute', 'blocked', 'quietHours'",
      "'locale'",
    )
    .replace(/match \/pushes\/\{pushId\} \{\n.*?\n {4}\}\n/s, '');
  expect(await sentences(wrapped(block))).toEqual([]);
});
