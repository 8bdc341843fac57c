import { listedAddresses } from './listed-addresses';

const FID = 'cAbCdEfGhIjKlMnOpQrStU';
const HEX = 'ab'.repeat(32);

describe('listedAddresses', () => {
  it.each<[string, unknown[], string[]]>([
    ['each address once', ['a:1', 'b:2', 'a:1'], ['a:1', 'b:2']],
    ['hex in lower case, once', [HEX.toUpperCase(), HEX], [HEX]],
    ['a FID and none of its tokens', [`${FID}:1`, FID, `${FID}:2`], [FID]],
    ['the last token of an installation', [`${FID}:1`, `${FID}:2`], [`${FID}:2`]],
  ])('are %s', (_what, addresses, listed) => {
    expect(listedAddresses({ addresses })).toEqual(listed);
  });

  it.each<[string, unknown]>([
    ['one that is no address among them', ['a:1', 'two words']],
    ['one that is too long for an index', ['x'.repeat(1500)]],
    ['a token of Expo’s', ['ExponentPushToken[x]']],
    ['none', []],
    ['too many', Array.from({ length: 1001 }, (_, nth) => `a:${nth}`)],
    ['no array', 'a:1'],
  ])('are wrong with %s', (_what, addresses) => {
    expect(listedAddresses({ addresses })).toBe('wrong');
    expect(listedAddresses({ addresses: ['a:1'], more: 1 })).toBe('wrong');
  });

  it.each([undefined, null, 'ola', ['ola'], { topic: 'news' }])('are none in %j', (to) => {
    expect(listedAddresses(to)).toBeUndefined();
  });
});
