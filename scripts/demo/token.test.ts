import { registrationToken } from './token.ts';

test('has the shape of a registration token', () => {
  expect(registrationToken(Math.random)).toMatch(/^[cdef][\w-]{21}:APA91b[\w-]{134}$/);
});

test('depends on nothing but the random numbers', () => {
  expect(registrationToken(() => 0.5)).toBe(registrationToken(() => 0.5));
});
