/**
 * A kind of notification, as far as it says how it reaches people; pure.
 */
import type { Choice, Way } from './choice';
import type { Text } from './content';

/** A kind of notification: what a settings screen calls it, and how it reaches people who did not say how they want it. */
export interface Kind {
  /** As in `data.type` and `notificationSettings`: 1 to 64 of `a-z A-Z 0-9 - _`. */
  readonly name: string;
  /** What a settings screen calls it, in words or as the key of a message. Default: its name. */
  readonly label?: Text | undefined;
  /** How it reaches people who did not say how they want it; see `docs/preferences.md`. Default: `push`. */
  readonly delivery?: Way | undefined;
  /**
   * For what people must hear of, such as a security code: nobody can turn it off, no quiet hours hold it back, and no limit counts it.
   * Default: false.
   */
  readonly mandatory?: boolean | undefined;
  /** It says how it is told with others of its kind, so people may choose that. Default: false. */
  readonly isGathered?: boolean | undefined;
}

/** A name is a part of document ids and a key of `notificationSettings`. */
export function isKindName(name: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(name);
}

/** What a kind says of who gets its pushes, and when. */
export function choiceOf({ delivery, mandatory }: Pick<Kind, 'delivery' | 'mandatory'>): Choice {
  return {
    ...(delivery === undefined || delivery === 'push' ? {} : { way: delivery }),
    ...(mandatory === true ? { mandatory } : {}),
  };
}

/** How people may choose to get a kind: a digest only where there is one. */
export function waysOf({
  delivery,
  mandatory,
  isGathered = delivery === 'digest',
}: Pick<Kind, 'delivery' | 'mandatory' | 'isGathered'>): Way[] {
  if (mandatory === true) return ['push'];
  return ['push', 'silent', ...(isGathered ? (['digest'] as const) : []), 'off'];
}
