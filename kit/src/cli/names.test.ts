import { collectionGroup, DEFAULT_NAMES, namesOf } from './names';

it('has a default for every setting', () => {
  expect(namesOf({})).toEqual(DEFAULT_NAMES);
  expect(namesOf({ LEDGER_DAYS: '30' })).toEqual(DEFAULT_NAMES);
});

it('takes the names of an installation', () => {
  const settings = {
    ...{ USERS_COLLECTION: 'apps/shop/users', DEVICES_COLLECTION: 'pushDevices' },
    ...{ DELIVERIES_COLLECTION: 'push-deliveries', PUSHES_COLLECTION: 'outbox' },
    ...{ TOKENS_FIELD: 'fcmTokens', DATABASE: 'shop' },
  };
  expect(namesOf(settings)).toEqual({
    ...{ users: 'apps/shop/users', devices: 'pushDevices', deliveries: 'push-deliveries' },
    ...{ pushes: 'outbox', tokensField: 'fcmTokens', database: 'shop' },
  });
});

it.each([
  { USERS_COLLECTION: 'apps/shop' },
  { USERS_COLLECTION: '/users' },
  { PUSHES_COLLECTION: 'a//b' },
  { DEVICES_COLLECTION: '__devices__' },
  { DEVICES_COLLECTION: '..' },
  { USERS_COLLECTION: '' },
  { DATABASE: 'Shop' },
  { DELIVERIES_COLLECTION: '{any}' },
  { TOKENS_FIELD: 'push.tokens' },
  { TOKENS_FIELD: "x'y" },
])('refuses %p, naming the setting', (settings: Record<string, string>) => {
  const [[name = '', value = ''] = []] = Object.entries(settings);
  expect(() => namesOf(settings)).toThrow(new RegExp(`^${name}: expected .*"${value}"`));
});

it('knows a collection group by the last name', () => {
  expect(collectionGroup('users')).toBe('users');
  expect(collectionGroup('apps/shop/users')).toBe('users');
});
