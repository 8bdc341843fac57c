import fc from 'fast-check';
import { hasBlocked, mutedUntil, quietHoursOf, wayOf } from './preferences';

const ON_PROTOTYPE = Object.getOwnPropertyNames(Object.prototype);
const NOT_AN_OBJECT = [undefined, null, true, 7, 'mon', Symbol('mon'), 7n];

const at = (hours: number, minutes: number): number => hours * 60 + minutes;
const timestamp = (millis: unknown) => ({ toMillis: () => millis });

describe('wayOf', () => {
  it.each([
    ['push', 'push'],
    ['silent', 'silent'],
    ['digest', 'digest'],
    ['off', 'off'],
    [true, 'push'],
    [false, 'off'],
    // Not said:
    [undefined, undefined],
    [null, undefined],
    ['', undefined],
    ['OFF', undefined],
    [' off', undefined],
    ['false', undefined],
    [0, undefined],
    [['off'], undefined],
    [{ push: 'off' }, undefined],
    [new Boolean(false), undefined],
  ])('understands %j as %j', (said, way) => {
    expect(wayOf({ wave: said }, 'wave')).toBe(way);
  });

  it('knows nothing of a kind that is not named', () => {
    expect(wayOf({ wave: 'off' }, 'order')).toBeUndefined();
  });

  it.each(NOT_AN_OBJECT)('takes settings that are no map (%p) as none', (settings) => {
    expect(wayOf(settings, 'wave')).toBeUndefined();
  });

  it.each(ON_PROTOTYPE)('takes a kind of the name %s as any other', (kind) => {
    expect(wayOf({}, kind)).toBeUndefined();
    expect(wayOf(JSON.parse(`{${JSON.stringify(kind)}: "off"}`), kind)).toBe('off');
  });
});

describe('mutedUntil', () => {
  it.each([
    [true, Infinity],
    [timestamp(1_000), 1_000],
    [timestamp(-1), -1],
    [timestamp(253_402_300_799_999), 253_402_300_799_999],
    [timestamp(Number.MAX_VALUE), Number.MAX_VALUE],
    // Not said:
    [false, undefined],
    [undefined, undefined],
    [null, undefined],
    [1e15, undefined],
    ['2030-01-01', undefined],
    [new Date(1e15), undefined],
    [{}, undefined],
    [{ toMillis: 1e15 }, undefined],
    [{ seconds: 1e12, nanoseconds: 0 }, undefined],
    [timestamp('1e15'), undefined],
    [timestamp(undefined), undefined],
    [timestamp({ valueOf: () => 1e15 }), undefined],
    [timestamp(Symbol('until')), undefined],
    [timestamp(10n ** 15n), undefined],
  ])('understands %p as %p', (until, millis) => {
    expect(mutedUntil({ 'walls/w1': until }, 'walls/w1')).toBe(millis);
  });

  it('calls a timestamp’s method as one', () => {
    class Timestamp {
      readonly #millis = 5;
      toMillis(): number {
        return this.#millis;
      }
    }
    expect(mutedUntil({ 'walls/w1': new Timestamp() }, 'walls/w1')).toBe(5);
  });

  it('takes what throws when it is asked for its time as not said', () => {
    const until = {
      toMillis: () => {
        throw new Error('Expected to be harmless.');
      },
    };
    expect(mutedUntil({ 'walls/w1': until }, 'walls/w1')).toBeUndefined();
  });

  it('knows nothing of a target that is not named, nor of one inside it', () => {
    expect(mutedUntil({ 'walls/w1': true }, 'walls/w2')).toBeUndefined();
    expect(mutedUntil({ 'walls/w1': true }, 'walls')).toBeUndefined();
    expect(mutedUntil({ walls: { w1: true } }, 'walls/w1')).toBeUndefined();
  });

  it.each(NOT_AN_OBJECT)('takes %p as nothing muted', (mute) => {
    expect(mutedUntil(mute, 'walls/w1')).toBeUndefined();
  });

  it.each(ON_PROTOTYPE)('takes a target of the name %s as any other', (target) => {
    expect(mutedUntil({}, target)).toBeUndefined();
    expect(mutedUntil(JSON.parse(`{${JSON.stringify(target)}: true}`), target)).toBe(Infinity);
  });
});

describe('hasBlocked', () => {
  it('finds each of a thousand people, and nobody else', () => {
    const blocked = Array.from({ length: 1_000 }, (_, nth) => `u${nth}`);
    expect(blocked.every((uid) => hasBlocked(blocked, uid))).toBe(true);
    expect(hasBlocked(blocked, 'u1000')).toBe(false);
    expect(hasBlocked(blocked, 'U1')).toBe(false);
  });

  it('passes over entries that are no user ids', () => {
    const blocked = [null, undefined, 7, {}, ['ann'], { uid: 'ann' }, 'bo'];
    expect(hasBlocked(blocked, 'bo')).toBe(true);
    expect(hasBlocked(blocked, 'ann')).toBe(false);
    expect(hasBlocked(blocked, '7')).toBe(false);
  });

  it.each([...NOT_AN_OBJECT, 'ann', { ann: true }, { 0: 'ann', length: 1 }, new Set(['ann'])])(
    'takes %p as nobody blocked',
    (blocked) => {
      expect(hasBlocked(blocked, 'ann')).toBe(false);
    },
  );
});

describe('quietHoursOf', () => {
  const NIGHT = { from: at(22, 0), to: at(7, 0) };

  it.each([
    ['22:00-07:00', [NIGHT]],
    ['00:00-00:00', [{ from: 0, to: 0 }]],
    ['23:59-00:01', [{ from: at(23, 59), to: 1 }]],
    ['00:00-23:59', [{ from: 0, to: at(23, 59) }]],
    [
      '00:00-09:05,23:10-08:00',
      [
        { from: 0, to: at(9, 5) },
        { from: at(23, 10), to: at(8, 0) },
      ],
    ],
    [' 22:00-07:00 , 22:00-07:00\n', [NIGHT, NIGHT]],
    // One that is odd takes nothing from the others.
    ['25:00-07:00,22:00-07:00,', [NIGHT]],
  ])('understands %j', (said, windows) => {
    expect(quietHoursOf({ mon: said })).toEqual(new Map([['mon', windows]]));
  });

  it.each([
    '',
    ',',
    'always',
    '22:00',
    '22:00-',
    '22-07',
    '9:00-17:00',
    '09:00-24:00',
    '22:60-07:00',
    '22:00–07:00',
    '22:00 - 07:00',
    '22:00-07:00-08:00',
    '22:00-07:00;23:00-08:00',
    '-22:00-07:00',
    '22:00:00-07:00:00',
    '２２:００-０７:００',
    '10:00pm-07:00am',
    true,
    2200,
    ['22:00-07:00'],
    { from: '22:00', to: '07:00' },
    new String('22:00-07:00'),
    null,
  ])('takes %j as no window', (said) => {
    expect(quietHoursOf({ mon: said })).toBeUndefined();
  });

  it('keeps the days apart, in whatever order they stand, and passes over what is no day', () => {
    const said = {
      sun: '01:00-02:00',
      Mon: '22:00-07:00',
      monday: '22:00-07:00',
      0: '22:00-07:00',
    };
    expect(quietHoursOf({ ...said, tue: '22:00-07:00', wed: 7 })).toEqual(
      new Map([
        ['tue', [NIGHT]],
        ['sun', [{ from: at(1, 0), to: at(2, 0) }]],
      ]),
    );
  });

  it('reads four windows of a day', () => {
    const said = [1, 2, 3, 4, 5, 6].map((hour) => `0${hour}:00-0${hour}:30`).join();
    expect(
      quietHoursOf({ mon: said })
        ?.get('mon')
        ?.map(({ from }) => from),
    ).toEqual([1, 2, 3, 4].map((hour) => at(hour, 0)));
  });

  it.each([...NOT_AN_OBJECT, [], ['22:00-07:00'], '22:00-07:00'])(
    'takes %p as no quiet hours',
    (hours) => {
      expect(quietHoursOf(hours)).toBeUndefined();
    },
  );

  it('reads nothing from a prototype', () => {
    expect(quietHoursOf(Object.create({ mon: '22:00-07:00' }))).toBeUndefined();
  });

  it('is not kept busy by a long text', () => {
    const said = { mon: `${' '.repeat(500_000)}x,${'22:00-07:00,'.repeat(50_000)}` };
    expect(quietHoursOf(said)?.get('mon')).toHaveLength(3);
  });

  it('gives times of a day, whatever stands there', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-2]\d:[0-6]\d-[0-2]\d:[0-6]\d$/));
    const list = fc.array(text, { maxLength: 8 }).map((windows) => windows.join());
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ mon: list, sat: list })), (value) => {
        for (const windows of quietHoursOf(value)?.values() ?? []) {
          expect(windows.length).toBeGreaterThan(0);
          expect(windows.length).toBeLessThanOrEqual(4);
          for (const minute of windows.flatMap(({ from, to }) => [from, to])) {
            expect(minute).toBeGreaterThanOrEqual(0);
            expect(minute).toBeLessThan(24 * 60);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
