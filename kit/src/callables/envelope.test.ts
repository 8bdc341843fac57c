import fc from 'fast-check';
import { isBearerToken, isJsonWebToken, MAX_DEPTH, readEnvelope } from './envelope';

const call = (body: unknown, contentType = 'application/json', method = 'POST') =>
  readEnvelope({ method, contentType, body });

/** Lists in lists, so many deep. */
function nested(depth: number): unknown {
  return JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
}

it.each([
  ['text', 'hello'],
  ['nothing', null],
  ['an object', { address: 'a', facts: ['b', { c: 1 }] }],
  ['as deep as may be', nested(MAX_DEPTH)],
])('takes data that is %s as it is', (_what, data) => {
  expect(call({ data })).toEqual({ data });
  expect(call({ data }, 'application/json; charset=utf-8')).toEqual({ data });
});

it('unwraps numbers of 64 bits, and takes whatever else has an @type for nothing', () => {
  const long = { '@type': 'type.googleapis.com/google.protobuf.Int64Value', value: '12' };
  const other = { '@type': 'phone:APA91b', value: 'phone:APA91b' };
  const none = { '@type': '' };
  expect(call({ data: { long, list: [long, other], none } })).toEqual({
    data: { long: 12, list: [12, null], none: null },
  });
});

it('leaves prototypes alone', () => {
  const body = JSON.parse('{"data":{"__proto__":{"address":"a"},"constructor":{"x":1}}}') as object;
  const read = call(body) as { data: Record<string, unknown> };
  expect(Object.entries(read.data)).toEqual([['constructor', { x: 1 }]]);
  expect(Object.getPrototypeOf(read.data)).toBe(Object.prototype);
});

it.each<[string, unknown, string?, string?]>([
  ['no body', undefined],
  ['a body that is no object', 'phone:APA91b'],
  ['a list', ['phone:APA91b']],
  ['bytes', Buffer.from('phone:APA91b')],
  ['no data', { address: 'phone:APA91b' }],
  ['data that is only inherited', Object.create({ data: 1 }) as object],
  ['more than data', { data: {}, 'phone:APA91b': 1 }],
  ['another type of content', { data: {} }, 'phone:APA91b'],
  ['a form', { data: {} }, 'application/x-www-form-urlencoded'],
  ['no type of content', { data: {} }, ''],
  ['another method', { data: {} }, 'application/json', 'PUT'],
  ['nesting that is too deep', { data: nested(MAX_DEPTH + 1) }],
  ['nesting that no stack holds', { data: nested(100_000) }],
  ['values without end', { data: Array(100_000).fill(0) }],
])('refuses %s, and repeats nothing', (_what, ...given) => {
  const read = call(...given);
  expect(read).toEqual({ fault: expect.stringMatching(/^expected /) as string });
  expect(JSON.stringify(read)).not.toContain('APA91b');
});

it('reads any JSON whatever, and lets no @type through', () => {
  const body = fc.oneof(
    fc.jsonValue({ maxDepth: 12 }),
    fc.jsonValue({ maxDepth: 12 }).map((data) => ({ data })),
    fc.dictionary(fc.constantFrom('data', '@type', 'value', '__proto__'), fc.jsonValue()),
  );
  fc.assert(
    fc.property(body, (given) => {
      const read = call(JSON.parse(JSON.stringify(given)));
      if ('data' in read) expect(JSON.stringify(read.data)).not.toContain('"@type":');
      else expect(read.fault).toMatch(/^expected /);
    }),
  );
});

it('knows what can be an ID token', () => {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = `${part({ alg: 'none' })}.${part({ sub: 'ola' })}.`;
  expect(isJsonWebToken(token)).toBe(true);
  expect(isBearerToken(`Bearer ${token}`)).toBe(true);
  expect(isBearerToken(token)).toBe(false);
  for (const none of ['', 'a.b', 'phone:APA91b', 'x.phoneAPA91b.y', `a.${part('text')}.b`, '..']) {
    expect(isJsonWebToken(none)).toBe(false);
    expect(isBearerToken(`Bearer ${none}`)).toBe(false);
  }
});
