import { Timestamp } from '@google-cloud/firestore';
import * as fc from 'fast-check';
import { MAX_ADDRESS_LENGTH } from '../model/address';
import { importState, NOTHING, type ImportSource } from './import-state';

const FID = 'cAbCdEfGhIjKlMnOpQrStU';
const HEX = 'ab'.repeat(32);

/** What comes of a document for which the team's function returns that. */
function stateOf(entries: unknown, owner?: ImportSource<unknown>['owner']) {
  const addresses = () => entries as Iterable<unknown>;
  return importState({ document: 'profiles/{uid}', owner, addresses }, 'profiles/ola', {});
}

/** The addresses only. */
const listed = (entries: unknown) => stateOf(entries).addresses.map(({ address }) => address);

describe('entries', () => {
  it.each([
    ['an array of strings', ['a:1', 'b:2'], ['a:1', 'b:2'], 0],
    ['an array of objects', [{ address: 'a:1' }, { address: 'b:2', x: 1 }], ['a:1', 'b:2'], 0],
    ['strings and objects', ['a:1', { address: 'b:2' }], ['a:1', 'b:2'], 0],
    ['a set', new Set(['a:1']), ['a:1'], 0],
    ['the keys of a map', new Map([['a:1', 1]]).keys(), ['a:1'], 0],
    ['a map, whose entries are pairs', new Map([['a:1', 1]]), [], 1],
    ['a string, which is one entry and not its letters', 'a:1', ['a:1'], 0],
    ['an object, which is one entry', { address: 'a:1' }, ['a:1'], 0],
    ['a number', 7, [], 1],
    ['nothing', undefined, [], 0],
    ['null', null, [], 0],
    ['a function', () => ['a:1'], [], 1],
    ['no addresses', [7, null, undefined, '', 'two words', {}, [], ['a:1'], true, () => 1], [], 10],
    ['too long a string', ['x'.repeat(MAX_ADDRESS_LENGTH + 1), 'x'.repeat(2 ** 20)], [], 2],
    ['a tag of Expo’s', ['ExponentPushToken[xyz]'], [], 1],
    ['an object of a class, with a time for an address', [{ address: Timestamp.now() }], [], 1],
    ['an address that is only inherited', [Object.create({ address: 'a:1' })], [], 1],
    [
      'ids that are names elsewhere',
      ['..', '__x__', 'constructor'],
      ['..', '__x__', 'constructor'],
      0,
    ],
    ['an address twice', ['a:1', 'b:2', 'a:1'], ['b:2', 'a:1'], 0],
    ['an address of Apple’s in upper case', [HEX.toUpperCase(), HEX], [HEX], 0],
    ['an installation and its token', [FID, `${FID}:APA91b-1`], [FID], 0],
    [
      'two tokens of an installation',
      [`${FID}:APA91b-1`, `${FID}:APA91b-2`],
      [`${FID}:APA91b-2`],
      0,
    ],
  ])('of %s', (_what, entries, addresses, notAddresses) => {
    expect(listed(entries)).toEqual(addresses);
    expect(stateOf(entries)).toMatchObject({ owner: 'ola', notAddresses });
  });

  it('may say what is known of the device, and when it was last refreshed', () => {
    const facts = {
      ...{ platform: 'ios', appId: 'com.example', appVersion: '1.2', locale: 'de-AT' },
      ...{ timeZone: 'Europe/Vienna', environment: 'sandbox' },
    };
    expect(stateOf([{ address: 'a:1', ...facts, name: 'my phone' }]).addresses).toEqual([
      { address: 'a:1', facts, refreshedAt: undefined },
    ]);
  });

  it.each([
    [Timestamp.fromMillis(5), 5],
    [new Date(5), 5],
    [5, 5],
    ['today', undefined],
    [NaN, undefined],
    [-1, undefined],
    [null, undefined],
  ])('were last refreshed at %j', (refreshedAt, ms) => {
    expect(stateOf([{ address: 'a:1', refreshedAt }]).addresses).toMatchObject([
      { refreshedAt: ms },
    ]);
  });

  it('whose facts are odd are registered without them', () => {
    const odd = { platform: 'amiga', appId: 7, locale: 'x'.repeat(10_000), timeZone: {} };
    expect(stateOf([{ address: 'a:1', ...odd }]).addresses).toMatchObject([{ facts: {} }]);
  });

  it('that never end are an error, after which the others count', () => {
    function* endless() {
      for (;;) yield 'a:1';
    }
    const { addresses, fault } = stateOf(endless());
    expect(addresses).toMatchObject([{ address: 'a:1' }]);
    expect(String(fault?.error)).toContain('Expected at most 20000 addresses');
  });

  it('before a function throws are known', () => {
    function* broken() {
      yield 'a:1';
      throw new Error('no');
    }
    expect(stateOf(broken())).toMatchObject({
      addresses: [{ address: 'a:1' }],
      fault: { error: new Error('no') },
    });
  });
});

describe('the owner', () => {
  it.each([['lia'], ['constructor'], ['Électre'], ['a b']])('can be %s', (uid) => {
    expect(stateOf(['a:1'], () => uid)).toMatchObject({ owner: uid });
  });

  it.each([[undefined], [null]])('is nobody where it is %s', (uid) => {
    expect(stateOf(['a:1'], () => uid)).toEqual(NOTHING);
  });

  it.each([['..'], ['__x__'], [''], ['a/b'], [7], [{}], ['x'.repeat(2 ** 20)]])(
    'cannot be %j, which is the document’s fault',
    (uid) => {
      const state = stateOf(['a:1'], () => uid as string);
      expect(state).toMatchObject({ owner: undefined, addresses: [] });
      expect(String(state.fault?.error)).toContain('Expected owner to return a user id');
      expect(String(state.fault?.error).length).toBeLessThan(300);
    },
  );

  it('is asked with the ids of the path, as they are', () => {
    const source = {
      document: 'teams/{teamId}/people/{personId}',
      owner: ({ ids }: { ids: Record<string, string> }) => `${ids.teamId}-${ids.personId}`,
      addresses: ({ data }: { data: Record<string, unknown> }) => [data.token],
    };
    expect(importState(source, 'teams/a%20b/people/Électre', { token: 'a:1' })).toMatchObject({
      owner: 'a%20b-Électre',
      addresses: [{ address: 'a:1' }],
    });
  });
});

it.each([
  ['is not there', 'profiles/ola', undefined],
  ['is another’s', 'others/ola', {}],
])('a document that %s has nothing, and no function is called', (_what, path, data) => {
  const addresses = jest.fn();
  expect(importState({ document: 'profiles/{uid}', addresses }, path, data)).toBe(NOTHING);
  expect(addresses).not.toHaveBeenCalled();
});

it('whatever stands there, nothing is thrown, and what comes out are addresses', () => {
  fc.assert(
    fc.property(fc.anything({ withMap: true, withSet: true, withNullPrototype: true }), (any) => {
      for (const { address } of stateOf(any).addresses) expect(address).toMatch(/^[!-~]+$/);
    }),
  );
});
