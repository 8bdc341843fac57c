import fc from 'fast-check';
import { addressKind, deviceKey, normaliseAddress } from '../model/address';
import {
  canHoldAddresses,
  entriesOf,
  entriesOfDevice,
  healedAddresses,
  healing,
  swapIn,
  tokenList,
  type ListChange,
} from './token-list';

const FID = 'cAbCdEfGhIjKlMnOpQrStU';
const TOKEN = `${FID}:APA91b-1`;
const LATER = `${FID}:APA91b-2`;
const HEX = 'ab'.repeat(32);
const UPPER = HEX.toUpperCase();
const MIXED = `AB${HEX.slice(2)}`;

/** Addresses in any spelling and form, few enough to meet, and anything else. */
const entry = fc.oneof(
  fc.constantFrom(FID, TOKEN, LATER, HEX, UPPER, MIXED, 'a:1', 'b:2'),
  fc.constantFrom<unknown>('two words', '', 7, null, NaN, {}, { token: 'a:1' }, 'ExpoPushToken[a]'),
  fc.anything(),
);
const array = fc.array(entry, { maxLength: 12 });
const RUNS = { numRuns: 500 };

/** What Firestore makes of the two transforms, in their order. */
function applied(tokens: readonly unknown[], { remove, add }: ListChange): unknown[] {
  const left = tokens.filter((each) => !remove.includes(each as string));
  return [...left, ...add.filter((each) => !left.includes(each))];
}

const notUnderstood = (tokens: readonly unknown[]) =>
  tokens.filter((each) => normaliseAddress(each) === undefined);

describe('tokenList', () => {
  it.each<[string, unknown[], string[], number]>([
    ['each address once, in order', ['b:1', 'a:2', 'b:1'], ['b:1', 'a:2'], 0],
    ['hex in lower case', [UPPER], [HEX], 0],
    ['hex in three spellings once', [UPPER, HEX, MIXED], [HEX], 0],
    ['a FID in place of its token', [TOKEN, 'a:1', FID], ['a:1', FID], 0],
    ['a FID whatever comes after it', [FID, TOKEN, LATER], [FID], 0],
    ['the last token of an installation', [TOKEN, 'a:1', LATER], ['a:1', LATER], 0],
    ['nothing of what is not understood', [7, null, {}, '', 'two words', 'é'], [], 6],
    ['no address of 1,500 characters', ['x'.repeat(1500), 'x'.repeat(1499)], ['x'.repeat(1499)], 1],
    ['no token of Expo’s', ['ExponentPushToken[abc]'], [], 1],
  ])('holds %s', (_name, tokens, addresses, unknown) => {
    expect(tokenList(tokens)).toEqual({ addresses, unknown });
  });

  it.each([undefined, null, 'a:1', 7, { 0: 'a:1' }])('finds none in %p', (tokens) => {
    expect(tokenList(tokens)).toEqual({ addresses: [], unknown: 0 });
  });

  it('holds each device once, whatever stands there', () => {
    fc.assert(
      fc.property(array, (tokens) => {
        const { addresses, unknown } = tokenList(tokens);
        const keys = addresses.map(deviceKey);
        expect(new Set(keys).size).toBe(keys.length);
        expect(addresses.every((address) => normaliseAddress(address) === address)).toBe(true);
        expect(addresses.every((address) => addressKind(address) !== undefined)).toBe(true);
        expect(unknown).toBe(notUnderstood(tokens).length);
      }),
      RUNS,
    );
  });

  it('is quick with an array as long as a document can hold', () => {
    const tokens = Array.from({ length: 100_000 }, (_, index) =>
      index % 2 ? UPPER : `${FID}:${index}`,
    );
    expect(tokenList(tokens).addresses).toHaveLength(2);
  });
});

describe('healing', () => {
  it.each<[string, unknown[], string[], string[]]>([
    ['nothing where all is well', ['a:1', FID, HEX, 7], [], []],
    ['a spelling', [7, UPPER], [UPPER], [HEX]],
    ['two spellings', [UPPER, HEX], [UPPER], []],
    ['a token beside its FID', [TOKEN, FID], [TOKEN], []],
    ['an address that stands there twice', ['a:1', 'a:1'], ['a:1'], ['a:1']],
  ])('changes %s', (_name, tokens, remove, add) => {
    expect(healing(tokens)).toEqual({ remove, add });
  });

  it('loses no device and nothing that is not understood, and has nothing to do afterwards', () => {
    fc.assert(
      fc.property(array, (tokens) => {
        const after = applied(tokens, healing(tokens));
        expect(notUnderstood(after)).toEqual(notUnderstood(tokens));
        expect(new Set(tokenList(after).addresses)).toEqual(new Set(tokenList(tokens).addresses));
        expect(healing(after)).toEqual({ remove: [], add: [] });
      }),
      RUNS,
    );
  });

  it('says what stands for a device from now on, and for what', () => {
    const nothing = { named: [], superseded: [] };
    expect(healedAddresses([TOKEN, UPPER, LATER, 'a:1'])).toEqual({
      named: [HEX, LATER],
      superseded: [TOKEN],
    });
    expect(healedAddresses([TOKEN, LATER, FID])).toEqual({
      named: [FID],
      superseded: [TOKEN, LATER],
    });
    expect(healedAddresses([FID, HEX, 7])).toEqual(nothing);
    expect(healedAddresses('a:1')).toEqual(nothing);
  });
});

describe('the entries of an address', () => {
  it('are all its spellings, and of its device all its forms, exactly as they stand there', () => {
    const tokens = [UPPER, TOKEN, 7, MIXED, FID, LATER, UPPER];
    expect(entriesOf(tokens, HEX)).toEqual([UPPER, MIXED, UPPER]);
    expect(entriesOf(tokens, TOKEN)).toEqual([TOKEN]);
    expect(entriesOfDevice(tokens, TOKEN)).toEqual([TOKEN, FID, LATER]);
    expect(entriesOfDevice({ 0: TOKEN }, TOKEN)).toEqual([]);
  });
});

describe('swapIn', () => {
  it.each<[string, unknown, string, string | undefined, unknown[], boolean]>([
    ['adds an address at the end', ['a'], 'b', undefined, ['a', 'b'], false],
    ['begins a list', undefined, 'b', undefined, ['b'], false],
    ['leaves a list with it alone', ['b', 'a'], 'b', undefined, ['b', 'a'], false],
    ['puts it in place of the former', ['x', 'a'], 'b', 'x', ['a', 'b'], true],
    ['only drops the former where it is there already', ['x', 'b'], 'b', 'x', ['b'], true],
    ['has nothing to drop the second time', ['b'], 'b', 'x', ['b'], false],
    ['leaves what is not understood', [7, 'b', {}], 'b', undefined, [7, 'b', {}], false],
    ['puts a FID in place of its token', [TOKEN, 'a'], FID, undefined, ['a', FID], false],
    ['keeps the FID when its token comes', ['a', FID], TOKEN, undefined, ['a', FID], false],
    ['takes the token where it replaces the FID', [FID], TOKEN, FID, [TOKEN], true],
    ['takes the later token', [TOKEN], LATER, undefined, [LATER], false],
    ['spells hex as it should be', [UPPER, MIXED], HEX, undefined, [HEX], false],
    ['drops the former in every spelling', [UPPER, HEX], 'b', HEX, ['b'], true],
    ['heals the others', [UPPER, 'a', 'a'], 'b', undefined, [HEX, 'a', 'b'], false],
  ])('%s', (_name, tokens, address, former, after, hadFormer) => {
    const change = swapIn(tokens, address, former);
    expect(applied(Array.isArray(tokens) ? tokens : [], change)).toEqual(after);
    expect(change.hadFormer).toBe(hadFormer);
  });

  it('lists the device once and nothing else is lost, whatever stands there', () => {
    const addresses = fc.constantFrom(FID, TOKEN, LATER, HEX, 'a:1', 'b:2');
    fc.assert(
      fc.property(
        array,
        addresses,
        fc.option(addresses, { nil: undefined }),
        (tokens, address, former) => {
          fc.pre(former !== address);
          const change = swapIn(tokens, address, former);
          const after = applied(tokens, change);
          const list = tokenList(after).addresses;
          expect(notUnderstood(after)).toEqual(notUnderstood(tokens));
          expect(healing(after)).toEqual({ remove: [], add: [] });
          expect(list).toContain(change.address);
          expect(list).toHaveLength(change.listed);
          expect(deviceKey(change.address)).toBe(deviceKey(address));
          const staying = tokenList(tokens).addresses.filter(
            (listed) => deviceKey(listed) !== deviceKey(address) && listed !== former,
          );
          expect(list.filter((listed) => listed !== change.address).sort()).toEqual(staying.sort());
          if (former !== undefined) expect(list).not.toContain(former);
        },
      ),
      RUNS,
    );
  });
});

describe('canHoldAddresses', () => {
  it('is so for an array and for nothing, and for nothing else', () => {
    expect([undefined, null, [], [7]].every(canHoldAddresses)).toBe(true);
    expect(['', 'a:1', 7, true, {}, new Date()].some(canHoldAddresses)).toBe(false);
  });
});
