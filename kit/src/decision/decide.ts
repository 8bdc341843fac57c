/**
 * What one person gets of one notification now: sent, held, gathered or skipped, with the reason; pure.
 */
import type { Choice } from '../model/notification/choice';
import type { LocalTimes } from './local-times';
import { hasBlocked, mutedUntil, quietHoursOf, wayOf, type Preferences } from './preferences';

/** A recipient, as far as it decides. */
export interface Person extends Preferences {
  readonly uid: string;
  /** Whether there is such a user. */
  readonly exists: boolean;
}

/** A notification, as far as it decides. */
export interface About {
  /** Its kind. */
  readonly type: string;
  /** Whoever did what it tells of. */
  readonly actor?: string | undefined;
  readonly choice?: Choice | undefined;
  /** ms since 1970 after which it is no longer worth sending. */
  readonly expiresAt: number;
}

/** Why a person gets nothing of it. */
export type SkipReason =
  | 'is-actor'
  | 'no-user'
  /** Of this kind they want nothing. */
  | 'muted'
  /** Of what it is about they want to hear nothing. */
  | 'muted-target'
  /** They have blocked whoever did it. */
  | 'blocked'
  /** They are not to be disturbed at any time of the week. */
  | 'always-quiet'
  /** By the time it could be sent it would be too late. */
  | 'expired:QUIET_HOURS'
  | 'expired:LOCAL_TIME';

/** Why it waits. */
export type HoldReason = 'QUIET_HOURS' | 'LOCAL_TIME';

export type Decision =
  /** `isSilent`: shown, without a sound. */
  | { readonly kind: 'send'; readonly isSilent: boolean }
  /** Not before `until`, ms since 1970; it is decided anew then. */
  | { readonly kind: 'hold'; readonly until: number; readonly why: HoldReason }
  /** Told with others of its kind. */
  | { readonly kind: 'digest' }
  | { readonly kind: 'skip'; readonly why: SkipReason };

/**
 * @param now ms since 1970.
 * @param times absent where {@link needsLocalTimes} says so.
 */
export function decide(
  person: Person,
  { type, actor, choice = {}, expiresAt }: About,
  now: number,
  times: LocalTimes | undefined,
): Decision {
  if (person.uid === actor) return skip('is-actor');
  if (!person.exists) return skip('no-user');
  if (choice.mandatory === true) {
    const later = times && waitOf({ timeZone: person.timeZone }, { choice, expiresAt }, now, times);
    return later ?? { kind: 'send', isSilent: false };
  }
  if (actor !== undefined && hasBlocked(person.blocked, actor)) return skip('blocked');
  const way = wayOf(person.notificationSettings, type) ?? choice.way ?? 'push';
  if (way === 'off') return skip('muted');
  const { target } = choice;
  if (target !== undefined && (mutedUntil(person.mute, target) ?? now) > now) {
    return skip('muted-target');
  }
  if (way === 'digest' && choice.digest !== undefined) return { kind: 'digest' };
  return (
    (times && waitOf(person, { choice, expiresAt }, now, times)) ?? {
      kind: 'send',
      isSilent: way === 'silent',
    }
  );
}

/** Whether a decision depends on what time it is where the person is. */
export function needsLocalTimes(person: Preferences, choice: Choice | undefined): boolean {
  if (choice?.notBefore !== undefined) return true;
  return choice?.mandatory !== true && quietHoursOf(person.quietHours) !== undefined;
}

function waitOf(
  { quietHours, timeZone }: Preferences,
  { choice, expiresAt }: { readonly choice: Choice; readonly expiresAt: number },
  now: number,
  times: LocalTimes,
): Decision | undefined {
  const { notBefore } = choice;
  const due = notBefore === undefined ? now : Math.max(now, times.instantOf(notBefore, timeZone));
  const hours = quietHoursOf(quietHours);
  const quiet = hours === undefined ? undefined : times.quietUntil(hours, timeZone, due);
  if (quiet === Infinity) return skip('always-quiet');
  const until = quiet ?? due;
  if (until <= now) return undefined;
  const why = quiet === undefined ? 'LOCAL_TIME' : 'QUIET_HOURS';
  return until < expiresAt ? { kind: 'hold', until, why } : skip(`expired:${why}`);
}

function skip(why: SkipReason): Decision {
  return { kind: 'skip', why };
}
