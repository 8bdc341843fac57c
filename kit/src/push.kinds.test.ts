import { configurePush, declareNotification, preferences } from './push';

beforeAll(() => {
  process.env['GCLOUD_PROJECT'] = 'demo-kinds';
});

it.each([
  [[{ name: 'two words' }], /expected names of 1 to 64 of a-z A-Z 0-9 - _, got "two words"/],
  [[{ name: '' }], /expected names/],
  [[{ name: 'offer' }, { name: 'offer' }], /expected each kind once, got "offer" twice/],
])('refuses kinds %j, before anything is deployed', (kinds, message) => {
  expect(() => configurePush({ kinds })).toThrow(message);
});

it('knows each kind once: a trigger’s before one of the same name that is only configured', () => {
  configurePush({
    kinds: [
      { name: 'wave', label: 'Other' },
      { name: 'offer', label: 'Offers' },
    ],
  });
  const composeAgain = () => Promise.reject(new Error('not here'));
  for (const document of ['walls/{wallId}', 'doors/{doorId}']) {
    declareNotification({ kind: { name: 'wave', label: 'Waves' }, document, composeAgain });
  }
  expect(preferences().kinds()).toEqual([
    { name: 'wave', label: 'Waves' },
    { name: 'offer', label: 'Offers' },
  ]);
});
