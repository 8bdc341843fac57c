/**
 * What `setPreferences` accepts. Messages name fields, and neither the keys nor the values that an app sends: an address may be among
 * them.
 */
import * as z from 'zod';
import type { PreferencesChange } from '../client';
import {
  isFieldName,
  isQuietDay,
  isTarget,
  isUserId,
  isWeekday,
  MAX_BLOCKED,
} from '../decision/preference-bounds';
import { timeZoneOf } from '../model/device-facts';
import { isRecord } from '../model/is-record';
import { WAYS } from '../model/notification/choice';
import { waysOf, type Kind } from '../model/notification/kind';
import { once } from '../model/once';
import { strict } from './input';

/** Firestore's last timestamp, ms since 1970. */
const LATEST_MS = Date.UTC(9999, 11, 31);

type Change<Field extends keyof PreferencesChange> = NonNullable<PreferencesChange[Field]>;

export const preferencesSchema = once((): z.ZodType<PreferencesChange> =>
  strict({
    kinds: entries<Change<'kinds'>>(
      'kind → push, silent, digest or off; null: the default',
      (_kind, way) => way === null || WAYS.some((each) => each === way),
    ).exactOptional(),
    mute: entries<Change<'mute'>>(
      'target of 1 to 500 characters → true, or ms since 1970; null: not muted',
      (target, until) => (until === null ? isFieldName(target) : isTarget(target) && isEnd(until)),
    ).exactOptional(),
    blocked: strict({
      add: z
        .array(z.custom<string>(isUserId, { error: 'expected a user id' }))
        .max(MAX_BLOCKED)
        .exactOptional(),
      // Whatever stands there can be removed.
      remove: z.array(z.string({ error: 'expected a user id' })).exactOptional(),
    }).exactOptional(),
    quietHours: entries<Change<'quietHours'>>(
      'mon … sun → up to four windows, such as 12:30-13:30,22:00-07:00; null: none',
      (day, windows) => isWeekday(day) && (windows === null || isQuietDay(windows)),
    )
      .nullable()
      .exactOptional(),
    timeZone: z
      .custom<string>((zone) => timeZoneOf(zone) === zone, {
        error: 'expected the name of an IANA time zone, such as Europe/Vienna',
      })
      .nullable()
      .exactOptional(),
  }),
);

/** An object of which each entry is as expected. As a whole, so that a message names none of its keys. */
function entries<T>(expected: string, isEntry: (key: string, value: unknown) => boolean) {
  return z.custom<T>(
    (value) => isRecord(value) && Object.entries(value).every(([key, each]) => isEntry(key, each)),
    { error: `expected ${expected}` },
  );
}

function isEnd(value: unknown): boolean {
  return (
    value === true || (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LATEST_MS)
  );
}

/** Why kinds cannot be chosen so; undefined: they can. Names kinds that this deployment declares, and no others. */
export function kindsProblem(
  kinds: NonNullable<PreferencesChange['kinds']>,
  declared: readonly Kind[],
): string | undefined {
  for (const [name, way] of Object.entries(kinds)) {
    const kind = declared.find((each) => each.name === name);
    if (kind === undefined) {
      const names = declared.filter(({ mandatory }) => mandatory !== true).map((each) => each.name);
      return `kinds: expected kinds that these functions declare: ${names.join(', ') || 'none'}`;
    }
    if (kind.mandatory === true)
      return `kinds.${name}: is mandatory, nobody can choose how to get it`;
    const ways = waysOf(kind);
    if (way !== null && !ways.includes(way)) {
      return `kinds.${name}: expected one of ${ways.join(', ')}, or null`;
    }
  }
  return undefined;
}
