import { DEFAULT_SINCE, hashOf, routeOf, type Route } from './route.mjs';

const since = DEFAULT_SINCE;

it.each<[string, Route]>([
  ['#/', { view: 'start' }],
  ['#/delivery/like-1', { view: 'delivery', value: 'like-1' }],
  ['#/person/ola', { view: 'person', value: 'ola', since }],
  ['#/person/ola?since=7d', { view: 'person', value: 'ola', since: '7d' }],
  ['#/document/posts/p1/likes/leo', { view: 'document', value: 'posts/p1/likes/leo' }],
])('%s is an address', (hash, route) => {
  expect(routeOf(hash)).toEqual(route);
  expect(hashOf(route)).toBe(hash);
});

it.each([
  'שלום',
  '👩‍👩‍👧',
  '<script>alert(1)</script>',
  'a b?c#d%e&f=g',
  '\u202egnp.exe',
  '..',
  'a\\b',
])('the id %s comes back from its address', (id) => {
  const routes: Route[] = [
    { view: 'person', value: id, since: '7d' },
    { view: 'document', value: `posts/${id}/likes/${id}` },
    { view: 'delivery', value: id },
  ];
  for (const route of routes) expect(routeOf(hashOf(route))).toEqual(route);
});

it.each(['', '#', '#/nothing/x', '#/delivery/', '#/person', '#/delivery/%E0%A4%A', '#story'])(
  '%p is the start',
  (hash) => {
    expect(routeOf(hash)).toEqual({ view: 'start' });
  },
);

it('takes an unknown time for the usual one, also where every object has one of that name', () => {
  for (const word of ['99y', 'constructor', '']) {
    expect(routeOf(`#/person/ola?since=${word}`)).toMatchObject({ since });
  }
});

it('makes an address of text that is no whole Unicode', () => {
  expect(hashOf({ view: 'delivery', value: 'a\ud800' })).toBe('#/delivery/a%EF%BF%BD');
});
