/** What people write into their own documents who want to hear something else, or at other times; pure. */
import { FieldValue } from '../firestore/values.ts';
import { untilOf } from './beginning.ts';
import type { Action } from './plan.ts';

/** An action by which somebody says so. */
export type Wish = Extract<
  Action,
  {
    readonly do:
      | ('mute' | 'unmute' | 'silence')
      | ('mute-target' | 'unmute-target')
      | ('block' | 'unblock' | 'set-night');
  }
>;

/** The fields that change, by their paths. @param now ms since 1970. */
export function changeOf(
  wish: Wish,
  now: number,
  uidOf: (person: number) => string,
): Readonly<Record<string, unknown>> {
  switch (wish.do) {
    case 'mute':
      return { [`notificationSettings.${wish.kind}`]: false };
    case 'unmute':
      return { [`notificationSettings.${wish.kind}`]: FieldValue.delete() };
    case 'silence':
      return { [`notificationSettings.${wish.kind}`]: 'silent' };
    case 'mute-target':
      return { [`mute.${wish.target}`]: untilOf(now, wish.forMs) };
    case 'unmute-target':
      return { [`mute.${wish.target}`]: FieldValue.delete() };
    case 'block':
      return { blocked: FieldValue.arrayUnion(uidOf(wish.who)) };
    case 'unblock':
      return { blocked: FieldValue.arrayRemove(uidOf(wish.who)) };
    case 'set-night':
      return {
        quietHours: wish.night === undefined ? FieldValue.delete() : { ...wish.night.hours },
        timeZone: wish.night?.zone ?? FieldValue.delete(),
      };
  }
}
