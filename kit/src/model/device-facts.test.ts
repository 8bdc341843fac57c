import fc from 'fast-check';
import { readFacts } from './device-facts';

it.each([
  ['platform', 'iOS', 'ios'],
  ['platform', 'Android', 'android'],
  ['platform', 'macos', undefined],
  ['platform', 'constructor', undefined],
  ['appVersion', '1.2.3 (45)', '1.2.3 (45)'],
  ['appVersion', '1.2.3+45', '1.2.3+45'],
  ['appVersion', 45, '45'],
  ['appVersion', '2\n(beta\u202e)', '2 (beta )'],
  ['appVersion', 'v'.repeat(500), 'v'.repeat(100)],
  ['appVersion', { major: 1 }, undefined],
  ['appVersion', '\n', undefined],
  ['locale', 'en_US@rg=gbzzzz', 'en-US'],
  ['locale', 'de/AT', undefined],
  ['timeZone', 'America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
  ['timeZone', 'Central Europe Standard Time', undefined],
  ['environment', 'development', 'sandbox'],
  ['environment', 'staging', undefined],
  ['appId', 'com.example.app', 'com.example.app'],
  ['appId', 'com example', undefined],
  ['appId', 'x'.repeat(201), undefined],
  ['experienceId', '@ola/my-app', '@ola/my-app'],
  ['experienceId', [], undefined],
])('%s: %j is kept as %j', (name, value, kept) => {
  expect(readFacts({ [name]: value })).toEqual(
    kept === undefined ? { facts: {}, ignored: [name] } : { facts: { [name]: kept }, ignored: [] },
  );
});

it('takes null for not told', () => {
  expect(readFacts({ platform: null, locale: undefined, other: null })).toEqual({
    facts: {},
    ignored: [],
  });
});

it('names no field that it does not know: a name may be an address', () => {
  expect(readFacts({ 'phone:APA91b': 1, more: 2, locale: 'x', platform: 'web' })).toEqual({
    facts: { platform: 'web' },
    ignored: ['unknown fields', 'locale'],
  });
});

it('reads anything, and keeps nothing but short texts on one line', () => {
  fc.assert(
    fc.property(fc.object({ key: fc.constantFrom('platform', 'appVersion', 'x') }), (told) => {
      for (const fact of Object.values(readFacts(told).facts)) {
        expect(fact).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u);
      }
    }),
  );
});
