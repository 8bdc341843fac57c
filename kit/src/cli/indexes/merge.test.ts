import { parse } from 'jsonc-parser';
import { DEFAULT_NAMES } from '../names';
import { JsonError } from './append';
import { mergeIndexes } from './merge';
import { wantedIndexes } from './wanted';

const wanted = wantedIndexes([DEFAULT_NAMES]);
const merged = (content: unknown) => {
  const merge = mergeIndexes(JSON.stringify(content, null, 2), wanted);
  const after = JSON.parse(merge.text) as { indexes: unknown[]; fieldOverrides: unknown[] };
  return { ...merge, ...after };
};
const all = merged({});
const override = (collectionGroup: string, fieldPath: string, more: object = {}) => ({
  ...{ collectionGroup, fieldPath, indexes: [] },
  ...more,
});
const ascending = { order: 'ASCENDING', queryScope: 'COLLECTION' };

it.each([
  ['an empty file', ''],
  ['white space', ' \n'],
  ['an empty object', '{}'],
  ['empty lists', '{ "indexes": [], "fieldOverrides": [] }'],
  ['one list', '{ "fieldOverrides": [] }'],
  ['a comment', '{ // nothing yet\n }'],
  ['a byte order mark', '\uFEFF{}'],
])('adds everything to %s', (_name, text) => {
  const { text: after, differences } = mergeIndexes(text, wanted);
  expect(parse(after.replace('\uFEFF', ''))).toEqual({
    indexes: wanted.indexes.map(({ entry }) => entry),
    fieldOverrides: wanted.overrides.map(({ entry }) => entry),
  });
  expect(differences).toEqual([]);
  expect(mergeIndexes(after, wanted).text).toBe(after);
  expect(after.startsWith('\uFEFF')).toBe(text.startsWith('\uFEFF'));
});

const fields = [
  { fieldPath: 'state', order: 'ASCENDING' },
  { fieldPath: 'leaseUntil', order: 'ASCENDING' },
];
const first = { collectionGroup: 'deliveries', queryScope: 'COLLECTION', fields };
const id = (order: string) => ({ fieldPath: '__name__', order });

it.each([
  ['itself', first],
  [
    'its keys in another order',
    { fields, queryScope: 'COLLECTION', collectionGroup: 'deliveries' },
  ],
  [
    "its fields' keys in another order",
    { ...first, fields: fields.map(({ fieldPath, order }) => ({ order, fieldPath })) },
  ],
  ['it without queryScope', { collectionGroup: 'deliveries', fields }],
  ['it with a density', { ...first, density: 'SPARSE_ALL' }],
  ['it with the scope of its API', { ...first, apiScope: 'ANY_API' }],
  ['it with the id that every index ends with', { ...first, fields: [...fields, id('ASCENDING')] }],
  [
    'it in the words of older files',
    {
      collectionId: 'deliveries',
      fields: fields.map(({ fieldPath }) => ({ fieldPath, mode: 'ASCENDING' })),
    },
  ],
])('takes for an index that is there: %s', (_name, theirs) => {
  expect(merged({ indexes: [theirs] }).indexes).toEqual([theirs, ...all.indexes.slice(1)]);
});

it.each([
  ['its fields in another order', { ...first, fields: fields.toReversed() }],
  ['one of all collections of the name', { ...first, queryScope: 'COLLECTION_GROUP' }],
  ['one of another collection', { ...first, collectionGroup: 'parcels' }],
  ['one that descends', { ...first, fields: [...fields, id('DESCENDING')] }],
  [
    'one of a third field',
    { ...first, fields: [...fields, { fieldPath: 'x', order: 'ASCENDING' }] },
  ],
  ['one of another API', { ...first, apiScope: 'DATASTORE_MODE_API' }],
  ['what is no index', 7],
])('takes for another index: %s', (_name, theirs) => {
  expect(merged({ indexes: [theirs] }).indexes).toEqual([theirs, ...all.indexes]);
});

it('adds a TTL policy to an override of theirs that has none, and leaves the rest of it', () => {
  const theirs = override('deliveries', 'expiresAt', { indexes: [ascending] });
  const { fieldOverrides, differences } = merged({ indexes: [], fieldOverrides: [theirs] });
  expect(fieldOverrides[0]).toEqual({ ...theirs, ttl: true });
  expect(fieldOverrides).toHaveLength(all.fieldOverrides.length);
  expect(differences).toEqual([
    {
      field: 'deliveries.expiresAt',
      breaks: false,
      message: expect.stringMatching(
        /^indexed by your override, which is kept: .*500 writes/,
      ) as string,
    },
  ]);
});

it.each([
  [
    'an index of what is not searched',
    override('deliveries', 'content', { indexes: [ascending] }),
    /content$/,
    /kept: it may be large/,
    false,
  ],
  [
    'a TTL policy that is off',
    override('pushes', 'expiresAt', { ttl: false }),
    /pushes.expiresAt/,
    /"ttl": false.*for ever/,
    false,
  ],
  [
    'no index of the addresses of users',
    override('users', 'tokens'),
    /users.tokens/,
    /fails\. Add \{ "arrayConfig": "CONTAINS"/,
    true,
  ],
  [
    'an index of addresses across collections',
    override('users', 'tokens', {
      indexes: [{ arrayConfig: 'CONTAINS', queryScope: 'COLLECTION_GROUP' }],
    }),
    /users.tokens/,
    /fails/,
    true,
  ],
] as const)('keeps, and says what it means: %s', (_name, theirs, field, message, breaks) => {
  const { fieldOverrides, differences } = merged({ indexes: [], fieldOverrides: [theirs] });
  expect(fieldOverrides[0]).toEqual(theirs);
  expect(differences).toEqual([
    {
      field: expect.stringMatching(field) as string,
      message: expect.stringMatching(message) as string,
      breaks,
    },
  ]);
});

it('names each search that an override of all fields leaves without an index', () => {
  const { differences } = merged({ fieldOverrides: [override('devices', '*')] });
  expect(differences.map(({ field, breaks }) => [field, breaks])).toEqual([
    ['devices.uid', true],
    ['devices.address', true],
  ]);
  const uid = override('devices', 'uid', { indexes: [{ order: 'ASCENDING' }] });
  const address = override('devices', 'address', { indexes: [ascending] });
  const each = [override('devices', '*'), uid, address];
  expect(merged({ fieldOverrides: each }).differences).toEqual([]);
});

it('adds no second TTL policy to a collection group: Firestore would refuse all', () => {
  const theirs = override('pushes', 'deleteAt', { ttl: true });
  const { text, fieldOverrides, differences } = merged({ fieldOverrides: [theirs] });
  expect(fieldOverrides).toContainEqual(override('pushes', 'expiresAt'));
  expect(differences).toEqual([
    expect.objectContaining({
      field: 'pushes.expiresAt',
      message: expect.stringContaining('because deleteAt has one') as string,
    }),
  ]);
  expect(mergeIndexes(text, wanted).text).toBe(text);
});

it('adds what several installations want, each once', () => {
  const same = { ...DEFAULT_NAMES, deliveries: 'apps/shop/deliveries', tokensField: 'fcmTokens' };
  const { indexes, overrides, searched } = wantedIndexes([DEFAULT_NAMES, same]);
  expect({ indexes, overrides }).toEqual({ indexes: wanted.indexes, overrides: wanted.overrides });
  expect(searched.map(({ entry }) => entry.fieldPath)).toContain('fcmTokens');
  const other = { ...DEFAULT_NAMES, deliveries: 'parcels' };
  const both = wantedIndexes([DEFAULT_NAMES, other]).indexes;
  expect(both.map(({ entry }) => entry.collectionGroup)).toEqual([
    ...new Array<string>(6).fill('deliveries'),
    'digestItems',
    'devices',
    ...new Array<string>(6).fill('parcels'),
  ]);
});

it.each(['{', '[]', '"x"', '{ "indexes": {} }', '{ "fieldOverrides": 7 }', '<html>'])(
  'refuses what is no such file: %s',
  (text) => {
    expect(() => mergeIndexes(text, wanted)).toThrow(JsonError);
  },
);
