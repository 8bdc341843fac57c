import { nobody } from './nobody';

it('keeps no address of a device, and no more than a sentence', () => {
  const { nobody: why } = nobody(`there is nothing new for c0123456789abcdefghijk:APA91b-phone`);
  expect(why).toBe('there is nothing new for <redacted>');
  expect(nobody('a '.repeat(500)).nobody).toHaveLength(500);
});

it('keeps ids of people only', () => {
  const about = ['ola', 'a/b', '__proto__', ...Array.from({ length: 100 }, (_, nth) => `u${nth}`)];
  const kept = nobody('none of them', { about }).about;
  expect(kept).toHaveLength(50);
  expect(kept.slice(0, 2)).toEqual(['ola', 'u0']);
});

it.each([
  ['ola', ['ola']],
  [null, []],
  [undefined, []],
  [7, []],
  [{ uid: 'ola' }, []],
  [['ola', null, 7, ['bo']], ['ola']],
])('takes whatever a document says of the person, such as %j', (about, kept) => {
  expect(nobody('none of them', { about: about as string }).about).toEqual(kept);
});
