/**
 * Whether an event may be told, by what whoever caused it has had told before; pure.
 *
 * Events stand in one order, that of their time. Each is judged by those that stand before it, whoever looks when: so of a burst the
 * first are told, as many as fit, however many instances work on it.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/durations';

/** What one actor, one document and one person are allowed; 0: no limit. */
export interface Limits {
  /** People whom the events of one actor may reach in a minute, and in a day; one of two devices is one. */
  readonly perMinute: number;
  readonly perDay: number;
  /** For so long one push about the same is enough, ms. */
  readonly repeatMs: number;
  /** Pushes that one person gets in an hour. */
  readonly recipientPerHour: number;
}

export const NO_LIMITS: Limits = { perMinute: 0, perDay: 0, repeatMs: 0, recipientPerHour: 0 };

/** Minutes that a push waits at most before it is judged anew. */
const MOST_MINUTES = 60;
/** A push beyond the budget of a day is judged anew after this time at least, and within so long after that. */
const DAY_WAIT_MS = HOUR_MS;
const DAY_SPREAD_MS = 3 * HOUR_MS;
/** A push waits for so long at most, from its event on: the day's budget is a new one then. */
export const LONGEST_WAIT_MS = DAY_MS;

/** What becomes of events beyond the budget. */
export type OverBudget = 'drop' | 'wait';

/** A budget, and what of it is used. */
export interface Budget {
  readonly max: number;
  /** People whom the actor's events of its time reach: those before this one, and this one. */
  readonly used: number;
}

export interface Standing {
  /** People whom this event reaches. */
  readonly size: number;
  /** A push about the same was sent less than `repeatMs` before this one. */
  readonly isRepeated: boolean;
  readonly minute: Budget;
  readonly day: Budget;
}

export interface Patience {
  readonly overBudget: OverBudget;
  /** How often it has waited already. */
  readonly waits: number;
  /** ms since 1970. */
  readonly now: number;
  /** When it has no time left to wait, ms since 1970. */
  readonly until: number;
  /** From 0 up to, not including, 1. */
  readonly random: number;
}

export type Verdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'drop'; readonly why: 'repeated' | 'over-budget' }
  /** It is judged anew then, ms since 1970. */
  | { readonly kind: 'wait'; readonly until: number };

export function judge(
  { size, isRepeated, minute, day }: Standing,
  { overBudget, waits, now, until, random }: Patience,
): Verdict {
  if (isRepeated) return { kind: 'drop', why: 'repeated' };
  const isOverDay = !fits(day, size);
  if (!isOverDay && fits(minute, size)) return { kind: 'pass' };
  const again =
    now + (isOverDay ? DAY_WAIT_MS + random * DAY_SPREAD_MS : waitOf(minute, waits, random));
  return overBudget === 'wait' && again < until
    ? { kind: 'wait', until: Math.ceil(again) }
    : { kind: 'drop', why: 'over-budget' };
}

/** Whether an event fits a budget. One that is larger than all of it does where it is the first: it is one event. */
export function fits({ max, used }: Budget, size: number): boolean {
  return max === 0 || used <= max || used <= size;
}

/**
 * How long an event beyond the budget of a minute waits before it is judged anew, ms: as many minutes as it takes to send what stands before
 * it, but at least one, and twice that each time it has waited. A random part of a minute is added, so that what came together does not
 * come back together.
 */
function waitOf({ max, used }: Budget, waits: number, random: number): number {
  const minutes = Math.min(MOST_MINUTES, Math.max(2 ** waits, Math.floor((used - 1) / max)));
  return (minutes + random) * MINUTE_MS;
}
