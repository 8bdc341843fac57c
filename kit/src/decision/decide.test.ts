import { Temporal } from 'temporal-polyfill';
import type { Choice } from '../model/notification/choice';
import { decide, type About, type Decision, type Person } from './decide';
import { LocalTimes } from './local-times';
import { WEEKDAYS } from './preferences';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

/** A Monday, 23:00 in Vienna. */
const NOW = Date.parse('2026-07-13T21:00Z');
const MORNING = Date.parse('2026-07-14T05:00Z');
const TIMES = new LocalTimes(Temporal, 'Europe/Vienna');

const BO: Person = { uid: 'bo', exists: true };
const WAVE: About = { type: 'wave', actor: 'ann', expiresAt: NOW + 7 * DAY };

const NIGHT = { mon: '22:00-07:00' };
const ALWAYS = everyDay('00:00-00:00');
const NINE = { date: '2026-07-14', time: '09:00' };
const DIGEST = { window: { minutes: 30 } };

function everyDay(windows: string): Record<string, string> {
  return Object.fromEntries(WEEKDAYS.map((day) => [day, windows]));
}

const timestamp = (millis: unknown) => ({ toMillis: () => millis });
const skip = (why: string) => ({ kind: 'skip', why });
const send = (isSilent = false) => ({ kind: 'send', isSilent });
const hold = (until: number, why: string) => ({ kind: 'hold', until, why });

function decided(person: Partial<Person>, about: Partial<About> = {}): Decision {
  return decide({ ...BO, ...person }, { ...WAVE, ...about }, NOW, TIMES);
}

describe('decide', () => {
  it.each<[string, Partial<Person>, Partial<About>, object]>([
    ['sends', {}, {}, send()],
    ['sends what nobody did', { blocked: ['ann'] }, { actor: undefined }, send()],
    ['sends silently', { notificationSettings: { wave: 'silent' } }, {}, send(true)],
    ['sends silently by default', {}, { choice: { way: 'silent' } }, send(true)],
    [
      'gathers',
      { notificationSettings: { wave: 'digest' } },
      { choice: { digest: DIGEST } },
      { kind: 'digest' },
    ],
    ['gathers by default', {}, { choice: { way: 'digest', digest: DIGEST } }, { kind: 'digest' }],
    ['sends what nothing gathers', {}, { choice: { way: 'digest' } }, send()],
    ['sends what may be gathered', {}, { choice: { digest: DIGEST } }, send()],
    ['skips by default', {}, { choice: { way: 'off' } }, skip('muted')],
    [
      'asks the person before the default',
      { notificationSettings: { wave: true } },
      { choice: { way: 'off' } },
      send(),
    ],
    ['skips whoever did it', {}, { actor: 'bo' }, skip('is-actor')],
    ['skips who does not exist', { exists: false }, {}, skip('no-user')],
    ['skips whoever blocked the actor', { blocked: ['ann'] }, {}, skip('blocked')],
    ['skips a kind that is off', { notificationSettings: { wave: 'off' } }, {}, skip('muted')],
    ['skips a kind set to false', { notificationSettings: { wave: false } }, {}, skip('muted')],
    [
      'skips a muted target',
      { mute: { 'walls/w1': true } },
      { choice: { target: 'walls/w1' } },
      skip('muted-target'),
    ],
    [
      'sends of another target',
      { mute: { 'walls/w1': true } },
      { choice: { target: 'walls/w2' } },
      send(),
    ],
    ['sends what has no target', { mute: { 'walls/w1': true } }, {}, send()],
    ['holds at night', { quietHours: NIGHT }, {}, hold(MORNING, 'QUIET_HOURS')],
    ['sends by day', { quietHours: { mon: '07:00-22:00' } }, {}, send()],
    [
      'holds by the clock of the person',
      { quietHours: { tue: '06:00-07:00' }, timeZone: 'Asia/Tokyo' },
      {},
      hold(NOW + HOUR, 'QUIET_HOURS'),
    ],
    [
      'holds what is silent, too',
      { quietHours: NIGHT, notificationSettings: { wave: 'silent' } },
      {},
      hold(MORNING, 'QUIET_HOURS'),
    ],
    ['skips whoever is never to be disturbed', { quietHours: ALWAYS }, {}, skip('always-quiet')],
    [
      'skips what expires when the night ends',
      { quietHours: NIGHT },
      { expiresAt: MORNING },
      skip('expired:QUIET_HOURS'),
    ],
    [
      'holds what expires just after it',
      { quietHours: NIGHT },
      { expiresAt: MORNING + 1 },
      hold(MORNING, 'QUIET_HOURS'),
    ],
    [
      'holds until a local time',
      {},
      { choice: { notBefore: NINE } },
      hold(MORNING + 2 * HOUR, 'LOCAL_TIME'),
    ],
    [
      'holds until a local time elsewhere',
      { timeZone: 'Asia/Tokyo' },
      { choice: { notBefore: NINE } },
      hold(Date.parse('2026-07-14T00:00Z'), 'LOCAL_TIME'),
    ],
    [
      'sends after a local time',
      { timeZone: 'Pacific/Kiritimati' },
      { choice: { notBefore: NINE } },
      send(),
    ],
    [
      'skips what expires at its local time',
      {},
      { choice: { notBefore: NINE }, expiresAt: MORNING + 2 * HOUR },
      skip('expired:LOCAL_TIME'),
    ],
    [
      'holds until the quiet hours end in which a local time is',
      { quietHours: { tue: '08:00-10:00' } },
      { choice: { notBefore: NINE } },
      hold(MORNING + 3 * HOUR, 'QUIET_HOURS'),
    ],
    [
      'asks about the quiet hours at the local time, not now',
      { quietHours: NIGHT },
      { choice: { notBefore: NINE } },
      hold(MORNING + 2 * HOUR, 'LOCAL_TIME'),
    ],
    [
      'holds what is mandatory for its local time, and for no quiet hours',
      { quietHours: { tue: '08:00-10:00' } },
      { choice: { mandatory: true, notBefore: NINE } },
      hold(MORNING + 2 * HOUR, 'LOCAL_TIME'),
    ],
    [
      'asks about the quiet hours of now when the local time is over',
      { quietHours: NIGHT },
      { choice: { notBefore: { date: '2026-07-13', time: '09:00' } } },
      hold(MORNING, 'QUIET_HOURS'),
    ],
  ])('%s', (_, person, about, decision) => {
    expect(decided(person, about)).toEqual(decision);
  });

  /** Each would be the decision if those before it were not. */
  const PRECEDENCE: readonly (readonly [string, Partial<Person>, Partial<About>, Choice])[] = [
    ['is-actor', { uid: 'ann' }, {}, {}],
    ['no-user', { exists: false }, {}, {}],
    ['send', {}, {}, { mandatory: true }],
    ['blocked', { blocked: ['ann'] }, {}, {}],
    ['muted', { notificationSettings: { wave: 'off' } }, {}, {}],
    ['muted-target', { mute: { 'walls/w1': true } }, {}, { target: 'walls/w1' }],
    ['digest', { notificationSettings: { wave: 'digest' } }, {}, { digest: DIGEST }],
    ['always-quiet', { quietHours: ALWAYS }, {}, {}],
    ['expired:QUIET_HOURS', { quietHours: NIGHT }, { expiresAt: MORNING }, {}],
    ['QUIET_HOURS', { quietHours: NIGHT }, {}, {}],
    ['expired:LOCAL_TIME', {}, { expiresAt: MORNING }, { notBefore: NINE }],
    ['LOCAL_TIME', {}, {}, { notBefore: NINE }],
    ['silent', { notificationSettings: { wave: 'silent' } }, {}, {}],
    ['send', {}, {}, {}],
  ];

  const ALONE = PRECEDENCE.map(([name, ...facts]) => ({ name, facts: [facts] }));
  const PAIRS = PRECEDENCE.flatMap(([name, ...facts], nth) =>
    PRECEDENCE.slice(nth + 1)
      // At 09:00 the night is over, and what expires at 07:00 has.
      .filter(([, , , choice]) => choice.notBefore === undefined || !name.includes('QUIET_HOURS'))
      // Nothing that a person says holds what is mandatory: but whoever sends it says when.
      .filter(([, , , choice]) => name !== 'send' || choice.notBefore === undefined)
      // The same field.
      .filter(([, other]) => name !== 'digest' || other.notificationSettings === undefined)
      .map(([other, ...others]) => ({ name: `${name} before ${other}`, facts: [others, facts] })),
  );

  it.each([...ALONE, ...PAIRS])('$name', ({ name, facts }) => {
    const person = Object.assign({}, ...facts.map(([each]) => each)) as Partial<Person>;
    const about = Object.assign({}, ...facts.map(([, each]) => each)) as Partial<About>;
    const choice = Object.assign({}, ...facts.map(([, , each]) => each)) as Choice;
    const decision = decided(person, { ...about, choice });
    expect(wordOf(decision)).toBe(name.split(' ')[0]);
  });

  it.each([
    ['an end in the past', timestamp(NOW - 1)],
    ['an end right now', timestamp(NOW)],
    ['an end long ago', timestamp(-Number.MAX_VALUE)],
    ['an end that is no number', timestamp(NaN)],
    ['an end that is text', timestamp('9999999999999')],
    ['false', false],
    ['a number', NOW + DAY],
    ['a text', 'true'],
    ['a date', new Date(NOW + DAY)],
    [
      'an end that throws',
      {
        toMillis: () => {
          throw new Error('Expected to be harmless.');
        },
      },
    ],
  ])('sends in spite of a mute with %s', (_, until) => {
    expect(decided({ mute: { 'walls/w1': until } }, { choice: { target: 'walls/w1' } })).toEqual(
      send(),
    );
  });

  it.each([NOW + 1, 253_402_300_799_999, Number.MAX_VALUE, Infinity])(
    'skips a target that is muted until %p',
    (millis) => {
      const mute = { 'walls/w1': timestamp(millis) };
      expect(decided({ mute }, { choice: { target: 'walls/w1' } })).toEqual(skip('muted-target'));
    },
  );

  it.each(Object.getOwnPropertyNames(Object.prototype))(
    'takes %s as a name like any other',
    (name) => {
      const named = JSON.parse(`{${JSON.stringify(name)}: true}`) as unknown;
      const off = JSON.parse(`{${JSON.stringify(name)}: false}`) as unknown;
      const about = { type: name, actor: name, choice: { target: name } };
      const empty = { notificationSettings: {}, mute: {}, blocked: [], quietHours: {} };
      expect(decided({ ...empty, timeZone: name }, about)).toEqual(send());
      expect(decided({ mute: named }, about)).toEqual(skip('muted-target'));
      expect(decided({ notificationSettings: off }, about)).toEqual(skip('muted'));
      expect(decided({ blocked: [name] }, about)).toEqual(skip('blocked'));
      expect(decided({ uid: name }, about)).toEqual(skip('is-actor'));
    },
  );
});

function wordOf(decision: Decision): string {
  if (decision.kind === 'skip' || decision.kind === 'hold') return decision.why;
  return decision.kind === 'send' && decision.isSilent ? 'silent' : decision.kind;
}
