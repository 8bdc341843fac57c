/**
 * What decides who of the recipients gets a push, and when: kept with what is to be sent, and never sent itself.
 */
import type { Digest } from './digest';

/** How the pushes of one kind reach a person: with a sound, shown without one, together with others, or not at all. */
export type Way = 'push' | 'silent' | 'digest' | 'off';
export const WAYS: readonly Way[] = ['push', 'silent', 'digest', 'off'];

/**
 * What becomes of the pushes of one kind when their document is deleted. `no`: nothing. `before`: what has not gone out is not sent.
 * `shown`: also, what has gone out is taken from the devices that allow it.
 */
export type Withdraw = 'no' | 'before' | 'shown';
/** A time of day on a date, in whatever time zone each recipient is. */
export interface LocalTime {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** `HH:MM`. */
  readonly time: string;
}

/** What counts as told already, for a while: the same document, whatever the same person did to the same people, or nothing. */
export type Once = 'document' | 'actor' | 'event';

export interface Choice {
  /** What a person may mute, e.g. `chats/c1`. */
  readonly target?: string;
  /** Nothing holds it back, and nobody can turn it off. */
  readonly mandatory?: true;
  /** How it reaches people who did not say. Absent: `push`. */
  readonly way?: Way;
  /** What becomes of it when its document is deleted. Absent: nothing. */
  readonly withdraw?: Exclude<Withdraw, 'no'>;
  /** Not before this, by each recipient's clock. */
  readonly notBefore?: LocalTime;
  /** What is beyond the budget of whoever did it waits. Absent: it is dropped. */
  readonly overBudget?: 'wait';
  /** How it is told with others of its kind to people who want it so. Absent: it is not. */
  readonly digest?: Digest;
  /** How a digest names whoever did it. */
  readonly actorName?: string;
}
