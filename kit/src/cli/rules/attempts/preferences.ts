/** Attempts on what a delivery reads of `users/{uid}` besides addresses: language, time zone, which notifications are wanted. */
import { FieldValue } from '@google-cloud/firestore';
import type { Names } from '../../names';
import { each, mutedKinds, update, type Attempts } from './attempt';

type Edits = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export function preferenceAttempts({ users }: Names): readonly Attempts[] {
  const alice = `${users}/alice`;
  const table = (field: string, what: string, honest: Edits, wrong: Edits): Attempts => ({
    rule: `${field} has a type and bounds, and is the owner's`,
    given: { [alice]: { locale: 'en', notificationSettings: { order: false } } },
    allowed: each(honest, (edit) => update('alice', alice, edit)),
    denied: {
      ...each(wrong, (edit) => update('alice', alice, edit)),
      [`another user changes ${field}`]: update('bob', alice, Object.values(honest)[0] ?? {}),
      [`a signed-out caller changes ${field}`]: update(
        'nobody',
        alice,
        Object.values(honest)[0] ?? {},
      ),
    },
    ifDenied: `apps cannot set ${what} in this way`,
    ifAllowed: `${what} is changed by others, or is something that no delivery understands`,
    optional: field,
  });
  return [
    table('locale', 'the language of notifications', LOCALES, WRONG_LOCALES),
    table('timeZone', "a user's time zone", TIME_ZONES, WRONG_TIME_ZONES),
    table('notificationSettings', 'which notifications are wanted', SETTINGS, WRONG_SETTINGS),
  ];
}

const LOCALES: Edits = {
  'the owner sets a language': { locale: 'de' },
  'the owner sets a locale with script and region': { locale: 'zh-Hans-CN' },
  'the owner sets a locale with an extension': { locale: 'th-TH-u-ca-buddhist' },
  'the owner sets a locale with an underscore': { locale: 'pt_BR' },
  'the owner removes the locale': { locale: FieldValue.delete() },
};

const WRONG_LOCALES: Edits = {
  'the owner sets a locale that is a path': { locale: '../../etc' },
  'the owner sets a locale too long': { locale: `en${'-abcdefgh'.repeat(4)}` },
  'the owner sets an empty locale': { locale: '' },
  'the owner sets a number as locale': { locale: 7 },
  'the owner sets a list as locale': { locale: ['en'] },
};

const TIME_ZONES: Edits = {
  'the owner sets a time zone': { timeZone: 'Europe/Vienna' },
  'the owner sets a time zone of three parts': { timeZone: 'America/Argentina/Buenos_Aires' },
  'the owner sets a time zone by offset': { timeZone: 'Etc/GMT+1' },
  'the owner sets a time zone of one word': { timeZone: 'UTC' },
};

const WRONG_TIME_ZONES: Edits = {
  'the owner sets a time zone with a space': { timeZone: 'Europe/New York' },
  'the owner sets a time zone too long': { timeZone: `Europe/${'a'.repeat(64)}` },
  'the owner sets an empty time zone': { timeZone: '' },
  'the owner sets an offset in minutes as time zone': { timeZone: -60 },
  'the owner sets a map as time zone': { timeZone: {} },
};

const SETTINGS: Edits = {
  'the owner sets one setting': { 'notificationSettings.sale': false },
  'the owner sets settings as a whole': {
    notificationSettings: { order: true, chat_message: false },
  },
  'the owner chooses how each kind is delivered': {
    notificationSettings: { order: 'push', sale: 'silent', wave: 'digest', offer: 'off' },
  },
  'the owner sets no settings': { notificationSettings: {} },
  'the owner sets 50 settings': { notificationSettings: mutedKinds(50) },
};

const WRONG_SETTINGS: Edits = {
  'the owner sets a list as settings': { notificationSettings: ['order'] },
  'the owner sets a string as settings': { notificationSettings: 'none' },
  'the owner sets null as settings': { notificationSettings: null },
  'the owner sets a boolean as settings': { notificationSettings: false },
  'the owner sets a number as setting': { notificationSettings: { order: 0 } },
  'the owner sets a string as setting': { notificationSettings: { order: 'false' } },
  'the owner sets a way that there is not': { notificationSettings: { order: 'email' } },
  'the owner sets a list of ways as setting': { notificationSettings: { order: ['push'] } },
  'the owner sets null as setting': { notificationSettings: { order: null } },
  'the owner sets a map as setting': { notificationSettings: { order: { push: false } } },
  'the owner sets a bad setting beside a good one': { 'notificationSettings.sale': 1 },
  'the owner sets a setting with a space in its name': { notificationSettings: { 'a b': true } },
  'the owner sets a setting with no name': { notificationSettings: { ' ': true } },
  'the owner sets a setting with a name too long': {
    notificationSettings: { ['a'.repeat(65)]: true },
  },
  'the owner sets 51 settings': { notificationSettings: mutedKinds(51) },
};
