/**
 * What a notification of the catalogue says of its digest: checked where it is declared, and put into the form that travels with what
 * is to be sent.
 */
import type { Text } from '../model/notification/content';
import type { Digest, DigestWindow } from '../model/notification/digest';
import { shortenedTexts } from '../model/notification/shorten';
import { isTimeOfDay } from '../model/time-of-day';
import { withoutUndefined } from '../model/without-undefined';

/** How events of a kind become one push for people who want it so; see `docs/digests.md`. */
export interface DigestDefinition {
  /** What is gathered together: what is about one `target`, or all of the kind. Default: `target`, and the kind where there is none. */
  readonly key?: 'target' | 'kind' | undefined;
  /**
   * When it is told: `{ minutes }` after the first; `{ quietMinutes, maxMinutes }`, once nothing came for so long, and so long after
   * the first at the latest; or `{ at: 'HH:MM' }`, at a time of each person's own day. At most a week.
   */
  readonly window: DigestWindow;
  /** Whether the first is pushed at once, and only those after it are gathered. Default: true. */
  readonly leadingEdge?: boolean | undefined;
  /** Told early once about so many are gathered, 1 to 10,000; costs a read more for each event. Default: never. */
  readonly closesAt?: number | undefined;
  /**
   * What it says, best by the keys of messages: they are given `count`, `others` (besides the first), `others2` (besides the first
   * two), `names` (how many names there are, 0 to 2), `name`, `name2`, and the values of the latest event's own texts. Title or body is
   * required; of the other one, and of all else, the latest event's own is shown.
   */
  readonly title?: Text | undefined;
  /** The same for the body. */
  readonly body?: Text | undefined;
}

const MAX_MINUTES = 7 * 24 * 60;
const MAX_ITEMS = 10_000;

/** Why a digest cannot be as it is declared; undefined: it can. */
export function digestProblem({
  key,
  window,
  closesAt,
  title,
  body,
}: DigestDefinition): string | undefined {
  if (key !== undefined && key !== 'target' && key !== 'kind') {
    return 'digest.key: expected target or kind';
  }
  const problem = windowProblem(window);
  if (problem !== undefined) return `digest.window: ${problem}`;
  if (closesAt !== undefined && !(isWithin(closesAt, MAX_ITEMS) && Number.isInteger(closesAt))) {
    return `digest.closesAt: expected a whole number from 1 to ${MAX_ITEMS}`;
  }
  return title === undefined && body === undefined
    ? 'digest: expected a title or a body that says how many there are'
    : undefined;
}

/** The digest as it travels. */
export function digestOf({ title, body, leadingEdge, ...digest }: DigestDefinition): Digest {
  return {
    ...withoutUndefined(digest),
    ...(leadingEdge === false ? { leadingEdge } : {}),
    ...shortenedTexts({ title, body }),
  };
}

function windowProblem(window: DigestWindow): string | undefined {
  const said: Readonly<Partial<Record<'minutes' | 'quietMinutes' | 'maxMinutes' | 'at', unknown>>> =
    typeof window === 'object' ? window : {};
  const { minutes, quietMinutes, maxMinutes, at } = said;
  const kinds = [minutes, quietMinutes ?? maxMinutes, at].filter((each) => each !== undefined);
  if (kinds.length !== 1) {
    return 'expected one of { minutes }, { quietMinutes, maxMinutes } and { at }';
  }
  if (at !== undefined) {
    return isTimeOfDay(at) ? undefined : 'expected at as HH:MM';
  }
  const least = quietMinutes ?? minutes;
  const most = maxMinutes ?? minutes;
  if (!isWithin(least, MAX_MINUTES) || !isWithin(most, MAX_MINUTES)) {
    return `expected minutes from 1 to ${MAX_MINUTES}, a week`;
  }
  return (least as number) > (most as number)
    ? 'expected maxMinutes of at least quietMinutes'
    : undefined;
}

function isWithin(value: unknown, most: number): boolean {
  return typeof value === 'number' && value >= 1 && value <= most;
}
