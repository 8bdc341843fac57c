import fc from 'fast-check';
import type { PreferencesChange } from '../client';
import type { PreferenceEdits, StoredPreferences } from '../store/preferences';
import { editPreferences } from './edit-preferences';
import { MAX_BLOCKED, MAX_KINDS, MAX_MUTED } from './preference-bounds';
import { hasBlocked, mutedUntil, wayOf } from './preferences';

const NOW = 1_900_000_000_000;
const stamp = (ms: number) => ({ toMillis: () => ms });

/** As Firestore carries edits out. */
function applied(
  stored: StoredPreferences,
  { fields, block, unblock }: PreferenceEdits,
): StoredPreferences {
  const after: Record<string, unknown> = { ...stored };
  for (const [[field = '', key], value] of fields) {
    const map = { ...(after[field] as object | undefined) } as Record<string, unknown>;
    const written = value instanceof Date ? stamp(value.getTime()) : value;
    if (key === undefined) after[field] = written;
    else {
      if (value === undefined) delete map[key];
      else Object.defineProperty(map, key, { value: written, ...OPEN });
      after[field] = map;
    }
    if (after[field] === undefined) delete after[field];
  }
  if (block.length + unblock.length > 0) {
    const list = Array.isArray(stored.blocked) ? (stored.blocked as unknown[]) : [];
    after['blocked'] = [...list.filter((each) => !unblock.some((uid) => uid === each)), ...block];
  }
  return after;
}

const OPEN = { enumerable: true, configurable: true, writable: true };

function edited(stored: StoredPreferences, change: PreferencesChange): StoredPreferences {
  const edits = editPreferences(stored, change, NOW);
  if ('refused' in edits) throw new Error(edits.message);
  return applied(stored, edits);
}

const many = (count: number, name = 'n') =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`${name}${n}`, true]));
const uids = (count: number) => Array.from({ length: count }, (_, n) => `user-${n}`);

it.each<[string, StoredPreferences, PreferencesChange, StoredPreferences]>([
  ['nothing from nothing', {}, {}, {}],
  [
    'a kind beside others, odd ones too',
    { notificationSettings: { wave: false, offer: { deep: 1 } } },
    { kinds: { order: 'silent' } },
    { notificationSettings: { wave: false, offer: { deep: 1 }, order: 'silent' } },
  ],
  [
    'a kind back to its default',
    { notificationSettings: { wave: 'off', order: true } },
    { kinds: { wave: null } },
    { notificationSettings: { order: true } },
  ],
  ['a target muted for ever', {}, { mute: { 'walls/w1': true } }, { mute: { 'walls/w1': true } }],
  [
    'what has ended goes, and what is odd stays',
    { mute: { old: stamp(NOW), odd: 'yes', w2: stamp(NOW + 1) } },
    { mute: { w1: true } },
    { mute: { odd: 'yes', w2: stamp(NOW + 1), w1: true } },
  ],
  ['an end that has passed unmutes', { mute: { w1: true } }, { mute: { w1: NOW } }, { mute: {} }],
  [
    'a target unmuted',
    { mute: { w1: true, w2: true } },
    { mute: { w1: null } },
    { mute: { w2: true } },
  ],
  [
    'somebody blocked after others, odd ones too',
    { blocked: [7, 'ola', null] },
    { blocked: { add: ['bo', 'ola', 'bo'] } },
    { blocked: [7, 'ola', null, 'bo'] },
  ],
  [
    'somebody unblocked however often they stand there',
    { blocked: ['ola', 'bo', 'ola'] },
    { blocked: { remove: ['ola', 'nobody'] } },
    { blocked: ['bo'] },
  ],
  [
    'who is added and removed is blocked',
    { blocked: ['ola'] },
    { blocked: { add: ['ola'], remove: ['ola'] } },
    { blocked: ['ola'] },
  ],
  [
    'one day of quiet hours',
    { quietHours: { mon: '22:00-07:00', enabled: true } },
    { quietHours: { tue: '23:00-06:00', mon: null } },
    { quietHours: { enabled: true, tue: '23:00-06:00' } },
  ],
  [
    'no quiet hours at all, but for what is odd',
    { quietHours: { mon: '22:00-07:00', sun: 'x', enabled: true } },
    { quietHours: null },
    { quietHours: { enabled: true } },
  ],
  ['a time zone', { timeZone: 7 }, { timeZone: 'Europe/Vienna' }, { timeZone: 'Europe/Vienna' }],
  ['no time zone', { timeZone: 'Europe/Vienna' }, { timeZone: null }, {}],
  [
    'what null stands for',
    { mute: null, blocked: null },
    { mute: { a: true } },
    { mute: { a: true }, blocked: null },
  ],
  [
    'one of too many less',
    { mute: many(250), blocked: uids(1200), notificationSettings: many(60) },
    { mute: { n0: null }, blocked: { remove: ['user-0'] }, kinds: { n0: null, n1: 'off' } },
    {
      mute: Object.fromEntries(Object.entries(many(250)).slice(1)),
      blocked: uids(1200).slice(1),
      notificationSettings: { ...Object.fromEntries(Object.entries(many(60)).slice(1)), n1: 'off' },
    },
  ],
])('makes %s', (_name, stored, change, expected) => {
  expect(JSON.parse(JSON.stringify(edited(stored, change), replacer))).toEqual(
    JSON.parse(JSON.stringify(expected, replacer)),
  );
});

/** Timestamps by what they say. */
function replacer(_key: string, value: unknown): unknown {
  const until = mutedUntil({ value }, 'value');
  return until === undefined || until === Infinity ? value : { until };
}

it.each<[string, StoredPreferences, PreferencesChange]>([
  ['one target more than 200', { mute: many(MAX_MUTED) }, { mute: { more: true } }],
  [
    'targets of more than 20,000 bytes',
    { mute: { ['é'.repeat(9_999)]: 1 } },
    { mute: { abc: true } },
  ],
  ['one person more than 1,000', { blocked: uids(MAX_BLOCKED) }, { blocked: { add: ['bo'] } }],
  [
    'people of more than 50,000 bytes',
    { blocked: ['é'.repeat(24_999)] },
    { blocked: { add: ['bob'] } },
  ],
  ['one kind more than 50', { notificationSettings: many(MAX_KINDS) }, { kinds: { wave: 'off' } }],
])('refuses %s', (_name, stored, change) => {
  expect(editPreferences(stored, change, NOW)).toMatchObject({ refused: 'resource-exhausted' });
});

it.each<[StoredPreferences, PreferencesChange]>([
  [{ mute: ['w1'] }, { mute: { w1: null } }],
  [{ mute: 'all' }, { mute: { w1: true } }],
  [{ mute: new Date(0) }, { mute: { w1: true } }],
  [{ blocked: { ola: true } }, { blocked: { add: ['bo'] } }],
  [{ quietHours: '22-7' }, { quietHours: { mon: null } }],
  [{ notificationSettings: true }, { kinds: { wave: 'off' } }],
])('overwrites nothing of the app’s own: %j', (stored, change) => {
  expect(editPreferences(stored, change, NOW)).toMatchObject({ refused: 'failed-precondition' });
});

const key = fc.oneof(
  fc.constantFrom('a', 'b', 'constructor', 'toString', '__proto__'),
  fc.string({ minLength: 1 }),
);
const end = fc.oneof(fc.constant(true as const), fc.integer({ min: NOW - 5, max: NOW + 5 }));
const odd = fc.oneof(fc.jsonValue(), fc.integer({ min: NOW - 5, max: NOW + 5 }).map(stamp));
const stored: fc.Arbitrary<StoredPreferences> = fc.record(
  {
    notificationSettings: fc.dictionary(key, odd),
    mute: fc.dictionary(key, odd),
    blocked: fc.array(fc.oneof(key, odd)),
    quietHours: fc.dictionary(fc.constantFrom('mon', 'tue', 'x'), odd),
    timeZone: odd,
  },
  { requiredKeys: [] },
);
const change: fc.Arbitrary<PreferencesChange> = fc.record(
  {
    kinds: fc.dictionary(key, fc.constantFrom('push', 'silent', 'off', null)),
    mute: fc.dictionary(key, fc.option(end)),
    blocked: fc.record({ add: fc.array(key), remove: fc.array(key) }),
    quietHours: fc.option(fc.record({ mon: fc.constantFrom('22:00-07:00', null) })),
    timeZone: fc.option(fc.constant('UTC')),
  },
  { requiredKeys: [] },
);

it('does what was asked, leaves the rest, and is done then, whatever stands there', () => {
  fc.assert(
    fc.property(stored, change, (before, asked) => {
      const after = edited(before, asked);
      for (const [kind, way] of Object.entries(asked.kinds ?? {})) {
        expect(wayOf(after.notificationSettings, kind)).toBe(way ?? undefined);
      }
      for (const [target, until] of Object.entries(asked.mute ?? {})) {
        const isMuted = (mutedUntil(after.mute, target) ?? NOW) > NOW;
        expect(isMuted).toBe(until === true || (until !== null && until > NOW));
      }
      const { add = [], remove = [] } = asked.blocked ?? {};
      for (const uid of add) expect(hasBlocked(after.blocked, uid)).toBe(true);
      for (const uid of remove) expect(hasBlocked(after.blocked, uid)).toBe(add.includes(uid));
      for (const [target, value] of Object.entries(before.mute ?? {})) {
        const isOver = (mutedUntil(before.mute, target) ?? Infinity) <= NOW;
        if (isOver || Object.hasOwn(asked.mute ?? {}, target)) continue;
        expect(Object.getOwnPropertyDescriptor(after.mute, target)?.value).toBe(value);
      }
      expect(editPreferences(after, asked, NOW)).toEqual({ fields: [], block: [], unblock: [] });
    }),
    { numRuns: 500 },
  );
});
