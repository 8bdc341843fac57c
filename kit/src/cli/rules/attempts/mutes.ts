/** Attempts on what and whom a user wants to hear nothing of, and when: `mute`, `blocked` and `quietHours` of `users/{uid}`. */
import { FieldPath, FieldValue } from '@google-cloud/firestore';
import type { Names } from '../../names';
import {
  each,
  later,
  longAgo,
  merge,
  set,
  update,
  updateField,
  type Act,
  type Attempts,
  type Person,
} from './attempt';

type Edits = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export function muteAttempts({ users }: Names): readonly Attempts[] {
  const alice = `${users}/alice`;
  const bob = `${users}/bob`;
  const edits = (rows: Edits) => each(rows, (row) => update('alice', alice, row));
  const mutes = (rows: Readonly<Record<string, readonly [target: string, value: unknown]>>) =>
    each(rows, ([target, value]) => muting('alice', alice, target, value));
  const others = (field: string, edit: Readonly<Record<string, unknown>>): Record<string, Act> => ({
    [`another user changes ${field}`]: update('bob', alice, edit),
    [`a signed-out caller changes ${field}`]: update('nobody', alice, edit),
    [`another user removes ${field}`]: update('bob', alice, { [field]: FieldValue.delete() }),
    [`another user creates ${field} of somebody`]: set('alice', bob, edit),
  });
  return [
    {
      rule: 'mute has a type and bounds, and is the owner’s',
      given: { [alice]: { mute: { 'walls/w1': true, 'walls/w2': longAgo } } },
      allowed: {
        ...mutes(MUTES),
        ...edits({
          'the owner mutes nothing any more': { mute: {} },
          'the owner removes mute': { mute: FieldValue.delete() },
          'the owner exchanges one muted target for another': { mute: { 'walls/w3': true } },
        }),
        'the owner mutes a first target in a new document': set('bob', bob, {
          mute: { 'walls/w1': later },
        }),
        'the owner mutes a target by a merge': merge('alice', alice, { mute: { w3: true } }),
      },
      denied: {
        ...mutes(WRONG_MUTES),
        ...edits(WRONG_MUTE_FIELDS),
        ...others('mute', { mute: { 'walls/w1': true } }),
      },
      ...mutedBy('what they want to hear nothing of'),
      optional: 'mute',
    },
    {
      rule: 'a target is muted within bounds, and is heard of again beyond them',
      given: {
        [alice]: { mute: targets(200) },
        [bob]: { mute: { ...targets(250), odd: { deep: [1, null] }, 'wörter ☂': 'yes' } },
      },
      allowed: {
        'the owner mutes one of 200 for longer': muting('alice', alice, 'target-7', later),
        'the owner unmutes one of 200': muting('alice', alice, 'target-7', FieldValue.delete()),
        'the owner unmutes one of 252': muting('bob', bob, 'target-7', FieldValue.delete()),
        'the owner unmutes all but one odd one': update('bob', bob, {
          mute: { 'wörter ☂': 'yes' },
        }),
      },
      denied: {
        'the owner mutes one more than 200': muting('alice', alice, 'target-200', true),
        'the owner mutes one more than 252': muting('bob', bob, 'walls/w1', true),
      },
      ...mutedBy('what they want to hear nothing of'),
      optional: 'mute',
    },
    {
      rule: 'muted targets have a length in all',
      given: { [alice]: { mute: { ...longTargets(39), short: true } } },
      allowed: {
        'the owner mutes what fits within 20,000 bytes': muting(
          'alice',
          alice,
          'é'.repeat(247),
          true,
        ),
      },
      denied: {
        'the owner mutes what does not fit within 20,000 bytes': muting(
          'alice',
          alice,
          'é'.repeat(248),
          true,
        ),
      },
      ...mutedBy('what they want to hear nothing of'),
      optional: 'mute',
    },
    {
      rule: 'blocked has a type and bounds, and is the owner’s',
      given: { [alice]: { blocked: ['carol'] } },
      allowed: {
        ...edits(BLOCKED),
        'the owner blocks somebody in a new document': set('bob', bob, { blocked: ['alice'] }),
        'the owner blocks somebody by a merge': merge('alice', alice, {
          blocked: FieldValue.arrayUnion('bob'),
        }),
      },
      denied: { ...edits(WRONG_BLOCKED), ...others('blocked', { blocked: ['carol', 'bob'] }) },
      ...mutedBy('whom they block'),
      optional: 'blocked',
    },
    {
      rule: 'somebody is blocked within bounds, and unblocked beyond them',
      given: {
        [alice]: { blocked: uids(1_000) },
        [bob]: { blocked: [...uids(1_200), 7, null, { uid: 'carol' }, 'a b', ''] },
      },
      allowed: {
        'the owner unblocks one of 1,000': update('alice', alice, {
          blocked: FieldValue.arrayRemove('user-7'),
        }),
        'the owner blocks one in the place of another': update('alice', alice, {
          blocked: [...uids(999), 'bob'],
        }),
        'the owner unblocks one of 1,205': update('bob', bob, {
          blocked: FieldValue.arrayRemove('user-7'),
        }),
        'the owner unblocks all but some odd ones': update('bob', bob, { blocked: [7, '', 'a b'] }),
      },
      denied: {
        'the owner blocks one more than 1,000': update('alice', alice, {
          blocked: FieldValue.arrayUnion('bob'),
        }),
        'the owner blocks one more than 1,205': update('bob', bob, {
          blocked: FieldValue.arrayUnion('alice'),
        }),
      },
      ...mutedBy('whom they block'),
      optional: 'blocked',
    },
    {
      rule: 'blocked user ids have a length in all',
      given: { [alice]: { blocked: longUids(390) } },
      allowed: {
        'the owner blocks who fits within 50,000 bytes': update('alice', alice, {
          blocked: FieldValue.arrayUnion('ü'.repeat(40)),
        }),
      },
      denied: {
        'the owner blocks who does not fit within 50,000 bytes': update('alice', alice, {
          blocked: FieldValue.arrayUnion('ü'.repeat(41)),
        }),
      },
      ...mutedBy('whom they block'),
      optional: 'blocked',
    },
    {
      rule: 'quietHours has a type and bounds, and is the owner’s',
      given: {
        [alice]: { quietHours: { mon: '22:00-07:00' } },
        [bob]: { quietHours: { mon: '22:00-07:00', enabled: true } },
      },
      allowed: {
        ...edits(QUIET_HOURS),
        'the owner removes one beside an odd one': update('bob', bob, {
          'quietHours.mon': FieldValue.delete(),
        }),
      },
      denied: {
        ...edits(WRONG_QUIET_HOURS),
        'the owner sets one beside an odd one': update('bob', bob, {
          'quietHours.tue': '22:00-07:00',
        }),
        ...others('quietHours', { quietHours: { tue: '22:00-07:00' } }),
      },
      ...mutedBy('when they are not to be disturbed'),
      optional: 'quietHours',
    },
  ];
}

/** By its path, because a target may hold a dot. */
function muting(who: Person, path: string, target: string, value: unknown): Act {
  return updateField(who, path, new FieldPath('mute', target), value);
}

const mutedBy = (what: string) => ({
  ifDenied: `users cannot say ${what} in this way`,
  ifAllowed: `others decide ${what}, or every delivery to this user reads more than it can use`,
});

const targets = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`target-${n}`, true]));
const longTargets = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`${n}`.padStart(500, 'a'), true as const]),
  );
const uids = (count: number) => Array.from({ length: count }, (_, n) => `user-${n}`);
const longUids = (count: number) =>
  Array.from({ length: count }, (_, n) => `${n}`.padStart(128, 'a'));

const MUTES = {
  'the owner mutes a target for ever': ['walls/w3', true],
  'the owner mutes a target until then': ['walls/w3', later],
  'the owner mutes a target by the server’s time': ['walls/w3', FieldValue.serverTimestamp()],
  'the owner mutes for longer': ['walls/w2', later],
  'the owner mutes for ever in place of an end': ['walls/w2', true],
  'the owner sets an end in place of none': ['walls/w1', later],
  'the owner unmutes': ['walls/w1', FieldValue.delete()],
  'the owner mutes a target of 500 characters': ['a'.repeat(500), true],
  'the owner mutes a target in any script': ['стены/☂ 1.2', true],
  'the owner mutes a target of two lines': ['walls\n/w1', true],
} as const;

const WRONG_MUTES = {
  'the owner mutes a target of 501 characters': ['a'.repeat(501), true],
  'the owner mutes with false': ['walls/w3', false],
  'the owner mutes with a number': ['walls/w3', 1_900_000_000_000],
  'the owner mutes with a date in words': ['walls/w3', '2030-01-01T00:00:00Z'],
  'the owner mutes with null': ['walls/w3', null],
  'the owner mutes with a map': ['walls/w3', { until: later }],
  'the owner mutes with nested maps': ['walls/w3', { a: { b: { c: { d: [] } } } }],
  'the owner mutes with a list': ['walls/w3', [true]],
  'the owner mutes with a long text': ['walls/w3', 'a'.repeat(10_000)],
  'the owner exchanges an end for a text': ['walls/w2', 'a'.repeat(10_000)],
  'the owner exchanges for ever for a map': ['walls/w1', { deep: {} }],
} as const;

const WRONG_MUTE_FIELDS: Edits = {
  'the owner mutes two targets at once': {
    mute: { 'walls/w1': true, 'walls/w2': longAgo, a: true, b: true },
  },
  'the owner mutes one target and changes another': { mute: { 'walls/w1': later, a: true } },
  'the owner changes two targets': { mute: { 'walls/w1': later, 'walls/w2': later } },
  'the owner hides a wrong value behind a right one': {
    mute: { 'walls/w1': true, 'walls/w2': longAgo, a: true, b: { deep: 1 } },
  },
  'the owner sets a list as mute': { mute: ['walls/w1'] },
  'the owner sets a string as mute': { mute: 'walls/w1' },
  'the owner sets a boolean as mute': { mute: true },
  'the owner sets null as mute': { mute: null },
  'the owner mutes beside a field of the server': {
    ...{ mute: {}, 'takeovers.count': 0 },
  },
};

const BLOCKED: Edits = {
  'the owner blocks somebody': { blocked: FieldValue.arrayUnion('bob') },
  'the owner blocks an id of 128 characters': { blocked: FieldValue.arrayUnion('a'.repeat(128)) },
  'the owner blocks an id in another script': { blocked: FieldValue.arrayUnion('ольга-☂') },
  'the owner blocks an id with a space': { blocked: FieldValue.arrayUnion('ola nordmann') },
  'the owner blocks an id with underscores': { blocked: FieldValue.arrayUnion('__ola') },
  'the owner unblocks somebody': { blocked: FieldValue.arrayRemove('carol') },
  'the owner blocks nobody': { blocked: [] },
  'the owner removes blocked': { blocked: FieldValue.delete() },
};

const WRONG_BLOCKED: Edits = {
  'the owner blocks two at once': { blocked: FieldValue.arrayUnion('bob', 'dora') },
  'the owner blocks the same twice': { blocked: ['carol', 'bob', 'bob'] },
  'the owner blocks one who is blocked a second time': { blocked: ['carol', 'carol'] },
  'the owner blocks an id of 129 characters': { blocked: FieldValue.arrayUnion('a'.repeat(129)) },
  'the owner blocks an empty id': { blocked: FieldValue.arrayUnion('') },
  'the owner blocks a path': { blocked: FieldValue.arrayUnion('people/bob') },
  'the owner blocks a dot': { blocked: FieldValue.arrayUnion('.') },
  'the owner blocks two dots': { blocked: FieldValue.arrayUnion('..') },
  'the owner blocks a reserved id': { blocked: FieldValue.arrayUnion('__bob__') },
  'the owner blocks an id of two lines': { blocked: FieldValue.arrayUnion('bob\ncarol') },
  'the owner blocks an id with a null byte': { blocked: FieldValue.arrayUnion('bob\0') },
  'the owner blocks a number': { blocked: FieldValue.arrayUnion(7) },
  'the owner blocks null': { blocked: FieldValue.arrayUnion(null) },
  'the owner blocks a boolean': { blocked: FieldValue.arrayUnion(true) },
  'the owner blocks a map': { blocked: FieldValue.arrayUnion({ uid: 'bob' }) },
  'the owner blocks a date': { blocked: FieldValue.arrayUnion(later) },
  'the owner exchanges an id for a number': { blocked: [7] },
  'the owner sets a map as blocked': { blocked: { bob: true } },
  'the owner sets a string as blocked': { blocked: 'bob' },
  'the owner sets null as blocked': { blocked: null },
};

const ALL_DAY = '00:00-06:00,06:00-12:00,12:00-18:00,18:00-00:00';

const QUIET_HOURS: Edits = {
  'the owner sets a night': { 'quietHours.tue': '22:00-07:00' },
  'the owner sets several windows': { 'quietHours.tue': '12:30-13:30,22:00-07:00' },
  'the owner sets every day with four windows': {
    quietHours: Object.fromEntries(
      ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, ALL_DAY]),
    ),
  },
  'the owner sets no quiet hours': { quietHours: {} },
  'the owner removes those of one day': { 'quietHours.mon': FieldValue.delete() },
  'the owner removes quietHours': { quietHours: FieldValue.delete() },
};

const WRONG_QUIET_HOURS: Edits = {
  'the owner sets five windows a day': { 'quietHours.tue': `${ALL_DAY},01:00-02:00` },
  'the owner sets an hour that no day has': { 'quietHours.tue': '22:00-24:00' },
  'the owner sets a minute that no hour has': { 'quietHours.tue': '22:60-07:00' },
  'the owner sets a time without a zero': { 'quietHours.tue': '7:00-8:00' },
  'the owner sets a window without an end': { 'quietHours.tue': '22:00-' },
  'the owner sets windows with a space': { 'quietHours.tue': '12:00-13:00, 22:00-07:00' },
  'the owner sets windows of two lines': { 'quietHours.tue': '12:00-13:00\n22:00-07:00' },
  'the owner sets an empty window': { 'quietHours.tue': '' },
  'the owner sets a long text as a window': { 'quietHours.tue': '22:00-07:00,'.repeat(1_000) },
  'the owner sets a number as a window': { 'quietHours.tue': 22 },
  'the owner sets a map as a window': { 'quietHours.tue': { from: '22:00' } },
  'the owner sets a list as a window': { 'quietHours.tue': ['22:00-07:00'] },
  'the owner sets null as a window': { 'quietHours.tue': null },
  'the owner sets a day that no week has': { 'quietHours.someday': '22:00-07:00' },
  'the owner sets a day by its whole name': { 'quietHours.monday': '22:00-07:00' },
  'the owner sets a list as quietHours': { quietHours: ['22:00-07:00'] },
  'the owner sets a string as quietHours': { quietHours: '22:00-07:00' },
  'the owner sets null as quietHours': { quietHours: null },
};
