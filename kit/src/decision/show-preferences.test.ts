import { shownKind, shownRest } from './show-preferences';

const NOW = 1_900_000_000_000;
const stamp = (ms: number) => ({ toMillis: () => ms });

it.each([
  [undefined, {}, { way: 'push', isDefault: true }],
  [{ wave: false }, {}, { way: 'off', isDefault: false }],
  [{ wave: true }, { delivery: 'off' }, { way: 'push', isDefault: false }],
  [{ wave: 'email' }, { delivery: 'silent' }, { way: 'silent', isDefault: true }],
  // What the kind does not offer.
  [{ wave: 'digest' }, {}, { way: 'push', isDefault: true }],
  [{ wave: 'digest' }, { delivery: 'digest' }, { way: 'digest', isDefault: false }],
  [{ wave: 'off' }, { mandatory: true, delivery: 'off' }, { way: 'push', isDefault: true }],
] as const)('of %j, a kind that says %j is shown as %j', (settings, kind, shown) => {
  expect(shownKind(settings, { name: 'wave', ...kind }, 'Waves')).toMatchObject({
    ...{ name: 'wave', title: 'Waves' },
    ...shown,
  });
});

it('shows what is understood, in order, and what has not ended', () => {
  expect(
    shownRest(
      {
        mute: { w2: stamp(NOW + 1), w3: stamp(NOW), odd: 7, w1: true },
        blocked: ['ola', 7, null],
        quietHours: { sat: '00:00-09:00, 23:05-08:00,25:00-26:00', mon: 7, someday: '22:00-07:00' },
        timeZone: 7,
      },
      NOW,
    ),
  ).toEqual({
    mute: [
      { target: 'w1', until: true },
      { target: 'w2', until: NOW + 1 },
    ],
    blocked: ['ola'],
    quietHours: { sat: '00:00-09:00,23:05-08:00' },
    timeZone: null,
  });
});

it.each([undefined, null, 7, 'all', true])('shows nothing of %j', (odd) => {
  expect(shownRest({ mute: odd, blocked: odd, quietHours: odd }, NOW)).toEqual({
    ...{ mute: [], blocked: [], quietHours: {}, timeZone: null },
  });
});
