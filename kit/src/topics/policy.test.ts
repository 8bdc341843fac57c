import { topicPolicy } from './policy';

it('is closed where nothing is declared', () => {
  expect(topicPolicy('', [])('news')).toBe(false);
});

it.each([
  ['news', true],
  ['sport', false],
  ['area-12', true],
  ['area-', true],
  ['myarea-12', false],
  ['a.b', true],
  ['axb', false],
  ['weather', true],
  ['weathers', false],
  ['area-x y', false],
  ['', false],
])('with patterns, %j: %j', (topic, open) => {
  expect(topicPolicy(' area-*, a.b ,weather,', ['news'])(topic)).toBe(open);
});

it('may be open to all topics, but not to what is none', () => {
  const isOpen = topicPolicy('*', []);
  expect([isOpen('anything'), isOpen('/topics/anything')]).toEqual([true, false]);
});

it('says which pattern or name no topic can match', () => {
  expect(() => topicPolicy('news,/topics/*', [])).toThrow('got "/topics/*"');
  expect(() => topicPolicy('', ['two words'])).toThrow('got "two words"');
});
