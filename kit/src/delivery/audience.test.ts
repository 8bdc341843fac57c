import fc from 'fast-check';
import type { RecipientRecord } from '../store/users';
import { resolve as resolveNow, type Resolved } from './audience';

const FID = 'cAbCdEfGhIjKlMnOpQrStU';
const HEX = 'ab'.repeat(32);

function person(
  uid: string,
  tokens: unknown,
  more: Partial<RecipientRecord> = {},
): RecipientRecord {
  const unset = { notificationSettings: undefined, locale: undefined };
  return { uid, exists: true, tokens, ...unset, readAt: 0, ...more };
}

const resolve = (
  records: readonly RecipientRecord[],
  type: string,
  actor: string | undefined,
): Resolved => resolveNow(records, { type, actor, expiresAt: Infinity }, 0);

describe('resolve', () => {
  it('gives every address of every recipient, in order', () => {
    const { targets, withoutTarget } = resolve(
      [person('ola', ['a:1', 'b:2']), person('lia', ['c:3'])],
      'like',
      undefined,
    );
    expect(targets).toEqual([
      { uid: 'ola', address: 'a:1' },
      { uid: 'ola', address: 'b:2' },
      { uid: 'lia', address: 'c:3' },
    ]);
    expect(withoutTarget.size).toBe(0);
  });

  it('leaves the actor out, whatever else is true of them', () => {
    const muted = { notificationSettings: { like: false } };
    const { targets, withoutTarget } = resolve([person('lia', ['a:1'], muted)], 'like', 'lia');
    expect(targets).toEqual([]);
    expect(withoutTarget.get('lia')).toBe('is-actor');
  });

  it.each([
    ['like', { like: false }, 'muted'],
    ['comment', { like: false }, undefined],
    ['like', { like: true }, undefined],
    ['like', { like: 'no' }, undefined],
    ['like', 'nonsense', undefined],
    ['like', null, undefined],
    // What every object has is no setting of anybody's.
    ['constructor', {}, undefined],
    ['constructor', { constructor: false }, 'muted'],
  ])('reads the settings of type %s in %j', (type, notificationSettings, reason) => {
    const { withoutTarget } = resolve(
      [person('ola', ['a:1'], { notificationSettings })],
      type,
      undefined,
    );
    expect(withoutTarget.get('ola')).toBe(reason);
  });

  it.each([[undefined], [null], ['a:1'], [{ 0: 'a:1' }], [[]], [[1, null, {}, '', 'has space']]])(
    'calls a user with tokens %j one without an address',
    (tokens) => {
      const { targets, withoutTarget } = resolve([person('ola', tokens)], 'like', undefined);
      expect(targets).toEqual([]);
      expect(withoutTarget.get('ola')).toBe('no-address');
    },
  );

  it('passes over what cannot be an address and keeps the rest', () => {
    const { targets } = resolve([person('ola', [7, 'a:1', 'ö', 'b:2'])], 'like', undefined);
    expect(targets.map(({ address }) => address)).toEqual(['a:1', 'b:2']);
  });

  it.each<[string, unknown[], string[]]>([
    ['in two spellings', [HEX.toUpperCase(), HEX], [HEX]],
    ['in upper case', [HEX.toUpperCase()], [HEX]],
    ['by its token and its FID', [`${FID}:APA91b`, FID], [FID]],
    ['by its FID and a later token', [FID, `${FID}:APA91b`], [FID]],
    ['by two tokens', [`${FID}:1`, `${FID}:2`], [`${FID}:2`]],
  ])('sends once to a device that is listed %s', (_name, tokens, addresses) => {
    const { targets } = resolve([person('ola', tokens)], 'like', undefined);
    expect(targets.map(({ address }) => address)).toEqual(addresses);
  });

  it('sends once to a device that two users list, each by another of its addresses', () => {
    const people = [
      person('ola', [FID]),
      person('lia', [`${FID}:APA91b`, HEX]),
      person('bo', [HEX.toUpperCase()]),
    ];
    const { targets, withoutTarget } = resolve(people, 'like', undefined);
    expect(targets).toEqual([
      { uid: 'ola', address: FID },
      { uid: 'lia', address: HEX },
    ]);
    expect(withoutTarget.get('bo')).toBe('no-address');
  });

  it('tells an unknown user from one without an address', () => {
    const unknown = person('nobody', undefined, { exists: false });
    expect(resolve([unknown], 'like', undefined).withoutTarget.get('nobody')).toBe('no-user');
  });

  it('gives each address once and each recipient an address or a reason, for any input', () => {
    const address = fc.constantFrom('a:1', 'b:2', 'c:3', 'd:4', 5, '', 'x y');
    const record = fc.record({
      uid: fc.uuid(),
      exists: fc.boolean(),
      tokens: fc.oneof(fc.array(address), fc.anything()),
      notificationSettings: fc.anything(),
      locale: fc.anything(),
      readAt: fc.constant(0),
    });
    fc.assert(
      fc.property(fc.uniqueArray(record, { selector: ({ uid }) => uid }), (records) => {
        const { targets, withoutTarget } = resolve(records, 'like', records[0]?.uid);
        const addresses = targets.map((target) => target.address);
        expect(new Set(addresses).size).toBe(addresses.length);
        const told = new Set(targets.map(({ uid }) => uid));
        for (const { uid } of records) expect(told.has(uid)).not.toBe(withoutTarget.has(uid));
      }),
    );
  });
});
