/**
 * From what a person changes of what they want to what is written into their user document; pure.
 *
 * Invariants: planned again where its edits were made, a change needs no further edit; what is not understood stays as it is.
 */
import type { PreferencesChange } from '../client';
import { isRecord } from '../model/is-record';
import { own } from '../model/own';
import type { PreferenceEdits, StoredPreferences } from '../store/preferences';
import {
  bytesOfAll,
  MAX_BLOCKED,
  MAX_BLOCKED_BYTES,
  MAX_KINDS,
  MAX_MUTED,
  MAX_MUTED_BYTES,
} from './preference-bounds';
import { mutedUntil, WEEKDAYS } from './preferences';

/** Why a change is refused: words for whoever writes the app. */
export interface Refusal {
  readonly refused: 'failed-precondition' | 'resource-exhausted';
  readonly message: string;
}

type Field = readonly [path: readonly string[], value: unknown];

/** @param now ms since 1970: a mute that has ended by then is nothing. */
export function editPreferences(
  stored: StoredPreferences,
  change: PreferencesChange,
  now: number,
): PreferenceEdits | Refusal {
  const refusal = foreign(stored, change);
  if (refusal !== undefined) return refusal;
  const kinds = kindEdits(stored.notificationSettings, change.kinds ?? {});
  const mute = change.mute === undefined ? [] : muteEdits(stored.mute, change.mute, now);
  const { block, unblock } = blockEdits(stored.blocked, change.blocked ?? {});
  return (
    tooMany('notificationSettings', stored.notificationSettings, kinds, MAX_KINDS) ??
    tooMany('mute', stored.mute, mute, MAX_MUTED, MAX_MUTED_BYTES) ??
    tooManyBlocked(stored.blocked, block, unblock) ?? {
      fields: [
        ...kinds,
        ...mute,
        ...quietEdits(stored.quietHours, change.quietHours),
        ...zoneEdits(stored.timeZone, change.timeZone),
      ],
      block,
      unblock,
    }
  );
}

/** The fields of the document that hold something of the app's own, which nothing can be added to without it being lost. */
function foreign(stored: StoredPreferences, change: PreferencesChange): Refusal | undefined {
  const expected = [
    ['notificationSettings', change.kinds, isMap, 'a map'],
    ['mute', change.mute, isMap, 'a map'],
    ['quietHours', change.quietHours, isMap, 'a map'],
    ['blocked', change.blocked, Array.isArray, 'a list'],
  ] as const;
  for (const [field, changed, isFit, what] of expected) {
    const value = stored[field];
    if (changed === undefined || value === undefined || value === null || isFit(value)) continue;
    return {
      refused: 'failed-precondition',
      message: `Expected the field "${field}" of the user's document to be ${what}, or absent. It was not changed: move it to a field of another name.`,
    };
  }
  return undefined;
}

function isMap(value: unknown): boolean {
  return (
    isRecord(value) &&
    // Timestamps, references and the like have a class.
    [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)
  );
}

function kindEdits(
  stored: unknown,
  kinds: NonNullable<PreferencesChange['kinds']>,
): readonly Field[] {
  return Object.entries(kinds).flatMap(([kind, way]) =>
    edit(['notificationSettings', kind], own(stored, kind), way ?? undefined),
  );
}

function muteEdits(
  stored: unknown,
  mute: NonNullable<PreferencesChange['mute']>,
  now: number,
): readonly Field[] {
  const ended = entriesOf(stored).flatMap(([target]): Field[] => {
    const isOver = (mutedUntil(stored, target) ?? Infinity) <= now;
    return isOver && !Object.hasOwn(mute, target) ? [[['mute', target], undefined]] : [];
  });
  const changed = Object.entries(mute).flatMap(([target, until]): readonly Field[] => {
    const path = ['mute', target];
    if (until === null || (until !== true && until <= now)) {
      return edit(path, own(stored, target), undefined);
    }
    const end = until === true ? Infinity : until;
    if (mutedUntil(stored, target) === end) return [];
    return [[path, until === true ? true : new Date(until)]];
  });
  return [...ended, ...changed];
}

function quietEdits(stored: unknown, hours: PreferencesChange['quietHours']): readonly Field[] {
  if (hours === undefined) return [];
  return WEEKDAYS.flatMap((day) => {
    const windows = hours === null ? null : hours[day];
    if (windows === undefined) return [];
    return edit(['quietHours', day], own(stored, day), windows ?? undefined);
  });
}

function zoneEdits(stored: unknown, zone: PreferencesChange['timeZone']): readonly Field[] {
  return zone === undefined ? [] : edit(['timeZone'], stored, zone ?? undefined);
}

function edit(path: readonly string[], before: unknown, after: unknown): readonly Field[] {
  return before === after ? [] : [[path, after]];
}

/** Who is both added and removed is blocked: the safer of the two. */
function blockEdits(
  stored: unknown,
  { add = [], remove = [] }: NonNullable<PreferencesChange['blocked']>,
): Pick<PreferenceEdits, 'block' | 'unblock'> {
  const before = new Set<unknown>(Array.isArray(stored) ? stored : []);
  const added = new Set(add);
  return {
    block: [...added].filter((uid) => !before.has(uid)),
    unblock: [...new Set(remove)].filter((uid) => before.has(uid) && !added.has(uid)),
  };
}

/** Nothing is too many where nothing is new: what is beyond the bounds can be removed and changed. */
function tooMany(
  field: 'notificationSettings' | 'mute',
  stored: unknown,
  edits: readonly Field[],
  most: number,
  mostBytes = Infinity,
): Refusal | undefined {
  const names = new Set(entriesOf(stored).map(([name]) => name));
  let isNew = false;
  for (const [[, name = ''], value] of edits) {
    if (value === undefined) names.delete(name);
    else if (!names.has(name)) {
      isNew = true;
      names.add(name);
    }
  }
  return isNew ? beyond(field, names, most, mostBytes) : undefined;
}

function tooManyBlocked(
  stored: unknown,
  block: readonly string[],
  unblock: readonly string[],
): Refusal | undefined {
  if (block.length === 0) return undefined;
  const standing: readonly unknown[] = Array.isArray(stored) ? stored : [];
  const kept = standing.filter((each) => !unblock.some((uid) => uid === each));
  return beyond('blocked', [...kept, ...block].map(String), MAX_BLOCKED, MAX_BLOCKED_BYTES);
}

function beyond(
  field: string,
  names: Iterable<string>,
  most: number,
  mostBytes: number,
): Refusal | undefined {
  const all = [...names];
  if (all.length <= most && bytesOfAll(all) <= mostBytes) return undefined;
  const bytes = mostBytes === Infinity ? '' : ` and ${mostBytes} bytes`;
  return {
    refused: 'resource-exhausted',
    message: `Expected at most ${most} entries${bytes} in "${field}" of the user's document: remove some first.`,
  };
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isRecord(value) ? Object.entries(value) : [];
}
