import fc from 'fast-check';
import { addressKind } from '../providers/address';
import { isExpoPushToken, swapIn, tokenList } from './token-list';

describe('tokenList', () => {
  it('keeps each address once, in order', () => {
    expect(tokenList(['b:1', 'a:2', 'b:1'])).toEqual({ addresses: ['b:1', 'a:2'], unusable: 1 });
  });

  it.each([undefined, null, 'a:1', 7, { 0: 'a:1' }])(
    'finds none in %p, and drops nothing',
    (tokens) => {
      expect(tokenList(tokens)).toEqual({ addresses: [], unusable: 0 });
    },
  );

  it('counts what is no address', () => {
    const junk = [7, null, {}, '', 'two words', 'é', 'x'.repeat(4097), 'ExpoPushToken[abc]'];
    expect(tokenList([...junk, 'a:1'])).toEqual({ addresses: ['a:1'], unusable: junk.length });
  });

  it('loses no entry, whatever stands there', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.anything())), (tokens) => {
        const { addresses, unusable } = tokenList(tokens);
        expect(addresses.length + unusable).toBe(tokens.length);
        expect(addresses.every((address) => addressKind(address) !== undefined)).toBe(true);
      }),
    );
  });
});

describe('swapIn', () => {
  it.each([
    ['adds an address at the end', ['a'], 'b', undefined, ['a', 'b'], true, false],
    ['begins a list', undefined, 'b', undefined, ['b'], true, false],
    ['leaves a list with it alone', ['b', 'a'], 'b', undefined, ['b', 'a'], false, false],
    ['puts it in place of the former', ['x', 'a'], 'b', 'x', ['a', 'b'], true, true],
    ['only drops the former where it is there already', ['x', 'b'], 'b', 'x', ['b'], true, true],
    ['has nothing to drop the second time', ['b'], 'b', 'x', ['b'], false, false],
    ['drops what is no address', ['b', 7], 'b', undefined, ['b'], true, false],
  ])('%s', (_name, tokens, address, former, addresses, isChanged, hadFormer) => {
    expect(swapIn(tokens, address, former)).toEqual({ addresses, isChanged, hadFormer });
  });
});

describe('isExpoPushToken', () => {
  it('knows both spellings, and no others', () => {
    expect(['ExponentPushToken[a]', 'ExpoPushToken[a]'].every(isExpoPushToken)).toBe(true);
    expect(['cExponentPushToken[a]', 'Exponent:APA91b'].some(isExpoPushToken)).toBe(false);
  });
});
