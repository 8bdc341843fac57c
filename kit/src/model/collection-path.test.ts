import { COLLECTION_PATH, DATABASE_ID, FIELD_NAME, collectionProblem } from './collection-path';

it.each(['users', 'pushUsers', 'apps/shop/users', 'a.b-c_d', 'users2', 'a/b/c/d/e', '_x', '__x'])(
  'a collection may be %s',
  (path) => {
    expect(path).toMatch(COLLECTION_PATH.form);
  },
);

it.each([
  '',
  ' users',
  'users ',
  '/users',
  'users/',
  'users/ada',
  'a//b',
  '{uid}',
  'users/{uid}/x',
  '*',
  '.',
  '..',
  'a/../b',
  '__x__',
  'Häuser',
  'a\nb',
  'x'.repeat(101),
])('a collection cannot be %j', (path) => {
  expect(path).not.toMatch(COLLECTION_PATH.form);
});

it.each(['tokens', 'fcmTokens', '_tokens', 'FCM_tokens2'])('the field may be %s', (name) => {
  expect(name).toMatch(FIELD_NAME.form);
});

it.each([
  '',
  'a.b',
  'a b',
  '1a',
  '__x__',
  'locale',
  'timeZone',
  'notificationSettings',
  'takeovers',
  'ä',
  '`a`',
])('the field cannot be %j', (name) => {
  expect(name).not.toMatch(FIELD_NAME.form);
});

it.each(['(default)', 'shop', 'shop-eu-1'])('the database may be %s', (id) => {
  expect(id).toMatch(DATABASE_ID.form);
});

it.each(['', 'abc', 'Shop', 'shop-', '1shop', 'a'.repeat(64)])(
  'the database cannot be %j',
  (id) => {
    expect(id).not.toMatch(DATABASE_ID.form);
  },
);

it.each([
  [{ A: 'x', B: 'y', C: 'x' }, 'A and C: expected different collections'],
  [{ A: 'a/b/x', B: 'x' }, 'A and B: expected different last names'],
  [{ A: 'x', B: 'x/y/z' }, 'A and B: expected none of them below the other'],
])('collections %j are refused together', (paths, problem) => {
  expect(collectionProblem(new Map(Object.entries(paths)))).toContain(problem);
});

it('collections with last names of their own are fine', () => {
  expect(
    collectionProblem(
      new Map([
        ['A', 'apps/x/users'],
        ['B', 'apps/x/devices'],
      ]),
    ),
  ).toBe(undefined);
});
