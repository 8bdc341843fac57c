import fc from 'fast-check';
import { redact } from './redact';

const base64url = fc.constantFrom(
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-',
);
const letters = (count: number) =>
  fc.string({ unit: base64url, minLength: count, maxLength: count });
const installation = fc
  .tuple(fc.constantFrom('c', 'd', 'e', 'f'), letters(21))
  .map(([first, rest]) => first + rest);
const secret = fc.oneof(
  installation,
  fc.tuple(installation, letters(134)).map(([id, rest]) => `${id}:APA91b${rest}`),
  fc.tuple(letters(5), letters(3)).map(([id, rest]) => `${id}:APA91b${rest}`),
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 200 }),
  fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), minLength: 64, maxLength: 200 }),
  letters(22).map((inner) => `ExponentPushToken[${inner}]`),
  letters(150),
);

it('leaves no address, wherever it stands in an error', () => {
  const frame = fc.constantFrom(
    ['', ''],
    ['unsupported charset "', '"'],
    ['5 NOT_FOUND: no document to update: /documents/users/', '/x'],
    ["expected a path, got '", "'"],
    ['{"address":"', '"}'],
    ['a ', ' b'],
    ['Error: ', '\n    at parse (/app/index.js:1:2)'],
  );
  fc.assert(
    fc.property(secret, frame, (address, [before = '', after = '']) => {
      expect(redact(before + address + after)).not.toContain(address);
    }),
    { numRuns: 2000 },
  );
});

it.each([
  ['connect ECONNREFUSED 127.0.0.1:8080'],
  ['10 ABORTED: Aborted due to cross-transaction contention. This occurs when multiple clients …'],
  ['TypeError: x is not a function\n    at Object.compose (/workspace/lib/index.js:10:3)'],
  ['expected users/k3J9fQ2mX7pL0aB4cD8e to have a list'],
  ['deliveries/like-0a1b2c3d-4e5f-6789-abcd-ef0123456789'],
  [''],
])('leaves %j as it is', (words) => {
  expect(redact(words)).toBe(words);
});
