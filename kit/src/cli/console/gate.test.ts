import type { IncomingHttpHeaders } from 'node:http';
import { refusalOf } from './gate';

const PORT = 4100;
const OWN = { host: '127.0.0.1:4100' };
const refused = (headers: IncomingHttpHeaders, path = '/api/status', method = 'GET') =>
  refusalOf({ method, path, headers }, PORT)?.status;

it.each(['127.0.0.1:4100', 'localhost:4100', 'LOCALHOST:4100', '[::1]:4100'])(
  'answers whoever calls it %s',
  (host) => {
    expect(refused({ host })).toBeUndefined();
  },
);

it.each([
  undefined,
  '',
  '127.0.0.1',
  '127.0.0.1:4101',
  'evil.example',
  'evil.example:4100',
  '127.0.0.1:4100.evil.example',
  'localhost.evil.example:4100',
  '127.0.0.1.nip.io:4100',
  '0.0.0.0:4100',
  '127.0.0.1:4100@evil.example',
])('refuses whoever calls it %p: a name that was pointed at this machine', (host) => {
  expect(refused(host === undefined ? {} : { host })).toBe(421);
  expect(refused(host === undefined ? {} : { host }, '/')).toBe(421);
});

it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'])('refuses %s', (method) => {
  expect(refused(OWN, '/api/status', method)).toBe(405);
});

it.each(['GET', 'HEAD'])('takes %s', (method) => {
  expect(refused(OWN, '/api/status', method)).toBeUndefined();
});

it.each([
  ['its own page', { 'sec-fetch-site': 'same-origin' }, undefined],
  ['the address bar', { 'sec-fetch-site': 'none' }, undefined],
  ['a program', {}, undefined],
  ['its own page, with its origin', { origin: 'http://localhost:4100' }, undefined],
  ['another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }, 403],
  ['another site’s image', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403],
  ['another server of this machine', { 'sec-fetch-site': 'same-site' }, 403],
  ['another origin', { origin: 'http://127.0.0.1:3000' }, 403],
  ['an origin that is none', { origin: 'null' }, 403],
  [
    'a link of another site to the data',
    {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    },
    403,
  ],
])('asked for data by %s', (_who, headers, status) => {
  expect(refused({ ...OWN, ...headers })).toBe(status);
});

it('lets a link in a chat open the page, and nobody put it into a frame', () => {
  const link = { ...OWN, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  expect(refused({ ...link, 'sec-fetch-dest': 'document' }, '/')).toBeUndefined();
  expect(refused({ ...link, 'sec-fetch-dest': 'iframe' }, '/')).toBe(403);
});
