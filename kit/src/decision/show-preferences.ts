/**
 * What a settings screen shows of what a person wants; pure. What is not understood is left out.
 */
import type { KindPreference, PreferencesAnswer } from '../client';
import { waysOf, type Kind } from '../model/notification/kind';
import type { StoredPreferences } from '../store/preferences';
import { mutedUntil, quietHoursOf, wayOf } from './preferences';

/** @param title of the kind, for the person. */
export function shownKind(settings: unknown, kind: Kind, title: string): KindPreference {
  const { name, delivery = 'push', mandatory: isMandatory = false } = kind;
  const ways = waysOf(kind);
  const said = wayOf(settings, name);
  const chosen = said !== undefined && ways.includes(said) ? said : undefined;
  const way = chosen ?? (isMandatory ? 'push' : delivery);
  return { name, title, ways, way, isDefault: chosen === undefined || isMandatory, isMandatory };
}

/** All but the kinds. @param now ms since 1970: a mute that has ended by then is not shown. */
export function shownRest(
  { mute, blocked, quietHours, timeZone }: StoredPreferences,
  now: number,
): Omit<PreferencesAnswer, 'kinds'> {
  return {
    mute: shownMute(mute, now),
    blocked: Array.isArray(blocked)
      ? blocked.filter((uid): uid is string => typeof uid === 'string')
      : [],
    quietHours: Object.fromEntries(
      [...(quietHoursOf(quietHours) ?? [])].map(([day, windows]) => [
        day,
        windows.map(({ from, to }) => `${clock(from)}-${clock(to)}`).join(),
      ]),
    ),
    timeZone: typeof timeZone === 'string' ? timeZone : null,
  };
}

function shownMute(mute: unknown, now: number): PreferencesAnswer['mute'] {
  if (typeof mute !== 'object' || mute === null) return [];
  return Object.keys(mute)
    .sort()
    .flatMap((target) => {
      const until = mutedUntil(mute, target);
      if (until === undefined || until <= now) return [];
      return [{ target, until: until === Infinity ? true : until }];
    });
}

/** `HH:MM` of minutes since midnight. */
function clock(minutes: number): string {
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${hour}:${minute}`;
}
