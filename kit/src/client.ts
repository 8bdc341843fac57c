/**
 * What a settings screen needs, for apps: React Native, the web, Expo.
 *
 * Imports nothing when it runs: an app may also copy this file.
 *
 * @packageDocumentation
 */

/** How the pushes of one kind reach a person. */
export type DeliveryWay = 'push' | 'silent' | 'digest' | 'off';

/** A day of the week, on which a quiet window begins. */
export type QuietDay = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** A kind of notification, and how the caller wants it. */
export interface KindPreference {
  /** As in `data.type`. */
  readonly name: string;
  /** For the screen, in the caller's language. */
  readonly title: string;
  /** What there is to choose from. */
  readonly ways: readonly DeliveryWay[];
  /** What is chosen, or the default. */
  readonly way: DeliveryWay;
  /** Whether nothing was chosen. */
  readonly isDefault: boolean;
  /** Whether it cannot be turned off. */
  readonly isMandatory: boolean;
}

/** Something of which the caller wants to hear nothing. */
export interface MutedTarget {
  /** What a notification names as its `target`. */
  readonly target: string;
  /** `true`: until it is unmuted; else ms since 1970. */
  readonly until: true | number;
}

/** What `getPreferences` and `setPreferences` answer. */
export interface PreferencesAnswer {
  /** The kinds that the app's functions declare. */
  readonly kinds: readonly KindPreference[];
  /** Only what is muted now. */
  readonly mute: readonly MutedTarget[];
  /** User ids. */
  readonly blocked: readonly string[];
  /** Weekday → windows, such as `22:00-07:00` or `12:30-13:30,22:00-07:00`. */
  readonly quietHours: Readonly<Partial<Record<QuietDay, string>>>;
  /** Name of an IANA time zone; null: the app's default. */
  readonly timeZone: string | null;
}

/** What `setPreferences` takes; whatever is left out stays as it is. */
export interface PreferencesChange {
  /** Kind → how it should reach the caller; null: as the app has it. */
  readonly kinds?: Readonly<Record<string, DeliveryWay | null>>;
  /** Target → until when, ms since 1970; `true`: until it is unmuted; null: it is to be heard of again. */
  readonly mute?: Readonly<Record<string, true | number | null>>;
  /** User ids. */
  readonly blocked?: { readonly add?: readonly string[]; readonly remove?: readonly string[] };
  /** Weekday → windows, null: none on that day; null for the whole: none at all. */
  readonly quietHours?: Readonly<Partial<Record<QuietDay, string | null>>> | null;
  /** Name of an IANA time zone; null: the app's default. */
  readonly timeZone?: string | null;
}

/** A callable, as `httpsCallable()` of any Firebase SDK returns it. */
export type PreferencesCall = (data: PreferencesChange) => Promise<{ readonly data: unknown }>;

/** The preferences of whoever is signed in. Each change answers with all of them. */
export interface PreferencesClient {
  /** What there is to choose, and what is chosen. */
  read(): Promise<PreferencesAnswer>;
  /** How a kind should reach the person; null: as the app has it. */
  choose(kind: string, way: DeliveryWay | null): Promise<PreferencesAnswer>;
  /** Nothing more of a target, until then. Default: until it is unmuted. */
  mute(target: string, until?: Date | number): Promise<PreferencesAnswer>;
  /** A target is to be heard of again. */
  unmute(target: string): Promise<PreferencesAnswer>;
  /** Nothing more of what somebody does. */
  block(uid: string): Promise<PreferencesAnswer>;
  /** Somebody is to be heard of again. */
  unblock(uid: string): Promise<PreferencesAnswer>;
  /** When not to be disturbed: the days that are named change, null for one: not at all on it; null for all: never. */
  quietHours(
    hours: Readonly<Partial<Record<QuietDay, string | null>>> | null,
  ): Promise<PreferencesAnswer>;
  /** Where the person is, for quiet hours and local times. */
  timeZone(name: string | null): Promise<PreferencesAnswer>;
}

/**
 * The preferences of whoever is signed in, by the two callables that read and change them.
 *
 * @example
 * ```ts
 * import { preferencesOf } from '@firestore-push/push/client';
 *
 * // In an app: httpsCallable(functions, 'getPreferences') and httpsCallable(functions, 'setPreferences').
 * const answer = { kinds: [], mute: [], blocked: ['uid1'], quietHours: {}, timeZone: null };
 * const call = () => Promise.resolve({ data: answer });
 *
 * const preferences = preferencesOf(call, call);
 * const { blocked } = await preferences.block('uid1');
 * console.assert(blocked.includes('uid1'));
 * ```
 */
export function preferencesOf(get: PreferencesCall, set: PreferencesCall): PreferencesClient {
  const answered = async (called: ReturnType<PreferencesCall>) =>
    (await called).data as PreferencesAnswer;
  const change = (changed: PreferencesChange) => answered(set(changed));
  return {
    read: () => answered(get({})),
    choose: (kind, way) => change({ kinds: { [kind]: way } }),
    mute: (target, until) =>
      change({ mute: { [target]: until === undefined ? true : Number(until) } }),
    unmute: (target) => change({ mute: { [target]: null } }),
    block: (uid) => change({ blocked: { add: [uid] } }),
    unblock: (uid) => change({ blocked: { remove: [uid] } }),
    quietHours: (hours) => change({ quietHours: hours }),
    timeZone: (name) => change({ timeZone: name }),
  };
}
