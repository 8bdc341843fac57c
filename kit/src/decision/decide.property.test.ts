import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { WAYS, type Choice } from '../model/notification/choice';
import { decide, needsLocalTimes, type About, type Person } from './decide';
import { LocalTimes } from './local-times';
import { WEEKDAYS } from './preferences';

const BEGIN = Date.parse('2026-01-01T00:00Z');
const END = Date.parse('2031-01-01T00:00Z');
const DAY = 24 * 60 * 60_000;

const TIMES = new LocalTimes(Temporal, 'Europe/Vienna');
const ZONES = Intl.supportedValuesOf('timeZone');
/** Names that a dictionary without care finds something under. */
const NAMES = ['wave', 'walls/w1', 'ann', 'constructor', '__proto__', 'toString', 'hasOwnProperty'];

const now = fc.integer({ min: BEGIN, max: END });
const name = fc.constantFrom(...NAMES);

const timestamp = fc
  .oneof(now, fc.anything())
  .map((millis) => ({ toMillis: (): unknown => millis }));
const throwing = fc.constant({
  toMillis: () => {
    throw new Error('Expected to be harmless.');
  },
});
/** What an app may have written: JSON, what Firestore has beyond it, and what neither has. */
const odd = fc.oneof(
  { depthSize: 'small' },
  fc.jsonValue(),
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
  }),
  fc.uint8Array(),
  timestamp,
  throwing,
);
const mapOf = (value: fc.Arbitrary<unknown>, key = name): fc.Arbitrary<unknown> =>
  fc.array(fc.tuple(key, value), { maxLength: 4 }).map((entries) => Object.fromEntries(entries));

const time = fc
  .tuple(fc.nat({ max: 23 }), fc.nat({ max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const windows = fc
  .array(fc.tuple(time, time), { minLength: 1, maxLength: 4 })
  .map((each) => each.map((window) => window.join('-')).join());
const quietHours = fc.dictionary(fc.constantFrom(...WEEKDAYS), windows, { minKeys: 1 });
const zone = fc.constantFrom(...ZONES);

const anybody: fc.Arbitrary<Person> = fc.record(
  {
    uid: fc.constantFrom('bo', ...NAMES),
    exists: fc.boolean(),
    notificationSettings: fc.oneof(
      odd,
      mapOf(fc.oneof(fc.constantFrom(true, false, ...WAYS), odd)),
    ),
    mute: fc.oneof(odd, mapOf(fc.oneof(fc.constant(true), timestamp, throwing, odd))),
    blocked: fc.oneof(odd, fc.array(fc.oneof(name, odd))),
    quietHours: fc.oneof(
      odd,
      quietHours,
      mapOf(fc.oneof(windows, odd), fc.constantFrom(...WEEKDAYS)),
    ),
    timeZone: fc.oneof(odd, zone, fc.string({ unit: 'binary' })),
  },
  { requiredKeys: ['uid', 'exists'] },
);

const choice: fc.Arbitrary<Choice> = fc.record(
  {
    target: name,
    way: fc.constantFrom(...WAYS),
    notBefore: fc.record({
      date: now.map((at) => new Date(at).toISOString().slice(0, 10)),
      time,
    }),
  },
  { requiredKeys: [] },
);

const about: fc.Arbitrary<About> = fc.record(
  { type: name, actor: name, choice, expiresAt: now },
  { requiredKeys: ['type', 'expiresAt'] },
);

describe('decide', () => {
  it('decides, whatever an app has written', () => {
    fc.assert(
      fc.property(anybody, about, now, (person, notification, at) => {
        const decision = decide(person, notification, at, TIMES);
        expect(['send', 'hold', 'digest', 'skip']).toContain(decision.kind);
        if (decision.kind !== 'hold') return;
        expect(decision.until).toBeGreaterThan(at);
        expect(decision.until).toBeLessThan(notification.expiresAt);
        expect(Number.isSafeInteger(decision.until)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it('takes what it does not understand as not said', () => {
    // None of these is in a form that means anything, but for maps that have a name of a kind or a target in them.
    const noMap = odd.filter((value) => typeof value !== 'object' || Array.isArray(value));
    const nothing = fc.record({
      notificationSettings: fc.oneof(noMap, mapOf(noMap.filter((value) => !isWay(value)))),
      mute: fc.oneof(
        noMap,
        mapOf(
          fc.oneof(
            throwing,
            noMap.filter((value) => value !== true),
          ),
        ),
      ),
      blocked: odd.filter((value) => !Array.isArray(value)),
      quietHours: noMap,
      timeZone: odd,
    });
    fc.assert(
      fc.property(nothing, about, now, (fields, notification, at) => {
        const bo = { uid: 'bo', exists: true };
        expect(decide({ ...bo, ...fields }, notification, at, TIMES)).toEqual(
          decide(bo, notification, at, TIMES),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('sends what is mandatory to everybody but whoever did it', () => {
    fc.assert(
      fc.property(anybody, about, now, (person, notification, at) => {
        fc.pre(person.exists && person.uid !== notification.actor);
        const { notBefore: _when, ...choice } = notification.choice ?? {};
        const mandatory = { ...notification, choice: { ...choice, mandatory: true } } as const;
        expect(decide(person, mandatory, at, TIMES)).toEqual({ kind: 'send', isSilent: false });
        expect(needsLocalTimes(person, mandatory.choice)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('needs local times only where it says so', () => {
    fc.assert(
      fc.property(anybody, about, now, (person, notification, at) => {
        fc.pre(!needsLocalTimes(person, notification.choice));
        expect(decide(person, notification, at, undefined)).toEqual(
          decide(person, notification, at, TIMES),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('sends what it held when that time has come, in any zone', () => {
    const person = fc.record({ quietHours, timeZone: zone });
    fc.assert(
      fc.property(person, choice, now, (fields, { notBefore }, at) => {
        const bo = { uid: 'bo', exists: true, ...fields };
        const expiresAt = END + 30 * DAY;
        const wave = {
          type: 'wave',
          expiresAt,
          choice: notBefore === undefined ? {} : { notBefore },
        };
        const decision = decide(bo, wave, at, TIMES);
        if (decision.kind !== 'hold') return;
        expect(decide(bo, wave, decision.until, TIMES)).toEqual({ kind: 'send', isSilent: false });
      }),
      { numRuns: 2_000 },
    );
  });
});

function isWay(value: unknown): boolean {
  return typeof value === 'boolean' || WAYS.some((way) => way === value);
}
