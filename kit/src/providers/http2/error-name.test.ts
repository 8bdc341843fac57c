import { errorName, http2ErrorName } from './error-name';

it.each([
  [0, 'NO_ERROR'],
  [7, 'REFUSED_STREAM'],
  [11, 'ENHANCE_YOUR_CALM'],
  [13, 'HTTP_1_1_REQUIRED'],
  [14, 'HTTP/2 error 14'],
  [2 ** 31, 'HTTP/2 error 2147483648'],
])('calls the HTTP/2 error %d %s', (code, name) => {
  expect(http2ErrorName(code)).toBe(name);
});

it('calls an error by its code, or by its message where it has none', () => {
  expect(errorName(Object.assign(new Error('connect failed'), { code: 'ECONNREFUSED' }))).toBe(
    'ECONNREFUSED',
  );
  expect(errorName(new Error('connect failed'))).toBe('connect failed');
});
